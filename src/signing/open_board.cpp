#include "signing/board.hpp"
#include "signing/queries.gen.hpp"
#include "signing/reasons.hpp"

// Opening and closing the board, and whether it is complete.
namespace onewindow::signing {
namespace {

/// Working days after the opening on which those who have not signed are reminded.
constexpr int kReminderWorkdays[] = {2, 5, 8};

const json::value* FindPerson(const json::object& facts, std::string_view key) {
    const json::value* people = facts.if_contains("people");
    if (people == nullptr || !people->is_array()) return nullptr;
    for (const json::value& person : people->get_array()) {
        if (json::TextAt(person, "key") == key) return &person;
    }
    return nullptr;
}

json::array VoidedJson(const std::vector<SignRequest>& requests,
                       const std::vector<std::pair<std::size_t, std::string>>& voided) {
    json::array out;
    for (const auto& [index, why] : voided)
        out.push_back(json::object{{"id", requests[index].id}, {"why", why}});
    return out;
}

Result<std::vector<SignRequest>> RequestsOf(db::Transaction& tx, const CaseId& case_id) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListRequests, case_id));
    std::vector<SignRequest> requests;
    for (const db::Row& row : rows) requests.push_back(ReadRequest(row));
    return requests;
}

}  // namespace

Signing::Signing(Deps deps) : deps_(std::move(deps)) {
    deps_.identity.OnVerified(
        [this](db::Transaction& tx, const identity::Person& person) { return Admit(tx, person); });
}

Result<> Signing::Record(db::Transaction& tx, const CaseId& case_id, progress::Event event) const {
    OW_CHECK(deps_.application.deps().recorder.Record(tx, case_id, std::move(event)));
    return {};
}

Result<std::optional<Signing::Board>> Signing::FindBoard(db::Transaction& tx,
                                                         const CaseId& case_id) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindBoard, case_id));
    if (!row) return std::optional<Board>{};
    return std::optional<Board>{Board{.case_id = case_id,
                                      .number = row->Int("number"),
                                      .deadline = row->Time("deadline"),
                                      .state = row->Text("state")}};
}

/// Whoever is asked to sign may see what it is about.
Result<> Signing::Admit(db::Transaction& tx, const identity::Person& person) const {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListRequestsOfDocument, person.document_hash));
    for (const db::Row& row : rows) {
        OW_CHECK(deps_.application.AddMember(tx, row.As<CaseId>("case_id"), person.id.value(),
                                             "signatory"));
    }
    return {};
}

/// The signing matrix of the entity type over these facts and papers; several papers of one
/// capacity are one request.
Result<std::vector<Signing::Required>> Signing::RequiredOf(
    const application::CaseView& view, const std::vector<application::Paper>& papers) const {
    const application::EntityType* type =
        deps_.application.FindEntityType(view.the_case.entity_type);
    OW_ASSERT(type != nullptr);
    std::vector<Required> all;
    for (const application::Signatory& signatory : type->signatories(view.facts)) {
        const json::value* person = FindPerson(view.facts, signatory.person);
        if (person == nullptr)
            return Fail(Error(Fault{&reasons::kMatrix, "people"}).WithDetail(signatory.person));
        Required required{.person_key = signatory.person,
                          .document_hash = deps_.identity.DocumentHash(
                              json::TextAt(*person, "id_type"), json::TextAt(*person, "id_number")),
                          .capacity = signatory.capacity,
                          .principal = signatory.principal,
                          .verified_only = signatory.verified_only,
                          .papers = {}};
        const auto same = std::find_if(all.begin(), all.end(), [&](const Required& other) {
            return other.document_hash == required.document_hash &&
                   other.capacity == required.capacity && other.principal == required.principal;
        });
        Required& target = same == all.end() ? all.emplace_back(std::move(required)) : *same;
        target.verified_only = target.verified_only && signatory.verified_only;
        for (const std::string& id : signatory.papers) {
            const auto paper =
                std::find_if(papers.begin(), papers.end(),
                             [&](const application::Paper& other) { return other.id == id; });
            if (paper == papers.end())
                return Fail(Error(Fault{&reasons::kMatrix, "papers"}).WithDetail(id));
            const bool twice = std::any_of(target.papers.begin(), target.papers.end(),
                                           [&](const SignPaper& other) { return other.id == id; });
            if (!twice)
                target.papers.push_back(
                    {paper->id, paper->title, paper->data_sm3, paper->rendering_sm3, paper->blob});
        }
    }
    for (Required& required : all) {
        std::sort(required.papers.begin(), required.papers.end(),
                  [](const SignPaper& one, const SignPaper& other) { return one.id < other.id; });
        // Who signs nothing is verified, whatever the matrix says; else an empty statement would
        // pass for consent.
        if (required.verified_only != required.papers.empty())
            return Fail(Error(Fault{&reasons::kMatrix, "papers"}).WithDetail(required.capacity));
    }
    return all;
}

