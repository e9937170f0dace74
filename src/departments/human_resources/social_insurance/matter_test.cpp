// Goal: founders type nothing, as many people are insured as were sent, and small businesses may wait (J20).

#include "application/testing/filled_form.hpp"
#include "exchange/matter.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "departments/human_resources/social_insurance/reasons.hpp"

namespace onewindow::departments::human_resources::social_insurance {
exchange::Matter MakeMatter();
namespace {

application::CaseView OnePersonCompany() {
    application::CaseView view;
    view.the_case.entity_type = "one_person_company";
    view.the_case.county = "370102";
    return view;
}

struct SocialInsurance : ::testing::Test {
    exchange::Matter matter = MakeMatter();
    application::Context context = application::testing::SeedContext();
    application::CaseView view = OnePersonCompany();
    json::object notes;
    exchange::MatterInput input{view, nullptr, context, notes};
};

TEST_F(SocialInsurance, InsuresAsManyAsWereSent) {
    view.facts["employees"] = json::array{json::object{{"name", "周一"}}};
    EXPECT_TRUE(matter.read_result(input, {{"unit_number", "37010200000001"}, {"insured_people", 1}}));
    EXPECT_REFUSED(matter.read_result(input, {{"unit_number", "37010200000001"}, {"insured_people", 0}}),
                   reasons::kInsuredPeople);
    EXPECT_REFUSED(matter.read_result(input, {{"unit_number", ""}, {"insured_people", 1}}), reasons::kUnitNumber);
    EXPECT_REFUSED(matter.read_result(input, {{"unit_number", "3701"}, {"insured_people", 1}, {"x", 1}}),
                   json::reasons::kUnknownField);
}

TEST_F(SocialInsurance, IsDeferredOnlyForSmallBusinessesWithoutEmployees) {
    EXPECT_EQ(matter.applies(input), exchange::Applicability::kRequired);
    view.the_case.entity_type = "individual_business";
    EXPECT_EQ(matter.applies(input), exchange::Applicability::kDeferred);
    view.facts["employees"] = json::array{json::object{}};
    EXPECT_EQ(matter.applies(input), exchange::Applicability::kRequired);
}

}  // namespace
}  // namespace onewindow::departments::human_resources::social_insurance
