#pragma once

#include <chrono>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "kernel/clock/clock.hpp"
#include "kernel/result/result.hpp"

// Working time: which days are worked, when a hall is open, when a number of minutes is used up.
namespace onewindow::reference {

/// A day that differs from its weekday: a holiday, or a weekend day that is worked (调休上班).
struct SpecialDay {
    Date date;
    bool work = false;
    std::string name;
    bool official =
        true;  // By a notice of the State Council; else the statutory days only, computed ahead.
};

/// Opening hours, past midnight in Asia/Shanghai; `from` < `until`.
struct OpenHours {
    std::chrono::minutes from, until;
    auto operator<=>(const OpenHours&) const = default;
};

/// Reads "09:00-12:00 13:00-17:00": at least one interval, ascending, apart, within one day.
Result<std::vector<OpenHours>> ParseHours(std::string_view text);

/// When one hall or office is open. `season_hours` replace `hours` from `season_from` to
/// `season_until`, both included and inside one calendar year, every year; none if empty.
struct HallHours {
    std::string hall;
    std::vector<OpenHours> hours;
    std::vector<OpenHours> season_hours = {};
    std::chrono::month_day season_from = std::chrono::January / 1;
    std::chrono::month_day season_until = std::chrono::January / 1;
    std::set<Date> closed = {};  // Exceptional closures, decided by two persons and published.

    const std::vector<OpenHours>& HoursOn(Date date) const;
};

/// 09:00–12:00 and 13:00–17:00, all year; the hours where no hall is named.
HallHours DefaultHours();

/// A point in time and whether a year without an official calendar was used to find it.
struct Due {
    Instant at;
    bool provisional = false;
};
struct Worked {
    std::chrono::milliseconds time{0};
    bool provisional = false;
};

/// The working days of the country. Immutable; every answer costs one step a day, not one a minute.
class WorkingCalendar {
 public:
    WorkingCalendar() = default;
    explicit WorkingCalendar(std::span<const SpecialDay> days, std::string version = {});

    /// "calendar@1" of the dataset it came from; for answers that name their calendar.
    const std::string& version() const { return version_; }
    /// Monday to Friday unless a holiday, and the make-up days.
    bool IsWorkday(Date date) const;
    /// No official notice for the year of `date` is known.
    bool IsProvisional(Date date) const;
    const SpecialDay* FindSpecialDay(Date date) const;
    bool IsOpenDay(const HallHours& hours, Date date) const;

    /// The earliest instant at which the working time is used up: 180 minutes from 09:00 -> 12:00.
    /// Outside the hours the count starts at the next opening; nothing to use up is used up at
    /// once. `time` >= 0.
    Due AddWorkingTime(const HallHours& hours, Instant from, std::chrono::milliseconds time) const;
    Due AddWorkingMinutes(const HallHours& hours, Instant from, std::int64_t minutes) const {
        return AddWorkingTime(hours, from, std::chrono::minutes{minutes});
    }
    /// Working time from `from` to `until`, to the millisecond; zero where `until` is not later.
    Worked WorkingMinutesBetween(const HallHours& hours, Instant from, Instant until) const;
    /// The start day is not counted; due at the closing of the n-th working day after it. n >= 1.
    Due AddWorkdays(const HallHours& hours, Instant start, int n) const;
    /// `from` itself while open, else the next opening.
    Due NextOpening(const HallHours& hours, Instant from) const;
    /// The date itself if worked, else the next working day (民法典 203: a last day on a holiday
    /// moves).
    Date WorkdayOnOrAfter(Date date) const;

 private:
    std::map<Date, SpecialDay> days_;
    std::set<std::chrono::year> official_years_;
    std::string version_;
};

/// Working minutes of that hall's day, and half of them: what "0.5 working day" means there.
std::chrono::minutes DayMinutes(const HallHours& hours, Date date);
std::chrono::minutes HalfDayMinutes(const HallHours& hours, Date date);

}  // namespace onewindow::reference
