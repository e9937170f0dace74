#pragma once

#include "application/application.hpp"

// The policy pack (D8): which policies fit a business, and why.
namespace onewindow::handover {

/// One condition of a policy that the business meets: "entity_type" "one_person_company",
/// "industry" "6513", "founder_group" "veteran", "region" "370000", "size" "micro"; "everybody"
/// where a policy has no condition.
struct PolicyWhy {
    std::string condition, value;
    bool operator==(const PolicyWhy&) const = default;
};

/// What a new business is like on the day. Its size is estimated from the people that it says it
/// employs, by the limits of 工信部联企业〔2011〕300号 for most services (10, 100, 300); turnover
/// is not known before it has begun.
reference::PolicyFacts PolicyFactsOf(const reference::Snapshot& reference,
                                     const application::CaseView& view, Date today);
/// The conditions of a policy that was chosen for these facts.
std::vector<PolicyWhy> WhyOf(const reference::Policy& policy, const reference::PolicyFacts& facts);

}  // namespace onewindow::handover
