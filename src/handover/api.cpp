#include "application/reasons.hpp"
#include "handover/api_types.hpp"
#include "handover/kit.hpp"
#include "handover/policy_pack.hpp"
#include "handover/queries.gen.hpp"
#include "handover/reasons.hpp"
#include "kernel/text/text.hpp"

// Routes of the windows and of the applicant's kit.
namespace onewindow::handover {
namespace {

using api::Access;
using api::Call;
using api::Empty;

constexpr std::int64_t kPage = 200;
/// Against guessing pick-up codes; a clerk hands over less than one kit a second.
constexpr int kPickUpsPerMinute = 30;

const std::vector<auth::Role>& Clerk() {
    static const std::vector<auth::Role> kRoles{auth::Role::kWindowClerk};
    return kRoles;
}

HallItem HallItemOf(const Call& call, const db::Row& row) {
    return {.case_number = row.Text("case_number"),
            .business_name = row.Text("business_name"),
            .kind = row.Text("kind"),
            .title = TitleOf(call, row.Text("kind")),
            .code = row.Text("code"),
            .number = row.Text("number"),
            .state = row.Text("state"),
            .destination = row.Text("destination"),
            .holder = row.Text("holder"),
            .since = row.Time("since")};
}

HallItemList ListOf(const Call& call, const db::Rows& rows) {
    HallItemList list;
    list.more = rows.size() > kPage;
    for (const db::Row& row : rows) {
        if (list.items.size() == kPage) break;
        list.items.push_back(HallItemOf(call, row));
    }
    return list;
}

Result<std::string> ReadState(const Call& call) {
    static const std::vector<std::string> kStates{
        "", "expected", "made", "at_window", "handed_over", "lost", "returned"};
    const std::string state(call.request.QueryValue("state").value_or(""));
    if (std::find(kStates.begin(), kStates.end(), state) == kStates.end())
        return Refuse(reasons::kListQuery, "state");
    return state;
}

Result<int> ReadDays(const Call& call) {
    const auto text = call.request.QueryValue("days");
    if (!text) return kUnclaimedDays;
    if (!text::IsDigits(*text) || text->size() > 3) return Refuse(reasons::kListQuery, "days");
    return std::stoi(std::string(*text));
}

std::string WhyText(const Call& call, const reference::Snapshot& reference, const PolicyWhy& why) {
    const auto get = [&](const std::string& key, std::map<std::string, std::string> arguments) {
        return call.services.messages.Get(key, call.language, arguments);
    };
    std::string value = why.value;
    if (why.condition == "entity_type") value = get("entity_type." + why.value, {});
    if (why.condition == "founder_group") value = get("handover.founder_group." + why.value, {});
    if (why.condition == "size") value = get("handover.size." + why.value, {});
    if (why.condition == "region") value = reference.FullDivisionName(why.value);
    if (why.condition == "industry") {
        const reference::Industry* industry = reference.FindIndustry(why.value);
        if (industry != nullptr) value = industry->name;
    }
    return get("handover.why." + why.condition, {{"value", value}});
}

PolicyAnswer AnswerOf(const Call& call, const reference::Snapshot& reference,
                      const reference::Policy& policy, const reference::PolicyFacts& facts) {
    PolicyAnswer answer{.id = policy.id,
                        .title = policy.title,
                        .text = policy.text,
                        .legal_basis = policy.legal_basis,
                        .how_to_claim = policy.how_to_claim,
                        .contact = policy.contact,
                        .origin = policy.origin,
                        .valid_until = {},
                        .why = {}};
    if (policy.until) answer.valid_until = FormatDate(*policy.until);
    for (const PolicyWhy& why : WhyOf(policy, facts)) {
        answer.why.push_back({why.condition, why.value, WhyText(call, reference, why)});
    }
    return answer;
}

}  // namespace

std::string TitleOf(const api::Call& call, std::string_view kind) {
    return call.services.messages.Get("handover.item." + std::string(kind), call.language);
}

void Handover::AddWindowRoutes(api::Router& router) {
    router.Add<ScanRequest, ScanAnswer>(
        {.method = "POST",
         .path = "/api/v1/halls/{hall}/scans",
         .id = "scanItem",
         .summary = "A thing arrives at the window: the code on it, or its number",
         .access = Access::kRole,
         .roles = Clerk(),
         .reasons = {&reasons::kNoHall, &reasons::kNotYourHall, &reasons::kNoItem,
                     &reasons::kAmbiguous, &reasons::kOtherHall, &reasons::kNotMade,
                     &reasons::kHandedOver, &application::reasons::kFrozen},
         .tag = "handover"},
        [this](Call& call, const ScanRequest& request) -> Result<ScanAnswer> {
            return call.Command<ScanAnswer>([&](db::Transaction& tx) -> Result<ScanAnswer> {
                OW_TRY(const Window window, OwnWindow(tx, call));
                OW_TRY(ScanAnswer answer, ScanIn(tx, window, request.code));
                answer.title = TitleOf(call, answer.kind);
                return answer;
            });
        });
    router.Add<PickUpRequest, PickUpAnswer>(
        {.method = "POST",
         .path = "/api/v1/halls/{hall}/pick-ups",
         .id = "handOverKit",
         .summary = "Hands a kit, or named things of it, to the receiver: code, and identity for "
                    "all that is not harmless",
         .access = Access::kRole,
         .roles = Clerk(),
         .reasons = {&reasons::kNoHall, &reasons::kNotYourHall, &reasons::kNoKit,
                     &application::reasons::kFrozen, &reasons::kWrongCode, &reasons::kNoItem,
                     &reasons::kNothingHere, &reasons::kNotAllHere, &reasons::kIdentityNeeded,
                     &reasons::kIdentityMismatch},
         .tag = "handover",
         .rate_per_minute = kPickUpsPerMinute},
        [this](Call& call, const PickUpRequest& request) -> Result<PickUpAnswer> {
            return call.Command<PickUpAnswer>([&](db::Transaction& tx) -> Result<PickUpAnswer> {
                OW_TRY(const Window window, OwnWindow(tx, call));
                return PickUp(tx, window, request);
            });
        });
    router.Add<KitCaseRequest, LabelAnswer>(
        {.method = "POST",
         .path = "/api/v1/halls/{hall}/labels",
         .id = "makeLabel",
         .summary = "Label of the parcel with everything of the case that is to be posted; then "
                    "the courier is called",
         .access = Access::kRole,
         .roles = Clerk(),
         .reasons = {&reasons::kNoHall, &reasons::kNotYourHall, &reasons::kNoKit,
                     &application::reasons::kFrozen, &reasons::kNotAllHere, &reasons::kNothingHere},
         .status = 201,
         .tag = "handover"},
        [this](Call& call, const KitCaseRequest& request) -> Result<LabelAnswer> {
            return call.Command<LabelAnswer>([&](db::Transaction& tx) -> Result<LabelAnswer> {
                OW_TRY(const Window window, OwnWindow(tx, call));
                return Label(tx, window, request.case_number);
            });
        });
    router.Add<PrintRequest, PrintAnswer>(
        {.method = "POST",
         .path = "/api/v1/halls/{hall}/prints",
         .id = "printLicence",
         .summary = "Takes the hall's next numbered blank for each copy of the paper licence that "
                    "is to be printed",
         .access = Access::kRole,
         .roles = Clerk(),
         .reasons = {&reasons::kNoHall, &reasons::kNotYourHall, &reasons::kNoKit,
                     &application::reasons::kFrozen, &reasons::kPrinted, &reasons::kNoLicence,
                     &reasons::kNoBlank},
         .status = 201,
         .tag = "handover"},
        [this](Call& call, const PrintRequest& request) -> Result<PrintAnswer> {
            return call.Command<PrintAnswer>([&](db::Transaction& tx) -> Result<PrintAnswer> {
                OW_TRY(const Window window, OwnWindow(tx, call));
                std::optional<std::string> copy;
                if (request.copy) copy = std::string(json::Write(*request.copy).as_string());
                return Print(tx, window, request.case_number, copy);
            });
        });
}

void Handover::AddTroubleRoutes(api::Router& router) {
    const std::vector<const Reason*> refusals{&reasons::kNoHall,    &reasons::kNotYourHall,
                                              &reasons::kNoItem,    &reasons::kAmbiguous,
                                              &reasons::kOtherHall, &reasons::kNotHere};
    router.Add<LossRequest, ScanAnswer>(
        {.method = "POST",
         .path = "/api/v1/halls/{hall}/losses",
         .id = "reportLoss",
         .summary = "A thing is lost and has to be made again; a lost licence voids its blank",
         .access = Access::kRole,
         .roles = Clerk(),
         .reasons = refusals,
         .tag = "handover"},
        [this](Call& call, const LossRequest& request) -> Result<ScanAnswer> {
            return call.Command<ScanAnswer>([&](db::Transaction& tx) -> Result<ScanAnswer> {
                OW_TRY(const Window window, OwnWindow(tx, call));
                OW_TRY(ScanAnswer answer,
                       Lose(tx, window, request.code,
                            std::string(json::Write(request.reason).as_string())));
                answer.title = TitleOf(call, answer.kind);
                return answer;
            });
        });
    router.Add<ReturnRequest, ScanAnswer>(
        {.method = "POST",
         .path = "/api/v1/halls/{hall}/returns",
         .id = "returnItem",
         .summary = "A thing goes back to its maker, or came back from the courier",
         .access = Access::kRole,
         .roles = Clerk(),
         .reasons = refusals,
         .tag = "handover"},
        [this](Call& call, const ReturnRequest& request) -> Result<ScanAnswer> {
            return call.Command<ScanAnswer>([&](db::Transaction& tx) -> Result<ScanAnswer> {
                OW_TRY(const Window window, OwnWindow(tx, call));
                OW_TRY(ScanAnswer answer,
                       Return(tx, window, request.code,
                              std::string(json::Write(request.reason).as_string())));
                answer.title = TitleOf(call, answer.kind);
                return answer;
            });
        });
}

void Handover::AddListRoutes(api::Router& router) {
    router.Add<Empty, HallItemList>(
        {.method = "GET",
         .path = "/api/v1/halls/{hall}/items",
         .id = "listHallItems",
         .summary = "What a window waits for, has, or gave out",
         .access = Access::kRole,
         .roles = Clerk(),
         .reasons = {&reasons::kNoHall, &reasons::kNotYourHall, &reasons::kListQuery},
         .tag = "handover",
         .query = {{"state", "expected | made | at_window | handed_over | lost | returned"},
                   {"after", "code of the last item on the page before"}}},
        [this](Call& call, const Empty&) -> Result<HallItemList> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<HallItemList> {
                OW_TRY(const Window window, OwnWindow(tx, call));
                OW_TRY(const std::string state, ReadState(call));
                const std::string after(call.request.QueryValue("after").value_or(""));
                OW_TRY(const db::Rows rows,
                       tx.Read(queries::kListHallItems, window.hall, state, after, kPage + 1));
                return ListOf(call, rows);
            });
        });
    router.Add<Empty, HallItemList>(
        {.method = "GET",
         .path = "/api/v1/halls/{hall}/unclaimed-items",
         .id = "listUnclaimedItems",
         .summary = "What nobody has fetched for some days, the longest waiting first",
         .access = Access::kRole,
         .roles = Clerk(),
         .reasons = {&reasons::kNoHall, &reasons::kNotYourHall, &reasons::kListQuery},
         .tag = "handover",
         .query = {{"days", "at the window for at least so many days; 15 without"}}},
        [this](Call& call, const Empty&) -> Result<HallItemList> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<HallItemList> {
                OW_TRY(const Window window, OwnWindow(tx, call));
                OW_TRY(const int days, ReadDays(call));
                const Instant since = call.services.clock.Now() - std::chrono::days{days};
                OW_TRY(const db::Rows rows,
                       tx.Read(queries::kListUnclaimed, window.hall, since, kPage + 1));
                return ListOf(call, rows);
            });
        });
}

