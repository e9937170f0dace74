// Goal: where nobody can know whether a commit was stored, the API says "unknown", and one retry under the same key
// gives the one true answer: on SQLite when an fsync fails, on PostgreSQL when the connection is cut during COMMIT. And
// the writers of SQLite share their fsyncs.

#include <algorithm>
#include <deque>
#include <iostream>
#include <thread>

#include "cut_proxy.hpp"
#include "kernel/embedded.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "kernel/testing/failing_disk.hpp"
#include "service_world.hpp"

namespace onewindow {
namespace {

using testing::ApiAnswer;

/// A write as its client remembers it.
struct Write {
    std::string method, path, body, key;
    testing::HeaderList more = {};
    ApiAnswer answer = {};

    void Send(const testing::TestClient& client) {
        testing::HeaderList headers = more;
        headers.emplace_back("Idempotency-Key", key);
        answer = client.Send(method, path, body, headers);
    }
    bool Acknowledged() const { return answer.status >= 200 && answer.status < 300; }
    bool Replayed() const { return answer.headers.Get("Idempotency-Replayed") == "true"; }
};

/// A person who opens a case, saves its form, opens the next one …, and stops where an answer is missing.
class Caller {
 public:
    Caller(int number, std::string token) : number_(number), token_(std::move(token)) {}

    void WriteUntilStopped(api::Router& router) {
        const testing::TestClient client(router, token_);
        do {
            writes_.push_back(Next());
            writes_.back().Send(client);
        } while (writes_.back().Acknowledged());
    }
    /// The one retry of what is open, if anything is.
    void Retry(api::Router& router) { writes_.back().Send(testing::TestClient(router, token_)); }
    /// Asks for everything again; what is not known any more or is answered otherwise.
    int CountLost(api::Router& router) const {
        return static_cast<int>(std::count_if(writes_.begin(), writes_.end(), [&](Write write) {
            const ApiAnswer first = write.answer;
            write.Send(testing::TestClient(router, token_));
            return !write.Replayed() || write.answer.status != first.status ||
                   write.answer.text != first.text;
        }));
    }
    Write& last() { return writes_.back(); }
    const std::deque<Write>& writes() const { return writes_; }

 private:
    Write Next() const {
        const std::string key = fmt::format("caller-{}-{}", number_, writes_.size());
        if (writes_.empty() || writes_.back().method == "PUT")
            return {.method = "POST", .path = "/api/v1/cases", .body = testing::kOpenCase, .key = key};
        return {.method = "PUT",
                .path = "/api/v1/cases/" + json::TextAt(writes_.back().answer.body, "id") + "/form",
                .body = R"({"facts":{}})",
                .key = key,
                .more = {{"If-Match", "\"0\""}}};
    }

    int number_;
    std::string token_;
    std::deque<Write> writes_;
};

class FailingDiskTest : public ::testing::Test {
 protected:
    ~FailingDiskTest() override { disk_.Reset(); }

    /// One life of the service on the test's file.
    struct Life {
        std::unique_ptr<db::Database> database;
        std::unique_ptr<testing::ServiceWorld> world;
        api::Router& router() { return world->api.router; }
    };
    Life Begin() {
        disk_.Reset();
        Life life;
        auto opened = db::OpenSqlite({.path = folder_.path() + "/t.db", .vfs = disk_.vfs()});
        OW_ASSERT(opened.has_value());
        life.database = *std::move(opened);
        OW_ASSERT(db::Migrate(*life.database, embedded::AllMigrations()).has_value());
        life.world = std::make_unique<testing::ServiceWorld>(*life.database, clock_, random_,
                                                             folder_.path());
        return life;
    }
    std::vector<Caller> MakeCallers(Life& life, int count) {
        std::vector<Caller> callers;
        for (int i = 0; i < count; ++i)
            callers.emplace_back(i, life.world->api.LogInPerson("p-" + std::to_string(i)));
        return callers;
    }

