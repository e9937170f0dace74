// Goal: a message takes effect once, whatever is lost, repeated, forged or lied about, and every
// result reaches OneWindow, also after a restart.

#include "agencies/agency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <set>

#include "agencies/register.hpp"
#include "agencies/results.hpp"
#include "agencies/sms_sink.hpp"
#include "kernel/files/files.hpp"
#include "kernel/http/client.hpp"
#include "kernel/http/server.hpp"
#include "kernel/http_signature/http_signature.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::agencies {
namespace {

using namespace std::chrono_literals;

/// OneWindow's end of /exchange/v1/results: keeps what comes, checks the signature, answers as the
/// test says.
class OneWindow {
 public:
    explicit OneWindow(const Clock& clock) : clock_(clock) {
        server_ = http::StartServer(
                      {.listen = "127.0.0.1:0"},
                      [this](http::Request& request) { return Handle(request); },
                      [](const Reason&) { return http::Response{}; })
                      .value();
        url_ = fmt::format("http://127.0.0.1:{}", server_->port());
    }
    const std::string& url() const { return url_; }

    void Trust(const Agency& agency) {
        const std::lock_guard lock(mutex_);
        known_id_ = agency.key_id();
        if (agency.algorithm() == http_signature::kEd25519) {
            const std::string bytes = crypto::FromBase64(agency.public_key()).value();
            known_ =
                http_signature::MakeKnownKey(crypto::Ed25519PublicKey::FromBytes(bytes).value());
        } else {
            known_ = http_signature::MakeKnownKey(
                crypto::Sm2PublicKey::FromPem(agency.public_key()).value());
        }
    }
    /// The next answers; 200 after them.
    void AnswerFirst(std::vector<int> statuses) {
        const std::lock_guard lock(mutex_);
        statuses_ = std::move(statuses);
    }
    /// Waits for `count` answers that were taken; all that came so far.
    std::vector<json::value> Taken(std::size_t count) {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(changed_.wait_for(lock, 30s, [&] { return taken_.size() >= count; }))
            << taken_.size();
        return taken_;
    }
    std::size_t requests() const {
        const std::lock_guard lock(mutex_);
        return nonces_.size();
    }

 private:
    http::Response Handle(const http::Request& request) {
        const std::lock_guard lock(mutex_);
        http::Response response;
        const auto signer = http_signature::VerifyRequest(
            {request.method, url_ + request.target}, request.headers, request.body,
            [&](std::string_view id) { return id == known_id_ ? known_ : std::nullopt; },
            clock_.Now());
        EXPECT_TRUE(signer.has_value()) << signer.error().Describe();
        if (!signer) return response;
        EXPECT_EQ(request.target, "/exchange/v1/results");
        EXPECT_TRUE(nonces_.insert(signer->nonce).second) << "a nonce came twice";
        if (!statuses_.empty()) {
            response.status = statuses_.front();
            statuses_.erase(statuses_.begin());
        }
        if (response.status == 200) taken_.push_back(json::Parse(request.body).value());
        changed_.notify_all();
        return response;
    }

    const Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::string url_, known_id_;
    std::optional<http_signature::KnownKey> known_;
    std::vector<int> statuses_;
    std::vector<json::value> taken_;
    std::set<std::string> nonces_;
    std::unique_ptr<http::Server> server_;
};

class AgencyTest : public ::testing::Test {
 protected:
    AgencyOptions Options(std::string kind = "tax") {
        return {.kind = std::move(kind),
                .directory = folder_.path() + "/agency",
                .onewindow_url = onewindow_.url(),
                .onewindow_public_key = key_.PublicKey().Pem(),
                .clock = clock_,
                .random = random_,
                .log = log::Silent()};
    }
    std::unique_ptr<Agency> Start(const AgencyOptions& options) {
        auto agency = Agency::Start(options);
        EXPECT_TRUE(agency.has_value()) << agency.error().Describe();
        onewindow_.Trust(**agency);
        return *std::move(agency);
    }

