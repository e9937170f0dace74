#pragma once

#include <functional>
#include <map>
#include <string>

#include "kernel/api/api.hpp"
#include "kernel/json/json.hpp"

// Timeline events: each state change is an event, written, committed to the ledger and applied in
// one transaction. Tables of a case change only through Apply functions, so that replaying the
// events rebuilds them (I13).
namespace onewindow::progress {

using CaseId = Id<struct CaseTag>;
using EventId = Id<struct EventTag>;

/// One line of a case's timeline. `data` may be shown to whoever may see the case; `sensitive` is
/// sealed at rest and holds personal facts and whatever else the tables need. Both together must
/// suffice for Apply.
struct Event {
    std::string kind;   // "application.submitted"
    std::string actor;  // "person:01J…", "registrar:…", "agency:tax", "system"
    json::object data = {};
    json::object sensitive = {};
};

struct StoredEvent {
    EventId id;
    CaseId case_id;
    std::int64_t sequence = 0;  // From 1, gapless in its case.
    Instant at;
    Event event;
};

/// Writes the rooms' tables from one event. Uses nothing but the event: no clock, no chance, no
/// reference data.
using Apply = std::function<Result<>(db::Transaction& tx, const StoredEvent& event)>;

/// All event kinds of all rooms; filled at start, then only read.
class EventKinds {
 public:
    void Register(std::string kind, Apply apply);
    bool Knows(std::string_view kind) const;
    const Apply& Of(std::string_view kind) const;  // Asserts that the kind is known.
    std::vector<std::string> Names() const;

 private:
    std::map<std::string, Apply, std::less<>> kinds_;
};

/// Appends to the timeline, adds the salted ledger leaf of the case's authority, and applies. In
/// the caller's transaction; the first event of a case opens its timeline under `authority`.
class Recorder {
 public:
    Recorder(api::Services& services, const EventKinds& kinds)
        : services_(services), kinds_(kinds) {}

    Result<> Open(db::Transaction& tx, const CaseId& case_id, std::string_view authority) const;
    Result<StoredEvent> Record(db::Transaction& tx, const CaseId& case_id, Event event) const;
    /// Called after each commit that recorded an event; set at start. For waking the event streams.
    void OnRecorded(std::function<void()> action);

 private:
    api::Services& services_;
    const EventKinds& kinds_;
    std::function<void()> after_commit_;
};

/// What the event's ledger leaf commits to (RFC 8785), the sealed part in clear:
/// ledger::Opens(digest, salt, this).
std::string CanonicalEvent(const StoredEvent& stored);

/// Events of a case after a sequence number, in order.
Result<std::vector<StoredEvent>> ReadEvents(db::Transaction& tx, const sealing::Sealer& sealer,
                                            const CaseId& case_id, std::int64_t after,
                                            std::int64_t limit);

/// The same without the sealed part: what may be shown to whoever may see the case.
Result<std::vector<StoredEvent>> ReadTimeline(db::Transaction& tx, const CaseId& case_id,
                                              std::int64_t after, std::int64_t limit);

/// Applies every stored event, in order within each case, to another, empty database and stores the
/// events there: the tables must come out equal. The ledger is not rebuilt, it is verified by
/// itself. Returns how many were applied.
Result<std::int64_t> Replay(db::Database& from, db::Database& into, api::Services& services,
                            const EventKinds& kinds);

}  // namespace onewindow::progress
