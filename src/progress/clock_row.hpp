#pragma once

#include "progress/clocks.hpp"
#include "progress/deadlines.hpp"

// One stored clock and the working time that a snapshot of the reference data gives it. Inside this
// room only.
namespace onewindow::progress {

/// A row of progress_clock with its last span.
struct ClockRow {
    std::string case_id, subject, hall, state, colour, holder, reason;
    Limit limit;
    Instant started, phase_since, span_from;
    std::int64_t phase = 0, span_number = 0;
    Used used;  // Up to the begin of the last span.
    std::optional<Instant> due, amber, stopped;
    bool counts = false, late = false;

    bool IsRunning() const { return state == "running"; }
};

ClockRow ClockFrom(const db::Row& row);

/// The reference data in force today, as the transaction sees it; the built-in data where none were
/// imported.
Result<reference::SnapshotPointer> SnapshotOn(db::Transaction& tx, const reference::Store& store,
                                              Instant now);

/// A hall's working time; keeps its snapshot alive. A hall that was taken out of the data has the
/// default hours.
class WorkingTime {
 public:
    WorkingTime(reference::SnapshotPointer snapshot, std::string_view hall);

    std::chrono::milliseconds Between(Instant from, Instant until) const;
    std::optional<Deadlines> DeadlinesOf(const Limit& limit, const Used& used, Instant from) const;
    std::int64_t WorkdaysOver(Instant from, Instant until, std::int64_t most) const;
    const std::string& version() const;

 private:
    reference::SnapshotPointer snapshot_;
    const reference::HallHours* hours_;
};

/// Counted working time up to now.
std::chrono::milliseconds UsedBy(const ClockRow& clock, const WorkingTime& time, Instant now);
/// Over its limit; at exactly 100 % it is not.
bool IsLate(const ClockRow& clock, const WorkingTime& time, Instant now);

}  // namespace onewindow::progress
