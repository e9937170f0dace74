// Goal: rates within the limits of the city, who takes part, and that deposits and first months are worked out right.

#include "application/testing/filled_form.hpp"
#include "exchange/testing/shown_matter.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "departments/housing_fund/account/reasons.hpp"

namespace onewindow::departments::housing_fund::account {
exchange::Matter MakeMatter();
namespace {

using application::testing::Change;
using exchange::Applicability;
using exchange::testing::Json;

struct Shown : exchange::testing::ShownMatter {
    explicit Shown(const std::string& sample, const std::vector<Change>& changes = {})
        : ShownMatter(MakeMatter(), sample, changes) {}
};

TEST(HousingFund, StartsWithTheLowestRateAndAsksNothing) {
    const Shown shown("one_person_company");
    EXPECT_EQ(forms::CountTypedFields({shown.matter.form.sections}, shown.view.facts), 0);
    const auto rates = shown.context.reference.RateOf("370100", shown.context.today);
    ASSERT_OK(rates);
    EXPECT_EQ(json::IntAt(shown.view.facts, "housing_fund.unit_rate"), rates->housing_min);
    EXPECT_EQ(json::IntAt(shown.view.facts, "housing_fund.person_rate"), rates->housing_min);
    EXPECT_EQ(json::IntAt(shown.view.facts, "housing_fund.pay_day"), 15);
    EXPECT_EQ(shown.Faults(), std::vector<std::string>{});
}

TEST(HousingFund, KeepsRatesWithinTheCitysLimitsInSteps) {
    struct Case {
        std::string rate;
        std::vector<std::string> faults;
    };
    const Case cases[] = {{"500", {}},
                          {"550", {}},
                          {"1200", {}},
                          {"450", {"housing_fund.unit_rate housing_fund.rate"}},
                          {"1250", {"housing_fund.unit_rate housing_fund.rate"}},
                          {"525", {"housing_fund.unit_rate housing_fund.rate_step"}}};
    for (const Case& one : cases) {
        EXPECT_EQ(Shown("one_person_company", {{"housing_fund.unit_rate", one.rate}}).Faults(), one.faults) << one.rate;
    }
    EXPECT_EQ(Shown("one_person_company", {{"housing_fund.pay_day", "32"}}).Faults(),
              std::vector<std::string>{"housing_fund.pay_day forms.too_large"});
}

TEST(HousingFund, IsOptionalForIndividualBusinessesAndCooperatives) {
    const auto applies = [](const Shown& shown) { return shown.matter.applies(shown.Input()); };
    const Shown company("one_person_company"), shop("individual_business"), farmers("cooperative");
    const Shown employer("individual_business",
                         {{"employees.+", R"({"name":"纪棠","id_number":"370202199509219688","wage":500000})"}});
    EXPECT_EQ(applies(company), Applicability::kRequired);
    EXPECT_FALSE(company.matter.may_close(company.Input()));
    EXPECT_EQ(applies(shop), Applicability::kNotApplicable);
    EXPECT_EQ(applies(farmers), Applicability::kNotApplicable);
    EXPECT_EQ(applies(employer), Applicability::kRequired);
    EXPECT_TRUE(employer.matter.may_close(employer.Input()));
}

TEST(HousingFund, WorksOutDepositsInWholeYuanFromTheSecondMonth) {
    const auto people = [](std::string wage, std::string from) {
        const auto shown = Shown("limited_company", {{"employees.0.wage", std::move(wage)},
                                                      {"employees.0.contract_from", std::move(from)},
                                                      {"housing_fund.unit_rate", "750"}})
                                .Declared();
        return shown.matter.build_people(shown.Input());
    };
    const json::array plain = people("723456", "\"2026-12-31\"");
    ASSERT_EQ(plain.size(), 2U);
    EXPECT_EQ(json::IntAt(plain[0], "base"), 723456);
    EXPECT_EQ(json::IntAt(plain[0], "unit_deposit"), 54300);    // 7,234.56 × 7.5 % = 542.592
    EXPECT_EQ(json::IntAt(plain[0], "person_deposit"), 36200);  // × 5 % = 361.728
    EXPECT_EQ(json::TextAt(plain[0], "first_month"), "2027-01");
    // Work never begins before the licence of 23 November.
    EXPECT_EQ(json::TextAt(people("723456", "\"2026-10-01\"")[0], "first_month"), "2026-12");
    EXPECT_EQ(json::IntAt(people("100", "\"2026-12-01\"")[0], "base"), 220000);
    EXPECT_EQ(json::IntAt(people("99000000", "\"2026-12-01\"")[0], "base"), 2610000);
}

TEST(HousingFund, ReadsTheAnswerStrictly) {
    const Shown shown("limited_company");
    const auto read = [&](std::string_view text) { return shown.matter.read_result(shown.Input(), Json(text)); };
    const auto good = read(R"({"unit_account":"GJJ3706020000001","people":2})");
    ASSERT_OK(good);
    EXPECT_EQ(good->number, "GJJ3706020000001");
    EXPECT_REFUSED(read(R"({"unit_account":"GJJ3706020000001","people":1})"), reasons::kPeople);
    EXPECT_REFUSED(read(R"({"unit_account":"G","people":2})"), reasons::kAccount);
    EXPECT_REFUSED(read(R"({"unit_account":"GJJ3706020000001","people":2.5})"), json::reasons::kNotInteger);
    EXPECT_REFUSED(read(R"({"unit_account":"GJJ3706020000001","people":2,"x":1})"), json::reasons::kUnknownField);
}

}  // namespace
}  // namespace onewindow::departments::housing_fund::account
