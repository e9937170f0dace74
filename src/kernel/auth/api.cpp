#include "kernel/auth/auth.hpp"
#include "kernel/auth/queries.gen.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/text/text.hpp"

namespace onewindow::auth {
namespace {

struct LogInRequest {
    std::string login, password, code;
    std::optional<bool> cookie;  // True for pages; else a bearer token.
};
BOOST_DESCRIBE_STRUCT(LogInRequest, (), (login, password, code, cookie))

struct SessionAnswer {
    std::optional<std::string> token, csrf;
    Instant until;
};
BOOST_DESCRIBE_STRUCT(SessionAnswer, (), (token, csrf, until))

struct MeAnswer {
    std::string account;
    std::optional<std::string> display_name, person, csrf;
    std::vector<Grant> grants;
};
BOOST_DESCRIBE_STRUCT(MeAnswer, (), (account, display_name, person, csrf, grants))

struct CreateAccountRequest {
    std::string login, display_name, password;
    std::vector<Grant> grants;
};
BOOST_DESCRIBE_STRUCT(CreateAccountRequest, (), (login, display_name, password, grants))

struct CreateAccountAnswer {
    std::string account, totp_secret, totp_uri;
};
BOOST_DESCRIBE_STRUCT(CreateAccountAnswer, (), (account, totp_secret, totp_uri))

struct UnmaskedReadRow {
    std::string id;
    Instant at;
    std::optional<std::string> account, person;
    std::string by, fields, case_id, reason;
    bool refused = false;
};
BOOST_DESCRIBE_STRUCT(UnmaskedReadRow, (),
                      (id, at, account, person, by, fields, case_id, reason, refused))

struct UnmaskedReadsAnswer {
    std::vector<UnmaskedReadRow> reads;  // Newest first, at most 100.
};
BOOST_DESCRIBE_STRUCT(UnmaskedReadsAnswer, (), (reads))

/// Counts the attempt before it is judged, so that guesses side by side cannot outrun the lock.
Result<> BeginAttempt(api::Services& services, const std::string& login_hash) {
    const Instant now = services.clock.Now();
    OW_TRY(const auto row,
           services.database.Write([&](db::Transaction& tx) -> Result<std::optional<db::Row>> {
               OW_CHECK(tx.Execute(queries::kDeleteOldAttempts, now - kLockTime));
               return tx.FindOne(queries::kCountAttempt, login_hash, now, now - kLockTime);
           }));
    OW_ASSERT(row.has_value());
    if (row->Int("failed") <= kFailuresMax) return {};
    const auto left =
        std::max(std::chrono::seconds{1},
                 std::chrono::ceil<std::chrono::seconds>(row->Time("at") + kLockTime - now));
    return Refuse(reasons::kLocked, {},
                  {{"seconds", std::to_string(left.count())},
                   {"minutes", std::to_string((left.count() + 59) / 60)}});
}

/// The step whose code this is, around `now`; one step of difference between two clocks is allowed.
std::optional<std::int64_t> StepOf(std::string_view secret, std::string_view code, Instant now) {
    std::optional<std::int64_t> step;
    for (const int shift : {-1, 0, 1}) {
        const Instant moment = now + shift * std::chrono::seconds{30};
        if (crypto::SameBytes(TotpCode(secret, moment), code)) step = EpochMs(moment) / 30'000;
    }
    return step;
}

/// Checks password and code of a post. Does the same work, whether the login exists or not.
class LogIn {
 public:
    explicit LogIn(api::Services& services)
        : services_(services),
          nobody_(crypto::HashPassword(services.random.Bytes(16), services.random.Bytes(16))) {}

    Result<Session> operator()(const LogInRequest& request) const {
        const std::string hash = services_.sealer.LookupHash(request.login, "auth_attempt.login");
        OW_CHECK(BeginAttempt(services_, hash));
        OW_TRY(const auto post, services_.database.Read([&](db::Transaction& tx) {
            return tx.FindOne(queries::kFindPost, request.login);
        }));
        // The hash takes the time: an endless password must not.
        const bool password_right =
            request.password.size() <= 512 &&
            crypto::CheckPassword(request.password, post ? post->Text("password_hash") : nobody_);
        if (!post || !password_right) return Refuse(reasons::kLoginFailed);
        const auto account = post->As<AccountId>("id");
        OW_TRY(const std::string secret,
               services_.sealer.Open(post->Blob("totp_sealed"),
                                     "auth_account.totp:" + account.value()));
        const auto step = StepOf(secret, request.code, services_.clock.Now());
        if (!step) return Refuse(reasons::kLoginFailed);
        return services_.database.Write([&](db::Transaction& tx) -> Result<Session> {
            // RFC 6238 5.2: a code serves once. A disabled account changes no row either.
            OW_TRY(const auto used, tx.Execute(queries::kUseTotpStep, account, *step));
            if (used == 0) return Refuse(reasons::kLoginFailed);
            OW_CHECK(tx.Execute(queries::kClearAttempts, hash));
            return OpenSession(tx, services_, account, request.cookie.value_or(false));
        });
    }

