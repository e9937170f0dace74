// Goal: working time is exact: the figures of the law's examples, and equal to a slow count minute
// by minute.

#include "reference/calendar/calendar.hpp"

#include <gtest/gtest.h>

#include "kernel/random/random.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

Instant T(std::string_view text) { return *ParseInstant(text); }

/// Autumn and winter of 2026 by the notice of the State Council; 2027 by statute only.
WorkingCalendar Autumn2026() {
    std::vector<SpecialDay> days;
    const auto add = [&](std::string_view date, bool work, bool official = true) {
        days.push_back({*ParseDate(date), work, "", official});
    };
    for (const char* off : {"2026-09-25", "2026-09-26", "2026-09-27", "2026-10-01", "2026-10-02",
                            "2026-10-03", "2026-10-04", "2026-10-05", "2026-10-06", "2026-10-07"}) {
        add(off, false);
    }
    add("2026-09-20", true);
    add("2026-10-10", true);
    add("2027-01-01", false, false);
    return WorkingCalendar(days, "calendar@1");
}

HallHours Summer() {
    HallHours hours = DefaultHours();
    hours.season_hours = *ParseHours("09:00-12:00 13:30-17:30");
    hours.season_from = std::chrono::June / 1;
    hours.season_until = std::chrono::September / 30;
    return hours;
}

TEST(Calendar, SundayNight) {
    const WorkingCalendar calendar = Autumn2026();
    const HallHours hours = DefaultHours();
    const Instant submitted = T("2026-11-22T21:40");
    EXPECT_EQ(FormatInstant(calendar.AddWorkingMinutes(hours, submitted, 120).at),
              "2026-11-23T11:00:00+08:00");
    EXPECT_EQ(FormatInstant(calendar.AddWorkingMinutes(hours, submitted, 210).at),
              "2026-11-23T13:30:00+08:00");
    EXPECT_EQ(FormatInstant(calendar.AddWorkingMinutes(hours, submitted, 420).at),
              "2026-11-23T17:00:00+08:00");
    EXPECT_EQ(FormatInstant(calendar.NextOpening(hours, submitted).at),
              "2026-11-23T09:00:00+08:00");
    EXPECT_FALSE(calendar.AddWorkingMinutes(hours, submitted, 420).provisional);
}

TEST(Calendar, HolidayClockAndOneReturn) {
    const WorkingCalendar calendar = Autumn2026();
    const HallHours hours = DefaultHours();
    const Instant submitted = T("2026-09-30T16:30"), returned = T("2026-10-08T10:00");
    EXPECT_EQ(calendar.AddWorkingMinutes(hours, submitted, 210).at, T("2026-10-08T12:00"));
    const Worked used = calendar.WorkingMinutesBetween(hours, submitted, returned);
    EXPECT_EQ(used.time, minutes{90});
    const Instant again = T("2026-10-10T11:30");  // A Saturday that is worked.
    EXPECT_EQ(calendar.AddWorkingTime(hours, again, minutes{210} - used.time).at,
              T("2026-10-10T14:30"));
    // The law's three working days from 30 September: 8, 9 and 10 October.
    EXPECT_EQ(calendar.AddWorkdays(hours, submitted, 3).at, T("2026-10-10T17:00"));
}

TEST(Calendar, DeadlineIsTheEarliestInstant) {
    const WorkingCalendar calendar = Autumn2026();
    const HallHours hours = DefaultHours();
    EXPECT_EQ(calendar.AddWorkingMinutes(hours, T("2026-11-23T09:00"), 180).at,
              T("2026-11-23T12:00"));
    EXPECT_EQ(calendar.AddWorkingMinutes(hours, T("2026-11-23T09:00"), 181).at,
              T("2026-11-23T13:01"));
    EXPECT_EQ(calendar.AddWorkingMinutes(hours, T("2026-11-23T12:10"), 1).at,
              T("2026-11-23T13:01"));
    EXPECT_EQ(calendar.AddWorkingMinutes(hours, T("2026-11-21T12:10"), 0).at,
              T("2026-11-21T12:10"));
    EXPECT_EQ(calendar.AddWorkingTime(hours, T("2026-11-23T11:59:59.999"), milliseconds{2}).at,
              T("2026-11-23T13:00:00.001"));
}

TEST(Calendar, CountsMilliseconds) {
    const WorkingCalendar calendar = Autumn2026();
    const HallHours hours = DefaultHours();
    EXPECT_EQ(calendar
                  .WorkingMinutesBetween(hours, T("2026-11-23T11:59:59.500"),
                                         T("2026-11-23T13:00:00.250"))
                  .time,
              milliseconds{750});
    EXPECT_EQ(
        calendar.WorkingMinutesBetween(hours, T("2026-11-23T13:00"), T("2026-11-23T12:00")).time,
        milliseconds{0});
}

TEST(Calendar, WorkdaysEndAtTheClosingOfTheirDay) {
    const WorkingCalendar calendar = Autumn2026();
    const HallHours hours = Summer();
    EXPECT_EQ(calendar.AddWorkdays(hours, T("2026-11-20T09:00"), 1).at, T("2026-11-23T17:00"));
    EXPECT_EQ(calendar.AddWorkdays(hours, T("2026-11-22T09:00"), 1).at, T("2026-11-23T17:00"));
    EXPECT_EQ(calendar.AddWorkdays(hours, T("2026-09-28T23:00"), 1).at, T("2026-09-29T17:30"));
}

