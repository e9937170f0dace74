#include "identity/queries.gen.hpp"
#include "identity/question.hpp"
#include "identity/reasons.hpp"

// Routes: ask for a login or a fresh check, and look whether the answer is there.
namespace onewindow::identity {

using api::Access;
using api::Call;
using api::Empty;

enum class IdentityCheckState { kPending, kVerified, kRefused };
BOOST_DESCRIBE_ENUM(IdentityCheckState, kPending, kVerified, kRefused)

struct IdentityLoginRequest {
    std::string code;  // As the identity service gave it to the person's own app.
    std::optional<bool>
        cookie;  // Pages want a cookie session with a CSRF token; others get a bearer token.
};
BOOST_DESCRIBE_STRUCT(IdentityLoginRequest, (), (code, cookie))

struct IdentityCheckRequest {
    std::string code;
};
BOOST_DESCRIBE_STRUCT(IdentityCheckRequest, (), (code))

struct IdentityCheckAsked {
    std::string id;
    IdentityCheckState state{};
};
BOOST_DESCRIBE_STRUCT(IdentityCheckAsked, (), (id, state))

struct IdentityLoginAnswer {
    std::string id;
    IdentityCheckState state{};
    std::optional<std::string> token,
        csrf;  // Handed out once; `token` for bearers, `csrf` beside a cookie.
    std::optional<Instant> until;
    std::optional<std::string>
        person;  // Id of the person, also when the session was fetched before.
    std::optional<std::string> reason, text;
};
BOOST_DESCRIBE_STRUCT(IdentityLoginAnswer, (),
                      (id, state, token, csrf, until, person, reason, text))

struct IdentityCheckAnswer {
    std::string id;
    IdentityCheckState state{};
    std::optional<Instant> at;
    std::optional<std::string> method, level, evidence_sm3;
    std::optional<std::string> reason, text;
};
BOOST_DESCRIBE_STRUCT(IdentityCheckAnswer, (),
                      (id, state, at, method, level, evidence_sm3, reason, text))

namespace {

IdentityCheckState StateOf(const db::Row& row) {
    const std::string& state = row.Text("state");
    if (state == "verified") return IdentityCheckState::kVerified;
    return state == "refused" ? IdentityCheckState::kRefused : IdentityCheckState::kPending;
}

template <class Answer>
void Explain(const Call& call, const db::Row& row, Answer& answer) {
    if (answer.state != IdentityCheckState::kRefused) return;
    answer.reason = row.Text("reason");
    answer.text = call.services.messages.Get(*answer.reason, call.language);
}

Result<IdentityLoginAnswer> ReadLogin(Call& call) {
    const api::Services& services = call.services;
    const std::string& id = call.Path("login");
    OW_TRY(const auto row, services.database.Read([&](db::Transaction& tx) {
        return tx.FindOne(queries::kFindVerification, id);
    }));
    if (!row || row->Text("purpose") != "login") return Refuse(reasons::kNoQuestion);
    IdentityLoginAnswer answer{.id = id,
                               .state = StateOf(*row),
                               .token = {},
                               .csrf = {},
                               .until = {},
                               .person = {},
                               .reason = {},
                               .text = {}};
    Explain(call, *row, answer);
    if (answer.state != IdentityCheckState::kVerified) return answer;
    answer.person = row->Text("person");
    const bool cookie = row->Bool("cookie");
    // The session is opened when it is fetched, so that no token is stored anywhere; only one poll
    // can take it.
    OW_TRY(
        const auto session,
        services.database.Write([&](db::Transaction& tx) -> Result<std::optional<auth::Session>> {
            const Instant now = services.clock.Now();
            OW_TRY(const std::int64_t taken,
                   tx.Execute(queries::kTakeLogin, id, now, now - kFetchTime));
            if (taken == 0) return std::optional<auth::Session>{};
            OW_TRY(const auth::AccountId account,
                   auth::AccountOfPerson(tx, call.services, *answer.person));
            OW_TRY(auth::Session opened, auth::OpenSession(tx, call.services, account, cookie));
            return std::optional<auth::Session>{std::move(opened)};
        }));
    if (!session) return answer;
    answer.until = session->until;
    if (cookie) {
        answer.csrf = session->csrf;
        call.SetHeader("Set-Cookie", auth::CookieHeader(session->token, services.secure_cookies));
    } else {
        answer.token = session->token;
    }
    return answer;
}

Result<IdentityCheckAnswer> ReadVerification(Call& call) {
    const std::string& id = call.Path("verification");
    OW_TRY(const auto row, call.services.database.Read([&](db::Transaction& tx) {
        return tx.FindOne(queries::kFindVerification, id);
    }));
    const bool own = row && row->Text("purpose") == "verification" &&
                     !call.principal.person.empty() &&
                     row->Text("asked_by") == call.principal.person;
    if (!own) return Refuse(reasons::kNoQuestion);
    IdentityCheckAnswer answer{.id = id,
                               .state = StateOf(*row),
                               .at = {},
                               .method = {},
                               .level = {},
                               .evidence_sm3 = {},
                               .reason = {},
                               .text = {}};
    Explain(call, *row, answer);
    if (answer.state != IdentityCheckState::kVerified) return answer;
    answer.at = row->Time("answered_at");
    answer.method = row->Text("method");
    answer.level = row->Text("level");
    answer.evidence_sm3 = row->Text("evidence_sm3");
    return answer;
}

}  // namespace

/// Stores the question and orders the job in one transaction; gives the id of the question.
Result<std::string> Identity::Ask(Call& call, std::string_view purpose, const std::string& code,
                                  bool cookie) const {
    if (code.empty() || code.size() > 512) return Refuse(reasons::kCodeMalformed, "code");
    const api::Services& services = deps_.services;
    const std::string id = NewUlid(services.clock, services.random);
    const db::Bytes sealed{services.sealer.Seal(code, CodePlace(id))};
    const auto asked =
        call.Command<IdentityCheckAsked>([&](db::Transaction& tx) -> Result<IdentityCheckAsked> {
            const Instant now = services.clock.Now();
            OW_CHECK(tx.Execute(queries::kInsertVerification, id, purpose, call.principal.person,
                                cookie, sealed, now));
            OW_CHECK(
                jobs::Enqueue(tx, services.clock, services.random,
                              {.kind = "identity.verify",
                               .arguments = json::Canonical(json::object{{"verification", id}}),
                               .key = "identity.verify:" + id,
                               .subject = id,
                               .run_at = now}));
            return IdentityCheckAsked{id, IdentityCheckState::kPending};
        });
    if (!asked) return Failure(asked.error());
    return id;
}

/// The rates are against robots: a hall's kiosks, or a village behind one address, log in together.
void Identity::AddRoutes(api::Router& router) {
    router.Add<IdentityLoginRequest, IdentityCheckAsked>(
        {.method = "POST",
         .path = "/api/v1/identity/logins",
         .id = "openLogin",
         .summary = "Logs in through the identity service; poll for the session",
         .access = Access::kPublic,
         .reasons = {&reasons::kCodeMalformed},
         .status = 202,
         .tag = "identity",
         .rate_per_minute = 600},
        [this](Call& call, const IdentityLoginRequest& request) -> Result<IdentityCheckAsked> {
            // Whoever was logged in before has no part in it.
            call.principal.person.clear();
            OW_TRY(std::string id,
                   Ask(call, "login", request.code, request.cookie.value_or(false)));
            return IdentityCheckAsked{std::move(id), IdentityCheckState::kPending};
        });
    router.Add<Empty, IdentityLoginAnswer>(
        {.method = "GET",
         .path = "/api/v1/identity/logins/{login}",
         .id = "readLogin",
         .summary = "The state of a login; the first poll after success gets the session, within "
                    "ten minutes",
         .access = Access::kPublic,
         .reasons = {&reasons::kNoQuestion},
         .tag = "identity",
         .rate_per_minute = 6000},
        [](Call& call, const Empty&) { return ReadLogin(call); });
    router.Add<IdentityCheckRequest, IdentityCheckAsked>(
        {.method = "POST",
         .path = "/api/v1/identity/verifications",
         .id = "askVerification",
         .summary = "A fresh check that I am who I am, before a signature",
         .reasons = {&reasons::kCodeMalformed, &reasons::kNotAPerson},
         .status = 202,
         .tag = "identity",
         .rate_per_minute = 600},
        [this](Call& call, const IdentityCheckRequest& request) -> Result<IdentityCheckAsked> {
            if (call.principal.person.empty()) return Refuse(reasons::kNotAPerson);
            OW_TRY(std::string id, Ask(call, "verification", request.code, false));
            return IdentityCheckAsked{std::move(id), IdentityCheckState::kPending};
        });
    router.Add<Empty, IdentityCheckAnswer>(
        {.method = "GET",
         .path = "/api/v1/identity/verifications/{verification}",
         .id = "readVerification",
         .summary = "The state of my check",
         .reasons = {&reasons::kNoQuestion},
         .tag = "identity"},
        [](Call& call, const Empty&) { return ReadVerification(call); });
}

}  // namespace onewindow::identity
