// Goal: one investor of full capacity with an identity card; the family signs where its property is brought in.

#include "application/testing/filled_form.hpp"

namespace onewindow::entity_types::sole_proprietorship {
namespace {

using namespace application::testing;

TEST(SoleProprietorship, Checks) {
    const Change own{"property.kind", R"("personal")"}, alone{"family_members", ""};
    ExpectRules("sole_proprietorship",
                {{"as it is, the family's", {}, {}},
                 {"own property", {own, alone}, {}},
                 {"own property, but a family", {own}, {"family_members forms.not_asked"}},
                 {"the family's, but nobody of it", {alone}, {"family_members forms.too_few_rows"}},
                 {"the investor as family", {{"family_members.0.person", R"("fu")"}}, {"family_members.0.person application.family_member_twice"}},
                 {"a child as family", {{"people.1.id_number", R"("37070520090412922X")"}}, {"family_members.0.person application.family_member_minor"}},
                 {"an investor of seventeen", {{"people.0.id_number", R"("37070520090412922X")"}}, {"offices.investor sole_proprietorship.investor_minor"}},
                 {"from abroad", {{"people.0.id_type", R"("passport")"}, {"people.0.id_number", R"("E12345678")"}, {"people.0.birth_date", R"("1987-04-12")"}},
                  {"offices.investor sole_proprietorship.investor_abroad"}},
                 {"no sum", {{"capital.amount", ""}}, {"capital.amount forms.missing"}}});
}

TEST(SoleProprietorship, TheFamilySigns) {
    const application::EntityType& type = TypeOf("sole_proprietorship");
    EXPECT_EQ(SignatureMatrix(type, Filled("sole_proprietorship")),
              (std::vector<std::string>{"fu investor: application commitment personal_details family_consent", "dou family_member: family_consent", "(fu contact:)"}));
    const json::object own = Filled("sole_proprietorship", {{"property.kind", R"("personal")"}, {"family_members", ""}});
    EXPECT_EQ(SignatureMatrix(type, own).front(), "fu investor: application commitment personal_details");
    EXPECT_EQ(TextOfPaper(type, own, "family_consent"), "");
    EXPECT_NE(TextOfPaper(type, Filled("sole_proprietorship"), "family_consent").find("窦明远，系投资人傅鸢的配偶"), std::string::npos);
}

TEST(SoleProprietorship, HasTheWordsOfItsLicence) {
    const auto wording = TypeOf("sole_proprietorship").licence(SeedContext(), Filled("sole_proprietorship"));
    EXPECT_EQ(wording.type_text, "个人独资企业");
    EXPECT_EQ(wording.person_label + wording.person, "投资人傅鸢");
    EXPECT_EQ(wording.capital_label, "出资额");
    EXPECT_EQ(wording.place_label, "住所");
}

}  // namespace
}  // namespace onewindow::entity_types::sole_proprietorship
