#pragma once

#include <optional>

#include "reference/calendar/calendar.hpp"

// When a clock turns amber and red. Pure.
namespace onewindow::progress {

/// Working minutes, or working days for the law's clock; both zero: no limit, the time is only
/// measured.
struct Limit {
    std::int64_t minutes = 0;
    std::int64_t workdays = 0;
};

/// What was counted before the clock began, or went on, to run.
struct Used {
    std::chrono::milliseconds working{0};
    std::int64_t workdays = 0;  // Whole ones; for limits in working days.
};

struct Deadlines {
    Instant amber;  // 75 % of the limit's working time.
    Instant due;    // 100 %.
    bool provisional = false;
};

/// For a clock that runs from `from`. Nothing where there is no limit, or where it is used up
/// already: then the earlier instant stays the deadline.
std::optional<Deadlines> DecideDeadlines(const reference::WorkingCalendar& calendar,
                                         const reference::HallHours& hours, const Limit& limit,
                                         const Used& used, Instant from);

/// Working days after the day of `from` that were over by `until`, at most `most`.
std::int64_t WorkdaysOver(const reference::WorkingCalendar& calendar,
                          const reference::HallHours& hours, Instant from, Instant until,
                          std::int64_t most);

/// Percent of a limit at which a clock turns amber.
inline constexpr int kAmberPercent = 75;

}  // namespace onewindow::progress
