// Goal: the comparison of a replay sees a row that was changed, added or taken past the events, on both engines, and
// every table either is compared or stands in the list with its reason. The whole life of every entity type is replayed
// by kill_rounds.py.

#include "kernel/db/tables.hpp"
#include "kernel/embedded.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "server/replay.hpp"
#include "service_world.hpp"

namespace onewindow {
namespace {

constexpr db::Query kChange{"", "UPDATE application_case SET county = '370103'"};
constexpr db::Query kTake{"", "DELETE FROM application_revision WHERE revision = 1"};
constexpr db::Query kAdd{"", "INSERT INTO exchange_happened (case_id, what, at) VALUES ('nobody', 'licence', 0)"};

TEST(TablesOf, FollowsTablesThatAreMadeDroppedAndRenamed) {
    const db::Migration migrations[] = {
        {"t", 1, "0001_t", "-- Two tables.\nCREATE TABLE t_one (id TEXT);\nCREATE TABLE t_two(id TEXT);\nCREATE INDEX t_i ON t_one (id);"},
        {"t", 2, "0002_t", "CREATE TABLE t_next (id TEXT);\nDROP TABLE t_one;\nALTER TABLE t_next RENAME TO t_one;\nDROP TABLE t_two;"}};
    EXPECT_EQ(db::TablesOf(migrations), std::vector<std::string>{"t_one"});
}

class ReplayedService : public testing::BothEngines {
 protected:
    ReplayedService() {
        const testing::TestClient client(world_.api.router, world_.api.LogInPerson("p-1"));
        const testing::ApiAnswer opened = client.Post("/api/v1/cases", testing::kOpenCase);
        EXPECT_EQ(opened.status, 201) << opened.text;
        const testing::ApiAnswer saved = client.Put("/api/v1/cases/" + json::TextAt(opened.body, "id") + "/form",
                                                    R"({"facts":{}})", {{"If-Match", "\"0\""}});
        EXPECT_EQ(saved.status, 200) << saved.text;
    }
    Result<server::ReplayReport> Replay() {
        const testing::TemporaryFolder folder;
        return server::ReplayAndCompare(world_.api.services, world_.rooms.event_kinds(), folder.path());
    }
    /// Names of the tables that differ.
    std::vector<std::string> Differing() {
        std::vector<std::string> names;
        const auto report = Replay();
        EXPECT_TRUE(report.has_value());
        for (const server::ReplayedTable& table : report->tables) {
            if (table.missing + table.added > 0) names.push_back(table.name);
        }
        return names;
    }
    void Tamper(const db::Query& query) {
        ASSERT_OK(database().Write([&](db::Transaction& tx) { return tx.Execute(query); }));
    }

    testing::TemporaryFolder folder_;
    testing::ServiceWorld world_{database(), clock_, random_, folder_.path()};
};
OW_BOTH_ENGINES(ReplayedService);

TEST_P(ReplayedService, IsEqualUntilSomebodyTampers) {
    const auto report = Replay();
    ASSERT_OK(report);
    EXPECT_TRUE(report->IsEqual());
    EXPECT_GE(report->events, 2);
    Tamper(kChange);
    EXPECT_EQ(Differing(), std::vector<std::string>{"application_case"});
    Tamper(kTake);
    EXPECT_EQ(Differing(), (std::vector<std::string>{"application_case", "application_revision"}));
    Tamper(kAdd);
    EXPECT_EQ(Differing(),
              (std::vector<std::string>{"application_case", "application_revision", "exchange_happened"}));
}

TEST_P(ReplayedService, ComparesEveryTableThatIsNotListedWithItsReason) {
    const std::vector<std::string> tables = db::TablesOf(embedded::AllMigrations());
    const std::vector<server::NotReplayed> listed = server::TablesNotReplayed();
    const auto report = Replay();
    ASSERT_OK(report);
    std::size_t exempt = 0;
    for (const std::string& table : tables) {
        exempt += std::any_of(listed.begin(), listed.end(), [&](const auto& one) { return table.starts_with(one.prefix); }) ? 1 : 0;
    }
    EXPECT_EQ(report->tables.size() + exempt, tables.size());
    EXPECT_GT(report->tables.size(), 25U);
    for (const server::NotReplayed& one : listed) {
        EXPECT_FALSE(one.why.empty());
        const bool used = std::any_of(tables.begin(), tables.end(),
                                      [&](const std::string& table) { return table.starts_with(one.prefix); });
        EXPECT_TRUE(used) << one.prefix << " names no table any more";
    }
}

}  // namespace
}  // namespace onewindow