    static json::object Message(std::string case_number = "37010220261123000001",
                                std::string matter = "tax/new_taxpayer", std::int64_t version = 1) {
        return {{"schema", "onewindow.matter.v1"},
                {"delivery", "d-" + case_number},
                {"case_number", case_number},
                {"matter", matter},
                {"version", version},
                {"authority", "370102"},
                {"sent_at", "2026-11-23T09:05:00+08:00"},
                {"policy_version", "2026-11"},
                {"licence", json::object{{"uscc", "91370102MA0DEM018X"}}},
                {"facts", json::object{{"invoice_mode", "digital"}}},
                {"people", json::array{}},
                {"documents", json::array{}}};
    }
    http::Call Signed(const Agency& agency, const json::object& message) {
        http::Call call{
            .method = "POST",
            .url = fmt::format("http://127.0.0.1:{}/exchange/v1/matters", agency.port()),
            .headers = {},
            .body = json::Canonical(message)};
        call.headers.Set("Content-Type", "application/json");
        call.headers.Set("OneWindow-Delivery", json::TextAt(message, "delivery"));
        call.headers.Set(
            "Idempotency-Key",
            fmt::format("{}/{}/{}", json::TextAt(message, "case_number"),
                        json::TextAt(message, "matter"), json::IntAt(message, "version")));
        Sign(call, key_);
        return call;
    }
    void Sign(http::Call& call, const crypto::Sm2PrivateKey& key,
              const std::string& key_id = "onewindow-1") {
        ASSERT_OK(http_signature::SignRequest({call.method, call.url}, call.headers, call.body,
                                              http_signature::MakeSigner(key_id, key), clock_.Now(),
                                              NewUlid(clock_, random_)));
    }
    int Post(const http::Call& call) {
        const auto answer = outside_->Send(call);
        return answer ? answer->status : 0;
    }
    std::string ReceiptOf(const http::Call& call) {
        const auto answer = outside_->Send(call);
        EXPECT_TRUE(answer && answer->status == 202)
            << (answer ? answer->body : answer.error().Describe());
        return answer ? json::TextAt(json::Parse(answer->body).value(), "receipt") : "";
    }
    http::Call RegisterCall(const Agency& agency, const std::string& after = "") {
        http::Call call;
        call.url = fmt::format(
            "http://127.0.0.1:{}/exchange/v1/register?since=2026-01-01T00%3A00%3A00%2B08%3A00{}",
            agency.port(), after.empty() ? "" : "&after=" + after);
        Sign(call, key_);
        return call;
    }
    json::value RegisterOf(const Agency& agency, const std::string& after = "") {
        return json::Parse(outside_->Send(RegisterCall(agency, after)).value().body).value();
    }

