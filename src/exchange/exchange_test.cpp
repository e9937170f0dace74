// Goal: at least once out, exactly once in, in order, over every fault of an agency (promise P4, F09–F13, I06–I11), with the
// clocks, the officers and the applicant in step. Shown with a made-up lemonade stand, on both engines.

#include <thread>

#include "exchange/reasons.hpp"
#include "exchange/testing/exchange_world.hpp"

namespace onewindow::exchange {
namespace {

using enum TrackState;
using testing::TestClient;
using Mode = FakeAgency::Mode;

const std::string kStand = "market/lemonade_stand", kIce = "frost/ice";

class ExchangeTest : public ExchangeWorld {
   protected:
    json::object Facts(bool ice = false) {
        return json::Parse(std::string(R"({"lemonade":{"cups":7},"people":[{"key":"p1","name":"周岚"}],"ice":{"wanted":)") +
                           (ice ? "true" : "false") + "}}")
            ->as_object();
    }
    /// Submitted and licensed; nothing was sent yet.
    void Begin(bool ice = false) {
        OpenCase(Facts(ice));
        Submit();
        License();
    }
    void Finish() {
        EXPECT_EQ(CallBack(Answer(kStand, "accepted", "squeezed")).status, 200);
        EXPECT_EQ(CallBack(Answer(kStand, "accepted", "poured")).status, 200);
        EXPECT_EQ(CallBack(Answer(kStand, "done", "", StandResult())).status, 200);
    }
    std::string Officer(std::string region = "370100", std::string unit = "market") {
        return api_.LogInPost({{auth::Role::kAgencyOfficer, std::move(region), std::move(unit)}});
    }
    int Effects() const {
        int effects = 0;
        for (const auto& [key, effect] : agency_->effects) effects += effect.deliveries > 0 ? 1 : 0;
        return effects;
    }
};

TEST_P(ExchangeTest, CarriesAMatterFromTheLicenceToItsResult) {
    OpenCase(Facts());
    Submit();
    EXPECT_EQ(StateFor(kStand), kWaiting);
    EXPECT_EQ(StateFor(kIce), kDeferred);
    runner_->RunDue();
    EXPECT_EQ(agency_->calls, 0);  // Nothing before the licence.
    License();
    EXPECT_EQ(StateFor(kStand), kDue);
    EXPECT_EQ(ClockFor("track:" + kStand).holder, "agency:market");
    EXPECT_EQ(ClockFor("track:" + kStand).limit_minutes, 120);
    runner_->RunDue();
    ASSERT_EQ(agency_->effects.size(), 1U);
    const auto& [key, effect] = *agency_->effects.begin();
    EXPECT_EQ(key, number_ + "/" + kStand + "/1");
    EXPECT_EQ(json::TextAt(effect.message, "licence.uscc"), "91370102MA00000000");
    EXPECT_EQ(json::TextAt(effect.message, "delivery"), TrackFor(kStand).delivery);
    EXPECT_FALSE(json::TextAt(effect.message, "answer_by").empty());
    EXPECT_EQ(StateFor(kStand), kReceived);
    EXPECT_EQ(TrackFor(kStand).receipt, "R-1");

    EXPECT_EQ(CallBack(Answer(kStand, "accepted", "squeezed")).status, 200);
    EXPECT_EQ(ClockFor("track:" + kStand).holder, "maker:L1");
    EXPECT_EQ(CallBack(Answer(kStand, "accepted", "poured")).status, 200);
    EXPECT_EQ(ClockFor("track:" + kStand).holder, "agency:market");
    EXPECT_EQ(all_final_, 0);
    EXPECT_EQ(CallBack(Answer(kStand, "done", "", StandResult())).status, 200);
    const Track done = TrackFor(kStand);
    EXPECT_EQ(done.state, kDone);
    EXPECT_EQ(done.number, "P-1");
    EXPECT_EQ(json::IntAt(done.shown, "cups"), 7);
    EXPECT_EQ(ClockFor("track:" + kStand).state, "stopped");
    ASSERT_EQ(items_.size(), 1U);
    EXPECT_EQ(items_[0].kind, "jug");
    EXPECT_EQ(all_final_, 1);
    EXPECT_EQ(CallBack(Answer(kStand, "accepted", "tasted", {{"stars", 5}})).status, 200);  // After the end.
    EXPECT_EQ(json::IntAt(TrackFor(kStand).shown, "stars"), 5);
    EXPECT_EQ(all_final_, 1);
}

TEST_P(ExchangeTest, MakesOneOrderHoweverOftenTheLicenceHappens) {
    OpenCase(Facts());
    Submit();
    License();
    License();
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] { static_cast<void>(Write([&](db::Transaction& tx) { return exchange_->Happened(tx, case_, "licence"); })); });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(CountEvents("exchange.due"), 1);
    runner_->RunDue();
    EXPECT_EQ(Effects(), 1);
    EXPECT_EQ(agency_->calls, 1);
}

