#include "application/api_types.hpp"
#include "application/queries.gen.hpp"
#include "application/reasons.hpp"
#include "kernel/text/text.hpp"
#include "reference/codes/codes.hpp"

// Routes of the case: opening, lists, the steps from draft to submission, papers.
namespace onewindow::application {
namespace {

using api::Access;
using api::Call;
using api::Empty;

constexpr std::size_t kReasonMax = 500;

}  // namespace

void Application::AddCaseRoutes(api::Router& router) {
    router.Add<OpenCaseRequest, CaseAnswer>(
        {.method = "POST", .path = "/api/v1/cases", .id = "openCase",
         .summary = "Opens a case: the kind of business and the county of its premises decide the form and the authority",
         .reasons = {&reasons::kUnknownEntityType, &reasons::kUnknownCounty, &reasons::kGoThere, &reasons::kPersonNotVerified},
         .status = 201, .tag = "case"},
        [this](Call& call, const OpenCaseRequest& request) -> Result<CaseAnswer> {
            if (call.principal.person.empty()) return Refuse(reasons::kPersonNotVerified);
            const CaseId id = NewId<struct progress::CaseTag>(call.services.clock, call.services.random);
            return call.Command<CaseAnswer>([&](db::Transaction& tx) -> Result<CaseAnswer> {
                OW_TRY(const Ground ground, GroundNow(tx));
                reference::Authority authority;
                OW_CHECK(CheckRoute(*ground.snapshot, request.entity_type, request.county, authority));
                OW_CHECK(reference::KeepPolicy(tx, *ground.snapshot, ground.context.now));
                const Date today = ground.context.today;
                OW_TRY(const auto row, tx.FindOne(queries::kTakeNumber, authority.division, FormatDateCompact(today)));
                OW_TRY(const std::string number,
                       reference::MakeCaseNumber({authority.division, today, static_cast<int>(row->Int("used"))}));
                call.subject = id.value();
                OW_CHECK(deps_.recorder.Open(tx, id, authority.code));
                OW_CHECK(deps_.recorder.Record(tx, id, {.kind = "application.opened",
                                                        .actor = "person:" + call.principal.person,
                                                        .data = {{"number", number},
                                                                 {"entity_type", request.entity_type},
                                                                 {"county", request.county},
                                                                 {"authority", authority.code},
                                                                 {"account", call.principal.account},
                                                                 {"person", call.principal.person},
                                                                 {"policy_version", ground.snapshot->policy_version()}}}));
                OW_TRY(const Case the_case, Find(tx, id));
                return ToAnswer(the_case);
            });
        });
    router.Add<Empty, CaseList>(
        {.method = "GET", .path = "/api/v1/cases", .id = "listCases", .summary = "My cases: opened by me or with a part of mine",
         .tag = "case"},
        [this](Call& call, const Empty&) -> Result<CaseList> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<CaseList> {
                CaseList list;
                if (call.principal.person.empty()) return list;
                OW_TRY(const std::vector<Case> cases, CasesOf(tx, call.principal.person));
                for (const Case& the_case : cases) list.cases.push_back(ToAnswer(the_case));
                return list;
            });
        });
    router.Add<Empty, CaseAnswer>(
        {.method = "GET", .path = "/api/v1/cases/{case}", .id = "readCase", .summary = "One case: its state and great dates",
         .reasons = {&reasons::kNoCase}, .tag = "case"},
        [this](Call& call, const Empty&) -> Result<CaseAnswer> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<CaseAnswer> {
                OW_TRY(const Case the_case, Find(tx, CaseId(call.Path("case"))));
                OW_CHECK(MaySee(tx, call.principal, the_case));
                return ToAnswer(the_case);
            });
        });
    router.Add<AddCoFounderRequest, CaseAnswer>(
        {.method = "POST", .path = "/api/v1/cases/{case}/co-founders", .id = "addCoFounder",
         .summary = "Lets another verified person fill in the form too", .reasons = {&reasons::kNoCase, &reasons::kUnknownPerson}, .tag = "case"},
        [this](Call& call, const AddCoFounderRequest& request) -> Result<CaseAnswer> {
            return call.Command<CaseAnswer>([&](db::Transaction& tx) -> Result<CaseAnswer> {
                OW_TRY(const Case the_case, Lock(tx, CaseId(call.Path("case"))));
                call.subject = the_case.id.value();
                if (call.principal.person != the_case.person) return Refuse(reasons::kNoCase);
                OW_TRY(const bool known, is_person(tx, request.person));
                if (!known) return Refuse(reasons::kUnknownPerson, "person");
                OW_CHECK(AddMember(tx, the_case.id, request.person, "co_founder"));
                return ToAnswer(the_case);
            });
        });
}

