#include "application/application.hpp"
#include "application/queries.gen.hpp"
#include "application/reasons.hpp"
#include "kernel/text/text.hpp"
#include "reference/codes/codes.hpp"

// The case's rows: reading them, and writing them from events only.
namespace onewindow::application {
namespace {

State ReadState(std::string_view text) {
    State state = State::kDrafting;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<State>>([&](auto entry) {
        if (json::EnumText(entry.name) == text) state = entry.value;
    });
    return state;
}

std::string StateText(State state) { return std::string(json::Write(state).as_string()); }

Case ReadCase(const db::Row& row) {
    return {.id = CaseId(row.Text("id")),
            .number = row.Text("number"),
            .entity_type = row.Text("entity_type"),
            .county = row.Text("county"),
            .authority = row.Text("authority"),
            .account = row.Text("account"),
            .person = row.Text("person"),
            .policy_version = row.Text("policy_version"),
            .state = ReadState(row.Text("state")),
            .frozen = row.Bool("frozen"),
            .version = row.Int("version"),
            .revision = row.Int("revision"),
            .opened_at = row.Time("opened_at"),
            .submitted_at = row.TimeIfAny("submitted_at"),
            .licensed_at = row.TimeIfAny("licensed_at"),
            .completed_at = row.TimeIfAny("completed_at"),
            .human_review_wanted = row.Bool("human_review"),
            .auto_submit = row.Bool("auto_submit"),
            .business_name = row.Text("business_name"),
            .name_hold = row.Text("name_hold"),
            .name_hold_until = row.TimeIfAny("name_hold_until")};
}

std::string PlaceOf(const CaseId& id, std::int64_t revision) {
    return "application_revision.facts:" + id.value() + ":" + std::to_string(revision);
}

/// Discards the row count of a statement whose effect is certain.
Result<> Done(Result<std::int64_t> changed) {
    if (!changed) return Failure(std::move(changed).error());
    return {};
}

Result<> ApplyOpened(db::Transaction& tx, const progress::StoredEvent& event) {
    const json::object& data = event.event.data;
    const std::string number = json::TextAt(data, "number");
    OW_CHECK(tx.Execute(queries::kInsertCase, event.case_id, number, json::TextAt(data, "entity_type"),
                        json::TextAt(data, "county"), json::TextAt(data, "authority"), json::TextAt(data, "account"),
                        json::TextAt(data, "person"), json::TextAt(data, "policy_version"), event.sequence, event.at));
    return Done(tx.Execute(queries::kRaiseNumber, number.substr(0, 6), number.substr(6, 8),
                           std::int64_t{std::stol(number.substr(14, 6))}));
}

Result<> ApplySaved(db::Transaction& tx, const progress::StoredEvent& event) {
    const std::int64_t revision = json::IntAt(event.event.data, "revision");
    const auto sealed = crypto::FromBase64(json::TextAt(event.event.sensitive, "facts_sealed"));
    if (!sealed) return Failure(sealed.error());
    OW_CHECK(tx.Execute(queries::kInsertRevision, event.case_id, revision, db::Bytes{*sealed}, event.event.actor, event.at));
    return Done(tx.Execute(queries::kSetRevision, event.case_id, revision, event.sequence));
}

Result<> ApplyMoved(db::Transaction& tx, const progress::StoredEvent& event) {
    return Done(tx.Execute(queries::kMoveCase, event.case_id, json::TextAt(event.event.data, "to"), event.sequence, event.at));
}

Result<> ApplyPapers(db::Transaction& tx, const progress::StoredEvent& event) {
    const std::int64_t revision = json::IntAt(event.event.data, "revision");
    for (const json::value& paper : event.event.data.at("papers").as_array()) {
        OW_CHECK(tx.Execute(queries::kInsertPaper, event.case_id, revision, json::TextAt(paper, "id"),
                            json::TextAt(paper, "title"), json::TextAt(paper, "data_sm3"),
                            json::TextAt(paper, "rendering_sm3"), json::TextAt(paper, "blob")));
    }
    return {};
}

Result<> ApplyMember(db::Transaction& tx, const progress::StoredEvent& event) {
    return Done(tx.Execute(queries::kInsertMember, event.case_id, json::TextAt(event.event.data, "person"),
                           json::TextAt(event.event.data, "capacity"), event.at));
}

Result<> ApplyFlags(db::Transaction& tx, const progress::StoredEvent& event) {
    return Done(tx.Execute(queries::kSetFlags, event.case_id, json::BoolAt(event.event.data, "human_review"),
                           json::BoolAt(event.event.data, "auto_submit"), event.sequence));
}

Result<> ApplyName(db::Transaction& tx, const progress::StoredEvent& event) {
    const json::value* until = event.event.data.if_contains("until");
    return Done(tx.Execute(queries::kSetName, event.case_id, json::TextAt(event.event.data, "name"),
                           json::TextAt(event.event.data, "hold"),
                           until == nullptr ? std::optional<std::int64_t>{} : std::optional(until->to_number<std::int64_t>()),
                           event.sequence));
}

Result<> ApplyFrozen(db::Transaction& tx, const progress::StoredEvent& event) {
    return Done(tx.Execute(queries::kSetFrozen, event.case_id, json::BoolAt(event.event.data, "frozen"),
                           json::TextAt(event.event.data, "reason"), event.sequence));
}

}  // namespace

bool IsEdge(State from, State to) {
    using enum State;
    switch (from) {
        case kDrafting: return to == kSigning || to == kWithdrawn || to == kExpired;
        case kSigning: return to == kDrafting || to == kSubmitted || to == kWithdrawn || to == kExpired;
        case kSubmitted: return to == kReviewing || to == kWithdrawn;
        case kReviewing: return to == kReturned || to == kRefused || to == kLicensed || to == kWithdrawn;
        case kReturned: return to == kDrafting || to == kSigning || to == kWithdrawn || to == kExpired;
        case kLicensed: return to == kCompleting;
        case kCompleting: return to == kComplete || to == kCompleteWithOpenMatters;
        // An open matter can be restarted later through the same case (domain.md J20).
        case kCompleteWithOpenMatters: return to == kComplete;
        case kRefused:
        case kWithdrawn:
        case kExpired:
        case kComplete: return false;
    }
    return false;
}

void RegisterEvents(progress::EventKinds& kinds) {
    kinds.Register("application.opened", ApplyOpened);
    kinds.Register("application.saved", ApplySaved);
    kinds.Register("application.state_changed", ApplyMoved);
    kinds.Register("application.papers_made", ApplyPapers);
    kinds.Register("application.member_added", ApplyMember);
    kinds.Register("application.flags_set", ApplyFlags);
    kinds.Register("application.frozen_changed", ApplyFrozen);
    kinds.Register("application.name_held", ApplyName);
    kinds.Register("application.name_released", ApplyName);
}

Result<CaseCounts> CountCases(db::Transaction& tx) {
    OW_TRY(const auto row, tx.FindOne(queries::kCountCases));
    OW_ASSERT(row.has_value());
    return CaseCounts{row->Int("cases"), row->Int("licensed"), row->Int("complete")};
}

Result<Case> Application::Lock(db::Transaction& tx, const CaseId& id) const {
    OW_TRY(const auto row, tx.FindOne(queries::kLockCase, id));
    if (!row) return Refuse(reasons::kNoCase);
    return ReadCase(*row);
}

Result<Case> Application::Find(db::Transaction& tx, const CaseId& id) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindCase, id));
    if (!row) return Refuse(reasons::kNoCase);
    return ReadCase(*row);
}