TEST_P(ExchangeTest, SendsTheSameBytesUntilAReceiptComes) {
    Begin();
    agency_->mode = Mode::kLoseReply;  // Applied, but the answer is lost (F13).
    runner_->RunDue();
    EXPECT_EQ(StateFor(kStand), kPushed);
    RunFor(3);
    agency_->mode = Mode::kHonest;
    RunFor(2);
    EXPECT_EQ(StateFor(kStand), kReceived);
    EXPECT_EQ(Effects(), 1);
    EXPECT_GT(agency_->effects.begin()->second.deliveries, 2);  // Other bytes would have been refused.
    EXPECT_EQ(CountEvents("exchange.pushed"), 1);
}

TEST_P(ExchangeTest, OutlastsADayOfSilence) {
    Begin();
    agency_->mode = Mode::kDown;
    RunFor(24, std::chrono::hours{1});
    EXPECT_EQ(StateFor(kStand), kPushed);
    agency_->mode = Mode::kHonest;
    RunFor(1);
    EXPECT_EQ(StateFor(kStand), kReceived);
    EXPECT_EQ(Effects(), 1);
}

TEST_P(ExchangeTest, TakesNoBadReplyForAReceipt) {
    Begin();
    for (const Mode mode : {Mode::kBusy, Mode::kRedirect, Mode::kOk200, Mode::kWrongType, Mode::kNotJson}) {
        agency_->mode = mode;
        RunFor(1);
        EXPECT_EQ(StateFor(kStand), kPushed) << static_cast<int>(mode);
    }
    agency_->mode = Mode::kHonest;
    RunFor(1);
    EXPECT_EQ(StateFor(kStand), kReceived);
}

TEST_P(ExchangeTest, HandsALastingRefusalToANamedPerson) {
    Begin();
    agency_->mode = Mode::kRefuse;
    runner_->RunDue();
    EXPECT_EQ(TrackFor(kStand).stuck, "refused 422 agency.no");
    const auto red = TestClient(*router_, Officer()).Get("/api/v1/exchange/red-list");
    ASSERT_EQ(red.status, 200) << red.text;
    EXPECT_EQ(json::TextAt(red.body, "lines.0.why"), "stuck");
    EXPECT_EQ(json::TextAt(red.body, "lines.0.person"), "王五 0531-1");
    agency_->mode = Mode::kHonest;
    const auto sent = TestClient(*router_, Officer()).Post("/api/v1/agency/tasks/" + TrackFor(kStand).id + "/resend", "{}");
    EXPECT_EQ(sent.status, 200) << sent.text;
    runner_->RunDue();
    EXPECT_EQ(StateFor(kStand), kReceived);
    EXPECT_EQ(TrackFor(kStand).version, 1);
}

TEST_P(ExchangeTest, TakesEachAnswerOnce) {
    Begin();
    runner_->RunDue();
    Finish();
    const int events = CountEvents("exchange.done") + CountEvents("exchange.step_reported");
    const auto again = CallBack(Answer(kStand, "done", "", StandResult()));
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(json::TextAt(again.body, "outcome"), "repeated");
    EXPECT_EQ(CallBack(Answer(kStand, "accepted", "squeezed")).status, 200);
    EXPECT_EQ(CountEvents("exchange.done") + CountEvents("exchange.step_reported"), events);
    const auto other = CallBack(Answer(kStand, "done", "", StandResult("P-2")));
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.Reason(), reasons::kDiffers.code);
    CallBack(Answer(kStand, "done", "", StandResult("P-2")));
    EXPECT_EQ(CountEvents("exchange.answer_refused"), 1);
    EXPECT_EQ(TrackFor(kStand).number, "P-1");
    EXPECT_EQ(items_.size(), 1U);
}

