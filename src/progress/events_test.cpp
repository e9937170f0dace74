// Goal: events are numbered without gaps, sealed, in the ledger, applied in the same transaction;
// replaying them gives equal tables on the other database (I13). Shown with a made-up room.

#include "progress/events.hpp"

#include <thread>

#include "kernel/ledger/ledger.hpp"
#include "progress/reasons.hpp"
#include "progress/testing/world.hpp"

namespace onewindow::progress {
namespace {

constexpr db::Migration kStand{"lemonade_stand", 1, "0001_create_stand",
                               "CREATE TABLE lemonade_stand (case_id TEXT NOT NULL PRIMARY KEY, "
                               "cups BIGINT NOT NULL, owner TEXT NOT NULL,\n"
                               "CONSTRAINT lemonade_stand_cups CHECK (cups < 100));"};
constexpr db::Query kPour{
    "lemonade_stand.pour",
    "INSERT INTO lemonade_stand (case_id, cups, owner) VALUES ($1, $2, $3) "
    "ON CONFLICT (case_id) DO UPDATE SET cups = lemonade_stand.cups + excluded.cups, "
    "owner = excluded.owner"};
constexpr db::Query kStands{"lemonade_stand.list", "SELECT * FROM lemonade_stand ORDER BY case_id"};
constexpr db::Query kEvents{"test.events",
                            "SELECT * FROM progress_event ORDER BY case_id, sequence"};
constexpr db::Query kTimelines{"test.timelines",
                               "SELECT * FROM progress_timeline ORDER BY case_id"};
constexpr db::Query kClocks{"test.clocks",
                            "SELECT * FROM progress_clock ORDER BY case_id, subject"};
constexpr db::Query kSpans{"test.spans",
                           "SELECT * FROM progress_span ORDER BY case_id, subject, number"};
constexpr db::Query kTamper{"test.tamper", "UPDATE lemonade_stand SET cups = cups + 1"};

class Events : public World {
 protected:
    Events() {
        kinds_.Register(
            "lemonade_stand.poured",
            [](db::Transaction& tx, const StoredEvent& stored) -> Result<> {
                OW_CHECK(tx.Execute(kPour, stored.case_id, json::IntAt(stored.event.data, "cups"),
                                    json::TextAt(stored.event.sensitive, "owner")));
                return {};
            });
        PrepareStand(database());
    }
    static void PrepareStand(db::Database& target) {
        auto migrations = embedded::AllMigrations();
        migrations.push_back(kStand);
        OW_ASSERT(db::Migrate(target, migrations).has_value());
    }
    Result<StoredEvent> Pour(const CaseId& case_id, std::int64_t cups) {
        return Write([&](db::Transaction& tx) {
            return recorder_.Record(tx, case_id,
                                    {.kind = "lemonade_stand.poured",
                                     .actor = "person:li",
                                     .data = {{"cups", cups}, {"a", 1}},
                                     .sensitive = {{"owner", "周岚"}}});
        });
    }
    std::vector<StoredEvent> Read(const CaseId& case_id, std::int64_t after = 0) {
        return database()
            .Read([&](db::Transaction& tx) { return ReadEvents(tx, sealer_, case_id, after, 100); })
            .value();
    }
    const CaseId case_{"01JCASE0000000000000000001"}, other_{"01JCASE0000000000000000002"};
};

TEST_P(Events, AreNumberedStoredAndApplied) {
    ASSERT_OK(OpenCase(case_));
    ASSERT_OK(Pour(case_, 2));
    clock_.Advance(std::chrono::seconds{1});
    ASSERT_OK(Pour(case_, 3));
    const auto events = Read(case_);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].sequence, 1);
    EXPECT_EQ(events[1].sequence, 2);
    EXPECT_EQ(events[1].at, clock_.Now());
    EXPECT_EQ(events[1].event.actor, "person:li");
    EXPECT_EQ(json::IntAt(events[1].event.data, "cups"), 3);
    EXPECT_EQ(json::TextAt(events[1].event.sensitive, "owner"), "周岚");
    EXPECT_EQ(Read(case_, 1).size(), 1U);
    EXPECT_EQ(Dump(database(), kStands),
              std::vector<std::string>{"'" + case_.value() + "'|5|'周岚'|"});
}

TEST_P(Events, KeepTheSealedPartOutOfSight) {
    ASSERT_OK(OpenCase(case_));
    ASSERT_OK(Pour(case_, 2));
    for (const std::string& line : Dump(database(), kEvents)) {
        EXPECT_EQ(line.find("周岚"), std::string::npos);
        EXPECT_NE(line.find(R"('{"a":1,"cups":2}')"), std::string::npos);  // Canonical.
    }
    const auto shown =
        database().Read([&](db::Transaction& tx) { return ReadTimeline(tx, case_, 0, 10); });
    ASSERT_OK(shown);
    EXPECT_TRUE(shown->front().event.sensitive.empty());
}

