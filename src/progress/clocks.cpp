#include "progress/clocks.hpp"

#include <algorithm>

#include "progress/clock_row.hpp"
#include "progress/pause_reasons.hpp"
#include "progress/queries.gen.hpp"
#include "progress/reasons.hpp"

namespace onewindow::progress {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kStarted = "progress.clock_started";
constexpr std::string_view kCharged = "progress.clock_charged";
constexpr std::string_view kStopped = "progress.clock_stopped";
constexpr std::string_view kAmber = "progress.clock_amber";
constexpr std::string_view kRed = "progress.clock_red";
constexpr std::string_view kWatch = "progress.watch";

json::value InstantOrNull(const std::optional<Instant>& instant) {
    return instant ? json::value(EpochMs(*instant)) : json::value(nullptr);
}

std::optional<std::int64_t> IntIfAny(const json::object& data, std::string_view name) {
    const json::value* found = data.if_contains(name);
    if (found == nullptr || found->is_null()) return std::nullopt;
    return found->as_int64();
}

std::int64_t Int(const json::object& data, std::string_view name) {
    return data.at(name).as_int64();
}

std::string Text(const json::object& data, std::string_view name) {
    return std::string(std::string_view(data.at(name).as_string()));
}

Event MakeEvent(std::string_view kind, json::object data) {
    return {.kind = std::string(kind), .actor = "system", .data = std::move(data)};
}

Result<> Lock(db::Transaction& tx, const CaseId& case_id) {
    OW_TRY(const std::int64_t locked, tx.Execute(queries::kLockTimeline, case_id));
    if (locked == 0) return Refuse(reasons::kTimelineUnknown, "case");
    return {};
}

Result<ClockRow> LockClock(db::Transaction& tx, const CaseId& case_id, std::string_view subject) {
    OW_CHECK(Lock(tx, case_id));
    OW_TRY(const auto row, tx.FindOne(queries::kFindClock, case_id, subject));
    if (!row) return Refuse(reasons::kClockUnknown, "subject", {{"subject", std::string(subject)}});
    return ClockFrom(*row);
}

Result<> CheckPause(std::string_view holder, std::string_view reason) {
    const PauseReason* published = FindPauseReason(reason);
    if (published == nullptr) {
        return Refuse(reasons::kPauseReason, "reason", {{"reason", std::string(reason)}});
    }
    if (published->applicant_holds && holder != "applicant") {
        return Refuse(reasons::kPauseHolder, "holder", {{"reason", std::string(reason)}});
    }
    return {};
}

/// Records what a running clock has passed by `at`. One that is stopped or paused at exactly 100 %
/// is in time.
Result<> NoteCrossings(db::Transaction& tx, const Recorder& recorder, const CaseId& case_id,
                       ClockRow& clock, Instant at, bool at_the_limit) {
    if (!clock.IsRunning()) return {};
    const auto note = [&](std::string_view kind, const char* colour, Instant when) -> Result<> {
        clock.colour = colour;
        OW_CHECK(recorder.Record(tx, case_id,
                                 MakeEvent(kind, {{"subject", clock.subject},
                                                  {"holder", clock.holder},
                                                  {"colour", colour},
                                                  {"passed_at", EpochMs(when)}})));
        return {};
    };
    if (clock.colour == "green" && clock.amber && *clock.amber <= at) {
        OW_CHECK(note(kAmber, "amber", *clock.amber));
    }
    const bool red = clock.due && (*clock.due < at || (at_the_limit && *clock.due == at));
    if (clock.colour != "red" && red) OW_CHECK(note(kRed, "red", *clock.due));
    return {};
}

Result<> EnqueueWatch(db::Transaction& tx, const api::Services& services, const CaseId& case_id,
                      std::string_view subject, std::int64_t phase, Instant amber) {
    const std::string name(subject);
    return jobs::Enqueue(
        tx, services.clock, services.random,
        {.kind = std::string(kWatch),
         .arguments = json::Canonical(
             json::object{{"case", case_id.value()}, {"subject", name}, {"phase", phase}}),
         .key = "progress.watch:" + case_id.value() + ":" + name + ":" + std::to_string(phase),
         .subject = case_id.value(),
         .run_at = amber});
}

Result<> ApplyStarted(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    const std::string subject = Text(data, "subject");
    OW_CHECK(tx.Execute(queries::kInsertClock, stored.case_id, subject, Text(data, "hall"),
                        Int(data, "limit_minutes"), Int(data, "limit_workdays"),
                        Int(data, "from_at"), IntIfAny(data, "due_at"),
                        IntIfAny(data, "amber_at")));
    OW_CHECK(tx.Execute(queries::kInsertSpan, stored.case_id, subject, std::int64_t{1},
                        Text(data, "holder"), true, "", Int(data, "from_at")));
    return {};
}

Result<> ApplyCharged(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    const std::string subject = Text(data, "subject");
    OW_CHECK(tx.Execute(queries::kCloseSpan, stored.case_id, subject, Int(data, "from_at"),
                        Int(data, "span_ms")));
    OW_CHECK(tx.Execute(queries::kChargeClock, stored.case_id, subject, Text(data, "state"),
                        Int(data, "phase"), Int(data, "phase_since_at"), Int(data, "used_ms"),
                        Int(data, "used_workdays"), IntIfAny(data, "due_at"),
                        IntIfAny(data, "amber_at"), data.at("late").as_bool()));
    OW_CHECK(tx.Execute(queries::kInsertSpan, stored.case_id, subject, Int(data, "span"),
                        Text(data, "holder"), data.at("counts").as_bool(), Text(data, "reason"),
                        Int(data, "from_at")));
    return {};
}

Result<> ApplyStopped(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    const std::string subject = Text(data, "subject");
    OW_CHECK(tx.Execute(queries::kCloseSpan, stored.case_id, subject, Int(data, "stopped_at"),
                        Int(data, "span_ms")));
    OW_CHECK(tx.Execute(queries::kStopClock, stored.case_id, subject, Int(data, "stopped_at"),
                        Int(data, "used_ms"), data.at("late").as_bool()));
    return {};
}

Result<> ApplyColour(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    OW_CHECK(tx.Execute(queries::kColourClock, stored.case_id, Text(data, "subject"),
                        Text(data, "colour")));
    return {};
}

/// The clock as it stands after its open span ended at `at` and one of `order` began.
struct Charged {
    ClockRow clock;
    milliseconds span_time{0};
    bool provisional = false;
    bool resumed = false;
};

Charged DecideCharge(const ClockRow& before, const WorkingTime& time, Instant at, bool counts) {
    Charged after{.clock = before, .span_time = time.Between(before.span_from, at)};
    ClockRow& clock = after.clock;
    clock.state = counts ? "running" : "paused";
    clock.late = IsLate(before, time, at);
    if (before.IsRunning()) clock.used.working += after.span_time;
    if (before.IsRunning() && !counts) {
        clock.used.workdays +=
            time.WorkdaysOver(before.phase_since, at, before.limit.workdays - before.used.workdays);
        // What is used up stays due at the instant at which it was.
        if (clock.due && *clock.due > at) clock.due = clock.amber = std::nullopt;
    }
    if (!before.IsRunning() && counts) {
        after.resumed = true;
        clock.phase += 1;
        clock.phase_since = at;
        if (const auto deadlines = time.DeadlinesOf(clock.limit, clock.used, at)) {
            clock.due = deadlines->due;
            clock.amber = deadlines->amber;
            after.provisional = deadlines->provisional;
        }
    }
    return after;
}

ClockState StateOf(const ClockRow& clock, const WorkingTime& time, Instant now) {
    ClockState state{.subject = clock.subject,
                     .holder = clock.holder,
                     .hall = clock.hall,
                     .state = clock.state,
                     .limit_minutes = clock.limit.minutes,
                     .limit_workdays = clock.limit.workdays,
                     .from = clock.started,
                     .stopped = clock.stopped,
                     .used_ms = UsedBy(clock, time, now).count(),
                     .colour = clock.colour,
                     .late = IsLate(clock, time, now)};
    if (!clock.IsRunning()) return state;
    state.due = clock.due;
    // The page must not stay green while the job that notes it is on its way.
    if (state.colour == "green" && clock.amber && *clock.amber <= now) state.colour = "amber";
    if (clock.due && *clock.due <= now) state.colour = "red";
    return state;
}

}  // namespace

