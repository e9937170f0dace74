// Goal: every kind of business is published, with what the licence shows and nothing else.

#include "application/testing/filled_form.hpp"
#include "exchange/testing/shown_matter.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "departments/registration/publicity/reasons.hpp"

namespace onewindow::departments::registration::publicity {
exchange::Matter MakeMatter();
namespace {

using application::testing::Change;
using exchange::Applicability;
using exchange::testing::Json;

struct Shown : exchange::testing::ShownMatter {
    explicit Shown(const std::string& sample, const std::vector<Change>& changes = {})
        : ShownMatter(MakeMatter(), sample, changes) {}
};

TEST(Publicity, ConcernsEveryBusinessAndSendsNothingOfTheForm) {
    for (const char* sample : {"one_person_company", "individual_business", "cooperative", "branch"}) {
        const auto shown = Shown(sample).Declared();
        EXPECT_EQ(shown.matter.applies(shown.Input()), Applicability::kRequired) << sample;
        EXPECT_TRUE(shown.view.facts.empty());
        EXPECT_TRUE(shown.matter.build_people(shown.Input()).empty());
        EXPECT_EQ(json::TextAt(shown.matter.build_facts(shown.Input()), "registered_by"), shown.view.the_case.authority);
    }
}

TEST(Publicity, ReadsTheAnswerStrictly) {
    const Shown shown("branch");
    const auto read = [&](std::string_view text) { return shown.matter.read_result(shown.Input(), Json(text)); };
    const auto good = read(R"({"receipt":"GS3717210000001"})");
    ASSERT_OK(good);
    EXPECT_EQ(good->number, "GS3717210000001");
    EXPECT_REFUSED(read(R"({"receipt":""})"), reasons::kReceipt);
    EXPECT_REFUSED(read(R"({})"), json::reasons::kMissingField);
    EXPECT_REFUSED(read(R"({"receipt":"GS1","more":true})"), json::reasons::kUnknownField);
}

}  // namespace
}  // namespace onewindow::departments::registration::publicity
