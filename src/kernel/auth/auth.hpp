#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/api/api.hpp"
#include "kernel/auth/principal.hpp"

// Accounts, grants, sessions. People come through the identity room (no password here); posts log in by password
// (argon2id) and a second factor (TOTP, RFC 6238).
namespace onewindow::auth {

using AccountId = Id<struct AccountTag>;

struct NewPost {
    std::string login;
    std::string display_name;
    std::string password;
    std::string totp_secret;  // 20 bytes.
    std::vector<Grant> grants;
};

/// A session as the client gets it: a bearer token (API clients) or a cookie plus CSRF token (pages).
struct Session {
    std::string token;
    std::string csrf;
    Instant until;
};

/// Creates a post's account. Refused if the login exists, the password is weak, or two of the 三员 roles meet.
Result<AccountId> CreatePost(db::Transaction& tx, api::Services& services, const NewPost& post, std::string_view password_hash);
/// The account of a verified person; made at the first login. Role kApplicant follows from it.
Result<AccountId> AccountOfPerson(db::Transaction& tx, api::Services& services, std::string_view person);
/// Opens a session; the token is stored as a digest only.
Result<Session> OpenSession(db::Transaction& tx, api::Services& services, const AccountId& account, bool cookie);
Result<> CloseSession(db::Transaction& tx, const Clock& clock, std::string_view session);

/// One audit row for each unmasked read and each refused attempt, in its own table; who, whose, what, case, reason.
struct UnmaskedRead {
    std::string account, person, fields, case_id, reason;
};
Result<> RecordUnmaskedRead(db::Transaction& tx, api::Services& services, const UnmaskedRead& read);

/// POST /api/v1/sessions (posts), DELETE /api/v1/sessions/current, GET /api/v1/me.
void AddRoutes(api::Router& router, api::Services& services);

std::unique_ptr<api::Authenticator> MakeAuthenticator(api::Services& services);

}  // namespace onewindow::auth
