#include "application/company.hpp"

#include <set>

#include "application/common_reasons.hpp"
#include "application/papers.hpp"
#include "kernel/documents/amount.hpp"

namespace onewindow::application::company {
namespace {

constexpr std::int64_t kAmountMax = 900'000'000'000'000;  // 9 trillion yuan in fen: × 10,000 fits 64 bits.
constexpr int kYearsToPay = 5;                                       // 公司法 47
constexpr std::int64_t kExemptCapitalFen = 10'000'000LL * 100;       // 受益所有人信息管理办法 3

std::vector<std::string> Methods() {
    return {"currency", "in_kind", "intellectual_property", "land_use", "equity", "debt", "data_or_virtual"};
}

bool OnlyNaturalPersons(const json::object& facts) {
    const json::array& investors = Rows(facts, "investors");
    return std::all_of(investors.begin(), investors.end(),
                       [&](const json::value& row) { return FindPerson(facts, json::TextAt(row, "holder")) != nullptr; });
}

/// Shares in basis points that sum to 100 %: the largest remainders get the missing points.
void DeriveShares(json::object& facts) {
    json::value* node = facts.if_contains("investors");
    if (node == nullptr || !node->is_array()) return;
    json::array& rows = node->get_array();
    std::int64_t total = 0;
    for (const json::value& row : rows) total += json::IntAt(row, "amount");
    if (total <= 0) return;
    std::vector<std::pair<std::int64_t, std::size_t>> remainders;
    std::int64_t given = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i].is_object()) return;
        const std::int64_t amount = std::min(json::IntAt(rows[i], "amount"), kAmountMax);
        const std::int64_t scaled = amount * 10'000;
        const std::int64_t share = scaled / total;
        rows[i].get_object()["share"] = share;
        given += share;
        remainders.emplace_back(-(scaled % total), i);
    }
    std::sort(remainders.begin(), remainders.end());
    for (std::size_t i = 0; given < 10'000 && i < remainders.size(); ++i, ++given) {
        json::value& share = rows[remainders[i].second].get_object()["share"];
        share = share.get_int64() + 1;
    }
}

