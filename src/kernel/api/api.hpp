#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernel/auth/principal.hpp"
#include "kernel/clock/clock.hpp"
#include "kernel/db/db.hpp"
#include "kernel/http/message.hpp"
#include "kernel/json/described.hpp"
#include "kernel/log/log.hpp"
#include "kernel/messages/messages.hpp"
#include "kernel/metrics/metrics.hpp"
#include "kernel/sealing/sealing.hpp"

// Routes as data: parse, authorise, call, render. From the same declarations comes the OpenAPI document.
namespace onewindow::api {

/// What every handler may use; one a process.
struct Services {
    db::Database& database;
    const Clock& clock;
    Random& random;
    const sealing::Sealer& sealer;
    const messages::Messages& messages;
    log::Log& log;
    metrics::Metrics& metrics;
};

/// One request on its way through a handler.
class Call {
   public:
    Call(http::Request& request_in, Services& services_in) : request(request_in), services(services_in) {}

    http::Request& request;
    Services& services;
    auth::Principal principal;
    messages::Language language = messages::Language::kChinese;
    std::string trace;

    const std::string& Path(const std::string& name) const { return request.Parameter(name); }
    /// Headers of the answer, such as ETag; kept with an idempotent answer.
    void SetHeader(std::string_view name, std::string_view value) { headers_.Set(name, value); }
    /// The version in If-Match ("\"7\""), or refused with kIfMatchMissing / kIfMatchMalformed.
    Result<std::int64_t> IfMatch() const;

    /// Runs a state change in one transaction together with the idempotency record: a repeat with the same key and
    /// body gets the first answer. `subject` is the case the record lives with; it may be set inside the closure.
    template <class Answer>
    Result<Answer> Command(const std::function<Result<Answer>(db::Transaction&)>& closure) {
        return services.database.Write([&](db::Transaction& tx) -> Result<Answer> {
            OW_TRY(Answer answer, closure(tx));
            OW_CHECK(Remember(tx, json::Write(answer)));
            return answer;
        });
    }
    std::string subject;

   private:
    friend class Router;
    Result<> Remember(db::Transaction& tx, const json::value& answer);

    http::Headers headers_;
    std::string key_, body_digest_, operation_;
    int status_ = 200;
};

struct Empty {};
BOOST_DESCRIBE_STRUCT(Empty, (), ())

enum class Access {
    kPublic,    // Anybody.
    kLoggedIn,  // Any account; the handler checks ownership.
    kRole,      // One of `roles`; the handler checks place and unit.
    kSigned,    // An agency's HTTP message signature, checked by the handler.
};

/// Everything that the contract says of one route.
struct Operation {
    std::string method;
    std::string path;  // "/api/v1/cases/{case}"
    std::string id;    // "createCase"
    std::string summary;
    Access access = Access::kLoggedIn;
    std::vector<auth::Role> roles = {};
    std::vector<const Reason*> reasons = {};
    int status = 200;
    /// For answers that are not JSON ("application/pdf", "text/event-stream"); empty for JSON.
    std::string media_type = {};
    std::string tag = {};
    bool needs_key = true;  // Writes (POST, PUT, PATCH, DELETE) need an Idempotency-Key unless they change nothing.
    bool needs_if_match = false;
    /// Requests a minute from one peer or account; 0: not limited. Against robots, never a cap on people.
    int rate_per_minute = 0;
    /// Names and meanings of query parameters.
    std::vector<std::pair<std::string, std::string>> query = {};
};

/// Answers for routes that are not JSON.
using RawHandler = std::function<Result<http::Response>(Call&)>;

/// Finds out who is asking; implemented by kernel/auth.
class Authenticator {
   public:
    virtual ~Authenticator() = default;
    /// Nobody (an empty principal) where no credentials were sent; refused where they are wrong.
    virtual Result<auth::Principal> Authenticate(const http::Request& request) = 0;
};

class Router {
   public:
    Router(Services services, Authenticator* authenticator);
    ~Router();

    /// Request and answer types are described structs; Empty where there is no body.
    template <class Request, class Answer>
    void Add(Operation operation, std::function<Result<Answer>(Call&, const Request&)> handler) {
        json::object request_schema;
        if constexpr (!std::is_same_v<Request, Empty>) request_schema = json::Schema<Request>(components_);
        AddRoute(std::move(operation), std::move(request_schema), json::Schema<Answer>(components_),
                 [handler = std::move(handler)](Call& call, const json::value& body) -> Result<json::value> {
                     OW_TRY(const Request request, json::Read<Request>(body));
                     OW_TRY(const Answer answer, handler(call, request));
                     return json::Write(answer);
                 });
    }
    void AddRaw(Operation operation, RawHandler handler);

    http::Response Handle(http::Request& request);
    /// For answers that the server itself gives.
    http::Response Problem(const Error& error, messages::Language language, const std::string& trace) const;

    json::object OpenApi() const;
    std::vector<Operation> operations() const;

   private:
    struct Route;
    using JsonHandler = std::function<Result<json::value>(Call&, const json::value&)>;
    void AddRoute(Operation operation, json::object request_schema, json::object answer_schema, JsonHandler handler);
    Result<http::Response> Dispatch(Call& call, std::string& operation_id);
    Result<http::Response> Run(const Route& route, Call& call);
    Result<> Authorise(const Operation& operation, Call& call);
    Result<std::optional<http::Response>> FirstAnswer(Call& call);
    Result<> LimitRate(const Operation& operation, const Call& call);

    Services services_;
    Authenticator* authenticator_;
    json::Components components_;
    std::vector<std::unique_ptr<Route>> routes_;
    struct Limiter;
    std::unique_ptr<Limiter> limiter_;
};

namespace reasons {
inline constexpr Reason kNotFound{"api.not_found", Kind::kNotFound};
inline constexpr Reason kMethodUnknown{"api.method_unknown", Kind::kMethodUnknown};
inline constexpr Reason kLoginNeeded{"api.login_needed", Kind::kUnauthenticated};
inline constexpr Reason kNotYours{"api.not_yours", Kind::kForbidden};
inline constexpr Reason kCsrf{"api.csrf", Kind::kForbidden};
inline constexpr Reason kMediaType{"api.media_type", Kind::kUnsupported};
inline constexpr Reason kKeyRequired{"api.idempotency_key_required", Kind::kKeyRequired};
inline constexpr Reason kKeyMalformed{"api.idempotency_key_malformed", Kind::kMalformed};
inline constexpr Reason kKeyReused{"api.idempotency_key_reused", Kind::kRefused};
inline constexpr Reason kIfMatchMissing{"api.if_match_missing", Kind::kKeyRequired};
inline constexpr Reason kIfMatchMalformed{"api.if_match_malformed", Kind::kMalformed};
inline constexpr Reason kTooMany{"api.too_many_requests", Kind::kTooMany};
inline constexpr Reason kBug{"api.bug", Kind::kBug};
}  // namespace reasons

}  // namespace onewindow::api