Clocks::Clocks(api::Services& services, const reference::Store& reference, const Recorder& recorder)
    : services_(services), reference_(reference), recorder_(recorder) {}

Result<> Clocks::Start(db::Transaction& tx, const CaseId& case_id, const ClockOrder& order) const {
    OW_ASSERT(order.limit_minutes >= 0 && order.limit_workdays >= 0);
    OW_ASSERT(order.limit_minutes == 0 || order.limit_workdays == 0);
    OW_CHECK(Lock(tx, case_id));
    OW_TRY(const auto present, tx.FindOne(queries::kFindClock, case_id, order.subject));
    if (present) return Refuse(reasons::kClockExists, "subject", {{"subject", order.subject}});
    OW_TRY(const auto snapshot, SnapshotOn(tx, reference_, services_.clock.Now()));
    if (snapshot->FindHours(order.hall) == nullptr) {
        return Refuse(reference::reasons::kHallUnknown, "hall", {{"hall", order.hall}});
    }
    const WorkingTime time(snapshot, order.hall);
    const auto deadlines =
        time.DeadlinesOf({order.limit_minutes, order.limit_workdays}, {}, order.from);
    json::object data{{"subject", order.subject},
                      {"holder", order.holder},
                      {"hall", order.hall},
                      {"limit_minutes", order.limit_minutes},
                      {"limit_workdays", order.limit_workdays},
                      {"from_at", EpochMs(order.from)},
                      {"due_at", nullptr},
                      {"amber_at", nullptr},
                      {"calendar", time.version()}};
    if (deadlines) {
        data["due_at"] = EpochMs(deadlines->due);
        data["amber_at"] = EpochMs(deadlines->amber);
        data["provisional"] = deadlines->provisional;
        OW_CHECK(EnqueueWatch(tx, services_, case_id, order.subject, 1, deadlines->amber));
    }
    OW_CHECK(recorder_.Record(tx, case_id, MakeEvent(kStarted, std::move(data))));
    return {};
}

