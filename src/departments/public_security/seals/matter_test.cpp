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

TEST(DecideMaker, TakesDistrictThenLoadThenScoreThenALot) {
    EXPECT_EQ(DecideMaker({{"A", "1", 0, 10, 99}, {"B", "2", 9, 10, 1}}, "2", "s"), "B");
    EXPECT_EQ(DecideMaker({{"A", "1", 4, 10, 99}, {"B", "1", 6, 20, 1}}, "1", "s"), "B");
    EXPECT_EQ(DecideMaker({{"A", "1", 1, 10, 80}, {"B", "1", 2, 20, 90}}, "1", "s"), "B");
    // The order in which equals are listed decides nothing; the seed does, and no id is lucky by itself.
    std::map<std::string, int> lots;
    for (int seed = 0; seed < 200; ++seed) {
        const std::string text = std::to_string(seed);
        const std::string maker = DecideMaker({{"B", "1", 0, 10, 80}, {"A", "1", 0, 10, 80}}, "1", text);
        EXPECT_EQ(DecideMaker({{"A", "1", 0, 10, 80}, {"B", "1", 0, 10, 80}}, "1", text), maker);
        ++lots[maker];
    }
    EXPECT_GT(lots["A"], 70);
    EXPECT_GT(lots["B"], 70);
    EXPECT_EQ(DecideMaker({{"A", "1", 0, 0, 99}}, "1", "s"), "");
}

TEST(DecideMaker, CanBeDecidedAgainFromTheBasis) {
    const std::vector<MakerLoad> makers = {{"A", "1", 4, 10, 99}, {"B", "1", 6, 20, 1}};
    EXPECT_EQ(DecideMaker(ReadBasis(WriteBasis(makers)), "1", "s"), DecideMaker(makers, "1", "s"));
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