Result<Case> Application::FindByNumber(db::Transaction& tx, std::string_view number) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindCaseByNumber, number));
    if (!row) return Refuse(reasons::kNoCase);
    return ReadCase(*row);
}

Result<std::vector<Case>> Application::CasesOf(db::Transaction& tx, std::string_view person) const {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListCasesOfPerson, person));
    std::vector<Case> cases;
    for (const db::Row& row : rows) cases.push_back(ReadCase(row));
    return cases;
}

Result<CaseView> Application::View(db::Transaction& tx, const CaseId& id) const {
    OW_TRY(Case the_case, Find(tx, id));
    CaseView view{std::move(the_case), {}};
    if (view.the_case.revision == 0) return view;
    OW_TRY(const auto row, tx.FindOne(queries::kFindRevision, id, view.the_case.revision));
    OW_ASSERT(row.has_value());
    OW_TRY(const std::string text, deps_.services.sealer.Open(row->Blob("facts"), PlaceOf(id, view.the_case.revision)));
    OW_TRY(json::value facts, json::Parse(text));
    view.facts = std::move(facts.as_object());
    return view;
}

Result<std::vector<Paper>> Application::Papers(db::Transaction& tx, const CaseId& id) const {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListPapers, id));
    std::vector<Paper> papers;
    for (const db::Row& row : rows) {
        papers.push_back({.id = row.Text("id"),
                          .title = row.Text("title"),
                          .data_sm3 = row.Text("data_sm3"),
                          .rendering_sm3 = row.Text("rendering_sm3"),
                          .blob = row.Text("blob")});
    }
    return papers;
}

