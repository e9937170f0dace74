// Goal: organisations among the shareholders: who may be served here, who signs for them, which type the licence names.

#include "application/testing/filled_form.hpp"

namespace onewindow::entity_types::corporate_company {
namespace {

using namespace application::testing;

TEST(CorporateCompany, Checks) {
    ExpectRules("corporate_company",
                {{"as it is", {}, {}},
                 {"natural persons only", {{"investors", R"([{"holder":"han","amount":1000000000},{"holder":"meng","amount":1000000000}])"}},
                  {"investors application.organisation_missing"}},
                 {"an organisation alone", {{"investors", R"([{"holder":"hailan","amount":2000000000}])"}}, {}},
                 {"wrong credit code", {{"organisations.0.uscc", R"("91370200MA0DEM0133")"}}, {"organisations.0.uscc forms.uscc"}},
                 {"nobody signs for it", {{"organisations.0.representative", ""}}, {"organisations.0.representative forms.missing"}},
                 {"its key is a person's", {{"organisations.0.key", R"("han")"}, {"investors", R"([{"holder":"han","amount":2000000000}])"}},
                  {"organisations.0.key application.key_twice"}},
                 {"half provincial state capital", {{"organisations.0.kind", R"("provincial_state")"}, {"investors.0.amount", "1000000000"}, {"investors.1.amount", "1000000000"}},
                  {"investors application.provincial_state"}},
                 {"less than half", {{"organisations.0.kind", R"("provincial_state")"}, {"investors.0.amount", "999999999"}, {"investors.1.amount", "1000000001"}}, {}},
                 {"exempt although an organisation holds", {{"beneficial_owners", R"({"exempt":true})"}},
                  {"beneficial_owners.exempt application.beneficial_owner_not_exempt"}},
                 {"nobody named behind it", {{"beneficial_owners", R"({"exempt":false})"}}, {"beneficial_owners.owners forms.missing"}}});
}

TEST(CorporateCompany, OneOrganisationOnce) {
    ExpectRules("corporate_company",
                {{"the same code twice",
                  {{"organisations.+", R"({"key":"again","name":"青岛海岚实业有限公司","uscc":"91370200MA0DEM0132","representative":"meng"})"}},
                  {"organisations.1.uscc application.same_organisation_twice"}}});
}

TEST(CorporateCompany, AuthorisedHumansSign) {
    const auto matrix = SignatureMatrix(TypeOf("corporate_company"), Filled("corporate_company"));
    EXPECT_EQ(matrix[0], "meng authorised_human 91370200MA0DEM0132: application articles decision");
    EXPECT_EQ(matrix[1], "han shareholder: application articles decision");
}

TEST(CorporateCompany, NamesTheTypeByItsShareholders) {
    const application::EntityType& type = TypeOf("corporate_company");
    const auto code = [&](const std::vector<Change>& changes) { return type.licence(SeedContext(), Filled("corporate_company", changes)).type_code; };
    const Change alone{"investors", R"([{"holder":"hailan","amount":2000000000}])"}, state{"organisations.0.kind", R"("state_owned")"};
    EXPECT_EQ(code({}), "1190");
    EXPECT_EQ(code({alone}), "1152");
    EXPECT_EQ(code({alone, state}), "1153");
    EXPECT_EQ(code({state}), "1140");
    EXPECT_EQ(code({{"investors.0.amount", "800000000"}, {"investors.1.amount", "1200000000"}}), "1130");
}

}  // namespace
}  // namespace onewindow::entity_types::corporate_company
