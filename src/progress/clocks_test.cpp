// Goal: clocks give the deadlines of the acceptance scenarios; their spans touch and add up
// whatever is charged; amber and red are noted once; nothing pauses without a published reason.

#include "progress/clocks.hpp"

#include <algorithm>

#include "progress/pause_reasons.hpp"
#include "progress/reasons.hpp"
#include "progress/testing/world.hpp"

namespace onewindow::progress {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

const CaseId kCase{"01JCASE0000000000000000001"};

class ClocksTest : public World {
 protected:
    ClocksTest() { clocks_.RegisterJobs(*runner_); }

    void Begin(std::string_view subject, std::int64_t limit_minutes, std::string_view holder,
               std::int64_t limit_workdays = 0) {
        ASSERT_OK(Start(kCase, {.subject = std::string(subject),
                                .limit_minutes = limit_minutes,
                                .hall = "",
                                .holder = std::string(holder),
                                .from = clock_.Now(),
                                .limit_workdays = limit_workdays}));
    }
    std::string DueOf(std::string_view subject) {
        const ClockState state = StateOf(kCase, subject);
        return state.due ? FormatInstant(*state.due).substr(0, 16) : "none";
    }
    std::int64_t CountOf(std::string_view kind) {
        const auto kinds = KindsOf(kCase);
        return std::count(kinds.begin(), kinds.end(), kind);
    }
};

// S1: 周岚 submits on Sunday at 21:40; the licence is there seconds later.
TEST_P(ClocksTest, SundayNight) {
    clock_.Set(T("2026-11-22T21:40"));
    ASSERT_OK(OpenCase(kCase));
    Begin("case", 420, "authority:370102");
    Begin("stage:1", 210, "authority:370102");
    clock_.Advance(std::chrono::seconds{8});
    Begin("stage:2", 210, "system");
    Begin("track:public_security/seals", 120, "maker:m1");
    Begin("track:tax/new_taxpayer", 120, "agency:tax");
    EXPECT_EQ(DueOf("track:public_security/seals"), "2026-11-23T11:00");
    EXPECT_EQ(DueOf("track:tax/new_taxpayer"), "2026-11-23T11:00");
    EXPECT_EQ(DueOf("stage:1"), "2026-11-23T13:30");
    EXPECT_EQ(DueOf("case"), "2026-11-23T17:00");
    EXPECT_EQ(StateOf(kCase, "case").used_ms, 0);
    clock_.Set(T("2026-11-23T10:00"));
    EXPECT_EQ(StateOf(kCase, "case").used_ms, milliseconds{minutes{60}}.count());
    ASSERT_OK(Stop(kCase, "track:tax/new_taxpayer"));
    EXPECT_EQ(StateOf(kCase, "track:tax/new_taxpayer").used_ms, milliseconds{minutes{60}}.count());
    EXPECT_FALSE(StateOf(kCase, "track:tax/new_taxpayer").late);
}

// S3: 曲阜, over the holidays, returned once; the law's clock runs beside it.
TEST_P(ClocksTest, HolidayAndOneReturn) {
    clock_.Set(T("2026-09-30T16:30"));
    ASSERT_OK(OpenCase(kCase));
    Begin("stage:1", 210, "authority:370881");
    Begin("law", 0, "authority:370881", 3);
    EXPECT_EQ(DueOf("stage:1"), "2026-10-08T12:00");
    EXPECT_EQ(DueOf("law"), "2026-10-10T17:00");

    clock_.Set(T("2026-10-08T10:00"));
    ASSERT_OK(Charge(kCase, "stage:1", "applicant", false, "returned_to_applicant"));
    EXPECT_EQ(StateOf(kCase, "stage:1").state, "paused");
    EXPECT_EQ(StateOf(kCase, "stage:1").used_ms, milliseconds{minutes{90}}.count());
    EXPECT_EQ(DueOf("stage:1"), "none");

    clock_.Set(T("2026-10-10T11:30"));
    ASSERT_OK(Charge(kCase, "stage:1", "authority:370881", true, ""));
    EXPECT_EQ(DueOf("stage:1"), "2026-10-10T14:30");
    EXPECT_EQ(DueOf("law"), "2026-10-10T17:00");
    const auto spans = SpansOf(kCase, "stage:1");
    ASSERT_EQ(spans.size(), 3U);
    EXPECT_EQ(spans[1].holder, "applicant");
    EXPECT_EQ(spans[1].reason, "returned_to_applicant");
    EXPECT_FALSE(spans[1].counts);
    EXPECT_EQ(spans[1].from, T("2026-10-08T10:00"));
    EXPECT_EQ(spans[1].until, T("2026-10-10T11:30"));
}

TEST_P(ClocksTest, TheLawsClockKeepsWholeDaysOverAPause) {
    clock_.Set(T("2026-11-23T10:00"));
    ASSERT_OK(OpenCase(kCase));
    Begin("law", 0, "authority:370102", 3);
    EXPECT_EQ(DueOf("law"), "2026-11-26T17:00");
    clock_.Set(T("2026-11-25T10:00"));  // Tuesday is over, Wednesday is not.
    ASSERT_OK(Charge(kCase, "law", "applicant", false, "returned_to_applicant"));
    clock_.Set(T("2026-11-27T09:00"));
    ASSERT_OK(Charge(kCase, "law", "authority:370102", true, ""));
    EXPECT_EQ(DueOf("law"), "2026-12-01T17:00");  // Monday and Tuesday are left.
}

TEST_P(ClocksTest, AmberAndRedAreNotedOnce) {
    clock_.Set(T("2026-11-23T09:00"));
    ASSERT_OK(OpenCase(kCase));
    Begin("stage:1", 200, "authority:370102");
    runner_->RunDue();
    EXPECT_EQ(CountOf("progress.clock_amber"), 0);
    clock_.Set(T("2026-11-23T11:30"));                     // 150 of 200 minutes.
    EXPECT_EQ(StateOf(kCase, "stage:1").colour, "amber");  // Also before the job has run.
    runner_->RunDue();
    runner_->RunDue();
    EXPECT_EQ(CountOf("progress.clock_amber"), 1);
    clock_.Set(T("2026-11-23T13:19:59.999"));
    runner_->RunDue();
    EXPECT_EQ(CountOf("progress.clock_red"), 0);
    clock_.Set(T("2026-11-23T13:20"));
    runner_->RunDue();
    runner_->RunDue();
    EXPECT_EQ(CountOf("progress.clock_red"), 1);
    EXPECT_EQ(StateOf(kCase, "stage:1").colour, "red");
    EXPECT_FALSE(StateOf(kCase, "stage:1").late);
    clock_.Set(T("2026-11-23T13:20:01"));
    ASSERT_OK(Stop(kCase, "stage:1"));
    EXPECT_TRUE(StateOf(kCase, "stage:1").late);
}

TEST_P(ClocksTest, APausedClockTurnsNoColour) {
    clock_.Set(T("2026-11-23T09:00"));
    ASSERT_OK(OpenCase(kCase));
    Begin("stage:1", 100, "authority:370102");
    clock_.Set(T("2026-11-23T10:00"));
    ASSERT_OK(Charge(kCase, "stage:1", "applicant", false, "returned_to_applicant"));
    clock_.Set(T("2026-11-25T10:00"));
    runner_->RunDue();
    EXPECT_EQ(CountOf("progress.clock_amber"), 0);
    EXPECT_EQ(StateOf(kCase, "stage:1").colour, "green");
    ASSERT_OK(Charge(kCase, "stage:1", "authority:370102", true, ""));
    EXPECT_EQ(DueOf("stage:1"), "2026-11-25T10:40");
    clock_.Set(T("2026-11-25T10:15"));
    runner_->RunDue();
    EXPECT_EQ(CountOf("progress.clock_amber"), 1);
}

TEST_P(ClocksTest, WhatHappensBeforeTheJobRunsIsNotedAllTheSame) {
    clock_.Set(T("2026-11-23T09:00"));
    ASSERT_OK(OpenCase(kCase));
    Begin("stage:1", 60, "authority:370102");
    clock_.Set(T("2026-11-23T10:00"));
    ASSERT_OK(Stop(kCase, "stage:1"));  // At exactly 100 %: amber, in time.
    EXPECT_EQ(CountOf("progress.clock_amber"), 1);
    EXPECT_EQ(CountOf("progress.clock_red"), 0);
    EXPECT_FALSE(StateOf(kCase, "stage:1").late);
    runner_->RunDue();
    EXPECT_EQ(CountOf("progress.clock_red"), 0);
}

TEST_P(ClocksTest, AClockThatIsUsedUpStaysDueWhenItWas) {
    clock_.Set(T("2026-11-23T09:00"));
    ASSERT_OK(OpenCase(kCase));
    Begin("stage:1", 60, "authority:370102");
    clock_.Set(T("2026-11-23T11:00"));
    ASSERT_OK(Charge(kCase, "stage:1", "applicant", false, "returned_to_applicant"));
    EXPECT_TRUE(StateOf(kCase, "stage:1").late);
    clock_.Set(T("2026-11-24T09:00"));
    ASSERT_OK(Charge(kCase, "stage:1", "authority:370102", true, ""));
    EXPECT_EQ(DueOf("stage:1"), "2026-11-23T10:00");
    EXPECT_EQ(StateOf(kCase, "stage:1").colour, "red");
    EXPECT_EQ(CountOf("progress.clock_red"), 1);
}

TEST_P(ClocksTest, PausesOnlyForAPublishedReason) {
    ASSERT_OK(OpenCase(kCase));
    Begin("stage:1", 60, "authority:370102");
    EXPECT_REFUSED(Charge(kCase, "stage:1", "applicant", false, ""), reasons::kPauseReason);
    EXPECT_REFUSED(Charge(kCase, "stage:1", "applicant", false, "lunch"), reasons::kPauseReason);
    // An officer cannot hold the file while the clock says that the applicant does.
    EXPECT_REFUSED(Charge(kCase, "stage:1", "authority:370102", false, "returned_to_applicant"),
                   reasons::kPauseHolder);
    EXPECT_EQ(StateOf(kCase, "stage:1").state, "running");
    for (const PauseReason& reason : PauseReasons()) {
        for (const auto language : {messages::Language::kChinese, messages::Language::kEnglish}) {
            const std::string code(reason.code);
            EXPECT_TRUE(messages_.Has("pause_reason." + code, language)) << code;
            EXPECT_TRUE(messages_.Has("event_value.reason." + code, language)) << code;
        }
    }
}

TEST_P(ClocksTest, WhatIsNotThereIsNamed) {
    const ClockOrder order{.subject = "stage:1",
                           .limit_minutes = 60,
                           .hall = "",
                           .holder = "system",
                           .from = clock_.Now()};
    EXPECT_REFUSED(Start(kCase, order), reasons::kTimelineUnknown);
    ASSERT_OK(OpenCase(kCase));
    EXPECT_REFUSED(Stop(kCase, "stage:1"), reasons::kClockUnknown);
    ClockOrder nowhere = order;
    nowhere.hall = "hall-of-nowhere";
    EXPECT_REFUSED(Start(kCase, nowhere), reference::reasons::kHallUnknown);
    ASSERT_OK(Start(kCase, order));
    EXPECT_REFUSED(Start(kCase, order), reasons::kClockExists);
    ASSERT_OK(Stop(kCase, "stage:1"));
    const auto events = KindsOf(kCase).size();
    ASSERT_OK(Stop(kCase, "stage:1"));
    EXPECT_EQ(KindsOf(kCase).size(), events);
    EXPECT_REFUSED(Charge(kCase, "stage:1", "applicant", false, "force_majeure"),
                   reasons::kClockStopped);
}

TEST_P(ClocksTest, AnUnchangedHolderChangesNothing) {
    ASSERT_OK(OpenCase(kCase));
    Begin("stage:1", 60, "authority:370102");
    const auto events = KindsOf(kCase).size();
    ASSERT_OK(Charge(kCase, "stage:1", "authority:370102", true, ""));
    EXPECT_EQ(KindsOf(kCase).size(), events);
}

TEST_P(ClocksTest, AClockThatJumpsBackMakesNoGap) {
    ASSERT_OK(OpenCase(kCase));
    Begin("stage:1", 60, "authority:370102");
    const Instant begun = clock_.Now();
    clock_.Set(begun - minutes{10});
    ASSERT_OK(Charge(kCase, "stage:1", "applicant", false, "returned_to_applicant"));
    const auto spans = SpansOf(kCase, "stage:1");
    EXPECT_EQ(spans[0].until, begun);
    EXPECT_EQ(spans[1].from, begun);
}

// Property: whatever is charged, spans touch, their sum is the wall time, the counted working time
// is what was used.
TEST_P(ClocksTest, SpansTouchAndAddUp) {
    const char* holders[] = {"applicant", "authority:370102", "agency:tax", "maker:m1", "system"};
    SeededRandom chance{20261122};
    for (int round = 0; round < 8; ++round) {
        const CaseId case_id("01JCASE000000000000000010" + std::to_string(round));
        clock_.Set(T("2026-09-28T00:00") + milliseconds{chance.Below(20ULL * 86'400'000)});
        const Instant begun = clock_.Now();
        ASSERT_OK(OpenCase(case_id));
        ASSERT_OK(Start(case_id, {.subject = "case",
                                  .limit_minutes = 420,
                                  .hall = "",
                                  .holder = "system",
                                  .from = begun}));
        for (int step = 0; step < 12; ++step) {
            clock_.Advance(milliseconds{chance.Below(10ULL * 3'600'000)});
            const bool counts = chance.Below(2) == 0;
            ASSERT_OK(Charge(case_id, "case", counts ? holders[chance.Below(5)] : "applicant",
                             counts, counts ? "" : "returned_to_applicant"));
        }
        clock_.Advance(milliseconds{chance.Below(10ULL * 3'600'000)});
        ASSERT_OK(Stop(case_id, "case"));
        const ClockState state = StateOf(case_id, "case");
        milliseconds wall{0};
        std::int64_t counted = 0;
        Instant end = begun;
        for (const Span& span : SpansOf(case_id, "case")) {
            EXPECT_EQ(span.from, end);
            ASSERT_TRUE(span.until);
            wall += *span.until - span.from;
            if (span.counts) counted += span.working_ms;
            // Recomputed from the calendar alone (I21).
            const auto snapshot = reference_.Current();
            EXPECT_EQ(span.working_ms,
                      snapshot->calendar()
                          .WorkingMinutesBetween(*snapshot->FindHours(""), span.from, *span.until)
                          .time.count());
            end = *span.until;
        }
        EXPECT_EQ(end, clock_.Now());
        EXPECT_EQ(wall, clock_.Now() - begun);
        EXPECT_EQ(counted, state.used_ms);
        EXPECT_EQ(state.late, state.used_ms > milliseconds{minutes{420}}.count());
    }
}

OW_BOTH_ENGINES(ClocksTest);

}  // namespace
}  // namespace onewindow::progress
