#include "application/sections.hpp"

namespace onewindow::application::sections {
namespace {

using forms::Always;
using forms::Equals;
using forms::Field;
using forms::FieldType;
using forms::In;
using forms::Never;
using forms::Present;
using forms::Privacy;
using forms::Section;
using forms::Source;

const std::vector<std::string> kEverybody = {"registration", "human_resources", "medical_insurance", "housing_fund",
                                             "public_security", "tax"};

}  // namespace

Section Name(bool required) {
    return {.id = "name",
            .fields = {{.id = "full", .type = FieldType::kName, .required_when = required ? Always() : Never(),
                        .needed_by = kEverybody, .min = 4, .max = 60, .cite = "企业名称登记管理规定 6"}},
            .needed_by = kEverybody,
            .cite = "企业名称登记管理规定 16"};
}

Section Address() {
    return {.id = "address",
            .fields = {{.id = "street", .type = FieldType::kRegion, .needed_by = kEverybody, .lookup = "street", .cite = "市场主体登记管理条例 11"},
                       {.id = "detail", .type = FieldType::kText, .needed_by = kEverybody, .min = 2, .max = 100,
                        .cite = "山东省市场主体住所（经营场所）登记管理办法 5"},
                       {.id = "ownership", .type = FieldType::kChoice, .needed_by = {"registration"},
                        .options = {"own", "lease", "free_use", "other"}, .cite = "山东省市场主体住所（经营场所）登记管理办法 4"},
                       {.id = "postcode", .type = FieldType::kPostcode, .required_when = Never(), .source = Source::kDerived, .needed_by = {"tax"}},
                       {.id = "phone", .type = FieldType::kPhone, .required_when = Never(), .source = Source::kDerived, .needed_by = kEverybody}},
            .needed_by = kEverybody};
}

Section Scope() {
    return {.id = "scope",
            .fields = {{.id = "items", .type = FieldType::kScopeItems, .needed_by = {"registration", "tax"}, .min = 1, .max = 100,
                        .cite = "市场主体登记管理条例 14"},
                       {.id = "main", .type = FieldType::kLookup, .required_when = Never(), .source = Source::kDerived,
                        .needed_by = {"tax"}, .lookup = "scope_item"}},
            .needed_by = {"registration", "tax"}};
}

Section Approvals() {
    return {.id = "approvals",
            .fields = {{.id = "item", .type = FieldType::kLookup, .needed_by = {"registration"}, .lookup = "scope_item"},
                       {.id = "number", .type = FieldType::kText, .needed_by = {"registration"}, .min = 2, .max = 60},
                       {.id = "date", .type = FieldType::kDate, .needed_by = {"registration"}},
                       {.id = "valid_until", .type = FieldType::kDate, .required_when = Never(), .needed_by = {"registration"}}},
            .repeats = true,
            .rows_max = 50,
            .needed_by = {"registration"},
            .cite = "市场主体登记管理条例实施细则 22"};
}

Section Capital() {
    return {.id = "capital",
            .fields = {{.id = "amount", .type = FieldType::kMoney, .needed_by = {"registration", "tax"}, .min = 1, .cite = "公司法 47"}},
            .needed_by = {"registration", "tax"}};
}

Section Term() {
    return {.id = "term",
            .fields = {{.id = "kind", .type = FieldType::kChoice, .needed_by = {"registration"}, .options = {"long", "years"}, .default_value = "long"},
                       {.id = "years", .type = FieldType::kInteger, .asked_when = Equals("term.kind", "years"),
                        .needed_by = {"registration"}, .min = 1, .max = 100}},
            .needed_by = {"registration"}};
}

Section People(std::int64_t most) {
    const auto foreign = forms::Not(Equals(".id_type", "resident_id"));
    return {.id = "people",
            .fields = {{.id = "key", .type = FieldType::kText, .source = Source::kDerived, .privacy = Privacy::kInternal, .min = 1, .max = 20},
                       {.id = "name", .type = FieldType::kText, .source = Source::kPrefilled, .privacy = Privacy::kPersonal,
                        .needed_by = kEverybody, .min = 2, .max = 50},
                       {.id = "id_type", .type = FieldType::kChoice, .source = Source::kPrefilled, .needed_by = kEverybody,
                        .options = {"resident_id", "hk_macao_permit", "taiwan_permit", "foreign_permanent_id", "passport"},
                        .default_value = "resident_id"},
                       {.id = "id_number", .type = FieldType::kIdNumber, .source = Source::kPrefilled, .privacy = Privacy::kSensitive,
                        .needed_by = kEverybody, .cite = "市场主体登记管理条例实施细则 16"},
                       {.id = "mobile", .type = FieldType::kMobile, .source = Source::kPrefilled, .privacy = Privacy::kPersonal, .needed_by = kEverybody},
                       {.id = "residence", .type = FieldType::kText, .privacy = Privacy::kPersonal, .needed_by = {"registration", "tax"},
                        .min = 4, .max = 100},
                       {.id = "email", .type = FieldType::kEmail, .required_when = Never(), .privacy = Privacy::kPersonal, .needed_by = {"tax"}},
                       {.id = "birth_date", .type = FieldType::kDate, .required_when = foreign, .source = Source::kDerived,
                        .privacy = Privacy::kPersonal, .needed_by = {"registration"}},
                       {.id = "sex", .type = FieldType::kChoice, .required_when = Never(), .source = Source::kDerived,
                        .privacy = Privacy::kPersonal, .needed_by = {"registration"}, .options = {"female", "male"}},
                       {.id = "guardian", .type = FieldType::kPersonRef, .required_when = Never(), .privacy = Privacy::kInternal,
                        .needed_by = {"registration"}, .cite = "民法典 23"}},
            .repeats = true,
            .rows_min = 1,
            .rows_max = most,
            .needed_by = kEverybody,
            .cite = "市场主体登记管理条例实施细则 16"};
}

Section Organisations(std::int64_t most) {
    return {.id = "organisations",
            .fields = {{.id = "key", .type = FieldType::kText, .source = Source::kDerived, .privacy = Privacy::kInternal, .min = 1, .max = 20},
                       {.id = "name", .type = FieldType::kText, .needed_by = {"registration", "tax"}, .min = 4, .max = 60},
                       {.id = "uscc", .type = FieldType::kUscc, .needed_by = {"registration", "tax"}, .cite = "GB 32100-2015"},
                       {.id = "kind", .type = FieldType::kChoice, .needed_by = {"registration"},
                        .options = {"private_company", "state_owned", "provincial_state", "listed_company", "public_institution",
                                    "social_organisation", "partnership", "other"},
                        .default_value = "private_company"},
                       {.id = "representative", .type = FieldType::kPersonRef, .needed_by = {"registration"}, .cite = "domain J9; 总局令88"},
                       {.id = "seat", .type = FieldType::kText, .required_when = Never(), .needed_by = {"registration"}, .max = 100}},
            .repeats = true,
            .rows_max = most,
            .needed_by = {"registration", "tax"}};
}

Section Investors(std::int64_t most, std::vector<std::string> methods) {
    return {.id = "investors",
            .fields = {{.id = "holder", .type = FieldType::kText, .needed_by = {"registration", "tax"}, .min = 1, .max = 20},
                       {.id = "amount", .type = FieldType::kMoney, .needed_by = {"registration", "tax"}, .min = 1},
                       {.id = "method", .type = FieldType::kChoice, .needed_by = {"registration"}, .options = std::move(methods),
                        .default_value = "currency"},
                       {.id = "due", .type = FieldType::kDate, .required_when = Never(), .source = Source::kDerived, .needed_by = {"registration"},
                        .cite = "公司法 47"},
                       {.id = "share", .type = FieldType::kPercent, .required_when = Never(), .source = Source::kDerived, .needed_by = {"registration", "tax"}}},
            .repeats = true,
            .rows_min = 1,
            .rows_max = most,
            .needed_by = {"registration", "tax"}};
}

Section CompanyOffices() {
    const auto board = forms::CountAtLeast("offices.directors", 2);
    const auto supervised = In("offices.supervision", {"one", "board"});
    const auto supervisory_board = Equals("offices.supervision", "board");
    const auto audited = Equals("offices.supervision", "audit_committee");
    return {.id = "offices",
            .fields = {{.id = "legal_representative", .type = FieldType::kPersonRef, .source = Source::kDerived, .needed_by = kEverybody, .cite = "公司法 10"},
                       {.id = "legal_position", .type = FieldType::kChoice, .needed_by = {"registration"}, .options = {"director", "chair", "manager"},
                        .default_value = "director"},
                       {.id = "directors", .type = FieldType::kPersonRefs, .source = Source::kDerived, .needed_by = {"registration"}, .min = 1, .max = 19,
                        .cite = "公司法 68、75"},
                       {.id = "chair", .type = FieldType::kPersonRef, .required_when = board, .asked_when = board,
                        .needed_by = {"registration"}, .cite = "公司法 68"},
                       {.id = "employee_directors", .type = FieldType::kPersonRefs, .required_when = Never(), .asked_when = board,
                        .needed_by = {"registration"}, .max = 19, .cite = "公司法 68"},
                       {.id = "manager", .type = FieldType::kPersonRef, .required_when = Never(), .source = Source::kDerived,
                        .needed_by = {"registration"}, .cite = "公司法 74"},
                       {.id = "supervision", .type = FieldType::kChoice, .needed_by = {"registration"},
                        .options = {"none", "one", "board", "audit_committee"}, .default_value = "none", .cite = "公司法 69、76、83"},
                       {.id = "supervisors", .type = FieldType::kPersonRefs, .required_when = supervised,
                        .needed_by = {"registration"}, .max = 19, .cite = "公司法 76"},
                       {.id = "employee_supervisors", .type = FieldType::kPersonRefs, .required_when = supervisory_board,
                        .asked_when = supervisory_board, .needed_by = {"registration"}, .max = 19, .cite = "公司法 76"},
                       {.id = "audit_committee", .type = FieldType::kPersonRefs, .required_when = audited, .asked_when = audited,
                        .needed_by = {"registration"}, .min = 1, .max = 19, .cite = "公司法 69"},
                       {.id = "finance", .type = FieldType::kPersonRef, .source = Source::kDerived, .needed_by = {"registration", "tax"}},
                       {.id = "contact", .type = FieldType::kPersonRef, .source = Source::kDerived, .needed_by = {"registration"},
                        .cite = "市场主体登记管理条例 9"}},
            .needed_by = kEverybody};
}

Section SimpleOffices(std::string head) {
    return {.id = "offices",
            .fields = {{.id = std::move(head), .type = FieldType::kPersonRef, .source = Source::kDerived, .needed_by = kEverybody},
                       {.id = "finance", .type = FieldType::kPersonRef, .source = Source::kDerived, .needed_by = {"registration", "tax"}},
                       {.id = "contact", .type = FieldType::kPersonRef, .source = Source::kDerived, .needed_by = {"registration"},
                        .cite = "市场主体登记管理条例 9"}},
            .needed_by = kEverybody};
}

Section FamilyMembers(forms::Condition asked) {
    return {.id = "family_members",
            .fields = {{.id = "person", .type = FieldType::kPersonRef, .needed_by = {"registration"}},
                       {.id = "relation", .type = FieldType::kChoice, .needed_by = {"registration"},
                        .options = {"spouse", "parent", "child", "sibling", "other"}}},
            .repeats = true,
            .rows_min = 1,
            .rows_max = 20,
            .needed_by = {"registration"},
            .asked_when = std::move(asked),
            .cite = "市场主体登记管理条例实施细则 7"};
}

Section BeneficialOwners() {
    return {.id = "beneficial_owners",
            .fields = {{.id = "exempt", .type = FieldType::kBoolean, .required_when = Always(), .source = Source::kDerived,
                        .needed_by = {"registration"}, .cite = "受益所有人信息管理办法 3"},
                       {.id = "owners", .type = FieldType::kPersonRefs, .required_when = Equals("beneficial_owners.exempt", false),
                        .asked_when = Equals("beneficial_owners.exempt", false), .needed_by = {"registration"}, .max = 50,
                        .cite = "受益所有人信息管理办法 6"},
                       {.id = "form", .type = FieldType::kChoice, .required_when = Never(), .asked_when = Equals("beneficial_owners.exempt", false),
                        .source = Source::kDerived, .needed_by = {"registration"},
                        .options = {"share", "income_or_votes", "control"}}},
            .needed_by = {"registration"},
            .cite = "受益所有人信息管理办法"};
}

Section Employees() {
    return {.id = "employees",
            .fields = {{.id = "name", .type = FieldType::kText, .privacy = Privacy::kPersonal, .min = 2, .max = 50},
                       {.id = "id_number", .type = FieldType::kIdNumber, .privacy = Privacy::kSensitive},
                       {.id = "mobile", .type = FieldType::kMobile, .privacy = Privacy::kPersonal},
                       {.id = "post", .type = FieldType::kText, .min = 1, .max = 40},
                       {.id = "wage", .type = FieldType::kMoney, .privacy = Privacy::kSensitive, .min = 1},
                       {.id = "contract", .type = FieldType::kChoice, .options = {"fixed", "open", "task"}, .default_value = "fixed", .cite = "劳动合同法 12"},
                       {.id = "contract_from", .type = FieldType::kDate, .required_when = Never(), .source = Source::kDerived, .cite = "劳动合同法 10"},
                       {.id = "contract_until", .type = FieldType::kDate, .required_when = Never(), .asked_when = Equals(".contract", "fixed")},
                       {.id = "household", .type = FieldType::kChoice, .options = {"urban", "rural"}, .default_value = "urban"}},
            .repeats = true,
            .rows_max = 500,
            .needed_by = {"human_resources", "medical_insurance", "housing_fund"},
            .cite = "社会保险法 58"};
}

Section Founder() {
    return {.id = "founder",
            .fields = {{.id = "group", .type = FieldType::kChoice, .needed_by = {"registration"},
                        .options = {"none", "graduate", "veteran", "returning_worker", "unemployed", "disabled"}, .default_value = "none"}},
            .needed_by = {"registration"}};
}

Section Delivery() {
    return {.id = "delivery",
            .fields = {{.id = "collect", .type = FieldType::kChoice, .needed_by = {"registration"}, .options = {"hall", "post"}, .default_value = "hall"},
                       {.id = "hall", .type = FieldType::kLookup, .required_when = Never(), .needed_by = {"registration"}, .lookup = "hall"},
                       {.id = "seals", .type = FieldType::kChoice, .needed_by = {"public_security"}, .options = {"with_licence", "post"},
                        .default_value = "with_licence"},
                       {.id = "post_address", .type = FieldType::kText,
                        .required_when = forms::Or({Equals("delivery.collect", "post"), Equals("delivery.seals", "post")}),
                        .asked_when = forms::Or({Equals("delivery.collect", "post"), Equals("delivery.seals", "post")}),
                        .privacy = Privacy::kPersonal, .needed_by = {"post"}, .min = 6, .max = 100},
                       {.id = "receiver", .type = FieldType::kPersonRef, .required_when = Never(), .source = Source::kDerived, .needed_by = {"post"}}},
            .needed_by = {"registration", "post"}};
}

}  // namespace onewindow::application::sections
