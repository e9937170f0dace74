#include "application/reasons.hpp"
#include "application/sections.hpp"
#include "forms/forms.hpp"
#include "kernel/text/text.hpp"
#include "review/queries.gen.hpp"
#include "review/reasons.hpp"
#include "review/review.hpp"
#include "review/rows.hpp"
#include "signing/reasons.hpp"

// The examination: gather, run the rules, write once. All pass: granted by the machine. Else a
// registrar decides; the machine never refuses.
namespace onewindow::review {
namespace {

using application::CaseView;
using application::State;

constexpr std::string_view kJob = "review.examine";

std::string SealPlace(const std::string& id) { return "review_examination.basis:" + id; }

std::string AddressOf(const json::object& facts) {
    return json::TextAt(facts, "address.street") + "|" +
           text::Normalise(json::TextAt(facts, "address.detail"));
}

bool IsLive(State state) {
    return state != State::kWithdrawn && state != State::kRefused && state != State::kExpired;
}

/// How many other live cases have the same address or person.
Result<std::int64_t> CountOthers(db::Transaction& tx, const application::Application& application,
                                 std::string_view kind, const std::string& hash,
                                 const CaseId& own) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListCasesOfSubject, kind, hash, own));
    std::int64_t count = 0;
    for (const db::Row& row : rows) {
        OW_TRY(const application::Case other, application.Find(tx, row.As<CaseId>("case_id")));
        count += IsLive(other.state) ? 1 : 0;
    }
    return count;
}

Result<> GatherName(db::Transaction& tx, const application::Application& application,
                    const application::Application::Ground& ground, const CaseView& view,
                    Materials& materials) {
    const std::string name = json::TextAt(view.facts, "name.full");
    if (name.empty()) return {};
    const application::Case& the_case = view.the_case;
    materials.name_held = !the_case.name_hold.empty() && the_case.name_hold_until &&
                          *the_case.name_hold_until > ground.context.now &&
                          the_case.business_name == naming::NormaliseName(name);
    const auto regions = application::Application::RegionsOf(ground);
    OW_TRY(const naming::Examination examination,
           naming::CheckName(tx, application.NamingOf(ground, *regions), ground.context.now,
                             application.NameRequestOf(ground, the_case, view.facts),
                             the_case.name_hold));
    materials.name_verdict = naming::NameOf(examination.verdict);
    for (const naming::Finding& finding : examination.findings) {
        if (finding.level == naming::Level::kReview)
            materials.name_findings.emplace_back(finding.fault.code());
    }
    for (const naming::NameConflict& conflict : examination.hits.conflicts)
        materials.name_findings.push_back(conflict.rule);
    materials.name_industries = examination.parts.classes;
    return {};
}

Result<> GatherLists(db::Transaction& tx, const sealing::Sealer& sealer, const CaseView& view,
                     Materials& materials) {
    for (const json::value& person : application::Rows(view.facts, "people")) {
        OW_TRY(const db::Rows entries,
               tx.Read(queries::kFindEntries,
                       DocumentHash(sealer, json::TextAt(person, "id_number")), materials.at));
        for (const db::Row& entry : entries)
            materials.listed.push_back(entry.Text("kind") + ":" + json::TextAt(person, "key"));
    }
    OW_TRY(const db::Rows switches, tx.Read(queries::kListSwitches, materials.at));
    for (const db::Row& row : switches) {
        const std::string &scope = row.Text("scope"), &value = row.Text("value");
        const bool meant = scope == "rule" ||
                           (scope == "type" && value == view.the_case.entity_type) ||
                           (scope == "place" && auth::Covers(value, view.the_case.county));
        if (meant) materials.switches.push_back(scope + ":" + value);
    }
    return {};
}

}  // namespace

/// A finished examination that is not stored yet.
struct Review::Made {
    CaseView view;
    std::string id, sealed;
    Materials materials;
    std::vector<Finding> findings;
    json::array subjects;
};

