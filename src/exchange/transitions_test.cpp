// Goal: every answer to every state, which edges there are, and every difference between intention and register. Pure.

#include <gtest/gtest.h>

#include "exchange/engine.hpp"
#include "exchange/reasons.hpp"
#include "exchange/testing/exchange_world.hpp"

namespace onewindow::exchange {
namespace {

using enum TrackState;

AnswerMessage Said(std::string state, std::string step = {}) {
    AnswerMessage answer{.schema = std::string(kAnswerSchema), .delivery = "D", .case_number = "N", .matter = "market/lemonade_stand",
                         .version = 2, .state = std::move(state), .step = {}, .receipt = "R", .result = {}, .reasons = {},
                         .officer = {}, .at = {}};
    if (!step.empty()) answer.step = std::move(step);
    return answer;
}

Track At(TrackState state, std::int64_t steps = 0) {
    Track track;
    track.state = state;
    track.version = 2;
    track.delivery = "D";
    track.steps_done = steps;
    return track;
}

TEST(Edges, DoneIsNeverLeft) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<TrackState>>(
        [](auto entry) { EXPECT_FALSE(IsEdge(kDone, entry.value)) << entry.name; });
    EXPECT_TRUE(IsEdge(kWaiting, kDue));
    EXPECT_FALSE(IsEdge(kWaiting, kDone));
    EXPECT_FALSE(IsEdge(kDue, kDone));
    EXPECT_FALSE(IsEdge(kReceived, kClosedByApplicant));
}

TEST(DecideAnswer, FollowsTheState) {
    struct Case {
        Track track;
        AnswerMessage answer;
        Verdict verdict;
    };
    const Case cases[] = {
        {At(kPushed), Said("received"), Verdict::kTake},
        {At(kReceived), Said("received"), Verdict::kRepeat},
        {At(kDone, 2), Said("received"), Verdict::kRepeat},  // Late, overtaken.
        {At(kPushed), Said("accepted"), Verdict::kTake},
        {At(kAccepted), Said("accepted"), Verdict::kRepeat},
        {At(kReceived), Said("accepted", "squeezed"), Verdict::kTake},
        {At(kReceived), Said("accepted", "poured"), Verdict::kPark},  // Before its predecessor.
        {At(kAccepted, 1), Said("accepted", "squeezed"), Verdict::kRepeat},
        {At(kAccepted, 1), Said("accepted", "poured"), Verdict::kTake},
        {At(kAccepted, 2), Said("accepted", "tasted"), Verdict::kPark},
        {At(kDone, 2), Said("accepted", "tasted"), Verdict::kTake},
        {At(kAccepted, 1), Said("done"), Verdict::kPark},
        {At(kAccepted, 2), Said("done"), Verdict::kTake},
        {At(kDue), Said("received"), Verdict::kPark},  // Before our commit.
    };
    for (const auto& [track, answer, verdict] : cases) {
        const auto decided = DecideAnswer(LemonadeStand(), track, answer, std::nullopt);
        ASSERT_TRUE(decided) << StateText(track.state) << " " << AnswerKey(answer) << ": " << decided.error().Describe();
        EXPECT_EQ(static_cast<int>(*decided), static_cast<int>(verdict)) << StateText(track.state) << " " << AnswerKey(answer);
    }
    AnswerMessage old = Said("done");
    old.version = 1;
    EXPECT_EQ(DecideAnswer(LemonadeStand(), At(kAccepted, 2), old, std::nullopt).value(), Verdict::kSuperseded);
}

TEST(DecideAnswer, KnowsRepeatsFromContradictions) {
    const AnswerMessage answer = Said("done");
    EXPECT_EQ(DecideAnswer(LemonadeStand(), At(kDone, 2), answer, ContentSm3(answer)).value(), Verdict::kRepeat);
    AnswerMessage other = answer;
    other.result = json::object{{"permit", "Q"}};
    EXPECT_REFUSED(DecideAnswer(LemonadeStand(), At(kDone, 2), other, ContentSm3(answer)), reasons::kDiffers);
    AnswerMessage later = answer;
    later.at = FromEpochMs(1);
    later.officer = "李";
    EXPECT_EQ(ContentSm3(later), ContentSm3(answer));  // Neither time nor officer make it another answer.
    Track doubtful = At(kDone, 2);
    doubtful.in_doubt = true;
    EXPECT_EQ(DecideAnswer(LemonadeStand(), doubtful, other, ContentSm3(answer)).value(), Verdict::kTake);
}

TEST(DecideAnswer, RefusesWithItsReason) {
    const auto decide = [](const Track& track, const AnswerMessage& answer) {
        return DecideAnswer(LemonadeStand(), track, answer, std::nullopt);
    };
    AnswerMessage answer = Said("done");
    answer.schema = "onewindow.answer.v2";
    EXPECT_REFUSED(decide(At(kAccepted, 2), answer), reasons::kSchema);
    EXPECT_REFUSED(decide(At(kAccepted, 2), Said("finished")), reasons::kState);
    EXPECT_REFUSED(decide(At(kAccepted), Said("accepted", "stirred")), reasons::kStep);
    EXPECT_REFUSED(decide(At(kAccepted), Said("done", "squeezed")), reasons::kStep);
    answer = Said("done");
    answer.version = 3;
    EXPECT_REFUSED(decide(At(kAccepted, 2), answer), reasons::kVersion);
    answer = Said("done");
    answer.delivery = "other";
    EXPECT_REFUSED(decide(At(kAccepted, 2), answer), reasons::kDelivery);
    EXPECT_REFUSED(decide(At(kClosedByApplicant), Said("done")), reasons::kNotOpen);
    EXPECT_REFUSED(decide(At(kDone, 2), Said("done")), reasons::kDiffers);
    EXPECT_REFUSED(decide(At(kAccepted), Said("needs_data")), reasons::kReasonMissing);
    answer = Said("rejected");
    answer.reasons = std::vector<std::string>{"sour", "bring_a_bank_account"};
    EXPECT_REFUSED(decide(At(kAccepted), answer), reasons::kReasonUnpublished);
    answer = Said("accepted");
    answer.result = json::object{{"permit", "P"}};
    EXPECT_REFUSED(decide(At(kReceived), answer), reasons::kResultUnexpected);
    answer = Said("received");
    answer.receipt = "";
    EXPECT_REFUSED(decide(At(kPushed), answer), reasons::kReceiptMissing);
}

Intended Ours(const std::string& number, TrackState state, bool in_doubt = false) {
    Intended row{At(state), "digest"};
    row.track.id = "t-" + number;
    row.track.case_number = number;
    row.track.matter = "m";
    row.track.in_doubt = in_doubt;
    return row;
}

RegisterEntry Theirs(const std::string& number, std::string state, std::string receipt = "R") {
    RegisterEntry entry;
    static_cast<AnswerMessage&>(entry) = Said(std::move(state));
    entry.case_number = number;
    entry.matter = "m";
    entry.receipt = std::move(receipt);
    entry.payload_sm3 = "digest";
    return entry;
}

TEST(CompareRegister, FindsEachDifferenceOnce) {
    RegisterEntry wrong = Theirs("wrong", "received");
    wrong.payload_sm3 = "something else";
    const auto findings = CompareRegister(
        {Ours("same", kReceived), Ours("lie", kReceived), Ours("done-lie", kDone), Ours("sent", kPushed), Ours("loss", kReceived),
         Ours("double", kDone), Ours("wrong", kReceived), Ours("healed", kReceived, true), Ours("doubt", kReceived, true)},
        {Theirs("same", "received"), Theirs("done-lie", "received"), Theirs("loss", "done"), Theirs("double", "done", "R1"),
         Theirs("double", "done", "R2"), wrong, Theirs("healed", "received"), Theirs("nobody", "done")});
    std::map<std::string, std::string> found;
    for (const Finding& finding : findings) {
        EXPECT_TRUE(found.emplace(finding.case_number, finding.kind).second) << finding.case_number;
    }
    const std::map<std::string, std::string> expected = {{"lie", "lie"}, {"done-lie", "lie"}, {"loss", "loss"}, {"double", "double"},
                                                         {"wrong", "wrong"}, {"healed", "healed"}, {"doubt", "lie"}, {"nobody", "stranger"}};
    EXPECT_EQ(found, expected);
}

TEST(Message, HoldsOnlyWhatWasDeclared) {
    application::CaseView view;
    view.the_case.authority = "370102";
    view.facts = json::Parse(R"({"lemonade":{"cups":7,"recipe":"secret"},"people":[{"name":"周岚","id_number":"370102"}],"employees":[{"wage":1}]})")
                     ->as_object();
    licence::LicenceFacts licence;
    licence.uscc = "91370102MA00000000";
    licence.place = "山东省济南市历下区";
    licence.scope = "技术服务";
    const auto snapshot = reference::SeedSnapshot();
    const application::Context context{*snapshot, {}, {}};
    const json::object notes{{"performer", "maker:L1"}};
    // The stand copies all that it can see; it can see no more than it declared (I23).
    const std::string text = WriteEnvelope(LemonadeStand(), At(kDue), {view, &licence, context, notes}, {}, {});
    const json::value message = json::Parse(text).value();
    EXPECT_EQ(json::Canonical(*json::Find(message, "facts")),
              R"({"lemonade":{"cups":7},"people":[{"name":"周岚"}],"performer":"maker:L1","place":"","uscc":"91370102MA00000000"})");
    EXPECT_EQ(json::Canonical(*json::Find(message, "people")), R"([{"name":"周岚"}])");
    EXPECT_EQ(json::Canonical(*json::Find(message, "licence")), R"({"name":"","uscc":"91370102MA00000000"})");
    for (const char* secret : {"secret", "370102\"}", "wage", "历下区", "技术服务"}) EXPECT_EQ(text.find(secret), std::string::npos) << secret;
    EXPECT_EQ(text, json::Canonical(message));
}

}  // namespace
}  // namespace onewindow::exchange
