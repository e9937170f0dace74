#include "progress/events.hpp"

#include "kernel/ledger/ledger.hpp"
#include "progress/queries.gen.hpp"
#include "progress/reasons.hpp"

namespace onewindow::progress {
namespace {

/// Timelines and events that one transaction of a replay carries.
constexpr std::int64_t kReplayPage = 200;

std::string PlaceOf(const EventId& id) { return "progress_event:" + id.value(); }

/// The sealed part, or NULL where there is none.
db::Value Sealed(const sealing::Sealer& sealer, const EventId& id, const json::object& sensitive) {
    if (sensitive.empty()) return std::monostate{};
    return db::Bytes{sealer.Seal(json::Canonical(sensitive), PlaceOf(id))};
}

Result<json::object> ReadObject(std::string_view text) {
    OW_TRY(const json::value read, json::Parse(text));
    OW_ASSERT(read.is_object());
    return read.get_object();
}

Result<StoredEvent> FromRow(const db::Row& row, const sealing::Sealer* sealer) {
    StoredEvent stored{.id = row.As<EventId>("id"),
                       .case_id = row.As<CaseId>("case_id"),
                       .sequence = row.Int("sequence"),
                       .at = row.Time("at"),
                       .event = {.kind = row.Text("kind"), .actor = row.Text("actor")}};
    OW_TRY(stored.event.data, ReadObject(row.Text("data")));
    if (sealer != nullptr && !row.IsNull("sensitive")) {
        OW_TRY(const std::string plain, sealer->Open(row.Blob("sensitive"), PlaceOf(stored.id)));
        OW_TRY(stored.event.sensitive, ReadObject(plain));
    }
    return stored;
}

Result<std::vector<StoredEvent>> FromRows(const db::Rows& rows, const sealing::Sealer* sealer) {
    std::vector<StoredEvent> events;
    events.reserve(rows.size());
    for (const db::Row& row : rows) {
        OW_TRY(StoredEvent stored, FromRow(row, sealer));
        events.push_back(std::move(stored));
    }
    return events;
}

/// Writes one page of a case's events, as they are stored, and applies them.
Result<> ReplayPage(db::Transaction& tx, const db::Rows& rows, const sealing::Sealer& sealer,
                    const EventKinds& kinds) {
    for (const db::Row& row : rows) {
        OW_TRY(const StoredEvent stored, FromRow(row, &sealer));
        OW_TRY(const auto sequence, tx.FindOne(queries::kTakeSequence, stored.case_id));
        OW_ASSERT(sequence && sequence->Int("sequence") == stored.sequence);
        OW_CHECK(tx.Change(queries::kInsertEvent, row.values()));
        if (!kinds.Knows(stored.event.kind)) {
            return Refuse(reasons::kEventKindUnknown, "kind", {{"kind", stored.event.kind}});
        }
        OW_CHECK(kinds.Of(stored.event.kind)(tx, stored));
    }
    return {};
}

Result<> CopyTimelines(db::Transaction& tx, const db::Rows& timelines) {
    for (const db::Row& row : timelines) {
        OW_CHECK(tx.Execute(queries::kInsertTimeline, row.Text("case_id"), row.Text("authority")));
    }
    return {};
}

Result<std::int64_t> ReplayCase(db::Database& from, db::Database& into,
                                const sealing::Sealer& sealer, const EventKinds& kinds,
                                const CaseId& case_id) {
    std::int64_t last = 0;
    for (;;) {
        OW_TRY(const db::Rows rows, from.Read([&](db::Transaction& tx) {
            return tx.Read(queries::kListEvents, case_id, last, kReplayPage);
        }));
        if (rows.empty()) return last;
        OW_CHECK(
            into.Write([&](db::Transaction& tx) { return ReplayPage(tx, rows, sealer, kinds); }));
        last = rows.back().Int("sequence");
    }
}

}  // namespace

void EventKinds::Register(std::string kind, Apply apply) {
    OW_ASSERT(apply != nullptr);
    const bool fresh = kinds_.emplace(std::move(kind), std::move(apply)).second;
    OW_ASSERT(fresh);  // Two rooms must not share a kind.
}

bool EventKinds::Knows(std::string_view kind) const { return kinds_.contains(kind); }

const Apply& EventKinds::Of(std::string_view kind) const {
    const auto found = kinds_.find(kind);
    OW_ASSERT(found != kinds_.end());
    return found->second;
}

std::vector<std::string> EventKinds::Names() const {
    std::vector<std::string> names;
    for (const auto& [kind, apply] : kinds_) names.push_back(kind);
    return names;
}

Result<> Recorder::Open(db::Transaction& tx, const CaseId& case_id,
                        std::string_view authority) const {
    auto opened = tx.Execute(queries::kInsertTimeline, case_id, authority);
    if (!opened) {
        return Failure(db::MapConstraint(std::move(opened).error(), "progress_timeline(case_id)",
                                         reasons::kTimelineExists));
    }
    return {};
}

Result<StoredEvent> Recorder::Record(db::Transaction& tx, const CaseId& case_id,
                                     Event event) const {
    const Apply& apply = kinds_.Of(event.kind);
    OW_TRY(const auto taken, tx.FindOne(queries::kTakeSequence, case_id));
    if (!taken) return Refuse(reasons::kTimelineUnknown, "case");
    const StoredEvent stored{.id = NewId<EventTag>(services_.clock, services_.random),
                             .case_id = case_id,
                             .sequence = taken->Int("sequence"),
                             .at = services_.clock.Now(),
                             .event = std::move(event)};
    const db::Value sealed = Sealed(services_.sealer, stored.id, stored.event.sensitive);
    OW_CHECK(tx.Change(
        queries::kInsertEvent,
        {stored.id.value(), case_id.value(), stored.sequence, stored.event.kind, stored.event.actor,
         EpochMs(stored.at), json::Canonical(stored.event.data), sealed}));
    const auto commitment = ledger::Commit(services_.random, CanonicalEvent(stored));
    OW_CHECK(ledger::Append(tx, services_.clock, taken->Text("authority"), stored.id.value(),
                            commitment));
    OW_CHECK(apply(tx, stored));
    if (after_commit_) tx.AfterCommit(after_commit_);
    return stored;
}

void Recorder::OnRecorded(std::function<void()> action) { after_commit_ = std::move(action); }

std::string CanonicalEvent(const StoredEvent& stored) {
    return json::Canonical(json::object{{"id", stored.id.value()},
                                        {"case", stored.case_id.value()},
                                        {"sequence", stored.sequence},
                                        {"at_ms", EpochMs(stored.at)},
                                        {"kind", stored.event.kind},
                                        {"actor", stored.event.actor},
                                        {"data", stored.event.data},
                                        {"sensitive", stored.event.sensitive}});
}

Result<std::vector<StoredEvent>> ReadEvents(db::Transaction& tx, const sealing::Sealer& sealer,
                                            const CaseId& case_id, std::int64_t after,
                                            std::int64_t limit) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListEvents, case_id, after, limit));
    return FromRows(rows, &sealer);
}

