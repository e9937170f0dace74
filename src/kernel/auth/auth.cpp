#include "kernel/auth/auth.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <set>

#include "kernel/auth/purge.hpp"
#include "kernel/auth/queries.gen.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/text/text.hpp"

namespace onewindow::auth {
namespace {

constexpr std::string_view kCookie = "onewindow_session";
/// A session's use is noted at most this often; a write on every read would cost more than it
/// tells.
constexpr std::chrono::minutes kTouchEvery{1};
/// 网络安全法 art. 21: logs are kept for at least six months.

bool IsLogin(std::string_view login) {
    return login.size() >= 3 && login.size() <= 64 &&
           std::all_of(login.begin(), login.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                      c == '_';
           });
}

bool IsStrong(std::string_view password, std::string_view login) {
    bool upper = false, lower = false, digit = false, sign = false;
    for (const char c : password) {
        const bool is_upper = c >= 'A' && c <= 'Z', is_lower = c >= 'a' && c <= 'z',
                   is_digit = c >= '0' && c <= '9';
        upper |= is_upper;
        lower |= is_lower;
        digit |= is_digit;
        sign |= !is_upper && !is_lower && !is_digit;
    }
    const std::size_t length = text::Length(password);
    return length >= 12 && length <= 128 && upper + lower + digit + sign >= 3 &&
           (login.empty() || password.find(login) == std::string_view::npos);
}

std::string RoleText(Role role) {
    return json::EnumText(boost::describe::enum_to_string(role, ""));
}

Role RoleOf(std::string_view text) {
    std::optional<Role> role;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Role>>([&](auto entry) {
        if (json::EnumText(entry.name) == text) role = entry.value;
    });
    OW_ASSERT(role.has_value());
    return *role;
}

std::string CsrfOf(std::string_view token) { return crypto::Hex(crypto::HmacSm3(token, "csrf")); }

/// What the client sent, and whether as a cookie.
struct Credential {
    std::string token;
    bool cookie = false;
};

Result<std::optional<Credential>> ReadCredential(const http::Request& request) {
    const std::string_view authorization = request.headers.Get("Authorization");
    if (!authorization.empty()) {
        constexpr std::string_view kScheme = "Bearer ";
        if (!authorization.starts_with(kScheme)) return Refuse(api::reasons::kSessionEnded);
        return Credential{std::string(authorization.substr(kScheme.size())), false};
    }
    for (const std::string& pair : text::Split(request.headers.Get("Cookie"), ';')) {
        const std::string_view trimmed = text::Trim(pair);
        if (trimmed.starts_with(kCookie) && trimmed.substr(kCookie.size()).starts_with("=")) {
            return Credential{std::string(trimmed.substr(kCookie.size() + 1)), true};
        }
    }
    return std::nullopt;
}

class SessionAuthenticator final : public api::Authenticator {
 public:
    explicit SessionAuthenticator(api::Services& services) : services_(services) {}

    Result<Principal> Authenticate(const http::Request& request) override {
        OW_TRY(const auto credential, ReadCredential(request));
        if (!credential) return Principal{};
        const Instant now = services_.clock.Now();
        Principal principal;
        principal.session = crypto::Hex(crypto::Sm3(credential->token));
        if (credential->cookie) principal.csrf = CsrfOf(credential->token);
        Instant last_seen;
        OW_CHECK(services_.database.Read([&](db::Transaction& tx) -> Result<> {
            OW_TRY(const auto row, tx.FindOne(queries::kFindSession, principal.session));
            if (!row || !row->IsNull("ended_at") || row->Text("state") != "active" ||
                row->Bool("cookie") != credential->cookie || now >= row->Time("expires_at") ||
                now - row->Time("last_seen_at") >= kIdleMax) {
                return Refuse(api::reasons::kSessionEnded);
            }
            last_seen = row->Time("last_seen_at");
            principal.account = row->Text("account");
            principal.person = row->TextOr("person");
            return ReadGrants(tx, principal);
        }));
        if (now - last_seen >= kTouchEvery) Touch(principal.session, now);
        return principal;
    }

