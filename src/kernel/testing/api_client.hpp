#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/api/api.hpp"
#include "kernel/auth/auth.hpp"

// For *_test.cpp only: drives a Router without sockets.
namespace onewindow::testing {

struct ApiAnswer {
    int status = 0;
    http::Headers headers;
    std::string text;
    json::value body;  // null where the answer is not JSON.

    /// `reason` of a problem document, else empty.
    std::string Reason() const { return json::TextAt(body, "reason"); }
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// One client: its bearer token, and a fresh Idempotency-Key for each write unless the test gives
/// one (an empty value in `headers` leaves a header out). `path` may carry a query. Safe from many
/// threads if the router's parts are.
class TestClient {
 public:
    explicit TestClient(api::Router& router, std::string bearer = {})
        : router_(router), bearer_(std::move(bearer)) {}

    ApiAnswer Get(std::string_view path, const HeaderList& headers = {}) const {
        return Send("GET", path, "", headers);
    }
    ApiAnswer Post(std::string_view path, std::string body = {},
                   const HeaderList& headers = {}) const {
        return Send("POST", path, std::move(body), headers);
    }
    ApiAnswer Put(std::string_view path, std::string body = {},
                  const HeaderList& headers = {}) const {
        return Send("PUT", path, std::move(body), headers);
    }
    ApiAnswer Patch(std::string_view path, std::string body = {},
                    const HeaderList& headers = {}) const {
        return Send("PATCH", path, std::move(body), headers);
    }
    ApiAnswer Delete(std::string_view path, const HeaderList& headers = {}) const {
        return Send("DELETE", path, "", headers);
    }
    ApiAnswer Send(std::string_view method, std::string_view path, std::string body,
                   const HeaderList& headers = {}) const;

 private:
    api::Router& router_;
    std::string bearer_;
};

/// Keeps the lines, and fails the test where the API reports that a room broke its contract: a
/// reason that its operation does not declare, or a write without Command.
class StrictLog final : public log::Log {
 public:
    void Write(log::Level level, std::string_view event,
               std::initializer_list<log::Field> fields) override;
    /// "info http_request status=200 …", in order.
    std::vector<std::string> lines() const;
    /// For tests of the API itself.
    void Tolerate() { tolerant_ = true; }

 private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    bool tolerant_ = false;
};

/// Everything a room's API tests need around one database: services, a router with sessions, people
/// to log in.
class ApiWorld {
 public:
    ApiWorld(db::Database& database, const Clock& clock, Random& random);

    /// A post's account with these grants and an open session, without passing the login; gives the
    /// bearer token.
    std::string LogInPost(std::vector<auth::Grant> grants);
    /// The account of a person (any id) with an open session; gives the bearer token.
    std::string LogInPerson(std::string_view person);

 private:
    sealing::Sealer sealer_;
    const messages::Messages messages_;
    std::unique_ptr<metrics::Metrics> metrics_;
    int posts_ = 0;

 public:
    StrictLog log;
    api::Services services;
    std::unique_ptr<api::Authenticator> authenticator;
    api::Router router;
};

}  // namespace onewindow::testing