void CheckInvestors(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    const Date last = AddMonths(context.today, 12 * kYearsToPay);
    std::set<std::string> holders;
    std::int64_t sum = 0;
    std::size_t index = 0;
    for (const json::value& row : Rows(facts, "investors")) {
        const std::string path = "investors." + std::to_string(index++);
        const std::string holder = json::TextAt(row, "holder");
        if (HolderName(facts, holder).empty()) faults.push_back({&reasons::kUnknownHolder, path + ".holder", {{"holder", holder}}});
        if (!holders.insert(holder).second) faults.push_back({&reasons::kHolderTwice, path + ".holder", {{"holder", holder}}});
        sum += json::IntAt(row, "amount");
        const auto due = ParseDate(json::TextAt(row, "due"));
        if (due && *due > last) faults.push_back({&reasons::kContributionTooLate, path + ".due", {{"last", FormatDate(last)}}});
        if (due && *due < context.today) faults.push_back({&reasons::kContributionInPast, path + ".due", {}});
    }
    const std::int64_t total = json::IntAt(facts, "capital.amount");
    if (sum != total) {
        faults.push_back({&reasons::kCapitalMismatch, "capital.amount", {{"sum", WanYuan(sum)}, {"total", WanYuan(total)}}});
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

void CheckMinorShareholders(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    for (const json::value& row : Rows(facts, "investors")) {
        const json::value* person = FindPerson(facts, json::TextAt(row, "holder"));
        if (person == nullptr) continue;
        const auto birth = ParseDate(json::TextAt(*person, "birth_date"));
        const json::value* guardian = FindPerson(facts, json::TextAt(*person, "guardian"));
        if (birth && AgeOn(*birth, context.today) < 18 && guardian == nullptr) {
            faults.push_back({&reasons::kGuardianMissing, "people." + json::TextAt(*person, "key") + ".guardian",
                              {{"person", json::TextAt(*person, "name")}}});
        }
    }
}

std::string MethodText(std::string_view method) {
    if (method == "in_kind") return "实物";
    if (method == "intellectual_property") return "知识产权";
    if (method == "land_use") return "土地使用权";
    if (method == "equity") return "股权";
    if (method == "debt") return "债权";
    if (method == "data_or_virtual") return "数据、网络虚拟财产";
    return "货币";
}

std::string SupervisionText(const json::object& facts) {
    const std::string supervision = json::TextAt(facts, "offices.supervision");
    if (supervision == "one") return "公司不设监事会，设监事一名，任期三年，依照公司法第七十八条行使职权。";
    if (supervision == "board") return "公司设监事会，成员不少于三人，其中职工代表不低于三分之一，任期三年。";
    if (supervision == "audit_committee") return "公司在董事会中设审计委员会，行使监事会职权，不设监事会或者监事（公司法第六十九条）。";
    return "经全体股东一致同意，公司不设监事会和监事（公司法第八十三条）。";
}

PaperDraft Articles(const Kind& kind, const Context& context, const json::object& facts, const LicenceWording& wording) {
    using papers::Heading;
    using papers::Line;
    PaperDraft paper{.id = "articles", .title = wording.name + "章程"};
    auto& out = paper.paragraphs;
    const std::string meeting = kind.one_person ? "股东" : "股东会";
    out.push_back(Heading("第一章　总则"));
    out.push_back(Line("第一条　依据《中华人民共和国公司法》，由全体股东出资设立本公司，制定本章程。"));
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
                           WanYuan(json::IntAt(row, "amount")) + "万元，出资方式：" + MethodText(json::TextAt(row, "method")) +
                           "，出资日期：" + json::TextAt(row, "due") + "前缴足。"));
    }
    out.push_back(Heading("第六章　" + meeting));
    out.push_back(Line(kind.one_person ? "第七条　公司不设股东会。股东行使公司法第五十九条所列职权时，以书面形式作出决定，由股东签名后置备于公司。"
                                       : "第七条　股东会由全体股东组成，是公司的权力机构，依照公司法第五十九条行使职权。股东会会议由股东按照出资比例行使表决权；"
                                         "修改章程、增减注册资本、合并、分立、解散或者变更公司形式，须经代表三分之二以上表决权的股东通过。"));
    out.push_back(Heading("第七章　董事和经理"));
    out.push_back(Line(Texts(facts, "offices.directors").size() == 1
                           ? "第八条　公司不设董事会，设董事一名，由" + meeting + "产生，任期三年，依照公司法第六十七条、第七十五条行使职权。"
                           : "第八条　公司设董事会，成员由" + meeting + "选举产生，任期三年，设董事长一人，依照公司法第六十七条行使职权。"));
    out.push_back(Line("第九条　公司设经理，由董事（会）决定聘任或者解聘，对其负责。"));
    out.push_back(Heading("第八章　监督"));
    out.push_back(Line("第十条　" + SupervisionText(facts)));
    out.push_back(Heading("第九章　法定代表人"));
    const std::string position = json::TextAt(facts, "offices.legal_position");
    out.push_back(Line("第十一条　法定代表人由" + std::string(position == "manager" ? "经理" : position == "chair" ? "董事长" : "代表公司执行事务的董事") +
                       "担任。其辞任的，公司应当在三十日内确定新的法定代表人。"));
    out.push_back(Heading("第十章　财务、利润分配、解散和清算"));
    out.push_back(Line("第十二条　公司依照法律、行政法规和国务院财政部门的规定建立财务、会计制度。公司的解散和清算依照公司法第十二章办理。"));
    out.push_back(Heading("第十一章　附则"));
    out.push_back(Line("第十三条　公司经营期限：" + std::string(json::TextAt(facts, "term.kind") == "years"
                                                             ? std::to_string(json::IntAt(facts, "term.years")) + "年"
                                                             : "长期") + "。"));
    out.push_back(Line("第十四条　本章程自全体股东签名或者盖章之日起生效。"));
    static_cast<void>(context);
    return paper;
}

