// Goal: what belongs to a kit, where each thing goes, what a code alone opens, why a policy fits.
// No database.

#include "handover/kit.hpp"

#include <gtest/gtest.h>

#include "application/testing/filled_form.hpp"
#include "handover/policy_pack.hpp"

namespace onewindow::handover {
namespace {

using application::testing::Filled;
using application::testing::Seed;
using Kinds = std::vector<std::string>;
using reference::InvoiceMode;

TEST(KitRecipe, FollowsTypeSealsAndInvoiceMode) {
    const Kinds paper_free{"licence_original", "licence_duplicate", "seal_company", "seal_finance",
                           "seal_invoice",     "seal_person",       "policy_pack"};
    EXPECT_EQ(RecipeOf({}), paper_free);
    EXPECT_EQ(RecipeOf({.invoices = InvoiceMode::kTaxControl}), ItemKinds());
    EXPECT_EQ(RecipeOf({.seals_taken = false}),
              (Kinds{"licence_original", "licence_duplicate", "policy_pack"}));
    const Kinds without_name_seal = RecipeOf({.name_seal = false});
    EXPECT_EQ(std::count(without_name_seal.begin(), without_name_seal.end(), "seal_person"), 0);
    EXPECT_EQ(without_name_seal.size(), paper_free.size() - 1);
}

TEST(KitWays, SealsMayGoAnotherWayThanTheLicence) {
    const Halls halls{.chosen = "H370200", .own = "H370102"};
    struct Case {
        const char *collect, *seals, *licence_to, *licence_hall, *seal_to, *seal_hall;
    };
    const Case cases[] = {
        {"hall", "with_licence", "hall:H370200", "H370200", "hall:H370200", "H370200"},
        {"hall", "post", "hall:H370200", "H370200", "post", "H370102"},
        {"post", "with_licence", "post", "H370102", "post", "H370102"},
        {"post", "post", "post", "H370102", "post", "H370102"},
    };
    for (const auto& [collect, seals, licence_to, licence_hall, seal_to, seal_hall] : cases) {
        const json::object facts{
            {"delivery", json::object{{"collect", collect}, {"seals", seals}}}};
        const Way licence = WayOf(facts, halls, "licence_original"),
                  seal = WayOf(facts, halls, "seal_company");
        EXPECT_EQ(licence.destination, licence_to);
        EXPECT_EQ(licence.hall, licence_hall);
        EXPECT_EQ(seal.destination, seal_to);
        EXPECT_EQ(seal.hall, seal_hall);
    }
}

TEST(KitWays, DefaultToTheHallOfTheAuthority) {
    application::Case the_case;
    the_case.authority = "370102";
    the_case.county = "370102";
    const auto hall_for = [&](const char* wanted) {
        return HallsOf(Seed(), the_case, {{"delivery", json::object{{"hall", wanted}}}}).value();
    };
    EXPECT_EQ(hall_for("H370200").chosen, "H370200");
    EXPECT_EQ(hall_for("H370200").own, "H370102");
    EXPECT_EQ(hall_for("").chosen, "H370102");
    EXPECT_EQ(hall_for("H999999").chosen, "H370102");
}

TEST(KitRules, OnlyThePolicyPackIsHarmless) {
    for (const std::string& kind : ItemKinds())
        EXPECT_EQ(IsHarmless(kind), kind == "policy_pack") << kind;
}

TEST(KitRules, DeliveredMeansAtItsWindowOrGone) {
    const auto delivered = [](const char* state, const char* destination) {
        return IsDelivered({.kind = "invoices",
                            .number = "",
                            .state = state,
                            .place = "",
                            .holder = "",
                            .destination = destination});
    };
    for (const char* state : {"expected", "made", "lost", "returned"}) {
        EXPECT_FALSE(delivered(state, "hall:H370102")) << state;
        EXPECT_FALSE(delivered(state, "post")) << state;
    }
    EXPECT_TRUE(delivered("at_window", "hall:H370102"));
    EXPECT_FALSE(delivered("at_window", "post"));  // The courier has not taken it.
    EXPECT_TRUE(delivered("handed_over", "post"));
}

TEST(KitRules, PickUpCodesAreReadAsPeopleTypeThem) {
    EXPECT_EQ(NormalisePickUpCode(" k7-3 mx9 "), "K73MX9");
    EXPECT_EQ(NormalisePickUpCode("Ｋ７３ＭＸ９"), "K73MX9");
    EXPECT_EQ(NormalisePickUpCode(""), "");
}

application::CaseView ViewOf(const std::string& sample,
                             const std::vector<application::testing::Change>& changes = {}) {
    application::CaseView view;
    view.the_case.entity_type = sample;
    view.the_case.county = "370102";
    view.facts = Filled(sample, changes);
    return view;
}

Kinds Fitting(const application::CaseView& view) {
    Kinds ids;
    for (const reference::Policy* policy :
         Seed().Policies(PolicyFactsOf(Seed(), view, application::testing::kToday))) {
        ids.push_back(policy->id);
    }
    return ids;
}

bool Has(const Kinds& ids, std::string_view id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

TEST(PolicyPack, IsChosenByTypeIndustryGroupPlaceAndSize) {
    const Kinds software = Fitting(ViewOf("one_person_company"));
    EXPECT_TRUE(Has(software, "small_profit"));
    EXPECT_TRUE(Has(software, "software_vat"));  // 65: the sample makes software.
    EXPECT_TRUE(Has(software, "free_kit"));
    EXPECT_FALSE(Has(software, "individual_income"));
    EXPECT_FALSE(Has(software, "farming_income"));
    EXPECT_FALSE(Has(software, "start_loan"));
    EXPECT_TRUE(Has(Fitting(ViewOf("one_person_company", {{"founder.group", R"("graduate")"}})),
                    "start_loan"));
    const Kinds shop = Fitting(ViewOf("individual_business"));
    EXPECT_TRUE(Has(shop, "individual_income"));
    EXPECT_FALSE(Has(shop, "small_profit"));
}

TEST(PolicyPack, SizeIsEstimatedByEmployees) {
    application::CaseView view = ViewOf("one_person_company");
    const auto size_with = [&](int employees) {
        json::array rows;
        for (int i = 0; i < employees; ++i) rows.push_back(json::object{{"name", "某"}});
        view.facts["employees"] = rows;
        return PolicyFactsOf(Seed(), view, application::testing::kToday).size;
    };
    EXPECT_EQ(size_with(0), "micro");
    EXPECT_EQ(size_with(9), "micro");
    EXPECT_EQ(size_with(10), "small");
    EXPECT_EQ(size_with(99), "small");
    EXPECT_EQ(size_with(100), "medium");
    EXPECT_EQ(size_with(300), "large");
}

TEST(PolicyPack, SaysWhy) {
    reference::Policy policy;
    reference::PolicyFacts facts{.entity_type = "individual_business",
                                 .industry = "6513",
                                 .division = "370102",
                                 .size = "micro",
                                 .founder_groups = {"veteran"},
                                 .today = application::testing::kToday};
    EXPECT_EQ(WhyOf(policy, facts), (std::vector<PolicyWhy>{{"everybody", ""}}));
    policy.entity_types = {"individual_business"};
    policy.industries = {"65"};
    policy.founder_groups = {"graduate", "veteran"};
    policy.regions = {"370000", "370200"};
    policy.sizes = {"micro", "small"};
    EXPECT_EQ(WhyOf(policy, facts), (std::vector<PolicyWhy>{{"entity_type", "individual_business"},
                                                            {"industry", "6513"},
                                                            {"founder_group", "veteran"},
                                                            {"region", "370000"},
                                                            {"size", "micro"}}));
}

}  // namespace
}  // namespace onewindow::handover
