// Goal: texts by key and language, filled in; files that contradict each other are refused; every
// key has both languages.

#include "kernel/messages/messages.hpp"

#include <gtest/gtest.h>

#include "kernel/embedded.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::messages {
namespace {

TEST(Messages, FillsInArguments) {
    const File files[] = {{"naming", "zh", R"("naming.held" = "“{name}”已被{holder}占用 {")"},
                          {"naming", "en", R"("naming.held" = "“{name}” is held")"}};
    const auto messages = Messages::Load(files);
    ASSERT_OK(messages);
    EXPECT_EQ(messages->Get("naming.held", Language::kChinese, {{"name", "星河"}}),
              "“星河”已被{holder}占用 {");
    EXPECT_EQ(messages->Get("naming.held", Language::kEnglish, {{"name", "Xinghe"}}),
              "“Xinghe” is held");
    EXPECT_EQ(messages->Get("naming.absent", Language::kEnglish), "naming.absent");
    EXPECT_FALSE(messages->Has("naming.absent", Language::kEnglish));
}

TEST(Messages, RefusesFilesThatContradict) {
    const File twice[] = {{"a", "zh", R"("x.y" = "1")"}, {"b", "zh", R"("x.y" = "2")"}};
    EXPECT_REFUSED(Messages::Load(twice), reasons::kFile);
    const File nested[] = {{"a", "zh", "[x]\ny = \"1\""}};
    EXPECT_REFUSED(Messages::Load(nested), reasons::kFile);
    const File broken[] = {{"a", "zh", "x = "}};
    EXPECT_REFUSED(Messages::Load(broken), reasons::kFile);
    const File language[] = {{"a", "fr", ""}};
    EXPECT_REFUSED(Messages::Load(language), reasons::kFile);
}

TEST(Messages, ChineseUnlessEnglishIsPreferred) {
    for (const char* header :
         {"", "zh-CN,zh;q=0.9,en;q=0.8", "fr", "*", "en;q=0.1, zh", "en;q=x", "zh,en"}) {
        EXPECT_EQ(PreferredLanguage(header), Language::kChinese) << header;
    }
    for (const char* header :
         {"en", "en-GB,en;q=0.9", "en-US,en;q=0.9,zh;q=0.8", "fr,en;q=0.2", "en,zh"}) {
        EXPECT_EQ(PreferredLanguage(header), Language::kEnglish) << header;
    }
}

TEST(Messages, EveryKeyHasBothLanguages) {
    const auto messages = Messages::Load(embedded::AllMessages());
    ASSERT_OK(messages);
    EXPECT_EQ(messages->Keys(Language::kChinese), messages->Keys(Language::kEnglish));
    EXPECT_TRUE(messages->Has("api.not_found", Language::kChinese));
}

}  // namespace
}  // namespace onewindow::messages
