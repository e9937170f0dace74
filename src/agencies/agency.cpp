#include "agencies/agency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "agencies/json_answer.hpp"
#include "agencies/register.hpp"
#include "kernel/files/files.hpp"
#include "kernel/http/client.hpp"
#include "kernel/http/server.hpp"
#include "kernel/http_signature/http_signature.hpp"
#include "kernel/ids/ids.hpp"
#include "kernel/text/text.hpp"

namespace onewindow::agencies {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRetryFirst{200}, kRetryMost{5'000};

http::Response NoAnswer() {
    http::Response response;
    response.status = http::kStatusNone;
    return response;
}

/// As OneWindow keeps it with the attempt, for the person who has to look into it.
http::Response Refusal(int status, std::string_view reason) {
    return JsonAnswer(
        status,
        {{"title", json::value(reason)}, {"status", status}, {"reason", json::value(reason)}});
}

/// A no that the same answer will always get.
bool IsFinalNo(int status) {
    return status == 400 || status == 403 || status == 404 || status == 413 || status == 422;
}

class ReferenceAgency final : public Agency {
 public:
    explicit ReferenceAgency(const AgencyOptions& options)
        : options_(options), outside_(http::MakeOutside()) {}
    ~ReferenceAgency() override { Stop(); }

    Result<> Begin();
    int port() const override { return server_->port(); }
    std::string key_id() const override { return "agency-" + options_.kind; }
    std::string algorithm() const override {
        return std::string(options_.kind == "medical_insurance" ? http_signature::kEd25519
                                                                : http_signature::kSm2Sm3);
    }
    std::string public_key() const override { return public_key_; }
    std::int64_t effects() const override { return register_.effects(); }
    void Stop() override;

 private:
    Result<> LoadKey();
    http::Response Handle(const http::Request& request);
    http::Response TakeMessage(const http::Request& request, const std::string& nonce);
    http::Response Receipt(const std::string& receipt, Instant at) const;
    http::Response ShowRegister(const http::Request& request) const;
    Result<http_signature::Verified> Verify(const http::Request& request) const;
    bool IsFresh(const std::string& nonce);
    std::int64_t CountArrival(const std::string& key);
    bool Chance(std::string_view mode, const std::string& key, std::size_t attempt,
                int percent) const;
    std::string ReceiptFor(const std::string& key) const;

    void Plan(const std::string& key, milliseconds after);
    void Work(const std::stop_token& stop);
    /// Works, then tells what is not told yet; when to go on, if something is left.
    std::optional<milliseconds> Proceed(const std::string& key, const std::stop_token& stop);
    enum class Told { kTaken, kRefused, kLater };
    Told Tell(const json::object& answer);

