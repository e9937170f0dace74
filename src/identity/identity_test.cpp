// Goal: only the identity service says who somebody is; one human is one record; nothing personal
// lies open.

#include "identity/identity.hpp"

#include <fmt/format.h>

#include "agencies/identity_service.hpp"
#include "identity/document.hpp"
#include "identity/reasons.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/testing/api_client.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::identity {
namespace {

using std::chrono::minutes;

constexpr db::Query kPersons{"test.persons", "SELECT * FROM identity_person ORDER BY id"};
constexpr db::Query kQuestions{"test.questions", "SELECT * FROM identity_verification ORDER BY id"};
constexpr db::Query kJobs{"test.jobs", "SELECT * FROM job_queue"};

TEST(CanonicalIdNumber, MakesOneSpellingOfADocument) {
    EXPECT_EQ(CanonicalIdNumber("resident_id", "370102800101900"), "370102198001019001");
    EXPECT_EQ(CanonicalIdNumber("resident_id", "370102800101901"), "37010219800101901X");
    EXPECT_EQ(CanonicalIdNumber("resident_id", " 37010219800101901x "), "37010219800101901X");
    EXPECT_EQ(CanonicalIdNumber("resident_id", "３７０１０２１９８００１０１９００１"),
              "370102198001019001");
    EXPECT_EQ(CanonicalIdNumber("passport", "e12345678"), "E12345678");
    EXPECT_EQ(CanonicalIdNumber("passport", "370102800101900"),
              "370102800101900");  // Not a citizen's number.
}

/// Counts what goes out, and loses or forges answers as told.
class Between final : public http::Outside {
 public:
    Result<http::Answer> Send(const http::Call& call) override {
        ++calls;
        if (down) return Refuse(http::reasons::kNoAnswer);
        auto answer = real_->Send(call);
        if (lose > 0) {
            --lose;
            return Refuse(http::reasons::kNoAnswer);
        }
        if (answer && forge) forge(*answer);
        return answer;
    }
    int calls = 0, lose = 0;
    bool down = false;
    std::function<void(http::Answer&)> forge;

 private:
    std::unique_ptr<http::Outside> real_ = http::MakeOutside();
};

struct Human {
    std::string name, id_number, mobile;
};
const Human kZhou{"周岚", "370102198001019001", "13800000001"},
    kQian{"钱溪", "37010219800101901X", "13800000002"};

class IdentityTest : public testing::BothEngines {
 protected:
    IdentityTest() {
        identity_.AddRoutes(api_.router);
        auth::AddRoutes(api_.router, api_.services);
        identity_.RegisterJobs(*runner_);
    }
    std::string CodeFor(const Human& human) {
        http::Call call;
        call.method = "POST";
        call.url = idp_url_ + "/authorize";
        call.body = json::Text(json::object{{"client_id", "onewindow"},
                                            {"id_type", "resident_id"},
                                            {"id_number", human.id_number},
                                            {"name", human.name},
                                            {"mobile", human.mobile}});
        return json::TextAt(json::Parse(http::MakeOutside()->Send(call).value().body).value(),
                            "code");
    }
    std::string Ask(const testing::TestClient& client, const std::string& what,
                    const std::string& code, bool cookie = false) {
        json::object body{{"code", code}};
        if (cookie) body["cookie"] = true;
        const auto asked = client.Post("/api/v1/identity/" + what, json::Text(body));
        EXPECT_EQ(asked.status, 202) << asked.text;
        EXPECT_EQ(json::TextAt(asked.body, "state"), "pending");
        return "/api/v1/identity/" + what + "/" + json::TextAt(asked.body, "id");
    }
    /// The answer to a login with this code.
    testing::ApiAnswer LogIn(const std::string& code) {
        const std::string path = Ask(anybody_, "logins", code);
        runner_->RunDue();
        return anybody_.Get(path);
    }
    std::size_t PersonCount() {
        return database()
            .Read([](db::Transaction& tx) { return tx.Run(kPersons, {}); })
            .value()
            .size();
    }

