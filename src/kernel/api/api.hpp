#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
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

// Routes as data: parse, authorise, call, render. From the same declarations comes the OpenAPI
// document.
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
    /// Session cookies carry Secure: set wherever TLS stands in front.
    bool secure_cookies = false;
};

/// One request on its way through a handler.
class Call {
 public:
    Call(http::Request& request_in, Services& services_in)
        : request(request_in), services(services_in) {}

    http::Request& request;
    Services& services;
    auth::Principal principal;
    messages::Language language = messages::Language::kChinese;
    std::string trace;

    const std::string& Path(const std::string& name) const { return request.Parameter(name); }
    /// Headers of the answer, such as ETag; kept with an idempotent answer if set inside the
    /// Command's closure.
    void SetHeader(std::string_view name, std::string_view value) { headers_.Set(name, value); }
    /// ETag of a version, as If-Match wants it back.
    void SetVersion(std::int64_t version) {
        SetHeader("ETag", "\"" + std::to_string(version) + "\"");
    }
    /// The version in If-Match ("\"7\""), or refused with kIfMatchMissing / kIfMatchMalformed.
    Result<std::int64_t> IfMatch() const;

    /// Runs a state change in one transaction together with the idempotency record: a repeat with
    /// the same key and body gets the first answer. `subject` is the case the record lives with; it
    /// may be set inside the closure. One Command a request. A twin that runs at the same time
    /// waits for this one and gets its answer.
    template <class Answer>
    Result<Answer> Command(const std::function<Result<Answer>(db::Transaction&)>& closure) {
        OW_CHECK(CheckFirstCommand());
        auto answer = services.database.Write([&](db::Transaction& tx) -> Result<Answer> {
            OW_CHECK(Claim(tx));
            OW_TRY(Answer made, closure(tx));
            OW_CHECK(Remember(tx, json::Write(made)));
            return made;
        });
        remembered_ = answer.has_value();
        return answer;
    }
    std::string subject;

    /// An answer of a raw handler as the JSON routes give it, so that a repeat gets the same bytes.
    template <class Answer>
    http::Response Render(const Answer& answer) const {
        return RenderJson(json::Write(answer));
    }

 private:
    friend class Router;
    Result<> CheckFirstCommand() const;
    /// Takes the key, or refuses with kRepeated if an earlier request has it; the router then looks
    /// up its answer.
    Result<> Claim(db::Transaction& tx);
    Result<> Remember(db::Transaction& tx, const json::value& answer);
    http::Response RenderJson(const json::value& answer) const;

    http::Headers headers_;
    std::string key_, body_digest_, operation_;
    int status_ = 200;
    bool remembered_ = false;
};

/// Ends the life of the idempotency records of a case; for its archive.
Result<> ForgetAnswers(db::Transaction& tx, std::string_view subject);

struct Empty {};
BOOST_DESCRIBE_STRUCT(Empty, (), ())

enum class Access {
    kPublic,    // Anybody.
    kLoggedIn,  // Any account; the handler checks ownership.
    kRole,      // One of `roles`; the handler checks place and unit.
    kSigned,    // An agency's HTTP message signature, checked by the handler, which sets
                // principal.account.
};
BOOST_DESCRIBE_ENUM(Access, kPublic, kLoggedIn, kRole, kSigned)

/// Everything that the contract says of one route.
struct Operation {
    std::string method;
    std::string path;  // "/api/v1/cases/{case}"
    std::string id;    // "createCase"
    std::string summary;
    Access access = Access::kLoggedIn;
    std::vector<auth::Role> roles = {};
    std::vector<const Reason*> reasons = {};
    /// Refuses (422) also for what rules of law, entity types and matters find: folders add those,
    /// nobody can list them here.
    bool refuses_by_rules = false;
    int status = 200;
    /// For answers that are not JSON ("application/pdf", "text/event-stream"); empty for JSON.
    std::string media_type = {};
    std::string tag = {};
    bool needs_key = true;  // Writes (POST, PUT, PATCH, DELETE) need an Idempotency-Key unless they
                            // change nothing.
    bool needs_if_match = false;
    /// Requests a minute from one peer or account; 0: not limited. Against robots, never a cap on
    /// people.
    int rate_per_minute = 0;
    /// Names and meanings of query parameters; others are refused.
    std::vector<std::pair<std::string, std::string>> query = {};
    /// What a raw route reads, if anything ("application/octet-stream"); JSON routes leave it
    /// empty.
    std::string request_media_type = {};
};

