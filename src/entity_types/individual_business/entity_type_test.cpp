// Goal: an operator from sixteen, with or without a name, alone or with the family; no capital on the licence.

#include "application/testing/filled_form.hpp"

namespace onewindow::entity_types::individual_business {
namespace {

using namespace application::testing;

TEST(IndividualBusiness, Checks) {
    ExpectRules("individual_business",
                {{"as it is, with the family", {}, {}},
                 {"without a name", {{"name", ""}}, {}},
                 {"alone", {{"operation.form", R"("individual")"}, {"family_members", ""}}, {}},
                 {"alone, but with a family", {{"operation.form", R"("individual")"}}, {"family_members forms.not_asked"}},
                 {"a family without members", {{"family_members", ""}}, {"family_members forms.too_few_rows"}},
                 {"the wife twice", {{"family_members.+", R"({"person":"wei","relation":"spouse"})"}}, {"family_members.1.person application.family_member_twice"}},
                 {"an operator of fifteen", {{"people.0.id_number", R"("370304201109269334")"}}, {"offices.operator individual_business.operator_too_young"}},
                 {"an operator of sixteen", {{"people.0.id_number", R"("370304201009269337")"}}, {}},
                 {"a foreign operator", {{"people.0.id_type", R"("passport")"}, {"people.0.id_number", R"("E12345678")"}, {"people.0.birth_date", R"("1983-09-26")"}},
                  {"offices.operator individual_business.operator_foreign"}},
                 {"from Hong Kong", {{"people.0.id_type", R"("hk_macao_permit")"}, {"people.0.id_number", R"("H12345678")"}, {"people.0.birth_date", R"("1983-09-26")"}}, {}},
                 {"no capital is asked", {{"capital", R"({"amount":1})"}}, {"capital forms.unknown_section"}}});
}

TEST(IndividualBusiness, GoesWithoutAName) {
    const application::EntityType& type = TypeOf("individual_business");
    const json::object nameless = Filled("individual_business", {{"name", ""}});
    EXPECT_FALSE(type.needs_name);
    EXPECT_EQ(type.licence(SeedContext(), nameless).name, "个体工商户（宋知禾）");
    EXPECT_EQ(TextOfPaper(type, nameless, "application").find("企业名称登记管理规定"), std::string::npos);
    EXPECT_NE(TextOfPaper(type, Filled("individual_business"), "application").find("企业名称登记管理规定"), std::string::npos);
}

TEST(IndividualBusiness, HasTheWordsOfItsLicence) {
    const application::EntityType& type = TypeOf("individual_business");
    const auto wording = type.licence(SeedContext(), Filled("individual_business"));
    EXPECT_EQ(wording.type_text, "个体工商户（家庭经营）");
    EXPECT_EQ(wording.person_label + wording.person, "经营者宋知禾");
    EXPECT_EQ(wording.capital_label, "");
    EXPECT_EQ(wording.place_label, "经营场所");
    const json::object alone = Filled("individual_business", {{"operation.form", R"("individual")"}, {"family_members", ""}});
    EXPECT_EQ(type.licence(SeedContext(), alone).type_text, "个体工商户（个人经营）");
}

TEST(IndividualBusiness, TheFamilySigns) {
    EXPECT_EQ(SignatureMatrix(TypeOf("individual_business"), Filled("individual_business")),
              (std::vector<std::string>{"song operator: application commitment personal_details family_consent", "wei family_member: family_consent", "(song contact:)"}));
    const json::object young = Filled("individual_business", {{"people.0.id_number", R"("370304201009269337")"}});
    EXPECT_NE(TextOfPaper(TypeOf("individual_business"), young, "application").find("以自己的劳动收入为主要生活来源"), std::string::npos);
}

}  // namespace
}  // namespace onewindow::entity_types::individual_business
