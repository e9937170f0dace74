#pragma once

#include <array>
#include <span>

#include "application/application.hpp"

// The rule pack. A rule looks, never acts: it passes or refers to a human; no rule refuses (条例
// 20, domain.md J1.2).
namespace onewindow::review {

struct Finding {
    std::string rule;  // "R012"
    int version = 1;
    std::string citation;
    std::string verdict;  // pass | refer
    json::object inputs;  // What was looked at (no bare personal data: digests, counts, codes, keys
                          // of people[]).
    std::string reason;   // Message key; empty where it passed.
    bool operator==(const Finding&) const = default;
};

/// What rules look at beside the facts, fixed at the examination and kept with it, so that it can
/// be run again years later.
struct Materials {
    Instant at;
    std::vector<std::string> signature_faults, identity_faults;  // Reason codes.
    std::vector<std::string> form_faults;                        // "field:reason".
    bool name_held = false;    // A running hold of this case over this very name.
    std::string name_verdict;  // pass | similar | same | refused; empty where there is no name.
    std::vector<std::string>
        name_findings;  // Codes that a person has to look at, and rules of similar names ("N2").
    std::vector<std::string> name_industries;  // GB/T 4754 codes of the name's industry.
    std::int64_t same_address = 0;             // Other live cases at the same address,
    std::int64_t same_person = 0;       // and the most that one person of this case has a part in.
    std::vector<std::string> listed;    // "dishonest:p1"
    std::vector<std::string> switches;  // "rule:R012"
    bool human_wanted = false;
    bool smart_type = false;
    bool name_needed = true;
    std::string returned_by;  // The account of the officer who returned it earlier.
};
BOOST_DESCRIBE_STRUCT(Materials, (),
                      (at, signature_faults, identity_faults, form_faults, name_held, name_verdict,
                       name_findings, name_industries, same_address, same_person, listed, switches,
                       human_wanted, smart_type, name_needed, returned_by))

struct RuleInput {
    const json::object& facts;
    const application::Context&
        context;  // Of the case's policy version, at the time of the materials.
    const Materials& materials;
};

/// Sets what it looked at; true means that a human has to look.
using RuleFunction = bool (*)(const RuleInput& input, json::object& looked_at);

struct Rule {
    std::string_view id;
    int version;
    std::string_view citation;
    RuleFunction refers;
    /// What it looks at: members of a finding's inputs, each with a text "review.input.<name>".
    std::array<std::string_view, 2> inputs;
    /// A registrar cannot grant while it refers either: what is missing is not a matter of
    /// judgement.
    bool hard = false;
};

inline constexpr std::string_view kPackVersion = "2026.1";

/// Figures that make somebody look; never a cap on anybody (domain.md J1.1).
inline constexpr std::int64_t kSameAddressLook = 20;
inline constexpr std::int64_t kSamePersonLook = 5;
inline constexpr std::int64_t kCapitalLookFen = 100'000'000LL * 100;

std::span<const Rule> AllRules();
const Rule* FindRule(std::string_view id);
/// Every rule, in order. The text of a referral is "review.rule.<id>". Pure.
std::vector<Finding> RunRules(const RuleInput& input);
bool Refers(const std::vector<Finding>& findings);

}  // namespace onewindow::review