TEST_P(ExchangeTest, BelievesSignaturesOnly) {
    Begin();
    runner_->RunDue();
    const std::string body = json::Text(json::Write(Answer(kStand, "accepted")));
    const auto forger = crypto::Sm2PrivateKey::Generate();
    EXPECT_EQ(CallBackText(body, "", &forger).status, 401);
    EXPECT_EQ(TestClient(*router_).Post("/exchange/v1/results", body).status, 401);
    EXPECT_EQ(StateFor(kStand), kReceived);
    EXPECT_EQ(CallBackText(body, "nonce-1").status, 200);
    EXPECT_EQ(CallBackText(body, "nonce-1").Reason(), reasons::kReplayed.code);
    EXPECT_EQ(CallBackText(body, "nonce-2").status, 200);
    EXPECT_EQ(CountEvents("exchange.accepted"), 1);
}

TEST_P(ExchangeTest, RefusesWhatIsNotTheAgencysOrNotInForm) {
    Begin(true);
    runner_->RunDue();
    AnswerMessage foreign = Answer(kStand, "accepted");
    foreign.matter = kIce;  // The key is the market's.
    EXPECT_EQ(CallBack(foreign).Reason(), reasons::kNotYours.code);
    AnswerMessage unknown = Answer(kStand, "accepted");
    unknown.case_number = "370102202611230000025";
    EXPECT_EQ(CallBack(unknown).Reason(), reasons::kNotAsked.code);
    json::object extra = json::Write(Answer(kStand, "accepted")).as_object();
    extra["mood"] = "good";
    EXPECT_EQ(CallBackText(json::Text(extra)).Reason(), json::reasons::kUnknownField.code);
    AnswerMessage reason = Answer(kStand, "needs_data");
    reason.reasons = std::vector<std::string>{"bring_a_bank_account"};
    EXPECT_EQ(CallBack(reason).Reason(), reasons::kReasonUnpublished.code);
    EXPECT_EQ(CallBack(Answer(kStand, "accepted", "squeezed")).status, 200);
    EXPECT_EQ(CallBack(Answer(kStand, "accepted", "poured")).status, 200);
    EXPECT_EQ(CallBack(Answer(kStand, "done", "", {{"permit", 7}, {"cups", 7}})).Reason(), reasons::kResult.code);
    EXPECT_EQ(StateFor(kStand), kAccepted);
    EXPECT_GE(CountEvents("exchange.answer_refused"), 2);
}

TEST_P(ExchangeTest, ParksWhatComesTooEarly) {
    Begin();
    bool called = false;
    agency_->on_applied = [&](const FakeAgency::Effect&) {
        // Before the receipt has reached us.
        if (std::exchange(called, true)) return;
        EXPECT_EQ(CallBack(Answer(kStand, "accepted", "squeezed")).status, 200);
    };
    runner_->RunDue();
    ASSERT_TRUE(called);
    const auto done = CallBack(Answer(kStand, "done", "", StandResult()));
    EXPECT_EQ(json::TextAt(done.body, "outcome"), "parked");
    EXPECT_EQ(StateFor(kStand), kAccepted);
    EXPECT_EQ(json::TextAt(CallBack(Answer(kStand, "accepted", "poured")).body, "outcome"), "taken");
    EXPECT_EQ(StateFor(kStand), kDone);  // The parked end was used.
    EXPECT_EQ(items_.size(), 1U);
}

