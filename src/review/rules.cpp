#include "review/rules.hpp"

#include <algorithm>
#include <set>

#include "application/sections.hpp"

// The rules themselves; each is a few lines over facts and materials.
namespace onewindow::review {
namespace {

using application::FindOrganisation;
using application::FindPerson;
using application::Rows;
using application::Texts;

json::array List(const std::vector<std::string>& texts) {
    json::array list;
    for (const std::string& text : texts) list.push_back(json::value(text));
    return list;
}

std::vector<std::string> Investors(const json::object& facts) {
    std::vector<std::string> keys;
    for (const json::value& row : Rows(facts, "investors"))
        keys.push_back(json::TextAt(row, "holder"));
    return keys;
}

bool SignaturesFail(const RuleInput& input, json::object& looked_at) {
    looked_at["faults"] = List(input.materials.signature_faults);
    return !input.materials.signature_faults.empty();
}

bool IdentitiesFail(const RuleInput& input, json::object& looked_at) {
    looked_at["faults"] = List(input.materials.identity_faults);
    return !input.materials.identity_faults.empty();
}

bool FormFails(const RuleInput& input, json::object& looked_at) {
    looked_at["faults"] = List(input.materials.form_faults);
    return !input.materials.form_faults.empty();
}

bool HasPriorApprovalItem(const RuleInput& input, json::object& looked_at) {
    std::vector<std::string> found;
    for (const std::string& id : Texts(input.facts, "scope.items")) {
        const reference::ScopeItem* item = input.context.reference.FindScopeItem(id);
        if (item != nullptr && item->stage == "before") found.push_back(id);
    }
    looked_at["items"] = List(found);
    return !found.empty();
}

bool IsMainItemLicensed(const RuleInput& input, json::object& looked_at) {
    const std::string main = json::TextAt(input.facts, "scope.main");
    const reference::ScopeItem* item = input.context.reference.FindScopeItem(main);
    looked_at["main"] = main;
    return item != nullptr && item->licensed;
}

bool HasCorporateInvestor(const RuleInput& input, json::object& looked_at) {
    json::array found;
    for (const std::string& key : Investors(input.facts)) {
        const json::value* organisation = FindOrganisation(input.facts, key);
        if (organisation != nullptr)
            found.push_back(
                json::object{{"key", key}, {"kind", json::TextAt(*organisation, "kind")}});
    }
    looked_at["organisations"] = found;
    return !found.empty();
}

bool HasMinorInvestor(const RuleInput& input, json::object& looked_at) {
    std::vector<std::string> found;
    for (const std::string& key : Investors(input.facts)) {
        const json::value* person = FindPerson(input.facts, key);
        const auto birth = ParseDate(person == nullptr ? "" : json::TextAt(*person, "birth_date"));
        if (birth && AgeOn(*birth, input.context.today) < 18) found.push_back(key);
    }
    looked_at["people"] = List(found);
    return !found.empty();
}

bool HasOtherDocuments(const RuleInput& input, json::object& looked_at) {
    json::array found;
    for (const json::value& person : Rows(input.facts, "people")) {
        const std::string type = json::TextAt(person, "id_type", "resident_id");
        if (type != "resident_id")
            found.push_back(json::object{{"key", json::TextAt(person, "key")}, {"id_type", type}});
    }
    looked_at["people"] = found;
    return !found.empty();
}

bool IsNameLost(const RuleInput& input, json::object& looked_at) {
    const Materials& materials = input.materials;
    looked_at["held"] = materials.name_held;
    looked_at["verdict"] = materials.name_verdict;
    const bool named = !json::TextAt(input.facts, "name.full").empty();
    if (!named) return materials.name_needed;
    return !materials.name_held || materials.name_verdict == "same" ||
           materials.name_verdict == "refused";
}

bool NeedsNameLook(const RuleInput& input, json::object& looked_at) {
    looked_at["findings"] = List(input.materials.name_findings);
    return !input.materials.name_findings.empty();
}

/// 规定 art. 9: by the main business and GB/T 4754; compared at its 大类.
bool NameSaysAnotherIndustry(const RuleInput& input, json::object& looked_at) {
    const reference::ScopeItem* main =
        input.context.reference.FindScopeItem(json::TextAt(input.facts, "scope.main"));
    const std::vector<std::string>& industries = input.materials.name_industries;
    looked_at["name"] = List(industries);
    looked_at["main"] = main == nullptr ? "" : main->industry;
    if (main == nullptr || industries.empty()) return false;
    return std::none_of(industries.begin(), industries.end(), [&](const std::string& code) {
        return code.substr(0, 2) == main->industry.substr(0, 2);
    });
}

/// A request to think again, by a human; the law has no ceiling (domain.md J31).
bool IsCapitalUnusual(const RuleInput& input, json::object& looked_at) {
    const std::int64_t amount = json::IntAt(input.facts, "capital.amount");
    looked_at["amount_fen"] = amount;
    looked_at["look_from_fen"] = kCapitalLookFen;
    return amount >= kCapitalLookFen;
}

bool IsAddressCrowded(const RuleInput& input, json::object& looked_at) {
    looked_at["others"] = input.materials.same_address;
    looked_at["look_from"] = kSameAddressLook;
    return input.materials.same_address >= kSameAddressLook;
}

bool IsPersonInMany(const RuleInput& input, json::object& looked_at) {
    looked_at["others"] = input.materials.same_person;
    looked_at["look_from"] = kSamePersonLook;
    return input.materials.same_person >= kSamePersonLook;
}

bool IsListed(const RuleInput& input, std::string_view kind, const std::set<std::string>& people,
              json::object& looked_at) {
    std::vector<std::string> found;
    for (const std::string& entry : input.materials.listed) {
        const auto colon = entry.find(':');
        if (entry.substr(0, colon) == kind && people.contains(entry.substr(colon + 1)))
            found.push_back(entry.substr(colon + 1));
    }
    looked_at["people"] = List(found);
    return !found.empty();
}

/// The one who heads the business, whatever the type calls the office.
std::set<std::string> Heads(const json::object& facts) {
    const std::string head = application::HeadOf(facts);
    return head.empty() ? std::set<std::string>{} : std::set<std::string>{head};
}

/// 失信被执行人: not as legal representative; a shareholder may be (domain.md J11).
bool IsHeadDishonest(const RuleInput& input, json::object& looked_at) {
    return IsListed(input, "dishonest", Heads(input.facts), looked_at);
}

std::set<std::string> Everybody(const json::object& facts) {
    std::set<std::string> keys;
    for (const json::value& person : Rows(facts, "people"))
        keys.insert(json::TextAt(person, "key"));
    return keys;
}

bool IsAnybodyBanned(const RuleInput& input, json::object& looked_at) {
    return IsListed(input, "false_registration", Everybody(input.facts), looked_at);
}

/// Directors, supervisors and senior managers, not shareholders.
bool IsOfficerDisqualified(const RuleInput& input, json::object& looked_at) {
    std::set<std::string> officers = Heads(input.facts);
    for (const char* list : {"offices.directors", "offices.supervisors"}) {
        for (std::string& key : Texts(input.facts, list)) officers.insert(std::move(key));
    }
    for (const char* office : {"offices.manager", "offices.chair", "offices.finance"}) {
        officers.insert(json::TextAt(input.facts, office));
    }
    return IsListed(input, "disqualified", officers, looked_at);
}

bool IsHumanWanted(const RuleInput& input, json::object& looked_at) {
    looked_at["wanted"] = input.materials.human_wanted;
    return input.materials.human_wanted;
}

bool IsTypeForHumans(const RuleInput& input, json::object& looked_at) {
    looked_at["smart_approval"] = input.materials.smart_type;
    return !input.materials.smart_type;
}

bool IsSwitchedOff(const RuleInput& input, json::object& looked_at) {
    looked_at["switches"] = List(input.materials.switches);
    return !input.materials.switches.empty();
}

bool WasReturned(const RuleInput& input, json::object& looked_at) {
    looked_at["returned"] = !input.materials.returned_by.empty();
    return !input.materials.returned_by.empty();
}

constexpr Rule kRules[] = {
    {"R001", 1, "市场主体登记管理条例实施细则 15", SignaturesFail, {"faults"}, true},
    {"R002", 1, "市场主体登记管理条例实施细则 16", IdentitiesFail, {"faults"}, true},
    {"R003", 1, "市场主体登记管理条例 16", FormFails, {"faults"}, true},
    {"R004", 1, "市场主体登记管理条例 14", HasPriorApprovalItem, {"items"}},
    {"R005", 1, "市场主体登记管理条例 14", IsMainItemLicensed, {"main"}},
    {"R006", 1, "市场监管总局令第88号", HasCorporateInvestor, {"organisations"}},
    {"R007", 1, "民法典 19、20", HasMinorInvestor, {"people"}},
    {"R008", 1, "市场主体登记管理条例实施细则 16", HasOtherDocuments, {"people"}},
    {"R009", 1, "企业名称登记管理规定 17、18", IsNameLost, {"held", "verdict"}, true},
    {"R010", 1, "企业名称登记管理规定 11、20", NeedsNameLook, {"findings"}},
    {"R011", 1, "企业名称登记管理规定 9", NameSaysAnotherIndustry, {"name", "main"}},
    {"R012", 1, "公司法 47", IsCapitalUnusual, {"amount_fen", "look_from_fen"}},
    {"R013", 1, "山东省市场主体住所（经营场所）登记管理办法 6", IsAddressCrowded, {"others", "look_from"}},
    {"R014", 1, "市场主体登记管理条例 40", IsPersonInMany, {"others", "look_from"}},
    {"R015", 1, "市场主体登记管理条例 12", IsHeadDishonest, {"people"}},
    {"R016", 1, "市场主体登记管理条例 40", IsAnybodyBanned, {"people"}},
    {"R017", 1, "公司法 178", IsOfficerDisqualified, {"people"}},
    {"R018", 1, "个人信息保护法 24", IsHumanWanted, {"wanted"}},
    {"R019", 1, "市场主体登记管理条例 19", IsTypeForHumans, {"smart_approval"}},
    {"R020", 1, "优化营商环境条例 35", IsSwitchedOff, {"switches"}},
    {"R021", 1, "市场主体登记管理条例 19", WasReturned, {"returned"}},
};

}  // namespace

std::span<const Rule> AllRules() { return kRules; }

const Rule* FindRule(std::string_view id) {
    const auto* found = std::find_if(std::begin(kRules), std::end(kRules),
                                     [&](const Rule& rule) { return rule.id == id; });
    return found == std::end(kRules) ? nullptr : found;
}

std::vector<Finding> RunRules(const RuleInput& input) {
    std::vector<Finding> findings;
    for (const Rule& rule : kRules) {
        Finding finding{.rule = std::string(rule.id),
                        .version = rule.version,
                        .citation = std::string(rule.citation),
                        .verdict = "pass",
                        .inputs = {},
                        .reason = ""};
        if (rule.refers(input, finding.inputs)) {
            finding.verdict = "refer";
            finding.reason = "review.rule." + finding.rule;
        }
        findings.push_back(std::move(finding));
    }
    return findings;
}

bool Refers(const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.verdict == "refer"; });
}

}  // namespace onewindow::review
