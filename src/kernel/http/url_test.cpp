// Goal: a URL is read in one way only, and what could be read in two is refused.

#include "kernel/http/url.hpp"

#include <gtest/gtest.h>

namespace onewindow::http {
namespace {

TEST(HttpUrl, DecodesAPathOnceAndRefusesWhatIsNotPlain) {
    EXPECT_EQ(NormalisePath("/"), "/");
    EXPECT_EQ(NormalisePath("/api/v1/"), "/api/v1/");
    EXPECT_EQ(NormalisePath("/%E4%B8%80%e7%aa%97"), "/一窗");
    EXPECT_EQ(NormalisePath("/a%2541"), "/a%41");  // Once.
    EXPECT_EQ(NormalisePath("/a...b/..."), "/a...b/...");
    const char* const refused[] = {
        "",         "a",        "/..",          "/a/../b",  "/%2e%2E/b",  "/.",       "/a/./b",
        "//",       "//evil",   "/a//b",        "/a%2Fb",   "/a\\b",      "/a%5cb",   "/%00",
        "/%0a",     "/%7F",     "/%",           "/%4",      "/%zz",       "/%C0%AF",  "/%ff",
        "/%ED%A0%80", "/%F4%90%80%80"};
    for (const char* path : refused) EXPECT_FALSE(NormalisePath(path)) << path;
}

TEST(HttpUrl, ReadsAQueryInOrder) {
    const Query expected = {{"q", "一 窗+"}, {"q", ""}, {"empty", ""}, {"", "x=y"}, {"t", "a\nb"}};
    EXPECT_EQ(ParseQuery("q=%E4%B8%80+%E7%AA%97%2B&q=&empty&&=x=y&t=a%0Ab"), expected);
    EXPECT_EQ(ParseQuery(""), Query{});
    for (const char* query : {"a=%", "a=%0", "%zz=1", "a=%00", "a=%ff"}) {
        EXPECT_FALSE(ParseQuery(query)) << query;
    }
}

TEST(HttpUrl, EncodesWhatItDecodes) {
    std::string every;
    for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
    EXPECT_EQ(PercentDecode(PercentEncode(every)), every);
    EXPECT_EQ(PercentEncode("一窗 a/b"), "%E4%B8%80%E7%AA%97%20a%2Fb");
}

TEST(HttpUrl, KnowsAWellFormedAuthority) {
    for (const char* good : {"a", "localhost:8080", "sd.gov.cn", "10.0.0.1:1", "[::1]", "[::1]:65535"}) {
        EXPECT_TRUE(IsAuthority(good)) << good;
    }
    for (const char* bad : {"", ":80", "a:", "a:0", "a:65536", "a:+1", "a b", "user@a", "a/b", "a,b",
                            "[::1", "::1", "[]", "[::g]", "a:1:2", "一窗"}) {
        EXPECT_FALSE(IsAuthority(bad)) << bad;
    }
}

TEST(HttpUrl, ComparesHostsWithoutCaseAndPortOnlyWhereNamed) {
    const std::vector<std::string> allowed = {"Onewindow.example", "[::1]", "a.example:8443"};
    for (const char* host : {"onewindow.EXAMPLE", "onewindow.example:8080", "[::1]:9", "a.example:8443"}) {
        EXPECT_TRUE(IsAllowedHost(host, allowed)) << host;
    }
    for (const char* host : {"example", "x.onewindow.example", "a.example", "a.example:1"}) {
        EXPECT_FALSE(IsAllowedHost(host, allowed)) << host;
    }
}

}  // namespace
}  // namespace onewindow::http
