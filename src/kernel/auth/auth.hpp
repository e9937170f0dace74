#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/api/api.hpp"
#include "kernel/auth/principal.hpp"

// Accounts, grants, sessions. People come through the identity room (no password here); posts log
// in by password (argon2id) and a second factor (TOTP, RFC 6238).
namespace onewindow::auth {

using AccountId = Id<struct AccountTag>;

struct NewPost {
    std::string login;
    std::string display_name;
    std::string password;
    std::string totp_secret;  // 20 bytes.
    std::vector<Grant> grants;
};

/// How long a session lives unused, and at most.
inline constexpr std::chrono::minutes kIdleMax{30};
inline constexpr std::chrono::hours kSessionMax{12};
/// After this many failures in a row a login rests for this long.
inline constexpr int kFailuresMax = 5;
inline constexpr std::chrono::minutes kLockTime{15};

/// A session as the client gets it: a bearer token (API clients) or a cookie plus CSRF token
/// (pages).
struct Session {
    std::string token;
    std::string csrf;  // Empty for bearer sessions.
    Instant until;     // At the latest; earlier when unused.
};

/// Everything that is wrong with a new post, at once: login, password, grants, two of the 三员
/// roles together. Pure.
Result<> CheckPost(const NewPost& post);
/// Creates a post's account. `password_hash` is crypto::HashPassword, made outside the transaction.
/// Refused if the login exists, the password is weak, or two of the 三员 roles meet.
Result<AccountId> CreatePost(db::Transaction& tx, api::Services& services, const NewPost& post,
                             std::string_view password_hash);
/// The account of a verified person; made at the first login. Role kApplicant follows from it.
Result<AccountId> AccountOfPerson(db::Transaction& tx, api::Services& services,
                                  std::string_view person);
/// Opens a session; the token is stored as a digest only.
Result<Session> OpenSession(db::Transaction& tx, api::Services& services, const AccountId& account,
                            bool cookie);
Result<> CloseSession(db::Transaction& tx, const Clock& clock, std::string_view session);
/// Set-Cookie of a cookie session; an empty token takes the cookie away.
std::string CookieHeader(std::string_view token, bool secure);
/// No new session, and the open ones end at once. Refused with kAccountUnknown.
Result<> DisableAccount(db::Transaction& tx, const Clock& clock, const AccountId& account);

/// RFC 6238 with HMAC-SHA-1 and steps of 30 seconds.
std::string TotpCode(std::string_view secret, Instant now, int digits = 6);
/// RFC 4648 base32 without padding, as authenticator apps want it.
std::string TotpSecretText(std::string_view secret);

/// One audit row for each unmasked read and each refused attempt, in its own table; who, whose,
/// what, case, reason.
struct UnmaskedRead {
    std::string account, person, fields, case_id, reason;
    bool refused = false;
};
Result<> RecordUnmaskedRead(db::Transaction& tx, api::Services& services, const UnmaskedRead& read);

/// POST /api/v1/sessions (posts), DELETE /api/v1/sessions/current, GET /api/v1/me, GET
/// /api/v1/me/unmasked-reads (persons); POST /api/v1/accounts and …/{account}/disable (security
/// officer); GET /api/v1/unmasked-reads (auditor).
void AddRoutes(api::Router& router, api::Services& services);

/// By `Authorization: Bearer` or the cookie `onewindow_session`. Wrong or ended:
/// api::reasons::kSessionEnded.
std::unique_ptr<api::Authenticator> MakeAuthenticator(api::Services& services);

namespace reasons {
/// The same for an unknown login, a wrong password, a wrong or used code, a disabled account.
inline constexpr Reason kLoginFailed{"auth.login_failed", Kind::kUnauthenticated};
inline constexpr Reason kLocked{"auth.locked", Kind::kTooMany, "GB/T 22239-2019 8.1.4.1"};
inline constexpr Reason kLoginTaken{"auth.login_taken", Kind::kConflict, "GB/T 22239-2019 8.1.4.1"};
inline constexpr Reason kLoginMalformed{"auth.login_malformed", Kind::kRefused};
inline constexpr Reason kNameMissing{"auth.name_missing", Kind::kRefused};
inline constexpr Reason kPasswordWeak{"auth.password_weak", Kind::kRefused,
                                      "GB/T 22239-2019 8.1.4.1"};
inline constexpr Reason kGrantMissing{"auth.grant_missing", Kind::kRefused};
inline constexpr Reason kGrantTwice{"auth.grant_twice", Kind::kRefused};
inline constexpr Reason kGrantRegion{"auth.grant_region", Kind::kRefused, "GB/T 2260"};
inline constexpr Reason kGrantApplicant{"auth.grant_applicant", Kind::kRefused};
inline constexpr Reason kThreeRoles{"auth.three_roles", Kind::kRefused, "GB/T 22239-2019 8.1.4.2"};
inline constexpr Reason kAccountUnknown{"auth.account_unknown", Kind::kNotFound};
inline constexpr Reason kNotAPerson{"auth.not_a_person", Kind::kForbidden};
}  // namespace reasons

}  // namespace onewindow::auth
