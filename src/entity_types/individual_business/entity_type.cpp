#include "application/common_reasons.hpp"
#include "application/papers.hpp"
#include "entity_types/individual_business/reasons.hpp"

// 个体工商户 (促进个体工商户发展条例): a person or a family in trade, with or without a name; domain.md D4, J8.
namespace onewindow::entity_types::individual_business {
namespace {

using namespace application;

/// 民法典 18: who is 16 and lives mainly on own work has full capacity.
constexpr int kWorkingAge = 16;
constexpr int kAdult = 18;

forms::Section Operation() {
    using forms::FieldType;
    return {.id = "operation",
            .fields = {{.id = "form", .type = FieldType::kChoice, .needed_by = {"registration", "tax"}, .options = {"individual", "family"},
                        .default_value = "individual", .cite = "市场主体登记管理条例实施细则 6(7)"},
                       {.id = "funds", .type = FieldType::kMoney, .required_when = forms::Never(), .needed_by = {"registration"}, .min = 1}},
            .needed_by = {"registration", "tax"}};
}

std::vector<forms::Section> Sections() {
    return {sections::Name(false), sections::Address(), sections::Scope(), sections::Approvals(), Operation(), sections::People(25),
            sections::FamilyMembers(forms::Equals("operation.form", "family")), sections::SimpleOffices("operator"),
            sections::Employees(), sections::Founder(), sections::Delivery()};
}

void Derive(const Context& context, json::object& facts) {
    DeriveCommon(context, facts);
    DefaultToOnlyPerson(facts, "offices.operator");
    DeriveFromHead(facts);
}

void Check(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    CheckCommon(context, facts, faults);
    const std::string operator_key = json::TextAt(facts, "offices.operator");
    const auto age = AgeOf(context, facts, operator_key);
    if (age && *age < kWorkingAge) {
        faults.push_back({&reasons::kOperatorTooYoung, "offices.operator", {{"person", PersonName(facts, operator_key)}}});
    }
    const json::value* person = FindPerson(facts, operator_key);
    const std::string document = person == nullptr ? "" : json::TextAt(*person, "id_type");
    // Citizens; residents of Hong Kong, Macao and Taiwan may operate as well.
    if (document == "passport" || document == "foreign_permanent_id") {
        faults.push_back({&reasons::kOperatorForeign, "offices.operator", {{"person", PersonName(facts, operator_key)}}});
    }
    CheckFamily(context, facts, operator_key, kWorkingAge, faults);
}

bool IsFamilys(const json::object& facts) { return json::TextAt(facts, "operation.form") == "family"; }

LicenceWording Licence(const Context& context, const json::object& facts) {
    const reference::EnterpriseType* type = context.reference.FindEnterpriseType("9500");
    const std::string person = PersonName(facts, json::TextAt(facts, "offices.operator"));
    std::string name = json::TextAt(facts, "name.full");
    if (name.empty()) name = "个体工商户（" + person + "）";
    return {.name = std::move(name),
            // 细则 23 prints 类型（组成形式）.
            .type_text = (type == nullptr ? "" : type->name) + (IsFamilys(facts) ? "（家庭经营）" : "（个人经营）"),
            .type_code = "9500",
            .person_label = "经营者",
            .person = person,
            .place_label = "经营场所",
            .place = FullAddress(context, facts),
            .scope = ScopeSentence(context, facts)};
}

std::vector<PaperDraft> Papers(const Context& context, const json::object& facts) {
    const LicenceWording wording = Licence(context, facts);
    PaperDraft form = papers::ApplicationForm(context, facts, wording);
    const std::string operator_key = json::TextAt(facts, "offices.operator");
    const json::value* person = FindPerson(facts, operator_key);
    form.paragraphs.push_back(papers::Line(std::string("组成形式：") + (IsFamilys(facts) ? "家庭经营" : "个人经营")));
    form.paragraphs.push_back(papers::Line("经营者住所：" + (person == nullptr ? std::string() : json::TextAt(*person, "residence"))));
    if (const std::int64_t funds = json::IntAt(facts, "operation.funds"); funds > 0) {
        form.paragraphs.push_back(papers::Line("资金数额：" + WanYuan(funds) + "万元"));
    }
    const auto age = AgeOf(context, facts, operator_key);
    if (age && *age < kAdult) {
        form.paragraphs.push_back(papers::Line("经营者声明：本人以自己的劳动收入为主要生活来源（民法典第十八条）。"));
    }
    std::vector<PaperDraft> all = {std::move(form), papers::PersonalDetails(facts), papers::Commitment(context, facts, wording)};
    if (IsFamilys(facts)) {
        all.push_back(papers::FamilyConsent(facts, wording, "本户由家庭经营，以下家庭成员参加经营，依法以家庭财产对债务承担责任（民法典第五十六条）。"));
    }
    return all;
}

std::vector<Signatory> Signatories(const json::object& facts) {
    std::vector<std::string> of_operator = {"application", "commitment", "personal_details"};
    if (IsFamilys(facts)) of_operator.emplace_back("family_consent");
    std::vector<Signatory> out = {{.person = json::TextAt(facts, "offices.operator"), .capacity = "operator", .papers = std::move(of_operator)}};
    for (const json::value& row : Rows(facts, "family_members")) {
        out.push_back({.person = json::TextAt(row, "person"), .capacity = "family_member", .papers = {"family_consent"}});
    }
    out.push_back({.person = json::TextAt(facts, "offices.contact"), .capacity = "contact", .verified_only = true});
    return out;
}

}  // namespace

EntityType MakeEntityType() {
    return {.id = "individual_business",
            .uscc_department = "92",
            .smart_approval = false,
            .needs_name = false,
            .org_kind = naming::OrgKind::kIndividual,
            .sections = Sections(),
            .derive = &Derive,
            .check = &Check,
            .licence = &Licence,
            .papers = &Papers,
            .signatories = &Signatories,
            .name_seal_of = &HeadOf,
            .fits = {{"alone", "household"}, {"together", "household"}}};
}

}  // namespace onewindow::entity_types::individual_business
