#include "application/company.hpp"

#include <set>

#include "application/common_reasons.hpp"
#include "application/investors.hpp"
#include "application/papers.hpp"
#include "kernel/documents/amount.hpp"

namespace onewindow::application::company {
namespace {

constexpr int kYearsToPay = 5;          // 公司法 47
constexpr std::size_t kManyEmployees = 300;  // 公司法 68

std::vector<std::string> Methods() {
    return {"currency", "in_kind", "ip", "land_use", "equity", "debt", "data_or_virtual"};
}

void CheckDue(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    const Date last = AddMonths(context.today, 12 * kYearsToPay);
    std::size_t index = 0;
    for (const json::value& row : Rows(facts, "investors")) {
        const std::string field = "investors." + std::to_string(index++) + ".due";
        const auto due = ParseDate(json::TextAt(row, "due"));
        if (due && *due > last) faults.push_back({&reasons::kContributionTooLate, field, {{"last", FormatDate(last)}}});
        if (due && *due < context.today) faults.push_back({&reasons::kContributionInPast, field, {}});
    }
}

bool AreAmong(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
    return std::all_of(part.begin(), part.end(), [&](const std::string& key) {
        return std::find(whole.begin(), whole.end(), key) != whole.end();
    });
}

/// Employees in the organs (公司法 68, 76), and the audit committee (69).
void CheckMembers(const json::object& facts, std::vector<Fault>& faults) {
    const std::vector<std::string> directors = Texts(facts, "offices.directors");
    const std::vector<std::string> supervisors = Texts(facts, "offices.supervisors");
    const std::vector<std::string> elected = Texts(facts, "offices.employee_supervisors");
    const std::vector<std::string> employee_directors = Texts(facts, "offices.employee_directors");
    const std::vector<std::string> committee = Texts(facts, "offices.audit_committee");
    const std::string supervision = json::TextAt(facts, "offices.supervision");
    if (supervision == "board" && (elected.size() * 3 < supervisors.size() || !AreAmong(elected, supervisors))) {
        faults.push_back({&reasons::kEmployeeSupervisors, "offices.employee_supervisors", {}});
    }
    if (supervision == "audit_committee" && (directors.size() < 3 || !AreAmong(committee, directors))) {
        faults.push_back({&reasons::kAuditCommittee, "offices.audit_committee", {}});
    }
    const bool needed = Rows(facts, "employees").size() >= kManyEmployees && directors.size() >= 3 && supervision != "board";
    if ((needed && employee_directors.empty()) || !AreAmong(employee_directors, directors)) {
        faults.push_back({&reasons::kEmployeeDirector, "offices.employee_directors", {}});
    }
}

void CheckOrgans(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    const std::vector<std::string> directors = Texts(facts, "offices.directors");
    const std::vector<std::string> supervisors = Texts(facts, "offices.supervisors");
    const std::string manager = json::TextAt(facts, "offices.manager");
    const std::string finance = json::TextAt(facts, "offices.finance");
    const std::string chair = json::TextAt(facts, "offices.chair");
    const std::string representative = json::TextAt(facts, "offices.legal_representative");
    const std::string position = json::TextAt(facts, "offices.legal_position");
    const std::string supervision = json::TextAt(facts, "offices.supervision");
    const auto is_director = [&](const std::string& key) { return std::find(directors.begin(), directors.end(), key) != directors.end(); };

    if (directors.size() == 2) faults.push_back({&reasons::kBoardTooSmall, "offices.directors", {}});
    if (!chair.empty() && !is_director(chair)) faults.push_back({&reasons::kChairNotDirector, "offices.chair", {}});
    const bool holds = (position == "manager" && representative == manager) || (position == "director" && is_director(representative)) ||
                       (position == "chair" && representative == chair);
    if (!holds) {
        faults.push_back({&reasons::kRepresentativeWithoutOffice, "offices.legal_representative", {{"person", PersonName(facts, representative)}}});
    }
    if (supervision == "board" && supervisors.size() < 3) faults.push_back({&reasons::kSupervisoryBoardTooSmall, "offices.supervisors", {}});
    const bool one_expected = supervision == "one" && supervisors.size() != 1;
    const bool none_expected = (supervision == "none" || supervision == "audit_committee") && !supervisors.empty();
    if (one_expected || none_expected) faults.push_back({&reasons::kOneSupervisor, "offices.supervisors", {}});
    std::size_t index = 0;
    for (const std::string& key : supervisors) {
        const std::string path = "offices.supervisors." + std::to_string(index++);
        // 公司法 265 counts the finance officer among the senior managers.
        if (is_director(key) || key == manager || key == finance) {
            faults.push_back({&reasons::kSupervisorHoldsOffice, path, {{"person", PersonName(facts, key)}}});
        }
        CheckAdult(context, facts, key, path, faults);
    }
    index = 0;
    for (const std::string& key : directors) CheckAdult(context, facts, key, "offices.directors." + std::to_string(index++), faults);
    CheckAdult(context, facts, manager, "offices.manager", faults);
    CheckAdult(context, facts, representative, "offices.legal_representative", faults);
    CheckAdult(context, facts, finance, "offices.finance", faults);
}

std::size_t IndexOf(const json::object& facts, const json::value& person) {
    return static_cast<std::size_t>(&person - Rows(facts, "people").data());
}

/// Else somebody could sign for a grown-up who knows nothing of it (promise P6).
void CheckGuardians(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    for (const json::value& person : Rows(facts, "people")) {
        const auto age = AgeOf(context, facts, json::TextAt(person, "key"));
        if (json::TextAt(person, "guardian").empty() || (age && *age < 18)) continue;
        faults.push_back({&reasons::kGuardianOfAdult, "people." + std::to_string(IndexOf(facts, person)) + ".guardian",
                          {{"person", json::TextAt(person, "name")}}});
    }
}

void CheckMinorShareholders(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    for (const json::value& row : Rows(facts, "investors")) {
        const json::value* person = FindPerson(facts, json::TextAt(row, "holder"));
        if (person == nullptr) continue;
        const auto age = AgeOf(context, facts, json::TextAt(row, "holder"));
        if (!age || *age >= 18) continue;
        const std::string guardian = json::TextAt(*person, "guardian");
        const auto age_of_guardian = AgeOf(context, facts, guardian);
        if (FindPerson(facts, guardian) == nullptr || (age_of_guardian && *age_of_guardian < 18)) {
            faults.push_back({&reasons::kGuardianMissing, "people." + std::to_string(IndexOf(facts, *person)) + ".guardian",
                              {{"person", json::TextAt(*person, "name")}}});
        }
    }
}

std::string SupervisionText(const json::object& facts) {
    const std::string supervision = json::TextAt(facts, "offices.supervision");
    if (supervision == "one") return "公司不设监事会，设监事一名，任期三年，依照公司法第七十八条行使职权。";
    if (supervision == "board") return "公司设监事会，成员不少于三人，其中职工代表不低于三分之一，由职工民主选举产生，任期三年，依照公司法第七十八条行使职权。";
    if (supervision == "audit_committee") {
        return "公司在董事会中设由董事组成的审计委员会，成员为" + JoinNames(facts, Texts(facts, "offices.audit_committee")) +
               "，行使公司法规定的监事会职权，不设监事会或者监事（公司法第六十九条）。";
    }
    return "经全体股东一致同意，公司不设监事会和监事（公司法第八十三条）。";
}

void AddOrgans(std::vector<documents::Paragraph>& out, const Kind& kind, const json::object& facts) {
    using papers::Heading;
    using papers::Line;
    const std::string meeting = kind.one_person ? "股东" : "股东会";
    out.push_back(Heading("第六章　" + meeting));
    out.push_back(Line(kind.one_person ? "第七条　公司不设股东会。股东行使公司法第五十九条所列职权时，以书面形式作出决定，由股东签名后置备于公司。"
                                       : "第七条　股东会由全体股东组成，是公司的权力机构，依照公司法第五十九条行使职权。股东会会议由股东按照出资比例行使表决权，"
                                         "决议应当经代表过半数表决权的股东通过；修改章程、增减注册资本、合并、分立、解散或者变更公司形式，"
                                         "须经代表三分之二以上表决权的股东通过。"));
    out.push_back(Heading("第七章　董事和经理"));
    out.push_back(Line(Texts(facts, "offices.directors").size() == 1
                           ? "第八条　公司不设董事会，设董事一名，由" + meeting + "产生，任期三年，依照公司法第六十七条、第七十五条行使职权。"
                           : "第八条　公司设董事会，成员" + std::to_string(Texts(facts, "offices.directors").size()) + "人，由" + meeting +
                                 "选举产生（职工代表由职工民主选举产生），任期三年，设董事长一人，由董事会以全体董事的过半数选举产生。"
                                 "董事会依照公司法第六十七条行使职权，会议有过半数的董事出席方可举行，决议经全体董事的过半数通过，一人一票。"));
    out.push_back(Line(json::TextAt(facts, "offices.manager").empty() ? "第九条　公司不设经理。"
                                                                       : "第九条　公司设经理，由董事（会）决定聘任或者解聘，对其负责。"));
    out.push_back(Heading("第八章　监督"));
    out.push_back(Line("第十条　" + SupervisionText(facts)));
    out.push_back(Heading("第九章　法定代表人"));
    const std::string position = json::TextAt(facts, "offices.legal_position");
    out.push_back(Line("第十一条　法定代表人由" + std::string(position == "manager" ? "经理" : position == "chair" ? "董事长" : "代表公司执行事务的董事") +
                       "担任，随其任职产生和变更。担任法定代表人的董事或者经理辞任的，视为同时辞去法定代表人，公司应当在三十日内确定新的法定代表人。"));
}

PaperDraft Articles(const Kind& kind, const json::object& facts, const LicenceWording& wording) {
    using papers::Heading;
    using papers::Line;
    PaperDraft paper{.id = "articles", .title = wording.name + "章程"};
    auto& out = paper.paragraphs;
    out.push_back(Heading("第一章　总则"));
    out.push_back(Line(kind.one_person ? "第一条　依据《中华人民共和国公司法》，由股东一人出资设立本公司，制定本章程。"
                                       : "第一条　依据《中华人民共和国公司法》，由全体股东出资设立本公司，制定本章程。"));
    out.push_back(Heading("第二章　名称和住所"));
    out.push_back(Line("第二条　公司名称：" + wording.name));
    out.push_back(Line("第三条　公司住所：" + wording.place));
    out.push_back(Heading("第三章　经营范围"));
    out.push_back(Line("第四条　公司经营范围：" + wording.scope));
    out.push_back(Heading("第四章　注册资本"));
    out.push_back(Line("第五条　公司注册资本：人民币" + documents::UpperCaseAmount(wording.capital_fen) + "。"));
    out.push_back(Heading("第五章　股东和出资"));
    std::size_t number = 1;
    for (const json::value& row : Rows(facts, "investors")) {
        out.push_back(Line("股东" + std::to_string(number++) + "：" + HolderName(facts, json::TextAt(row, "holder")) + "，认缴出资" +
                           WanYuan(json::IntAt(row, "amount")) + "万元，出资方式：" + investors::MethodText(json::TextAt(row, "method")) +
                           "，于" + json::TextAt(row, "due") + "前缴足。"));
    }
    AddOrgans(out, kind, facts);
    out.push_back(Heading("第十章　财务、利润分配、解散和清算"));
    out.push_back(Line("第十二条　公司依照法律、行政法规和国务院财政部门的规定建立财务、会计制度。公司的解散和清算依照公司法第十二章办理。"));
    out.push_back(Heading("第十一章　附则"));
    out.push_back(Line("第十三条　公司经营期限：" + papers::TermText(facts) + "。"));
    out.push_back(Line(kind.one_person ? "第十四条　本章程自股东签名之日起生效。" : "第十四条　本章程自全体股东签名或者盖章之日起生效。"));
    return paper;
}

PaperDraft Decision(const Kind& kind, const json::object& facts, const LicenceWording& wording) {
    using papers::Line;
    PaperDraft paper{.id = "decision", .title = wording.name + (kind.one_person ? "股东决定" : "股东会决议")};
    auto& out = paper.paragraphs;
    out.push_back(Line(kind.one_person ? "股东依照公司法第六十条作出如下决定：" : "全体股东一致通过如下决议："));
    out.push_back(Line("一、通过公司章程。"));
    out.push_back(Line("二、选举（任命）" + JoinNames(facts, Texts(facts, "offices.directors")) + "为公司董事。"));
    const std::string manager = PersonName(facts, json::TextAt(facts, "offices.manager"));
    out.push_back(Line((manager.empty() ? "三、公司不设经理；聘任" : "三、聘任" + manager + "为公司经理，") +
                       PersonName(facts, json::TextAt(facts, "offices.finance")) + "为财务负责人。"));
    const std::string supervisors = JoinNames(facts, Texts(facts, "offices.supervisors"));
    out.push_back(Line(supervisors.empty() ? "四、" + SupervisionText(facts) : "四、选举（任命）" + supervisors + "为公司监事。"));
    out.push_back(Line("五、" + PersonName(facts, json::TextAt(facts, "offices.legal_representative")) + "担任公司法定代表人。"));
    return paper;
}

/// Every person once a capacity, in the order of the list of people.
void AddOffices(const json::object& facts, std::vector<Signatory>& out) {
    const auto add = [&](const std::string& person, std::string capacity, std::vector<std::string> papers) {
        if (!person.empty()) out.push_back({.person = person, .capacity = std::move(capacity), .papers = std::move(papers)});
    };
    for (const std::string& key : Texts(facts, "offices.directors")) add(key, "director", {"decision"});
    for (const std::string& key : Texts(facts, "offices.supervisors")) add(key, "supervisor", {"decision"});
    add(json::TextAt(facts, "offices.manager"), "manager", {"decision"});
    add(json::TextAt(facts, "offices.finance"), "finance_officer", {"decision"});
    add(json::TextAt(facts, "offices.legal_representative"), "legal_representative", {"application", "commitment", "personal_details"});
    const std::string contact = json::TextAt(facts, "offices.contact");
    if (!contact.empty()) out.push_back({.person = contact, .capacity = "contact", .verified_only = true});
}

/// domain.md A7: by number and nature of the shareholders.
std::string TypeCode(const Kind& kind, const json::object& facts) {
    if (kind.one_person) return "1151";
    std::int64_t natural = 0, state = 0, total = 0;
    std::string only_kind;
    for (const json::value& row : Rows(facts, "investors")) {
        const std::int64_t amount = json::IntAt(row, "amount");
        total += amount;
        const json::value* organisation = FindOrganisation(facts, json::TextAt(row, "holder"));
        if (organisation == nullptr) {
            natural += amount;
            continue;
        }
        only_kind = json::TextAt(*organisation, "kind");
        if (only_kind == "state_owned" || only_kind == "provincial_state") state += amount;
    }
    // A sole corporate shareholder: 1152 if it belongs to natural persons, else 1153; 1110 is for the State itself.
    if (Rows(facts, "investors").size() == 1) return only_kind == "private_company" ? "1152" : "1153";
    if (state * 2 > total) return "1140";
    return natural * 2 > total ? "1130" : "1190";
}

}  // namespace

std::vector<forms::Section> Sections(const Kind& kind) {
    std::vector<forms::Section> all = {sections::Name(true), sections::Address(), sections::Scope(), sections::Approvals(),
                                       sections::Capital(), sections::Term(), sections::People(60)};
    if (kind.corporate) all.push_back(sections::Organisations(50));
    forms::Section investors = sections::Investors(kind.one_person ? 1 : 50, Methods());
    // 公司法 42: one to fifty shareholders; a natural person's company is one_person_company.
    investors.rows_min = kind.one_person || kind.corporate ? 1 : 2;
    all.push_back(std::move(investors));
    all.push_back(sections::CompanyOffices());
    all.push_back(sections::BeneficialOwners());
    all.push_back(sections::Employees());
    all.push_back(sections::Founder());
    all.push_back(sections::Delivery());
    return all;
}

void Derive(const Kind& kind, const Context& context, json::object& facts) {
    DeriveCommon(context, facts);
    DefaultToOnlyPerson(facts, "offices.legal_representative");
    DefaultToOnlyPerson(facts, "offices.directors", true);
    DefaultToOnlyPerson(facts, "offices.manager");
    if (kind.one_person && Rows(facts, "investors").empty() && Rows(facts, "people").size() == 1) {
        facts["investors"] = json::array{json::object{{"holder", json::TextAt(facts, "people.0.key")},
                                                      {"amount", json::IntAt(facts, "capital.amount")},
                                                      {"method", "currency"}}};
    }
    investors::DeriveDue(context, facts);
    investors::DeriveShares(facts);
    investors::DeriveExemption(facts);
    // A company names its finance officer: only where nobody else could be meant is it the representative.
    DefaultToOnlyPerson(facts, "offices.finance");
    DefaultToOnlyPerson(facts, "offices.contact");
    const std::string representative = json::TextAt(facts, "offices.legal_representative");
    if (!representative.empty() && json::TextAt(facts, "delivery.receiver").empty()) {
        json::SetAt(facts, "delivery.receiver", json::value(representative));
    }
}

void Check(const Kind& kind, const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    CheckCommon(context, facts, faults);
    investors::CheckAmounts(facts, faults);
    investors::CheckServedHere(context, facts, faults);
    CheckDue(context, facts, faults);
    CheckOrgans(context, facts, faults);
    CheckMembers(facts, faults);
    CheckGuardians(context, facts, faults);
    CheckMinorShareholders(context, facts, faults);
    investors::CheckExemption(facts, faults);
    if (kind.corporate && investors::OnlyNaturalPersons(facts)) {
        faults.push_back({&reasons::kOrganisationMissing, "investors", {}});
    }
}

LicenceWording Licence(const Kind& kind, const Context& context, const json::object& facts) {
    LicenceWording wording{.name = json::TextAt(facts, "name.full"),
                           .person_label = "法定代表人",
                           .person = PersonName(facts, json::TextAt(facts, "offices.legal_representative")),
                           .capital_label = "注册资本",
                           .capital_fen = json::IntAt(facts, "capital.amount"),
                           .place_label = "住所",
                           .place = FullAddress(context, facts),
                           .scope = ScopeSentence(context, facts)};
    wording.type_code = TypeCode(kind, facts);
    const reference::EnterpriseType* type = context.reference.FindEnterpriseType(wording.type_code);
    wording.type_text = type == nullptr ? "" : type->name;
    return wording;
}

std::vector<PaperDraft> Papers(const Kind& kind, const Context& context, const json::object& facts) {
    const LicenceWording wording = Licence(kind, context, facts);
    return {papers::ApplicationForm(context, facts, wording), Articles(kind, facts, wording),
            Decision(kind, facts, wording), papers::PersonalDetails(facts), papers::Commitment(context, facts, wording)};
}

std::vector<Signatory> Signatories(const json::object& facts) {
    std::vector<Signatory> out;
    for (const json::value& row : Rows(facts, "investors")) {
        const std::string holder = json::TextAt(row, "holder");
        const std::vector<std::string> papers = {"application", "articles", "decision"};
        if (const json::value* organisation = FindOrganisation(facts, holder)) {
            out.push_back({.person = json::TextAt(*organisation, "representative"), .capacity = "authorised_human",
                           .principal = json::TextAt(*organisation, "uscc"), .papers = papers});
            continue;
        }
        const json::value* person = FindPerson(facts, holder);
        const std::string guardian = person == nullptr ? "" : json::TextAt(*person, "guardian");
        if (!guardian.empty()) {
            out.push_back({.person = guardian, .capacity = "guardian", .principal = holder, .papers = papers});
        } else {
            out.push_back({.person = holder, .capacity = "shareholder", .papers = papers});
        }
    }
    AddOffices(facts, out);
    return out;
}

}  // namespace onewindow::application::company