    testing::TemporaryFolder folder_;
    SystemClock clock_;
    SystemRandom random_;
    const crypto::Sm2PrivateKey key_ = crypto::Sm2PrivateKey::Generate();
    std::unique_ptr<http::Outside> outside_ = http::MakeOutside();
    OneWindow onewindow_{clock_};
};

TEST_F(AgencyTest, TakesAMessageWorksAndReports) {
    const auto agency = Start(Options());
    const http::Call call = Signed(*agency, Message());
    const std::string receipt = ReceiptOf(call);
    EXPECT_FALSE(receipt.empty());
    const auto taken = onewindow_.Taken(2);
    EXPECT_EQ(json::TextAt(taken[0], "state"), "accepted");
    EXPECT_EQ(json::TextAt(taken[1], "state"), "done");
    for (const json::value& answer : taken) {
        EXPECT_EQ(json::TextAt(answer, "schema"), "onewindow.answer.v1");
        EXPECT_EQ(json::TextAt(answer, "receipt"), receipt);
        EXPECT_EQ(json::TextAt(answer, "delivery"), "d-37010220261123000001");
        EXPECT_EQ(json::IntAt(answer, "version"), 1);
    }
    EXPECT_EQ(json::TextAt(taken[1], "result.taxpayer_number"), "91370102MA0DEM018X");
    EXPECT_EQ(json::TextAt(taken[1], "result.invoice_mode"), "digital");
    EXPECT_GT(json::IntAt(taken[1], "result.invoice_grant"), 0);

    const json::value page = RegisterOf(*agency);
    const auto& entries = page.at("entries").as_array();
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(json::TextAt(entries[0], "state"), "received");
    EXPECT_EQ(json::TextAt(entries[2], "state"), "done");
    for (const json::value& entry : entries)
        EXPECT_EQ(json::TextAt(entry, "payload_sm3"), crypto::Hex(crypto::Sm3(call.body)));
    // The cursor goes on where the page ended.
    const json::value rest = RegisterOf(*agency, json::TextAt(page, "next"));
    EXPECT_TRUE(rest.at("entries").as_array().empty());
    EXPECT_FALSE(rest.as_object().contains("next"));
}

TEST_F(AgencyTest, AnEqualMessageGetsTheSameReceiptAnotherIsRefused) {
    const auto agency = Start(Options());
    const std::string receipt = ReceiptOf(Signed(*agency, Message()));
    EXPECT_EQ(ReceiptOf(Signed(*agency, Message())), receipt);
    json::object other = Message();
    other["policy_version"] = "2027-01";
    EXPECT_EQ(Post(Signed(*agency, other)), 422);
    EXPECT_EQ(agency->effects(), 1);
    // A new version is an effect of its own, and the case keeps its numbers.
    EXPECT_NE(ReceiptOf(Signed(*agency, Message("37010220261123000001", "tax/new_taxpayer", 2))),
              receipt);
    EXPECT_EQ(agency->effects(), 2);
}

TEST_F(AgencyTest, ForgedMessagesAreRefusedAndReplaysHaveNoEffect) {
    const auto agency = Start(Options());
    http::Call changed = Signed(*agency, Message());
    changed.body.replace(changed.body.find("digital"), 7, "DIGITAL");
    EXPECT_EQ(Post(changed), 401);
    http::Call unsigned_call = Signed(*agency, Message());
    unsigned_call.headers = {};
    EXPECT_EQ(Post(unsigned_call), 401);
    http::Call stranger = Signed(*agency, Message());
    Sign(stranger, crypto::Sm2PrivateKey::Generate());
    EXPECT_EQ(Post(stranger), 401);
    http::Call unknown = Signed(*agency, Message());
    Sign(unknown, key_, "somebody-1");
    EXPECT_EQ(Post(unknown), 401);
    http::Call elsewhere = Signed(*agency, Message());
    elsewhere.headers.Set("Idempotency-Key", "37010220261123000001/tax/new_taxpayer/2");
    EXPECT_EQ(Post(elsewhere), 401);
    EXPECT_EQ(agency->effects(), 0);

    const http::Call good = Signed(*agency, Message());
    EXPECT_EQ(Post(good), 202);
    EXPECT_EQ(Post(good), 202);
    EXPECT_EQ(agency->effects(), 1);
    const http::Call look = RegisterCall(*agency);
    EXPECT_EQ(Post(look), 200);
    EXPECT_EQ(Post(look), 401);
}

TEST_F(AgencyTest, MessagesThatItCannotWorkOnAreRefused) {
    const auto agency = Start(Options());
    json::object unlicensed = Message();
    unlicensed.erase("licence");
    EXPECT_EQ(Post(Signed(*agency, unlicensed)), 422);
    EXPECT_EQ(Post(Signed(*agency, Message("37010220261123000001", "bank/appointment"))), 422);
    json::object unknown = Message();
    unknown["surprise"] = 1;
    EXPECT_EQ(Post(Signed(*agency, unknown)), 400);
    http::Call wrong_key = Signed(*agency, Message());
    wrong_key.headers.Set("Idempotency-Key", "something");
    Sign(wrong_key, key_);
    EXPECT_EQ(Post(wrong_key), 422);
    EXPECT_EQ(agency->effects(), 0);
    EXPECT_REFUSED(Agency::Start(Options("weather")), reasons::kKind);
}

TEST_F(AgencyTest, LostAnswersLeaveOneEffectEach) {
    AgencyOptions options = Options();
    options.lose_percent = 60;
    const auto agency = Start(options);
    constexpr int kCases = 20;
    int lost = 0;
    for (int i = 0; i < kCases; ++i) {
        const json::object message = Message(fmt::format("370102202611230{:05}", i));
        int tries = 0;
        while (Post(Signed(*agency, message)) != 202) {
            ++lost;
            ASSERT_LT(++tries, 50);
        }
    }
    EXPECT_GT(lost, 0);
    EXPECT_EQ(agency->effects(), kCases);
    std::set<std::string> told;
    for (const json::value& answer : onewindow_.Taken(2 * kCases)) {
        EXPECT_TRUE(told.insert(json::TextAt(answer, "case_number") + json::TextAt(answer, "state"))
                        .second);
    }
}

TEST_F(AgencyTest, ALiarSaysYesAndKeepsNothing) {
    AgencyOptions options = Options();
    options.lie_percent = 100;
    std::string receipt;
    {
        const auto agency = Start(options);
        receipt = ReceiptOf(Signed(*agency, Message()));
        EXPECT_EQ(agency->effects(), 0);
        EXPECT_TRUE(RegisterOf(*agency).at("entries").as_array().empty());
    }
    // Asked again when it is honest, it works.
    const auto agency = Start(Options());
    EXPECT_EQ(ReceiptOf(Signed(*agency, Message())), receipt);
    EXPECT_EQ(agency->effects(), 1);
    onewindow_.Taken(2);
}

TEST_F(AgencyTest, RepeatsAreEqualButSignedAnew) {
    AgencyOptions options = Options("medical_insurance");
    options.repeat_percent = 100;
    const auto agency = Start(options);
    EXPECT_EQ(agency->algorithm(), "ed25519");
    EXPECT_EQ(Post(Signed(*agency, Message("37010220261123000001", "medical_insurance/enrolment"))),
              202);
    const auto taken = onewindow_.Taken(4);
    EXPECT_EQ(json::Canonical(taken[0]), json::Canonical(taken[1]));
    EXPECT_EQ(json::Canonical(taken[2]), json::Canonical(taken[3]));
    EXPECT_EQ(json::TextAt(taken[3], "state"), "done");
}

TEST_F(AgencyTest, TellsUntilItIsTaken) {
    onewindow_.AnswerFirst({503, 401, 429, 200, 500});
    const auto agency = Start(Options());
    EXPECT_EQ(Post(Signed(*agency, Message())), 202);
    const auto taken = onewindow_.Taken(2);
    EXPECT_EQ(json::TextAt(taken[0], "state"), "accepted");
    EXPECT_EQ(json::TextAt(taken[1], "state"), "done");
    EXPECT_EQ(onewindow_.requests(), 6U);
}

TEST_F(AgencyTest, AFinalNoToOneAnswerDoesNotHoldUpTheNext) {
    onewindow_.AnswerFirst({422});
    const auto agency = Start(Options());
    EXPECT_EQ(Post(Signed(*agency, Message())), 202);
    EXPECT_EQ(json::TextAt(onewindow_.Taken(1)[0], "state"), "done");
}

TEST_F(AgencyTest, ARestartGoesOnFromTheLedger) {
    AgencyOptions slow = Options();
    slow.slow = 1h;
    std::string receipt;
    {
        const auto agency = Start(slow);
        receipt = ReceiptOf(Signed(*agency, Message()));
    }
    EXPECT_EQ(onewindow_.requests(), 0U);
    {
        // A crash in the middle of a line.
        std::ofstream file(slow.directory + "/ledger.jsonl", std::ios::app);
        file << "{\"what\":\"effe";
    }
    std::string public_key;
    {
        const auto agency = Start(Options());
        public_key = agency->public_key();
        EXPECT_EQ(agency->effects(), 1);
        EXPECT_EQ(onewindow_.Taken(2).size(), 2U);
        EXPECT_EQ(ReceiptOf(Signed(*agency, Message())), receipt);
    }
    // What was told is not told again; the key is the same one.
    const auto agency = Start(Options());
    EXPECT_EQ(agency->public_key(), public_key);
    EXPECT_EQ(RegisterOf(*agency).at("entries").as_array().size(), 3U);
    EXPECT_EQ(Post(Signed(*agency, Message("37010220261123000002"))), 202);
    EXPECT_EQ(json::TextAt(onewindow_.Taken(4)[2], "case_number"), "37010220261123000002");
}

TEST_F(AgencyTest, ADamagedLedgerIsNotReadPast) {
    ASSERT_OK(files::MakeDirectory(Options().directory));
    ASSERT_OK(files::WriteFile(Options().directory + "/ledger.jsonl", "{\"what\":\"effe\n{}\n"));
    EXPECT_REFUSED(Agency::Start(Options()), reasons::kLedger);
}

TEST(RegisterPage, BringsLateAnswersToAReaderThatHasPassedTheirMessage) {
    testing::TemporaryFolder folder;
    Register book;
    ASSERT_OK(book.Open(folder.path() + "/ledger.jsonl"));
    const json::object message{{"schema", "onewindow.matter.v1"},
                               {"delivery", "d"},
                               {"case_number", "37010220261123000001"},
                               {"matter", "post/delivery"},
                               {"version", 1},
                               {"authority", "370102"},
                               {"sent_at", "2026-11-23T09:05:00+08:00"},
                               {"policy_version", "p"},
                               {"facts", json::object{}},
                               {"people", json::array{}},
                               {"documents", json::array{}}};
    const Instant now = *ParseInstant("2026-11-23T09:05");
    const auto effect = book.Apply(json::Canonical(message), "R1", now);
    ASSERT_OK(effect);
    const json::object first = book.Page(now, 0);
    EXPECT_EQ(first.at("entries").as_array().size(), 1U);
    ASSERT_OK(book.Work(effect->key, now + 1s));
    const json::object second = book.Page(now, std::stoul(json::TextAt(first, "next")));
    EXPECT_EQ(second.at("entries").as_array().size(), 2U);
    EXPECT_TRUE(book.Page(now + 1min, 0).at("entries").as_array().empty());
}

TEST(AgencyReplies, SealsGoThroughEveryStepWithNumbersOfThirteenDigits) {
    const json::value message = json::object{
        {"case_number", "37010220261123000001"},
        {"matter", "public_security/seals"},
        {"facts", json::object{{"maker", "M1"}, {"seals", json::array{"company", "finance"}}}}};
    const std::vector<Reply> replies = RepliesTo(message, 7);
    std::vector<std::string> steps;
    for (const Reply& reply : replies)
        steps.push_back(reply.step.empty() ? reply.state : reply.step);
    EXPECT_EQ(steps, (std::vector<std::string>{"numbers_allotted", "engraved", "imprint_uploaded",
                                               "filed", "done"}));
    std::set<std::string> numbers;
    for (const std::int64_t sequence : {7, 8}) {
        const std::vector<Reply> made = RepliesTo(message, sequence);
        for (const json::value& seal : made.back().result.at("seals").as_array()) {
            const std::string number = json::TextAt(seal, "number");
            EXPECT_EQ(number.size(), 13U);
            EXPECT_EQ(number.substr(0, 6), "370102");
            EXPECT_TRUE(numbers.insert(number).second);
        }
    }
    EXPECT_EQ(numbers.size(), 4U);
}

TEST(AgencyReplies, TheBankReportsTheAccountAfterItIsDone) {
    const json::value message = json::object{
        {"case_number", "37010220261123000001"},
        {"matter", "bank/appointment"},
        {"facts", json::object{{"branch", "B1"}, {"day", "2026-11-24"}, {"slot", "09:00"}}}};
    const std::vector<Reply> replies = RepliesTo(message, 1);
    ASSERT_EQ(replies.size(), 3U);
    EXPECT_EQ(replies[1].state, "done");
    EXPECT_EQ(json::TextAt(replies[1].result, "day"), "2026-11-24");
    EXPECT_EQ(replies[2].step, "account_opened");
}

TEST(SmsSink, KeepsEachMessageOnceAlsoAcrossARestart) {
    testing::TemporaryFolder folder;
    const auto outside = http::MakeOutside();
    for (int life = 0; life < 2; ++life) {
        const auto sink = StartSmsSink({.directory = folder.path()});
        ASSERT_OK(sink);
        http::Call call{.method = "POST",
                        .url = fmt::format("http://127.0.0.1:{}/messages", (*sink)->port()),
                        .headers = {},
                        .body = R"({"id":"n1","to":"15400000001","text":"你好"})"};
        EXPECT_EQ(outside->Send(call).value().status, 200);
        call.body = R"({"id":"n1","to":"15400000001","text":"再见"})";
        EXPECT_EQ(outside->Send(call).value().status, 422);
    }
    const std::string kept = files::ReadFile(folder.path() + "/messages.jsonl").value();
    EXPECT_EQ(std::count(kept.begin(), kept.end(), '\n'), 1);
}

}  // namespace
}  // namespace onewindow::agencies
