#pragma once

#include "progress/events.hpp"
#include "reference/reference.hpp"

// Working-time clocks: lists of spans that touch without gap or overlap, each charged to exactly one holder.
namespace onewindow::progress {

/// What a clock times: "case", "stage:1", "stage:2", "track:tax/new_taxpayer", "law" (条例 19: 3 working days).
struct ClockOrder {
    std::string subject;
    std::int64_t limit_minutes = 0;  // Working minutes.
    std::string hall;                // Whose hours count.
    std::string holder;              // "applicant", "authority:370102", "agency:tax", "maker:…", "courier:…", "system"
    Instant from;
};

struct ClockState {
    std::string subject, holder, hall, state;  // running | paused | stopped
    std::int64_t limit_minutes = 0;
    Instant from;
    std::optional<Instant> due;      // While it runs.
    std::optional<Instant> stopped;
    std::int64_t used_ms = 0;        // Counted working time, up to now.
    std::string colour;              // green | amber | red
};

struct Span {
    std::string subject, holder, reason;
    Instant from;
    std::optional<Instant> until;
    bool counts = true;
    std::int64_t working_ms = 0;
};

class Clocks {
   public:
    Clocks(api::Services& services, const reference::Store& reference, const Recorder& recorder);

    Result<> Start(db::Transaction& tx, const CaseId& case_id, const ClockOrder& order) const;
    /// Ends the current span and begins one of another holder. `counts` = false pauses; then `reason` is a published one.
    Result<> Charge(db::Transaction& tx, const CaseId& case_id, std::string_view subject, std::string_view holder,
                    bool counts, std::string_view reason) const;
    /// Stops for good; the used time is final. Stopping a stopped clock changes nothing.
    Result<> Stop(db::Transaction& tx, const CaseId& case_id, std::string_view subject) const;

    Result<std::vector<ClockState>> Read(db::Transaction& tx, const CaseId& case_id) const;
    Result<std::vector<Span>> ReadSpans(db::Transaction& tx, const CaseId& case_id) const;

   private:
    api::Services& services_;
    const reference::Store& reference_;
    const Recorder& recorder_;
};

/// Events "progress.clock_started|charged|stopped|amber|red" and the jobs that notice amber (75 %) and red (100 %).
void RegisterEvents(EventKinds& kinds);

}  // namespace onewindow::progress
