#include <set>

#include "application/api_types.hpp"
#include "application/reasons.hpp"
#include "forms/forms.hpp"
#include "kernel/auth/auth.hpp"
#include "kernel/text/text.hpp"
#include "licence/reasons.hpp"
#include "naming/reasons.hpp"
#include "review/catalogue.hpp"
#include "review/queries.gen.hpp"
#include "review/reasons.hpp"
#include "review/review.hpp"
#include "review/rows.hpp"

// Routes of the registrars' desk.
namespace onewindow::review {

using api::Call;
using api::Empty;
using application::CaseView;
using auth::Role;

struct ClockAnswer {
    std::string subject, colour, holder;
    std::optional<Instant> due;
    std::int64_t used_minutes = 0;
};
BOOST_DESCRIBE_STRUCT(ClockAnswer, (), (subject, colour, holder, due, used_minutes))

struct TaskAnswer {
    std::string id, case_id, case_number, business_name, entity_type, authority, kind;
    std::vector<std::string> rules;
    Instant referred_at;
    bool mine = false;
    std::optional<Instant> locked_until;
    std::vector<ClockAnswer> clocks;
};
BOOST_DESCRIBE_STRUCT(TaskAnswer, (),
                      (id, case_id, case_number, business_name, entity_type, authority, kind, rules,
                       referred_at, mine, locked_until, clocks))

struct QueueAnswer {
    std::vector<TaskAnswer> tasks;
};
BOOST_DESCRIBE_STRUCT(QueueAnswer, (), (tasks))

struct FindingAnswer {
    std::string rule;
    int version = 1;
    std::string citation, verdict, reason, text;
    json::object inputs;
};
BOOST_DESCRIBE_STRUCT(FindingAnswer, (), (rule, version, citation, verdict, reason, text, inputs))

struct NoticeItem {
    std::string field, code, citation, text;
    std::optional<std::string> label;
};
BOOST_DESCRIBE_STRUCT(NoticeItem, (), (field, code, citation, text, label))

struct NoticeAnswer {
    std::int64_t number = 0;
    Instant given_at;
    std::vector<NoticeItem> items;
};
BOOST_DESCRIBE_STRUCT(NoticeAnswer, (), (number, given_at, items))

struct FileAnswer {
    std::string case_id, case_number, business_name, entity_type;
    application::State state{};
    std::int64_t revision = 0;
    std::string policy_version, pack_version, examination;
    json::object facts;  // Masked.
    std::vector<FindingAnswer> findings;
    std::vector<std::string>
        differences;  // Paths that changed since the revision examined before; empty at the first.
    std::vector<NoticeAnswer> notices;
    std::vector<ClockAnswer> clocks;
    std::optional<Instant> locked_until;  // Set where the case is dealt to the reader.
};
BOOST_DESCRIBE_STRUCT(FileAnswer, (),
                      (case_id, case_number, business_name, entity_type, state, revision,
                       policy_version, pack_version, examination, facts, findings, differences,
                       notices, clocks, locked_until))

enum class DecisionKind { kGrant, kReturn, kRefuse };
BOOST_DESCRIBE_ENUM(DecisionKind, kGrant, kReturn, kRefuse)

struct ReasonItem {
    std::string field, code;
};
BOOST_DESCRIBE_STRUCT(ReasonItem, (), (field, code))

struct DecisionRequest {
    DecisionKind decision{};
    std::vector<ReasonItem> reasons;
    std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(DecisionRequest, (), (decision, reasons, note))

struct DecisionAnswer {
    std::string case_id;
    application::State state{};
};
BOOST_DESCRIBE_STRUCT(DecisionAnswer, (), (case_id, state))

struct RerunAnswer {
    bool equal = false;
    std::string policy_version, pack_version;
    std::vector<FindingAnswer> findings, stored;
};
BOOST_DESCRIBE_STRUCT(RerunAnswer, (), (equal, policy_version, pack_version, findings, stored))

struct UnmaskRequest {
    std::string field, reason;
};
BOOST_DESCRIBE_STRUCT(UnmaskRequest, (), (field, reason))

struct UnmaskAnswer {
    std::string field;
    json::value value;
};
BOOST_DESCRIBE_STRUCT(UnmaskAnswer, (), (field, value))

struct CatalogueAnswerItem {
    std::string code, section, citation, text_zh, text_en;
    bool refusal = false;
};
BOOST_DESCRIBE_STRUCT(CatalogueAnswerItem, (), (code, section, citation, text_zh, text_en, refusal))

struct CatalogueAnswer {
    std::vector<CatalogueAnswerItem> reasons;
};
BOOST_DESCRIBE_STRUCT(CatalogueAnswer, (), (reasons))

namespace {

std::vector<FindingAnswer> ToAnswers(const Call& call, const std::vector<Finding>& findings) {
    std::vector<FindingAnswer> answers;
    for (const Finding& finding : findings) {
        answers.push_back({finding.rule, finding.version, finding.citation, finding.verdict,
                           finding.reason,
                           call.services.messages.Get("review.rule." + finding.rule, call.language),
                           finding.inputs});
    }
    return answers;
}

Result<std::vector<ClockAnswer>> ClocksOf(db::Transaction& tx, const progress::Clocks& clocks,
                                          const CaseId& id) {
    OW_TRY(const auto states, clocks.Read(tx, id));
    std::vector<ClockAnswer> answers;
    for (const progress::ClockState& state : states) {
        answers.push_back(
            {state.subject, state.colour, state.holder, state.due, state.used_ms / 60'000});
    }
    return answers;
}

Result<TaskAnswer> ToAnswer(db::Transaction& tx, const application::Application& application,
                            const Task& task, const Call& call) {
    OW_TRY(const application::Case the_case, application.Find(tx, task.case_id));
    TaskAnswer answer{.id = task.id,
                      .case_id = task.case_id.value(),
                      .case_number = the_case.number,
                      .business_name = the_case.business_name,
                      .entity_type = the_case.entity_type,
                      .authority = task.authority,
                      .kind = task.kind,
                      .rules = {},
                      .referred_at = task.referred_at,
                      .mine = false,
                      .locked_until = {},
                      .clocks = {}};
    OW_TRY(const json::value rules, json::Parse(task.rules));
    OW_TRY(answer.rules, json::Read<std::vector<std::string>>(rules));
    answer.mine = task.officer == call.principal.account && task.locked_until &&
                  *task.locked_until > call.services.clock.Now();
    if (answer.mine) answer.locked_until = task.locked_until;
    OW_TRY(answer.clocks, ClocksOf(tx, application.deps().clocks, task.case_id));
    return answer;
}

/// Paths at which two values differ; a list that changed its length is one difference.
void AddDifferences(const json::value& before, const json::value& after, const std::string& path,
                    std::vector<std::string>& out) {
    const auto join = [&](std::string_view name) {
        return path.empty() ? std::string(name) : path + "." + std::string(name);
    };
    if (before.is_object() && after.is_object()) {
        std::set<std::string> names;
        for (const auto& member : before.get_object())
            names.emplace(std::string_view(member.key()));
        for (const auto& member : after.get_object()) names.emplace(std::string_view(member.key()));
        for (const std::string& name : names) {
            const json::value *left = before.get_object().if_contains(name),
                              *right = after.get_object().if_contains(name);
            if (left != nullptr && right != nullptr)
                AddDifferences(*left, *right, join(name), out);
            else
                out.push_back(join(name));
        }
    } else if (before.is_array() && after.is_array() &&
               before.get_array().size() == after.get_array().size()) {
        for (std::size_t i = 0; i < before.get_array().size(); ++i) {
            AddDifferences(before.get_array()[i], after.get_array()[i], join(std::to_string(i)),
                           out);
        }
    } else if (before != after) {
        out.push_back(path);
    }
}

Result<> CheckOffice(const Call& call, const application::Case& the_case) {
    if (call.principal.May(Role::kRegistrar, the_case.county, the_case.authority)) return {};
    if (call.principal.May(Role::kSupervisor, the_case.county)) return {};
    return Refuse(application::reasons::kNoCase);
}

Result<std::vector<NoticeAnswer>> NoticesOf(db::Transaction& tx, const Call& call,
                                            const CaseId& id) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListNotices, id));
    std::vector<NoticeAnswer> notices;
    for (const db::Row& row : rows) {
        NoticeAnswer notice{
            .number = row.Int("number"), .given_at = row.Time("given_at"), .items = {}};
        OW_TRY(const json::value items, json::Parse(row.Text("items")));
        for (const json::value& item : items.as_array()) {
            const std::string code = json::TextAt(item, "code");
            notice.items.push_back(
                {json::TextAt(item, "field"), code, json::TextAt(item, "citation"),
                 call.services.messages.Get("review.reason." + code, call.language),
                 json::TextAt(item, "label")});
        }
        notices.push_back(std::move(notice));
    }
    return notices;
}

}  // namespace

void Review::AddQueueRoutes(api::Router& router) {
    router.Add<Empty, QueueAnswer>(
        {.method = "GET",
         .path = "/api/v1/review/queue",
         .id = "listReviewQueue",
         .summary = "Open tasks of my authorities, the oldest first",
         .access = api::Access::kRole,
         .roles = {Role::kRegistrar, Role::kSupervisor},
         .tag = "review"},
        [this](Call& call, const Empty&) -> Result<QueueAnswer> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<QueueAnswer> {
                QueueAnswer answer;
                std::set<std::string> seen;
                for (const auth::Grant& grant : call.principal.grants) {
                    if (grant.role != Role::kRegistrar && grant.role != Role::kSupervisor) continue;
                    const auto [low, high] = RegionBounds(grant.region);
                    const std::string unit = grant.role == Role::kRegistrar ? grant.unit : "";
                    OW_TRY(const db::Rows rows, tx.Read(queries::kListOpenTasks, low, high, unit));
                    for (const db::Row& row : rows) {
                        if (!seen.insert(row.Text("id")).second) continue;
                        OW_TRY(TaskAnswer task,
                               ToAnswer(tx, deps_.application, ReadTask(row), call));
                        answer.tasks.push_back(std::move(task));
                    }
                }
                return answer;
            });
        });
    router.Add<Empty, TaskAnswer>(
        {.method = "POST",
         .path = "/api/v1/review/tasks/next",
         .id = "dealReviewTask",
         .summary =
             "Deals me the oldest free case of my authorities and keeps it for me for 30 minutes",
         .access = api::Access::kRole,
         .roles = {Role::kRegistrar},
         .reasons = {&reasons::kNoTask},
         .tag = "review"},
        [this](Call& call, const Empty&) -> Result<TaskAnswer> {
            return call.Command<TaskAnswer>([&](db::Transaction& tx) -> Result<TaskAnswer> {
                OW_TRY(const Task task, Deal(tx, call.principal));
                call.subject = task.case_id.value();
                return ToAnswer(tx, deps_.application, task, call);
            });
        });
    router.Add<Empty, CatalogueAnswer>(
        {.method = "GET",
         .path = "/api/v1/review/reasons",
         .id = "listReviewReasons",
         .summary = "The published catalogue: what may be asked to be corrected or refused for, by "
                    "which article",
         .access = api::Access::kPublic,
         .tag = "review"},
        [](Call& call, const Empty&) -> Result<CatalogueAnswer> {
            CatalogueAnswer answer;
            for (const CatalogueReason& reason : Catalogue()) {
                const std::string key = "review.reason." + std::string(reason.code);
                answer.reasons.push_back(
                    {std::string(reason.code), std::string(reason.section),
                     std::string(reason.citation),
                     call.services.messages.Get(key, messages::Language::kChinese),
                     call.services.messages.Get(key, messages::Language::kEnglish),
                     reason.refusal});
            }
            return answer;
        });
}

