#include "application/api_types.hpp"
#include "kernel/auth/auth.hpp"
#include "application/reasons.hpp"
#include "forms/reasons.hpp"
#include "kernel/auth/auth.hpp"

// Routes before and around the draft: entity types, the form's description, opening, reading, saving.
namespace onewindow::application {
namespace {

using api::Access;
using api::Call;
using api::Empty;

/// Paths that differ between two revisions, section.field deep: what somebody else has changed meanwhile.
std::string ChangedPaths(const json::object& before, const json::object& after) {
    std::string changed;
    const auto add = [&](const std::string& path) { changed += (changed.empty() ? "" : ", ") + path; };
    for (const auto& section : after) {
        const json::value* old = before.if_contains(section.key());
        const std::string name(std::string_view(section.key()));
        if (old != nullptr && *old == section.value()) continue;
        if (old == nullptr || !old->is_object() || !section.value().is_object()) {
            add(name);
            continue;
        }
        for (const auto& field : section.value().as_object()) {
            const json::value* old_field = old->as_object().if_contains(field.key());
            if (old_field == nullptr || *old_field != field.value()) add(name + "." + std::string(std::string_view(field.key())));
        }
    }
    return changed;
}

}  // namespace

CaseAnswer ToAnswer(const Case& the_case) {
    return {.id = the_case.id.value(),
            .number = the_case.number,
            .entity_type = the_case.entity_type,
            .county = the_case.county,
            .authority = the_case.authority,
            .state = the_case.state,
            .frozen = the_case.frozen,
            .revision = the_case.revision,
            .human_review_wanted = the_case.human_review_wanted,
            .policy_version = the_case.policy_version,
            .opened_at = the_case.opened_at,
            .submitted_at = the_case.submitted_at,
            .licensed_at = the_case.licensed_at,
            .completed_at = the_case.completed_at};
}

std::vector<FaultAnswer> ToAnswers(const std::vector<Fault>& faults, const messages::Messages& messages, messages::Language language) {
    std::vector<FaultAnswer> answers;
    for (const Fault& fault : faults) {
        const auto arguments = forms::ArgumentsOf(messages, language, fault);
        answers.push_back({.field = fault.field,
                           .reason = std::string(fault.code()),
                           .citation = std::string(fault.reason->citation),
                           .text = messages.Get(fault.code(), language, arguments)});
    }
    return answers;
}

void Application::AddFormRoutes(api::Router& router) {
    router.Add<Empty, EntityTypeList>(
        {.method = "GET", .path = "/api/v1/entity-types", .id = "listEntityTypes", .summary = "Kinds of business that can be opened here",
         .access = Access::kPublic, .tag = "form"},
        [this](Call& call, const Empty&) -> Result<EntityTypeList> {
            EntityTypeList list;
            const messages::Messages& texts = call.services.messages;
            for (const EntityType& type : deps_.entity_types) {
                const std::string key = "entity_type." + type.id;
                list.entity_types.push_back({.id = type.id,
                                             .name_zh = texts.Get(key, messages::Language::kChinese),
                                             .name_en = texts.Get(key, messages::Language::kEnglish),
                                             .smart_approval = type.smart_approval});
            }
            return list;
        });
    router.Add<Empty, json::object>(
        {.method = "GET", .path = "/api/v1/forms/{entity_type}", .id = "describeForm",
         .summary = "The one form of an entity type: sections, fields, conditions, limits, who needs what",
         .access = Access::kPublic, .reasons = {&reasons::kUnknownEntityType}, .tag = "form"},
        [this](Call& call, const Empty&) -> Result<json::object> {
            const EntityType* type = FindEntityType(call.Path("entity_type"));
            if (type == nullptr) return Refuse(reasons::kUnknownEntityType, "entity_type");
            json::object form = forms::Describe(FormOf(*type), call.services.messages);
            form["entity_type"] = type->id;
            OW_TRY(const Ground ground, call.services.database.Read([&](db::Transaction& tx) { return GroundNow(tx); }));
            form["policy_version"] = ground.snapshot->policy_version();
            return form;
        });
    router.Add<SaveFormRequest, SaveFormAnswer>(
        {.method = "PUT", .path = "/api/v1/cases/{case}/form", .id = "saveForm",
         .summary = "Saves the draft; If-Match is the revision that it was edited from",
         .reasons = {&reasons::kNoCase, &reasons::kStale, &reasons::kNotEditable, &forms::reasons::kWrongType},
         .tag = "form", .needs_if_match = true},
        [this](Call& call, const SaveFormRequest& request) -> Result<SaveFormAnswer> {
            OW_TRY(const std::int64_t edited_from, call.IfMatch());
            return call.Command<SaveFormAnswer>([&](db::Transaction& tx) -> Result<SaveFormAnswer> {
                OW_TRY(Case the_case, Lock(tx, CaseId(call.Path("case"))));
                call.subject = the_case.id.value();
                OW_CHECK(MayEdit(tx, call.principal, the_case));
                if (the_case.revision != edited_from) {
                    OW_TRY(const CaseView current, View(tx, the_case.id));
                    return Refuse(reasons::kStale, "", {{"revision", std::to_string(the_case.revision)},
                                                        {"changed", ChangedPaths(request.facts, current.facts)}});
                }
                const std::string actor = "person:" + call.principal.person;
                // An edit after the papers were made sends the case back to the draft; the signing room keeps the
                // signatures over papers that come out the same.
                if (the_case.state == State::kSigning || the_case.state == State::kReturned) {
                    OW_CHECK(Move(tx, the_case, State::kDrafting, actor));
                }
                if (the_case.state != State::kDrafting) return Refuse(reasons::kNotEditable);
                OW_CHECK(SaveFacts(tx, the_case, request.facts, actor));
                call.SetHeader("ETag", "\"" + std::to_string(the_case.revision) + "\"");
                OW_TRY(const Ground ground, GroundOf(tx, the_case));
                const json::object completed = Completed(ground, the_case, request.facts);
                return SaveFormAnswer{.revision = the_case.revision,
                                      .faults = ToAnswers(Check(ground, the_case, completed, true), call.services.messages, call.language)};
            });
        });
    router.Add<Empty, FormAnswer>(
        {.method = "GET", .path = "/api/v1/cases/{case}/form", .id = "readForm",
         .summary = "The draft as its own people see it, unmasked (the read is audited), with everything still wrong or missing",
         .reasons = {&reasons::kNoCase}, .tag = "form"},
        [this](Call& call, const Empty&) -> Result<FormAnswer> {
            return call.services.database.Write([&](db::Transaction& tx) -> Result<FormAnswer> {
                OW_TRY(const CaseView view, View(tx, CaseId(call.Path("case"))));
                OW_CHECK(MayEdit(tx, call.principal, view.the_case));
                OW_CHECK(auth::RecordUnmaskedRead(tx, call.services,
                                                  {.account = call.principal.account, .person = view.the_case.person,
                                                   .fields = "form", .case_id = view.the_case.id.value(), .reason = "own_case", .refused = false}));
                call.SetHeader("ETag", "\"" + std::to_string(view.the_case.revision) + "\"");
                OW_TRY(const Ground ground, GroundOf(tx, view.the_case));
                const json::object completed = Completed(ground, view.the_case, view.facts);
                return FormAnswer{.revision = view.the_case.revision,
                                  .facts = view.facts,
                                  .faults = ToAnswers(Check(ground, view.the_case, completed, true), call.services.messages, call.language)};
            });
        });
}

}  // namespace onewindow::application