json::array ToJson(const std::vector<Finding>& findings) {
    json::array list;
    for (const Finding& finding : findings) {
        list.push_back(json::object{{"rule", finding.rule},
                                    {"version", finding.version},
                                    {"citation", finding.citation},
                                    {"verdict", finding.verdict},
                                    {"inputs", finding.inputs},
                                    {"reason", finding.reason}});
    }
    return list;
}

Review::Review(Deps deps) : deps_(std::move(deps)) { OW_ASSERT(deps_.verify != nullptr); }

Result<> Review::Order(db::Transaction& tx, const CaseView& view) const {
    const api::Services& services = deps_.application.deps().services;
    OW_CHECK(Charge(tx, view.the_case.id, "authority:" + view.the_case.authority, true, ""));
    const json::object arguments{{"case", view.the_case.id.value()}};
    return jobs::Enqueue(
        tx, services.clock, services.random,
        {.kind = std::string(kJob),
         .arguments = json::Text(arguments),
         .key = "review:" + view.the_case.id.value() + ":" + std::to_string(view.the_case.version),
         .subject = view.the_case.id.value(),
         .run_at = services.clock.Now()});
}

Result<> Review::Refer(db::Transaction& tx, const CaseView& view,
                       const std::vector<Fault>& faults) const {
    json::array rules{"R003"};
    for (const Fault& fault : faults) rules.push_back(json::value(fault.code()));
    return OpenTask(tx, view.the_case, "decision", std::move(rules), "review.referred");
}

Result<Materials> Review::Gather(db::Transaction& tx, const CaseView& view) const {
    const application::Application& application = deps_.application;
    const sealing::Sealer& sealer = application.deps().services.sealer;
    OW_TRY(const auto ground, application.GroundOf(tx, view.the_case));
    Materials materials;
    materials.at = ground.context.now;
    OW_TRY(const std::vector<Fault> unproven, deps_.verify(tx, view.the_case.id));
    for (const Fault& fault : unproven) {
        const bool identity = fault.code() == signing::reasons::kNoEvidence.code ||
                              fault.code() == signing::reasons::kNotFresh.code;
        (identity ? materials.identity_faults : materials.signature_faults)
            .emplace_back(fault.code());
    }
    for (const Fault& fault : application.Check(ground, view.the_case, view.facts, true)) {
        materials.form_faults.push_back(fault.field + ":" + std::string(fault.code()));
    }
    OW_CHECK(GatherName(tx, application, ground, view, materials));
    OW_CHECK(GatherLists(tx, sealer, view, materials));
    OW_TRY(
        materials.same_address,
        CountOthers(tx, application, "address",
                    sealer.LookupHash(AddressOf(view.facts), "review_address"), view.the_case.id));
    for (const json::value& person : application::Rows(view.facts, "people")) {
        OW_TRY(
            const std::int64_t others,
            CountOthers(tx, application, "person",
                        DocumentHash(sealer, json::TextAt(person, "id_number")), view.the_case.id));
        materials.same_person = std::max(materials.same_person, others);
    }
    const application::EntityType* type = application.FindEntityType(view.the_case.entity_type);
    materials.human_wanted = view.the_case.human_review_wanted;
    materials.smart_type = type->smart_approval;
    materials.name_needed = type->needs_name;
    OW_TRY(const db::Rows notices, tx.Read(queries::kListNotices, view.the_case.id));
    if (!notices.empty()) materials.returned_by = notices.back().Text("officer");
    return materials;
}

Result<std::string> Review::Seal(const std::string& id, const json::object& facts,
                                 const Materials& materials) const {
    const json::object basis{{"facts", facts}, {"materials", json::Write(materials)}};
    return deps_.application.deps().services.sealer.Seal(json::Canonical(basis), SealPlace(id));
}