void Review::AddFileRoutes(api::Router& router) {
    router.Add<Empty, FileAnswer>(
        {.method = "GET",
         .path = "/api/v1/review/cases/{case}",
         .id = "readReviewCase",
         .summary = "The file: facts masked, findings with article and inputs, what changed since "
                    "the last submission, notices, clocks",
         .access = api::Access::kRole,
         .roles = {Role::kRegistrar, Role::kSupervisor},
         .reasons = {&application::reasons::kNoCase, &reasons::kNotExamined},
         .tag = "review"},
        [this](Call& call, const Empty&) -> Result<FileAnswer> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<FileAnswer> {
                OW_TRY(const CaseView view, deps_.application.View(tx, CaseId(call.Path("case"))));
                OW_CHECK(CheckOffice(call, view.the_case));
                OW_TRY(const db::Rows rows, tx.Read(queries::kListExaminations, view.the_case.id));
                if (rows.empty()) return Refuse(reasons::kNotExamined);
                OW_TRY(const Examination last, ReadExamination(tx, rows.front()));
                const application::Case& the_case = view.the_case;
                FileAnswer answer{.case_id = the_case.id.value(),
                                  .case_number = the_case.number,
                                  .business_name = the_case.business_name,
                                  .entity_type = the_case.entity_type,
                                  .state = the_case.state,
                                  .revision = last.revision,
                                  .policy_version = last.policy_version,
                                  .pack_version = last.pack_version,
                                  .examination = last.id,
                                  .facts = forms::Masked(
                                      deps_.application.FormOf(
                                          *deps_.application.FindEntityType(the_case.entity_type)),
                                      last.facts),
                                  .findings = ToAnswers(call, last.findings),
                                  .differences = {},
                                  .notices = {},
                                  .clocks = {},
                                  .locked_until = {}};
                if (rows.size() > 1) {
                    OW_TRY(const Examination before, ReadExamination(tx, rows[1]));
                    AddDifferences(before.facts, last.facts, "", answer.differences);
                }
                OW_TRY(answer.notices, NoticesOf(tx, call, the_case.id));
                OW_TRY(answer.clocks, ClocksOf(tx, deps_.application.deps().clocks, the_case.id));
                OW_TRY(const auto own,
                       tx.FindOne(queries::kFindOwnTask, the_case.id, call.principal.account,
                                  call.services.clock.Now()));
                if (own) answer.locked_until = own->TimeIfAny("locked_until");
                return answer;
            });
        });
}

