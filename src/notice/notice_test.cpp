// Goal: each notice reaches its person once per channel, with one id over all retries; no number or
// address is stored.

#include "notice/notice.hpp"

#include "kernel/crash/crash.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/embedded.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "kernel/testing/smtp_sink.hpp"

namespace onewindow::notice {
namespace {

constexpr db::Query kAll{"test.notices", "SELECT * FROM notice_notice ORDER BY id"};
constexpr std::string_view kMobile = "13800138000", kAddress = "zhou@example.test";

/// An SMS adapter that answers as told and keeps what it was asked.
class FakeOutside final : public http::Outside {
 public:
    Result<http::Answer> Send(const http::Call& call) override {
        calls.push_back(call);
        if (!answers) return Refuse(http::reasons::kNoAnswer);
        return http::Answer{.status = status, .headers = {}, .body = R"({"id":"provider-7"})"};
    }
    std::vector<http::Call> calls;
    bool answers = true;
    int status = 202;
};

class NoticeTest : public testing::BothEngines {
 protected:
    NoticeTest() { notices_->RegisterJobs(*runner_); }

    std::unique_ptr<Notices> Make(std::string sms_url, std::string smtp_url) {
        return std::make_unique<Notices>(Notices::Deps{
            services_, outside_, *mail_, std::move(sms_url), std::move(smtp_url),
            "service@onewindow.test",
            [this](db::Transaction&,
                   std::string_view person) -> Result<std::pair<std::string, std::string>> {
                EXPECT_EQ(person, "person-1");
                return std::pair{mobile_, address_};
            }});
    }
    Result<> Send(const Notices& notices, std::string key = "key-1") {
        return database().Write([&](db::Transaction& tx) {
            return notices.Send(tx, {.person = "person-1",
                                     .template_key = "notice.test_letter",
                                     .arguments = {{"name", "岚溪"}},
                                     .case_id = "case-1",
                                     .key = key});
        });
    }
    std::map<std::string, NoticeState> States() {
        std::map<std::string, NoticeState> states;
        const auto all =
            database().Read([&](db::Transaction& tx) { return notices_->OfCase(tx, "case-1"); });
        for (const NoticeState& state : all.value()) states[state.channel] = state;
        return states;
    }
    /// Runs due jobs, lets the back-off pass, and so on.
    void RunFor(int rounds) {
        for (int i = 0; i < rounds; ++i) {
            runner_->RunDue();
            clock_.Advance(std::chrono::minutes{10});
        }
    }