void Application::AddStepRoutes(api::Router& router) {
    router.Add<BeginSigningRequest, PaperList>(
        {.method = "POST", .path = "/api/v1/cases/{case}/signing", .id = "beginSigning",
         .summary = "Checks the whole form, holds the name, makes the papers and opens the sign board",
         .reasons = {&reasons::kNoCase, &reasons::kNotEditable, &reasons::kNoEdge, &reasons::kFrozen, &reasons::kStale}, .refuses_by_rules = true,
         .status = 201, .tag = "signing"},
        [this](Call& call, const BeginSigningRequest& request) -> Result<PaperList> { return BeginSigning(call, request.submit_by_itself.value_or(true)); });
    router.Add<Empty, CaseAnswer>(
        {.method = "POST", .path = "/api/v1/cases/{case}/submission", .id = "submitCase",
         .summary = "Submits the signed case; every check runs again", .reasons = {&reasons::kNoCase, &reasons::kNotSigned, &reasons::kNoEdge, &reasons::kFrozen},
         .refuses_by_rules = true, .tag = "case"},
        [this](Call& call, const Empty&) -> Result<CaseAnswer> {
            return call.Command<CaseAnswer>([&](db::Transaction& tx) -> Result<CaseAnswer> {
                OW_TRY(Case the_case, Lock(tx, CaseId(call.Path("case"))));
                call.subject = the_case.id.value();
                OW_CHECK(MayEdit(tx, call.principal, the_case));
                OW_CHECK(Submit(tx, the_case, "person:" + call.principal.person));
                OW_TRY(const Case submitted, Find(tx, the_case.id));
                return ToAnswer(submitted);
            });
        });
    router.Add<WithdrawRequest, CaseAnswer>(
        {.method = "POST", .path = "/api/v1/cases/{case}/withdrawal", .id = "withdrawCase",
         .summary = "Withdraws the case before the licence", .reasons = {&reasons::kNoCase, &reasons::kNoEdge, &reasons::kReasonTooLong}, .tag = "case"},
        [this](Call& call, const WithdrawRequest& request) -> Result<CaseAnswer> {
            if (text::Length(request.reason) > kReasonMax) {
                return Refuse(reasons::kReasonTooLong, "reason", {{"max", std::to_string(kReasonMax)}});
            }
            return call.Command<CaseAnswer>([&](db::Transaction& tx) -> Result<CaseAnswer> {
                OW_TRY(Case the_case, Lock(tx, CaseId(call.Path("case"))));
                call.subject = the_case.id.value();
                if (call.principal.person.empty() || call.principal.person != the_case.person) return Refuse(reasons::kNoCase);
                OW_TRY(const CaseView view, View(tx, the_case.id));
                OW_CHECK(Move(tx, the_case, State::kWithdrawn, "person:" + call.principal.person, {{"reason", request.reason}}));
                OW_CHECK(ReleaseName(tx, the_case));
                OW_CHECK(on_withdrawn(tx, view));
                return ToAnswer(the_case);
            });
        });
    router.Add<Empty, CaseAnswer>(
        {.method = "POST", .path = "/api/v1/cases/{case}/human-review", .id = "askForHumanReview",
         .summary = "请人工审查: a registrar decides instead of the machine (PIPL art. 24)", .reasons = {&reasons::kNoCase, &reasons::kNoEdge}, .tag = "case"},
        [this](Call& call, const Empty&) -> Result<CaseAnswer> {
            return call.Command<CaseAnswer>([&](db::Transaction& tx) -> Result<CaseAnswer> {
                OW_TRY(const Case the_case, Lock(tx, CaseId(call.Path("case"))));
                call.subject = the_case.id.value();
                OW_CHECK(MayEdit(tx, call.principal, the_case));
                if (the_case.licensed_at) return Refuse(reasons::kNoEdge, "", {{"from", "licensed"}, {"to", "reviewing"}});
                OW_CHECK(SetFlags(tx, the_case.id, true, the_case.auto_submit, "person:" + call.principal.person));
                OW_TRY(const Case changed, Find(tx, the_case.id));
                return ToAnswer(changed);
            });
        });
}

void Application::AddPaperRoutes(api::Router& router) {
    router.Add<Empty, PaperList>(
        {.method = "GET", .path = "/api/v1/cases/{case}/papers", .id = "listPapers", .summary = "The papers to sign, with the digests of data and rendering",
         .reasons = {&reasons::kNoCase}, .tag = "signing"},
        [this](Call& call, const Empty&) -> Result<PaperList> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<PaperList> {
                OW_TRY(const Case the_case, Find(tx, CaseId(call.Path("case"))));
                OW_CHECK(MaySee(tx, call.principal, the_case));
                OW_TRY(const std::vector<Paper> papers, Papers(tx, the_case.id));
                PaperList list;
                for (const Paper& paper : papers) list.papers.push_back({paper.id, paper.title, paper.data_sm3, paper.rendering_sm3});
                return list;
            });
        });
    router.AddRaw(
        {.method = "GET", .path = "/api/v1/cases/{case}/papers/{paper}", .id = "readPaper", .summary = "A paper as PDF, exactly as it is signed",
         .reasons = {&reasons::kNoCase, &reasons::kNoPaper}, .media_type = "application/pdf", .tag = "signing"},
        [this](Call& call) -> Result<http::Response> {
            const CaseId id(call.Path("case"));
            OW_TRY(const std::vector<Paper> papers, call.services.database.Read([&](db::Transaction& tx) -> Result<std::vector<Paper>> {
                       OW_TRY(const Case the_case, Find(tx, id));
                       OW_CHECK(MaySee(tx, call.principal, the_case));
                       return Papers(tx, id);
                   }));
            for (const Paper& paper : papers) {
                if (paper.id != call.Path("paper")) continue;
                OW_TRY(std::string pdf, PaperBytes(id, paper));
                http::Response response;
                response.headers.Set("Content-Type", "application/pdf");
                response.headers.Set("Content-Disposition", "inline; filename=\"" + paper.id + ".pdf\"");
                response.body = std::move(pdf);
                return response;
            }
            return Refuse(reasons::kNoPaper);
        });
}