Result<Review::Made> Review::Make(const CaseId& case_id) const {
    const application::Application& application = deps_.application;
    const api::Services& services = application.deps().services;
    return services.database.Read([&](db::Transaction& tx) -> Result<Made> {
        OW_TRY(CaseView view, application.View(tx, case_id));
        OW_TRY(Materials materials, Gather(tx, view));
        OW_TRY(const auto ground, application.GroundOf(tx, view.the_case));
        const application::Context context{*ground.snapshot, materials.at, DateOf(materials.at)};
        Made made{.view = std::move(view),
                  .id = NewUlid(services.clock, services.random),
                  .sealed = {},
                  .materials = std::move(materials),
                  .findings = {},
                  .subjects = {}};
        made.findings = RunRules({made.view.facts, context, made.materials});
        OW_TRY(made.sealed, Seal(made.id, made.view.facts, made.materials));
        made.subjects.push_back(json::object{
            {"kind", "address"},
            {"hash", services.sealer.LookupHash(AddressOf(made.view.facts), "review_address")}});
        for (const json::value& person : application::Rows(made.view.facts, "people")) {
            made.subjects.push_back(json::object{
                {"kind", "person"},
                {"hash", DocumentHash(services.sealer, json::TextAt(person, "id_number"))}});
        }
        return made;
    });
}

Result<> Review::OpenTask(db::Transaction& tx, const application::Case& the_case,
                          std::string_view kind, json::array rules, std::string_view event,
                          std::string preferred) const {
    const auto& deps = deps_.application.deps();
    OW_CHECK(
        deps.recorder.Record(tx, the_case.id,
                             {.kind = std::string(event),
                              .actor = "machine",
                              .data = {{"task", NewUlid(deps.services.clock, deps.services.random)},
                                       {"kind", json::value(kind)},
                                       {"authority", the_case.authority},
                                       {"county", the_case.county},
                                       {"rules", std::move(rules)},
                                       {"preferred", std::move(preferred)}}}));
    return {};
}

Result<> Review::Store(db::Transaction& tx, const jobs::Job& job, const Made& made,
                       bool drawn) const {
    const auto& deps = deps_.application.deps();
    OW_TRY(application::Case the_case, deps_.application.Lock(tx, made.view.the_case.id));
    if (the_case.state != State::kSubmitted)
        return jobs::Finish(tx, deps.services.clock, job);  // Withdrawn, or examined already.
    OW_CHECK(deps_.application.Move(tx, the_case, State::kReviewing, "machine"));
    const bool refers = Refers(made.findings);
    OW_CHECK(deps.recorder.Record(tx, the_case.id,
                                  {.kind = "review.examined",
                                   .actor = "machine",
                                   .data = {{"examination", made.id},
                                            {"revision", the_case.revision},
                                            {"policy_version", the_case.policy_version},
                                            {"pack_version", json::value(kPackVersion)},
                                            {"basis_sm3", crypto::Hex(crypto::Sm3(made.sealed))},
                                            {"outcome", refers ? "refer" : "pass"},
                                            {"findings", ToJson(made.findings)}},
                                   .sensitive = {{"basis_sealed", crypto::Base64(made.sealed)},
                                                 {"subjects", made.subjects}}}));
    if (refers) {
        json::array rules;
        for (const Finding& finding : made.findings) {
            if (finding.verdict == "refer") rules.push_back(json::value(finding.rule));
        }
        OW_CHECK(OpenTask(tx, the_case, "decision", std::move(rules), "review.referred",
                          made.materials.returned_by));
        return jobs::Finish(tx, deps.services.clock, job);
    }
    OW_CHECK(deps.recorder.Record(
        tx, the_case.id,
        {.kind = "review.granted",
         .actor = "machine",
         .data = {{"task", ""}, {"by", "machine"}, {"examination", made.id}}}));
    OW_TRY(const CaseView view, deps_.application.View(tx, the_case.id));
    OW_CHECK(deps_.licences.Grant(tx, view, "machine"));
    if (drawn) OW_CHECK(OpenTask(tx, the_case, "recheck", {}, "review.recheck_drawn"));
    deps_.crash.Reach("review.examined");
    return jobs::Finish(tx, deps.services.clock, job);
}

