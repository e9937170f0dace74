#include "progress/published_times.hpp"

#include "kernel/text/text.hpp"
#include "progress/clock_row.hpp"
#include "progress/queries.gen.hpp"
#include "progress/reasons.hpp"

namespace onewindow::progress {
namespace {

constexpr int kDaysMax = 366;
constexpr int kDaysDefault = 30;

Instant Begin(Date date) { return At(date, std::chrono::milliseconds{0}); }

std::int64_t BegunMinutes(std::chrono::milliseconds time) {
    return std::chrono::ceil<std::chrono::minutes>(time).count();
}

}  // namespace

std::string AuthorityPrefix(std::string_view code) {
    while (code.size() > 2 && code.size() <= 6 && code.size() % 2 == 0 && code.ends_with("00")) {
        code.remove_suffix(2);
    }
    return std::string(code);
}

Result<Period> ReadPeriod(const http::Request& request, Date today) {
    Period period{.from = AddDays(today, 1 - kDaysDefault), .until = today};
    if (const auto until = request.QueryValue("until")) {
        OW_TRY(period.until, ParseDate(*until));
        period.from = AddDays(period.until, 1 - kDaysDefault);
    }
    if (const auto from = request.QueryValue("from")) {
        OW_TRY(period.from, ParseDate(*from));
    }
    const auto days =
        (std::chrono::sys_days{period.until} - std::chrono::sys_days{period.from}).count() + 1;
    if (days < 1 || days > kDaysMax) {
        return Refuse(reasons::kPeriod, "from", {{"days", std::to_string(kDaysMax)}});
    }
    const std::string authority = request.QueryValue("authority").value_or("");
    const bool digits = authority.empty() || text::IsDigits(authority);
    if (!digits || authority.size() == 1 || authority.size() > 12) {
        return Refuse(reasons::kAuthorityMalformed, "authority");
    }
    period.authority = AuthorityPrefix(authority);
    return period;
}

void Tally::Add(std::int64_t minutes, std::int64_t clocks, std::int64_t late, bool open) {
    clocks_by_minutes_[minutes] += clocks;
    volume_ += clocks;
    late_ += late;
    if (!open) return;
    open_ += clocks;
    late_open_ += late;
}

std::int64_t Tally::Percentile(std::int64_t percent) const {
    const std::int64_t rank = (volume_ * percent + 99) / 100;
    std::int64_t passed = 0;
    for (const auto& [minutes, clocks] : clocks_by_minutes_) {
        passed += clocks;
        if (passed >= rank) return minutes;
    }
    return 0;
}

PublishedSubject Tally::Figures(std::string subject) const {
    PublishedSubject figures{.subject = std::move(subject),
                             .volume = volume_,
                             .finished = volume_ - open_,
                             .open = open_,
                             .late = late_,
                             .on_time_basis_points = std::nullopt,
                             .p50_minutes = Percentile(50),
                             .p90_minutes = Percentile(90),
                             .p99_minutes = Percentile(99),
                             .worst_minutes = Percentile(100)};
    const std::int64_t decided = figures.finished + late_open_;
    // Rounded down: 9,999 of 10,000 and one late are never "100 %".
    if (decided > 0) figures.on_time_basis_points = (decided - late_) * 10'000 / decided;
    return figures;
}

Result<std::vector<PublishedSubject>> ReadPublished(db::Transaction& tx,
                                                    const reference::Store& reference,
                                                    const Period& period, Instant now) {
    const Instant from = Begin(period.from), until = Begin(AddDays(period.until, 1));
    std::map<std::string, Tally> tallies;
    OW_TRY(const db::Rows finished,
           tx.Read(queries::kCountFinishedClocks, from, until, period.authority));
    for (const db::Row& row : finished) {
        tallies[row.Text("subject")].Add(row.Int("used_minutes"), row.Int("clocks"),
                                         row.Int("late"), false);
    }
    OW_TRY(const db::Rows open, tx.Read(queries::kListOpenClocks, from, until, period.authority));
    OW_TRY(const auto snapshot, SnapshotOn(tx, reference, now));
    for (const db::Row& row : open) {
        const ClockRow clock = ClockFrom(row);
        const WorkingTime time(snapshot, clock.hall);
        tallies[clock.subject].Add(BegunMinutes(UsedBy(clock, time, now)), 1,
                                   IsLate(clock, time, now) ? 1 : 0, true);
    }
    std::vector<PublishedSubject> figures;
    for (const auto& [subject, tally] : tallies) figures.push_back(tally.Figures(subject));
    return figures;
}

Result<std::vector<PublishedRow>> ReadPublishedRows(db::Transaction& tx,
                                                    const reference::Store& reference,
                                                    const Period& period, std::string_view subject,
                                                    std::string_view after, std::int64_t limit,
                                                    Instant now) {
    OW_TRY(const db::Rows found,
           tx.Read(queries::kListClockRows, subject, Begin(period.from),
                   Begin(AddDays(period.until, 1)), period.authority, after, limit));
    OW_TRY(const auto snapshot, SnapshotOn(tx, reference, now));
    std::vector<PublishedRow> rows;
    for (const db::Row& row : found) {
        const ClockRow clock = ClockFrom(row);
        const WorkingTime time(snapshot, clock.hall);
        rows.push_back({.case_id = clock.case_id,
                        .authority = row.Text("authority"),
                        .state = clock.state,
                        .holder = clock.holder,
                        .colour = clock.colour,
                        .late = IsLate(clock, time, now),
                        .used_minutes = BegunMinutes(UsedBy(clock, time, now)),
                        .limit_minutes = clock.limit.minutes,
                        .limit_workdays = clock.limit.workdays,
                        .from = clock.started,
                        .due = clock.due,
                        .stopped = clock.stopped});
    }
    return rows;
}

}  // namespace onewindow::progress
