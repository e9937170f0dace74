#include "application/reasons.hpp"
#include "kernel/text/text.hpp"
#include "progress/event_text.hpp"
#include "progress/published_times.hpp"
#include "progress/reasons.hpp"
#include "review/queries.gen.hpp"
#include "review/reasons.hpp"
#include "review/review.hpp"

// Rules in public, the kill switch of automatic approval, and the second look at what the machine granted.
namespace onewindow::review {

using api::Call;
using api::Empty;
using auth::Role;
using progress::BothTexts;

struct RuleInputView {
    std::string name;
    BothTexts text;
};
BOOST_DESCRIBE_STRUCT(RuleInputView, (), (name, text))

struct RuleView {
    std::string id;
    int version = 1;
    std::string citation;
    BothTexts text;
    std::vector<RuleInputView> inputs;
    bool hard = false;  // A registrar cannot grant over it either.
};
BOOST_DESCRIBE_STRUCT(RuleView, (), (id, version, citation, text, inputs, hard))

struct RuleList {
    std::string pack_version;
    std::vector<RuleView> rules;
};
BOOST_DESCRIBE_STRUCT(RuleList, (), (pack_version, rules))

enum class SwitchScope { kRule, kType, kPlace };
BOOST_DESCRIBE_ENUM(SwitchScope, kRule, kType, kPlace)

struct SwitchRequest {
    SwitchScope scope{};
    std::string value, reason;
    std::optional<Instant> until;
};
BOOST_DESCRIBE_STRUCT(SwitchRequest, (), (scope, value, reason, until))

struct LiftRequest {
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(LiftRequest, (), (reason))

struct SwitchView {
    std::string id, scope, value;
    bool holds = false;
    Instant from;
    std::optional<Instant> until;
    std::string reason, decided_by, lifted_by, lifted_reason;
};
BOOST_DESCRIBE_STRUCT(SwitchView, (), (id, scope, value, holds, from, until, reason, decided_by, lifted_by, lifted_reason))

struct SwitchList {
    std::vector<SwitchView> switches;
};
BOOST_DESCRIBE_STRUCT(SwitchList, (), (switches))

struct RecheckView {
    std::string task, case_id, authority, county, state, officer;
    Instant drawn_at;
    std::optional<Instant> closed_at;
};
BOOST_DESCRIBE_STRUCT(RecheckView, (), (task, case_id, authority, county, state, officer, drawn_at, closed_at))

struct RecheckReport {
    std::string from, until;
    int percent = 0;
    std::int64_t granted_by_machine = 0, drawn = 0, open = 0, confirmed = 0, objected = 0;
    std::vector<RecheckView> rechecks;  // Of the reader's region.
};
BOOST_DESCRIBE_STRUCT(RecheckReport, (), (from, until, percent, granted_by_machine, drawn, open, confirmed, objected, rechecks))

namespace {

constexpr std::size_t kReasonLengthMin = 4;

BothTexts Both(const messages::Messages& texts, const std::string& key) {
    return {texts.Get(key, messages::Language::kChinese), texts.Get(key, messages::Language::kEnglish)};
}

/// Which of the two roles somebody acts in, where its region covers what is switched; empty for neither.
std::string ActingRole(const auth::Principal& by, const std::string& scope, const std::string& value) {
    for (const auto& [role, name] : {std::pair(Role::kAdministrator, "administrator"), std::pair(Role::kSecurityOfficer, "security_officer")}) {
        for (const auth::Grant& grant : by.grants) {
            // A rule or a type concerns a whole province.
            const bool covers = scope == "place" ? auth::Covers(grant.region, value) : grant.region.ends_with("0000");
            if (grant.role == role && covers) return name;
        }
    }
    return "";
}

std::string RegionOf(const auth::Principal& by) {
    for (const auth::Grant& grant : by.grants) {
        if (grant.role == Role::kAdministrator || grant.role == Role::kSecurityOfficer) return grant.region;
    }
    return "";
}

Switch ReadSwitch(const db::Row& row) {
    return {.id = row.Text("id"),
            .scope = row.Text("scope"),
            .value = row.Text("value"),
            .from = row.Time("from_at"),
            .until = row.TimeIfAny("until_at"),
            .reason = row.Text("reason"),
            .decided_by = row.Text("decided_by"),
            .lifted_by = row.Text("lifted_by"),
            .lifted_reason = row.Text("lifted_reason")};
}

SwitchView ViewOf(const Switch& one, Instant now) {
    return {one.id, one.scope, one.value, !one.until || *one.until > now, one.from, one.until,
            one.reason, one.decided_by, one.lifted_by, one.lifted_reason};
}

bool SaysWhy(std::string_view reason) { return text::Length(text::Normalise(reason)) >= kReasonLengthMin; }

}  // namespace

Result<Switch> Review::SwitchOff(db::Transaction& tx, const auth::Principal& by, Switch wanted) const {
    const auto& deps = deps_.application.deps();
    OW_TRY(const auto ground, deps_.application.GroundNow(tx));
    const bool known = (wanted.scope == "rule" && FindRule(wanted.value) != nullptr) ||
                       (wanted.scope == "type" && deps_.application.FindEntityType(wanted.value) != nullptr) ||
                       (wanted.scope == "place" && ground.snapshot->FindDivision(wanted.value) != nullptr && wanted.value.size() == 6);
    if (!known) return Refuse(reasons::kSwitchScope, "value");
    if (!SaysWhy(wanted.reason)) return Refuse(reasons::kPurposeMissing, "reason");
    wanted.from = deps.services.clock.Now();
    if (wanted.until && *wanted.until <= wanted.from) return Refuse(reasons::kSwitchPast, "until");
    const std::string role = ActingRole(by, wanted.scope, wanted.value);
    if (role.empty()) return Refuse(api::reasons::kNotYours, "value");
    wanted.id = NewUlid(deps.services.clock, deps.services.random);
    wanted.decided_by = by.account;
    json::object data{{"switch", wanted.id}, {"scope", wanted.scope}, {"value", wanted.value}, {"reason", wanted.reason},
                      {"by", by.account},    {"role", role}};
    if (wanted.until) data["until_at"] = EpochMs(*wanted.until);
    const CaseId timeline(wanted.id);
    OW_CHECK(deps.recorder.Open(tx, timeline, RegionOf(by)));
    OW_CHECK(deps.recorder.Record(tx, timeline, {.kind = "review.switched_off", .actor = role + ":" + by.account, .data = std::move(data)}));
    return wanted;
}

Result<Switch> Review::LiftSwitch(db::Transaction& tx, const auth::Principal& by, const std::string& id, const std::string& reason) const {
    const auto& deps = deps_.application.deps();
    if (!SaysWhy(reason)) return Refuse(reasons::kPurposeMissing, "reason");
    OW_TRY(const auto row, tx.FindOne(queries::kLockSwitch, id));
    if (!row) return Refuse(reasons::kNoSwitch);
    Switch found = ReadSwitch(*row);
    const Instant now = deps.services.clock.Now();
    if (found.until && *found.until <= now) return Refuse(reasons::kSwitchEnded);
    const std::string role = ActingRole(by, found.scope, found.value);
    if (role.empty()) return Refuse(api::reasons::kNotYours);
    if (role == row->Text("role") || by.account == found.decided_by) return Refuse(reasons::kSecondPerson);
    OW_CHECK(deps.recorder.Record(tx, CaseId(id),
                                  {.kind = "review.switched_on",
                                   .actor = role + ":" + by.account,
                                   .data = {{"switch", id}, {"scope", found.scope}, {"value", found.value}, {"reason", reason}, {"by", by.account}}}));
    found.until = now;
    found.lifted_by = by.account;
    found.lifted_reason = reason;
    return found;
}

void Review::AddRuleRoutes(api::Router& router) {
    router.Add<Empty, RuleList>(
        {.method = "GET", .path = "/api/v1/review/rules", .id = "listReviewRules",
         .summary = "The numbered rules of the examination: article, version, what each looks at; a rule passes or refers to a person, it never refuses",
         .access = api::Access::kPublic, .tag = "review"},
        [](Call& call, const Empty&) -> Result<RuleList> {
            const messages::Messages& texts = call.services.messages;
            RuleList list{.pack_version = std::string(kPackVersion), .rules = {}};
            for (const Rule& rule : AllRules()) {
                RuleView view{.id = std::string(rule.id), .version = rule.version, .citation = std::string(rule.citation),
                              .text = Both(texts, "review.rule." + std::string(rule.id)), .inputs = {}, .hard = rule.hard};
                for (const std::string_view input : rule.inputs) {
                    if (!input.empty()) view.inputs.push_back({std::string(input), Both(texts, "review.input." + std::string(input))});
                }
                list.rules.push_back(std::move(view));
            }
            return list;
        });
}

void Review::AddSwitchRoutes(api::Router& router) {
    const std::vector<Role> two = {Role::kAdministrator, Role::kSecurityOfficer};
    router.Add<SwitchRequest, SwitchView>(
        {.method = "POST", .path = "/api/v1/review/switches", .id = "switchOffApproval",
         .summary = "Turns automatic approval off for a rule, a type or a place, at once: cases go to people",
         .access = api::Access::kRole, .roles = two,
         .reasons = {&reasons::kSwitchScope, &reasons::kPurposeMissing, &reasons::kSwitchPast, &onewindow::reasons::kTimeUnreadable},
         .status = 201, .tag = "review"},
        [this](Call& call, const SwitchRequest& request) -> Result<SwitchView> {
            return call.Command<SwitchView>([&](db::Transaction& tx) -> Result<SwitchView> {
                Switch wanted{.id = {}, .scope = std::string(json::Write(request.scope).as_string()), .value = request.value, .from = {},
                              .until = request.until, .reason = request.reason, .decided_by = {}, .lifted_by = {}, .lifted_reason = {}};
                OW_TRY(const Switch made, SwitchOff(tx, call.principal, std::move(wanted)));
                return ViewOf(made, call.services.clock.Now());
            });
        });
    router.Add<LiftRequest, SwitchView>(
        {.method = "POST", .path = "/api/v1/review/switches/{switch}/lifting", .id = "liftApprovalSwitch",
         .summary = "Lets the machine approve again; by a second person in the other of the two roles",
         .access = api::Access::kRole, .roles = two,
         .reasons = {&reasons::kNoSwitch, &reasons::kSwitchEnded, &reasons::kSecondPerson, &reasons::kPurposeMissing}, .tag = "review"},
        [this](Call& call, const LiftRequest& request) -> Result<SwitchView> {
            return call.Command<SwitchView>([&](db::Transaction& tx) -> Result<SwitchView> {
                OW_TRY(const Switch lifted, LiftSwitch(tx, call.principal, call.Path("switch"), request.reason));
                return ViewOf(lifted, call.services.clock.Now());
            });
        });
    router.Add<Empty, SwitchList>(
        {.method = "GET", .path = "/api/v1/review/switches", .id = "listApprovalSwitches",
         .summary = "Where automatic approval is or was switched off, by whom and why", .access = api::Access::kRole,
         .roles = {Role::kAdministrator, Role::kSecurityOfficer, Role::kAuditor, Role::kSupervisor, Role::kRegistrar}, .tag = "review"},
        [](Call& call, const Empty&) -> Result<SwitchList> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<SwitchList> {
                const Instant now = call.services.clock.Now();
                OW_TRY(const db::Rows rows, tx.Read(queries::kListAllSwitches, now));
                SwitchList list;
                for (const db::Row& row : rows) list.switches.push_back(ViewOf(ReadSwitch(row), now));
                return list;
            });
        });
}