Result<std::vector<StoredEvent>> ReadTimeline(db::Transaction& tx, const CaseId& case_id,
                                              std::int64_t after, std::int64_t limit) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListEvents, case_id, after, limit));
    return FromRows(rows, nullptr);
}

Result<std::int64_t> Replay(db::Database& from, db::Database& into, api::Services& services,
                            const EventKinds& kinds) {
    OW_TRY(const db::Rows present, into.Read([&](db::Transaction& tx) {
        return tx.Read(queries::kListTimelines, "", std::int64_t{1});
    }));
    if (!present.empty()) return Refuse(reasons::kReplayTargetInUse);
    std::int64_t events = 0;
    std::string last;
    for (;;) {
        OW_TRY(const db::Rows timelines, from.Read([&](db::Transaction& tx) {
            return tx.Read(queries::kListTimelines, last, kReplayPage);
        }));
        if (timelines.empty()) return events;
        OW_CHECK(into.Write([&](db::Transaction& tx) { return CopyTimelines(tx, timelines); }));
        for (const db::Row& row : timelines) {
            OW_TRY(const std::int64_t replayed,
                   ReplayCase(from, into, services.sealer, kinds, row.As<CaseId>("case_id")));
            events += replayed;
        }
        last = timelines.back().Text("case_id");
    }
}

}  // namespace onewindow::progress
