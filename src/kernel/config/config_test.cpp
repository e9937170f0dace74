// Goal: fallback, file and command line in that order; everything that is wrong is named at once,
// without values.

#include "kernel/config/config.hpp"

#include <gtest/gtest.h>

#include <set>

#include "kernel/testing/expect_refused.hpp"

namespace onewindow::config {
namespace {

std::vector<Option> Options() {
    return {
        {.key = "http.listen", .description = "Address and port", .fallback = "127.0.0.1:8080"},
        {.key = "http.workers",
         .type = Type::kInteger,
         .description = "Threads",
         .fallback = "4",
         .least = 1,
         .most = 64},
        {.key = "http.public_hosts",
         .type = Type::kTexts,
         .description = "Host names",
         .fallback = ""},
        {.key = "demo", .type = Type::kBoolean, .description = "Demo mode", .fallback = "false"},
        {.key = "db.password", .description = "Password of the database", .secret = true}};
}

TEST(Config, LaterSourcesWin) {
    const auto loaded = Configuration::Load(Options(), R"(
        demo = true
        [http]
        listen = "0.0.0.0:80"
        workers = 8
        public_hosts = ["a.example", "b.example"]
        [db]
        password = "x")",
                                            {{"http.workers", "16"}});
    ASSERT_OK(loaded);
    EXPECT_EQ(loaded->Text("http.listen"), "0.0.0.0:80");
    EXPECT_EQ(loaded->Int("http.workers"), 16);
    EXPECT_TRUE(loaded->Bool("demo"));
    EXPECT_EQ(loaded->Texts("http.public_hosts"),
              (std::vector<std::string>{"a.example", "b.example"}));
    EXPECT_EQ(loaded->Show().front(), (std::pair<std::string, std::string>{"db.password", "***"}));
}

TEST(Config, FallbacksServeAnEmptyFile) {
    const auto loaded =
        Configuration::Load(Options(), "", {{"db.password", "x"}, {"http.public_hosts", "a,b"}});
    ASSERT_OK(loaded);
    EXPECT_EQ(loaded->Text("http.listen"), "127.0.0.1:8080");
    EXPECT_EQ(loaded->Texts("http.public_hosts").size(), 2U);
}

TEST(Config, NamesEveryFaultAtOnceWithoutValues) {
    const auto loaded = Configuration::Load(Options(), R"(
        demo = "yes"
        typo = 1
        [http]
        workers = 0
        listen = 8080
        [other]
        key = "hidden-value")",
                                            {{"http.worker", "2"}});
    ASSERT_FALSE(loaded);
    std::multiset<std::string> found;
    for (const Fault& fault : loaded.error().faults()) {
        found.insert(std::string(fault.code()) + "@" + fault.field);
        for (const auto& [name, text] : fault.arguments)
            EXPECT_EQ(text.find("hidden-value"), std::string::npos);
    }
    EXPECT_EQ(found, (std::multiset<std::string>{
                         "config.wrong_type@demo", "config.unknown_key@typo",
                         "config.out_of_bounds@http.workers", "config.wrong_type@http.listen",
                         "config.unknown_key@other.key", "config.unknown_key@http.worker",
                         "config.missing@db.password"}));
    EXPECT_REFUSED(Configuration::Load(Options(), "a = ", {}), reasons::kUnreadable);
}

}  // namespace
}  // namespace onewindow::config
