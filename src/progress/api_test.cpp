// Goal: the routes show what is stored to those who may see it; streams resume without loss;
// figures count all cases.

#include "progress/api.hpp"

#include <condition_variable>

#include "progress/pause_reasons.hpp"
#include "progress/reasons.hpp"
#include "progress/testing/world.hpp"

namespace onewindow::progress {
namespace {

using std::chrono::minutes;

const CaseId kCase{"01JCASE0000000000000000001"}, kHidden{"01JCASE0000000000000000002"};

class FakeStream final : public http::Stream {
 public:
    explicit FakeStream(std::size_t frames_max = 1000) : frames_max_(frames_max) {}
    bool Send(std::string bytes) override {
        const std::lock_guard lock(mutex_);
        if (!open_ || sent_.size() >= frames_max_) return false;
        sent_.push_back(std::move(bytes));
        changed_.notify_all();
        return true;
    }
    bool IsOpen() const override {
        const std::lock_guard lock(mutex_);
        return open_;
    }
    void Close() override {
        const std::lock_guard lock(mutex_);
        open_ = false;
        changed_.notify_all();
    }
    std::vector<std::string> Frames() const {
        const std::lock_guard lock(mutex_);
        return sent_;
    }
    /// Waits until that many frames came, or in vain for half a minute.
    void WaitFor(std::size_t frames) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds{30},
                          [&] { return sent_.size() >= frames || !open_; });
    }

 private:
    const std::size_t frames_max_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> sent_;
    bool open_ = true;
};

class OnePerson final : public api::Authenticator {
 public:
    Result<auth::Principal> Authenticate(const http::Request&) override { return principal; }
    auth::Principal principal{
        .account = "account-1", .person = "person-1", .session = "s", .csrf = "", .grants = {}};
};

class ProgressApi : public World {
 protected:
    ProgressApi() {
        AddRoutes(router_,
                  {services_,
                   clocks_,
                   reference_,
                   feed_,
                   [](db::Transaction&, const auth::Principal&, const CaseId& case_id) -> Result<> {
                       if (case_id == kHidden) return Refuse(api::reasons::kNotFound);
                       return {};
                   },
                   {&api::reasons::kNotFound}});
        recorder_.OnRecorded([this] { feed_.Wake(); });
    }
    http::Response Get(std::string_view path,
                       std::vector<std::pair<std::string, std::string>> query = {},
                       std::string_view last_event = {}) {
        http::Request request;
        request.method = "GET";
        request.path = path;
        request.query = std::move(query);
        if (!last_event.empty()) request.headers.Set("Last-Event-ID", last_event);
        return router_.Handle(request);
    }
    json::value Json(const http::Response& response) { return json::Parse(response.body).value(); }
    std::shared_ptr<FakeStream> Listen(std::string_view last_event = {}) {
        const http::Response response =
            Get("/api/v1/cases/" + kCase.value() + "/events", {}, last_event);
        EXPECT_EQ(response.status, 200) << response.body;
        EXPECT_EQ(response.headers.Get("Content-Type"), "text/event-stream");
        auto stream = std::make_shared<FakeStream>();
        response.stream(stream);
        return stream;
    }
    void Begin(const CaseId& case_id, std::string_view subject = "stage:1",
               std::int64_t limit = 60) {
        ASSERT_OK(Start(case_id, {.subject = std::string(subject),
                                  .limit_minutes = limit,
                                  .hall = "",
                                  .holder = "authority:370102",
                                  .from = clock_.Now()}));
    }

    EventFeed feed_{services_, {}};
    OnePerson person_;
    api::Router router_{services_, &person_};
};

TEST_P(ProgressApi, TimelineInBothLanguages) {
    ASSERT_OK(OpenCase(kCase));
    Begin(kCase);
    Begin(kCase, "stage:2");
    const http::Response response =
        Get("/api/v1/cases/" + kCase.value() + "/timeline", {{"limit", "1"}});
    ASSERT_EQ(response.status, 200) << response.body;
    const json::value body = Json(response);
    EXPECT_TRUE(json::BoolAt(body, "more"));
    EXPECT_EQ(json::TextAt(body, "events.0.kind"), "progress.clock_started");
    EXPECT_EQ(json::TextAt(body, "events.0.data.subject"), "stage:1");
    EXPECT_EQ(json::TextAt(body, "events.0.text.zh"),
              "第一环节（营业执照、社保医保、公积金）开始计时，由登记机关（370102）办理，截止时间 "
              "2026-11-23 10:05。");
    EXPECT_EQ(json::TextAt(body, "events.0.text.en"),
              "The clock of stage 1 (licence, insurance, housing fund) starts; the registration "
              "authority 370102 has it, "
              "due 2026-11-23 10:05.");
    const json::value rest =
        Json(Get("/api/v1/cases/" + kCase.value() + "/timeline", {{"after", "1"}}));
    EXPECT_FALSE(json::BoolAt(rest, "more"));
    EXPECT_EQ(json::IntAt(rest, "events.0.sequence"), 2);
    EXPECT_EQ(json::Find(rest, "events.1"), nullptr);
}

