#include "agencies/agency.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "agencies/json_answer.hpp"
#include "agencies/results.hpp"
#include "kernel/files/files.hpp"
#include "kernel/http/client.hpp"
#include "kernel/http/server.hpp"
#include "kernel/http_signature/http_signature.hpp"
#include "kernel/text/text.hpp"

namespace onewindow::agencies {
namespace {

constexpr std::chrono::milliseconds kRetryFirst{200}, kRetryMost{5'000};
constexpr std::size_t kPage = 500;

const std::map<std::string, std::set<std::string>, std::less<>> kMatters = {
    {"social_insurance", {"human_resources/social_insurance"}}, {"medical_insurance", {"medical_insurance/enrolment"}},
    {"housing_fund", {"housing_fund/account"}},                 {"seals", {"public_security/seals"}},
    {"tax", {"tax/new_taxpayer"}},                              {"bank", {"bank/appointment"}},
    {"post", {"post/delivery"}},                                {"registration", {"registration/publicity", "registration/licence_notice"}}};

/// One message that took effect, and every answer given to it so far.
struct Entry {
    std::string key;          // Idempotency-Key: case, matter, version
    std::string payload_sm3;  // Hex
    std::string receipt;
    json::value message;
    std::vector<json::object> answers;  // As sent; the last may still be unsent.
};

/// Lines of JSON, each synced before anything is said about it.
class Ledger {
   public:
    ~Ledger() {
        if (handle_ >= 0) close(handle_);
    }
    Result<std::vector<json::value>> Open(const std::string& path) {
        std::vector<json::value> lines;
        std::ifstream in(path);
        for (std::string line; std::getline(in, line);) {
            // A torn last line was never acknowledged.
            auto parsed = json::Parse(line);
            if (parsed) lines.push_back(*std::move(parsed));
        }
        handle_ = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (handle_ < 0) return Refuse(reasons::kLedger, path);
        return lines;
    }
    Result<> Append(const json::object& line) {
        const std::string text = json::Text(line) + "\n";
        if (write(handle_, text.data(), text.size()) != static_cast<ssize_t>(text.size()) || fdatasync(handle_) != 0) {
            return Refuse(reasons::kLedger);
        }
        return {};
    }

   private:
    int handle_ = -1;
};

class ReferenceAgency final : public Agency {
   public:
    explicit ReferenceAgency(const AgencyOptions& options) : options_(options), outside_(http::MakeOutside()) {}
    ~ReferenceAgency() override { Stop(); }

    Result<> Begin();
    int port() const override { return server_->port(); }
    std::string key_id() const override { return "agency-" + options_.kind; }
    std::string algorithm() const override { return std::string(options_.kind == "medical_insurance" ? http_signature::kEd25519 : http_signature::kSm2Sm3); }
    std::string public_key() const override { return public_key_; }
    std::int64_t effects() const override {
        const std::lock_guard lock(mutex_);
        return static_cast<std::int64_t>(entries_.size());
    }
    void Stop() override;

   private:
    Result<> LoadKey();
    Result<> LoadLedger();
    http::Response Handle(const http::Request& request);
    http::Response TakeMessage(const http::Request& request);
    http::Response ShowRegister(const http::Request& request);
    Result<> CheckSignature(const http::Request& request);
    bool Chance(int percent) { return percent > 0 && options_.random.Below(100) < static_cast<std::uint64_t>(percent); }
    void Work(const std::stop_token& stop);
    void Serve(std::size_t index, const std::stop_token& stop);
    bool Send(const json::object& answer, const std::stop_token& stop);
    json::object AnswerTo(const Entry& entry, const Reply& reply) const;
    bool Wait(std::chrono::milliseconds time, const std::stop_token& stop);

    const AgencyOptions options_;
    std::unique_ptr<http::Outside> outside_;
    http_signature::Signer signer_;
    http_signature::KnownKey onewindow_;
    std::string public_key_, base_url_;
    Ledger ledger_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<Entry> entries_;
    std::map<std::string, std::size_t> by_key_;
    std::vector<std::size_t> queue_;  // Entries that are not done.
    std::unique_ptr<http::Server> server_;
    std::vector<std::jthread> workers_;
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

Result<> ReferenceAgency::LoadLedger() {
    OW_TRY(const std::vector<json::value> lines, ledger_.Open(options_.directory + "/ledger.jsonl"));
    for (const json::value& line : lines) {
        const std::string key = json::TextAt(line, "key");
        if (json::TextAt(line, "what") == "effect") {
            by_key_[key] = entries_.size();
            entries_.push_back({key, json::TextAt(line, "payload_sm3"), json::TextAt(line, "receipt"), line.at("message"), {}});
        } else if (const auto found = by_key_.find(key); found != by_key_.end()) {
            entries_[found->second].answers.push_back(line.at("answer").as_object());
        }
    }
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const auto& answers = entries_[i].answers;
        if (answers.empty() || json::TextAt(answers.back(), "state") != "done") queue_.push_back(i);
    }
    return {};
}

Result<> ReferenceAgency::Begin() {
    if (!kMatters.contains(options_.kind)) return Refuse(reasons::kKind, "kind", {{"kind", options_.kind}});
    OW_TRY(const auto key, crypto::Sm2PublicKey::FromPem(options_.onewindow_public_key));
    onewindow_ = http_signature::MakeKnownKey(key);
    OW_CHECK(LoadKey());
    OW_CHECK(LoadLedger());
    http::ServerOptions server;
    server.listen = options_.listen;
    server.io_threads = 1;
    OW_TRY(server_, http::StartServer(server, [this](http::Request& request) { return Handle(request); }, ServerFault));
    base_url_ = "http://127.0.0.1:" + std::to_string(server_->port());
    for (int i = 0; i < 2; ++i) workers_.emplace_back([this](const std::stop_token& stop) { Work(stop); });
    return {};
}

void ReferenceAgency::Stop() {
    if (server_) server_->Drain();
    for (std::jthread& worker : workers_) worker.request_stop();
    changed_.notify_all();
    workers_.clear();
}

http::Response ReferenceAgency::Handle(const http::Request& request) {
    if (request.path == "/healthz") return JsonAnswer(200, {{"kind", options_.kind}});
    if (request.method == "GET" && request.path == "/effects") return JsonAnswer(200, {{"effects", effects()}});
    if (const auto known = CheckSignature(request); !known) return FaultAnswer(StatusOf(known.error().kind()), known.error().reason().code);
    if (request.method == "POST" && request.path == "/exchange/v1/matters") return TakeMessage(request);
    if (request.method == "GET" && request.path == "/exchange/v1/register") return ShowRegister(request);
    return FaultAnswer(404, "not_found");
}

Result<> ReferenceAgency::CheckSignature(const http::Request& request) {
    const auto keys = [&](std::string_view key_id) -> std::optional<http_signature::KnownKey> {
        if (key_id != options_.onewindow_key_id) return std::nullopt;
        return onewindow_;
    };
    // The public address is the listening one here; an agency behind a proxy builds it from its own base.
    OW_CHECK(http_signature::VerifyRequest({request.method, base_url_ + request.target}, request.headers, request.body, keys, options_.clock.Now()));
    return {};
}

http::Response ReferenceAgency::TakeMessage(const http::Request& request) {
    const std::string key(request.headers.Get("Idempotency-Key"));
    const auto message = json::Parse(request.body);
    if (!message || !message->is_object() || key.empty()) return FaultAnswer(400, "malformed");
    const std::string matter = json::TextAt(*message, "matter");
    if (!kMatters.at(options_.kind).contains(matter)) return FaultAnswer(422, "not_our_matter");
    if (Chance(options_.lie_percent)) return JsonAnswer(202, {{"receipt", "LIE" + key}, {"received_at", FormatInstant(options_.clock.Now())}});
    const bool lose = Chance(options_.lose_percent);
    // A lost connection looks like a fault of the network: the answer is a 503 that says nothing about what was stored.
    if (lose && Chance(50)) return FaultAnswer(503, "lost");
    const std::string payload = crypto::Hex(crypto::Sm3(request.body));
    std::string receipt;
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = by_key_.find(key); found != by_key_.end()) {
            const Entry& entry = entries_[found->second];
            if (entry.payload_sm3 != payload) return FaultAnswer(422, "key_reused");
            receipt = entry.receipt;
        } else {
            receipt = fmt::format("{}-{:06}", options_.kind, entries_.size() + 1);
            const json::object line{{"what", "effect"}, {"key", key}, {"payload_sm3", payload}, {"receipt", receipt}, {"message", *message}};
            if (!ledger_.Append(line)) return FaultAnswer(503, "ledger");
            by_key_[key] = entries_.size();
            queue_.push_back(entries_.size());
            entries_.push_back({key, payload, receipt, *message, {}});
            changed_.notify_one();
        }
    }
    if (lose) return FaultAnswer(503, "lost");
    return JsonAnswer(202, {{"receipt", receipt}, {"received_at", FormatInstant(options_.clock.Now())}});
}

http::Response ReferenceAgency::ShowRegister(const http::Request& request) {
    std::size_t from = 0;
    if (const auto after = request.QueryValue("after"); after && text::IsDigits(*after) && after->size() < 10) from = std::stoul(*after);
    json::array entries;
    const std::lock_guard lock(mutex_);
    std::size_t index = from;
    for (; index < entries_.size() && entries.size() < kPage; ++index) {
        const Entry& entry = entries_[index];
        json::object received = AnswerTo(entry, {"received"});
        received["payload_sm3"] = entry.payload_sm3;
        entries.push_back(std::move(received));
        for (json::object answer : entry.answers) {
            answer["payload_sm3"] = entry.payload_sm3;
            entries.push_back(std::move(answer));
        }
    }
    json::object page{{"entries", std::move(entries)}};
    if (index < entries_.size()) page["next"] = std::to_string(index);
    return JsonAnswer(200, page);
}

json::object ReferenceAgency::AnswerTo(const Entry& entry, const Reply& reply) const {
    json::object answer{{"schema", "onewindow.answer.v1"},
                        {"delivery", json::TextAt(entry.message, "delivery")},
                        {"case_number", json::TextAt(entry.message, "case_number")},
                        {"matter", json::TextAt(entry.message, "matter")},
                        {"version", json::IntAt(entry.message, "version")},
                        {"state", reply.state},
                        {"receipt", entry.receipt},
                        {"officer", "演示经办"},
                        {"at", FormatInstant(options_.clock.Now())}};
    if (!reply.step.empty()) answer["step"] = reply.step;
    if (reply.state == "done" || !reply.result.empty()) answer["result"] = reply.result;
    return answer;
}

bool ReferenceAgency::Wait(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

void ReferenceAgency::Work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::size_t index = 0;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [&] { return !queue_.empty(); })) return;
            index = queue_.front();
            queue_.erase(queue_.begin());
        }
        if (options_.slow.count() > 0 && !Wait(options_.slow, stop)) return;
        Serve(index, stop);
    }
}