void Review::AddRecheckRoute(api::Router& router) {
    router.Add<Empty, RecheckReport>(
        {.method = "GET", .path = "/api/v1/review/rechecks", .id = "listRechecks",
         .summary = "The sample of automatic grants that people look at afterwards, with what they found",
         .access = api::Access::kRole, .roles = {Role::kSupervisor, Role::kAuditor, Role::kRegistrar},
         .reasons = {&progress::reasons::kPeriod, &progress::reasons::kAuthorityMalformed, &onewindow::reasons::kDateUnreadable}, .tag = "review",
         .query = {{"from", "First day on which it was drawn, YYYY-MM-DD"}, {"until", "Last day, included"}}},
        [this](Call& call, const Empty&) -> Result<RecheckReport> {
            OW_TRY(const progress::Period period, progress::ReadPeriod(call.request, call.services.clock.Today()));
            const Instant from = At(period.from, std::chrono::hours{0}), until = At(AddDays(period.until, 1), std::chrono::hours{0});
            return call.services.database.Read([&](db::Transaction& tx) -> Result<RecheckReport> {
                RecheckReport report{.from = FormatDate(period.from), .until = FormatDate(period.until), .percent = deps_.recheck_percent, .rechecks = {}};
                OW_TRY(const auto granted, tx.FindOne(queries::kCountGranted, from, until));
                report.granted_by_machine = granted->Int("granted");
                OW_TRY(const db::Rows rows, tx.Read(queries::kListRechecks, from, until));
                for (const db::Row& row : rows) {
                    const std::string &state = row.Text("state"), &county = row.Text("county");
                    ++report.drawn;
                    report.open += state == "open" ? 1 : 0;
                    report.confirmed += state == "confirmed" ? 1 : 0;
                    report.objected += state == "objected" ? 1 : 0;
                    const bool mine = call.principal.May(Role::kSupervisor, county) || call.principal.May(Role::kAuditor, county) ||
                                      call.principal.May(Role::kRegistrar, county, row.Text("authority"));
                    if (!mine) continue;
                    report.rechecks.push_back({row.Text("id"), row.Text("case_id"), row.Text("authority"), county, state, row.Text("officer"),
                                               row.Time("referred_at"), row.TimeIfAny("closed_at")});
                }
                return report;
            });
        });
}

}  // namespace onewindow::review