TEST_P(ExchangeTest, FindsLiesInTheRegister) {
    Begin();
    agency_->mode = Mode::kLie;  // 202 without applying.
    runner_->RunDue();
    EXPECT_EQ(StateFor(kStand), kReceived);
    clock_.Advance(std::chrono::minutes{10});
    const std::string officer = Officer();
    const auto compare = [&] {
        const auto ordered = TestClient(*router_, officer).Post("/api/v1/exchange/reconciliations", R"({"agency":"market","region":"370100"})");
        EXPECT_EQ(ordered.status, 202) << ordered.text;
        runner_->RunDue();
    };
    compare();
    EXPECT_EQ(Effects(), 0);  // It lied again.
    agency_->mode = Mode::kHonest;
    clock_.Advance(std::chrono::minutes{10});
    compare();
    EXPECT_EQ(CountEvents("exchange.lie_found"), 1);
    EXPECT_EQ(Effects(), 1);
    EXPECT_EQ(StateFor(kStand), kReceived);
    EXPECT_TRUE(TrackFor(kStand).in_doubt);
    agency_->register_entries = {Entry(Answer(kStand, "received"), PayloadOf(kStand))};
    clock_.Advance(std::chrono::minutes{10});
    compare();
    EXPECT_FALSE(TrackFor(kStand).in_doubt);
    const auto reports = TestClient(*router_, officer).Get("/api/v1/exchange/reconciliations/market");
    EXPECT_EQ(json::IntAt(reports.body, "reconciliations.2.lies"), 1) << reports.text;
    EXPECT_EQ(json::IntAt(reports.body, "reconciliations.1.lies"), 1);
    EXPECT_EQ(json::IntAt(reports.body, "reconciliations.0.lies"), 0);
}

TEST_P(ExchangeTest, SendsAgainWhatIsDoneHereAndUnknownThere) {
    Begin();
    runner_->RunDue();
    Finish();
    clock_.Advance(std::chrono::minutes{10});
    agency_->effects.clear();  // The agency restored an old backup.
    ASSERT_EQ(TestClient(*router_, Officer()).Post("/api/v1/exchange/reconciliations", R"({"agency":"market","region":"370100"})").status, 202);
    runner_->RunDue();
    EXPECT_EQ(StateFor(kStand), kDone);  // What the applicant was told stays.
    EXPECT_TRUE(TrackFor(kStand).in_doubt);
    EXPECT_EQ(Effects(), 1);
    EXPECT_EQ(CallBack(Answer(kStand, "done", "", StandResult("P-9"))).status, 200);
    EXPECT_EQ(TrackFor(kStand).number, "P-9");
    EXPECT_FALSE(TrackFor(kStand).in_doubt);
    EXPECT_EQ(CountEvents("exchange.corrected"), 1);
    EXPECT_EQ(all_final_, 1);
}

TEST_P(ExchangeTest, ReadsLostAnswersFromTheRegister) {
    ASSERT_OK(Write([&](db::Transaction& tx) { return exchange_->OrderRecurringJobs(tx); }));
    Begin();
    runner_->RunDue();
    const std::string payload = PayloadOf(kStand);
    agency_->register_entries = {Entry(Answer(kStand, "accepted", "squeezed"), payload), Entry(Answer(kStand, "accepted", "poured"), payload),
                                 Entry(Answer(kStand, "done", "", StandResult()), payload)};
    RunFor(1, std::chrono::minutes{6});
    EXPECT_EQ(StateFor(kStand), kDone);
    RunFor(3, std::chrono::minutes{6});
    EXPECT_EQ(CountEvents("exchange.done"), 1);
}

TEST_P(ExchangeTest, SendsNothingUnderAFreeze) {
    Begin();
    ASSERT_OK(Write([&](db::Transaction& tx) { return application_->Freeze(tx, case_, true, "identity_complaint", "system"); }));
    RunFor(5);
    EXPECT_EQ(agency_->calls, 0);
    ASSERT_OK(Write([&](db::Transaction& tx) { return application_->Freeze(tx, case_, false, "lifted", "system"); }));
    RunFor(1);
    EXPECT_EQ(StateFor(kStand), kReceived);
}