TEST(Calendar, ADayInAYearWithoutNoticeIsProvisional) {
    const WorkingCalendar calendar = Autumn2026();
    const HallHours hours = DefaultHours();
    const Due due = calendar.AddWorkingMinutes(hours, T("2026-12-31T16:30"), 60);
    EXPECT_EQ(due.at, T("2027-01-04T09:30"));
    EXPECT_TRUE(due.provisional);
    EXPECT_TRUE(calendar.AddWorkdays(hours, T("2026-12-31T16:30"), 1).provisional);
    EXPECT_FALSE(calendar.AddWorkingMinutes(hours, T("2026-12-31T16:00"), 60).provisional);
    EXPECT_TRUE(calendar.WorkingMinutesBetween(hours, T("2026-12-31T16:30"), T("2027-01-01T09:00"))
                    .provisional);
}

TEST(Calendar, AHallKeepsItsOwnHours) {
    const WorkingCalendar calendar = Autumn2026();
    HallHours hours = Summer();
    EXPECT_EQ(HalfDayMinutes(hours, *ParseDate("2026-07-01")), minutes{210});
    EXPECT_EQ(calendar.AddWorkingMinutes(hours, T("2026-09-29T12:00"), 60).at,
              T("2026-09-29T14:30"));
    EXPECT_EQ(calendar.AddWorkingMinutes(hours, T("2026-10-09T12:00"), 60).at,
              T("2026-10-09T14:00"));
    hours.hours = *ParseHours("08:30-12:00");
    EXPECT_EQ(HalfDayMinutes(hours, *ParseDate("2026-11-23")), minutes{105});
    hours.closed.insert(*ParseDate("2026-11-23"));
    EXPECT_EQ(calendar.NextOpening(hours, T("2026-11-22T09:00")).at, T("2026-11-24T08:30"));
}

TEST(Calendar, NextOpeningIsNowWhileOpen) {
    const WorkingCalendar calendar = Autumn2026();
    const HallHours hours = DefaultHours();
    EXPECT_EQ(calendar.NextOpening(hours, T("2026-11-23T09:00")).at, T("2026-11-23T09:00"));
    EXPECT_EQ(calendar.NextOpening(hours, T("2026-11-23T11:59:59.999")).at,
              T("2026-11-23T11:59:59.999"));
    EXPECT_EQ(calendar.NextOpening(hours, T("2026-11-23T12:00")).at, T("2026-11-23T13:00"));
    EXPECT_EQ(calendar.NextOpening(hours, T("2026-09-30T17:00")).at, T("2026-10-08T09:00"));
    EXPECT_EQ(calendar.WorkdayOnOrAfter(*ParseDate("2026-10-01")), *ParseDate("2026-10-08"));
}

TEST(Calendar, RefusesHoursThatAreNone) {
    for (const char* text :
         {"", "9:00-12:00", "09:00-09:00", "12:00-09:00", "09:00-12:00 11:00-13:00", "09:00-25:00",
          "09:60-12:00", "09:00-12:00 ", "09:00-12:00,13:00-17:00"}) {
        EXPECT_REFUSED(ParseHours(text), reasons::kDatasetValue);
    }
}

bool Open(const WorkingCalendar& calendar, const HallHours& hours, Instant minute) {
    const Date date = DateOf(minute);
    if (!calendar.IsWorkday(date) || hours.closed.contains(date)) return false;
    for (const OpenHours& open : hours.HoursOn(date)) {
        if (open.from <= TimeOfDay(minute) && TimeOfDay(minute) < open.until) return true;
    }
    return false;
}

TEST(Calendar, EqualsASlowCount) {
    const WorkingCalendar calendar = Autumn2026();
    HallHours closed = Summer();
    closed.closed.insert(*ParseDate("2026-10-09"));
    const HallHours halls[] = {DefaultHours(), Summer(), closed};
    SeededRandom random{20261122};
    for (int round = 0; round < 90; ++round) {
        const HallHours& hours = halls[round % 3];
        const Instant from = T("2026-09-10T00:00") + minutes{random.Below(120 * 24 * 60)};
        const int wanted = 1 + static_cast<int>(random.Below(1500));
        Instant now = from;
        for (int counted = 0; counted < wanted; now += minutes{1})
            counted += Open(calendar, hours, now) ? 1 : 0;
        EXPECT_EQ(calendar.AddWorkingMinutes(hours, from, wanted).at, now)
            << FormatInstant(from) << " + " << wanted;
        EXPECT_EQ(calendar.WorkingMinutesBetween(hours, from, now).time, minutes{wanted});
        const Instant later = now + minutes{random.Below(5000)};
        Worked slow;
        for (Instant at = from; at < later; at += minutes{1}) {
            if (Open(calendar, hours, at)) slow.time += minutes{1};
        }
        EXPECT_EQ(calendar.WorkingMinutesBetween(hours, from, later).time, slow.time);
        Instant opening = from;
        while (!Open(calendar, hours, opening)) opening += minutes{1};
        EXPECT_EQ(calendar.NextOpening(hours, from).at, opening);
    }
}

}  // namespace
}  // namespace onewindow::reference