jobs::Outcome Review::Examine(const jobs::Job& job) const {
    api::Services& services = deps_.application.deps().services;
    const auto arguments = json::Parse(job.arguments);
    if (!arguments) return jobs::GiveUp{"arguments"};
    auto made = Make(CaseId(json::TextAt(*arguments, "case")));
    if (!made) return jobs::Retry{.why = made.error().Describe()};
    if (made->view.the_case.frozen)
        return jobs::Wait{services.clock.Now() + std::chrono::minutes{5}};
    // Drawn before the transaction, whose closure may run again.
    const bool drawn =
        services.random.Below(100) < static_cast<std::uint64_t>(deps_.recheck_percent);
    auto stored =
        services.database.Write([&](db::Transaction& tx) { return Store(tx, job, *made, drawn); });
    const bool taken_back =
        !stored &&
        stored.error().Is(application::reasons::kNotSigned);  // Gathered anew, R001 says so.
    if (!stored && stored.error().kind() == Kind::kRefused && !taken_back) {
        // Somebody else's name came in between: what the grant refuses is for a human, never a
        // refusal by the machine.
        for (Finding& finding : made->findings) {
            if (finding.rule != "R009") continue;
            finding.verdict = "refer";
            finding.reason = "review.rule.R009";
            finding.inputs["verdict"] = "refused";
        }
        made->materials.name_verdict = "refused";
        auto sealed = Seal(made->id, made->view.facts, made->materials);
        if (!sealed) return jobs::Retry{.why = sealed.error().Describe()};
        made->sealed = *std::move(sealed);
        stored = services.database.Write(
            [&](db::Transaction& tx) { return Store(tx, job, *made, false); });
    }
    if (!stored) return jobs::Retry{.why = stored.error().Describe()};
    return jobs::Done{};
}

void Review::RegisterJobs(jobs::Runner& runner) {
    runner.Register(std::string(kJob), {}, [this](const jobs::Job& job) { return Examine(job); });
}

Result<Examination> Review::ReadExamination(db::Transaction& tx, const db::Row& row) const {
    Examination examination{.id = row.Text("id"),
                            .policy_version = row.Text("policy_version"),
                            .pack_version = row.Text("pack_version"),
                            .basis_sm3 = row.Text("basis_sm3"),
                            .outcome = row.Text("outcome"),
                            .revision = row.Int("revision"),
                            .facts = {},
                            .materials = {},
                            .findings = {}};
    OW_TRY(const std::string text, deps_.application.deps().services.sealer.Open(
                                       row.Blob("basis"), SealPlace(examination.id)));
    OW_TRY(const json::value basis, json::Parse(text));
    examination.facts = basis.at("facts").as_object();
    OW_TRY(examination.materials, json::Read<Materials>(basis.at("materials")));
    OW_TRY(const db::Rows findings, tx.Read(queries::kListFindings, examination.id));
    for (const db::Row& finding : findings) {
        OW_TRY(const json::value inputs, json::Parse(finding.Text("inputs")));
        examination.findings.push_back({.rule = finding.Text("rule"),
                                        .version = static_cast<int>(finding.Int("version")),
                                        .citation = finding.Text("citation"),
                                        .verdict = finding.Text("verdict"),
                                        .inputs = inputs.as_object(),
                                        .reason = finding.Text("reason")});
    }
    return examination;
}

Result<Examination> Review::LastExamination(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListExaminations, case_id));
    if (rows.empty()) return Refuse(reasons::kNotExamined);
    return ReadExamination(tx, rows.front());
}

Result<std::vector<Finding>> Review::Rerun(db::Transaction& tx, const CaseId& case_id,
                                           const Examination& examination) const {
    OW_TRY(application::Case the_case, deps_.application.Find(tx, case_id));
    the_case.policy_version = examination.policy_version;
    OW_TRY(auto ground, deps_.application.GroundOf(tx, the_case));
    Materials materials = examination.materials;
    const application::Application::Ground then{
        ground.snapshot, {*ground.snapshot, materials.at, DateOf(materials.at)}};
    // The form's own rules run again too, as of that day.
    materials.form_faults.clear();
    for (const Fault& fault : deps_.application.Check(then, the_case, examination.facts, true)) {
        materials.form_faults.push_back(fault.field + ":" + std::string(fault.code()));
    }
    return RunRules({examination.facts, then.context, materials});
}

}  // namespace onewindow::review
