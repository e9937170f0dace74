// Goal: who has to enrol, that nothing is typed, what the agency sees, and that its answer is read strictly.

#include "application/testing/filled_form.hpp"
#include "exchange/testing/shown_matter.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "departments/medical_insurance/enrolment/reasons.hpp"

namespace onewindow::departments::medical_insurance::enrolment {
exchange::Matter MakeMatter();
namespace {

using application::testing::Change;
using exchange::Applicability;
using exchange::testing::Json;

struct Shown : exchange::testing::ShownMatter {
    explicit Shown(const std::string& sample, const std::vector<Change>& changes = {})
        : ShownMatter(MakeMatter(), sample, changes) {}
};

TEST(MedicalInsurance, AsksNothingThatIsNotKnown) {
    const Shown shown("one_person_company");
    EXPECT_EQ(forms::CountTypedFields({shown.matter.form.sections}, shown.view.facts), 0);
    EXPECT_EQ(json::TextAt(shown.view.facts, "medical_insurance.handler"),
              json::TextAt(shown.view.facts, "offices.contact"));
    EXPECT_EQ(shown.Faults(), std::vector<std::string>{});
    const Shown chosen("limited_company", {{"medical_insurance.handler", "\"yu\""}});
    EXPECT_EQ(json::TextAt(chosen.view.facts, "medical_insurance.handler"), "yu");
}

TEST(MedicalInsurance, ConcernsEnterprisesAlwaysAndOthersAsEmployers) {
    const auto applies = [](const Shown& shown) { return shown.matter.applies(shown.Input()); };
    const auto may_close = [](const Shown& shown) { return shown.matter.may_close(shown.Input()); };
    const Shown company("one_person_company"), farmers("cooperative"), shop("individual_business");
    const Shown employer("individual_business",
                         {{"employees.+", R"({"name":"纪棠","id_number":"370202199509219688","wage":500000})"}});
    EXPECT_EQ(applies(company), Applicability::kRequired);
    EXPECT_FALSE(may_close(company));
    EXPECT_EQ(applies(farmers), Applicability::kNotApplicable);
    EXPECT_EQ(applies(shop), Applicability::kNotApplicable);
    EXPECT_TRUE(may_close(shop));
    EXPECT_EQ(applies(employer), Applicability::kRequired);
    EXPECT_FALSE(may_close(employer));
}

TEST(MedicalInsurance, TellsTheHandlerAndTheEmployeesOnly) {
    const auto shown = Shown("limited_company").Declared();
    const json::object facts = shown.matter.build_facts(shown.Input());
    const json::array people = shown.matter.build_people(shown.Input());
    EXPECT_EQ(json::IntAt(facts, "employees"), 2);
    EXPECT_NE(json::TextAt(facts, "handler.id_number"), "");
    ASSERT_EQ(people.size(), 2U);
    EXPECT_EQ(json::TextAt(people[0], "name"), "姜晚晴");
    EXPECT_EQ(json::IntAt(people[1], "wage"), 720000);
    // Without employees nobody is told.
    const auto alone = Shown("one_person_company").Declared();
    EXPECT_TRUE(alone.matter.build_people(alone.Input()).empty());
    EXPECT_FALSE(alone.view.facts.contains("investors"));
}

TEST(MedicalInsurance, ReadsTheAnswerStrictly) {
    const Shown shown("limited_company");
    const auto read = [&](std::string_view text) { return shown.matter.read_result(shown.Input(), Json(text)); };
    const auto good = read(R"({"unit_number":"YB3706020000001","insured_people":2})");
    ASSERT_OK(good);
    EXPECT_EQ(good->number, "YB3706020000001");
    EXPECT_EQ(json::IntAt(good->shown, "insured_people"), 2);
    EXPECT_TRUE(good->items.empty());
    EXPECT_REFUSED(read(R"({"unit_number":"YB3706020000001","insured_people":3})"), reasons::kPeople);
    EXPECT_REFUSED(read(R"({"unit_number":"","insured_people":2})"), reasons::kNumber);
    EXPECT_REFUSED(read(R"({"unit_number":"YB3706020000001"})"), json::reasons::kMissingField);
    EXPECT_REFUSED(read(R"({"unit_number":"YB3706020000001","insured_people":"2"})"), json::reasons::kWrongType);
    EXPECT_REFUSED(read(R"({"unit_number":"YB3706020000001","insured_people":2,"x":1})"), json::reasons::kUnknownField);
}

}  // namespace
}  // namespace onewindow::departments::medical_insurance::enrolment