Result<> Clocks::Charge(db::Transaction& tx, const CaseId& case_id, std::string_view subject,
                        std::string_view holder, bool counts, std::string_view reason) const {
    if (!counts) OW_CHECK(CheckPause(holder, reason));
    OW_TRY(ClockRow clock, LockClock(tx, case_id, subject));
    if (clock.stopped)
        return Refuse(reasons::kClockStopped, "subject", {{"subject", clock.subject}});
    if (clock.holder == holder && clock.counts == counts && clock.reason == reason) return {};
    // The machine's clock may jump back; spans never do.
    const Instant at = std::max(services_.clock.Now(), clock.span_from);
    OW_CHECK(NoteCrossings(tx, recorder_, case_id, clock, at, counts));
    OW_TRY(auto snapshot, SnapshotOn(tx, reference_, at));
    const WorkingTime time(std::move(snapshot), clock.hall);
    const Charged after = DecideCharge(clock, time, at, counts);
    json::object data{{"subject", clock.subject},
                      {"holder", std::string(holder)},
                      {"counts", counts},
                      {"reason", std::string(reason)},
                      {"from_at", EpochMs(at)},
                      {"span", clock.span_number + 1},
                      {"span_ms", after.span_time.count()},
                      {"state", after.clock.state},
                      {"phase", after.clock.phase},
                      {"phase_since_at", EpochMs(after.clock.phase_since)},
                      {"used_ms", after.clock.used.working.count()},
                      {"used_workdays", after.clock.used.workdays},
                      {"due_at", InstantOrNull(after.clock.due)},
                      {"amber_at", InstantOrNull(after.clock.amber)},
                      {"late", after.clock.late},
                      {"calendar", time.version()}};
    if (after.provisional) data["provisional"] = true;
    if (after.resumed && after.clock.amber) {
        OW_CHECK(
            EnqueueWatch(tx, services_, case_id, subject, after.clock.phase, *after.clock.amber));
    }
    OW_CHECK(recorder_.Record(tx, case_id, MakeEvent(kCharged, std::move(data))));
    return {};
}

