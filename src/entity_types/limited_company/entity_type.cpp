#include "application/company.hpp"

namespace onewindow::entity_types::limited_company {

application::EntityType MakeEntityType() {
    using namespace application;
    const company::Kind kind{.one_person = false, .corporate = false};
    return {
        .id = "limited_company",
        .uscc_department = "91",
        .smart_approval = true,
        .org_kind = naming::OrgKind::kLimitedCompany,
        .sections = company::Sections(kind),
        .derive = [kind](const Context& context, json::object& facts) { company::Derive(kind, context, facts); },
        .check = [kind](const Context& context, const json::object& facts, std::vector<Fault>& faults) {
            company::Check(kind, context, facts, faults);
        },
        .licence = [kind](const Context& context, const json::object& facts) { return company::Licence(kind, context, facts); },
        .papers = [kind](const Context& context, const json::object& facts) { return company::Papers(kind, context, facts); },
        .signatories = [](const json::object& facts) { return company::Signatories(facts); },
        .name_seal_of = [](const json::object& facts) { return json::TextAt(facts, "offices.legal_representative"); },
        .fits = {{"together", "limited"}},
    };
}

}  // namespace onewindow::entity_types::limited_company
