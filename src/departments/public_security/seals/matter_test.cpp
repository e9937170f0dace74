// Goal: the fair rule, and that only the ordered seals by the ordered maker are taken.

#include "application/testing/filled_form.hpp"
#include "departments/public_security/seals/dispatch.hpp"
#include "departments/public_security/seals/reasons.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::departments::public_security::seals {
exchange::Matter MakeMatter();
namespace {

application::CaseView OnePersonCompany() {
    application::CaseView view;
    view.the_case.entity_type = "one_person_company";
    view.the_case.county = "370102";
    return view;
}

TEST(DecideMaker, TakesDistrictThenLoadThenScoreThenId) {
    EXPECT_EQ(DecideMaker({{"A", "1", 0, 10, 99}, {"B", "2", 9, 10, 1}}, "2"), "B");
    EXPECT_EQ(DecideMaker({{"A", "1", 4, 10, 99}, {"B", "1", 6, 20, 1}}, "1"), "B");
    EXPECT_EQ(DecideMaker({{"A", "1", 1, 10, 80}, {"B", "1", 2, 20, 90}}, "1"), "B");
    EXPECT_EQ(DecideMaker({{"B", "1", 0, 10, 80}, {"A", "1", 0, 10, 80}}, "1"), "A");
    EXPECT_EQ(DecideMaker({{"A", "1", 0, 0, 99}}, "1"), "");
}

TEST(DecideMaker, CanBeDecidedAgainFromTheBasis) {
    const std::vector<MakerLoad> makers = {{"A", "1", 4, 10, 99}, {"B", "1", 6, 20, 1}};
    EXPECT_EQ(DecideMaker(ReadBasis(WriteBasis(makers)), "1"), DecideMaker(makers, "1"));
}

TEST(Seals, TakesOnlyTheOrderedSealsOfTheOrderedMaker) {
    const exchange::Matter matter = MakeMatter();
    const application::Context context = application::testing::SeedContext();
    const application::CaseView view = OnePersonCompany();
    const json::object notes{{"maker", "M3701001"}};
    const exchange::MatterInput input{view, nullptr, context, notes};
    json::array made;
    int next = 1;
    for (const char* kind : {"company", "finance", "invoice", "person"}) {
        const std::string number = reference::MakeSealNumber("370102", next++).value();
        made.push_back(json::object{{"kind", kind}, {"number", number}, {"imprint_sm3", std::string(64, 'a')}});
    }
    json::object answer{{"maker", "M3701001"}, {"seals", made}, {"filing_number", "37010200000001"}};
    const auto read = matter.read_result(input, answer);
    ASSERT_OK(read);
    EXPECT_EQ(read->items.size(), matter.expected_items(input).size());
    EXPECT_EQ(read->items.front().kind, "seal_company");
    answer["maker"] = "M3701002";
    EXPECT_REFUSED(matter.read_result(input, answer), reasons::kMaker);
    answer["seals"].as_array()[1].as_object()["number"] = made[0].at("number");
    EXPECT_REFUSED(matter.read_result(input, answer), reasons::kNumberTwice);
    answer["seals"].as_array().pop_back();
    EXPECT_REFUSED(matter.read_result(input, answer), reasons::kKinds);
}

}  // namespace
}  // namespace onewindow::departments::public_security::seals