Result<> Clocks::Stop(db::Transaction& tx, const CaseId& case_id, std::string_view subject) const {
    OW_TRY(ClockRow clock, LockClock(tx, case_id, subject));
    if (clock.stopped) return {};
    const Instant at = std::max(services_.clock.Now(), clock.span_from);
    OW_CHECK(NoteCrossings(tx, recorder_, case_id, clock, at, false));
    OW_TRY(auto snapshot, SnapshotOn(tx, reference_, at));
    const WorkingTime time(std::move(snapshot), clock.hall);
    OW_CHECK(recorder_.Record(
        tx, case_id,
        MakeEvent(kStopped, {{"subject", clock.subject},
                             {"holder", clock.holder},
                             {"stopped_at", EpochMs(at)},
                             {"span_ms", time.Between(clock.span_from, at).count()},
                             {"used_ms", UsedBy(clock, time, at).count()},
                             {"late", IsLate(clock, time, at)},
                             {"calendar", time.version()}})));
    return {};
}

Result<std::vector<ClockState>> Clocks::Read(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListClocks, case_id));
    const Instant now = services_.clock.Now();
    OW_TRY(const auto snapshot, SnapshotOn(tx, reference_, now));
    std::vector<ClockState> states;
    for (const db::Row& row : rows) {
        const ClockRow clock = ClockFrom(row);
        states.push_back(StateOf(clock, WorkingTime(snapshot, clock.hall), now));
    }
    return states;
}

Result<std::vector<Span>> Clocks::ReadSpans(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListSpans, case_id));
    const Instant now = services_.clock.Now();
    OW_TRY(const auto snapshot, SnapshotOn(tx, reference_, now));
    std::vector<Span> spans;
    for (const db::Row& row : rows) {
        Span& span = spans.emplace_back(Span{.subject = row.Text("subject"),
                                             .holder = row.Text("holder"),
                                             .reason = row.Text("reason"),
                                             .from = row.Time("from_at"),
                                             .until = row.TimeIfAny("until_at"),
                                             .counts = row.Bool("counts"),
                                             .working_ms = row.Int("working_ms")});
        if (span.until) continue;
        span.working_ms = WorkingTime(snapshot, row.Text("hall")).Between(span.from, now).count();
    }
    return spans;
}

jobs::Outcome Clocks::Watch(const jobs::Job& job) const {
    const auto read = json::Parse(job.arguments);
    if (!read) return jobs::GiveUp{read.error().Describe()};
    const CaseId case_id(json::TextAt(*read, "case"));
    const std::string subject = json::TextAt(*read, "subject");
    const std::int64_t phase = json::IntAt(*read, "phase");
    auto outcome = services_.database.Write([&](db::Transaction& tx) -> Result<jobs::Outcome> {
        OW_TRY(ClockRow clock, LockClock(tx, case_id, subject));
        // Paused, stopped, or running again: then another job watches.
        if (clock.IsRunning() && clock.phase == phase) {
            const Instant now = services_.clock.Now();
            OW_CHECK(NoteCrossings(tx, recorder_, case_id, clock, now, true));
            const auto& next = clock.colour == "green" ? clock.amber : clock.due;
            if (clock.colour != "red" && next) return jobs::Outcome{jobs::Wait{*next}};
        }
        OW_CHECK(jobs::Finish(tx, services_.clock, job));
        return jobs::Outcome{jobs::Done{}};
    });
    if (!outcome) return jobs::Retry{.why = outcome.error().Describe()};
    return *std::move(outcome);
}

void Clocks::RegisterJobs(jobs::Runner& runner) const {
    runner.Register(std::string(kWatch), {}, [this](const jobs::Job& job) { return Watch(job); });
}

void RegisterEvents(EventKinds& kinds) {
    kinds.Register(std::string(kStarted), &ApplyStarted);
    kinds.Register(std::string(kCharged), &ApplyCharged);
    kinds.Register(std::string(kStopped), &ApplyStopped);
    kinds.Register(std::string(kAmber), &ApplyColour);
    kinds.Register(std::string(kRed), &ApplyColour);
}

}  // namespace onewindow::progress
