// Goal: who may be general, limited and executive partner, and with what (合伙企业法), by table for both kinds.

#include "application/testing/filled_form.hpp"

namespace onewindow::entity_types::partnership {
namespace {

using namespace application::testing;

TEST(Partnership, ChecksGeneralOnes) {
    ExpectRules("partnership_general",
                {{"as it is, with labour", {}, {}},
                 {"one partner", {{"investors", R"([{"holder":"kong","amount":30000000}])"}}, {"investors forms.too_few_rows"}},
                 {"one with limited liability", {{"investors.1.liability", R"("limited")"}}, {"investors partnership.limited_in_general"}},
                 {"a partner of sixteen", {{"people.0.id_number", R"("370811201002029518")"}}, {"investors.0.holder partnership.partner_minor"}},
                 {"named as limited", {{"name.full", R"("济宁砚川企业管理咨询中心（有限合伙）")"}}, {"name.full partnership.name_kind"}},
                 {"sums differ", {{"capital.amount", "1"}}, {"capital.amount application.capital_mismatch"}},
                 {"a delegate of a human", {{"investors.0.delegate", R"("yan")"}}, {"investors.0.delegate partnership.delegate_of_person"}},
                 {"a partner from abroad", {{"people.1.id_type", R"("passport")"}, {"people.1.id_number", R"("E12345678")"}, {"people.1.birth_date", R"("1982-06-11")"}},
                  {"investors.1.holder application.foreign_investor"}},
                 {"a term without years", {{"term", R"({"kind":"years"})"}}, {"term.years forms.missing"}}});
}

TEST(Partnership, ChecksLimitedOnes) {
    const std::string all_limited = R"([{"holder":"bi","amount":250000000,"liability":"limited"},{"holder":"ju","amount":250000000,"liability":"limited"}])";
    const std::string all_general = R"([{"holder":"bi","amount":250000000,"liability":"unlimited"},{"holder":"ju","amount":250000000,"liability":"unlimited"}])";
    ExpectRules("partnership_limited",
                {{"as it is", {}, {}},
                 // Nobody executes, so nobody is contact by default.
                 {"no general partner",
                  {{"investors", all_limited}, {"offices", R"({"finance":"bi","contact":"bi"})"}},
                  {"investors partnership.no_general_partner"}},
                 {"no limited partner", {{"investors", all_general}}, {"investors partnership.no_limited_partner"}},
                 {"liability not said", {{"investors.1.liability", ""}}, {"investors.1.liability forms.missing"}},
                 {"labour of a limited one", {{"investors.1.method", R"("labour")"}}, {"investors.1.method partnership.labour_of_limited"}},
                 {"labour of the general one", {{"investors.0.method", R"("labour")"}}, {}},
                 {"a limited one executes", {{"investors.1.executive", "true"}}, {"investors.1.executive partnership.limited_executes"}},
                 {"state-owned and general", {{"organisations.0.kind", R"("state_owned")"}}, {"investors.0.holder partnership.barred_general_partner"}},
                 {"listed and general", {{"organisations.0.kind", R"("listed_company")"}}, {"investors.0.holder partnership.barred_general_partner"}},
                 {"for the public benefit and general", {{"organisations.0.kind", R"("social_organisation")"}}, {"investors.0.holder partnership.barred_general_partner"}},
                 {"a partnership as general partner", {{"organisations.0.kind", R"("partnership")"}}, {}},
                 {"no delegate: the one who signs for it", {{"investors.0.executive", "true"}, {"investors.0.delegate", R"("")"}}, {}},
                 {"named as general", {{"name.full", R"("威海澜石信息咨询合伙企业（普通合伙）")"}}, {"name.full partnership.name_kind"}},
                 {"exempt although an organisation is partner", {{"beneficial_owners", R"({"exempt":true})"}},
                  {"beneficial_owners.exempt application.beneficial_owner_not_exempt"}}});
}

TEST(Partnership, FiftyPartnersAtMostInALimitedOne) {
    json::object facts = LoadSample("partnership_limited").at("facts").as_object();
    json::array& rows = facts.at("investors").as_array();
    // The faults of holders whom nobody knows are not looked at here.
    for (std::size_t i = rows.size(); i < 51; ++i) rows.push_back(json::object{{"holder", "x" + std::to_string(i)}, {"amount", 1}, {"liability", "limited"}});
    const auto faults = FaultsOf(TypeOf("partnership"), facts);
    EXPECT_NE(std::find(faults.begin(), faults.end(), "investors partnership.too_many_partners"), faults.end());
    rows.pop_back();
    const auto fewer = FaultsOf(TypeOf("partnership"), facts);
    EXPECT_EQ(std::find(fewer.begin(), fewer.end(), "investors partnership.too_many_partners"), fewer.end());
}

TEST(Partnership, EverybodySignsTheAgreement) {
    const application::EntityType& type = TypeOf("partnership");
    EXPECT_EQ(SignatureMatrix(type, Filled("partnership_general")),
              (std::vector<std::string>{"kong partner: application agreement delegation", "kong executive_partner: application commitment personal_details",
                                        "yan partner: application agreement delegation", "zeng partner: application agreement delegation", "(zeng contact:)"}));
    EXPECT_EQ(SignatureMatrix(type, Filled("partnership_limited")),
              (std::vector<std::string>{"cong authorised_human 91371002MA0DEM03XK: application agreement delegation",
                                        "cong delegated_representative 91371002MA0DEM03XK: application commitment personal_details",
                                        "bi partner: application agreement delegation", "ju partner: application agreement delegation", "(cong contact:)"}));
}

TEST(Partnership, WithoutAChoiceEveryGeneralPartnerExecutes) {
    const json::object facts = Filled("partnership_general", {{"investors.0.executive", ""}});
    EXPECT_EQ(TypeOf("partnership").licence(SeedContext(), facts).person, "孔砚、颜川、曾诺");
    EXPECT_EQ(application::HeadOf(facts), "kong");
}

TEST(Partnership, HasTheWordsOfItsLicence) {
    const auto wording = TypeOf("partnership").licence(SeedContext(), Filled("partnership_limited"));
    EXPECT_EQ(wording.type_text, "有限合伙企业");
    EXPECT_EQ(wording.person_label, "执行事务合伙人");
    EXPECT_EQ(wording.person, "威海澜石企业管理有限公司（委派代表：丛澜）");
    EXPECT_EQ(wording.place_label, "主要经营场所");
    EXPECT_EQ(TypeOf("partnership").licence(SeedContext(), Filled("partnership_general")).type_text, "普通合伙企业");
}

TEST(Partnership, WritesWhatTheLawWantsInTheAgreement) {
    const std::string general = TextOfPaper(TypeOf("partnership"), Filled("partnership_general"), "agreement");
    EXPECT_NE(general.find("曾诺，住所：山东省济宁市嘉祥县示例街 4 号，普通合伙人，对合伙企业债务承担无限连带责任，认缴出资5万元，出资方式：劳务（评估作价由全体合伙人协商确定）"),
              std::string::npos);
    EXPECT_NE(general.find("合伙期限：20年"), std::string::npos);
    EXPECT_EQ(general.find("特别约定"), std::string::npos);
    EXPECT_NE(TextOfPaper(TypeOf("partnership"), Filled("partnership_limited"), "agreement").find("有限合伙的特别约定"), std::string::npos);
}

}  // namespace
}  // namespace onewindow::entity_types::partnership