TEST_P(ExchangeTest, ServesAgenciesWithoutASystem) {
    Reset({LemonadeStand(), IceSupply()}, false);
    Begin();
    runner_->RunDue();
    EXPECT_EQ(StateFor(kStand), kReceived);
    const TestClient officer(*router_, Officer()), stranger(*router_, Officer("370200")), other(*router_, Officer("370100", "frost"));
    const std::string track = TrackFor(kStand).id, path = "/api/v1/agency/tasks/" + track;
    EXPECT_EQ(officer.Get("/api/v1/agency/tasks").body.at("tasks").as_array().size(), 1U);
    EXPECT_EQ(stranger.Get("/api/v1/agency/tasks").body.at("tasks").as_array().size(), 0U);
    EXPECT_EQ(stranger.Get(path).status, 404);
    EXPECT_EQ(other.Post(path + "/answers", R"({"state":"accepted"})").status, 404);
    const auto file = officer.Get(path);
    EXPECT_EQ(json::IntAt(file.body, "message.facts.lemonade.cups"), 7) << file.text;
    EXPECT_EQ(officer.Post(path + "/answers", R"({"state":"rejected","reasons":["bring_a_bank_account"]})").Reason(),
              reasons::kReasonUnpublished.code);
    EXPECT_EQ(CountEvents("exchange.answer_refused"), 1);
    // The performer reports its own step and nothing else.
    const TestClient maker(*router_, api_.LogInPost({{auth::Role::kSealMaker, "370100", "L1"}}));
    EXPECT_EQ(maker.Post(path + "/answers", R"({"state":"accepted","step":"squeezed"})").status, 200);
    EXPECT_EQ(maker.Post(path + "/answers", R"({"state":"accepted","step":"poured"})").Reason(), reasons::kPerformerOnly.code);
    EXPECT_EQ(officer.Post(path + "/answers", R"({"state":"accepted","step":"poured"})").status, 200);
    EXPECT_EQ(officer.Post(path + "/answers", R"({"state":"done","result":{"permit":"P-1","cups":7}})").status, 200);
    EXPECT_EQ(StateFor(kStand), kDone);
    EXPECT_EQ(all_final_, 1);
}

TEST_P(ExchangeTest, AsksTheApplicantAndGoesOnWithANewVersion) {
    Begin();
    runner_->RunDue();
    AnswerMessage ask = Answer(kStand, "needs_data");
    ask.reasons = std::vector<std::string>{"no_sugar"};
    ASSERT_EQ(CallBack(ask).status, 200);
    EXPECT_EQ(ClockFor("track:" + kStand).state, "paused");
    EXPECT_EQ(ClockFor("track:" + kStand).holder, "applicant");
    const TestClient zhou(*router_, api_.LogInPerson("zhou")), stranger(*router_, api_.LogInPerson("qian"));
    const std::string tracks = "/api/v1/cases/" + case_.value() + "/tracks";
    EXPECT_EQ(stranger.Get(tracks).status, 404);
    const auto list = zhou.Get(tracks);
    ASSERT_EQ(list.status, 200) << list.text;
    const std::string path = tracks + "/" + TrackFor(kStand).id + "/restart";
    EXPECT_EQ(zhou.Post(path, R"({"sections":{"people":[]}})").Reason(), reasons::kSectionForeign.code);
    EXPECT_EQ(zhou.Post(path, R"({"sections":{"lemonade":{"cups":99}}})").Reason(), reasons::kSectionWrong.code);
    EXPECT_EQ(StateFor(kStand), kNeedsData);
    const auto restarted = zhou.Post(path, R"({"sections":{"lemonade":{"cups":3}}})");
    ASSERT_EQ(restarted.status, 200) << restarted.text;
    const AnswerMessage old = ask;
    runner_->RunDue();
    EXPECT_EQ(TrackFor(kStand).version, 2);
    EXPECT_EQ(json::IntAt(agency_->effects[number_ + "/" + kStand + "/2"].message, "facts.lemonade.cups"), 3);
    EXPECT_EQ(ClockFor("track:" + kStand).state, "running");
    EXPECT_EQ(json::TextAt(CallBack(old).body, "outcome"), "superseded");
    Finish();
    EXPECT_EQ(StateFor(kStand), kDone);
}