    testing::TemporaryFolder folder_;
    SystemRandom server_random_;
    Between outside_;
    std::unique_ptr<http::Server> idp_ =
        agencies::StartIdentityService({.listen = "127.0.0.1:0",
                                        .directory = folder_.path(),
                                        .clock = clock_,
                                        .random = server_random_,
                                        .log = log::Silent(),
                                        .clients = {{"onewindow", "secret"}}})
            .value();
    const std::string idp_url_ = fmt::format("http://127.0.0.1:{}", idp_->port());
    testing::ApiWorld api_{database(), clock_, random_};
    NoCrashPoints crash_;
    std::unique_ptr<jobs::Runner> runner_ =
        jobs::MakeRunner({database(), clock_, random_, crash_, api_.log, "node-1"});
    Identity identity_{{api_.services, outside_, idp_url_, "onewindow", "secret"}};
    testing::TestClient anybody_{api_.router};
};
OW_BOTH_ENGINES(IdentityTest);

TEST_P(IdentityTest, LogsInAndHandsTheSessionOutOnce) {
    const std::string path = Ask(anybody_, "logins", CodeFor(kZhou));
    EXPECT_EQ(outside_.calls, 0);  // Nobody is called inside a request.
    EXPECT_EQ(json::TextAt(anybody_.Get(path).body, "state"), "pending");
    runner_->RunDue();
    const auto polled = anybody_.Get(path);
    EXPECT_EQ(json::TextAt(polled.body, "state"), "verified") << polled.text;
    const testing::TestClient zhou(api_.router, json::TextAt(polled.body, "token"));
    const auto me = zhou.Get("/api/v1/me");
    EXPECT_EQ(me.status, 200) << me.text;
    EXPECT_EQ(json::TextAt(me.body, "person"), json::TextAt(polled.body, "person"));
    const auto again = anybody_.Get(path);
    EXPECT_EQ(json::TextAt(again.body, "state"), "verified");
    EXPECT_EQ(json::TextAt(again.body, "token"), "");
    for (const std::string& line : api_.log.lines()) {
        EXPECT_EQ(line.find(json::TextAt(polled.body, "token")), std::string::npos);
    }
    EXPECT_EQ(anybody_.Get("/api/v1/identity/logins/01J").Reason(), "identity.no_verification");
}

TEST_P(IdentityTest, PagesGetACookieAndACsrfToken) {
    const std::string path = Ask(anybody_, "logins", CodeFor(kZhou), true);
    runner_->RunDue();
    const auto polled = anybody_.Get(path);
    EXPECT_EQ(json::TextAt(polled.body, "token"), "");
    EXPECT_NE(json::TextAt(polled.body, "csrf"), "");
    EXPECT_NE(polled.headers.Get("Set-Cookie").find("HttpOnly"), std::string_view::npos);
}

TEST_P(IdentityTest, ASessionThatNobodyFetchesIsNeverOpened) {
    const std::string path = Ask(anybody_, "logins", CodeFor(kZhou));
    runner_->RunDue();
    clock_.Advance(kFetchTime + minutes{1});
    EXPECT_EQ(json::TextAt(anybody_.Get(path).body, "token"), "");
}

TEST_P(IdentityTest, TheSameHumanIsOneRecord) {
    const std::string first = json::TextAt(LogIn(CodeFor(kZhou)).body, "person");
    Human zhou = kZhou;
    zhou.id_number = "370102800101900";  // Of before 1999.
    zhou.mobile = "13900000001";
    EXPECT_EQ(json::TextAt(LogIn(CodeFor(zhou)).body, "person"), first);
    EXPECT_NE(json::TextAt(LogIn(CodeFor(kQian)).body, "person"), first);
    EXPECT_EQ(PersonCount(), 2U);
    const auto found = database().Read([&](db::Transaction& tx) {
        return identity_.FindByDocument(tx, "resident_id", "370102800101900");
    });
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->id.value(), first);
    EXPECT_EQ((*found)->id_number, kZhou.id_number);
    EXPECT_EQ((*found)->mobile, "13900000001");  // As the state holds it today.
    const auto address =
        database().Read([&](db::Transaction& tx) { return identity_.AddressOf(tx, first); });
    EXPECT_EQ(address->first, "13900000001");
}

TEST_P(IdentityTest, ACodeWorksOnceAndForFiveMinutes) {
    const std::string code = CodeFor(kZhou);
    EXPECT_EQ(json::TextAt(LogIn(code).body, "state"), "verified");
    const auto second = LogIn(code);
    EXPECT_EQ(json::TextAt(second.body, "state"), "refused");
    EXPECT_EQ(json::TextAt(second.body, "reason"), "identity.code_refused");
    EXPECT_NE(json::TextAt(second.body, "text"), "identity.code_refused");
    EXPECT_EQ(json::TextAt(LogIn("made up").body, "reason"), "identity.code_refused");
    const std::string late = CodeFor(kQian);
    clock_.Advance(minutes{6});
    EXPECT_EQ(json::TextAt(LogIn(late).body, "reason"), "identity.code_refused");
    EXPECT_EQ(PersonCount(), 1U);
    EXPECT_EQ(anybody_.Post("/api/v1/identity/logins", R"({"code":""})").Reason(),
              "identity.code_malformed");
}

TEST_P(IdentityTest, ALostAnswerIsNotALostCode) {
    outside_.lose = 1;  // The service used the code, and we never heard.
    const std::string path = Ask(anybody_, "logins", CodeFor(kZhou));
    runner_->RunDue();
    EXPECT_EQ(json::TextAt(anybody_.Get(path).body, "state"), "pending");
    clock_.Advance(std::chrono::seconds{30});
    runner_->RunDue();
    EXPECT_EQ(json::TextAt(anybody_.Get(path).body, "state"), "verified");
}

TEST_P(IdentityTest, TriesUntilTheCodeIsDeadAndThenSaysSo) {
    outside_.down = true;
    const std::string path = Ask(anybody_, "logins", CodeFor(kZhou));
    for (int i = 0; i < 9; ++i) {
        runner_->RunDue();
        EXPECT_EQ(json::TextAt(anybody_.Get(path).body, "state"), "pending") << i;
        clock_.Advance(std::chrono::seconds{30});
    }
    EXPECT_GE(outside_.calls, 9);
    clock_.Advance(minutes{1});
    runner_->RunDue();
    EXPECT_EQ(json::TextAt(anybody_.Get(path).body, "reason"), "identity.no_service");
}

