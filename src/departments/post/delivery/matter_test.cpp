// Goal: the courier is called only where something is posted, and sees no more than it needs.

#include "application/testing/filled_form.hpp"
#include "exchange/testing/shown_matter.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "departments/post/delivery/reasons.hpp"

namespace onewindow::departments::post::delivery {
exchange::Matter MakeMatter();
namespace {

using application::testing::Change;
using exchange::Applicability;
using exchange::testing::Json;

struct Shown : exchange::testing::ShownMatter {
    explicit Shown(const std::string& sample, const std::vector<Change>& changes = {})
        : ShownMatter(MakeMatter(), sample, changes) {}
};

const std::vector<Change> kPosted = {{"delivery.collect", "\"post\""},
                                     {"delivery.post_address", "\"山东省济南市历下区样本路1号\""}};

TEST(PostDelivery, ConcernsOnlyWhatIsPosted) {
    const Shown hall("one_person_company"), kit("one_person_company", kPosted), seals("branch");
    EXPECT_EQ(hall.matter.applies(hall.Input()), Applicability::kNotApplicable);
    EXPECT_EQ(kit.matter.applies(kit.Input()), Applicability::kRequired);
    EXPECT_EQ(seals.matter.applies(seals.Input()), Applicability::kRequired);
}

TEST(PostDelivery, NeedsAReceiverWhoCanBeCalled) {
    std::vector<Fault> faults;
    const Shown kit("one_person_company", kPosted);
    kit.matter.form.check(kit.context, kit.view.facts, faults);
    EXPECT_TRUE(faults.empty());
    std::vector<Change> nobody = kPosted;
    nobody.push_back({"delivery.receiver", "\"nobody\""});
    const Shown lost("one_person_company", nobody);
    lost.matter.form.check(lost.context, lost.view.facts, faults);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].code(), reasons::kReceiver.code);
}

TEST(PostDelivery, TellsTheCourierNoIdentityNumber) {
    const auto shown = Shown("branch").Declared();
    const json::object facts = shown.matter.build_facts(shown.Input());
    const json::array people = shown.matter.build_people(shown.Input());
    EXPECT_EQ(json::TextAt(facts, "contents"), "seals");
    EXPECT_EQ(json::TextAt(facts, "to_address"), "山东省菏泽市曹县示例大道 9 号云仓园区 2 号库");
    EXPECT_EQ(json::TextAt(facts, "from.hall"), "H371721");
    ASSERT_EQ(people.size(), 1U);
    EXPECT_NE(json::TextAt(people[0], "mobile"), "");
    EXPECT_EQ(json::Text(people).find("id_number"), std::string::npos);
    EXPECT_TRUE(shown.matter.licence_fields.empty());
}

TEST(PostDelivery, ReadsTheAnswerStrictly) {
    const Shown shown("branch");
    const auto read = [&](std::string_view text) { return shown.matter.read_result(shown.Input(), Json(text)); };
    const auto good = read(R"({"tracking_number":"EMS3717210000001","accepted_at":"2026-11-23T10:00:00+08:00"})");
    ASSERT_OK(good);
    EXPECT_EQ(good->number, "EMS3717210000001");
    EXPECT_EQ(json::TextAt(good->shown, "accepted_at"), "2026-11-23T10:00:00+08:00");
    EXPECT_REFUSED(read(R"({"tracking_number":"<b>","accepted_at":"2026-11-23T10:00:00+08:00"})"), reasons::kTracking);
    EXPECT_REFUSED(read(R"({"tracking_number":"EMS3717210000001","accepted_at":"today"})"), json::reasons::kWrongType);
    EXPECT_REFUSED(read(R"({"tracking_number":"EMS3717210000001"})"), json::reasons::kMissingField);
}

}  // namespace
}  // namespace onewindow::departments::post::delivery
