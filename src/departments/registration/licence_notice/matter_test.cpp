// Goal: authorities hear of licensed items only, each with its permit and an approval that was given.

#include "application/testing/filled_form.hpp"
#include "exchange/testing/shown_matter.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "departments/registration/licence_notice/reasons.hpp"

namespace onewindow::departments::registration::licence_notice {
exchange::Matter MakeMatter();
namespace {

using application::testing::Change;
using exchange::Applicability;
using exchange::testing::Json;

struct Shown : exchange::testing::ShownMatter {
    explicit Shown(const std::string& sample, const std::vector<Change>& changes = {})
        : ShownMatter(MakeMatter(), sample, changes) {}
};

std::string LicensedItem() {
    for (const auto* item : application::testing::Seed().SearchScope("食品", 50)) {
        if (item->licensed) return item->id;
    }
    ADD_FAILURE() << "no licensed item";
    return "";
}

TEST(LicenceNotice, ConcernsOnlyLicensedItems) {
    const Shown software("one_person_company"), eatery("individual_business");
    EXPECT_EQ(software.matter.applies(software.Input()), Applicability::kNotApplicable);
    EXPECT_EQ(eatery.matter.applies(eatery.Input()), Applicability::kRequired);
}

TEST(LicenceNotice, ListsItemsWithPermitAndApproval) {
    const std::string id = LicensedItem();
    const auto shown = Shown("one_person_company",
                              {{"scope.items.+", "\"" + id + "\""},
                               {"approvals.+", R"({"item":")" + id + R"(","number":"样本许〔2026〕1号","date":"2026-11-01"})"}})
                            .Declared();
    const json::object facts = shown.matter.build_facts(shown.Input());
    const json::array& items = facts.at("items").as_array();
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(json::TextAt(items[0], "id"), id);
    EXPECT_NE(json::TextAt(items[0], "permit"), "");
    EXPECT_EQ(json::TextAt(items[0], "approval"), "样本许〔2026〕1号");
    EXPECT_TRUE(shown.matter.build_people(shown.Input()).empty());
}

TEST(LicenceNotice, ReadsTheAnswerStrictly) {
    const Shown shown("individual_business");
    const auto read = [&](std::string_view text) { return shown.matter.read_result(shown.Input(), Json(text)); };
    const auto good = read(R"({"receipt":"GS3703040000001"})");
    ASSERT_OK(good);
    EXPECT_EQ(good->number, "GS3703040000001");
    EXPECT_REFUSED(read(R"({"receipt":""})"), reasons::kReceipt);
    EXPECT_REFUSED(read(R"({"receipt":7})"), json::reasons::kWrongType);
}

}  // namespace
}  // namespace onewindow::departments::registration::licence_notice