 private:
    static Result<> ReadGrants(db::Transaction& tx, Principal& principal) {
        principal.grants.clear();
        if (!principal.person.empty()) principal.grants.push_back({Role::kApplicant, "", ""});
        OW_TRY(const db::Rows rows, tx.Read(queries::kFindGrants, principal.account));
        for (const db::Row& row : rows) {
            principal.grants.push_back(
                {RoleOf(row.Text("role")), row.Text("region"), row.Text("unit")});
        }
        return {};
    }

    void Touch(const std::string& session, Instant now) {
        // While the database takes no writes, reading goes on; the session then ends earlier, never
        // later.
        const auto touched = services_.database.Write(
            [&](db::Transaction& tx) { return tx.Execute(queries::kTouchSession, session, now); });
        if (!touched)
            services_.log.Warn("session_not_touched", {{"error", touched.error().Describe()}});
    }

    api::Services& services_;
};

}  // namespace

Result<> CheckPost(const NewPost& post) {
    std::vector<Fault> faults;
    const auto add = [&](const Reason& reason, std::string field) {
        faults.push_back({&reason, std::move(field), {}});
    };
    if (!IsLogin(post.login)) add(reasons::kLoginMalformed, "login");
    if (text::Trim(post.display_name).empty()) add(reasons::kNameMissing, "display_name");
    if (!IsStrong(post.password, post.login)) add(reasons::kPasswordWeak, "password");
    if (post.grants.empty()) add(reasons::kGrantMissing, "grants");
    std::set<Role> overseers;
    for (std::size_t i = 0; i < post.grants.size(); ++i) {
        const Grant& grant = post.grants[i];
        const std::string field = "grants." + std::to_string(i);
        if (grant.role == Role::kApplicant) add(reasons::kGrantApplicant, field + ".role");
        if (grant.region.size() != 6 || !text::IsDigits(grant.region))
            add(reasons::kGrantRegion, field + ".region");
        if (std::count(post.grants.begin(), post.grants.begin() + static_cast<std::ptrdiff_t>(i),
                       grant) > 0) {
            add(reasons::kGrantTwice, field);
        }
        if (grant.role == Role::kAdministrator || grant.role == Role::kSecurityOfficer ||
            grant.role == Role::kAuditor) {
            overseers.insert(grant.role);
        }
    }
    if (overseers.size() > 1) add(reasons::kThreeRoles, "grants");
    if (!faults.empty()) return Refuse(std::move(faults));
    return {};
}

Result<AccountId> CreatePost(db::Transaction& tx, api::Services& services, const NewPost& post,
                             std::string_view password_hash) {
    OW_CHECK(CheckPost(post));
    const auto account = NewId<AccountTag>(services.clock, services.random);
    const std::string totp =
        services.sealer.Seal(post.totp_secret, "auth_account.totp:" + account.value());
    auto inserted =
        tx.Execute(queries::kInsertAccount, account, post.login, post.display_name,
                   std::monostate{}, password_hash, db::Bytes{totp}, services.clock.Now());
    if (!inserted) {
        return Fail(db::MapConstraint(std::move(inserted).error(), "auth_account(login)",
                                      reasons::kLoginTaken, "login"));
    }
    for (const Grant& grant : post.grants) {
        OW_CHECK(tx.Execute(queries::kInsertGrant, account, RoleText(grant.role), grant.region,
                            grant.unit));
    }
    return account;
}

Result<AccountId> AccountOfPerson(db::Transaction& tx, api::Services& services,
                                  std::string_view person) {
    const auto fresh = NewId<AccountTag>(services.clock, services.random);
    OW_CHECK(tx.Execute(queries::kInsertAccountOfPerson, fresh, person, services.clock.Now()));
    OW_TRY(const auto row, tx.FindOne(queries::kFindAccountOfPerson, person));
    OW_ASSERT(row.has_value());
    return row->As<AccountId>("id");
}

