#include "progress/deadlines.hpp"

#include <algorithm>

namespace onewindow::progress {

using std::chrono::milliseconds;

std::optional<Deadlines> DecideDeadlines(const reference::WorkingCalendar& calendar,
                                         const reference::HallHours& hours, const Limit& limit,
                                         const Used& used, Instant from) {
    reference::Due due;
    milliseconds total{std::chrono::minutes{limit.minutes}};
    if (limit.workdays > 0) {
        const std::int64_t left = limit.workdays - used.workdays;
        if (left <= 0) return std::nullopt;
        due = calendar.AddWorkdays(hours, from, static_cast<int>(left));
        total = used.working + calendar.WorkingMinutesBetween(hours, from, due.at).time;
    } else {
        if (used.working >= total) return std::nullopt;
        due = calendar.AddWorkingTime(hours, from, total - used.working);
    }
    // Begun milliseconds are rounded up: amber is never too early.
    const milliseconds amber = (total * kAmberPercent + milliseconds{99}) / 100;
    const milliseconds left = std::max(amber - used.working, milliseconds{0});
    return Deadlines{.amber = calendar.AddWorkingTime(hours, from, left).at,
                     .due = due.at,
                     .provisional = due.provisional};
}

std::int64_t WorkdaysOver(const reference::WorkingCalendar& calendar,
                          const reference::HallHours& hours, Instant from, Instant until,
                          std::int64_t most) {
    std::int64_t over = 0;
    while (over < most &&
           calendar.AddWorkdays(hours, from, static_cast<int>(over + 1)).at <= until) {
        ++over;
    }
    return over;
}

}  // namespace onewindow::progress