TEST_P(ExchangeTest, LetsTheApplicantLeaveAnOptionalMatterForLater) {
    Begin(true);
    EXPECT_EQ(StateFor(kIce), kWaiting);
    const TestClient zhou(*router_, api_.LogInPerson("zhou"));
    const std::string tracks = "/api/v1/cases/" + case_.value() + "/tracks/";
    EXPECT_EQ(zhou.Post(tracks + TrackFor(kStand).id + "/closing", R"({"reason":"later"})").Reason(), reasons::kCannotClose.code);
    ASSERT_EQ(zhou.Post(tracks + TrackFor(kIce).id + "/closing", R"({"reason":"later"})").status, 200);
    EXPECT_EQ(StateFor(kIce), kClosedByApplicant);
    runner_->RunDue();
    Finish();
    EXPECT_EQ(all_final_, 1);
    ASSERT_EQ(zhou.Post(tracks + TrackFor(kIce).id + "/restart", "{}").status, 200);
    runner_->RunDue();
    EXPECT_EQ(StateFor(kIce), kReceived);
}

TEST_P(ExchangeTest, WaitsForAStepOfAnotherMatter) {
    Begin(true);
    runner_->RunDue();
    EXPECT_EQ(StateFor(kIce), kWaiting);
    EXPECT_EQ(CallBack(Answer(kStand, "accepted", "squeezed")).status, 200);
    EXPECT_EQ(StateFor(kIce), kDue);
    runner_->RunDue();
    EXPECT_EQ(StateFor(kIce), kReceived);
}

TEST_P(ExchangeTest, GivesSilentWorkToSomebodyElse) {
    Matter stand = LemonadeStand();
    stand.silence = {.minutes = 30, .step = "squeezed", .act = [](const StepInput& input) -> Result<std::optional<json::object>> {
                         if (json::TextAt(input.matter.notes, "performer") == "maker:L2") return std::optional<json::object>{};
                         return std::optional(json::object{{"performer", "maker:L2"}});
                     }};
    Reset({stand});
    Begin();
    runner_->RunDue();
    clock_.Advance(std::chrono::minutes{29});
    runner_->RunDue();
    EXPECT_EQ(TrackFor(kStand).version, 1);
    RunFor(2, std::chrono::minutes{2});
    EXPECT_EQ(TrackFor(kStand).version, 2);
    EXPECT_EQ(json::TextAt(agency_->effects[number_ + "/" + kStand + "/2"].message, "facts.performer"), "maker:L2");
    RunFor(4, std::chrono::minutes{20});
    EXPECT_EQ(TrackFor(kStand).version, 2);  // Nobody else is left.
}

TEST_P(ExchangeTest, RebuildsItsTablesFromTheEvents) {
    Begin(true);
    runner_->RunDue();
    AnswerMessage ask = Answer(kStand, "needs_data");
    ask.reasons = std::vector<std::string>{"sour"};
    CallBack(ask);
    TestClient(*router_, api_.LogInPerson("zhou")).Post("/api/v1/cases/" + case_.value() + "/tracks/" + TrackFor(kStand).id + "/restart", "{}");
    runner_->RunDue();
    Finish();
    testing::FreshDatabase copy(GetParam() == db::Engine::kSqlite ? db::Engine::kPostgres : db::Engine::kSqlite);
    ASSERT_OK(progress::Replay(database(), *copy, api_.services, kinds_));
    for (const char* sql : {"SELECT * FROM exchange_track ORDER BY id", "SELECT * FROM exchange_happened ORDER BY case_id, what",
                            "SELECT * FROM exchange_answer ORDER BY track, version, answer"}) {
        const auto before = Dump(database(), sql);
        EXPECT_FALSE(before.empty());
        EXPECT_EQ(before, Dump(*copy, sql)) << sql;
    }
}

TEST_P(ExchangeTest, ClosesWhatIsOpenWhenACaseEnds) {
    OpenCase(Facts(true));
    Submit();
    ASSERT_OK(Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const auto view, application_->View(tx, case_));
        return exchange_->CloseAll(tx, view, "person:zhou");
    }));
    EXPECT_EQ(StateFor(kStand), kClosedByApplicant);
    EXPECT_EQ(StateFor(kIce), kClosedByApplicant);
    RunFor(2);
    EXPECT_EQ(agency_->calls, 0);
}

OW_BOTH_ENGINES(ExchangeTest);

}  // namespace
}  // namespace onewindow::exchange
