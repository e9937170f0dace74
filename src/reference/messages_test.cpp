// Goal: every reason of this room can be told to a person in both languages.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace onewindow::reference {
namespace {

std::string Read(const std::string& name) {
    std::ifstream file(ONEWINDOW_SOURCE_DIR "/src/reference/" + name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(ReferenceMessages, CoverEveryReason) {
    const std::string reasons = Read("reasons.hpp");
    const std::string chinese = Read("messages.zh.toml"), english = Read("messages.en.toml");
    int seen = 0;
    for (auto at = reasons.find("\"reference."); at != std::string::npos; ++seen) {
        const auto end = reasons.find('"', at + 1);
        const std::string key = reasons.substr(at, end + 1 - at) + " = ";
        EXPECT_NE(chinese.find(key), std::string::npos) << key;
        EXPECT_NE(english.find(key), std::string::npos) << key;
        at = reasons.find("\"reference.", end);
    }
    EXPECT_GT(seen, 40);
}

}  // namespace
}  // namespace onewindow::reference
