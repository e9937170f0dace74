// Goal: strict reading of outside bytes, and canonical bytes that RFC 8785 names.

#include "kernel/json/json.hpp"

#include <gtest/gtest.h>

#include "kernel/testing/expect_refused.hpp"

namespace onewindow::json {
namespace {

TEST(Json, RefusesWhatIsNotOneText) {
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    const std::string wrong[] = {"", "{", "{} {}", "{\"a\":01}", "{'a':1}", "[1,]", "nul", "\"\xff\"", "\xef\xbb\xbf{}", deep};
    for (const std::string& text : wrong) EXPECT_REFUSED(Parse(text), reasons::kUnreadable);
}

TEST(Json, NamesTheDuplicateKey) {
    const auto answer = Parse(R"({"a":[{"b":1},{"c":1,"c":2}]})");
    EXPECT_REFUSED(answer, reasons::kDuplicateKey);
    EXPECT_EQ(answer.error().faults().front().field, "a.1.c");
    EXPECT_TRUE(Parse(R"({"a":{"b":1},"c":{"b":1}})"));
}

TEST(Json, RefusesNulAndNumbersThatNoTextCanSayAgain) {
    const auto nul = Parse(R"({"a":["b","c\u0000d"]})");
    EXPECT_REFUSED(nul, reasons::kNul);
    EXPECT_EQ(nul.error().faults().front().field, "a.1");
    EXPECT_REFUSED(Parse(R"({"a\u0000":1})"), reasons::kNul);
    for (const char* number : {"1e999", "-1e999", "123456789e400"}) EXPECT_REFUSED(Parse(number), reasons::kUnreadable);
}

TEST(Json, CanonicalBytes) {
    const auto parsed = Parse(R"({"\u20ac":"Euro","\r":1,"1":"One","\ud83d\ude00":"face","\ufb33":0,"a":[1E30,4.50,2e-3,0.000001,1e-27,-0.0,null,true]})");
    ASSERT_OK(parsed);
    EXPECT_EQ(Canonical(*parsed),
              "{\"\\r\":1,\"1\":\"One\",\"a\":[1e+30,4.5,0.002,0.000001,1e-27,0,null,true],\"\u20ac\":\"Euro\","
              "\"\U0001F600\":\"face\",\"\uFB33\":0}");
}

TEST(Json, FindsByPath) {
    const value root = *Parse(R"({"people":[{"name":"周岚"}],"n":5})");
    EXPECT_EQ(TextAt(root, "people.0.name"), "周岚");
    EXPECT_EQ(TextAt(root, "people.1.name", "-"), "-");
    EXPECT_EQ(IntAt(root, "n"), 5);
    object made;
    SetAt(made, "a.b", 1);
    EXPECT_EQ(Text(made), R"({"a":{"b":1}})");
    SetAt(made, "a.b.c", 2);
    EXPECT_EQ(Text(made), R"({"a":{"b":1}})");  // A number is in the way.
}

}  // namespace
}  // namespace onewindow::json