Result<> Application::Move(db::Transaction& tx, Case& the_case, State to, std::string_view actor, json::object data) const {
    // Freezing stops every step; only the withdrawal by the founders themselves stays open.
    if (the_case.frozen && to != State::kWithdrawn) return Refuse(reasons::kFrozen);
    if (!IsEdge(the_case.state, to)) {
        return Refuse(reasons::kNoEdge, "", {{"from", StateText(the_case.state)}, {"to", StateText(to)}});
    }
    data["from"] = StateText(the_case.state);
    data["to"] = StateText(to);
    OW_TRY(const auto stored, deps_.recorder.Record(tx, the_case.id, {.kind = "application.state_changed", .actor = std::string(actor), .data = std::move(data)}));
    the_case.state = to;
    the_case.version = stored.sequence;
    return {};
}

Result<> Application::SaveFacts(db::Transaction& tx, Case& the_case, const json::object& facts, std::string_view actor) const {
    const std::int64_t revision = the_case.revision + 1;
    const std::string sealed = deps_.services.sealer.Seal(json::Canonical(facts), PlaceOf(the_case.id, revision));
    OW_TRY(const auto stored,
           deps_.recorder.Record(tx, the_case.id, {.kind = "application.saved",
                                                   .actor = std::string(actor),
                                                   .data = {{"revision", revision}},
                                                   .sensitive = {{"facts_sealed", crypto::Base64(sealed)}}}));
    the_case.revision = revision;
    the_case.version = stored.sequence;
    return {};
}

Result<> Application::Freeze(db::Transaction& tx, const CaseId& id, bool frozen, std::string_view reason, std::string_view actor) const {
    OW_TRY(const auto stored,
           deps_.recorder.Record(tx, id, {.kind = "application.frozen_changed",
                                          .actor = std::string(actor),
                                          .data = {{"frozen", frozen}, {"reason", json::value(reason)}}}));
    static_cast<void>(stored);
    return {};
}

Result<> Application::AddMember(db::Transaction& tx, const CaseId& id, std::string_view person, std::string_view capacity) const {
    OW_TRY(const db::Rows known, tx.Read(queries::kFindMember, id, person));
    for (const db::Row& row : known) {
        if (row.Text("capacity") == capacity) return {};
    }
    OW_CHECK(deps_.recorder.Record(tx, id, {.kind = "application.member_added",
                                            .actor = "system",
                                            .data = {{"person", json::value(person)}, {"capacity", json::value(capacity)}}}));
    return {};
}

Result<> Application::MaySee(db::Transaction& tx, const auth::Principal& principal, const Case& the_case) const {
    if (!principal.person.empty()) {
        if (principal.person == the_case.person) return {};
        OW_TRY(const db::Rows parts, tx.Read(queries::kFindMember, the_case.id, principal.person));
        if (!parts.empty()) return {};
    }
    using auth::Role;
    const bool by_office = principal.May(Role::kRegistrar, the_case.county, the_case.authority) ||
                           principal.May(Role::kSupervisor, the_case.county) ||
                           principal.May(Role::kWindowClerk, the_case.county);
    if (by_office) return {};
    // Who may not see a case may not learn that it is there either.
    return Refuse(reasons::kNoCase);
}

Result<> Application::MayEdit(db::Transaction& tx, const auth::Principal& principal, const Case& the_case) const {
    if (principal.person.empty()) return Refuse(reasons::kNoCase);
    if (principal.person == the_case.person) return {};
    OW_TRY(const db::Rows parts, tx.Read(queries::kFindMember, the_case.id, principal.person));
    for (const db::Row& row : parts) {
        if (row.Text("capacity") == "co_founder") return {};
    }
    return Refuse(reasons::kNoCase);
}

}  // namespace onewindow::application
