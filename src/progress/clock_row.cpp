#include "progress/clock_row.hpp"

namespace onewindow::progress {

ClockRow ClockFrom(const db::Row& row) {
    return {.case_id = row.Text("case_id"),
            .subject = row.Text("subject"),
            .hall = row.Text("hall"),
            .state = row.Text("state"),
            .colour = row.Text("colour"),
            .holder = row.Text("holder"),
            .reason = row.Text("reason"),
            .limit = {row.Int("limit_minutes"), row.Int("limit_workdays")},
            .started = row.Time("started_at"),
            .phase_since = row.Time("phase_since"),
            .span_from = row.Time("from_at"),
            .phase = row.Int("phase"),
            .span_number = row.Int("span_number"),
            .used = {std::chrono::milliseconds{row.Int("used_ms")}, row.Int("used_workdays")},
            .due = row.TimeIfAny("due_at"),
            .amber = row.TimeIfAny("amber_at"),
            .stopped = row.TimeIfAny("stopped_at"),
            .counts = row.Bool("counts"),
            .late = row.Bool("late")};
}

Result<reference::SnapshotPointer> SnapshotOn(db::Transaction& tx, const reference::Store& store,
                                              Instant now) {
    auto snapshot = store.On(tx, DateOf(now));
    if (!snapshot && snapshot.error().Is(reference::reasons::kDatasetMissing)) {
        return store.Current();
    }
    return snapshot;
}

WorkingTime::WorkingTime(reference::SnapshotPointer snapshot, std::string_view hall)
    : snapshot_(std::move(snapshot)), hours_(snapshot_->FindHours(hall)) {
    if (hours_ == nullptr) hours_ = snapshot_->FindHours("");
}

std::chrono::milliseconds WorkingTime::Between(Instant from, Instant until) const {
    return snapshot_->calendar().WorkingMinutesBetween(*hours_, from, until).time;
}

std::optional<Deadlines> WorkingTime::DeadlinesOf(const Limit& limit, const Used& used,
                                                  Instant from) const {
    return DecideDeadlines(snapshot_->calendar(), *hours_, limit, used, from);
}

std::int64_t WorkingTime::WorkdaysOver(Instant from, Instant until, std::int64_t most) const {
    return progress::WorkdaysOver(snapshot_->calendar(), *hours_, from, until, most);
}

const std::string& WorkingTime::version() const { return snapshot_->calendar().version(); }

std::chrono::milliseconds UsedBy(const ClockRow& clock, const WorkingTime& time, Instant now) {
    if (!clock.IsRunning()) return clock.used.working;
    return clock.used.working + time.Between(clock.span_from, now);
}

bool IsLate(const ClockRow& clock, const WorkingTime& time, Instant now) {
    if (clock.limit.minutes > 0) {
        return UsedBy(clock, time, now) > std::chrono::minutes{clock.limit.minutes};
    }
    return clock.late || (clock.IsRunning() && clock.due && *clock.due < now);
}

}  // namespace onewindow::progress
