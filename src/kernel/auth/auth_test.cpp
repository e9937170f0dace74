// Goal: posts get in by password and a fresh code only, guessing rests, sessions end in time, the
// overseers stay apart.

#include "kernel/auth/auth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernel/crypto/crypto.hpp"
#include "kernel/testing/api_client.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ApiAnswer;
using testing::TestClient;

TEST(Totp, AnswersTheVectorsOfRfc6238) {
    const std::string secret = "12345678901234567890";
    const std::pair<std::int64_t, const char*> vectors[] = {
        {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
        {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    for (const auto& [time, code] : vectors)
        EXPECT_EQ(TotpCode(secret, FromEpochMs(time * 1000), 8), code);
    EXPECT_EQ(TotpCode(secret, FromEpochMs(59'000)), "287082");
    EXPECT_EQ(TotpSecretText(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    EXPECT_EQ(TotpSecretText("foobar"), "MZXW6YTBOI");
}

TEST(Principal, ARegionCoversItsPlaces) {
    EXPECT_TRUE(Covers("370000", "370102"));
    EXPECT_TRUE(Covers("370100", "370102"));
    EXPECT_TRUE(Covers("370102", "370102"));
    EXPECT_TRUE(Covers("370102", "370102001"));
    EXPECT_FALSE(Covers("370100", "370202"));
    EXPECT_FALSE(Covers("370102", "370100"));
    EXPECT_FALSE(Covers("370100", "370000"));
    EXPECT_FALSE(Covers("", "370102"));
    EXPECT_FALSE(Covers("370000", ""));
    const Principal officer{
        .account = "a",
        .person = {},
        .session = {},
        .csrf = {},
        .grants = {{Role::kWindowClerk, "370102", "hall-1"}, {Role::kHelper, "370100", ""}}};
    EXPECT_TRUE(officer.May(Role::kWindowClerk, "370102", "hall-1"));
    EXPECT_FALSE(officer.May(Role::kWindowClerk, "370102", "hall-2"));
    EXPECT_FALSE(officer.May(Role::kWindowClerk, "370103", "hall-1"));
    EXPECT_TRUE(officer.May(Role::kHelper, "370103", "anything"));
    EXPECT_FALSE(officer.May(Role::kRegistrar, "370102"));
}

TEST(CheckPost, TellsAllFaultsAndKeepsTheOverseersApart) {
    const NewPost fine{.login = "registrar-1",
                       .display_name = "周岚",
                       .password = "Lemonade-2026!",
                       .totp_secret = {},
                       .grants = {{Role::kRegistrar, "370102", ""}}};
    ASSERT_OK(CheckPost(fine));
    const Role overseers[] = {Role::kAdministrator, Role::kSecurityOfficer, Role::kAuditor};
    for (const Role one : overseers) {
        NewPost single = fine;
        single.grants = {{one, "370000", ""}};
        EXPECT_TRUE(CheckPost(single));
        for (const Role other : overseers) {
            if (one == other) continue;
            single.grants = {
                {one, "370000", ""}, {Role::kHelper, "370100", ""}, {other, "370200", ""}};
            EXPECT_REFUSED(CheckPost(single), reasons::kThreeRoles);
        }
    }
    for (const char* weak :
         {"short-1A", "alllowercaseletters", "Registrar-1-registrar-1", "ALLUPPER123456"}) {
        NewPost post = fine;
        post.password = weak;
        EXPECT_REFUSED(CheckPost(post), reasons::kPasswordWeak);
    }
    const auto wrong =
        CheckPost({.login = "A",
                   .display_name = " ",
                   .password = "x",
                   .totp_secret = {},
                   .grants = {{Role::kApplicant, "37", ""}, {Role::kApplicant, "37", ""}}});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().Describe(),
              "auth.login_malformed at login, auth.name_missing at display_name, "
              "auth.password_weak at password, "
              "auth.grant_applicant at grants.0.role, auth.grant_region at grants.0.region, "
              "auth.grant_applicant at grants.1.role, auth.grant_region at grants.1.region, "
              "auth.grant_twice at grants.1");
}

class Auth : public testing::BothEngines {
 protected:
    Auth() { AddRoutes(world_.router, world_.services); }

    AccountId MakePost(std::string login,
                       std::vector<Grant> grants = {{Role::kRegistrar, "370102", ""}}) {
        const NewPost post{.login = std::move(login),
                           .display_name = "周岚",
                           .password = password_,
                           .totp_secret = secret_,
                           .grants = std::move(grants)};
        static const std::string hash =
            crypto::HashPassword("Lemonade-2026!", std::string(16, 's'));
        return database()
            .Write([&](db::Transaction& tx) { return CreatePost(tx, world_.services, post, hash); })
            .value();
    }

    ApiAnswer LogIn(std::string_view login, std::string_view password, std::string_view code,
                    bool cookie = false) {
        json::object body{{"login", login}, {"password", password}, {"code", code}};
        if (cookie) body["cookie"] = true;
        return client_.Post("/api/v1/sessions", json::Text(body));
    }
    ApiAnswer LogIn(std::string_view login) {
        return LogIn(login, password_, TotpCode(secret_, clock_.Now()));
    }

    int StatusOfMe(const std::string& token) {
        return TestClient(world_.router, token).Get("/api/v1/me").status;
    }

    testing::ApiWorld world_{database(), clock_, random_};
    TestClient client_{world_.router};
    const std::string password_ = "Lemonade-2026!", secret_ = "12345678901234567890";
};
OW_BOTH_ENGINES(Auth);

TEST_P(Auth, APostLogsInAndOut) {
    const AccountId account = MakePost("registrar-1");
    const ApiAnswer session = LogIn("registrar-1");
    ASSERT_EQ(session.status, 201) << session.text;
    EXPECT_EQ(json::Find(session.body, "csrf"), nullptr);
    EXPECT_EQ(json::TextAt(session.body, "until"), "2026-11-23T21:05:00+08:00");
    const TestClient me(world_.router, json::TextAt(session.body, "token"));
    EXPECT_EQ(
        me.Get("/api/v1/me").text,
        R"({"account":")" + account.value() +
            R"(","display_name":"周岚","grants":[{"role":"registrar","region":"370102","unit":""}]})");
    EXPECT_EQ(me.Delete("/api/v1/sessions/current").status, 204);
    EXPECT_EQ(me.Get("/api/v1/me").Reason(), "api.session_ended");
}

TEST_P(Auth, PagesGetACookieThatScriptsCannotRead) {
    MakePost("registrar-1");
    const ApiAnswer session =
        LogIn("registrar-1", password_, TotpCode(secret_, clock_.Now()), true);
    ASSERT_EQ(session.status, 201);
    EXPECT_EQ(json::Find(session.body, "token"), nullptr);
    const std::string cookie(session.headers.Get("Set-Cookie"));
    EXPECT_THAT(cookie,
                ::testing::MatchesRegex(
                    "onewindow_session=[-_A-Za-z0-9]{43}; Path=/; HttpOnly; SameSite=Strict"));
    const std::string sent = cookie.substr(0, cookie.find(';'));
    const ApiAnswer me = client_.Get("/api/v1/me", {{"Cookie", sent}});
    EXPECT_EQ(json::TextAt(me.body, "csrf"), json::TextAt(session.body, "csrf"));
    EXPECT_EQ(client_.Delete("/api/v1/sessions/current", {{"Cookie", sent}}).Reason(), "api.csrf");
    const ApiAnswer out =
        client_.Delete("/api/v1/sessions/current",
                       {{"Cookie", sent}, {"X-CSRF-Token", json::TextAt(session.body, "csrf")}});
    EXPECT_EQ(out.status, 204);
    EXPECT_THAT(std::string(out.headers.Get("Set-Cookie")), ::testing::HasSubstr("Max-Age=0"));
    EXPECT_EQ(CookieHeader("t", true),
              "onewindow_session=t; Path=/; HttpOnly; SameSite=Strict; Secure");
}

TEST_P(Auth, WrongLoginPasswordAndCodeLookTheSame) {
    MakePost("registrar-1");
    const std::string code = TotpCode(secret_, clock_.Now());
    const ApiAnswer answers[] = {
        LogIn("nobody", password_, code), LogIn("registrar-1", "Wrong-2026!!!", code),
        LogIn("registrar-1", password_, "000000"), LogIn("registrar-1", password_, "")};
    for (const ApiAnswer& answer : answers) {
        EXPECT_EQ(answer.status, 401);
        json::value body = answer.body, first = answers[0].body;
        body.as_object().erase("trace");
        first.as_object().erase("trace");
        EXPECT_EQ(body, first);
    }
    for (const std::string& line : world_.log.lines())
        EXPECT_THAT(line, ::testing::Not(::testing::HasSubstr("nobody")));
}

TEST_P(Auth, ACodeServesOnceAndOneStepAround) {
    MakePost("registrar-1");
    const Instant now = clock_.Now();
    EXPECT_EQ(LogIn("registrar-1", password_, TotpCode(secret_, now - seconds{60})).status, 401);
    EXPECT_EQ(LogIn("registrar-1", password_, TotpCode(secret_, now + seconds{60})).status, 401);
    EXPECT_EQ(LogIn("registrar-1", password_, TotpCode(secret_, now - seconds{30})).status, 201);
    EXPECT_EQ(LogIn("registrar-1", password_, TotpCode(secret_, now - seconds{30})).status, 401);
    EXPECT_EQ(LogIn("registrar-1", password_, TotpCode(secret_, now + seconds{30})).status, 201);
    EXPECT_EQ(LogIn("registrar-1", password_, TotpCode(secret_, now)).status,
              401);  // Older than one that was used.
}

TEST_P(Auth, FiveFailuresRestALoginWhetherItExistsOrNot) {
    MakePost("registrar-1");
    for (const char* login : {"registrar-1", "nobody"}) {
        for (int i = 0; i < kFailuresMax; ++i)
            EXPECT_EQ(LogIn(login, "Wrong-2026!!!", "000000").status, 401);
        const ApiAnswer locked = LogIn(login);
        EXPECT_EQ(locked.status, 429) << login;
        EXPECT_EQ(locked.Reason(), "auth.locked");
        EXPECT_EQ(locked.headers.Get("Retry-After"), "900");
    }
    clock_.Advance(minutes{14});
    EXPECT_EQ(LogIn("registrar-1").status,
              429);  // Trying on does not lengthen the rest, nor end it.
    clock_.Advance(minutes{1} + seconds{1});
    EXPECT_EQ(LogIn("registrar-1").status, 201);
}

TEST_P(Auth, ASuccessForgetsFailures) {
    MakePost("registrar-1");
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < kFailuresMax - 1; ++i)
            EXPECT_EQ(LogIn("registrar-1", "Wrong-2026!!!", "000000").status, 401);
        EXPECT_EQ(LogIn("registrar-1").status, 201);
        clock_.Advance(seconds{30});
    }
}

TEST_P(Auth, SessionsEndUnusedOrOld) {
    const std::string unused = world_.LogInPerson("p-1");
    clock_.Advance(minutes{29});
    EXPECT_EQ(StatusOfMe(unused), 200);
    clock_.Advance(minutes{29});
    EXPECT_EQ(StatusOfMe(unused), 200);
    clock_.Advance(minutes{30});
    EXPECT_EQ(StatusOfMe(unused), 401);

    const std::string busy = world_.LogInPerson("p-1");
    for (int i = 0; i < 12 * 3 - 1; ++i) {
        clock_.Advance(minutes{20});
        EXPECT_EQ(StatusOfMe(busy), 200);
    }
    clock_.Advance(minutes{20});
    EXPECT_EQ(StatusOfMe(busy), 401);
}

TEST_P(Auth, APersonHasOneAccountAndIsAnApplicant) {
    const TestClient one(world_.router, world_.LogInPerson("p-1")),
        two(world_.router, world_.LogInPerson("p-1"));
    const ApiAnswer me = one.Get("/api/v1/me");
    EXPECT_EQ(me.text, two.Get("/api/v1/me").text);
    EXPECT_EQ(json::TextAt(me.body, "person"), "p-1");
    EXPECT_EQ(json::TextAt(me.body, "grants.0.role"), "applicant");
}

TEST_P(Auth, TheSecurityOfficerCreatesAndDisablesPostsOfTheRegion) {
    const TestClient officer(world_.router,
                             world_.LogInPost({{Role::kSecurityOfficer, "370100", ""}}));
    const std::string body =
        R"({"login":"maker-1","display_name":"甲刻章","password":"Lemonade-2026!",)"
        R"("grants":[{"role":"seal_maker","region":"370102","unit":"m-1"}]})";
    const ApiAnswer created =
        officer.Post("/api/v1/accounts", body, {{"Idempotency-Key", "create-maker-1"}});
    ASSERT_EQ(created.status, 201) << created.text;
    EXPECT_EQ(officer.Post("/api/v1/accounts", body, {{"Idempotency-Key", "create-maker-1"}}).text,
              created.text);
    EXPECT_EQ(officer.Post("/api/v1/accounts", body).Reason(), "auth.login_taken");
    EXPECT_EQ(json::TextAt(created.body, "totp_secret").size(), 32U);

    std::string elsewhere = body;
    elsewhere.replace(elsewhere.find("370102"), 6, "370202");
    EXPECT_EQ(officer.Post("/api/v1/accounts", elsewhere).Reason(), "api.not_yours");
    const TestClient administrator(world_.router,
                                   world_.LogInPost({{Role::kAdministrator, "370000", ""}}));
    EXPECT_EQ(administrator.Post("/api/v1/accounts", body).status, 403);

    const AccountId victim = MakePost("registrar-1"),
                    far = MakePost("registrar-2", {{Role::kRegistrar, "370202", ""}});
    const std::string token = json::TextAt(LogIn("registrar-1").body, "token");
    EXPECT_EQ(StatusOfMe(token), 200);
    EXPECT_EQ(officer.Post("/api/v1/accounts/" + far.value() + "/disable").Reason(),
              "api.not_yours");
    EXPECT_EQ(officer.Post("/api/v1/accounts/unknown/disable").status, 404);
    EXPECT_EQ(officer.Post("/api/v1/accounts/" + victim.value() + "/disable").status, 200);
    EXPECT_EQ(StatusOfMe(token), 401);
    clock_.Advance(seconds{30});
    EXPECT_EQ(LogIn("registrar-1").Reason(), "auth.login_failed");
}

TEST_P(Auth, APersonSeesWhoLookedAndTheAuditorSeesAll) {
    const AccountId registrar = MakePost("registrar-1");
    ASSERT_OK(database().Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(RecordUnmaskedRead(tx, world_.services,
                                    {registrar.value(), "p-1", "id_number", "case-1", "核对身份"}));
        return RecordUnmaskedRead(tx, world_.services,
                                  {registrar.value(), "p-2", "mobile", "case-2", "好奇", true});
    }));
    const TestClient person(world_.router, world_.LogInPerson("p-1"));
    const ApiAnswer mine = person.Get("/api/v1/me/unmasked-reads");
    ASSERT_EQ(mine.body.at("reads").as_array().size(), 1U) << mine.text;
    EXPECT_EQ(json::TextAt(mine.body, "reads.0.by"), "周岚");
    EXPECT_EQ(json::TextAt(mine.body, "reads.0.reason"), "核对身份");
    EXPECT_EQ(json::Find(mine.body, "reads.0.account"), nullptr);
    EXPECT_EQ(person.Get("/api/v1/unmasked-reads").status, 403);

    const TestClient auditor(world_.router, world_.LogInPost({{Role::kAuditor, "370000", ""}}));
    const ApiAnswer all = auditor.Get("/api/v1/unmasked-reads");
    EXPECT_EQ(all.body.at("reads").as_array().size(), 2U);
    const ApiAnswer some = auditor.Get("/api/v1/unmasked-reads?person=p-2");
    ASSERT_EQ(some.body.at("reads").as_array().size(), 1U);
    EXPECT_TRUE(json::BoolAt(some.body, "reads.0.refused"));
    EXPECT_EQ(json::TextAt(some.body, "reads.0.account"), registrar.value());
    const std::string newest = json::TextAt(all.body, "reads.0.id");
    EXPECT_EQ(
        auditor.Get("/api/v1/unmasked-reads?before=" + newest).body.at("reads").as_array().size(),
        1U);
    EXPECT_EQ(auditor.Get("/api/v1/me/unmasked-reads").Reason(), "auth.not_a_person");
}

}  // namespace
}  // namespace onewindow::auth
