#pragma once

#include <map>

#include "exchange/engine.hpp"
#include "exchange/queries.gen.hpp"
#include "kernel/testing/api_client.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

// For *_test.cpp only: a licensed case, the engine around it, and an agency that can be told to misbehave.
namespace onewindow::exchange {

/// An agency's system without sockets. Applies each message once by its Idempotency-Key, as the interface asks.
class FakeAgency final : public http::Outside {
   public:
    enum class Mode { kHonest, kDown, kLoseReply, kLie, kBusy, kRefuse, kRedirect, kOk200, kWrongType, kNotJson };
    struct Effect {
        json::object message;
        std::string body, receipt;
        int deliveries = 0;
    };

    explicit FakeAgency(const Clock& clock) : clock_(clock) {}

    Result<http::Answer> Send(const http::Call& call) override {
        ++calls;
        if (mode == Mode::kDown) return Refuse(http::reasons::kNoAnswer);
        const auto keys = [&](std::string_view) { return std::optional(http_signature::MakeKnownKey(own_key.PublicKey())); };
        const auto verified = http_signature::VerifyRequest({call.method, call.url}, call.headers, call.body, keys, clock_.Now());
        EXPECT_TRUE(verified) << verified.error().Describe();
        if (call.method == "GET") return http::Answer{200, {}, Register()};
        switch (mode) {
            case Mode::kBusy: return http::Answer{503, {}, ""};
            case Mode::kRefuse: return http::Answer{422, {}, R"({"title":"no","reason":"agency.no"})"};
            case Mode::kRedirect: return http::Answer{302, {}, ""};
            case Mode::kOk200: return http::Answer{200, {}, R"({"receipt":"R","received_at":"2026-11-23T09:00:00+08:00"})"};
            case Mode::kWrongType: return http::Answer{202, {}, R"({"receipt":7,"received_at":"2026-11-23T09:00:00+08:00"})"};
            case Mode::kNotJson: return http::Answer{202, {}, "<html>"};
            case Mode::kLie: return http::Answer{202, {}, R"({"receipt":"LIE","received_at":"2026-11-23T09:00:00+08:00"})"};
            default: break;
        }
        Effect& effect = effects[std::string(call.headers.Get("Idempotency-Key"))];
        if (effect.deliveries++ == 0) {
            effect.body = call.body;
            effect.message = json::Parse(call.body)->as_object();
            effect.receipt = "R-" + std::to_string(effects.size());
        } else if (effect.body != call.body) {
            return http::Answer{422, {}, R"({"title":"other content"})"};
        }
        if (on_applied) on_applied(effect);
        if (mode == Mode::kLoseReply) return Refuse(http::reasons::kNoAnswer);
        return http::Answer{202, {}, json::Text(json::object{{"receipt", effect.receipt}, {"received_at", "2026-11-23T09:05:00+08:00"}})};
    }

    std::string Register() const {
        json::array entries;
        for (const json::object& entry : register_entries) entries.push_back(entry);
        return json::Text(json::object{{"entries", entries}, {"next", nullptr}});
    }

    Mode mode = Mode::kHonest;
    int calls = 0;
    std::map<std::string, Effect> effects;
    std::vector<json::object> register_entries;
    std::function<void(const Effect&)> on_applied;
    crypto::Sm2PrivateKey own_key = crypto::Sm2PrivateKey::Generate();  // OneWindow's.

   private:
    const Clock& clock_;
};

/// A made-up matter, so that law can change without breaking the engine's tests.
Matter LemonadeStand();
/// Waits for the stand's first step; may be closed.
Matter IceSupply();

class ExchangeWorld : public testing::BothEngines {
   protected:
    ExchangeWorld() { Reset({LemonadeStand(), IceSupply()}); }

    /// Builds the engine anew; connected unless told otherwise.
    void Reset(std::vector<Matter> matters, bool connected = true);
    /// A case in review with these facts.
    void OpenCase(json::object facts);
    void Submit();
    void License();

    template <class F>
    auto Write(F&& closure) {
        return database().Write(std::forward<F>(closure));
    }
    std::vector<Track> Tracks() {
        return database().Read([&](db::Transaction& tx) { return TracksOf(tx, case_); }).value();
    }
    Track TrackFor(std::string_view matter) {
        for (Track& track : Tracks()) {
            if (track.matter == matter) return track;
        }
        ADD_FAILURE() << "no track " << matter;
        return {};
    }
    TrackState StateFor(std::string_view matter) { return TrackFor(matter).state; }
    int CountEvents(std::string_view kind);
    progress::ClockState ClockFor(std::string_view subject);
    /// What the agency would say of the stand's current version.
    AnswerMessage Answer(std::string_view matter, std::string state, std::string step = {}, json::object result = {});
    /// Over the signed route.
    testing::ApiAnswer CallBack(const AnswerMessage& answer) { return CallBackText(json::Text(json::Write(answer))); }
    testing::ApiAnswer CallBackText(const std::string& body, std::string nonce = {}, const crypto::Sm2PrivateKey* key = nullptr);
    static json::object Entry(const AnswerMessage& answer, const std::string& payload_sm3) {
        json::object entry = json::Write(answer).as_object();
        entry["payload_sm3"] = payload_sm3;
        return entry;
    }
    std::string PayloadOf(std::string_view matter);
    json::object StandResult(std::string permit = "P-1") { return {{"permit", permit}, {"cups", 7}}; }
    /// Runs due jobs, moving the clock to the next retry up to `times` times.
    void RunFor(int times, std::chrono::minutes step = std::chrono::minutes{15}) {
        for (int i = 0; i < times; ++i) {
            runner_->RunDue();
            clock_.Advance(step);
        }
        runner_->RunDue();
    }
    std::vector<std::string> Dump(db::Database& from, const char* sql);

    static reference::Store& SharedStore() {
        static reference::Store store;
        return store;
    }

    testing::ApiWorld api_{database(), clock_, random_};
    progress::EventKinds kinds_;
    std::unique_ptr<progress::Recorder> recorder_;
    std::unique_ptr<progress::Clocks> clocks_;
    naming::NameTables tables_;
    naming::SqlExaminer examiner_;
    testing::TemporaryFolder folder_;
    std::unique_ptr<application::Application> application_;
    std::unique_ptr<FakeAgency> agency_;
    std::unique_ptr<Exchange> exchange_;
    std::unique_ptr<api::Router> router_;
    NoCrashPoints crash_;
    std::unique_ptr<jobs::Runner> runner_;
    crypto::Sm2PrivateKey agency_key_ = crypto::Sm2PrivateKey::Generate();
    std::optional<licence::LicenceFacts> licence_;
    std::vector<handover::ItemMade> items_;
    int all_final_ = 0;
    CaseId case_{"01JCASE0000000000000000001"};
    std::string number_ = "370102202611230000017";
};

}  // namespace onewindow::exchange