TEST_P(ProgressApi, ShowsNothingToThoseWhoMayNotSee) {
    ASSERT_OK(OpenCase(kHidden));
    for (const char* part : {"timeline", "clocks", "events"}) {
        const http::Response response = Get("/api/v1/cases/" + kHidden.value() + "/" + part);
        EXPECT_EQ(response.status, 404) << part;
        EXPECT_FALSE(response.stream) << part;
    }
    person_.principal = {};
    EXPECT_EQ(Get("/api/v1/cases/" + kCase.value() + "/events").status, 401);
}

TEST_P(ProgressApi, RefusesWhatCannotBeRead) {
    const std::string path = "/api/v1/cases/" + kCase.value() + "/";
    EXPECT_EQ(Get(path + "timeline", {{"after", "-1"}}).status, 400);
    EXPECT_EQ(Get(path + "timeline", {{"limit", "0"}}).status, 400);
    EXPECT_EQ(Get(path + "events", {}, "x").status, 400);
    EXPECT_EQ(
        Get("/api/v1/published-times", {{"from", "2026-11-24"}, {"until", "2026-11-23"}}).status,
        400);
    EXPECT_EQ(Get("/api/v1/published-times", {{"from", "2020-01-01"}}).status, 400);
    EXPECT_EQ(Get("/api/v1/published-times", {{"from", "yesterday"}}).status, 400);
    EXPECT_EQ(Get("/api/v1/published-times", {{"authority", "3"}}).status, 400);
}

