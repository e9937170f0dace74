// Goal: authorities hear of licensed items only, each with its permit and an approval that was given.

#include "application/testing/filled_form.hpp"
#include "exchange/matter.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "departments/registration/licence_notice/reasons.hpp"

namespace onewindow::departments::registration::licence_notice {
exchange::Matter MakeMatter();
namespace {

using application::testing::Change;
using exchange::Applicability;

/// A sample's case as the engine shows it, with this matter's part of the form filled in.
struct Shown {
    exchange::Matter matter = MakeMatter();
    application::Context context = application::testing::SeedContext();
    application::CaseView view;
    licence::LicenceFacts licence;
    json::object notes;

    explicit Shown(const std::string& sample, const std::vector<Change>& changes = {}) {
        const json::object document = application::testing::LoadSample(sample);
        view.the_case.entity_type = json::TextAt(document, "entity_type");
        view.the_case.county = json::TextAt(document, "county");
        view.the_case.authority = view.the_case.county;
        view.facts = application::testing::Filled(sample, changes);
        const forms::Form form{matter.form.sections};
        forms::FillDefaults(form, view.facts);
        if (matter.form.derive) matter.form.derive(context, view.facts);
        forms::FillDefaults(form, view.facts);
        licence.established = context.today;
    }
    exchange::MatterInput Input() const {
        return {.view = view, .licence = &licence, .context = context, .notes = notes};
    }
    /// As the message is built: only what is declared.
    Shown Declared() const {
        Shown out = *this;
        out.view.facts = forms::Pick(view.facts, matter.fact_paths);
        return out;
    }
    /// "field code" of every fault of this matter's part of the form.
    std::vector<std::string> Faults() const {
        json::object part;
        for (const auto& section : matter.form.sections) part[section.id] = view.facts.at(section.id);
        part["people"] = view.facts.at("people");
        const auto known = [](std::string_view list, std::string_view code) {
            return application::testing::Seed().Knows(list, code);
        };
        forms::Form form{matter.form.sections};
        form.sections.push_back({.id = "people", .fields = {}, .repeats = true, .rows_max = 50});
        std::vector<Fault> faults = forms::Validate(form, part, {known, context.today}, true);
        // The rows of people are the application's to check; they are here for the references to them.
        std::erase_if(faults, [](const Fault& fault) { return fault.field.starts_with("people"); });
        if (faults.empty() && matter.form.check) matter.form.check(context, view.facts, faults);
        std::vector<std::string> out;
        for (const Fault& fault : faults) out.push_back(fault.field + " " + std::string(fault.code()));
        return out;
    }
};

json::object Json(std::string_view text) { return json::Parse(text).value().as_object(); }

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
    const Shown shown = Shown("one_person_company",
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
