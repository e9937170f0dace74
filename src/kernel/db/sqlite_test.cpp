// Goal: SQLite's own promises: callers share a COMMIT, an fsync that fails is an unknown outcome
// after which nothing is served until the file is opened anew, and an error that ends the
// transaction harms only its cause.

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "kernel/db/db.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "kernel/testing/failing_disk.hpp"

namespace onewindow::db {
namespace {

constexpr Migration kTables[] = {{"t", 1, "0001_t", "CREATE TABLE t (id TEXT PRIMARY KEY)"}};
constexpr Query kInsert{"t.insert", "INSERT INTO t (id) VALUES ($1)"};
constexpr Query kCount{"t.count", "SELECT COUNT(*) AS n FROM t"};

/// Holds the writer thread within a closure until told to go on, so that others have to queue up.
class Gate {
 public:
    void Hold() {
        std::unique_lock lock(mutex_);
        reached_ = true;
        changed_.notify_all();
        changed_.wait(lock, [&] { return open_; });
    }
    void AwaitReached() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return reached_; });
    }
    void Open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool reached_ = false, open_ = false;
};

class SqliteTest : public ::testing::Test {
 protected:
    SqliteTest() {
        disk_.Reset();
        Reopen();
    }
    ~SqliteTest() override { disk_.Reset(); }

    void Reopen() {
        database_.reset();
        auto opened = OpenSqlite({.path = folder_.path() + "/t.db", .vfs = disk_.vfs()});
        ASSERT_OK(opened);
        database_ = *std::move(opened);
        ASSERT_OK(Migrate(*database_, kTables));
    }
    Result<std::int64_t> Insert(const std::string& id) {
        return database_->Write([&](Transaction& tx) { return tx.Execute(kInsert, id); });
    }
    Result<std::int64_t> Count() {
        return database_->Read([](Transaction& tx) -> Result<std::int64_t> {
            OW_TRY(const auto row, tx.FindOne(kCount));
            return row->Int("n");
        });
    }

    testing::FailingDisk& disk_ = testing::FailingDisk::Get();
    testing::TemporaryFolder folder_;
    std::unique_ptr<Database> database_;
};

TEST_F(SqliteTest, CallersShareACommit) {
    constexpr int kThreads = 16, kRounds = 50;
    const auto before = database_->counts();
    const int syncs_before = disk_.syncs;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < kRounds; ++i) ASSERT_OK(Insert(fmt::format("{}-{}", t, i)));
        });
    }
    for (std::thread& thread : threads) thread.join();
    const auto after = database_->counts();
    EXPECT_EQ(after.commits - before.commits, kThreads * kRounds);
    EXPECT_LT(after.group_commits - before.group_commits, kThreads * kRounds / 2);
    EXPECT_GE(disk_.syncs - syncs_before, after.group_commits - before.group_commits)
        << "each COMMIT is synced";
    EXPECT_EQ(Count().value_or(-1), kThreads * kRounds);
}

TEST_F(SqliteTest, AFailedSyncIsUnknownForAllOfTheBatch) {
    ASSERT_OK(Insert("before"));
    Gate gate;
    std::vector<Result<std::int64_t>> answers(3, Result<std::int64_t>(0));
    std::vector<std::thread> threads;
    threads.emplace_back([&] {
        answers[0] = database_->Write([&](Transaction& tx) {
            gate.Hold();
            return tx.Execute(kInsert, "0");
        });
    });
    gate.AwaitReached();
    for (std::size_t i = 1; i < 3; ++i) {
        threads.emplace_back([&, i] { answers[i] = Insert(std::to_string(i)); });
    }
    disk_.sync_fails = true;
    gate.Open();
    for (std::thread& thread : threads) thread.join();
    // Whoever shared the batch does not know; whoever came after it was refused.
    EXPECT_REFUSED(answers[0], reasons::kOutcomeUnknown);
    for (const auto& answer : answers) {
        ASSERT_FALSE(answer.has_value());
        EXPECT_TRUE(answer.error().Is(reasons::kOutcomeUnknown) ||
                    answer.error().Is(reasons::kUnavailable));
    }
    EXPECT_TRUE(database_->broken());
    EXPECT_GE(database_->counts().unknown, 1);

    // The disk is said to be well again: still nothing, because pages may be missing.
    disk_.sync_fails = false;
    EXPECT_REFUSED(Insert("after"), reasons::kUnavailable);
    EXPECT_REFUSED(Count(), reasons::kUnavailable);
    Reopen();
    EXPECT_FALSE(database_->broken());
    const auto count = Count();
    ASSERT_OK(count);
    EXPECT_GE(*count, 1) << "what was acknowledged is there";
    EXPECT_LE(*count, 4);
    ASSERT_OK(Insert("after"));
}