void Application::AddRoutes(api::Router& router) {
    AddNameRoutes(router);
    AddFormRoutes(router);
    AddCaseRoutes(router);
    AddStepRoutes(router);
    AddPaperRoutes(router);
}

Result<> Application::SetFlags(db::Transaction& tx, const CaseId& id, bool human_review, bool auto_submit, const std::string& actor) const {
    OW_CHECK(deps_.recorder.Record(tx, id, {.kind = "application.flags_set",
                                            .actor = actor,
                                            .data = {{"human_review", human_review}, {"auto_submit", auto_submit}}}));
    return {};
}

Result<> Application::CheckRoute(const reference::Snapshot& reference, const std::string& entity_type,
                                 const std::string& county, reference::Authority& authority) const {
    const reference::Division* division = reference.FindDivision(county);
    if (division == nullptr || division->level != "county") {
        return Refuse(reasons::kUnknownCounty, "county", {{"county", county}});
    }
    const auto route = reference.AuthorityFor({.entity_type = entity_type, .division = county});
    const bool known = FindEntityType(entity_type) != nullptr;
    if (!route) {
        // Nobody registers this kind of business at all, or nobody of this province in that county.
        if (!known) return Refuse(reasons::kUnknownEntityType, "entity_type");
        return Refuse(reasons::kUnknownCounty, "county", {{"county", county}});
    }
    if (!route->served) {
        return Refuse(reasons::kGoThere, "entity_type",
                      {{"where", route->authority != nullptr ? route->authority->name : route->text_zh},
                       {"why", route->text_zh}, {"phone", route->phone}});
    }
    if (!known) return Refuse(reasons::kUnknownEntityType, "entity_type");
    authority = *route->authority;
    return {};
}

/// Slow parts (checks, rendering) come first and outside the transaction; the transaction only sees that the form has
/// not moved meanwhile.
Result<PaperList> Application::BeginSigning(Call& call, bool submit_by_itself) {
    const CaseId id(call.Path("case"));
    std::optional<Ground> ground;
    OW_TRY(CaseView view, call.services.database.Read([&](db::Transaction& tx) -> Result<CaseView> {
               OW_TRY(CaseView found, View(tx, id));
               OW_CHECK(MayEdit(tx, call.principal, found.the_case));
               OW_TRY(Ground of_case, GroundOf(tx, found.the_case));
               ground.emplace(std::move(of_case));
               return found;
           }));
    if (view.the_case.state != State::kDrafting && view.the_case.state != State::kReturned) return Refuse(reasons::kNotEditable);
    const json::object facts = Completed(*ground, view.the_case, view.facts);
    std::vector<Fault> faults = Check(*ground, view.the_case, facts, true);
    if (!faults.empty()) return Refuse(std::move(faults));
    OW_TRY(const std::vector<Paper> papers, MakePapers(*ground, view.the_case, facts));
    const std::string actor = "person:" + call.principal.person;
    return call.Command<PaperList>([&](db::Transaction& tx) -> Result<PaperList> {
        OW_TRY(Case the_case, Lock(tx, id));
        call.subject = id.value();
        if (the_case.revision != view.the_case.revision) {
            return Refuse(reasons::kStale, "", {{"revision", std::to_string(the_case.revision)}, {"changed", ""}});
        }
        OW_CHECK(HoldName(tx, *ground, the_case, facts));
        // The completed facts are the ones that are signed: they become a revision of their own.
        OW_CHECK(SaveFacts(tx, the_case, facts, "system"));
        json::array made;
        PaperList list;
        for (const Paper& paper : papers) {
            made.push_back(json::object{{"id", paper.id}, {"title", paper.title}, {"data_sm3", paper.data_sm3},
                                        {"rendering_sm3", paper.rendering_sm3}, {"blob", paper.blob}});
            list.papers.push_back({paper.id, paper.title, paper.data_sm3, paper.rendering_sm3});
        }
        OW_CHECK(deps_.recorder.Record(tx, id, {.kind = "application.papers_made", .actor = "system",
                                                .data = {{"revision", the_case.revision}, {"papers", made}}}));
        OW_CHECK(SetFlags(tx, id, the_case.human_review_wanted, submit_by_itself, actor));
        OW_CHECK(Move(tx, the_case, State::kSigning, actor));
        OW_TRY(const CaseView signing, View(tx, id));
        OW_CHECK(on_signing(tx, signing, papers));
        return list;
    });
}

}  // namespace onewindow::application