void Handover::AddCaseRoutes(api::Router& router) {
    router.Add<Empty, KitAnswer>(
        {.method = "GET",
         .path = "/api/v1/cases/{case}/kit",
         .id = "readKit",
         .summary =
             "Where each thing of the kit is, who has it, and, for the applicant, the pick-up code",
         .reasons = {&application::reasons::kNoCase, &reasons::kNoKit},
         .tag = "handover"},
        [this](Call& call, const Empty&) -> Result<KitAnswer> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<KitAnswer> {
                OW_TRY(const application::Case the_case,
                       deps_.application.Find(tx, CaseId(call.Path("case"))));
                OW_CHECK(deps_.application.MaySee(tx, call.principal, the_case));
                OW_TRY(const auto kit, Read(tx, the_case.id));
                if (!kit) return Refuse(reasons::kNoKit);
                OW_TRY(const auto ground, deps_.application.GroundNow(tx));
                const reference::Hall* hall = ground.snapshot->FindHall(kit->hall);
                KitAnswer answer{.case_number = kit->case_number,
                                 .state = kit->state,
                                 .hall = kit->hall,
                                 .hall_name = hall == nullptr ? "" : hall->name,
                                 .hall_address = hall == nullptr ? "" : hall->address,
                                 .hall_phone = hall == nullptr ? "" : hall->phone,
                                 .pick_up_code = {},
                                 .completed_at = kit->completed_at,
                                 .items = {},
                                 .parcels = {}};
                if (!call.principal.person.empty() && call.principal.person == the_case.person) {
                    OW_TRY(answer.pick_up_code, CodeOf(tx, the_case.id));
                }
                for (const Kit::Item& item : kit->items) {
                    answer.items.push_back({item.kind, TitleOf(call, item.kind), item.number,
                                            item.state, item.destination, item.place, item.holder,
                                            item.parcel, item.since});
                }
                OW_TRY(const db::Rows parcels, tx.Read(queries::kListParcels, the_case.id));
                for (const db::Row& row : parcels) {
                    answer.parcels.push_back({row.Text("label"), row.Text("state"),
                                              row.Text("courier"), row.Text("tracking")});
                }
                return answer;
            });
        });
    router.Add<Empty, PolicyPackAnswer>(
        {.method = "GET",
         .path = "/api/v1/cases/{case}/policy-pack",
         .id = "readPolicyPack",
         .summary =
             "Policies that fit this business, why, how to claim them, and on what legal basis",
         .reasons = {&application::reasons::kNoCase},
         .tag = "handover"},
        [this](Call& call, const Empty&) -> Result<PolicyPackAnswer> {
            return call.services.database.Read(
                [&](db::Transaction& tx) -> Result<PolicyPackAnswer> {
                    OW_TRY(const application::CaseView view,
                           deps_.application.View(tx, CaseId(call.Path("case"))));
                    OW_CHECK(deps_.application.MaySee(tx, call.principal, view.the_case));
                    OW_TRY(const auto ground, deps_.application.GroundOf(tx, view.the_case));
                    OW_TRY(const auto kit, Read(tx, view.the_case.id));
                    const reference::Snapshot& reference = *ground.snapshot;
                    const reference::PolicyFacts facts =
                        PolicyFactsOf(reference, view, ground.context.today);
                    PolicyPackAnswer answer{.state = kit ? "chosen" : "preview",
                                            .policy_version = view.the_case.policy_version,
                                            .industry = facts.industry,
                                            .size = facts.size,
                                            .founder_groups = {facts.founder_groups.begin(),
                                                               facts.founder_groups.end()},
                                            .policies = {}};
                    for (const reference::Policy& policy : reference.records().policies) {
                        const auto chosen = [&](const auto& ids) {
                            return std::find(ids.begin(), ids.end(), policy.id) != ids.end();
                        };
                        if (kit && chosen(kit->policies))
                            answer.policies.push_back(AnswerOf(call, reference, policy, facts));
                    }
                    if (kit) return answer;
                    for (const reference::Policy* policy : reference.Policies(facts)) {
                        answer.policies.push_back(AnswerOf(call, reference, *policy, facts));
                    }
                    return answer;
                });
        });
}

void Handover::AddRoutes(api::Router& router) {
    AddWindowRoutes(router);
    AddTroubleRoutes(router);
    AddListRoutes(router);
    AddBlankRoutes(router);
    AddCaseRoutes(router);
}

}  // namespace onewindow::handover
