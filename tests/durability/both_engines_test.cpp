// Goal: whatever is tested on a database is tested on both engines, by name and number the same; and a test that cannot
// reach its PostgreSQL fails.

#include <fstream>
#include <map>
#include <set>

#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "kernel/text/text.hpp"

#include <filesystem>

namespace onewindow {
namespace {

namespace fs = std::filesystem;

struct TestName {
    std::string suite, name;  // "Engines/Idempotency", "ARepeatChangesNothing/Sqlite"
};

std::vector<TestName> AllTests() {
    std::vector<TestName> tests;
    const auto& all = *::testing::UnitTest::GetInstance();
    for (int i = 0; i < all.total_test_suite_count(); ++i) {
        const auto& suite = *all.GetTestSuite(i);
        for (int n = 0; n < suite.total_test_count(); ++n)
            tests.push_back({suite.name(), suite.GetTestInfo(n)->name()});
    }
    return tests;
}

/// Tests that run on one engine alone.
std::vector<std::string> FindLonely(const std::vector<TestName>& tests) {
    std::map<std::string, std::set<std::string>> engines;
    for (const TestName& test : tests) {
        if (!test.suite.starts_with("Engines/")) continue;
        const std::size_t slash = test.name.rfind('/');
        engines[test.suite + "." + test.name.substr(0, slash)].insert(test.name.substr(slash + 1));
    }
    std::vector<std::string> lonely;
    for (const auto& [name, on] : engines) {
        if (on != std::set<std::string>{"Postgres", "Sqlite"}) lonely.push_back(name);
    }
    return lonely;
}

/// Tests that choose their engine by themselves instead of running on both.
std::vector<std::string> FindChoosers(const fs::path& root, const std::map<std::string, std::string>& allowed) {
    // In two parts, so that this file does not find itself.
    const std::string choices[] = {std::string("Engine::k") + "Sqlite", std::string("Engine::k") + "Postgres",
                                   std::string("Open") + "Sqlite(", std::string("Open") + "Postgres(",
                                   std::string("db::") + "Open("};
    std::vector<std::string> found;
    for (const char* top : {"src", "tests"}) {
        if (!fs::exists(root / top)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const std::string path = fs::relative(entry.path(), root).string();
            if (!path.ends_with("_test.cpp") || allowed.contains(path)) continue;
            std::ifstream in(entry.path());
            for (std::string line; std::getline(in, line);) {
                // The other engine of a test that runs on both is no choice.
                if (line.find("GetParam()") != std::string::npos) continue;
                for (const std::string& choice : choices) {
                    if (line.find(choice) != std::string::npos) found.push_back(path + ": " + line);
                }
            }
        }
    }
    return found;
}

const std::map<std::string, std::string>& MayChoose() {
    static const std::map<std::string, std::string> files = {
        {"src/kernel/db/sqlite_test.cpp", "what SQLite alone promises"},
        {"src/kernel/db/postgres_test.cpp", "what PostgreSQL alone promises"},
        {"src/kernel/api/api_test.cpp", "requests that reach no statement of its own"},
        {"tests/durability/unknown_outcome_test.cpp", "each engine fails in its own way"},
        {"tests/durability/both_engines_test.cpp", "a stopped PostgreSQL"},
    };
    return files;
}

TEST(BothEnginesHabit, TestsRunOnBothByNameAndNumber) {
    std::vector<TestName> tests = AllTests();
    EXPECT_EQ(text::Join(FindLonely(tests), "\n"), "");
    const auto count = [&](std::string_view engine) {
        return std::count_if(tests.begin(), tests.end(), [&](const TestName& test) {
            return test.suite.starts_with("Engines/") && test.name.ends_with(engine);
        });
    };
    EXPECT_GT(count("/Sqlite"), 100);
    EXPECT_EQ(count("/Sqlite"), count("/Postgres"));
    // One that is missing on one side is found.
    std::erase_if(tests, [&, gone = false](const TestName& test) mutable {
        return !gone && (gone = test.name.ends_with("/Postgres"));
    });
    EXPECT_EQ(FindLonely(tests).size(), 1U);
}

TEST(BothEnginesHabit, NoTestChoosesItsEngine) {
    EXPECT_EQ(text::Join(FindChoosers(ONEWINDOW_SOURCE_DIR, MayChoose()), "\n"), "");
    for (const auto& [file, why] : MayChoose()) EXPECT_TRUE(fs::exists(fs::path(ONEWINDOW_SOURCE_DIR) / file)) << file;
    testing::TemporaryFolder planted;
    fs::create_directories(planted.path() + "/src/naming");
    std::ofstream(planted.path() + "/src/naming/hold_test.cpp") << "FreshDatabase fresh(db::Engine::k" << "Sqlite);\n";
    EXPECT_EQ(FindChoosers(planted.path(), {}).size(), 1U);
}

TEST(BothEnginesHabit, AStoppedServerIsAnError) {
    testing::TemporaryFolder nobody;  // No server listens there.
    EXPECT_REFUSED(db::Open("host=" + nobody.path() + " user=postgres dbname=postgres"), db::reasons::kUnavailable);
}

}  // namespace
}  // namespace onewindow