TEST_P(Events, AreLeavesOfTheirAuthority) {
    ASSERT_OK(OpenCase(case_, "370102"));
    const auto stored = Pour(case_, 2);
    ASSERT_OK(stored);
    ASSERT_OK(ledger::Sequence(database()));
    const auto proof =
        database().Read([&](db::Transaction& tx) { return ledger::Prove(tx, stored->id.value()); });
    ASSERT_OK(proof);
    EXPECT_EQ(proof->head.authority, "370102");
    // What is read back later is what was committed to.
    EXPECT_TRUE(
        ledger::Opens(proof->commitment, *proof->salt, CanonicalEvent(Read(case_).front())));
    StoredEvent forged = *stored;
    forged.event.sensitive["owner"] = "李四";
    EXPECT_FALSE(ledger::Opens(proof->commitment, *proof->salt, CanonicalEvent(forged)));
}

TEST_P(Events, AreStoredOnlyIfTheyCanBeApplied) {
    ASSERT_OK(OpenCase(case_));
    EXPECT_FALSE(Pour(case_, 100).has_value());
    EXPECT_TRUE(Read(case_).empty());
    ASSERT_OK(Pour(case_, 1));
    EXPECT_EQ(Read(case_).front().sequence, 1);  // No gap is left by the one that failed.
}

TEST_P(Events, NeedATimeline) {
    EXPECT_REFUSED(Pour(case_, 1), reasons::kTimelineUnknown);
    ASSERT_OK(OpenCase(case_));
    EXPECT_REFUSED(OpenCase(case_), reasons::kTimelineExists);
}

TEST_P(Events, AreGaplessWhenManyWriteAtOnce) {
    ASSERT_OK(OpenCase(case_));
    // The chance that tests use is not made for threads: each has its own.
    std::vector<std::thread> writers;
    for (std::uint64_t writer = 0; writer < 4; ++writer) {
        writers.emplace_back([&, writer] {
            SeededRandom random{100 + writer};
            api::Services services{database(), clock_,        random,   sealer_,
                                   messages_,  log::Silent(), *metrics_};
            const Recorder recorder(services, kinds_);
            for (int i = 0; i < 10; ++i) {
                EXPECT_TRUE(Write([&](db::Transaction& tx) {
                    return recorder.Record(tx, case_,
                                           {.kind = "lemonade_stand.poured",
                                            .actor = "system",
                                            .data = {{"cups", 1}}});
                }));
            }
        });
    }
    for (std::thread& writer : writers) writer.join();
    const auto events = Read(case_);
    ASSERT_EQ(events.size(), 40U);
    for (std::size_t i = 0; i < events.size(); ++i) {
        EXPECT_EQ(events[i].sequence, static_cast<std::int64_t>(i) + 1);
    }
}

TEST_P(Events, ReplayToEqualTables) {
    for (const CaseId& case_id : {case_, other_}) {
        ASSERT_OK(OpenCase(case_id));
        ASSERT_OK(Start(case_id, {.subject = "stage:1",
                                  .limit_minutes = 210,
                                  .hall = "",
                                  .holder = "authority:370102",
                                  .from = clock_.Now()}));
    }
    // Interleaved, at one and the same time, more than a page of one case.
    for (int i = 0; i < 30; ++i) ASSERT_OK(Pour(i % 3 == 0 ? other_ : case_, 1));
    ASSERT_OK(Charge(case_, "stage:1", "applicant", false, "returned_to_applicant"));
    clock_.Advance(std::chrono::hours{30});
    ASSERT_OK(Charge(case_, "stage:1", "authority:370102", true, ""));
    runner_->RunDue();
    ASSERT_OK(Stop(other_, "stage:1"));

    testing::FreshDatabase into(GetParam());
    PrepareStand(*into);
    const auto replayed = Replay(database(), *into, services_, kinds_);
    ASSERT_OK(replayed);
    EXPECT_EQ(static_cast<std::size_t>(*replayed), Dump(database(), kEvents).size());
    for (const auto& query : {kTimelines, kEvents, kStands, kClocks, kSpans}) {
        EXPECT_FALSE(Dump(*into, query).empty()) << query.name;
        EXPECT_EQ(Dump(*into, query), Dump(database(), query)) << query.name;
    }
    // The comparison would notice a table that was changed without an event.
    ASSERT_OK(Write([](db::Transaction& tx) { return tx.Change(kTamper, {}); }));
    EXPECT_NE(Dump(*into, kStands), Dump(database(), kStands));
    EXPECT_REFUSED(Replay(database(), *into, services_, kinds_), reasons::kReplayTargetInUse);
}

OW_BOTH_ENGINES(Events);

}  // namespace
}  // namespace onewindow::progress
