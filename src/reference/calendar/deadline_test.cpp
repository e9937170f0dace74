// Goal: deadlines are answered in the shape that outside callers rely on, or refused with a reason.

#include "reference/calendar/deadline.hpp"

#include <gtest/gtest.h>

#include "kernel/testing/expect_refused.hpp"
#include "reference/datasets/datasets.hpp"
#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

const Snapshot& Seed() {
    static const SnapshotPointer kSnapshot = SeedSnapshot();
    return *kSnapshot;
}

TEST(Deadline, SpeaksTheAgreedJson) {
    const auto deadline = FindDeadline(Seed(), {.from = "2026-11-22 21:40", .minutes = 120});
    ASSERT_OK(deadline);
    EXPECT_EQ(
        boost::json::serialize(ToJson(*deadline)),
        R"({"from":"2026-11-22T21:40:00+08:00","due":"2026-11-23T11:00:00+08:00","minutes":120,)"
        R"("hall":"default","calendar":"calendar@1","provisional":false})");
    const auto days =
        FindDeadline(Seed(), {.from = "2026-09-30 16:30", .workdays = 3, .hall = "H370881"});
    ASSERT_OK(days);
    EXPECT_EQ(FormatInstant(days->due), "2026-10-10T17:00:00+08:00");
    EXPECT_EQ(days->minutes, 30 + 3 * 420);
    EXPECT_EQ(days->hall, "H370881");
    EXPECT_TRUE(FindDeadline(Seed(), {.from = "2026-12-31 16:30", .workdays = 1})->provisional);
}

TEST(Deadline, RefusesWhatCannotBeAnswered) {
    const std::string_view now = "2026-11-22 21:40";
    EXPECT_REFUSED(FindDeadline(Seed(), {.from = now}), reasons::kDeadlineAmount);
    EXPECT_REFUSED(FindDeadline(Seed(), {.from = now, .minutes = 1, .workdays = 1}),
                   reasons::kDeadlineAmount);
    EXPECT_REFUSED(FindDeadline(Seed(), {.from = now, .minutes = -1}), reasons::kDeadlineAmount);
    EXPECT_REFUSED(FindDeadline(Seed(), {.from = now, .minutes = 600'001}),
                   reasons::kDeadlineAmount);
    EXPECT_REFUSED(FindDeadline(Seed(), {.from = now, .workdays = 0}), reasons::kDeadlineAmount);
    EXPECT_REFUSED(FindDeadline(Seed(), {.from = now, .minutes = 1, .hall = "H0"}),
                   reasons::kHallUnknown);
    EXPECT_REFUSED(FindDeadline(Seed(), {.from = "noon", .minutes = 1}),
                   onewindow::reasons::kTimeUnreadable);
    EXPECT_TRUE(FindDeadline(Seed(), {.from = now, .minutes = 600'000}));
    EXPECT_TRUE(FindDeadline(Seed(), {.from = now, .workdays = 1'500}));
}

}  // namespace
}  // namespace onewindow::reference