TEST_F(SqliteTest, AFullDiskAcknowledgesNothingAndHeals) {
    ASSERT_OK(Insert("before"));
    disk_.write_is_full = true;
    EXPECT_FALSE(Insert("full").has_value());
    disk_.write_is_full = false;
    EXPECT_FALSE(database_->broken());
    ASSERT_OK(Insert("after"));
    EXPECT_EQ(Count().value_or(-1), 2);
}

TEST_F(SqliteTest, AnErrorThatEndsTheTransactionHarmsOnlyItsCause) {
    constexpr Query kRollback{"t.rollback", "INSERT OR ROLLBACK INTO t (id) VALUES ($1)"};
    ASSERT_OK(Insert("a"));
    Gate gate;
    Result<std::int64_t> first(0), offender(0);
    std::thread one([&] {
        first = database_->Write([&](Transaction& tx) -> Result<std::int64_t> {
            OW_TRY(const auto count, tx.Execute(kInsert, "b"));
            gate.Hold();
            return count;
        });
    });
    gate.AwaitReached();
    std::thread two([&] {
        offender = database_->Write([&](Transaction& tx) { return tx.Execute(kRollback, "a"); });
    });
    gate.Open();
    one.join();
    two.join();
    ASSERT_OK(first);
    EXPECT_REFUSED(offender, reasons::kConstraint);
    EXPECT_EQ(Count().value_or(-1), 2);
}

TEST_F(SqliteTest, ADeferredForeignKeyBlamesItsOwnCaller) {
    constexpr Migration kMore[] = {
        {"t", 2, "0002_child",
         "CREATE TABLE t_child (id TEXT REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)"}};
    ASSERT_OK(Migrate(*database_, kMore));
    constexpr Query kChild{"t.child", "INSERT INTO t_child (id) VALUES ($1)"};
    const auto refused =
        database_->Write([&](Transaction& tx) { return tx.Execute(kChild, "nobody"); });
    EXPECT_REFUSED(refused, reasons::kConstraint);
    EXPECT_FALSE(database_->broken());
    ASSERT_OK(Insert("after"));
}

TEST_F(SqliteTest, MovesTheLogIntoTheFileAndNoticesWhenThatFails) {
    const std::string filling(3000, 'x');
    const auto insert_many = [&](int from) {
        return database_->Write([&](Transaction& tx) -> Result<> {
            for (int i = 0; i < 900; ++i)
                OW_CHECK(tx.Execute(kInsert, filling + std::to_string(from + i)));
            return {};
        });
    };
    ASSERT_OK(insert_many(0));
    ASSERT_OK(insert_many(1000));
    ASSERT_OK(Insert("between"));  // Comes after the writer thread has done its checkpoint.
    std::ifstream file(folder_.path() + "/t.db", std::ios::ate);
    EXPECT_GT(file.tellg(), 2'000'000);
    EXPECT_FALSE(database_->broken());

    disk_.checkpoint_fails = true;
    ASSERT_OK(insert_many(2000));  // The log itself is on the disk.
    EXPECT_REFUSED(Insert("after"), reasons::kUnavailable);
    EXPECT_TRUE(database_->broken());
    disk_.checkpoint_fails = false;
    Reopen();
    EXPECT_EQ(Count().value_or(-1), 2701) << "what was acknowledged is there";
}

}  // namespace
}  // namespace onewindow::db