Result<> Signing::OpenBoard(db::Transaction& tx, const application::CaseView& view,
                            const std::vector<application::Paper>& papers) const {
    const CaseId& id = view.the_case.id;
    OW_TRY(const std::vector<Required> required, RequiredOf(view, papers));
    OW_TRY(const std::vector<SignRequest> requests, RequestsOf(tx, id));
    OW_TRY(const std::optional<Board> earlier, FindBoard(tx, id));
    OW_TRY(const application::Application::Ground ground,
           deps_.application.GroundOf(tx, view.the_case));
    const Instant deadline =
        ground.snapshot->calendar()
            .AddWorkdays(reference::DefaultHours(), ground.context.now, kDeadlineWorkdays)
            .at;
    const std::int64_t number = earlier ? earlier->number + 1 : 1;
    const BoardChange change = DecideBoard(requests, required);
    if (!change.voided.empty()) {
        OW_CHECK(Record(tx, id,
                        {.kind = "signing.voided",
                         .actor = "system",
                         .data = {{"count", static_cast<std::int64_t>(change.voided.size())},
                                  {"requests", VoidedJson(requests, change.voided)}}}));
    }
    json::array kept, opened;
    json::object documents;
    for (const auto& [index, place] : change.kept) {
        kept.push_back(json::object{{"id", requests[index].id},
                                    {"person_key", required[place].person_key},
                                    {"ordinal", static_cast<std::int64_t>(place)},
                                    {"papers", ToJson(required[place].papers)}});
    }
    for (const std::size_t place : change.opened) {
        const Required& wanted = required[place];
        const std::string request = NewUlid(services().clock, services().random);
        opened.push_back(json::object{{"id", request},
                                      {"person_key", wanted.person_key},
                                      {"capacity", wanted.capacity},
                                      {"principal", wanted.principal},
                                      {"verified_only", wanted.verified_only},
                                      {"ordinal", static_cast<std::int64_t>(place)},
                                      {"papers", ToJson(wanted.papers)}});
        documents[request] = wanted.document_hash;
    }
    OW_CHECK(Record(tx, id,
                    {.kind = "signing.opened",
                     .actor = "system",
                     .data = {{"number", number},
                              {"deadline_at", EpochMs(deadline)},
                              {"count", static_cast<std::int64_t>(required.size())},
                              {"requests", opened},
                              {"kept", kept}},
                     .sensitive = {{"documents", documents}}}));
    OW_TRY(const std::vector<SignRequest> now, RequestsOf(tx, id));
    for (const SignRequest& request : now) {
        if (!IsAsked(request.state)) continue;
        OW_CHECK(Invite(tx, view.the_case, request, deadline, "notice.sign_request",
                        "signing.request:" + request.id));
    }
    return OrderJobs(tx, id, number, ground, deadline);
}

