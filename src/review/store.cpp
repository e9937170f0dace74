#include "review/queries.gen.hpp"
#include "review/reasons.hpp"
#include "review/review.hpp"
#include "review/rows.hpp"

// The room's rows: written from events only; lists and officers are configuration and belong to no
// case; a switch has a timeline of its own.
namespace onewindow::review {
namespace {

using progress::StoredEvent;

std::string Text(const StoredEvent& event, std::string_view name) {
    return json::TextAt(event.event.data, name);
}

Result<> Done(Result<std::int64_t> changed) {
    if (!changed) return Failure(std::move(changed).error());
    return {};
}

Result<> ApplyExamined(db::Transaction& tx, const StoredEvent& event) {
    const std::string id = Text(event, "examination");
    OW_TRY(const std::string basis,
           crypto::FromBase64(json::TextAt(event.event.sensitive, "basis_sealed")));
    OW_CHECK(tx.Execute(queries::kInsertExamination, id, event.case_id,
                        json::IntAt(event.event.data, "revision"), Text(event, "policy_version"),
                        Text(event, "pack_version"), Text(event, "basis_sm3"),
                        Text(event, "outcome"), db::Bytes{basis}, event.at, event.sequence));
    for (const json::value& finding : event.event.data.at("findings").as_array()) {
        OW_CHECK(tx.Execute(queries::kInsertFinding, id, json::TextAt(finding, "rule"),
                            json::IntAt(finding, "version"), json::TextAt(finding, "citation"),
                            json::TextAt(finding, "verdict"), json::Canonical(finding.at("inputs")),
                            json::TextAt(finding, "reason")));
    }
    for (const json::value& subject : event.event.sensitive.at("subjects").as_array()) {
        OW_CHECK(tx.Execute(queries::kInsertSubject, json::TextAt(subject, "kind"),
                            json::TextAt(subject, "hash"), event.case_id));
    }
    return {};
}

Result<> ApplyTaskOpened(db::Transaction& tx, const StoredEvent& event) {
    OW_CHECK(tx.Execute(queries::kVoidTasks, event.case_id, event.at));
    return Done(tx.Execute(queries::kInsertTask, Text(event, "task"), event.case_id,
                           Text(event, "kind"), Text(event, "authority"), Text(event, "county"),
                           json::Canonical(event.event.data.at("rules")), Text(event, "preferred"),
                           event.at));
}

Result<> ApplyDealt(db::Transaction& tx, const StoredEvent& event) {
    return Done(tx.Execute(queries::kDealTask, Text(event, "task"), Text(event, "officer"),
                           json::IntAt(event.event.data, "locked_until_at")));
}

Result<> CloseTask(db::Transaction& tx, const StoredEvent& event, std::string_view state) {
    const std::string task = Text(event, "task");
    if (task.empty()) return {};  // The machine's own.
    return Done(tx.Execute(queries::kCloseTask, task, state, event.at));
}

Result<> ApplyGranted(db::Transaction& tx, const StoredEvent& event) {
    return CloseTask(tx, event, "granted");
}
Result<> ApplyRefused(db::Transaction& tx, const StoredEvent& event) {
    return CloseTask(tx, event, "refused");
}
Result<> ApplyRecheckClosed(db::Transaction& tx, const StoredEvent& event) {
    return CloseTask(tx, event, Text(event, "result"));
}

Result<> ApplyReturned(db::Transaction& tx, const StoredEvent& event) {
    OW_CHECK(tx.Execute(queries::kInsertNotice, event.case_id,
                        json::IntAt(event.event.data, "notice"), Text(event, "examination"),
                        Text(event, "officer"), json::Canonical(event.event.data.at("items")),
                        event.at));
    return CloseTask(tx, event, "returned");
}

Result<> ApplySwitchedOff(db::Transaction& tx, const StoredEvent& event) {
    const json::object& data = event.event.data;
    const json::value* until = data.if_contains("until_at");
    const std::optional<std::int64_t> ends =
        until != nullptr && until->is_int64() ? std::optional(until->get_int64()) : std::nullopt;
    return Done(tx.Execute(queries::kInsertSwitch, Text(event, "switch"), Text(event, "scope"), Text(event, "value"),
                           event.at, ends, Text(event, "reason"), Text(event, "by"), Text(event, "role")));
}

Result<> ApplySwitchedOn(db::Transaction& tx, const StoredEvent& event) {
    return Done(tx.Execute(queries::kEndSwitch, Text(event, "switch"), event.at, Text(event, "by"), Text(event, "reason")));
}

Result<> ApplyWithdrawn(db::Transaction& tx, const StoredEvent& event) {
    return Done(tx.Execute(queries::kVoidTasks, event.case_id, event.at));
}

Result<> ApplyNothing(db::Transaction&, const StoredEvent&) { return {}; }

}  // namespace

Task ReadTask(const db::Row& row) {
    return {.id = row.Text("id"),
            .case_id = CaseId(row.Text("case_id")),
            .kind = row.Text("kind"),
            .authority = row.Text("authority"),
            .county = row.Text("county"),
            .rules = row.Text("rules"),
            .state = row.Text("state"),
            .preferred = row.Text("preferred"),
            .officer = row.Text("officer"),
            .locked_until = row.TimeIfAny("locked_until"),
            .referred_at = row.Time("referred_at")};
}

std::string DocumentHash(const sealing::Sealer& sealer, std::string_view id_number) {
    return sealer.LookupHash(reference::NormaliseCode(id_number), "review_person");
}

void RegisterEvents(progress::EventKinds& kinds) {
    kinds.Register("review.examined", ApplyExamined);
    kinds.Register("review.referred", ApplyTaskOpened);
    kinds.Register("review.recheck_drawn", ApplyTaskOpened);
    kinds.Register("review.dealt", ApplyDealt);
    kinds.Register("review.granted", ApplyGranted);
    kinds.Register("review.returned", ApplyReturned);
    kinds.Register("review.refused", ApplyRefused);
    kinds.Register("review.recheck_closed", ApplyRecheckClosed);
    kinds.Register("review.switched_off", ApplySwitchedOff);
    kinds.Register("review.switched_on", ApplySwitchedOn);
    kinds.Register("review.withdrawn", ApplyWithdrawn);
    kinds.Register("review.added_condition_attempt", ApplyNothing);
}

Result<> PutListEntry(db::Transaction& tx, const api::Services& services, const ListEntry& entry) {
    if (entry.kind != "dishonest" && entry.kind != "false_registration" &&
        entry.kind != "disqualified")
        return Refuse(reasons::kListKind, "kind");
    return Done(tx.Execute(queries::kPutEntry, entry.kind,
                           DocumentHash(services.sealer, entry.id_number), entry.until,
                           entry.source, services.clock.Now()));
}

Result<> NameOfficer(db::Transaction& tx, const api::Services& services, std::string_view account,
                     std::string_view id_number) {
    return Done(
        tx.Execute(queries::kPutOfficer, account, DocumentHash(services.sealer, id_number)));
}

}  // namespace onewindow::review