    const AgencyOptions options_;
    const std::unique_ptr<http::Outside> outside_;
    http_signature::Signer signer_;
    http_signature::KnownKey onewindow_;
    std::string public_key_;
    Register register_;

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::string base_url_;
    std::map<std::string, Instant> nonces_;
    std::map<std::string, std::int64_t> arrivals_;       // How often a message came.
    std::map<std::string, int> failures_;                // Of telling, in a row. The worker's own.
    std::set<std::pair<Monotonic, std::string>> plans_;  // When to look at which effect.
    std::unique_ptr<http::Server> server_;
    std::jthread worker_;
};

Result<> ReferenceAgency::LoadKey() {
    const std::string file = options_.directory + "/key.pem";
    const bool edwards = algorithm() == http_signature::kEd25519;
    auto stored = files::ReadFile(file);
    if (edwards) {
        if (!stored) {
            const crypto::Ed25519Pair pair = crypto::GenerateEd25519();
            stored = crypto::Hex(pair.seed) + "\n" + crypto::Base64(pair.public_key) + "\n";
            OW_CHECK(files::WriteFile(file, *stored, 0600));
        }
        const auto lines = text::Split(*stored, '\n');
        OW_TRY(const std::string seed, crypto::FromHex(lines[0]));
        public_key_ = lines.at(1);
        signer_ = http_signature::MakeSigner(key_id(), seed);
        return {};
    }
    if (!stored) {
        stored = crypto::Sm2PrivateKey::Generate().Pem();
        OW_CHECK(files::WriteFile(file, *stored, 0600));
    }
    OW_TRY(const auto key, crypto::Sm2PrivateKey::FromPem(*stored));
    public_key_ = key.PublicKey().Pem();
    signer_ = http_signature::MakeSigner(key_id(), key);
    return {};
}

Result<> ReferenceAgency::Begin() {
    if (!IsKind(options_.kind)) return Refuse(reasons::kKind, "kind", {{"kind", options_.kind}});
    OW_TRY(const auto key, crypto::Sm2PublicKey::FromPem(options_.onewindow_public_key));
    onewindow_ = http_signature::MakeKnownKey(key);
    OW_CHECK(files::MakeDirectory(options_.directory, 0700));
    OW_CHECK(LoadKey());
    OW_CHECK(register_.Open(options_.directory + "/ledger.jsonl"));
    {
        // Requests wait until the address is known that they were signed for.
        const std::lock_guard lock(mutex_);
        http::ServerOptions server;
        server.listen = options_.listen;
        server.io_threads = 1;
        server.body_bytes_max = 1024 * 1024;
        server.on_bug = [&log = options_.log](std::string_view what) {
            log.Error("agency_bug", {{"what", what}});
        };
        OW_TRY(server_, http::StartServer(
                            server, [this](http::Request& request) { return Handle(request); },
                            ServerFault));
        base_url_ = "http://127.0.0.1:" + std::to_string(server_->port());
    }
    for (const std::string& unfinished : register_.Unfinished()) Plan(unfinished, milliseconds{0});
    worker_ = std::jthread([this](const std::stop_token& stop) { Work(stop); });
    return {};
}

void ReferenceAgency::Stop() {
    if (server_) server_->Drain();
    worker_.request_stop();
    if (worker_.joinable()) worker_.join();
}

http::Response ReferenceAgency::Handle(const http::Request& request) {
    if (request.path == "/healthz") return JsonAnswer(200, {{"kind", options_.kind}});
    if (request.method == "GET" && request.path == "/effects")
        return JsonAnswer(200, {{"effects", effects()}});
    const bool take = request.method == "POST" && request.path == "/exchange/v1/matters";
    const bool show = request.method == "GET" && request.path == "/exchange/v1/register";
    if (!take && !show) return Refusal(404, "not_found");
    const auto signer = Verify(request);
    if (!signer) return Refusal(StatusOf(signer.error().kind()), signer.error().reason().code);
    if (take) return TakeMessage(request, signer->nonce);
    return IsFresh(signer->nonce) ? ShowRegister(request) : Refusal(401, "replayed");
}

Result<http_signature::Verified> ReferenceAgency::Verify(const http::Request& request) const {
    const auto keys = [&](std::string_view key_id) -> std::optional<http_signature::KnownKey> {
        if (key_id != options_.onewindow_key_id) return std::nullopt;
        return onewindow_;
    };
    // The public address is the listening one here; an agency behind a proxy builds it from its own
    // base.
    const std::string uri = [&] {
        const std::lock_guard lock(mutex_);
        return base_url_ + request.target;
    }();
    return http_signature::VerifyRequest({request.method, uri}, request.headers, request.body, keys,
                                         options_.clock.Now());
}

bool ReferenceAgency::IsFresh(const std::string& nonce) {
    const Instant now = options_.clock.Now();
    const std::lock_guard lock(mutex_);
    std::erase_if(nonces_, [&](const auto& entry) {
        return now - entry.second > 2 * http_signature::kWindow;
    });
    return nonces_.emplace(nonce, now).second;
}

std::int64_t ReferenceAgency::CountArrival(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return ++arrivals_[key];
}

http::Response ReferenceAgency::TakeMessage(const http::Request& request,
                                            const std::string& nonce) {
    const auto parsed = json::Parse(request.body);
    const auto message = parsed ? json::Read<MatterMessage>(*parsed)
                                : Result<MatterMessage>(Failure(parsed.error()));
    if (!message) return Refusal(400, message.error().reason().code);
    const std::string key = KeyOf(*message);
    if (request.headers.Get("Idempotency-Key") != key)
        return Refusal(422, "key_of_another_message");
    if (request.headers.Get("OneWindow-Delivery") != message->delivery)
        return Refusal(422, "delivery_of_another_message");
    // An equal message is welcome however often it comes: it has no effect, so that an old nonce
    // does no harm either.
    if (const auto known = register_.Find(key)) {
        const bool same = known->payload_sm3 == crypto::Hex(crypto::Sm3(request.body));
        return same ? Receipt(known->receipt, known->at) : Refusal(422, "key_reused");
    }
    if (const std::string_view fault = CheckMessage(options_.kind, *message); !fault.empty())
        return Refusal(422, fault);
    const auto arrival = static_cast<std::size_t>(CountArrival(key));
    const bool lose = Chance("lose", key, arrival, options_.lose_percent);
    if (lose && Chance("lose before", key, arrival, 50)) return NoAnswer();
    if (!IsFresh(nonce)) return Refusal(401, "replayed");
    const Instant now = options_.clock.Now();
    if (Chance("lie", key, arrival, options_.lie_percent)) return Receipt(ReceiptFor(key), now);
    const auto effect = register_.Apply(request.body, ReceiptFor(key), now);
    if (!effect) {
        options_.log.Error("effect_not_kept", {{"why", effect.error().Describe()}});
        return Refusal(503, "ledger");
    }
    Plan(key, Chance("slow", key, 0, options_.slow_percent) ? options_.slow : std::chrono::milliseconds{0});
    return lose ? NoAnswer() : Receipt(effect->receipt, effect->at);
}

http::Response ReferenceAgency::Receipt(const std::string& receipt, Instant at) const {
    return JsonAnswer(202, {{"receipt", receipt}, {"received_at", FormatInstant(at)}});
}

http::Response ReferenceAgency::ShowRegister(const http::Request& request) const {
    const auto since = ParseInstant(request.QueryValue("since").value_or(""));
    const std::string after = request.QueryValue("after").value_or("0");
    if (!since || !text::IsDigits(after) || after.size() > 9) return Refusal(400, "query");
    return JsonAnswer(200, register_.Page(*since, std::stoul(after)));
}

bool ReferenceAgency::Chance(std::string_view mode, const std::string& key, std::size_t attempt,
                             int percent) const {
    if (percent <= 0) return false;
    const std::string digest =
        crypto::Sm3(fmt::format("{} {} {} {}", options_.seed, mode, key, attempt));
    const unsigned drawn =
        static_cast<unsigned char>(digest[0]) * 256U + static_cast<unsigned char>(digest[1]);
    return drawn % 100U < static_cast<unsigned>(percent);
}

/// Follows from the message, so that one that was lied about gets the same when it is taken at
/// last.
std::string ReferenceAgency::ReceiptFor(const std::string& key) const {
    return options_.kind + "-" + crypto::Hex(crypto::Sm3(key)).substr(0, 16);
}

void ReferenceAgency::Plan(const std::string& key, milliseconds after) {
    const std::lock_guard lock(mutex_);
    plans_.emplace(options_.clock.Ticks() + after, key);
    changed_.notify_all();
}

void ReferenceAgency::Work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        if (plans_.empty()) {
            changed_.wait(lock, stop, [this] { return !plans_.empty(); });
            continue;
        }
        const auto [due, key] = *plans_.begin();
        const Monotonic left = due - options_.clock.Ticks();
        if (left > Monotonic{0}) {
            changed_.wait_for(lock, stop, left,
                              [this, first = due] { return plans_.begin()->first < first; });
            continue;
        }
        plans_.erase(plans_.begin());
        lock.unlock();
        // What one case has to wait for holds up no other.
        if (const auto again = Proceed(key, stop)) Plan(key, *again);
        lock.lock();
    }
}

