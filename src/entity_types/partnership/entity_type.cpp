#include <set>

#include "application/common_reasons.hpp"
#include "application/investors.hpp"
#include "entity_types/partnership/agreement.hpp"
#include "entity_types/partnership/reasons.hpp"

// 普通合伙企业 and 有限合伙企业 (合伙企业法); domain.md D6, J9, J11.
namespace onewindow::entity_types::partnership {
namespace {

using namespace application;

constexpr int kAdult = 18;
constexpr std::size_t kLimitedPartnersMax = 50;  // 合伙企业法 61
constexpr std::int64_t kPartnersMax = 200;       // Our own bound for general ones; the law has none.

bool IsLimited(const json::object& facts) { return json::TextAt(facts, "partnership.kind") == "limited"; }

forms::Section Partnership() {
    using forms::FieldType;
    return {.id = "partnership",
            .fields = {{.id = "kind", .type = FieldType::kChoice, .needed_by = {"registration", "tax"}, .options = {"general", "limited"},
                        .default_value = "general", .cite = "合伙企业法 2"},
                       {.id = "profit", .type = FieldType::kChoice, .needed_by = {"registration"}, .options = {"contribution", "equal"},
                        .default_value = "contribution", .cite = "合伙企业法 33"},
                       {.id = "disputes", .type = FieldType::kChoice, .needed_by = {"registration"}, .options = {"court", "arbitration"},
                        .default_value = "court", .cite = "合伙企业法 18(8)"}},
            .needed_by = {"registration", "tax"}};
}

forms::Section Partners() {
    using forms::FieldType;
    forms::Section section = sections::Investors(kPartnersMax, {"currency", "in_kind", "ip", "land_use", "labour", "other"});
    section.rows_min = 2;  // 合伙企业法 14
    section.fields.push_back({.id = "liability", .type = FieldType::kChoice, .source = forms::Source::kDerived,
                              .needed_by = {"registration"}, .options = {"unlimited", "limited"}, .cite = "合伙企业法 2"});
    section.fields.push_back({.id = "executive", .type = FieldType::kBoolean, .required_when = forms::Never(),
                              .source = forms::Source::kDerived, .needed_by = {"registration"}, .cite = "合伙企业法 26、67"});
    section.fields.push_back({.id = "delegate", .type = FieldType::kPersonRef, .required_when = forms::Never(),
                              .source = forms::Source::kDerived, .needed_by = {"registration"}, .cite = "合伙企业法 26"});
    return section;
}

forms::Section Offices() {
    forms::Section section = sections::SimpleOffices("head");
    // The executive partners stand in investors[]; there is no other head.
    section.fields.erase(section.fields.begin());
    return section;
}

std::vector<forms::Section> Sections() {
    return {Partnership(), sections::Name(true), sections::Address(), sections::Scope(), sections::Approvals(), sections::Capital(),
            sections::Term(), sections::People(250), sections::Organisations(50), Partners(), Offices(), sections::BeneficialOwners(),
            sections::Employees(), sections::Founder(), sections::Delivery()};
}

/// 细则 11: where nobody was entrusted, every general partner is registered as executive.
void DeriveExecutives(json::object& facts) {
    json::value* node = facts.if_contains("investors");
    if (node == nullptr || !node->is_array()) return;
    json::array& rows = node->get_array();
    const bool chosen = std::any_of(rows.begin(), rows.end(), [](const json::value& row) { return json::BoolAt(row, "executive"); });
    for (json::value& row : rows) {
        if (!row.is_object()) continue;
        json::object& partner = row.get_object();
        if (!IsLimited(facts) && !partner.contains("liability")) partner["liability"] = "unlimited";
        if (!chosen && IsGeneral(row)) partner["executive"] = true;
        if (!json::BoolAt(row, "executive") || !json::TextAt(row, "delegate").empty()) continue;
        const json::value* organisation = FindOrganisation(facts, json::TextAt(row, "holder"));
        const std::string human = organisation == nullptr ? "" : json::TextAt(*organisation, "representative");
        if (!human.empty()) partner["delegate"] = human;
    }
}

void Derive(const Context& context, json::object& facts) {
    DeriveCommon(context, facts);
    DeriveExecutives(facts);
    investors::DeriveDue(context, facts);
    investors::DeriveShares(facts);
    investors::DeriveExemption(facts);
    DeriveFromHead(facts);
}

void CheckNumbers(const json::object& facts, std::vector<Fault>& faults) {
    const json::array& partners = Rows(facts, "investors");
    const auto general = std::count_if(partners.begin(), partners.end(), &IsGeneral);
    const auto limited = static_cast<std::ptrdiff_t>(partners.size()) - general;
    if (!IsLimited(facts)) {
        if (limited > 0) faults.push_back({&reasons::kLimitedInGeneral, "investors", {}});
        return;
    }
    if (partners.size() > kLimitedPartnersMax) faults.push_back({&reasons::kTooManyPartners, "investors", {}});
    if (general == 0) faults.push_back({&reasons::kNoGeneralPartner, "investors", {}});
    if (limited == 0) faults.push_back({&reasons::kNoLimitedPartner, "investors", {}});
}

void CheckPartner(const Context& context, const json::object& facts, const json::value& row, const std::string& path,
                  std::vector<Fault>& faults) {
    static const std::set<std::string> kBarred = {"state_owned", "provincial_state", "listed_company", "public_institution", "social_organisation"};
    const std::string holder = json::TextAt(row, "holder"), delegate = json::TextAt(row, "delegate");
    const json::value* organisation = FindOrganisation(facts, holder);
    const auto age = AgeOf(context, facts, holder);
    if (age && *age < kAdult) faults.push_back({&reasons::kPartnerMinor, path + ".holder", {{"person", PersonName(facts, holder)}}});
    if (IsGeneral(row) && organisation != nullptr && kBarred.contains(json::TextAt(*organisation, "kind"))) {
        faults.push_back({&reasons::kBarredGeneralPartner, path + ".holder", {{"organisation", json::TextAt(*organisation, "name")}}});
    }
    if (!IsGeneral(row) && json::TextAt(row, "method") == "labour") faults.push_back({&reasons::kLabourOfLimited, path + ".method", {}});
    const bool executive = json::BoolAt(row, "executive");
    if (!IsGeneral(row) && executive) faults.push_back({&reasons::kLimitedExecutes, path + ".executive", {}});
    if (!delegate.empty() && (organisation == nullptr || !executive)) faults.push_back({&reasons::kDelegateOfPerson, path + ".delegate", {}});
    CheckAdult(context, facts, delegate, path + ".delegate", faults);
}

void Check(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    CheckCommon(context, facts, faults);
    investors::CheckAmounts(facts, faults);
    investors::CheckServedHere(context, facts, faults);
    investors::CheckExemption(facts, faults);
    CheckNumbers(facts, faults);
    std::size_t index = 0;
    for (const json::value& row : Rows(facts, "investors")) {
        CheckPartner(context, facts, row, "investors." + std::to_string(index++), faults);
    }
    const std::string word = IsLimited(facts) ? "（有限合伙）" : "（普通合伙）";
    if (!naming::NormaliseName(json::TextAt(facts, "name.full")).ends_with(word)) {
        faults.push_back({&reasons::kNameKind, "name.full", {{"word", word}}});
    }
}

LicenceWording Licence(const Context& context, const json::object& facts) {
    const std::string code = IsLimited(facts) ? "4533" : "4531";
    const reference::EnterpriseType* type = context.reference.FindEnterpriseType(code);
    return {.name = json::TextAt(facts, "name.full"),
            .type_text = type == nullptr ? "" : type->name,
            .type_code = code,
            .person_label = "执行事务合伙人",
            .person = ExecutivesText(facts),
            .capital_label = "出资额",
            .capital_fen = json::IntAt(facts, "capital.amount"),
            .place_label = "主要经营场所",
            .place = FullAddress(context, facts),
            .scope = ScopeSentence(context, facts)};
}

std::vector<PaperDraft> Papers(const Context& context, const json::object& facts) {
    const LicenceWording wording = Licence(context, facts);
    return {papers::ApplicationForm(context, facts, wording), Agreement(facts, wording), Delegation(facts, wording),
            papers::PersonalDetails(facts), papers::Commitment(context, facts, wording)};
}

std::vector<Signatory> Signatories(const json::object& facts) {
    std::vector<Signatory> out;
    for (const json::value& row : Rows(facts, "investors")) {
        const std::string holder = json::TextAt(row, "holder");
        const std::vector<std::string> papers = {"application", "agreement", "delegation"};
        const json::value* organisation = FindOrganisation(facts, holder);
        const std::string principal = organisation == nullptr ? "" : json::TextAt(*organisation, "uscc");
        if (organisation != nullptr) {
            out.push_back({.person = json::TextAt(*organisation, "representative"), .capacity = "authorised_human", .principal = principal, .papers = papers});
        } else {
            out.push_back({.person = holder, .capacity = "partner", .papers = papers});
        }
        if (!json::BoolAt(row, "executive")) continue;
        const std::string delegate = json::TextAt(row, "delegate");
        out.push_back({.person = delegate.empty() ? holder : delegate,
                       .capacity = delegate.empty() ? "executive_partner" : "delegated_representative",
                       .principal = principal,
                       .papers = {"application", "commitment", "personal_details"}});
    }
    out.push_back({.person = json::TextAt(facts, "offices.contact"), .capacity = "contact", .verified_only = true});
    return out;
}

}  // namespace

EntityType MakeEntityType() {
    return {.id = "partnership",
            .uscc_department = "91",
            .smart_approval = false,
            .org_kind = naming::OrgKind::kPartnership,
            .sections = Sections(),
            .derive = &Derive,
            .check = &Check,
            .licence = &Licence,
            .papers = &Papers,
            .signatories = &Signatories,
            .name_seal_of = &HeadOf,
            .fits = {{"together", "unlimited"}, {"together", "mixed"}, {"organisation", "unlimited"}, {"organisation", "mixed"}}};
}

}  // namespace onewindow::entity_types::partnership