 private:
    api::Services& services_;
    std::string nobody_;  // A hash that no password fits.
};

Result<SessionAnswer> HandleLogIn(const LogIn& log_in, api::Call& call,
                                  const LogInRequest& request) {
    auto session = log_in(request);
    if (!session) {
        call.services.log.Warn("login_refused", {{"reason", session.error().reason().code},
                                                 {"peer", call.request.peer}});
        return Failure(std::move(session).error());
    }
    if (!request.cookie.value_or(false))
        return SessionAnswer{session->token, std::nullopt, session->until};
    call.SetHeader("Set-Cookie", CookieHeader(session->token, call.services.secure_cookies));
    return SessionAnswer{std::nullopt, session->csrf, session->until};
}

Result<api::Empty> HandleLogOut(api::Call& call, const api::Empty&) {
    call.SetHeader("Set-Cookie", CookieHeader("", call.services.secure_cookies));
    OW_CHECK(call.services.database.Write([&](db::Transaction& tx) {
        return CloseSession(tx, call.services.clock, call.principal.session);
    }));
    return api::Empty{};
}

std::optional<std::string> IfAny(std::string text) {
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

Result<MeAnswer> HandleMe(api::Call& call, const api::Empty&) {
    const Principal& me = call.principal;
    OW_TRY(const auto row, call.services.database.Read([&](db::Transaction& tx) {
        return tx.FindOne(queries::kFindAccount, me.account);
    }));
    if (!row) return Refuse(api::reasons::kSessionEnded);
    return MeAnswer{me.account, IfAny(row->Text("display_name")), IfAny(me.person), IfAny(me.csrf),
                    me.grants};
}

Result<UnmaskedReadsAnswer> ListReads(api::Services& services, const std::string& account,
                                      const std::string& person, const std::string& before) {
    OW_TRY(const db::Rows rows, services.database.Read([&](db::Transaction& tx) {
        return tx.Read(queries::kListUnmaskedReads, account, person, before);
    }));
    UnmaskedReadsAnswer answer;
    for (const db::Row& row : rows) {
        answer.reads.push_back({.id = row.Text("id"),
                                .at = row.Time("at"),
                                .account = row.Text("account"),
                                .person = row.Text("person"),
                                .by = row.TextOr("display_name"),
                                .fields = row.Text("fields"),
                                .case_id = row.Text("case_id"),
                                .reason = row.Text("reason"),
                                .refused = row.Bool("refused")});
    }
    return answer;
}

Result<UnmaskedReadsAnswer> HandleMyReads(api::Call& call, const api::Empty&) {
    if (call.principal.person.empty()) return Refuse(reasons::kNotAPerson);
    OW_TRY(auto answer, ListReads(call.services, "", call.principal.person,
                                  call.request.QueryValue("before").value_or("")));
    // The person learns which post looked, not its account number.
    for (UnmaskedReadRow& read : answer.reads) read.account = read.person = std::nullopt;
    return answer;
}

Result<UnmaskedReadsAnswer> HandleReads(api::Call& call, const api::Empty&) {
    const auto value = [&](std::string_view name) {
        return call.request.QueryValue(name).value_or("");
    };
    return ListReads(call.services, value("account"), value("person"), value("before"));
}

/// An officer of a region hands out, and takes away, rights of that region only.
Result<> CheckReach(const Principal& officer, const std::vector<Grant>& grants) {
    for (const Grant& grant : grants) {
        if (!officer.May(Role::kSecurityOfficer, grant.region))
            return Refuse(api::reasons::kNotYours, "grants");
    }
    return {};
}

Result<CreateAccountAnswer> HandleCreate(api::Call& call, const CreateAccountRequest& request) {
    const NewPost post{.login = request.login,
                       .display_name = request.display_name,
                       .password = request.password,
                       .totp_secret = call.services.random.Bytes(20),
                       .grants = request.grants};
    OW_CHECK(CheckPost(post));
    OW_CHECK(CheckReach(call.principal, post.grants));
    const std::string hash = crypto::HashPassword(post.password, call.services.random.Bytes(16));
    return call.Command<CreateAccountAnswer>(
        [&](db::Transaction& tx) -> Result<CreateAccountAnswer> {
            OW_TRY(const AccountId account, CreatePost(tx, call.services, post, hash));
            const std::string secret = TotpSecretText(post.totp_secret);
            return CreateAccountAnswer{account.value(), secret,
                                       "otpauth://totp/OneWindow:" + post.login +
                                           "?secret=" + secret + "&issuer=OneWindow"};
        });
}

Result<api::Empty> HandleDisable(api::Call& call, const api::Empty&) {
    const AccountId account(call.Path("account"));
    return call.Command<api::Empty>([&](db::Transaction& tx) -> Result<api::Empty> {
        OW_TRY(const db::Rows rows, tx.Read(queries::kFindGrants, account));
        for (const db::Row& row : rows) {
            if (!call.principal.May(Role::kSecurityOfficer, row.Text("region")))
                return Refuse(api::reasons::kNotYours);
        }
        OW_CHECK(DisableAccount(tx, call.services.clock, account));
        return api::Empty{};
    });
}

api::Operation Post(std::string path, std::string id, std::string summary) {
    return {.method = "POST",
            .path = std::move(path),
            .id = std::move(id),
            .summary = std::move(summary),
            .tag = "accounts"};
}

api::Operation Get(std::string path, std::string id, std::string summary) {
    return {.method = "GET",
            .path = std::move(path),
            .id = std::move(id),
            .summary = std::move(summary),
            .tag = "accounts"};
}

void AddSessionRoutes(api::Router& router, api::Services& services) {
    api::Operation log_in =
        Post("/api/v1/sessions", "openSession", "Log in a post by password and second factor");
    log_in.access = api::Access::kPublic;
    log_in.needs_key = false;  // Opens a session each time; a stored answer would hold a token.
    log_in.status = 201;
    log_in.rate_per_minute = 60;
    log_in.reasons = {&reasons::kLoginFailed, &reasons::kLocked};
    router.Add<LogInRequest, SessionAnswer>(
        log_in,
        [check = std::make_shared<LogIn>(services)](api::Call& call, const LogInRequest& request) {
            return HandleLogIn(*check, call, request);
        });

    api::Operation log_out = Post("/api/v1/sessions/current", "closeSession", "Log out");
    log_out.method = "DELETE";
    log_out.needs_key = false;
    log_out.status = 204;
    router.Add<api::Empty, api::Empty>(log_out, &HandleLogOut);

    router.Add<api::Empty, MeAnswer>(
        Get("/api/v1/me", "getMe", "Who is logged in, with which rights"), &HandleMe);
}

}  // namespace

void AddRoutes(api::Router& router, api::Services& services) {
    AddSessionRoutes(router, services);
    const std::pair<std::string, std::string> before{"before", "Only reads older than this id."};

    api::Operation mine =
        Get("/api/v1/me/unmasked-reads", "listMyUnmaskedReads", "Who looked at my personal data");
    mine.reasons = {&reasons::kNotAPerson};
    mine.query = {before};
    router.Add<api::Empty, UnmaskedReadsAnswer>(mine, &HandleMyReads);

    api::Operation all =
        Get("/api/v1/unmasked-reads", "listUnmaskedReads", "Who looked at whose personal data");
    all.access = api::Access::kRole;
    all.roles = {Role::kAuditor};
    all.query = {
        before, {"account", "Reads by this account."}, {"person", "Reads about this person."}};
    router.Add<api::Empty, UnmaskedReadsAnswer>(all, &HandleReads);

    api::Operation create =
        Post("/api/v1/accounts", "createAccount", "Create the account of a post");
    create.access = api::Access::kRole;
    create.roles = {Role::kSecurityOfficer};
    create.status = 201;
    create.reasons = {&reasons::kLoginTaken,   &reasons::kLoginMalformed, &reasons::kNameMissing,
                      &reasons::kPasswordWeak, &reasons::kGrantMissing,   &reasons::kGrantTwice,
                      &reasons::kGrantRegion,  &reasons::kGrantApplicant, &reasons::kThreeRoles};
    router.Add<CreateAccountRequest, CreateAccountAnswer>(create, &HandleCreate);

    api::Operation disable = Post("/api/v1/accounts/{account}/disable", "disableAccount",
                                  "Disable an account and end its sessions");
    disable.access = api::Access::kRole;
    disable.roles = {Role::kSecurityOfficer};
    disable.reasons = {&reasons::kAccountUnknown};
    router.Add<api::Empty, api::Empty>(disable, &HandleDisable);
}

}  // namespace onewindow::auth
