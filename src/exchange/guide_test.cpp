// Goal: the worked example of docs/agencies.md is what the engine writes, reads and verifies, byte by byte.

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "exchange/testing/exchange_world.hpp"

namespace onewindow::exchange {
namespace {

std::string Guide() {
    std::ifstream file(std::string(ONEWINDOW_SOURCE_DIR) + "/docs/agencies.md");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The fenced block that opens with "```<mark>".
std::string Block(const std::string& guide, const std::string& mark) {
    const std::size_t start = guide.find("```" + mark + "\n");
    EXPECT_NE(start, std::string::npos) << mark;
    const std::size_t from = start + 4 + mark.size();
    return guide.substr(from, guide.find("\n```", from) - from);
}

json::value Json(const std::string& guide, const std::string& mark) {
    auto parsed = json::Parse(Block(guide, "json " + mark));
    EXPECT_TRUE(parsed) << mark << ": " << parsed.error().Describe();
    return parsed ? *std::move(parsed) : json::value{};
}

Track GuideTrack() {
    Track track;
    track.state = TrackState::kReceived;
    track.case_number = "370102202611230000017";
    track.matter = "market/lemonade_stand";
    track.version = 1;
    track.delivery = "01JDELIVERY000000000000001";
    track.steps_done = 2;
    return track;
}

std::string WrittenMessage() {
    application::CaseView view;
    view.the_case.authority = "370102";
    view.the_case.policy_version = "p-1";
    view.facts = {{"lemonade", {{"cups", 7}}}, {"people", json::array{json::object{{"name", "周岚"}, {"mobile", "13800000000"}}}}};
    licence::LicenceFacts licence;
    licence.uscc = "91370102MA00000000";
    licence.name = "济南岚溪信息技术有限公司";
    const auto snapshot = reference::SeedSnapshot();
    const application::Context context{*snapshot, {}, {}};
    const json::object notes;
    return WriteEnvelope(LemonadeStand(), GuideTrack(), {view, &licence, context, notes}, *ParseInstant("2026-11-23T09:05"),
                         *ParseInstant("2026-11-23T11:05"));
}

TEST(Guide, ShowsTheMessageAsItIsWritten) {
    EXPECT_EQ(json::Canonical(Json(Guide(), "message")), WrittenMessage());
}

TEST(Guide, ShowsAnswersAsTheyAreRead) {
    const std::string guide = Guide();
    const auto answer = json::Read<AnswerMessage>(Json(guide, "answer"));
    ASSERT_TRUE(answer) << answer.error().Describe();
    const auto verdict = DecideAnswer(LemonadeStand(), GuideTrack(), *answer, std::nullopt);
    ASSERT_TRUE(verdict) << verdict.error().Describe();
    EXPECT_EQ(*verdict, Verdict::kTake);
    const auto page = json::Read<RegisterPage>(Json(guide, "register"));
    ASSERT_TRUE(page) << page.error().Describe();
    EXPECT_EQ(page->entries.at(0).payload_sm3, crypto::Hex(crypto::Sm3(WrittenMessage())));
}

TEST(Guide, ShowsASignatureThatVerifies) {
    const std::string guide = Guide();
    const std::string body = json::Canonical(Json(guide, "answer"));
    const Instant now = *ParseInstant("2026-11-23T09:40");
    constexpr std::string_view kTarget = "http://onewindow.example/exchange/v1/results";
    http::Headers headers;
    headers.Set("Content-Type", "application/json");
    const std::string seed(32, 'a');
    ASSERT_TRUE(http_signature::SignRequest({"POST", kTarget}, headers, body, http_signature::MakeSigner("market-1", seed), now,
                                            "01JNONCE00000000000000001"));
    std::string expected = "POST /exchange/v1/results HTTP/1.1\nHost: onewindow.example\n";
    for (const auto& [name, value] : headers.all()) expected += name + ": " + value + "\n";
    expected += "\n" + body;
    EXPECT_EQ(Block(guide, "http"), expected);
}

}  // namespace
}  // namespace onewindow::exchange
