#include "kernel/api/api.hpp"

#include <exception>
#include <set>

#include "kernel/api/queries.gen.hpp"
#include "kernel/api/route.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/http/server.hpp"
#include "kernel/text/text.hpp"

namespace onewindow::api {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kCsp = "default-src 'none'; frame-ancestors 'none'";
/// Long enough for a fail-over to begin, short enough for a person who waits.
constexpr std::string_view kRetryAfter = "2";
/// What JSON says here fits many times over; files have routes of their own.
constexpr std::size_t kJsonBytesMax = 1024 * 1024;

std::string Lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

bool IsHex(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// W3C Trace Context: version-traceid-parent-flags; empty if it cannot be read.
std::string TraceOf(std::string_view traceparent) {
    if (traceparent.size() < 55 || traceparent[2] != '-' || traceparent[35] != '-') return {};
    const std::string_view version = traceparent.substr(0, 2), trace = traceparent.substr(3, 32);
    if (!IsHex(version) || version == "ff" || !IsHex(trace)) return {};
    if (trace.find_first_not_of('0') == std::string_view::npos) return {};
    return std::string(trace);
}

/// How well the template fits: -1 not at all, else higher where literals stand earlier.
int Fit(const std::vector<std::string>& segments, const std::vector<std::string>& path) {
    if (segments.size() != path.size()) return -1;
    int score = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const bool literal = segments[i] == path[i];
        if (!literal && (!IsParameter(segments[i]) || path[i].empty())) return -1;
        score = score * 2 + (literal ? 1 : 0);
    }
    return score;
}

Result<> CheckMediaType(const http::Request& request, std::string_view due) {
    const std::string_view type = request.headers.Get("Content-Type");
    if (Lower(text::Trim(type.substr(0, type.find(';')))) != due)
        return Refuse(reasons::kMediaType);
    return {};
}

/// The reader's view of a body: strict JSON, or {} where none is due.
Result<json::value> ParseBody(const http::Request& request, bool due) {
    if (!due && request.body.empty()) return json::value(json::object{});
    OW_CHECK(CheckMediaType(request, kJson));
    if (request.body.size() > kJsonBytesMax) return Refuse(http::reasons::kBodyTooLarge);
    return json::Parse(request.body);
}

Result<> CheckQuery(const Operation& operation, const http::Request& request) {
    std::vector<Fault> faults;
    for (const auto& [name, value] : request.query) {
        const auto known = [&name = name](const auto& entry) { return entry.first == name; };
        if (std::none_of(operation.query.begin(), operation.query.end(), known)) {
            faults.push_back({&reasons::kQueryUnknown, name});
        } else if (std::count_if(request.query.begin(), request.query.end(), known) > 1) {
            faults.push_back({&reasons::kQueryRepeated, name});
        }
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    return {};
}

std::string SealedPlace(const std::string& account, const std::string& key) {
    return "api_idempotency.answer:" + account + ":" + key;
}

void SetSafetyHeaders(http::Response& response) {
    const auto set = [&](std::string_view name, std::string_view value) {
        if (!response.headers.Has(name)) response.headers.Set(name, value);
    };
    set("Content-Security-Policy", kCsp);
    set("X-Content-Type-Options", "nosniff");
    set("Referrer-Policy", "no-referrer");
    // Answers may be personal; a handler that knows better says so itself.
    set("Cache-Control", "no-store");
}

}  // namespace

bool IsWrite(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE";
}

bool IsParameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool Router::Route::NeedsKey() const { return IsWrite(operation.method) && operation.needs_key; }

Result<std::int64_t> Call::IfMatch() const {
    const std::string_view header = request.headers.Get("If-Match");
    if (header.empty()) return Refuse(reasons::kIfMatchMissing, "If-Match");
    const bool quoted = header.size() > 2 && header.front() == '"' && header.back() == '"';
    const std::string_view digits =
        quoted ? header.substr(1, header.size() - 2) : std::string_view{};
    if (!text::IsDigits(digits) || digits.size() > 18)
        return Refuse(reasons::kIfMatchMalformed, "If-Match");
    return std::stoll(std::string(digits));
}

Result<> Call::CheckFirstCommand() const {
    // A second transaction would find the claim of the first and answer for it.
    if (!remembered_) return {};
    return Fail(Error(Fault{&reasons::kBug}).WithDetail("two commands in one request"));
}

Result<> Call::Claim(db::Transaction& tx) {
    if (key_.empty()) return {};
    OW_TRY(const auto claimed, tx.Execute(queries::kClaimKey, principal.account, key_, operation_,
                                          body_digest_, services.clock.Now()));
    if (claimed == 0) return Refuse(reasons::kRepeated);
    return {};
}

Result<> Call::Remember(db::Transaction& tx, const json::value& answer) {
    if (key_.empty()) return {};
    json::array headers;
    for (const auto& [name, value] : headers_.all()) headers.push_back(json::array{name, value});
    // Sealing a short text takes microseconds; the answer is not known before the closure has run.
    const std::string sealed = services.sealer.Seal(
        json::Text(json::object{{"headers", std::move(headers)}, {"answer", answer}}),
        SealedPlace(principal.account, key_));
    OW_CHECK(tx.Execute(queries::kRememberAnswer, principal.account, key_, status_,
                        db::Bytes{sealed}, subject));
    return {};
}

http::Response Call::RenderJson(const json::value& answer) const {
    http::Response response;
    response.status = status_;
    response.headers = headers_;
    if (status_ == 204) return response;
    response.headers.Set("Content-Type", kJson);
    response.body = json::Text(answer);
    return response;
}

Result<> ForgetAnswers(db::Transaction& tx, std::string_view subject) {
    OW_ASSERT(!subject.empty());
    OW_CHECK(tx.Execute(queries::kForgetAnswers, subject));
    return {};
}

Router::Router(Services services, Authenticator* authenticator)
    : services_(services), authenticator_(authenticator), limiter_(std::make_unique<Limiter>()) {}

Router::~Router() = default;

void Router::AddRoute(Operation operation, json::object request_schema, json::object answer_schema,
                      JsonHandler handler) {
    auto route = std::make_unique<Route>();
    route->segments = text::Split(operation.path, '/');
    route->reasons = ReasonsOf(operation);
    route->operation = std::move(operation);
    route->request_schema = std::move(request_schema);
    route->answer_schema = std::move(answer_schema);
    route->json = std::move(handler);
    OW_ASSERT((route->operation.access == Access::kRole) == !route->operation.roles.empty());
    for (const auto& other : routes_) {
        OW_ASSERT(other->operation.id != route->operation.id);
        OW_ASSERT(other->operation.method != route->operation.method ||
                  other->segments != route->segments);
    }
    routes_.push_back(std::move(route));
}

void Router::AddRaw(Operation operation, RawHandler handler) {
    AddRoute(std::move(operation), {}, {}, {});
    routes_.back()->raw = std::move(handler);
}

std::vector<Operation> Router::operations() const {
    std::vector<Operation> operations;
    for (const auto& route : routes_) operations.push_back(route->operation);
    return operations;
}

Result<const Router::Route*> Router::Find(http::Request& request, std::string& allow) const {
    const std::vector<std::string> path = text::Split(request.path, '/');
    const Route* best = nullptr;
    int best_fit = -1;
    std::set<std::string> methods;
    for (const auto& route : routes_) {
        const int fit = Fit(route->segments, path);
        if (fit < 0) continue;
        if (route->operation.method != request.method) {
            methods.insert(route->operation.method);
        } else if (fit > best_fit) {
            best = route.get();
            best_fit = fit;
        }
    }
    if (best == nullptr) {
        allow = text::Join({methods.begin(), methods.end()}, ", ");
        return methods.empty() ? Refuse(reasons::kNotFound) : Refuse(reasons::kMethodUnknown);
    }
    for (std::size_t i = 0; i < path.size(); ++i) {
        const std::string& segment = best->segments[i];
        if (IsParameter(segment))
            request.parameters[segment.substr(1, segment.size() - 2)] = path[i];
    }
    return best;
}

http::Response Router::Handle(http::Request& request) {
    const Monotonic started = services_.clock.Ticks();
    Call call(request, services_);
    call.language = messages::PreferredLanguage(request.headers.Get("Accept-Language"));
    call.trace = TraceOf(request.headers.Get("traceparent"));
    if (call.trace.empty()) call.trace = crypto::Hex(services_.random.Bytes(16));
    log::SetTrace(call.trace);

    std::string allow;
    const auto route = Find(request, allow);
    Result<http::Response> answer = route ? Dispatch(**route, call) : Failure(route.error());
    http::Response response =
        answer ? *std::move(answer) : Problem(answer.error(), call.language, call.trace);
    if (response.status == 405) response.headers.Set("Allow", allow);
    SetSafetyHeaders(response);
    Report(route ? *route : nullptr, call, response, answer ? nullptr : &answer.error(), started);
    log::SetTrace({});
    return response;
}

/// The order of the checks is the contract: who, may you, how often, what, then the work.
Result<http::Response> Router::Dispatch(const Route& route, Call& call) {
    const Operation& operation = route.operation;
    call.operation_ = operation.id;
    call.status_ = operation.status;
    OW_CHECK(Identify(operation, call));
    OW_CHECK(LimitRate(operation, call));
    OW_CHECK(Authorise(operation, call));
    OW_CHECK(ReadKey(operation, call));
    if (operation.needs_if_match) OW_CHECK(call.IfMatch());
    if (operation.path.starts_with("/api/")) OW_CHECK(CheckQuery(operation, call.request));
    return Run(route, call);
}

Result<> Router::Identify(const Operation& operation, Call& call) {
    if (operation.access == Access::kSigned || authenticator_ == nullptr) return {};
    auto principal = authenticator_->Authenticate(call.request);
    if (principal) call.principal = *std::move(principal);
    // A page with an old cookie must still be able to log in; only a definite "no" is overlooked.
    const bool overlooked = !principal && operation.access == Access::kPublic &&
                            principal.error().kind() == Kind::kUnauthenticated;
    if (!principal && !overlooked) return Failure(principal.error());
    if (IsWrite(operation.method) && !call.principal.csrf.empty() &&
        !crypto::SameBytes(call.request.headers.Get("X-CSRF-Token"), call.principal.csrf)) {
        return Refuse(reasons::kCsrf, "X-CSRF-Token");
    }
    return {};
}

Result<> Router::LimitRate(const Operation& operation, const Call& call) {
    if (operation.rate_per_minute == 0) return {};
    const std::string& who =
        call.principal.IsLoggedIn() ? call.principal.account : call.request.peer;
    const int wait_seconds = limiter_->rates.Take(
        operation.id + "|" + who, operation.rate_per_minute, services_.clock.Ticks());
    if (wait_seconds > 0)
        return Refuse(reasons::kTooMany, {}, {{"seconds", std::to_string(wait_seconds)}});
    return {};
}

Result<> Router::Authorise(const Operation& operation, const Call& call) const {
    if (operation.access == Access::kPublic || operation.access == Access::kSigned) return {};
    if (!call.principal.IsLoggedIn()) return Refuse(reasons::kLoginNeeded);
    if (operation.access == Access::kLoggedIn) return {};
    for (const auth::Role role : operation.roles) {
        if (call.principal.Has(role)) return {};
    }
    return Refuse(reasons::kNotYours);
}

Result<> Router::ReadKey(const Operation& operation, Call& call) const {
    if (!IsWrite(operation.method) || !operation.needs_key) return {};
    const http::Request& request = call.request;
    if (!request.headers.Has("Idempotency-Key"))
        return Refuse(reasons::kKeyRequired, "Idempotency-Key");
    const std::string_view key = request.headers.Get("Idempotency-Key");
    const bool visible =
        std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (key.size() < 8 || key.size() > 128 || !visible ||
        request.headers.Count("Idempotency-Key") != 1) {
        return Refuse(reasons::kKeyMalformed, "Idempotency-Key");
    }
    call.key_ = key;
    call.body_digest_ =
        crypto::Hex(crypto::Sm3(request.method + "\n" + request.path + "\n" + request.body));
    return {};
}

Result<std::optional<http::Response>> Router::FirstAnswer(Call& call) {
    using Found = std::optional<http::Response>;
    const std::string &account = call.principal.account, &key = call.key_;
    OW_TRY(const auto row, services_.database.Read([&](db::Transaction& tx) {
        return tx.FindOne(queries::kFindAnswer, account, key);
    }));
    if (!row) return Found{};
    if (row->Text("body_digest") != call.body_digest_)
        return Refuse(reasons::kKeyReused, "Idempotency-Key");
    OW_TRY(const std::string plain,
           services_.sealer.Open(row->Blob("answer_sealed"), SealedPlace(account, key)));
    OW_TRY(const json::value stored, json::Parse(plain));
    call.headers_ = {};
    for (const json::value& header : stored.at("headers").as_array()) {
        call.headers_.Add(std::string_view(header.at(0).as_string()),
                          std::string_view(header.at(1).as_string()));
    }
    call.status_ = static_cast<int>(row->Int("status"));
    call.SetHeader("Idempotency-Replayed", "true");
    return Found{call.RenderJson(stored.at("answer"))};
}

/// The handler, between two looks at the stored answers: before, since a repeat must not depend on
/// what happened meanwhile; after a refusal, since a twin may have won in between, or the command
/// was committed before. An agency's signature is checked by its handler, so that nobody gets a
/// stored answer before the handler has run.
Result<http::Response> Router::Run(const Route& route, Call& call) {
    if (!route.NeedsKey()) return Invoke(route, call);
    if (route.operation.access != Access::kSigned) {
        OW_TRY(auto first, FirstAnswer(call));
        if (first) return *std::move(first);
    }
    auto answer = Invoke(route, call);
    if (answer && !call.remembered_) {
        services_.log.Error("write_not_remembered", {{"operation", route.operation.id}});
    }
    if (answer) return answer;
    const bool signature_unproven =
        route.operation.access == Access::kSigned && !call.principal.IsLoggedIn();
    // An unknown outcome stays unknown until the database has recovered: what is visible may not be
    // durable.
    const Kind kind = answer.error().kind();
    if (signature_unproven || kind == Kind::kUnknownOutcome || kind == Kind::kUnavailable)
        return answer;
    OW_TRY(auto first, FirstAnswer(call));
    if (first) return *std::move(first);
    return answer;
}

Result<http::Response> Router::Invoke(const Route& route, Call& call) try {
    if (route.raw) {
        const std::string& due = route.operation.request_media_type;
        if (!due.empty()) OW_CHECK(CheckMediaType(call.request, due));
        return route.raw(call);
    }
    OW_TRY(const json::value body, ParseBody(call.request, !route.request_schema.empty()));
    OW_TRY(const json::value answer, route.json(call, body));
    return call.RenderJson(answer);
} catch (const std::exception& thrown) {
    return Fail(Error(Fault{&reasons::kBug}).WithDetail(thrown.what()));
}

http::Response Router::Problem(const Error& error, messages::Language language,
                               const std::string& trace) const {
    // What went wrong inside is for the log; people outside learn that it is our fault.
    const Error bug{Fault{&reasons::kBug}};
    const Error& shown = error.kind() == Kind::kBug ? bug : error;
    const Fault& deciding = shown.faults().front();
    const auto sentence = [&](const Fault& fault) {
        auto arguments = arguments_of ? arguments_of(fault, language) : fault.arguments;
        arguments.emplace("field", fault.field);
        return services_.messages.Get(fault.code(), language, arguments);
    };
    ProblemDocument document;
    document.status = http::StatusFor(*deciding.reason);
    document.reason = deciding.code();
    document.type = "/problems/" + document.reason;
    document.title = sentence(deciding);
    if (!deciding.field.empty()) document.field = deciding.field;
    if (!deciding.reason->citation.empty())
        document.citation = std::string(deciding.reason->citation);
    document.trace = trace;
    for (const Fault& fault : shown.faults()) {
        document.errors.push_back(
            {fault.field, std::string(fault.code()), std::string(fault.reason->citation),
             sentence(fault)});
    }
    std::stable_sort(
        document.errors.begin(), document.errors.end(), [](const auto& left, const auto& right) {
            return std::tie(left.field, left.reason) < std::tie(right.field, right.reason);
        });

    http::Response response;
    response.status = document.status;
    response.headers.Set("Content-Type", "application/problem+json");
    response.headers.Set("Content-Language",
                         language == messages::Language::kChinese ? "zh-CN" : "en");
    if (response.status == 401) response.headers.Set("WWW-Authenticate", "Bearer");
    if (response.status == 429 || response.status == 503) {
        const auto seconds = deciding.arguments.find("seconds");
        response.headers.Set("Retry-After", seconds != deciding.arguments.end()
                                                ? std::string_view(seconds->second)
                                                : kRetryAfter);
    }
    SetSafetyHeaders(response);
    response.body = json::Text(json::Write(document));
    return response;
}

/// Never the raw path, query values or bodies: they may be personal.
void Router::Report(const Route* route, const Call& call, const http::Response& response,
                    const Error* error, Monotonic started) {
    const std::string operation = route != nullptr ? route->operation.id : "none";
    const std::string status = std::to_string(response.status);
    const double seconds = std::chrono::duration<double>(services_.clock.Ticks() - started).count();
    services_.metrics.Count("onewindow_http_requests_total",
                            {{"operation", operation}, {"status", status}});
    services_.metrics.Observe("onewindow_http_seconds", {{"operation", operation}}, seconds);
    const std::string reason = error != nullptr ? std::string(error->reason().code) : "";
    services_.log.Info("http_request",
                       {{"method", route != nullptr ? route->operation.method : "other"},
                        {"route", route != nullptr ? route->operation.path : "none"},
                        {"status", response.status},
                        {"ms", seconds * 1000},
                        {"account", call.principal.account},
                        {"reason", reason}});
    if (error == nullptr || route == nullptr) return;
    if (response.status >= 500) {
        const auto level = error->kind() == Kind::kBug ? log::Level::kError : log::Level::kWarn;
        services_.log.Write(level, "request_failed",
                            {{"operation", operation}, {"error", error->Describe()}});
        return;
    }
    const auto is_it = [&](const Reason* listed) { return listed->code == error->reason().code; };
    const bool listed = std::any_of(route->reasons.begin(), route->reasons.end(), is_it);
    const bool by_rule = route->operation.refuses_by_rules && error->kind() == Kind::kRefused;
    if (!listed && !by_rule) {
        services_.log.Error("reason_not_declared", {{"operation", operation}, {"reason", reason}});
    }
}

}  // namespace onewindow::api
