// Goal: PostgreSQL's own promises: deadlocks run again, lost connections heal, and a COMMIT whose
// answer was lost or whose wait for the standby was cancelled is an unknown outcome, never a
// success.

#include <libpq-fe.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "kernel/db/db.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::db {
namespace {

constexpr Migration kTables[] = {
    {"t", 1, "0001_t", "CREATE TABLE t (id TEXT PRIMARY KEY, n BIGINT NOT NULL DEFAULT 0)"}};
constexpr Query kInsert{"t.insert", "INSERT INTO t (id) VALUES ($1)"};
constexpr Query kAdd{"t.add", "UPDATE t SET n = n + 1 WHERE id = $1"};
constexpr Query kCount{"t.count", "SELECT COUNT(*) AS n, SUM(n) AS total FROM t"};
constexpr Query kTerminate{"t.terminate",
                           "SELECT COUNT(pg_terminate_backend(pid)) AS n FROM pg_stat_activity "
                           "WHERE datname = current_database() AND pid <> pg_backend_pid()"};

/// A connection of the test's own, for what no transaction may do.
class Admin {
 public:
    explicit Admin(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
        Run("SET synchronous_commit = off");
    }
    ~Admin() { PQfinish(connection_); }
    Admin(const Admin&) = delete;
    Admin& operator=(const Admin&) = delete;

    /// The first cell, if any.
    std::string Run(const char* sql) {
        PGresult* const result = PQexec(connection_, sql);
        const auto status = PQresultStatus(result);
        EXPECT_TRUE(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
            << PQerrorMessage(connection_);
        std::string cell = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
        PQclear(result);
        return cell;
    }

 private:
    PGconn* connection_;
};

class PostgresTest : public ::testing::Test {
 protected:
    PostgresTest() : fresh_(Engine::kPostgres) {}
    void SetUp() override { ASSERT_OK(Migrate(*fresh_, kTables)); }

    Result<std::int64_t> Insert(const std::string& id) {
        return fresh_->Write([&](Transaction& tx) { return tx.Execute(kInsert, id); });
    }
    std::int64_t Number(std::string_view column) {
        const auto row = fresh_->Read([](Transaction& tx) { return tx.FindOne(kCount); });
        return row ? (*row)->Int(column) : -1;
    }
    /// Writes on another thread while no standby answers, and ends its COMMIT by `how` (a function
    /// of the server).
    Result<std::int64_t> CommitThatIsEndedBy(const std::string& how);

    testing::FreshDatabase fresh_;
};

TEST_F(PostgresTest, ADeadlockRunsAgain) {
    ASSERT_OK(Insert("a"));
    ASSERT_OK(Insert("b"));
    std::barrier both(2);
    const auto add = [&](const char* first, const char* second) {
        bool rerun = false;
        ASSERT_OK(fresh_->Write([&](Transaction& tx) -> Result<> {
            OW_CHECK(tx.Execute(kAdd, first));
            if (!std::exchange(rerun, true)) both.arrive_and_wait();
            OW_CHECK(tx.Execute(kAdd, second));
            return {};
        }));
    };
    std::thread one([&] { add("a", "b"); });
    std::thread two([&] { add("b", "a"); });
    one.join();
    two.join();
    EXPECT_EQ(Number("total"), 4);
    EXPECT_GE(fresh_->counts().reruns, 1);
}

TEST_F(PostgresTest, ALostConnectionHealsByItself) {
    ASSERT_OK(Insert("a"));
    int runs = 0;
    ASSERT_OK(fresh_->Write([&](Transaction& tx) -> Result<> {
        OW_CHECK(tx.Execute(kInsert, "b"));
        if (++runs == 1) {
            std::thread([&] {
                const auto other = Open(fresh_.url());
                ASSERT_OK(other);
                ASSERT_OK(
                    (*other)->Write([&](Transaction& killer) { return killer.Read(kTerminate); }));
            }).join();
        }
        OW_CHECK(tx.Execute(kAdd, "b"));
        return {};
    }));
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(Number("n"), 2);
    EXPECT_EQ(Number("total"), 1);
    EXPECT_EQ(fresh_->counts().unknown, 0) << "nothing was lost in a COMMIT";
}

Result<std::int64_t> PostgresTest::CommitThatIsEndedBy(const std::string& how) {
    Admin admin(fresh_.url());
    admin.Run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    admin.Run("SELECT pg_reload_conf()");
    Result<std::int64_t> answer(0);
    // A commit that is made before all of the server has read its settings succeeds: then once
    // more.
    for (int i = 0; answer && i < 1000; ++i) {
        std::atomic<bool> done = false;
        std::thread writer([&] {
            answer = Insert(fmt::format("{} {}", how, i));
            done = true;
        });
        const std::string end = "SELECT COUNT(" + how +
                                "(pid)) FROM pg_stat_activity "
                                "WHERE wait_event = 'SyncRep' AND datname = current_database()";
        while (!done) admin.Run(end.c_str());
        writer.join();
    }
    admin.Run("ALTER SYSTEM RESET synchronous_standby_names");
    admin.Run("SELECT pg_reload_conf()");
    return answer;
}

TEST_F(PostgresTest, ACancelledWaitForTheStandbyIsUnknown) {
    EXPECT_REFUSED(CommitThatIsEndedBy("pg_cancel_backend"), reasons::kOutcomeUnknown);
    EXPECT_EQ(fresh_->counts().unknown, 1);
    ASSERT_OK(Insert("after"));
}

TEST_F(PostgresTest, AConnectionLostInCommitIsUnknown) {
    EXPECT_REFUSED(CommitThatIsEndedBy("pg_terminate_backend"), reasons::kOutcomeUnknown);
    EXPECT_EQ(fresh_->counts().unknown, 1);
    ASSERT_OK(Insert("after"));
}

TEST_F(PostgresTest, RefusesADatabaseThatWouldLoseCommits) {
    Admin admin(fresh_.url());
    const std::string name = admin.Run("SELECT current_database()");
    admin.Run(("ALTER DATABASE " + name + " SET synchronous_commit = off").c_str());
    EXPECT_REFUSED(Open(fresh_.url()), reasons::kUnavailable);
}

TEST_F(PostgresTest, ManyThreadsShareFewConnections) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 24; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i) ASSERT_OK(Insert(fmt::format("{}-{}", t, i)));
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(Number("n"), 240);
}

}  // namespace
}  // namespace onewindow::db