void Review::AddRecordRoutes(api::Router& router) {
    router.Add<UnmaskRequest, UnmaskAnswer>(
        {.method = "POST",
         .path = "/api/v1/review/cases/{case}/unmasking",
         .id = "unmaskField",
         .summary = "One field in clear, for a purpose that is put on record; only to the officer "
                    "who holds the case",
         .access = api::Access::kRole,
         .roles = {Role::kRegistrar},
         .reasons = {&application::reasons::kNoCase, &reasons::kNotDealt, &reasons::kNoField,
                     &reasons::kPurposeMissing},
         .tag = "review"},
        [this](Call& call, const UnmaskRequest& request) -> Result<UnmaskAnswer> {
            return call.Command<UnmaskAnswer>([&](db::Transaction& tx) -> Result<UnmaskAnswer> {
                OW_TRY(const CaseView view, deps_.application.View(tx, CaseId(call.Path("case"))));
                OW_CHECK(CheckOffice(call, view.the_case));
                call.subject = view.the_case.id.value();
                if (text::Length(text::Normalise(request.reason)) < 4)
                    return Refuse(reasons::kPurposeMissing, "reason");
                OW_TRY(const auto own,
                       tx.FindOne(queries::kFindOwnTask, view.the_case.id, call.principal.account,
                                  call.services.clock.Now()));
                if (!own) return Refuse(reasons::kNotDealt);
                const json::value root = view.facts;
                const json::value* found = json::Find(root, request.field);
                if (found == nullptr || found->is_object() || found->is_array())
                    return Refuse(reasons::kNoField, "field");
                OW_CHECK(auth::RecordUnmaskedRead(tx, call.services,
                                                  {.account = call.principal.account,
                                                   .person = view.the_case.person,
                                                   .fields = request.field,
                                                   .case_id = view.the_case.id.value(),
                                                   .reason = request.reason}));
                return UnmaskAnswer{.field = request.field, .value = *found};
            });
        });
    router.Add<Empty, RerunAnswer>(
        {.method = "POST",
         .path = "/api/v1/review/cases/{case}/rerun",
         .id = "rerunReview",
         .summary = "Runs the rules again over what the last examination rested on, and compares; "
                    "changes nothing",
         .access = api::Access::kRole,
         .roles = {Role::kRegistrar, Role::kSupervisor, Role::kAuditor},
         .reasons = {&application::reasons::kNoCase, &reasons::kNotExamined},
         .tag = "review",
         .needs_key = false},
        [this](Call& call, const Empty&) -> Result<RerunAnswer> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<RerunAnswer> {
                OW_TRY(const application::Case the_case,
                       deps_.application.Find(tx, CaseId(call.Path("case"))));
                if (!call.principal.May(Role::kAuditor, the_case.county))
                    OW_CHECK(CheckOffice(call, the_case));
                OW_TRY(const Examination stored, LastExamination(tx, the_case.id));
                OW_TRY(const std::vector<Finding> findings, Rerun(tx, the_case.id, stored));
                return RerunAnswer{.equal = findings == stored.findings,
                                   .policy_version = stored.policy_version,
                                   .pack_version = stored.pack_version,
                                   .findings = ToAnswers(call, findings),
                                   .stored = ToAnswers(call, stored.findings)};
            });
        });
}