TEST_P(ProgressApi, ClocksWithTheirSpans) {
    ASSERT_OK(OpenCase(kCase));
    Begin(kCase);
    clock_.Advance(minutes{10});
    ASSERT_OK(Charge(kCase, "stage:1", "applicant", false, "returned_to_applicant"));
    const json::value body = Json(Get("/api/v1/cases/" + kCase.value() + "/clocks"));
    EXPECT_EQ(json::TextAt(body, "clocks.0.state"), "paused");
    EXPECT_EQ(json::IntAt(body, "clocks.0.used_ms"), 600'000);
    EXPECT_EQ(json::IntAt(body, "clocks.0.spans.0.working_ms"), 600'000);
    EXPECT_EQ(json::TextAt(body, "clocks.0.spans.1.reason"), "returned_to_applicant");
}

TEST_P(ProgressApi, StreamsResumeWithoutLossOrRepeat) {
    ASSERT_OK(OpenCase(kCase));
    Begin(kCase, "stage:1");
    Begin(kCase, "stage:2");
    const auto fresh = Listen(), resumed = Listen("1");
    feed_.Poll();
    ASSERT_EQ(fresh->Frames().size(), 3U);
    EXPECT_EQ(fresh->Frames()[0], "retry: 2000\n\n");
    EXPECT_TRUE(fresh->Frames()[1].starts_with("id: 1\nevent: progress.clock_started\ndata: {"))
        << fresh->Frames()[1];
    EXPECT_TRUE(fresh->Frames()[1].ends_with("}\n\n"));
    ASSERT_EQ(resumed->Frames().size(), 2U);
    EXPECT_EQ(resumed->Frames()[1], fresh->Frames()[2]);
    feed_.Poll();
    EXPECT_EQ(fresh->Frames().size(), 3U);
    Begin(kCase, "case");
    feed_.Poll();
    EXPECT_TRUE(fresh->Frames().back().starts_with("id: 3\n"));
    EXPECT_EQ(fresh->Frames().back(), resumed->Frames().back());
}

TEST_P(ProgressApi, ManyCasesAreAskedForTogether) {
    std::vector<std::shared_ptr<FakeStream>> streams;
    for (int i = 0; i < 40; ++i) {
        const CaseId case_id("01JCASE00000000000000000" + std::to_string(10 + i));
        ASSERT_OK(OpenCase(case_id));
        Begin(case_id);
        streams.push_back(std::make_shared<FakeStream>());
        feed_.Subscribe(case_id, 0, streams.back());
    }
    feed_.Poll();
    for (const auto& stream : streams) EXPECT_EQ(stream->Frames().size(), 2U);
}

TEST_P(ProgressApi, SlowGoneAndOldListenersAreLeft) {
    ASSERT_OK(OpenCase(kCase));
    Begin(kCase);
    const auto slow = std::make_shared<FakeStream>(1), gone = std::make_shared<FakeStream>(),
               quiet = std::make_shared<FakeStream>();
    feed_.Subscribe(kCase, 0, slow);
    feed_.Subscribe(kCase, 0, gone);
    feed_.Subscribe(kCase, 1, quiet);
    gone->Close();
    feed_.Poll();
    EXPECT_EQ(feed_.subscribers(), 1U);
    EXPECT_FALSE(slow->IsOpen());
    clock_.Advance(std::chrono::seconds{15});
    feed_.Poll();
    EXPECT_EQ(quiet->Frames().back(), ":\n\n");
    clock_.Advance(minutes{15});
    feed_.Poll();
    EXPECT_FALSE(quiet->IsOpen());
    EXPECT_EQ(feed_.subscribers(), 0U);
}

TEST_P(ProgressApi, TheThreadSendsSoonAfterTheCommit) {
    ASSERT_OK(OpenCase(kCase));
    feed_.Start();
    const auto stream = Listen();
    Begin(kCase);
    stream->WaitFor(2);
    EXPECT_TRUE(stream->Frames().back().starts_with("id: 1\n"));
    feed_.Stop();
    EXPECT_FALSE(stream->IsOpen());
}

TEST_P(ProgressApi, FiguresCountAllCasesAlsoOpenOnes) {
    clock_.Set(T("2026-11-23T09:00"));
    // Ten cases: used 10, 20 … 80 minutes of 60, one open with 90, one open and paused with 5.
    for (int i = 0; i < 10; ++i) {
        const CaseId case_id("01JCASE00000000000000000" + std::to_string(10 + i));
        ASSERT_OK(OpenCase(case_id, i == 9 ? "370203" : "370102"));
        Begin(case_id);
    }
    clock_.Advance(minutes{5});
    ASSERT_OK(Charge(CaseId("01JCASE0000000000000000019"), "stage:1", "applicant", false,
                     "returned_to_applicant"));
    clock_.Advance(minutes{5});
    for (int i = 0; i < 8; ++i) {
        ASSERT_OK(Stop(CaseId("01JCASE00000000000000000" + std::to_string(10 + i)), "stage:1"));
        clock_.Advance(minutes{10});
    }
    const json::value body =
        Json(Get("/api/v1/published-times", {{"from", "2026-11-23"}, {"until", "2026-11-23"}}));
    EXPECT_EQ(json::TextAt(body, "subjects.0.subject"), "stage:1");
    EXPECT_EQ(json::IntAt(body, "subjects.0.volume"), 10);
    EXPECT_EQ(json::IntAt(body, "subjects.0.finished"), 8);
    EXPECT_EQ(json::IntAt(body, "subjects.0.open"), 2);
    EXPECT_EQ(json::IntAt(body, "subjects.0.late"), 3);  // 70, 80, and the open one with 90.
    EXPECT_EQ(json::IntAt(body, "subjects.0.on_time_basis_points"),
              6666);                                             // 6 of 9 that are decided.
    EXPECT_EQ(json::IntAt(body, "subjects.0.p50_minutes"), 40);  // 5 10 20 30 40 50 60 70 80 90
    EXPECT_EQ(json::IntAt(body, "subjects.0.p90_minutes"), 80);
    EXPECT_EQ(json::IntAt(body, "subjects.0.p99_minutes"), 90);
    EXPECT_EQ(json::IntAt(body, "subjects.0.worst_minutes"), 90);
    const json::value jinan = Json(Get("/api/v1/published-times", {{"authority", "370100"}}));
    EXPECT_EQ(json::IntAt(jinan, "subjects.0.volume"), 9);
    const json::value before = Json(Get("/api/v1/published-times", {{"until", "2026-11-22"}}));
    EXPECT_EQ(json::Find(before, "subjects.0"), nullptr);
}

TEST_P(ProgressApi, RowsOpenForTheSupervisorOfThePlace) {
    ASSERT_OK(OpenCase(kCase, "370102"));
    Begin(kCase);
    const std::string path = "/api/v1/published-times/rows";
    EXPECT_EQ(Get(path, {{"subject", "stage:1"}, {"authority", "370102"}}).status, 403);
    person_.principal.grants = {{auth::Role::kSupervisor, "370100", ""}};
    const http::Response response = Get(path, {{"subject", "stage:1"}, {"authority", "370102"}});
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(json::TextAt(Json(response), "rows.0.case_id"), kCase.value());
    EXPECT_EQ(json::TextAt(Json(response), "rows.0.holder"), "authority:370102");
    EXPECT_EQ(Get(path, {{"subject", "stage:1"}, {"authority", "370000"}}).status, 403);
    EXPECT_EQ(Get(path, {{"subject", "stage:1"}, {"authority", "37"}}).status, 403);
    EXPECT_EQ(Get(path, {{"subject", "stage:1"}}).status, 400);
    EXPECT_EQ(Get(path, {{"authority", "370102"}}).status, 400);
    const json::value after = Json(
        Get(path, {{"subject", "stage:1"}, {"authority", "370102"}, {"after", kCase.value()}}));
    EXPECT_EQ(json::Find(after, "rows.0"), nullptr);
}

TEST_P(ProgressApi, PauseReasonsArePublished) {
    person_.principal = {};
    const json::value body = Json(Get("/api/v1/pause-reasons"));
    EXPECT_EQ(body.at("reasons").as_array().size(), PauseReasons().size());
    EXPECT_NE(json::TextAt(body, "reasons.0.text.zh"), "pause_reason.returned_to_applicant");
}

OW_BOTH_ENGINES(ProgressApi);

}  // namespace
}  // namespace onewindow::progress
