#include "demo/api_client.hpp"

#include <thread>

#include "kernel/auth/auth.hpp"
#include "kernel/crypto/crypto.hpp"

namespace onewindow::demo {
namespace {

constexpr int kSendsMax = 40, kLoginsMax = 5;
constexpr std::string_view kSessions = "/api/v1/sessions";

std::string FromBase32(std::string_view text) {
    std::string bytes;
    unsigned buffer = 0;
    int bits = 0;
    for (const char character : text) {
        const bool letter = character >= 'A' && character <= 'Z';
        const unsigned value = letter ? static_cast<unsigned>(character - 'A') : static_cast<unsigned>(character - '2') + 26U;
        buffer = buffer << 5 | (value & 31U);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(buffer >> bits & 0xFFU);
        }
    }
    return bytes;
}

Failure SaidNo(const std::string& method, const std::string& path, const http::Answer& answer) {
    return Fail(Error(Fault{&reasons::kSaidNo, {}, {}}).WithDetail(method + " " + path + ": " + std::to_string(answer.status) + " " + answer.body));
}

}  // namespace

void Pause(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

Result<http::Answer> ApiClient::Send(const std::string& method, const std::string& path, const std::string* body, std::int64_t if_match) {
    http::Call call;
    call.method = method;
    call.url = base_url_ + path;
    call.timeout = std::chrono::seconds(30);
    if (!token_.empty()) call.headers.Set("Authorization", "Bearer " + token_);
    call.headers.Set("Accept-Language", "zh");
    const std::string key = body == nullptr ? "" : crypto::Hex(random_->Bytes(16));
    if (body != nullptr) {
        call.headers.Set("Content-Type", "application/json");
        call.headers.Set("Idempotency-Key", key);
        call.body = *body;
    }
    if (if_match >= 0) call.headers.Set("If-Match", "\"" + std::to_string(if_match) + "\"");
    for (int sent = 1;; ++sent) {
        const auto send = [&] { return outside_->Send(call); };
        Result<http::Answer> answer = journal_ == nullptr ? send() : journal_->Send(body != nullptr, send);
        const bool again = !answer || answer->status == 503 || answer->status == 429;
        // No answer is stored for a session, since it holds a token: each step under that token proves the session.
        const bool kept = answer && body != nullptr && answer->status < 300 && path != kSessions;
        if (kept && journal_ != nullptr) {
            journal_->Acknowledge({token_, method, path, key, *body, if_match, answer->status, answer->body}, sent > 1,
                                  answer->headers.Get("Idempotency-Replayed") == "true");
        }
        if (!again) return answer;
        if (sent == kSendsMax) return answer;
        ++resent_;
        Pause(std::chrono::milliseconds(std::min(100 * sent, 1000)));
    }
}

Result<json::value> ApiClient::Get(const std::string& path) {
    OW_TRY(const http::Answer answer, Send("GET", path, nullptr, -1));
    if (answer.status != 200) return SaidNo("GET", path, answer);
    return json::Parse(answer.body);
}

Result<json::value> ApiClient::Post(const std::string& path, const json::value& body) {
    const std::string text = json::Text(body);
    OW_TRY(const http::Answer answer, Send("POST", path, &text, -1));
    if (answer.status < 200 || answer.status > 299) return SaidNo("POST", path, answer);
    if (answer.body.empty()) return json::value(json::object{});
    return json::Parse(answer.body);
}

Result<json::value> ApiClient::Put(const std::string& path, const json::value& body, std::int64_t if_match) {
    const std::string text = json::Text(body);
    OW_TRY(const http::Answer answer, Send("PUT", path, &text, if_match));
    if (answer.status != 200) return SaidNo("PUT", path, answer);
    return json::Parse(answer.body);
}

Result<std::string> ApiClient::GetBytes(const std::string& path) {
    OW_TRY(const http::Answer answer, Send("GET", path, nullptr, -1));
    if (answer.status != 200) return SaidNo("GET", path, answer);
    return answer.body;
}

Result<> ApiClient::LoginAsPost(const std::string& login, const std::string& password, const std::string& totp_secret_text, const Clock& clock) {
    // A code is good once. After a quick restart this step's may be spent: then the next one, which the service accepts
    // for clocks that are ahead, and at last the one after the present step is over.
    Result<json::value> answer = Refuse(reasons::kTookTooLong);
    for (const int ahead_s : {0, 30, 31}) {
        if (ahead_s > 30) Pause(std::chrono::seconds(31));
        const std::string code = auth::TotpCode(FromBase32(totp_secret_text), clock.Now() + std::chrono::seconds(ahead_s > 30 ? 0 : ahead_s));
        answer = Post(std::string(kSessions), json::object{{"login", login}, {"password", password}, {"code", code}});
        if (answer) break;
    }
    if (!answer) return Failure(answer.error());
    token_ = json::TextAt(*answer, "token");
    return {};
}

Result<json::value> ApiClient::AskLogin(const std::string& identity_url, const std::string& client_id, const json::value& person) {
    ApiClient service(*outside_, *random_, identity_url);
    OW_TRY(const json::value authorised,
           service.Post("/authorize", json::object{{"client_id", client_id},
                                                   {"id_type", json::TextAt(person, "id_type", "resident_id")},
                                                   {"id_number", json::TextAt(person, "id_number")},
                                                   {"name", json::TextAt(person, "name")},
                                                   {"mobile", json::TextAt(person, "mobile")}}));
    token_.clear();
    OW_TRY(const json::value asked, Post("/api/v1/identity/logins", json::object{{"code", json::TextAt(authorised, "code")}}));
    return Poll("/api/v1/identity/logins/" + json::TextAt(asked, "id"),
                [](const json::value& answer) { return json::TextAt(answer, "state") != "pending"; }, 120);
}

Result<std::string> ApiClient::LoginAsPerson(const std::string& identity_url, const std::string& client_id, const json::value& person) {
    // The session stands in one answer and never again. If that one was lost the login is verified but of no use: once more.
    for (int asked = 1;; ++asked) {
        OW_TRY(const json::value login, AskLogin(identity_url, client_id, person));
        token_ = json::TextAt(login, "token");
        if (!token_.empty()) return json::TextAt(login, "person");
        if (json::TextAt(login, "state") == "verified" && asked < kLoginsMax) continue;
        return Fail(Error(Fault{&reasons::kSaidNo, {}, {}}).WithDetail("login: " + json::TextAt(login, "text")));
    }
}

Result<json::value> ApiClient::Poll(const std::string& path, const std::function<bool(const json::value&)>& done, int seconds_max) {
    // A poll looks often at first: most answers are there at once.
    for (int waited_ms = 0, pause_ms = 20; waited_ms < seconds_max * 1000; waited_ms += pause_ms, pause_ms = std::min(pause_ms * 2, 500)) {
        OW_TRY(json::value answer, Get(path));
        if (done(answer)) return answer;
        Pause(std::chrono::milliseconds(pause_ms));
    }
    return Fail(Error(Fault{&reasons::kTookTooLong, {}, {}}).WithDetail("GET " + path));
}

}  // namespace onewindow::demo