/// One fault of a problem document.
struct ProblemError {
    std::string field, reason, citation, text;
};
BOOST_DESCRIBE_STRUCT(ProblemError, (), (field, reason, citation, text))

/// RFC 9457. `reason`, `field`, `citation` and `title` are those of the fault that decided the
/// status.
struct ProblemDocument {
    std::string type, title;
    int status = 500;
    std::string reason;
    std::optional<std::string> field, citation;
    std::string trace;
    std::vector<ProblemError> errors;  // All faults, sorted by field, then reason.
};
BOOST_DESCRIBE_STRUCT(ProblemDocument, (),
                      (type, title, status, reason, field, citation, trace, errors))

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
        if constexpr (!std::is_same_v<Request, Empty>)
            request_schema = json::Schema<Request>(components_);
        AddRoute(std::move(operation), std::move(request_schema), json::Schema<Answer>(components_),
                 [handler = std::move(handler)](Call& call,
                                                const json::value& body) -> Result<json::value> {
                     OW_TRY(const Request request, json::Read<Request>(body));
                     OW_TRY(const Answer answer, handler(call, request));
                     return json::Write(answer);
                 });
    }
    void AddRaw(Operation operation, RawHandler handler);

    /// What the sentence of a fault is filled with; without it, the fault's own arguments.
    std::function<std::map<std::string, std::string>(const Fault&, messages::Language)>
        arguments_of;

    http::Response Handle(http::Request& request);
    /// For answers that the server itself gives.
    http::Response Problem(const Error& error, messages::Language language,
                           const std::string& trace) const;

    json::object OpenApi() const;
    std::vector<Operation> operations() const;
    /// Every reason that the contract lists for the operation: its own and those common to all of
    /// its shape.
    static std::vector<const Reason*> ReasonsOf(const Operation& operation);

 private:
    struct Route;
    using JsonHandler = std::function<Result<json::value>(Call&, const json::value&)>;
    void AddRoute(Operation operation, json::object request_schema, json::object answer_schema,
                  JsonHandler handler);
    Result<const Route*> Find(http::Request& request, std::string& allow) const;
    Result<http::Response> Dispatch(const Route& route, Call& call);
    Result<http::Response> Run(const Route& route, Call& call);
    Result<http::Response> Invoke(const Route& route, Call& call);
    Result<> Identify(const Operation& operation, Call& call);
    Result<> Authorise(const Operation& operation, const Call& call) const;
    Result<> ReadKey(const Operation& operation, Call& call) const;
    Result<std::optional<http::Response>> FirstAnswer(Call& call);
    Result<> LimitRate(const Operation& operation, const Call& call);
    void Report(const Route* route, const Call& call, const http::Response& response,
                const Error* error, Monotonic started);

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
inline constexpr Reason kStale{"api.stale", Kind::kStale};
inline constexpr Reason kSessionEnded{"api.session_ended", Kind::kUnauthenticated};
inline constexpr Reason kQueryUnknown{"api.query_unknown", Kind::kMalformed};
inline constexpr Reason kQueryRepeated{"api.query_repeated", Kind::kMalformed};
inline constexpr Reason kRepeated{"api.repeated", Kind::kConflict};
inline constexpr Reason kTooMany{"api.too_many_requests", Kind::kTooMany};
inline constexpr Reason kBug{"api.bug", Kind::kBug};
}  // namespace reasons

}  // namespace onewindow::api
