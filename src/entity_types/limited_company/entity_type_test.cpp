// Goal: what 公司法 asks of the organs of a company of several natural persons, by table.

#include "application/testing/filled_form.hpp"

namespace onewindow::entity_types::limited_company {
namespace {

using namespace application::testing;

TEST(LimitedCompany, ChecksShareholders) {
    ExpectRules("limited_company",
                {{"as it is", {}, {}},
                 {"one shareholder", {{"investors", R"([{"holder":"yu","amount":200000000}])"}}, {"investors forms.too_few_rows"}},
                 {"no organisation", {{"organisations", R"([{"key":"o1"}])"}}, {"organisations forms.unknown_section"}},
                 {"twice the same", {{"investors.1.holder", R"("yu")"}}, {"investors.1.holder application.holder_twice"}},
                 {"sums differ", {{"investors.0.amount", "100000001"}}, {"capital.amount application.capital_mismatch"}},
                 {"nothing promised", {{"investors.0.amount", "0"}}, {"investors.0.amount forms.too_small"}},
                 {"labour", {{"investors.0.method", R"("labour")"}}, {"investors.0.method forms.choice"}},
                 {"one document, two people", {{"people.1.id_number", R"("370602198503099117")"}, {"people.0.id_number", R"("370602198503099117")"}},
                  {"people.1.id_number application.same_person_twice"}}});
}

TEST(LimitedCompany, ChecksOrgans) {
    const Change board{"offices.directors", R"(["yu","lin","p4"])"}, chair{"offices.chair", R"("yu")"};
    const Change fourth{"people.+", R"({"key":"p4","name":"宫野","id_number":"370811201002029518","mobile":"15400000091","residence":"山东省烟台市示例路"})"};
    const Change adult{"people.3.id_number", R"("371721198907159556")"};
    ExpectRules(
        "limited_company",
        {{"two directors", {{"offices.directors", R"(["yu","lin"])"}, chair}, {"offices.directors application.board_too_small"}},
         {"a board of three", {fourth, adult, board, chair}, {}},
         {"no chair", {fourth, adult, board}, {"offices.chair forms.missing"}},
         {"the chair is no director", {fourth, adult, board, {"offices.chair", R"("qu")"}}, {"offices.chair application.chair_not_director"}},
         {"a chair without a board", {chair}, {"offices.chair forms.not_asked"}},
         {"a director of sixteen", {fourth, board, chair}, {"offices.directors.2 application.minor"}},
         {"represented by somebody without office", {{"offices.legal_representative", R"("qu")"}},
          {"offices.legal_representative application.representative_without_office"}},
         {"represented by the manager", {{"offices.manager", R"("lin")"}, {"offices.legal_representative", R"("lin")"}, {"offices.legal_position", R"("manager")"}}, {}},
         {"without manager", {{"offices.manager", ""}}, {}},
         {"the supervisor is a director", {{"offices.supervisors", R"(["yu"])"}}, {"offices.supervisors.0 application.supervisor_holds_office"}},
         {"the supervisor keeps the books", {{"offices.supervisors", R"(["lin"])"}}, {"offices.supervisors.0 application.supervisor_holds_office"}},
         {"two supervisors", {fourth, adult, {"offices.supervisors", R"(["qu","p4"])"}}, {"offices.supervisors application.one_supervisor"}},
         {"none, but named", {{"offices.supervision", R"("none")"}}, {"offices.supervisors application.one_supervisor"}},
         {"none", {{"offices.supervision", R"("none")"}, {"offices.supervisors", ""}}, {}}});
}

TEST(LimitedCompany, ChecksBoardsWithEmployees) {
    const Change p4{"people.+", R"({"key":"p4","name":"宫野","id_number":"371721198907159556","mobile":"15400000091","residence":"山东省烟台市示例路"})"};
    const Change p5{"people.+", R"({"key":"p5","name":"宫原","id_number":"371002198610319283","mobile":"15400000092","residence":"山东省烟台市示例路"})"};
    const Change supervisory{"offices.supervision", R"("board")"}, three{"offices.supervisors", R"(["qu","p4","p5"])"};
    const Change directors{"offices.directors", R"(["yu","p4","p5"])"}, chair{"offices.chair", R"("yu")"};
    const Change audit{"offices.supervision", R"("audit_committee")"}, no_supervisor{"offices.supervisors", ""};
    ExpectRules(
        "limited_company",
        {{"board of three, one elected", {p4, p5, supervisory, three, {"offices.employee_supervisors", R"(["p5"])"}}, {}},
         {"none elected", {p4, p5, supervisory, three}, {"offices.employee_supervisors forms.missing"}},
         {"elected but not on it", {p4, p5, supervisory, three, {"offices.employee_supervisors", R"(["lin"])"}},
          {"offices.employee_supervisors application.employee_supervisors"}},
         {"board of one", {supervisory, {"offices.employee_supervisors", R"(["qu"])"}}, {"offices.supervisors application.supervisory_board_too_small"}},
         {"audit committee of directors", {p4, p5, directors, chair, audit, no_supervisor, {"offices.audit_committee", R"(["p4","p5"])"}}, {}},
         {"audit committee with others", {p4, p5, directors, chair, audit, no_supervisor, {"offices.audit_committee", R"(["lin"])"}},
          {"offices.audit_committee application.audit_committee"}},
         {"audit committee without a board", {audit, no_supervisor, {"offices.audit_committee", R"(["yu"])"}},
          {"offices.audit_committee application.audit_committee"}}});
}

TEST(LimitedCompany, ThreeHundredEmployeesHaveADirector) {
    json::object facts = LoadSample("limited_company").at("facts").as_object();
    Apply(facts, {"people.+", R"({"key":"p4","name":"宫野","id_number":"371721198907159556","mobile":"15400000091","residence":"山东省烟台市示例路"})"});
    Apply(facts, {"offices.directors", R"(["yu","lin","p4"])"});
    Apply(facts, {"offices.chair", R"("yu")"});
    const json::value employee = facts.at("employees").as_array().front();
    while (facts.at("employees").as_array().size() < 299) facts.at("employees").as_array().push_back(employee);
    EXPECT_EQ(FaultsOf(TypeOf("limited_company"), facts), std::vector<std::string>{});
    facts.at("employees").as_array().push_back(employee);
    EXPECT_EQ(FaultsOf(TypeOf("limited_company"), facts), std::vector<std::string>{"offices.employee_directors application.employee_director"});
    Apply(facts, {"offices.employee_directors", R"(["p4"])"});
    EXPECT_EQ(FaultsOf(TypeOf("limited_company"), facts), std::vector<std::string>{});
}

TEST(LimitedCompany, SharesSumToAHundredPercent) {
    const json::object facts = Filled("limited_company", {{"capital.amount", "3"}, {"investors.0.amount", "1"}, {"investors.1.amount", "1"}, {"investors.2.amount", "1"}});
    std::int64_t sum = 0;
    for (const json::value& row : application::Rows(facts, "investors")) sum += json::IntAt(row, "share");
    EXPECT_EQ(sum, 10'000);
    // Figures are not validated yet when shares are derived.
    Filled("limited_company", {{"investors.0.amount", "9223372036854775807"}, {"investors.1.amount", "9223372036854775807"}, {"investors.2.amount", "-5"}});
}

TEST(LimitedCompany, WritesWhoSupervises) {
    const application::EntityType& type = TypeOf("limited_company");
    EXPECT_NE(TextOfPaper(type, Filled("limited_company"), "articles").find("设监事一名"), std::string::npos);
    EXPECT_NE(TextOfPaper(type, Filled("limited_company"), "decision").find("选举（任命）曲蓁为公司监事"), std::string::npos);
    EXPECT_EQ(type.licence(SeedContext(), Filled("limited_company")).type_text, "有限责任公司（自然人投资或控股）");
}

}  // namespace
}  // namespace onewindow::entity_types::limited_company
