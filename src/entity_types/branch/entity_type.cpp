#include "application/common_reasons.hpp"
#include "application/papers.hpp"
#include "entity_types/branch/reasons.hpp"

// 分公司 (公司法 13; 实施细则 6(6), 21): no capital of its own; the parent's legal representative signs for it; domain.md D5.
namespace onewindow::entity_types::branch {
namespace {

using namespace application;

struct ParentKind {
    std::string_view id, type_code;  // 2xxx mirrors the parent's 1xxx (domain.md A7).
};
constexpr ParentKind kParentKinds[] = {
    {"natural_persons", "2130"}, {"one_person", "2151"},  {"of_private_company", "2152"}, {"of_other_entity", "2153"},
    {"state_controlled", "2140"}, {"state_owned", "2110"}, {"other_limited", "2190"},      {"joint_stock", "2220"},
    {"listed", "2210"}};

forms::Section Parent() {
    using forms::FieldType;
    std::vector<std::string> kinds;
    for (const ParentKind& kind : kParentKinds) kinds.emplace_back(kind.id);
    return {.id = "parent",
            .fields = {{.id = "name", .type = FieldType::kName, .needed_by = {"registration", "tax"}, .min = 4, .max = 60, .cite = "企业名称登记管理规定 13"},
                       {.id = "uscc", .type = FieldType::kUscc, .needed_by = {"registration", "tax"}, .cite = "GB 32100-2015"},
                       {.id = "kind", .type = FieldType::kChoice, .needed_by = {"registration"}, .options = std::move(kinds),
                        .default_value = "natural_persons"},
                       {.id = "seat", .type = FieldType::kText, .needed_by = {"registration", "tax"}, .min = 4, .max = 100},
                       {.id = "legal_representative", .type = FieldType::kPersonRef, .source = forms::Source::kDerived,
                        .needed_by = {"registration"}, .cite = "domain J9"},
                       {.id = "accounting", .type = FieldType::kChoice, .needed_by = {"registration", "tax"},
                        .options = {"independent", "dependent"}, .default_value = "dependent"}},
            .needed_by = {"registration", "tax"},
            .cite = "市场主体登记管理条例实施细则 21"};
}

std::vector<forms::Section> Sections() {
    return {Parent(), sections::Name(true), sections::Address(), sections::Scope(), sections::Approvals(), sections::People(25),
            sections::SimpleOffices("head"), sections::Employees(), sections::Delivery()};
}

void Derive(const Context& context, json::object& facts) {
    DeriveCommon(context, facts);
    DefaultToOnlyPerson(facts, "parent.legal_representative");
    DefaultToOnlyPerson(facts, "offices.head");
    DeriveFromHead(facts);
}

void Check(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    CheckCommon(context, facts, faults);
    const std::string parent = json::TextAt(facts, "parent.name"), name = json::TextAt(facts, "name.full");
    if (!naming::NormaliseName(name).starts_with(naming::NormaliseName(parent)) || name.size() <= parent.size()) {
        faults.push_back({&reasons::kNameNotOfParent, "name.full", {{"parent", parent}}});
    }
    if (!json::TextAt(facts, "parent.uscc").starts_with("91")) faults.push_back({&reasons::kParentCode, "parent.uscc", {}});
    CheckAdult(context, facts, json::TextAt(facts, "offices.head"), "offices.head", faults);
    CheckAdult(context, facts, json::TextAt(facts, "parent.legal_representative"), "parent.legal_representative", faults);
}

LicenceWording Licence(const Context& context, const json::object& facts) {
    LicenceWording wording{.name = json::TextAt(facts, "name.full"),
                           .person_label = "负责人",
                           .person = PersonName(facts, json::TextAt(facts, "offices.head")),
                           .place_label = "经营场所",
                           .place = FullAddress(context, facts),
                           .scope = ScopeSentence(context, facts)};
    const std::string wanted = json::TextAt(facts, "parent.kind");
    for (const ParentKind& kind : kParentKinds) {
        if (kind.id == wanted) wording.type_code = kind.type_code;
    }
    const reference::EnterpriseType* type = context.reference.FindEnterpriseType(wording.type_code);
    wording.type_text = type == nullptr ? "" : type->name;
    return wording;
}

PaperDraft Appointment(const json::object& facts, const LicenceWording& wording) {
    using papers::Line;
    PaperDraft paper{.id = "appointment", .title = "设立分公司决定及负责人任职文件"};
    auto& out = paper.paragraphs;
    out.push_back(Line("公司名称：" + json::TextAt(facts, "parent.name")));
    out.push_back(Line("统一社会信用代码：" + json::TextAt(facts, "parent.uscc")));
    out.push_back(Line("公司住所：" + json::TextAt(facts, "parent.seat")));
    out.push_back(Line("一、决定设立" + wording.name + "，经营场所：" + wording.place + "。"));
    out.push_back(Line("二、任命" + wording.person + "为该分公司负责人。"));
    out.push_back(Line(std::string("三、该分公司实行") + (json::TextAt(facts, "parent.accounting") == "independent" ? "独立" : "非独立") + "核算。"));
    out.push_back(Line("四、该分公司的经营范围不超出本公司的经营范围；分公司不具有法人资格，其民事责任由本公司承担（公司法第十三条）。"));
    return paper;
}

std::vector<PaperDraft> Papers(const Context& context, const json::object& facts) {
    const LicenceWording wording = Licence(context, facts);
    PaperDraft form = papers::ApplicationForm(context, facts, wording);
    form.paragraphs.push_back(papers::Line("隶属公司：" + json::TextAt(facts, "parent.name") + "（" + json::TextAt(facts, "parent.uscc") + "）"));
    form.paragraphs.push_back(papers::Line("隶属公司法定代表人：" + PersonName(facts, json::TextAt(facts, "parent.legal_representative"))));
    return {std::move(form), Appointment(facts, wording), papers::PersonalDetails(facts), papers::Commitment(context, facts, wording)};
}

std::vector<Signatory> Signatories(const json::object& facts) {
    return {{.person = json::TextAt(facts, "parent.legal_representative"),
             .capacity = "authorised_human",
             .principal = json::TextAt(facts, "parent.uscc"),
             .papers = {"application", "appointment"}},
            {.person = json::TextAt(facts, "offices.head"), .capacity = "head", .papers = {"application", "commitment", "personal_details"}},
            {.person = json::TextAt(facts, "offices.contact"), .capacity = "contact", .verified_only = true}};
}

}  // namespace

EntityType MakeEntityType() {
    return {.id = "branch",
            .uscc_department = "91",
            .smart_approval = false,
            .org_kind = naming::OrgKind::kBranch,
            .sections = Sections(),
            .derive = &Derive,
            .check = &Check,
            .licence = &Licence,
            .papers = &Papers,
            .signatories = &Signatories,
            .name_seal_of = &HeadOf,
            .fits = {{"company"}}};
}

}  // namespace onewindow::entity_types::branch