/// Persons that the state knows; others are told by the applicant, and find the request when they
/// first log in.
Result<> Signing::Invite(db::Transaction& tx, const application::Case& the_case,
                         const SignRequest& request, Instant deadline,
                         const std::string& template_key, const std::string& key) const {
    OW_TRY(const auto person, deps_.identity.FindByHash(tx, request.document_hash));
    if (!person) return {};
    OW_CHECK(deps_.application.AddMember(tx, the_case.id, person->id.value(), "signatory"));
    const std::string name =
        the_case.business_name.empty() ? the_case.number : the_case.business_name;
    return deps_.notices.Send(tx,
                              {.person = person->id.value(),
                               .template_key = template_key,
                               .arguments = {{"business", name},
                                             {"number", the_case.number},
                                             {"deadline", FormatInstant(deadline).substr(0, 10)}},
                               .case_id = the_case.id.value(),
                               .key = key});
}

Result<> Signing::TellApplicant(db::Transaction& tx, const application::Case& the_case,
                                const std::string& template_key, const std::string& key) const {
    return deps_.notices.Send(tx, {.person = the_case.person,
                                   .template_key = template_key,
                                   .arguments = {{"number", the_case.number}},
                                   .case_id = the_case.id.value(),
                                   .key = key});
}

Result<> Signing::OrderJobs(db::Transaction& tx, const CaseId& case_id, std::int64_t number,
                            const application::Application::Ground& ground,
                            Instant deadline) const {
    const auto order = [&](const std::string& kind, std::int64_t round, Instant at) {
        return jobs::Enqueue(tx, services().clock, services().random,
                             {.kind = kind,
                              .arguments = json::Canonical(json::object{
                                  {"case", case_id.value()}, {"number", number}, {"round", round}}),
                              .key = kind + ":" + case_id.value() + ":" + std::to_string(number) +
                                     ":" + std::to_string(round),
                              .subject = case_id.value(),
                              .run_at = at});
    };
    for (const int days : kReminderWorkdays) {
        const Instant at = ground.snapshot->calendar()
                               .AddWorkdays(reference::DefaultHours(), ground.context.now, days)
                               .at;
        OW_CHECK(order("signing.remind", days, at));
    }
    return order("signing.deadline", 0, deadline);
}

Result<> Signing::CloseBoard(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const std::optional<Board> board, FindBoard(tx, case_id));
    if (!board || board->state == "closed") return {};
    OW_TRY(const std::vector<SignRequest> requests, RequestsOf(tx, case_id));
    std::vector<std::pair<std::size_t, std::string>> voided;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const SignatureState state = requests[i].state;
        if (IsSignable(state) || state == SignatureState::kSigned)
            voided.emplace_back(i, "case_withdrawn");
    }
    return Record(tx, case_id,
                  {.kind = "signing.closed",
                   .actor = "system",
                   .data = {{"requests", VoidedJson(requests, voided)}}});
}

Result<bool> Signing::IsComplete(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const application::CaseView view, deps_.application.View(tx, case_id));
    if (view.the_case.state == application::State::kDrafting) return false;
    OW_TRY(const std::vector<application::Paper> papers, deps_.application.Papers(tx, case_id));
    OW_TRY(const std::vector<Required> required, RequiredOf(view, papers));
    OW_TRY(const std::vector<SignRequest> requests, RequestsOf(tx, case_id));
    // The board is not trusted to be up to date: what is required is worked out anew.
    const BoardChange change = DecideBoard(requests, required);
    if (required.empty() || !change.opened.empty()) return false;
    for (const auto& [index, place] : change.kept) {
        const SignRequest& request = requests[index];
        if (request.state != SignatureState::kSigned) return false;
        OW_TRY(const auto row, tx.FindOne(queries::kFindSignature, request.signature));
        if (!row || row->Time("signed_at") - row->Time("verified_at") > kFreshness) return false;
    }
    return true;
}

}  // namespace onewindow::signing
