#pragma once

#include <string>

#include "demo/journal.hpp"
#include "kernel/clock/clock.hpp"
#include "kernel/http/client.hpp"
#include "kernel/json/json.hpp"
#include "kernel/random/random.hpp"

namespace onewindow::demo {

/// A client of OneWindow's API as a stranger would write it: a bearer token, a fresh Idempotency-Key for each write, and
/// the same key again after no answer or 503. Not safe from many threads; copies are cheap.
class ApiClient {
   public:
    ApiClient(http::Outside& outside, Random& random, std::string base_url)
        : outside_(&outside), random_(&random), base_url_(std::move(base_url)) {}

    void SetToken(std::string token) { token_ = std::move(token); }
    /// Keeps what is acknowledged from now on there.
    void KeepJournal(Journal* journal) { journal_ = journal; }
    const std::string& base_url() const { return base_url_; }
    /// How often a request was sent again.
    int resent() const { return resent_; }

    Result<json::value> Get(const std::string& path);
    Result<json::value> Post(const std::string& path, const json::value& body);
    Result<json::value> Put(const std::string& path, const json::value& body, std::int64_t if_match);
    Result<std::string> GetBytes(const std::string& path);

    /// POST /api/v1/sessions with password and second factor.
    Result<> LoginAsPost(const std::string& login, const std::string& password, const std::string& totp_secret_text, const Clock& clock);
    /// Through the identity service: its /authorize stands for the person's own app. Gives the person's id.
    Result<std::string> LoginAsPerson(const std::string& identity_url, const std::string& client_id, const json::value& person);

    /// Reads until `done` says so; gives up after `seconds_max`.
    Result<json::value> Poll(const std::string& path, const std::function<bool(const json::value&)>& done, int seconds_max);

   private:
    /// One login, until it has an answer.
    Result<json::value> AskLogin(const std::string& identity_url, const std::string& client_id, const json::value& person);
    Result<http::Answer> Send(const std::string& method, const std::string& path, const std::string* body, std::int64_t if_match);

    http::Outside* outside_;
    Random* random_;
    Journal* journal_ = nullptr;
    std::string base_url_, token_;
    int resent_ = 0;
};

void Pause(std::chrono::milliseconds time);

namespace reasons {
/// The service said no; the detail has its sentence.
inline constexpr Reason kSaidNo{"demo.said_no", Kind::kRefused};
inline constexpr Reason kTookTooLong{"demo.took_too_long", Kind::kUnavailable};
inline constexpr Reason kShownOther{"demo.shown_other_bytes", Kind::kRefused, "电子签名法 13"};
inline constexpr Reason kSample{"demo.sample", Kind::kMalformed};
}  // namespace reasons

}  // namespace onewindow::demo