void Review::AddDecisionRoutes(api::Router& router) {
    router.Add<DecisionRequest, DecisionAnswer>(
        {.method = "POST",
         .path = "/api/v1/review/cases/{case}/decision",
         .id = "decideCase",
         .summary = "Grants, returns with one complete notice, or refuses with article and "
                    "remedies; by the officer who holds the case",
         .access = api::Access::kRole,
         .roles = {Role::kRegistrar},
         .reasons = {&application::reasons::kNoCase,
                     &application::reasons::kNoEdge,
                     &application::reasons::kFrozen,
                     &application::reasons::kNotSigned,
                     &reasons::kNoTask,
                     &reasons::kNotDealt,
                     &reasons::kConflict,
                     &reasons::kUnlistedReason,
                     &reasons::kReasonsMissing,
                     &reasons::kNoticeComplete,
                     &reasons::kNotForRefusal,
                     &reasons::kCannotGrant,
                     &reasons::kNoteMissing,
                     &reasons::kRecheckOnly,
                     &reasons::kNotExamined,
                     &licence::reasons::kAlreadyGranted,
                     &licence::reasons::kNotInReview,
                     &licence::reasons::kNameNotHeld,
                     &licence::reasons::kPoolEmpty,
                     &naming::reasons::kHoldEnded,
                     &naming::reasons::kHoldUnknown},
         .tag = "review"},
        [this](Call& call, const DecisionRequest& request) -> Result<DecisionAnswer> {
            const CaseId id(call.Path("case"));
            Decision decision{.kind = std::string(json::Write(request.decision).as_string()),
                              .reasons = {},
                              .note = request.note.value_or("")};
            for (const ReasonItem& item : request.reasons)
                decision.reasons.push_back({item.field, item.code});
            auto answer =
                call.Command<DecisionAnswer>([&](db::Transaction& tx) -> Result<DecisionAnswer> {
                    call.subject = id.value();
                    OW_CHECK(Decide(tx, call.principal, id, decision));
                    OW_TRY(const application::Case the_case, deps_.application.Find(tx, id));
                    return DecisionAnswer{.case_id = id.value(), .state = the_case.state};
                });
            if (!answer && answer.error().Is(reasons::kUnlistedReason)) {
                // The attempt to ask for more than the catalogue has is reported by itself
                // (优化营商环境条例 35), although the decision is refused.
                json::array codes;
                for (const Decision::Item& item : decision.reasons) {
                    const CatalogueReason* known = FindReason(item.code);
                    if (known == nullptr || !Fits(*known, item.field))
                        codes.push_back(json::object{{"field", item.field}, {"code", item.code}});
                }
                OW_CHECK(call.services.database.Write([&](db::Transaction& tx) -> Result<> {
                    OW_CHECK(deps_.application.deps().recorder.Record(
                        tx, id,
                        {.kind = "review.added_condition_attempt",
                         .actor = "registrar:" + call.principal.account,
                         .data = {{"officer", call.principal.account}, {"codes", codes}}}));
                    return {};
                }));
            }
            return answer;
        });
}

void Review::AddRoutes(api::Router& router) {
    AddQueueRoutes(router);
    AddFileRoutes(router);
    AddRecordRoutes(router);
    AddDecisionRoutes(router);
    AddRuleRoutes(router);
    AddSwitchRoutes(router);
    AddRecheckRoute(router);
}

}  // namespace onewindow::review
