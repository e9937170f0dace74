// Goal: the suite that every matter must pass; adding a folder under departments/ is enough to be exercised.

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "exchange/exchange.hpp"
#include "exchange/testing/exchange_world.hpp"
#include "exchange/testing/exercise_matter.hpp"
#include "kernel/embedded.hpp"

namespace onewindow::exchange {
namespace {

messages::Messages AllTexts() {
    const auto files = embedded::AllMessages();
    return messages::Messages::Load(files).value();
}

void ExpectText(const messages::Messages& texts, const std::string& key) {
    EXPECT_TRUE(texts.Has(key, messages::Language::kChinese)) << key;
    EXPECT_TRUE(texts.Has(key, messages::Language::kEnglish)) << key;
}

void CheckTexts(const Matter& matter, const messages::Messages& texts) {
    const std::string prefix = TextPrefix(matter);
    ExpectText(texts, prefix + ".title");
    for (const Step& step : matter.steps) ExpectText(texts, prefix + ".step." + step.id);
    for (const Step& step : matter.late_steps) ExpectText(texts, prefix + ".step." + step.id);
    for (const auto& [code, article] : matter.reason_codes) {
        ExpectText(texts, prefix + ".reason." + code);
        EXPECT_FALSE(article.empty()) << matter.id << " " << code << ": a reason without its source";
    }
    for (const forms::Section& section : matter.form.sections) {
        ExpectText(texts, "form." + section.id + ".title");
        for (const forms::Field& field : section.fields) {
            const std::string key = "form." + section.id + "." + field.id;
            ExpectText(texts, key + ".label");
            for (const std::string& option : field.options) ExpectText(texts, key + "." + option);
        }
    }
}

void CheckPrerequisites(const Matter& matter, const std::vector<Matter>& all) {
    EXPECT_FALSE(matter.starts_after.empty());
    for (const std::string& what : matter.starts_after) {
        if (what == "submission" || what == "licence" || what == "kit") continue;
        const std::size_t colon = what.find(':');
        const auto found = std::find_if(all.begin(), all.end(), [&](const Matter& other) { return other.id == what.substr(0, colon); });
        ASSERT_NE(found, all.end()) << matter.id << " waits for ever for " << what;
        if (colon == std::string::npos) continue;
        const bool known = std::any_of(found->steps.begin(), found->steps.end(),
                                       [&](const Step& step) { return step.id == what.substr(colon + 1); });
        EXPECT_TRUE(known) << matter.id << " waits for ever for " << what;
    }
}

void CheckResults(const Matter& matter) {
    application::CaseView view;
    view.the_case.entity_type = "one_person_company";
    view.the_case.county = "370102";
    licence::LicenceFacts licence;
    licence.uscc = "91370102MA00000000";
    const auto snapshot = reference::SeedSnapshot();
    const Instant now = At(Date{std::chrono::year{2026} / 11 / 23}, std::chrono::hours{9});
    const application::Context context{*snapshot, now, DateOf(now)};
    const json::object notes;
    const MatterInput input{view, &licence, context, notes};
    EXPECT_FALSE(matter.read_result(input, {}).has_value()) << matter.id << " takes an empty result";
    EXPECT_FALSE(matter.read_result(input, {{"unheard_of", 1}}).has_value()) << matter.id << " takes unknown fields";
    for (const std::vector<Step>& steps : {matter.steps, matter.late_steps}) {
        for (const Step& step : steps) {
            ASSERT_TRUE(matter.read_step) << matter.id;
            EXPECT_FALSE(matter.read_step(input, step.id, {{"unheard_of", 1}}).has_value()) << matter.id << " " << step.id;
        }
    }
    if (matter.silence.minutes > 0) {
        EXPECT_TRUE(matter.silence.act);
        EXPECT_TRUE(std::any_of(matter.steps.begin(), matter.steps.end(),
                                [&](const Step& step) { return step.id == matter.silence.step; }));
    }
}

}  // namespace

void ExerciseMatter(const Matter& matter, const std::vector<Matter>& all, const messages::Messages& texts) {
    SCOPED_TRACE(matter.id);
    const std::size_t slash = matter.id.find('/');
    ASSERT_NE(slash, std::string::npos);
    EXPECT_EQ(matter.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz_/"), std::string::npos);
    EXPECT_EQ(std::count_if(all.begin(), all.end(), [&](const Matter& other) { return other.id == matter.id; }), 1);
    EXPECT_FALSE(matter.agency.empty());
    EXPECT_TRUE(matter.stage >= 0 && matter.stage <= 2);
    ASSERT_TRUE(matter.applies && matter.build_facts && matter.build_people && matter.read_result);
    static const std::set<std::string> kLicenceFields = {"uscc", "name", "type", "person", "capital", "address", "scope", "date", "certificate"};
    for (const std::string& field : matter.licence_fields) EXPECT_TRUE(kLicenceFields.contains(field)) << field;
    if (!matter.limit.empty()) {
        EXPECT_NE(reference::SeedSnapshot()->LimitOf(matter.limit), nullptr) << matter.limit;
    }
    std::set<std::string> steps;
    for (const std::vector<Step>& list : {matter.steps, matter.late_steps}) {
        for (const Step& step : list) {
            EXPECT_TRUE(steps.insert(step.id).second) << step.id;
            EXPECT_TRUE(step.holder_after == "agency" || step.holder_after == "performer") << step.holder_after;
        }
    }
    CheckPrerequisites(matter, all);
    CheckTexts(matter, texts);
    CheckResults(matter);
}

namespace {

TEST(Matters, KeepWhatTheEngineRestsOn) {
    const std::vector<Matter> all = embedded::AllMatters();
    ASSERT_FALSE(all.empty());
    const messages::Messages texts = AllTexts();
    for (const Matter& matter : all) ExerciseMatter(matter, all, texts);
}

TEST(Matters, HaveKindsOfEventsOfTheirOwn) {
    progress::EventKinds kinds;
    RegisterEvents(kinds, embedded::AllMatters());  // Asserts that no kind is registered twice.
    const messages::Messages texts = AllTexts();
    for (const std::string& kind : kinds.Names()) ExpectText(texts, "event." + kind);
}

}  // namespace
}  // namespace onewindow::exchange