std::optional<milliseconds> ReferenceAgency::Proceed(const std::string& key,
                                                     const std::stop_token& stop) {
    const auto effect = register_.Work(key, options_.clock.Now());
    if (!effect) {
        options_.log.Error("work_not_kept", {{"why", effect.error().Describe()}});
        return kRetryMost;
    }
    for (std::size_t next = effect->told; next < effect->answers.size() && !stop.stop_requested();
         ++next) {
        const json::object& answer = effect->answers[next];
        if (Tell(answer) == Told::kLater) {
            const int failed = std::min(failures_[key]++, 10);
            return std::min(kRetryFirst * (1 << failed), kRetryMost);
        }
        failures_.erase(key);
        if (Chance("repeat", key, next, options_.repeat_percent)) Tell(answer);
        // Told first, noted then: whoever dies between tells it again after the restart.
        if (!register_.Told(key, options_.clock.Now())) return kRetryMost;
    }
    return std::nullopt;
}

ReferenceAgency::Told ReferenceAgency::Tell(const json::object& answer) {
    http::Call call{.method = "POST",
                    .url = options_.onewindow_url + "/exchange/v1/results",
                    .headers = {},
                    .body = json::Canonical(answer)};
    call.headers.Set("Content-Type", "application/json");
    const auto ready =
        http_signature::SignRequest({call.method, call.url}, call.headers, call.body, signer_,
                                    options_.clock.Now(), NewUlid(options_.clock, options_.random));
    OW_ASSERT(ready.has_value());
    const auto said = outside_->Send(call);
    if (said && said->status == 200) return Told::kTaken;
    options_.log.Warn(
        "answer_not_taken",
        {{"key", json::TextAt(answer, "case_number") + "/" + json::TextAt(answer, "matter")},
         {"state", json::TextAt(answer, "state")},
         {"step", json::TextAt(answer, "step")},
         {"status", said ? said->status : 0},
         {"why", said ? said->body.substr(0, 1'000) : said.error().Describe()}});
    return said && IsFinalNo(said->status) ? Told::kRefused : Told::kLater;
}

}  // namespace

Result<std::unique_ptr<Agency>> Agency::Start(const AgencyOptions& options) {
    auto agency = std::make_unique<ReferenceAgency>(options);
    OW_CHECK(agency->Begin());
    return std::unique_ptr<Agency>(std::move(agency));
}

}  // namespace onewindow::agencies