void ReferenceAgency::Serve(std::size_t index, const std::stop_token& stop) {
    Entry entry;
    {
        const std::lock_guard lock(mutex_);
        entry = entries_[index];
    }
    const std::vector<Reply> replies = RepliesTo(entry.message, static_cast<std::int64_t>(index + 1));
    for (std::size_t i = entry.answers.size(); i < replies.size(); ++i) {
        const json::object answer = AnswerTo(entry, replies[i]);
        if (!Send(answer, stop)) return;
        if (Chance(options_.repeat_percent) && !Send(answer, stop)) return;
        const std::lock_guard lock(mutex_);
        if (!ledger_.Append({{"what", "answer"}, {"key", entry.key}, {"answer", answer}})) return;
        entries_[index].answers.push_back(answer);
    }
}

/// Until the service has taken it, or refused it for good; each try has a nonce of its own.
bool ReferenceAgency::Send(const json::object& answer, const std::stop_token& stop) {
    http::Call call;
    call.method = "POST";
    call.url = options_.onewindow_url + "/exchange/v1/results";
    call.body = json::Canonical(answer);
    for (auto pause = kRetryFirst; !stop.stop_requested(); pause = std::min(pause * 2, kRetryMost)) {
        call.headers = {};
        call.headers.Set("Content-Type", "application/json");
        const auto ready = http_signature::SignRequest({call.method, call.url}, call.headers, call.body, signer_, options_.clock.Now(),
                                                       NewUlid(options_.clock, options_.random));
        OW_ASSERT(ready.has_value());
        const auto said = outside_->Send(call);
        if (said && said->status == 200) return true;
        const bool refused = said && said->status >= 400 && said->status < 500 && said->status != 408 && said->status != 409 && said->status != 429;
        if (refused) {
            options_.log.Warn("answer_refused", {{"status", said->status}, {"body", said->body}});
            return true;
        }
        if (!Wait(pause, stop)) return false;
    }
    return false;
}

}  // namespace

Result<std::unique_ptr<Agency>> Agency::Start(const AgencyOptions& options) {
    auto agency = std::make_unique<ReferenceAgency>(options);
    OW_CHECK(agency->Begin());
    return std::unique_ptr<Agency>(std::move(agency));
}

}  // namespace onewindow::agencies
