#include "reference/calendar/calendar.hpp"

#include <algorithm>

#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

/// A hall that never opens again would be counted for ever; ten years without a day open is our
/// bug.
constexpr int kIdleDaysMax = 3660;

bool ReadTwoDigits(std::string_view text, int& value) {
    if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
        return false;
    }
    value = (text[0] - '0') * 10 + (text[1] - '0');
    return true;
}

bool ReadTime(std::string_view text, minutes& time) {
    int hour = 0, minute = 0;
    if (text.size() != 5 || text[2] != ':' || !ReadTwoDigits(text.substr(0, 2), hour) ||
        !ReadTwoDigits(text.substr(3), minute) || minute > 59) {
        return false;
    }
    time = std::chrono::hours{hour} + minutes{minute};
    return time <= std::chrono::hours{24};
}

}  // namespace

Result<std::vector<OpenHours>> ParseHours(std::string_view text) {
    std::vector<OpenHours> hours;
    const auto refused = [&] {
        return Refuse(reasons::kDatasetValue, "hours", {{"value", std::string(text)}});
    };
    std::string_view rest = text;
    for (;;) {
        const std::string_view piece = rest.substr(0, rest.find(' '));
        OpenHours open{};
        if (piece.size() != 11 || piece[5] != '-' || !ReadTime(piece.substr(0, 5), open.from) ||
            !ReadTime(piece.substr(6), open.until) || open.from >= open.until) {
            return refused();
        }
        if (!hours.empty() && open.from < hours.back().until) return refused();
        hours.push_back(open);
        if (piece.size() == rest.size()) return hours;
        rest.remove_prefix(piece.size() + 1);
    }
}

const std::vector<OpenHours>& HallHours::HoursOn(Date date) const {
    const std::chrono::month_day day{date.month(), date.day()};
    const bool season = !season_hours.empty() && season_from <= day && day <= season_until;
    return season ? season_hours : hours;
}

HallHours DefaultHours() {
    using std::chrono::hours;
    return {.hall = "default", .hours = {{hours{9}, hours{12}}, {hours{13}, hours{17}}}};
}

WorkingCalendar::WorkingCalendar(std::span<const SpecialDay> days, std::string version)
    : version_(std::move(version)) {
    for (const SpecialDay& day : days) {
        days_.emplace(day.date, day);
        if (day.official) official_years_.insert(day.date.year());
    }
}

const SpecialDay* WorkingCalendar::FindSpecialDay(Date date) const {
    const auto found = days_.find(date);
    return found == days_.end() ? nullptr : &found->second;
}

bool WorkingCalendar::IsWorkday(Date date) const {
    if (const SpecialDay* special = FindSpecialDay(date)) return special->work;
    const std::chrono::weekday weekday{std::chrono::sys_days{date}};
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

bool WorkingCalendar::IsProvisional(Date date) const {
    return !official_years_.contains(date.year());
}

bool WorkingCalendar::IsOpenDay(const HallHours& hours, Date date) const {
    return IsWorkday(date) && !hours.closed.contains(date);
}

Due WorkingCalendar::AddWorkingTime(const HallHours& hours, Instant from, milliseconds time) const {
    OW_ASSERT(time.count() >= 0 && !hours.hours.empty());
    Due due{.at = from};
    if (time.count() == 0) return due;
    int idle_days = 0;
    for (Date date = DateOf(from);; date = AddDays(date, 1)) {
        due.provisional |= IsProvisional(date);
        const bool open_day = IsOpenDay(hours, date);
        idle_days = open_day ? 0 : idle_days + 1;
        OW_ASSERT(idle_days < kIdleDaysMax);
        if (!open_day) continue;
        for (const OpenHours& open : hours.HoursOn(date)) {
            const Instant start = std::max(At(date, open.from), from), end = At(date, open.until);
            if (start >= end) continue;
            if (time <= end - start) {
                due.at = start + time;
                return due;
            }
            time -= end - start;
        }
    }
}

Worked WorkingCalendar::WorkingMinutesBetween(const HallHours& hours, Instant from,
                                              Instant until) const {
    Worked worked;
    if (until <= from) return worked;
    for (Date date = DateOf(from); date <= DateOf(until); date = AddDays(date, 1)) {
        worked.provisional |= IsProvisional(date);
        if (!IsOpenDay(hours, date)) continue;
        for (const OpenHours& open : hours.HoursOn(date)) {
            const Instant start = std::max(At(date, open.from), from);
            const Instant end = std::min(At(date, open.until), until);
            if (start < end) worked.time += end - start;
        }
    }
    return worked;
}

Due WorkingCalendar::AddWorkdays(const HallHours& hours, Instant start, int n) const {
    OW_ASSERT(n >= 1 && !hours.hours.empty());
    Date date = DateOf(start);
    Due due{.at = start, .provisional = IsProvisional(date)};
    for (int idle_days = 0;;) {
        date = AddDays(date, 1);
        due.provisional |= IsProvisional(date);
        const bool open_day = IsOpenDay(hours, date);
        idle_days = open_day ? 0 : idle_days + 1;
        OW_ASSERT(idle_days < kIdleDaysMax);
        if (open_day && --n == 0) break;
    }
    due.at = At(date, hours.HoursOn(date).back().until);
    return due;
}

Due WorkingCalendar::NextOpening(const HallHours& hours, Instant from) const {
    // The instant after which the first millisecond of work counts.
    const milliseconds first{1};
    Due due = AddWorkingTime(hours, from, first);
    due.at -= first;
    return due;
}

Date WorkingCalendar::WorkdayOnOrAfter(Date date) const {
    for (int step = 0; !IsWorkday(date); ++step) {
        OW_ASSERT(step < kIdleDaysMax);
        date = AddDays(date, 1);
    }
    return date;
}

minutes DayMinutes(const HallHours& hours, Date date) {
    minutes sum{0};
    for (const OpenHours& open : hours.HoursOn(date)) sum += open.until - open.from;
    return sum;
}

minutes HalfDayMinutes(const HallHours& hours, Date date) { return DayMinutes(hours, date) / 2; }

}  // namespace onewindow::reference
