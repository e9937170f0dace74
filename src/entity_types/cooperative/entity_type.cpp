#include "application/common_reasons.hpp"
#include "application/investors.hpp"
#include "entity_types/cooperative/articles.hpp"
#include "entity_types/cooperative/reasons.hpp"

// 农民专业合作社 (农民专业合作社法 2017); domain.md D7, J9, J11.
namespace onewindow::entity_types::cooperative {
namespace {

using namespace application;

constexpr int kAdult = 18;
constexpr std::int64_t kMembersMax = 1000;       // Our own bound; the law has none.
constexpr std::size_t kSmallMembersMax = 20;     // 农民专业合作社法 20

forms::Section Members() {
    using forms::FieldType;
    forms::Section section = sections::Investors(kMembersMax, {"currency", "in_kind", "ip", "land_operation", "forest_right", "other"});
    section.rows_min = 5;  // 农民专业合作社法 12(1)
    for (forms::Field& field : section.fields) {
        if (field.id == "amount") field.min = 0;  // Not every member has to bring something in.
    }
    section.fields.push_back({.id = "farmer", .type = FieldType::kBoolean, .needed_by = {"registration"}, .cite = "农民专业合作社法 20"});
    return section;
}

forms::Section Offices() {
    using forms::FieldType;
    forms::Section section = sections::SimpleOffices("legal_representative");
    const forms::Condition supervised = forms::In("offices.supervision", {"one", "board"});
    section.fields.insert(
        section.fields.begin() + 1,
        {{.id = "council", .type = FieldType::kPersonRefs, .required_when = forms::Never(), .needed_by = {"registration"}, .max = 19,
          .cite = "农民专业合作社法 33"},
         {.id = "manager", .type = FieldType::kPersonRef, .required_when = forms::Never(), .needed_by = {"registration"}, .cite = "农民专业合作社法 35"},
         {.id = "supervision", .type = FieldType::kChoice, .needed_by = {"registration"}, .options = {"none", "one", "board"},
          .default_value = "none", .cite = "农民专业合作社法 33"},
         {.id = "supervisors", .type = FieldType::kPersonRefs, .required_when = supervised, .needed_by = {"registration"}, .max = 19,
          .cite = "农民专业合作社法 33"}});
    return section;
}

std::vector<forms::Section> Sections() {
    return {sections::Name(true), sections::Address(), sections::Scope(), sections::Approvals(), sections::Capital(), sections::Term(),
            sections::People(kMembersMax), sections::Organisations(50), Members(), Offices(), sections::Employees(), sections::Founder(),
            sections::Delivery()};
}

void Derive(const Context& context, json::object& facts) {
    DeriveCommon(context, facts);
    investors::DeriveShares(facts);
    DeriveFromHead(facts);
}

void CheckMembers(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    const json::array& rows = Rows(facts, "investors");
    std::size_t farmers = 0, organisations = 0, index = 0;
    for (const json::value& row : rows) {
        const std::string path = "investors." + std::to_string(index++);
        const std::string holder = json::TextAt(row, "holder");
        const bool is_organisation = FindOrganisation(facts, holder) != nullptr;
        organisations += is_organisation;
        farmers += json::BoolAt(row, "farmer");
        if (is_organisation && json::BoolAt(row, "farmer")) faults.push_back({&reasons::kOrganisationIsNoFarmer, path + ".farmer", {}});
        const auto age = AgeOf(context, facts, holder);
        if (age && *age < kAdult) faults.push_back({&reasons::kMemberMinor, path + ".holder", {{"person", PersonName(facts, holder)}}});
    }
    if (farmers * 5 < rows.size() * 4) faults.push_back({&reasons::kTooFewFarmers, "investors", {}});
    const bool too_many = rows.size() <= kSmallMembersMax ? organisations > 1 : organisations * 20 > rows.size();
    if (too_many) faults.push_back({&reasons::kTooManyOrganisations, "investors", {}});
}

void CheckOffices(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    const json::array& rows = Rows(facts, "investors");
    const auto check_member = [&](const std::string& key, const std::string& field) {
        const bool member = std::any_of(rows.begin(), rows.end(), [&](const json::value& row) { return json::TextAt(row, "holder") == key; });
        if (!member) faults.push_back({&reasons::kNotAMember, field, {{"person", PersonName(facts, key)}}});
        CheckAdult(context, facts, key, field, faults);
    };
    const std::string chair = json::TextAt(facts, "offices.legal_representative");
    const std::vector<std::string> council = Texts(facts, "offices.council");
    const std::string supervision = json::TextAt(facts, "offices.supervision");
    check_member(chair, "offices.legal_representative");
    std::size_t index = 0;
    for (const std::string& key : council) check_member(key, "offices.council." + std::to_string(index++));
    const std::vector<std::string> supervisors = Texts(facts, "offices.supervisors");
    const bool fits = supervision == "one" ? supervisors.size() == 1 : supervision == "board" ? supervisors.size() >= 2 : supervisors.empty();
    if (!fits) faults.push_back({&reasons::kSupervisorCount, "offices.supervisors", {}});
    index = 0;
    for (const std::string& key : supervisors) {
        const std::string field = "offices.supervisors." + std::to_string(index++);
        check_member(key, field);
        const bool holds = key == chair || key == json::TextAt(facts, "offices.manager") || key == json::TextAt(facts, "offices.finance") ||
                           std::find(council.begin(), council.end(), key) != council.end();
        if (holds) faults.push_back({&reasons::kSupervisorHoldsOffice, field, {{"person", PersonName(facts, key)}}});
    }
    CheckAdult(context, facts, json::TextAt(facts, "offices.manager"), "offices.manager", faults);
}

void Check(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    CheckCommon(context, facts, faults);
    investors::CheckAmounts(facts, faults);
    investors::CheckServedHere(context, facts, faults);
    CheckMembers(context, facts, faults);
    CheckOffices(context, facts, faults);
}

LicenceWording Licence(const Context& context, const json::object& facts) {
    const reference::EnterpriseType* type = context.reference.FindEnterpriseType("9100");
    return {.name = json::TextAt(facts, "name.full"),
            .type_text = type == nullptr ? "" : type->name,
            .type_code = "9100",
            .person_label = "法定代表人",
            .person = PersonName(facts, json::TextAt(facts, "offices.legal_representative")),
            .capital_label = "成员出资总额",
            .capital_fen = json::IntAt(facts, "capital.amount"),
            .place_label = "住所",
            .place = FullAddress(context, facts),
            .scope = ScopeSentence(context, facts)};
}

std::vector<PaperDraft> Papers(const Context& context, const json::object& facts) {
    const LicenceWording wording = Licence(context, facts);
    return {papers::ApplicationForm(context, facts, wording), Articles(facts, wording), Minutes(facts, wording), Contributions(facts, wording),
            Register(facts, wording), papers::PersonalDetails(facts), papers::Commitment(context, facts, wording)};
}

std::vector<Signatory> Signatories(const json::object& facts) {
    std::vector<Signatory> out;
    for (const json::value& row : Rows(facts, "investors")) {
        const std::string holder = json::TextAt(row, "holder");
        std::vector<std::string> papers = {"articles", "minutes"};
        if (json::IntAt(row, "amount") > 0) papers.emplace_back("contributions");
        if (const json::value* organisation = FindOrganisation(facts, holder)) {
            out.push_back({.person = json::TextAt(*organisation, "representative"), .capacity = "authorised_human",
                           .principal = json::TextAt(*organisation, "uscc"), .papers = std::move(papers)});
        } else {
            out.push_back({.person = holder, .capacity = "member", .papers = std::move(papers)});
        }
    }
    out.push_back({.person = json::TextAt(facts, "offices.legal_representative"),
                   .capacity = "legal_representative",
                   .papers = {"application", "commitment", "personal_details", "register"}});
    out.push_back({.person = json::TextAt(facts, "offices.contact"), .capacity = "contact", .verified_only = true});
    return out;
}

}  // namespace

EntityType MakeEntityType() {
    return {.id = "cooperative",
            .uscc_department = "93",
            .smart_approval = false,
            .org_kind = naming::OrgKind::kCooperative,
            .sections = Sections(),
            .derive = &Derive,
            .check = &Check,
            .licence = &Licence,
            .papers = &Papers,
            .signatories = &Signatories,
            .name_seal_of = &HeadOf,
            .fits = {{"farmers"}}};
}

}  // namespace onewindow::entity_types::cooperative