TEST_P(IdentityTest, AnAnswerIsBelievedOnlyIfItIsWhole) {
    const auto replace = [](std::string member, json::value value) {
        return [member, value](http::Answer& answer) {
            json::object body = json::Parse(answer.body).value().as_object();
            body[member] = value;
            answer.body = json::Text(body);
        };
    };
    const std::vector<std::function<void(http::Answer&)>> forgeries = {
        [](http::Answer& answer) { answer.body = "<html>"; },
        [](http::Answer& answer) { answer.body = "{}"; },
        replace("id_number", "370102198001019002"),
        replace("id_type", "library_card"),
        replace("name", ""),
        replace("name", json::value(std::string(1000, 'x'))),
        replace("mobile", "; DROP TABLE"),
        replace("evidence_sm3", "abc"),
        replace("level", 3),
    };
    for (const auto& forgery : forgeries) {
        outside_.forge = forgery;
        EXPECT_EQ(json::TextAt(LogIn(CodeFor(kZhou)).body, "reason"), "identity.answer_unusable");
    }
    EXPECT_EQ(PersonCount(), 0U);
}

TEST_P(IdentityTest, AFreshCheckIsOfTheSamePerson) {
    const auto login = LogIn(CodeFor(kZhou));
    const PersonId person(json::TextAt(login.body, "person"));
    const testing::TestClient zhou(api_.router, json::TextAt(login.body, "token"));
    const auto fresh = [&](minutes age) {
        return database()
            .Read([&](db::Transaction& tx) {
                return identity_.Fresh(tx, person, clock_.Now() - age);
            })
            .value();
    };
    EXPECT_TRUE(fresh(minutes{1}));  // The login itself.
    clock_.Advance(minutes{20});
    EXPECT_FALSE(fresh(minutes{1}));
    std::string path = Ask(zhou, "verifications", CodeFor(kQian));
    runner_->RunDue();
    EXPECT_EQ(json::TextAt(zhou.Get(path).body, "reason"), "identity.another_person");
    EXPECT_EQ(PersonCount(), 1U);  // No record of whoever it was.
    EXPECT_FALSE(fresh(minutes{1}));
    path = Ask(zhou, "verifications", CodeFor(kZhou));
    runner_->RunDue();
    const auto answer = zhou.Get(path);
    EXPECT_EQ(json::TextAt(answer.body, "state"), "verified") << answer.text;
    ASSERT_TRUE(fresh(minutes{1}));
    EXPECT_EQ(fresh(minutes{1})->evidence_sm3, json::TextAt(answer.body, "evidence_sm3"));
    EXPECT_EQ(fresh(minutes{1})->method, "face");
    // Nobody else reads it, and posts have no person to verify.
    const testing::TestClient qian(api_.router, json::TextAt(LogIn(CodeFor(kQian)).body, "token"));
    EXPECT_EQ(qian.Get(path).Reason(), "identity.no_verification");
    EXPECT_EQ(anybody_.Get(path).status, 401);
    const testing::TestClient post(api_.router,
                                   api_.LogInPost({{auth::Role::kRegistrar, "370102", ""}}));
    EXPECT_EQ(post.Post("/api/v1/identity/verifications", R"({"code":"x"})").Reason(),
              "identity.not_a_person");
}

TEST_P(IdentityTest, ListenersHearInTheSameTransaction) {
    std::vector<std::string> heard;
    identity_.OnVerified([&](db::Transaction&, const Person& person) -> Result<> {
        heard.push_back(person.name);
        return {};
    });
    LogIn(CodeFor(kZhou));
    EXPECT_EQ(heard, std::vector<std::string>{kZhou.name});
}

TEST_P(IdentityTest, NothingPersonalLiesOpen) {
    const std::string code = CodeFor(kZhou);
    Ask(anybody_, "logins", code);
    const auto look = [&] {
        for (const db::Query& query : {kPersons, kQuestions, kJobs}) {
            const auto rows =
                database().Read([&](db::Transaction& tx) { return tx.Run(query, {}); });
            ASSERT_OK(rows);
            for (const db::Row& row : *rows) {
                for (const db::Value& value : row.values()) {
                    const auto* text = std::get_if<std::string>(&value);
                    const auto* blob = std::get_if<db::Bytes>(&value);
                    const std::string bytes = text ? *text : blob ? blob->bytes : std::string{};
                    for (const std::string& secret :
                         {code, kZhou.name, kZhou.id_number, kZhou.mobile}) {
                        EXPECT_EQ(bytes.find(secret), std::string::npos) << query.name;
                    }
                }
            }
        }
    };
    look();
    runner_->RunDue();
    look();
    EXPECT_EQ(PersonCount(), 1U);
    for (const std::string& line : api_.log.lines()) EXPECT_EQ(line.find(code), std::string::npos);
}

}  // namespace
}  // namespace onewindow::identity
