#include "application/application.hpp"

#include "application/reasons.hpp"
#include "kernel/documents/page.hpp"

namespace onewindow::application {
namespace {

void Sort(std::vector<Fault>& faults) {
    std::stable_sort(faults.begin(), faults.end(), [](const Fault& left, const Fault& right) {
        return std::tie(left.field, left.reason->code) < std::tie(right.field, right.reason->code);
    });
}

forms::Lookups LookupsOf(const Context& context) {
    return {[&reference = context.reference](std::string_view list, std::string_view code) {
                return reference.Knows(list, code);
            },
            context.today};
}

std::string SealPlace(const CaseId& id) { return "application_paper:" + id.value(); }

}  // namespace

Application::Application(Deps deps) : deps_(std::move(deps)) {}

const EntityType* Application::FindEntityType(std::string_view id) const {
    for (const EntityType& type : deps_.entity_types) {
        if (type.id == id) return &type;
    }
    return nullptr;
}

forms::Form Application::FormOf(const EntityType& type) const {
    forms::Form form{type.sections};
    for (const FormPart& part : deps_.matter_parts) {
        if (part.sections.empty() || (part.applies && !part.applies(type.id))) continue;
        form.sections.insert(form.sections.end(), part.sections.begin(), part.sections.end());
    }
    return form;
}

Result<Application::Ground> Application::GroundOf(db::Transaction& tx, const Case& the_case) const {
    OW_TRY(reference::SnapshotPointer snapshot, deps_.reference.OfVersion(tx, the_case.policy_version));
    const Instant now = deps_.services.clock.Now();
    const reference::Snapshot& reference = *snapshot;
    return Ground{std::move(snapshot), Context{reference, now, DateOf(now)}};
}

Result<Application::Ground> Application::GroundNow(db::Transaction& tx) const {
    const Instant now = deps_.services.clock.Now();
    OW_TRY(reference::SnapshotPointer snapshot, deps_.reference.On(tx, DateOf(now)));
    const reference::Snapshot& reference = *snapshot;
    return Ground{std::move(snapshot), Context{reference, now, DateOf(now)}};
}

json::object Application::Completed(const Ground& ground, const Case& the_case, json::object facts) const {
    const EntityType* type = FindEntityType(the_case.entity_type);
    OW_ASSERT(type != nullptr);
    const forms::Form form = FormOf(*type);
    // Defaults first, then derived values, then the defaults that hang on derived values.
    forms::FillDefaults(form, facts);
    type->derive(ground.context, facts);
    for (const FormPart& part : deps_.matter_parts) {
        if (part.derive && (!part.applies || part.applies(type->id))) part.derive(ground.context, facts);
    }
    forms::FillDefaults(form, facts);
    return facts;
}

std::vector<Fault> Application::Check(const Ground& ground, const Case& the_case, const json::object& facts,
                                      bool complete) const {
    const EntityType* type = FindEntityType(the_case.entity_type);
    OW_ASSERT(type != nullptr);
    std::vector<Fault> faults = forms::Validate(FormOf(*type), facts, LookupsOf(ground.context), complete);
    const std::string street = json::TextAt(facts, "address.street");
    const reference::Division* county = ground.snapshot->CountyOf(street);
    if (!street.empty() && (county == nullptr || county->code != the_case.county)) {
        faults.push_back({&reasons::kOutsideCounty, "address.street", {{"county", the_case.county}}});
    }
    // Rules look across fields, so they are asked only where the shape is right and the form is whole.
    if (complete && faults.empty()) {
        type->check(ground.context, facts, faults);
        for (const FormPart& part : deps_.matter_parts) {
            if (part.check && (!part.applies || part.applies(type->id))) part.check(ground.context, facts, faults);
        }
    }
    Sort(faults);
    return faults;
}

Result<std::vector<Paper>> Application::MakePapers(const Ground& ground, const Case& the_case,
                                                   const json::object& facts) const {
    const EntityType* type = FindEntityType(the_case.entity_type);
    std::vector<Paper> papers;
    for (const PaperDraft& draft : type->papers(ground.context, facts)) {
        json::array paragraphs;
        for (const documents::Paragraph& paragraph : draft.paragraphs) paragraphs.push_back(json::value(paragraph.text));
        const json::object data{{"paper", draft.id}, {"title", draft.title}, {"case", the_case.number}, {"text", paragraphs}};
        // The time of making is not printed and the number of the revision neither: papers that did not change keep
        // their digests, and with them their signatures.
        const documents::Document document =
            documents::FlowOnA4(draft.title, FormatInstant(std::chrono::floor<std::chrono::seconds>(the_case.opened_at)), draft.paragraphs, "申报号 " + the_case.number);
        OW_TRY(const std::string pdf, documents::RenderPdf(document));
        OW_TRY(std::string blob, deps_.blobs.Put(deps_.services.sealer.Seal(pdf, SealPlace(the_case.id))));
        papers.push_back({.id = draft.id,
                          .title = draft.title,
                          .data_sm3 = crypto::Hex(crypto::Sm3(json::Canonical(data))),
                          .rendering_sm3 = crypto::Hex(crypto::Sm3(pdf)),
                          .blob = std::move(blob)});
    }
    return papers;
}

Result<std::string> Application::PaperBytes(const CaseId& id, const Paper& paper) const {
    OW_TRY(const std::string sealed, deps_.blobs.Get(paper.blob));
    return deps_.services.sealer.Open(sealed, SealPlace(id));
}

Result<> Application::Submit(db::Transaction& tx, Case& the_case, std::string_view actor) const {
    OW_TRY(const bool all_signed, is_signed(tx, the_case.id));
    if (!all_signed) return Refuse(reasons::kNotSigned);
    OW_TRY(const CaseView view, View(tx, the_case.id));
    // Rules look at the day: what was right when it was signed may be wrong now (domain.md J12).
    OW_TRY(const Ground ground, GroundOf(tx, the_case));
    std::vector<Fault> faults = Check(ground, the_case, view.facts, true);
    if (!faults.empty()) return Refuse(std::move(faults));
    OW_CHECK(Move(tx, the_case, State::kSubmitted, actor));
    OW_TRY(const CaseView submitted, View(tx, the_case.id));
    return on_submitted(tx, submitted);
}

}  // namespace onewindow::application