PaperDraft Decision(const Kind& kind, const json::object& facts, const LicenceWording& wording) {
    using papers::Line;
    PaperDraft paper{.id = "decision", .title = wording.name + (kind.one_person ? "股东决定" : "股东会决议")};
    auto& out = paper.paragraphs;
    out.push_back(Line(kind.one_person ? "股东依照公司法第六十条作出如下决定：" : "全体股东一致通过如下决议："));
    out.push_back(Line("一、通过公司章程。"));
    std::string directors;
    for (const std::string& key : Texts(facts, "offices.directors")) directors += (directors.empty() ? "" : "、") + PersonName(facts, key);
    out.push_back(Line("二、选举（任命）" + directors + "为公司董事。"));
    out.push_back(Line("三、聘任" + PersonName(facts, json::TextAt(facts, "offices.manager")) + "为公司经理，" +
                       PersonName(facts, json::TextAt(facts, "offices.finance")) + "为财务负责人。"));
    std::string supervisors;
    for (const std::string& key : Texts(facts, "offices.supervisors")) supervisors += (supervisors.empty() ? "" : "、") + PersonName(facts, key);
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
    if (json::value* rows = facts.if_contains("investors"); rows != nullptr && rows->is_array()) {
        for (json::value& row : rows->get_array()) {
            if (row.is_object() && json::TextAt(row, "due").empty()) {
                row.get_object()["due"] = FormatDate(AddMonths(context.today, 12 * kYearsToPay));
            }
        }
    }
    DeriveShares(facts);
    if (json::Find(facts, "beneficial_owners.exempt") == nullptr) {
        const bool exempt = json::IntAt(facts, "capital.amount") <= kExemptCapitalFen && OnlyNaturalPersons(facts);
        json::SetAt(facts, "beneficial_owners.exempt", exempt);
    }
    if (json::TextAt(facts, "delivery.receiver").empty()) {
        const std::string receiver = json::TextAt(facts, "offices.legal_representative");
        if (!receiver.empty()) json::SetAt(facts, "delivery.receiver", json::value(receiver));
    }
}

void Check(const Kind& kind, const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    CheckCommon(context, facts, faults);
    CheckInvestors(context, facts, faults);
    CheckOrgans(context, facts, faults);
    CheckMinorShareholders(context, facts, faults);
    const bool may_be_exempt = json::IntAt(facts, "capital.amount") <= kExemptCapitalFen && OnlyNaturalPersons(facts);
    if (json::BoolAt(facts, "beneficial_owners.exempt") && !may_be_exempt) {
        faults.push_back({&reasons::kNotExempt, "beneficial_owners.exempt", {}});
    }
    static_cast<void>(kind);
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
    // domain.md A7: by number and nature of the shareholders.
    std::int64_t natural = 0, state = 0, total = 0;
    for (const json::value& row : Rows(facts, "investors")) {
        const std::int64_t amount = json::IntAt(row, "amount");
        total += amount;
        const json::value* organisation = FindOrganisation(facts, json::TextAt(row, "holder"));
        if (organisation == nullptr) natural += amount;
        else if (json::TextAt(*organisation, "kind") == "state_owned") state += amount;
    }
    const bool single = Rows(facts, "investors").size() == 1;
    if (kind.one_person) wording.type_code = "1151";
    else if (single && state == total) wording.type_code = "1153";
    else if (single) wording.type_code = "1152";
    else if (state * 2 > total) wording.type_code = "1140";
    else if (natural * 2 > total) wording.type_code = "1130";
    else wording.type_code = "1190";
    const reference::EnterpriseType* type = context.reference.FindEnterpriseType(wording.type_code);
    wording.type_text = type == nullptr ? "" : type->name;
    return wording;
}

std::vector<PaperDraft> Papers(const Kind& kind, const Context& context, const json::object& facts) {
    const LicenceWording wording = Licence(kind, context, facts);
    return {papers::ApplicationForm(context, facts, wording), Articles(kind, context, facts, wording),
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
