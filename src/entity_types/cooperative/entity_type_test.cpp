// Goal: the numbers of members, farmers and organisations (农民专业合作社法 12, 20), who may hold office (33), by table.

#include "application/testing/filled_form.hpp"

namespace onewindow::entity_types::cooperative {
namespace {

using namespace application::testing;

TEST(Cooperative, ChecksMembers) {
    ExpectRules("cooperative",
                {{"as it is: five farmers and one organisation", {}, {}},
                 {"four members", {{"investors.5", ""}, {"investors.4", ""}, {"capital.amount", "50000000"}, {"offices.supervision", R"("none")"}, {"offices.supervisors", ""}},
                  {"investors forms.too_few_rows"}},
                 {"four farmers of six", {{"investors.4.farmer", "false"}}, {"investors cooperative.too_few_farmers"}},
                 {"an organisation as farmer", {{"investors.5.farmer", "true"}}, {"investors.5.farmer cooperative.organisation_is_no_farmer"}},
                 {"not said whether a farmer", {{"investors.4.farmer", ""}}, {"investors.4.farmer forms.missing"}},
                 {"a member of sixteen", {{"people.4.id_number", R"("371324201011069613")"}}, {"investors.4.holder cooperative.member_minor"}},
                 {"labour", {{"investors.0.method", R"("labour")"}}, {"investors.0.method forms.choice"}}});
}

/// So many farmers (all the same person: rows are counted, the faults of holders are not looked at) and organisations.
bool TooManyOrganisations(std::size_t farmers, std::size_t organisations) {
    json::object facts = LoadSample("cooperative").at("facts").as_object();
    const json::object organisation = facts.at("organisations").as_array().front().as_object();
    json::array rows, all;
    for (std::size_t i = 0; i < farmers; ++i) rows.push_back(json::object{{"holder", "liu"}, {"amount", 0}, {"farmer", true}});
    for (std::size_t i = 0; i < organisations; ++i) {
        json::object one = organisation;
        one["key"] = "o" + std::to_string(i);
        rows.push_back(json::object{{"holder", one.at("key")}, {"amount", 0}, {"farmer", false}});
        all.push_back(std::move(one));
    }
    facts["investors"] = std::move(rows);
    facts["organisations"] = std::move(all);
    const auto faults = FaultsOf(TypeOf("cooperative"), facts);
    return std::find(faults.begin(), faults.end(), "investors cooperative.too_many_organisations") != faults.end();
}

TEST(Cooperative, CountsOrganisations) {
    EXPECT_FALSE(TooManyOrganisations(19, 1));  // Up to twenty members: one.
    EXPECT_TRUE(TooManyOrganisations(18, 2));
    EXPECT_FALSE(TooManyOrganisations(20, 1));  // 21 members: five per cent is one.
    EXPECT_TRUE(TooManyOrganisations(37, 2));   // 39 members: two are more.
    EXPECT_FALSE(TooManyOrganisations(38, 2));  // 40 members: two.
}

TEST(Cooperative, ChecksOffices) {
    ExpectRules("cooperative",
                {{"the chair is no member", {{"offices.legal_representative", R"("xu")"}}, {"offices.legal_representative cooperative.not_a_member"}},
                 {"a councillor is no member", {{"offices.council", R"(["xu"])"}}, {"offices.council.0 cooperative.not_a_member"}},
                 {"the supervisor is on the council", {{"offices.supervisors", R"(["wang"])"}}, {"offices.supervisors.0 cooperative.supervisor_holds_office"}},
                 {"the supervisor keeps the books", {{"offices.council", ""}, {"offices.supervisors", R"(["sun"])"}}, {"offices.supervisors.0 cooperative.supervisor_holds_office"}},
                 {"two executive supervisors", {{"offices.supervisors", R"(["zhang","li"])"}}, {"offices.supervisors cooperative.supervisor_count"}},
                 {"a board of two", {{"offices.supervision", R"("board")"}, {"offices.supervisors", R"(["zhang","li"])"}}, {}},
                 {"none", {{"offices.supervision", R"("none")"}, {"offices.supervisors", ""}}, {}},
                 {"none, but named", {{"offices.supervision", R"("none")"}}, {"offices.supervisors cooperative.supervisor_count"}}});
}

TEST(Cooperative, EveryFounderSigns) {
    EXPECT_EQ(SignatureMatrix(TypeOf("cooperative"), Filled("cooperative")),
              (std::vector<std::string>{"liu member: articles minutes contributions", "sun member: articles minutes contributions",
                                        "wang member: articles minutes contributions", "zhang member: articles minutes contributions",
                                        "li member: articles minutes", "xu authorised_human 91371324MA0DEM048Y: articles minutes contributions",
                                        "liu legal_representative: application commitment personal_details register", "(liu contact:)"}));
}

TEST(Cooperative, HasTheWordsOfItsLicenceAndPapers) {
    const application::EntityType& type = TypeOf("cooperative");
    const json::object facts = Filled("cooperative");
    const auto wording = type.licence(SeedContext(), facts);
    EXPECT_EQ(wording.type_text, "农民专业合作社");
    EXPECT_EQ(wording.capital_label, "成员出资总额");
    EXPECT_EQ(type.uscc_department, "93");
    EXPECT_NE(TextOfPaper(type, facts, "register").find("成员总数6名，其中农民成员5名"), std::string::npos);
    EXPECT_NE(TextOfPaper(type, facts, "minutes").find("选举孙小麦、王田野为理事"), std::string::npos);
    EXPECT_EQ(TextOfPaper(type, facts, "contributions").find("李长禾"), std::string::npos);
}

}  // namespace
}  // namespace onewindow::entity_types::cooperative
