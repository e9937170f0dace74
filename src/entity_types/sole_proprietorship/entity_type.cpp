#include "application/common_reasons.hpp"
#include "application/papers.hpp"
#include "entity_types/sole_proprietorship/reasons.hpp"

// 个人独资企业 (个人独资企业法): one natural person, liable with all that is theirs; domain.md D3.
namespace onewindow::entity_types::sole_proprietorship {
namespace {

using namespace application;

constexpr int kAdult = 18;

forms::Section Property() {
    return {.id = "property",
            .fields = {{.id = "kind", .type = forms::FieldType::kChoice, .needed_by = {"registration"}, .options = {"personal", "family"},
                        .default_value = "personal", .cite = "个人独资企业法 18"}},
            .needed_by = {"registration"}};
}

std::vector<forms::Section> Sections() {
    return {sections::Name(true), sections::Address(), sections::Scope(), sections::Approvals(), sections::Capital(), Property(),
            sections::People(25), sections::FamilyMembers(forms::Equals("property.kind", "family")), sections::SimpleOffices("investor"),
            sections::Employees(), sections::Founder(), sections::Delivery()};
}

void Derive(const Context& context, json::object& facts) {
    DeriveCommon(context, facts);
    DefaultToOnlyPerson(facts, "offices.investor");
    DeriveFromHead(facts);
}

void Check(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    CheckCommon(context, facts, faults);
    const std::string investor = json::TextAt(facts, "offices.investor");
    const auto age = AgeOf(context, facts, investor);
    if (age && *age < kAdult) faults.push_back({&reasons::kInvestorMinor, "offices.investor", {{"person", PersonName(facts, investor)}}});
    const json::value* person = FindPerson(facts, investor);
    if (person != nullptr && json::TextAt(*person, "id_type") != "resident_id") {
        faults.push_back({&reasons::kInvestorAbroad, "offices.investor", {{"person", PersonName(facts, investor)}}});
    }
    CheckFamily(context, facts, investor, kAdult, faults);
}

LicenceWording Licence(const Context& context, const json::object& facts) {
    const reference::EnterpriseType* type = context.reference.FindEnterpriseType("4540");
    return {.name = json::TextAt(facts, "name.full"),
            .type_text = type == nullptr ? "" : type->name,
            .type_code = "4540",
            .person_label = "投资人",
            .person = PersonName(facts, json::TextAt(facts, "offices.investor")),
            .capital_label = "出资额",
            .capital_fen = json::IntAt(facts, "capital.amount"),
            .place_label = "住所",
            .place = FullAddress(context, facts),
            .scope = ScopeSentence(context, facts)};
}

bool IsFamilys(const json::object& facts) { return json::TextAt(facts, "property.kind") == "family"; }

std::vector<PaperDraft> Papers(const Context& context, const json::object& facts) {
    const LicenceWording wording = Licence(context, facts);
    PaperDraft form = papers::ApplicationForm(context, facts, wording);
    const json::value* investor = FindPerson(facts, json::TextAt(facts, "offices.investor"));
    // 个人独资企业法 10: the investor's residence, the sum and the way it is brought in stand in the application.
    form.paragraphs.push_back(papers::Line("投资人居所：" + (investor == nullptr ? std::string() : json::TextAt(*investor, "residence"))));
    form.paragraphs.push_back(papers::Line(std::string("出资方式：") + (IsFamilys(facts) ? "以家庭共有财产作为个人出资" : "以个人财产出资")));
    std::vector<PaperDraft> all = {std::move(form), papers::PersonalDetails(facts), papers::Commitment(context, facts, wording)};
    if (IsFamilys(facts)) {
        all.push_back(papers::FamilyConsent(
            facts, wording, "投资人以家庭共有财产作为个人出资设立本企业。以下家庭成员知悉并同意，依法以家庭共有财产对企业债务承担无限责任（个人独资企业法第十八条）。"));
    }
    return all;
}

std::vector<Signatory> Signatories(const json::object& facts) {
    std::vector<std::string> of_investor = {"application", "commitment", "personal_details"};
    if (IsFamilys(facts)) of_investor.emplace_back("family_consent");
    std::vector<Signatory> out = {{.person = json::TextAt(facts, "offices.investor"), .capacity = "investor", .papers = std::move(of_investor)}};
    for (const json::value& row : Rows(facts, "family_members")) {
        out.push_back({.person = json::TextAt(row, "person"), .capacity = "family_member", .papers = {"family_consent"}});
    }
    out.push_back({.person = json::TextAt(facts, "offices.contact"), .capacity = "contact", .verified_only = true});
    return out;
}

}  // namespace

EntityType MakeEntityType() {
    return {.id = "sole_proprietorship",
            .uscc_department = "91",
            .smart_approval = false,
            .org_kind = naming::OrgKind::kSoleProprietorship,
            .sections = Sections(),
            .derive = &Derive,
            .check = &Check,
            .licence = &Licence,
            .papers = &Papers,
            .signatories = &Signatories,
            .name_seal_of = &HeadOf,
            .fits = {{"alone", "unlimited"}}};
}

}  // namespace onewindow::entity_types::sole_proprietorship
