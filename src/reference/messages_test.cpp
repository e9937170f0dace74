// Goal: every reason of this room can be told to a person in both languages.

#include <fstream>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

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
    const std::regex code("\"(reference\\.[a-z_]+)\"");
    int seen = 0;
    for (std::sregex_iterator at(reasons.begin(), reasons.end(), code), end; at != end; ++at, ++seen) {
        const std::string key = "\"" + (*at)[1].str() + "\" = ";
        EXPECT_NE(chinese.find(key), std::string::npos) << key;
        EXPECT_NE(english.find(key), std::string::npos) << key;
    }
    EXPECT_GT(seen, 40);
}

}  // namespace
}  // namespace onewindow::reference
