// Goal: civil dates of Asia/Shanghai, reading and writing of times, months as Civil Code art. 202 counts them.

#include "kernel/clock/clock.hpp"

#include <gtest/gtest.h>

#include "kernel/testing/expect_refused.hpp"

namespace onewindow {
namespace {

TEST(Clock, ReadsAndWritesInstants) {
    const char* const same[] = {"2026-11-22T21:40:00+08:00", "2026-11-22 21:40", "2026-11-22T13:40:00Z",
                                "2026-11-22T21:40:00.000"};
    for (const char* text : same) {
        const auto instant = ParseInstant(text);
        ASSERT_OK(instant);
        EXPECT_EQ(FormatInstant(*instant), "2026-11-22T21:40:00+08:00") << text;
    }
    const char* const wrong[] = {"", "2026-11-22", "2026-02-30T10:00", "2026-11-22T25:00", "2026-11-22T10:00+8", "x"};
    for (const char* text : wrong) EXPECT_REFUSED(ParseInstant(text), reasons::kTimeUnreadable);
}

TEST(Clock, DatesAreThoseOfShanghai) {
    const Instant late = *ParseInstant("2026-11-22T23:59:59Z");
    EXPECT_EQ(FormatDate(DateOf(late)), "2026-11-23");
    EXPECT_EQ(FormatDateChinese(DateOf(late)), "2026年11月23日");
}

TEST(Clock, MonthsEndWhereTheMonthEnds) {
    EXPECT_EQ(FormatDate(AddMonths(*ParseDate("2025-12-31"), 2)), "2026-02-28");
    EXPECT_EQ(FormatDate(AddMonths(*ParseDate("2027-12-30"), 2)), "2028-02-29");
    EXPECT_EQ(FormatDate(AddMonths(*ParseDate("2026-03-10"), 12)), "2027-03-10");
}

TEST(Clock, CountsCompletedYears) {
    EXPECT_EQ(AgeOn(*ParseDate("2008-11-23"), *ParseDate("2026-11-22")), 17);
    EXPECT_EQ(AgeOn(*ParseDate("2008-11-22"), *ParseDate("2026-11-22")), 18);
}

}  // namespace
}  // namespace onewindow
