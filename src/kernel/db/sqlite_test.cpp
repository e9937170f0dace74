// Goal: SQLite's own promises: callers share a COMMIT, an fsync that fails is an unknown outcome
// after which nothing is served until the file is opened anew, and an error that ends the
// transaction harms only its cause.

#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <cstring>
#include <fstream>
#include <mutex>
#include <thread>

#include "kernel/db/db.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::db {
namespace {

/// SQLite's file layer with a disk that fails on order. One for the process: SQLite keeps a list of
/// them.
namespace failing {

std::atomic<bool> sync_fails = false, checkpoint_fails = false, write_is_full = false;
std::atomic<int> syncs = 0;

struct File {
    sqlite3_file base;
    bool is_log;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_vfs* System() { return sqlite3_vfs_find(nullptr); }
sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real(); }

const sqlite3_io_methods* Methods() {
    static const sqlite3_io_methods methods = {
        .iVersion = 2,
        .xClose = [](sqlite3_file* f) { return Real(f)->pMethods->xClose(Real(f)); },
        .xRead = [](sqlite3_file* f, void* to, int n,
                    sqlite3_int64 at) { return Real(f)->pMethods->xRead(Real(f), to, n, at); },
        .xWrite =
            [](sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
                if (write_is_full) return SQLITE_FULL;
                return Real(f)->pMethods->xWrite(Real(f), from, n, at);
            },
        .xTruncate = [](sqlite3_file* f,
                        sqlite3_int64 n) { return Real(f)->pMethods->xTruncate(Real(f), n); },
        .xSync =
            [](sqlite3_file* f, int flags) {
                ++syncs;
                const bool is_log = reinterpret_cast<File*>(f)->is_log;
                if (sync_fails || (checkpoint_fails && !is_log)) return SQLITE_IOERR_FSYNC;
                return Real(f)->pMethods->xSync(Real(f), flags);
            },
        .xFileSize = [](sqlite3_file* f,
                        sqlite3_int64* n) { return Real(f)->pMethods->xFileSize(Real(f), n); },
        .xLock = [](sqlite3_file* f, int kind) { return Real(f)->pMethods->xLock(Real(f), kind); },
        .xUnlock = [](sqlite3_file* f,
                      int kind) { return Real(f)->pMethods->xUnlock(Real(f), kind); },
        .xCheckReservedLock =
            [](sqlite3_file* f, int* out) {
                return Real(f)->pMethods->xCheckReservedLock(Real(f), out);
            },
        .xFileControl =
            [](sqlite3_file* f, int op, void* what) {
                return Real(f)->pMethods->xFileControl(Real(f), op, what);
            },
        .xSectorSize = [](sqlite3_file* f) { return Real(f)->pMethods->xSectorSize(Real(f)); },
        .xDeviceCharacteristics =
            [](sqlite3_file* f) { return Real(f)->pMethods->xDeviceCharacteristics(Real(f)); },
        .xShmMap =
            [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
                return Real(f)->pMethods->xShmMap(Real(f), page, size, extend, out);
            },
        .xShmLock =
            [](sqlite3_file* f, int offset, int n, int flags) {
                return Real(f)->pMethods->xShmLock(Real(f), offset, n, flags);
            },
        .xShmBarrier = [](sqlite3_file* f) { Real(f)->pMethods->xShmBarrier(Real(f)); },
        .xShmUnmap = [](sqlite3_file* f,
                        int remove) { return Real(f)->pMethods->xShmUnmap(Real(f), remove); },
        .xFetch = nullptr,
        .xUnfetch = nullptr,
    };
    return &methods;
}

const char* Register() {
    static sqlite3_vfs vfs = [] {
        sqlite3_vfs copy = *System();
        copy.zName = "failing";
        copy.szOsFile += static_cast<int>(sizeof(File));
        copy.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
            file->pMethods = nullptr;
            reinterpret_cast<File*>(file)->is_log = (flags & SQLITE_OPEN_WAL) != 0;
            const int code = System()->xOpen(System(), name, Real(file), flags, out);
            if (code == SQLITE_OK) file->pMethods = Methods();
            return code;
        };
        return copy;
    }();
    sqlite3_vfs_register(&vfs, 0);
    return "failing";
}

}  // namespace failing

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
        failing::sync_fails = failing::checkpoint_fails = failing::write_is_full = false;
        Reopen();
    }
    ~SqliteTest() override {
        failing::sync_fails = failing::checkpoint_fails = failing::write_is_full = false;
    }

    void Reopen() {
        database_.reset();
        auto opened = OpenSqlite({.path = folder_.path() + "/t.db", .vfs = failing::Register()});
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

    testing::TemporaryFolder folder_;
    std::unique_ptr<Database> database_;
};

TEST_F(SqliteTest, CallersShareACommit) {
    constexpr int kThreads = 16, kRounds = 50;
    const auto before = database_->counts();
    const int syncs_before = failing::syncs;
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
    EXPECT_GE(failing::syncs - syncs_before, after.group_commits - before.group_commits)
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
    failing::sync_fails = true;
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
    failing::sync_fails = false;
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
    failing::write_is_full = true;
    EXPECT_FALSE(Insert("full").has_value());
    failing::write_is_full = false;
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

    failing::checkpoint_fails = true;
    ASSERT_OK(insert_many(2000));  // The log itself is on the disk.
    EXPECT_REFUSED(Insert("after"), reasons::kUnavailable);
    EXPECT_TRUE(database_->broken());
    failing::checkpoint_fails = false;
    Reopen();
    EXPECT_EQ(Count().value_or(-1), 2701) << "what was acknowledged is there";
}

}  // namespace
}  // namespace onewindow::db