    testing::FailingDisk& disk_ = testing::FailingDisk::Get();
    testing::TemporaryFolder folder_;
    ManualClock clock_{*ParseInstant("2026-11-23T09:05:00+08:00")};
    SystemRandom random_;  // Callers run in threads.
};

TEST_F(FailingDiskTest, AFailedSyncIsUnknownAndOneRetrySettlesIt) {
    constexpr int kLives = 16, kCallers = 6;
    SeededRandom seeded(20261123);
    Life life = Begin();
    std::vector<Caller> callers = MakeCallers(life, kCallers);
    int unknown = 0, stored = 0, not_stored = 0;
    for (int n = 0; n < kLives; ++n) {
        disk_.loses = n % 2 == 0;
        disk_.FailLogSync(1 + static_cast<int>(seeded.Below(6)));
        {
            std::vector<std::jthread> threads;
            for (Caller& caller : callers)
                threads.emplace_back([&] { caller.WriteUntilStopped(life.router()); });
        }
        EXPECT_TRUE(life.database->broken());
        life.world.reset();
        life.database.reset();
        life = Begin();
        for (Caller& caller : callers) {
            const ApiAnswer before = caller.last().answer;
            ASSERT_EQ(before.status, 503) << before.text;
            const bool is_unknown = before.Reason() == "db.outcome_unknown";
            unknown += is_unknown ? 1 : 0;
            caller.Retry(life.router());
            ASSERT_TRUE(caller.last().Acknowledged()) << caller.last().answer.text;
            // Only "unknown" may turn out to have been stored.
            EXPECT_TRUE(is_unknown || !caller.last().Replayed()) << before.text;
            ++(caller.last().Replayed() ? stored : not_stored);
        }
    }
    EXPECT_GT(unknown, 0);
    EXPECT_GT(stored, 0) << "a disk that fails after it has written";
    EXPECT_GT(not_stored, 0);
    std::int64_t opened = 0;
    for (const Caller& caller : callers) {
        EXPECT_EQ(caller.CountLost(life.router()), 0);
        opened += std::count_if(caller.writes().begin(), caller.writes().end(),
                                [](const Write& write) { return write.method == "POST"; });
    }
    EXPECT_EQ(testing::CountCases(*life.database), opened) << "one effect each";
    std::cout << fmt::format("{} failed fsyncs: {} unknown answers; by one retry {} found stored, {} not\n",
                             kLives, unknown, stored, not_stored);
}

TEST_F(FailingDiskTest, SixteenCallersNeedFewerFsyncsThanCommits) {
    constexpr int kCallers = 16, kCases = 12;
    Life life = Begin();
    const auto before = life.database->counts();
    const int syncs_before = disk_.syncs;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kCallers; ++i) {
            threads.emplace_back([&, i] {
                const testing::TestClient client(life.router(),
                                                 life.world->api.LogInPerson("q-" + std::to_string(i)));
                for (int n = 0; n < kCases; ++n)
                    EXPECT_EQ(client.Post("/api/v1/cases", testing::kOpenCase).status, 201);
            });
        }
    }
    const std::int64_t commits = life.database->counts().commits - before.commits;
    const int syncs = disk_.syncs - syncs_before;
    EXPECT_GE(commits, kCallers * kCases);
    EXPECT_LT(syncs, commits);
    EXPECT_GT(syncs, 0);
    EXPECT_EQ(testing::CountCases(*life.database), kCallers * kCases);
    std::cout << fmt::format("{} commits of {} callers: {} fsyncs, {:.2f} a commit\n", commits, kCallers,
                             syncs, static_cast<double>(syncs) / static_cast<double>(commits));
    RecordProperty("commits", static_cast<int>(commits));
    RecordProperty("fsyncs", syncs);
}

TEST(CutCommit, IsUnknownAndOneRetrySettlesIt) {
    using Cut = testing::CutProxy::Cut;
    constexpr int kCases = 30;
    testing::FreshDatabase fresh(db::Engine::kPostgres);
    testing::CutProxy proxy(fresh.url());
    const auto database = db::OpenPostgres({.url = proxy.url(), .connections = 2});
    ASSERT_OK(database);
    const testing::TemporaryFolder folder;
    ManualClock clock{*ParseInstant("2026-11-23T09:05:00+08:00")};
    SystemRandom random;
    testing::ServiceWorld world(**database, clock, random, folder.path());
    const testing::TestClient client(world.api.router, world.api.LogInPerson("p-1"));
    int unknown = 0;
    for (int i = 0; i < kCases; ++i) {
        const Cut cut = i % 3 == 0 ? Cut::kNone : i % 3 == 1 ? Cut::kBeforeServer : Cut::kAfterServer;
        Write open{.method = "POST", .path = "/api/v1/cases", .body = testing::kOpenCase,
                   .key = fmt::format("case-number-{}", i)};
        proxy.CutNextCommit(cut);
        open.Send(client);
        if (cut != Cut::kNone) {
            ASSERT_EQ(open.answer.Reason(), "db.outcome_unknown") << open.answer.text;
            EXPECT_EQ(open.answer.status, 503);
            ++unknown;
            open.Send(client);
        }
        ASSERT_EQ(open.answer.status, 201) << open.answer.text;
        EXPECT_EQ(open.Replayed(), cut == Cut::kAfterServer);
        EXPECT_EQ(testing::CountCases(*fresh), i + 1);
    }
    EXPECT_EQ(unknown, kCases / 3 * 2);
    EXPECT_EQ((*database)->counts().unknown, unknown);
    EXPECT_EQ(proxy.cuts(), unknown);
}

}  // namespace
}  // namespace onewindow
