#include "handover/policy_pack.hpp"

#include "application/sections.hpp"

namespace onewindow::handover {
namespace {

std::string SizeOf(std::size_t employees) {
    if (employees < 10) return "micro";
    if (employees < 100) return "small";
    return employees < 300 ? "medium" : "large";
}

}  // namespace

reference::PolicyFacts PolicyFactsOf(const reference::Snapshot& reference,
                                     const application::CaseView& view, Date today) {
    const json::object& facts = view.facts;
    std::string main = json::TextAt(facts, "scope.main");
    const std::vector<std::string> items = application::Texts(facts, "scope.items");
    if (main.empty() && !items.empty()) main = items.front();
    const reference::ScopeItem* item = reference.FindScopeItem(main);
    reference::PolicyFacts found{.entity_type = view.the_case.entity_type,
                                 .industry = item == nullptr ? "" : item->industry,
                                 .division = view.the_case.county,
                                 .size = SizeOf(application::Rows(facts, "employees").size()),
                                 .today = today};
    const std::string group = json::TextAt(facts, "founder.group", "none");
    if (group != "none") found.founder_groups.insert(group);
    return found;
}

std::vector<PolicyWhy> WhyOf(const reference::Policy& policy, const reference::PolicyFacts& facts) {
    std::vector<PolicyWhy> why;
    if (!policy.entity_types.empty()) why.push_back({"entity_type", facts.entity_type});
    if (!policy.industries.empty()) why.push_back({"industry", facts.industry});
    for (const std::string& group : policy.founder_groups) {
        if (facts.founder_groups.contains(group)) why.push_back({"founder_group", group});
    }
    for (const std::string& region : policy.regions) {
        if (auth::Covers(region, facts.division)) why.push_back({"region", region});
    }
    if (!policy.sizes.empty()) why.push_back({"size", facts.size});
    if (why.empty()) why.push_back({"everybody", ""});
    return why;
}

}  // namespace onewindow::handover