    static messages::Messages LoadMessages() {
        auto files = embedded::AllMessages();
        files.push_back({"test", "zh", "\"notice.test_letter\" = \"{name}的文书待签\""});
        files.push_back(
            {"test", "en", "\"notice.test_letter\" = \"Papers of {name} are to be signed\""});
        return messages::Messages::Load(files).value();
    }
    std::string mobile_{kMobile}, address_{kAddress};
    sealing::Sealer sealer_{{.seal = {{1, std::string(16, 's')}}, .lookup = std::string(32, 'l')},
                            random_};
    messages::Messages messages_ = LoadMessages();
    std::unique_ptr<metrics::Metrics> metrics_ = metrics::MakeMetrics();
    api::Services services_{database(), clock_,        random_,  sealer_,
                            messages_,  log::Silent(), *metrics_};
    FakeOutside outside_;
    testing::SmtpSink sink_;
    std::unique_ptr<mail::Sender> mail_ = mail::MakeSmtpSender();
    NoCrashPoints crash_;
    std::unique_ptr<jobs::Runner> runner_ =
        jobs::MakeRunner({database(), clock_, random_, crash_, log::Silent(), "node-1"});
    std::unique_ptr<Notices> notices_ = Make("http://sms.test/send", sink_.url());
};

TEST_P(NoticeTest, GoesOutOverBothChannels) {
    ASSERT_OK(Send(*notices_));
    EXPECT_TRUE(outside_.calls.empty());  // Nothing leaves inside the transaction.
    runner_->RunDue();
    ASSERT_EQ(outside_.calls.size(), 1U);
    const json::value body = json::Parse(outside_.calls[0].body).value();
    const auto states = States();
    EXPECT_EQ(json::TextAt(body, "to"), kMobile);
    EXPECT_EQ(json::TextAt(body, "text"), "岚溪的文书待签");
    EXPECT_EQ(json::TextAt(body, "id"), states.at("sms").id);
    EXPECT_EQ(states.at("sms").state, "sent");
    EXPECT_EQ(states.at("sms").provider_id, "provider-7");
    EXPECT_EQ(states.at("sms").sent, clock_.Now());
    EXPECT_EQ(states.at("mail").state, "sent");
    ASSERT_EQ(sink_.Letters().size(), 1U);
    EXPECT_EQ(sink_.Letters()[0].to, "<zhou@example.test>");
    EXPECT_NE(sink_.Letters()[0].data.find("Message-ID: <" + states.at("mail").id + "@"),
              std::string::npos);
    EXPECT_NE(sink_.Letters()[0].data.find(crypto::Base64("岚溪的文书待签")), std::string::npos);
}

TEST_P(NoticeTest, EqualKeysAreSentOnce) {
    ASSERT_OK(Send(*notices_));
    ASSERT_OK(Send(*notices_));
    RunFor(2);
    ASSERT_OK(Send(*notices_));
    RunFor(2);
    EXPECT_EQ(outside_.calls.size(), 1U);
    EXPECT_EQ(sink_.Letters().size(), 1U);
    ASSERT_OK(Send(*notices_, "key-2"));
    RunFor(1);
    EXPECT_EQ(outside_.calls.size(), 2U);
}

TEST_P(NoticeTest, RetriesWithTheSameIdUntilThereIsAnAnswer) {
    outside_.answers = false;
    ASSERT_OK(Send(*notices_));
    RunFor(2);
    outside_.answers = true;
    outside_.status = 503;
    RunFor(2);
    EXPECT_EQ(States().at("sms").state, "waiting");
    EXPECT_GE(States().at("sms").attempts, 3);
    outside_.status = 200;
    RunFor(2);
    EXPECT_EQ(States().at("sms").state, "sent");
    ASSERT_GE(outside_.calls.size(), 5U);
    for (const http::Call& call : outside_.calls) {
        EXPECT_EQ(call.headers.Get("Idempotency-Key"), States().at("sms").id);
        EXPECT_EQ(call.body, outside_.calls.front().body);
    }
}

TEST_P(NoticeTest, ALastingNoIsNotRepeated) {
    outside_.status = 422;
    sink_.AnswerRecipientsWith("550 no such mailbox");
    ASSERT_OK(Send(*notices_));
    RunFor(3);
    EXPECT_EQ(outside_.calls.size(), 1U);
    EXPECT_EQ(States().at("sms").state, "failed");
    EXPECT_EQ(States().at("mail").state, "failed");

    // An officer who found the cause has it sent after all, with the same id.
    outside_.status = 200;
    ASSERT_OK(database().Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const auto dead, jobs::ListDead(tx, 10));
        EXPECT_EQ(dead.size(), 2U);
        for (const jobs::DeadJob& job : dead) OW_CHECK(jobs::RetryNow(tx, clock_, job.job.id));
        return {};
    }));
    RunFor(1);
    EXPECT_EQ(States().at("sms").state, "sent");
    ASSERT_EQ(outside_.calls.size(), 2U);
    EXPECT_EQ(outside_.calls[1].body, outside_.calls[0].body);
}

TEST_P(NoticeTest, SilenceEndsAfterTwentyAttempts) {
    outside_.answers = false;
    ASSERT_OK(Send(*notices_));
    RunFor(30);
    EXPECT_EQ(outside_.calls.size(), 20U);
    EXPECT_EQ(States().at("sms").state, "failed");
}

TEST_P(NoticeTest, SaysWhenNobodyCanBeReached) {
    mobile_.clear();
    ASSERT_OK(Send(*notices_));
    RunFor(1);
    EXPECT_EQ(States().at("sms").state, "no_address");
    EXPECT_TRUE(outside_.calls.empty());
    const auto unconnected = Make("", "");
    ASSERT_OK(Send(*unconnected, "key-2"));
    int not_connected = 0;
    const auto all =
        database().Read([&](db::Transaction& tx) { return notices_->OfCase(tx, "case-1"); });
    for (const NoticeState& state : all.value()) not_connected += state.state == "not_connected";
    EXPECT_EQ(not_connected, 2);
}

TEST_P(NoticeTest, StoresNoNumberAddressOrArgument) {
    ASSERT_OK(Send(*notices_));
    RunFor(1);
    const auto rows = database().Read([](db::Transaction& tx) { return tx.Run(kAll, {}); });
    ASSERT_EQ(rows.value().size(), 2U);
    for (const db::Row& row : *rows) {
        std::string line;
        for (const db::Value& value : row.values()) {
            if (const auto* text = std::get_if<std::string>(&value)) line += *text;
            if (const auto* blob = std::get_if<db::Bytes>(&value)) line += blob->bytes;
        }
        for (const std::string_view secret : {kMobile, kAddress, std::string_view("岚溪")}) {
            EXPECT_EQ(line.find(secret), std::string::npos) << secret;
        }
    }
}

OW_BOTH_ENGINES(NoticeTest);

}  // namespace
}  // namespace onewindow::notice