Result<Session> OpenSession(db::Transaction& tx, api::Services& services, const AccountId& account,
                            bool cookie) {
    OW_TRY(const auto row, tx.FindOne(queries::kFindAccount, account));
    if (!row || row->Text("state") != "active") return Refuse(reasons::kLoginFailed);
    const Instant now = services.clock.Now();
    Session session{.token = crypto::Base64Url(services.random.Bytes(32)),
                    .csrf = {},
                    .until = now + kSessionMax};
    if (cookie) session.csrf = CsrfOf(session.token);
    OW_CHECK(tx.Execute(queries::kDeleteOldSessions, account, now - kSessionKept));
    OW_CHECK(tx.Execute(queries::kInsertSession, crypto::Hex(crypto::Sm3(session.token)), account,
                        cookie, now, session.until));
    return session;
}

Result<> CloseSession(db::Transaction& tx, const Clock& clock, std::string_view session) {
    OW_CHECK(tx.Execute(queries::kEndSession, session, clock.Now()));
    return {};
}

Result<> DisableAccount(db::Transaction& tx, const Clock& clock, const AccountId& account) {
    OW_TRY(const auto changed, tx.Execute(queries::kDisableAccount, account));
    if (changed == 0) return Refuse(reasons::kAccountUnknown);
    OW_CHECK(tx.Execute(queries::kEndSessionsOfAccount, account, clock.Now()));
    return {};
}

Result<> RecordUnmaskedRead(db::Transaction& tx, api::Services& services,
                            const UnmaskedRead& read) {
    OW_CHECK(tx.Execute(queries::kInsertUnmaskedRead, NewUlid(services.clock, services.random),
                        services.clock.Now(), read.account, read.person, read.fields, read.case_id,
                        read.reason, read.refused));
    return {};
}

std::string CookieHeader(std::string_view token, bool secure) {
    std::string header =
        std::string(kCookie) + "=" + std::string(token) + "; Path=/; HttpOnly; SameSite=Strict";
    if (secure) header += "; Secure";
    if (token.empty()) header += "; Max-Age=0";
    return header;
}

std::string TotpCode(std::string_view secret, Instant now, int digits) {
    auto step = static_cast<std::uint64_t>(EpochMs(now) / 30'000);
    unsigned char counter[8];
    for (std::size_t i = 8; i-- > 0; step >>= 8)
        counter[i] = static_cast<unsigned char>(step & 0xFFU);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    OW_ASSERT(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter,
                   sizeof counter, digest, &length) != nullptr);
    // RFC 4226 5.3: the last nibble says where 31 bits are taken.
    const std::size_t at = digest[length - 1] & 0x0FU;
    const std::uint32_t number = (digest[at] & 0x7FU) << 24U |
                                 static_cast<std::uint32_t>(digest[at + 1]) << 16U |
                                 static_cast<std::uint32_t>(digest[at + 2]) << 8U | digest[at + 3];
    std::uint32_t modulus = 1;
    for (int i = 0; i < digits; ++i) modulus *= 10;
    return fmt::format("{:0{}}", number % modulus, digits);
}

std::string TotpSecretText(std::string_view secret) {
    static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char byte : secret) {
        bits = bits << 8U | static_cast<unsigned char>(byte);
        for (held += 8; held >= 5; held -= 5) out += kAlphabet[bits >> (held - 5) & 31U];
    }
    if (held > 0) out += kAlphabet[bits << (5 - held) & 31U];
    return out;
}

std::unique_ptr<api::Authenticator> MakeAuthenticator(api::Services& services) {
    return std::make_unique<SessionAuthenticator>(services);
}

}  // namespace onewindow::auth
