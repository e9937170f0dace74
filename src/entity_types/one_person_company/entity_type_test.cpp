// Goal: what 公司法 asks of a company of one natural person, by table; its papers and licence.

#include "application/testing/filled_form.hpp"

namespace onewindow::entity_types::one_person_company {
namespace {

using namespace application::testing;

const std::string kMinor = R"({"key":"child","name":"周小岚","id_number":"370102201506189027","mobile":"15400000090","residence":"山东省济南市历下区"})";

TEST(OnePersonCompany, Checks) {
    ExpectRules("one_person_company",
                {{"as it is", {}, {}},
                 {"two hold it", {{"investors", R"([{"holder":"zhou","amount":1},{"holder":"zhou","amount":1}])"}}, {"investors forms.too_many_rows"}},
                 {"an organisation holds it", {{"organisations", R"([{"key":"o1"}])"}}, {"organisations forms.unknown_section"}},
                 {"a stranger holds it", {{"investors", R"([{"holder":"nobody","amount":50000000}])"}}, {"investors.0.holder application.unknown_holder"}},
                 {"not everything is held", {{"investors", R"([{"holder":"zhou","amount":1}])"}}, {"capital.amount application.capital_mismatch"}},
                 {"paid after five years and a day", {{"investors", R"([{"holder":"zhou","amount":50000000,"due":"2031-11-24"}])"}},
                  {"investors.0.due application.contribution_too_late"}},
                 {"paid on the last day", {{"investors", R"([{"holder":"zhou","amount":50000000,"due":"2031-11-23"}])"}}, {}},
                 {"paid yesterday", {{"investors", R"([{"holder":"zhou","amount":50000000,"due":"2026-11-22"}])"}},
                  {"investors.0.due application.contribution_in_past"}},
                 {"a foreign founder", {{"people.0.id_type", R"("passport")"}, {"people.0.id_number", R"("E12345678")"}, {"people.0.birth_date", R"("1992-06-18")"}},
                  {"investors.0.holder application.foreign_investor"}},
                 {"exempt with too much capital", {{"capital.amount", "1000000001"}, {"beneficial_owners", R"({"exempt":true})"}},
                  {"beneficial_owners.exempt application.beneficial_owner_not_exempt"}},
                 {"exempt with just enough", {{"capital.amount", "1000000000"}}, {}},
                 {"an item that needs approval first", {{"scope.items", R"(["P0058"])"}}, {"scope.items.0 application.approval_missing"}},
                 {"approved", {{"scope.items", R"(["P0058"])"}, {"approvals", R"([{"item":"P0058","number":"鲁邮字1号","date":"2026-08-25"}])"}}, {}},
                 {"approved 91 days ago", {{"scope.items", R"(["P0058"])"}, {"approvals", R"([{"item":"P0058","number":"鲁邮字1号","date":"2026-08-24"}])"}},
                  {"approvals.0.valid_until application.approval_to_be_confirmed"}},
                 {"approval expired", {{"scope.items", R"(["P0058"])"},
                                       {"approvals", R"([{"item":"P0058","number":"鲁邮字1号","date":"2025-01-02","valid_until":"2026-11-22"}])"}},
                  {"approvals.0.valid_until application.approval_expired"}}});
}

TEST(OnePersonCompany, OneFounderSignsInEveryCapacity) {
    const json::object facts = Filled("one_person_company");
    EXPECT_EQ(SignatureMatrix(TypeOf("one_person_company"), facts),
              (std::vector<std::string>{"zhou shareholder: application articles decision", "zhou director: decision", "zhou manager: decision",
                                        "zhou finance_officer: decision", "zhou legal_representative: application commitment personal_details",
                                        "(zhou contact:)"}));
    EXPECT_EQ(json::TextAt(facts, "delivery.hall"), "H370102");
    EXPECT_EQ(json::TextAt(facts, "address.postcode"), "250000");
    EXPECT_EQ(json::TextAt(facts, "people.0.sex"), "female");
}

TEST(OnePersonCompany, WritesItsPapersAndLicence) {
    const application::EntityType& type = TypeOf("one_person_company");
    const json::object facts = Filled("one_person_company");
    const auto wording = type.licence(SeedContext(), facts);
    EXPECT_EQ(wording.type_text, "有限责任公司（自然人独资）");
    EXPECT_EQ(wording.person_label, "法定代表人");
    EXPECT_EQ(wording.place, "山东省济南市历下区解放路街道解放路示例 12 号 3 号楼 501 室");
    EXPECT_NE(TextOfPaper(type, facts, "articles").find("公司不设股东会"), std::string::npos);
    EXPECT_NE(TextOfPaper(type, facts, "articles").find("周岚，认缴出资50万元，出资方式：货币，于2031-11-23前缴足"), std::string::npos);
    EXPECT_NE(TextOfPaper(type, facts, "decision").find("股东决定"), std::string::npos);
}

TEST(OnePersonCompany, AMinorHoldsThroughAGuardianAndHasNoOffice) {
    const Change child{"people.+", kMinor};
    const std::string held = R"([{"holder":"child","amount":50000000}])";
    const std::string offices = R"({"legal_representative":"zhou","directors":["zhou"],"manager":"zhou","finance":"zhou","contact":"zhou"})";
    ExpectRules("one_person_company",
                {{"without guardian", {child, {"investors", held}, {"offices", offices}}, {"people.1.guardian application.guardian_missing"}},
                 {"of an adult", {{"people.0.guardian", R"("zhou")"}}, {"people.0.guardian application.guardian_of_adult"}},
                 {"with one", {child, {"people.1.guardian", R"("zhou")"}, {"investors", held}, {"offices", offices}}, {}},
                 {"as manager", {child, {"people.1.guardian", R"("zhou")"}, {"investors", held}, {"offices", offices}, {"offices.manager", R"("child")"}},
                  {"offices.manager application.minor"}}});
    const json::object facts = Filled("one_person_company", {child, {"people.1.guardian", R"("zhou")"}, {"investors", held}, {"offices", offices}});
    EXPECT_EQ(SignatureMatrix(TypeOf("one_person_company"), facts).front(), "zhou guardian child: application articles decision");
}

}  // namespace
}  // namespace onewindow::entity_types::one_person_company
