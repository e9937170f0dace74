#pragma once

#include "kernel/jobs/jobs.hpp"
#include "progress/events.hpp"
#include "reference/reference.hpp"

// Working-time clocks: lists of spans that touch without gap or overlap, each charged to exactly
// one holder. There is no way to stop a clock by hand: Charge asks for a published reason
// (pause_reasons.hpp).
namespace onewindow::progress {

/// What a clock times: "case", "stage:1", "stage:2", "track:tax/new_taxpayer", "law" (条例 19: 3
/// working days).
struct ClockOrder {
    std::string subject;
    std::int64_t limit_minutes = 0;  // Working minutes.
    std::string hall;                // Whose hours count.
    /// "applicant", "authority:370102", "agency:tax", "maker:…", "courier:…", "system"
    std::string holder;
    Instant from;
    /// For the law's clock instead of minutes; the start day is not counted. Both zero: measured,
    /// never due.
    std::int64_t limit_workdays = 0;
};

struct ClockState {
    std::string subject, holder, hall, state;  // running | paused | stopped
    std::int64_t limit_minutes = 0;
    std::int64_t limit_workdays = 0;
    Instant from;
    std::optional<Instant> due = {};  // While it runs.
    std::optional<Instant> stopped = {};
    std::int64_t used_ms = 0;  // Counted working time, up to now.
    std::string colour;        // green | amber | red
    bool late = false;         // Over its limit; at exactly 100 % it is red and in time.
};

struct Span {
    std::string subject, holder, reason;
    Instant from;
    std::optional<Instant> until = {};
    bool counts = true;
    std::int64_t working_ms = 0;
};

class Clocks {
 public:
    Clocks(api::Services& services, const reference::Store& reference, const Recorder& recorder);

    /// Refused where the case has a clock of this subject: a second run of a track takes a subject
    /// of its own.
    Result<> Start(db::Transaction& tx, const CaseId& case_id, const ClockOrder& order) const;
    /// Ends the current span and begins one of another holder. `counts` = false pauses; then
    /// `reason` is a published one. An unchanged holder and reason change nothing; a stopped clock
    /// is refused.
    Result<> Charge(db::Transaction& tx, const CaseId& case_id, std::string_view subject,
                    std::string_view holder, bool counts, std::string_view reason) const;
    /// Stops for good; the used time is final. Stopping a stopped clock changes nothing.
    Result<> Stop(db::Transaction& tx, const CaseId& case_id, std::string_view subject) const;

    Result<std::vector<ClockState>> Read(db::Transaction& tx, const CaseId& case_id) const;
    Result<std::vector<Span>> ReadSpans(db::Transaction& tx, const CaseId& case_id) const;

    /// "progress.watch": notices amber and red, a job for each stretch of time in which a clock
    /// runs.
    void RegisterJobs(jobs::Runner& runner) const;

 private:
    jobs::Outcome Watch(const jobs::Job& job) const;

    api::Services& services_;
    const reference::Store& reference_;
    const Recorder& recorder_;
};

/// Events "progress.clock_started|clock_charged|clock_stopped|clock_amber|clock_red". Their data
/// carry every computed value (`…_at`: epoch milliseconds, `…_ms`: working time), so that applying
/// them needs no calendar.
void RegisterEvents(EventKinds& kinds);

}  // namespace onewindow::progress
