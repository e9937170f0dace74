// Goal: the API's promises on a made-up matter: who may, strict reading, all faults in both
// languages, nothing leaks.

#include "kernel/api/api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "kernel/api/limiter.hpp"
#include "kernel/testing/api_client.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::api {
namespace {

using testing::ApiAnswer;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TestClient;

constexpr Reason kSour{"test.sour", Kind::kRefused, "柠檬水法 3"};
constexpr Reason kWarm{"test.warm", Kind::kRefused};

struct LemonadeOrder {
    std::string flavour;
    std::int64_t cups = 0;
    std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(LemonadeOrder, (), (flavour, cups, note))

struct LemonadeBill {
    std::string stand;
    std::int64_t fen = 0;
};
BOOST_DESCRIBE_STRUCT(LemonadeBill, (), (stand, fen))

Operation Route(std::string method, std::string path, std::string id) {
    return {.method = std::move(method),
            .path = std::move(path),
            .id = std::move(id),
            .summary = "A made-up route",
            .access = Access::kPublic,
            .tag = "lemonade",
            .needs_key = false};
}

class Api : public ::testing::Test {
 protected:
    Api() { world_.log.Tolerate(); }

    /// POST /api/v1/stands/{stand}/orders, public, without a key.
    void AddOrders() {
        Operation order = Route("POST", "/api/v1/stands/{stand}/orders", "orderLemonade");
        order.reasons = {&kSour, &kWarm};
        world_.router.Add<LemonadeOrder, LemonadeBill>(
            order, [](Call& call, const LemonadeOrder& in) -> Result<LemonadeBill> {
                if (in.flavour == "throw") throw std::runtime_error("secret of the inside");
                if (in.flavour == "bug")
                    return Fail(Error(Fault{&db::reasons::kStatement}).WithDetail("secret"));
                if (in.flavour == "undeclared") return Refuse(reasons::kStale);
                if (in.flavour == "all_wrong") {
                    return Refuse({Fault{&kWarm, "cups"},
                                   Fault{&reasons::kTooMany, "cups", {{"seconds", "7"}}},
                                   Fault{&kSour, "b"}, Fault{&kSour, "a"}});
                }
                return LemonadeBill{call.Path("stand"), in.cups * 100};
            });
    }

    testing::FreshDatabase database_{db::Engine::kSqlite};
    ManualClock clock_{*ParseInstant("2026-11-23T09:05:00+08:00")};
    SeededRandom random_{1};
    testing::ApiWorld world_{*database_, clock_, random_};
    TestClient client_{world_.router};
    const std::string order_ = R"({"flavour":"mint","cups":2})";
};

TEST_F(Api, AnswersWithSafetyHeaders) {
    AddOrders();
    const ApiAnswer answer = client_.Post("/api/v1/stands/s-1/orders", order_);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text, R"({"stand":"s-1","fen":200})");
    EXPECT_EQ(answer.headers.Get("Content-Type"), "application/json");
    EXPECT_EQ(answer.headers.Get("Content-Security-Policy"),
              "default-src 'none'; frame-ancestors 'none'");
    EXPECT_EQ(answer.headers.Get("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.headers.Get("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(answer.headers.Get("Cache-Control"), "no-store");
}

TEST_F(Api, FindsRoutesLiteralsFirst) {
    const auto named = [](std::string name) {
        return [name](Call& call, const Empty&) -> Result<LemonadeBill> {
            return LemonadeBill{name + call.request.parameters["x"] + call.request.parameters["y"],
                                0};
        };
    };
    world_.router.Add<Empty, LemonadeBill>(Route("GET", "/api/v1/{x}/{y}", "both"), named("both:"));
    world_.router.Add<Empty, LemonadeBill>(Route("GET", "/api/v1/{x}/b", "second"),
                                           named("second:"));
    world_.router.Add<Empty, LemonadeBill>(Route("GET", "/api/v1/a/{y}", "first"), named("first:"));
    world_.router.Add<Empty, LemonadeBill>(Route("PUT", "/api/v1/a/{y}", "put"), named("put:"));
    const auto stand = [&](std::string_view path) {
        return json::TextAt(client_.Get(path).body, "stand");
    };
    EXPECT_EQ(stand("/api/v1/1/2"), "both:12");
    EXPECT_EQ(stand("/api/v1/1/b"), "second:1");
    EXPECT_EQ(stand("/api/v1/a/b"), "first:b");
    EXPECT_EQ(client_.Get("/api/v1/a").Reason(), "api.not_found");
    EXPECT_EQ(client_.Get("/api/v1/a/").Reason(), "api.not_found");
    EXPECT_EQ(client_.Get("/api/v1/a/b/c").status, 404);
    const ApiAnswer unknown = client_.Delete("/api/v1/a/b");
    EXPECT_EQ(unknown.status, 405);
    EXPECT_EQ(unknown.headers.Get("Allow"), "GET, PUT");
}

TEST_F(Api, TellsAllFaultsSortedInBothLanguages) {
    AddOrders();
    const std::string body = R"({"flavour":"all_wrong","cups":1})";
    const ApiAnswer answer =
        client_.Post("/api/v1/stands/s/orders", body, {{"Accept-Language", "en"}});
    EXPECT_EQ(answer.status, 422);  // The first reason decides.
    EXPECT_EQ(answer.headers.Get("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.headers.Get("Content-Language"), "en");
    EXPECT_EQ(json::TextAt(answer.body, "type"), "/problems/test.warm");
    EXPECT_EQ(json::TextAt(answer.body, "field"), "cups");
    EXPECT_EQ(json::IntAt(answer.body, "status"), 422);
    EXPECT_EQ(json::Find(answer.body, "citation"), nullptr);
    EXPECT_EQ(json::TextAt(answer.body, "trace").size(), 32U);
    std::vector<std::string> faults;
    for (const json::value& fault : answer.body.at("errors").as_array()) {
        faults.push_back(json::TextAt(fault, "field") + " " + json::TextAt(fault, "reason"));
    }
    EXPECT_EQ(faults, (std::vector<std::string>{"a test.sour", "b test.sour",
                                                "cups api.too_many_requests", "cups test.warm"}));
    EXPECT_EQ(json::TextAt(answer.body, "errors.0.citation"), "柠檬水法 3");
    EXPECT_EQ(json::TextAt(answer.body, "errors.2.text"),
              "Too many requests; try again in 7 seconds");
    const ApiAnswer chinese = client_.Post("/api/v1/stands/s/orders", body);
    EXPECT_EQ(chinese.headers.Get("Content-Language"), "zh-CN");
    EXPECT_EQ(json::TextAt(chinese.body, "errors.2.text"), "操作过于频繁，请 7 秒后再试");
}

TEST_F(Api, HidesWhatWentWrongInside) {
    AddOrders();
    for (const char* flavour : {"throw", "bug"}) {
        const ApiAnswer answer = client_.Post(
            "/api/v1/stands/s/orders", R"({"cups":1,"flavour":")" + std::string(flavour) + "\"}");
        EXPECT_EQ(answer.status, 500);
        EXPECT_EQ(answer.Reason(), "api.bug");
        EXPECT_THAT(answer.text, Not(HasSubstr("secret")));
        EXPECT_THAT(answer.text, Not(HasSubstr("db.statement")));
    }
    EXPECT_THAT(world_.log.lines(),
                Contains(HasSubstr("error request_failed operation=\"orderLemonade\" "
                                   "error=\"api.bug: secret of the inside")));
    client_.Post("/api/v1/stands/s/orders", R"({"flavour":"undeclared","cups":1})");
    EXPECT_THAT(world_.log.lines(), Contains(HasSubstr("error reason_not_declared")));
}

TEST_F(Api, ReadsBodiesStrictly) {
    AddOrders();
    const std::string path = "/api/v1/stands/s/orders";
    EXPECT_EQ(client_.Post(path, order_, {{"Content-Type", "text/plain"}}).Reason(),
              "api.media_type");
    EXPECT_EQ(client_.Post(path, order_, {{"Content-Type", ""}}).status, 415);
    EXPECT_EQ(client_.Post(path, "").status, 415);
    EXPECT_EQ(
        client_.Post(path, order_, {{"Content-Type", "Application/JSON; charset=utf-8"}}).status,
        200);
    EXPECT_EQ(client_.Post(path, "{").Reason(), "json.unreadable");
    EXPECT_EQ(client_.Post(path, R"({"cups":1,"cups":2,"flavour":"x"})").Reason(),
              "json.duplicate_key");
    const ApiAnswer answer = client_.Post(path, R"({"cups":1.5,"x":1})");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body.at("errors").as_array().size(), 3U);
    EXPECT_EQ(client_.Post(path + "?a=1&a=2&b=3", order_).body.at("errors").as_array().size(), 3U);
    EXPECT_EQ(client_.Post(path + "?a=1", order_).Reason(), "api.query_unknown");

    Operation empty = Route("POST", "/api/v1/empty", "empty");
    empty.status = 204;
    empty.query = {{"q", "Anything"}};
    world_.router.Add<Empty, Empty>(empty,
                                    [](Call&, const Empty&) { return Result<Empty>(Empty{}); });
    const ApiAnswer none = client_.Post("/api/v1/empty?q=1");
    EXPECT_EQ(none.status, 204);
    EXPECT_THAT(none.text, IsEmpty());
    EXPECT_EQ(client_.Post("/api/v1/empty", "{}").status, 204);
    EXPECT_EQ(client_.Post("/api/v1/empty", R"({"a":1})").Reason(), "json.unknown_field");
    EXPECT_EQ(client_.Post("/api/v1/empty?q=1&q=2").Reason(), "api.query_repeated");
}

TEST_F(Api, ChecksWhoAsks) {
    Operation mine = Route("GET", "/api/v1/mine", "mine");
    mine.access = Access::kLoggedIn;
    Operation office = Route("GET", "/api/v1/office", "office");
    office.access = Access::kRole;
    office.roles = {auth::Role::kRegistrar, auth::Role::kHelper};
    Operation open = Route("GET", "/api/v1/open", "open");
    const auto answer = [](Call& call, const Empty&) -> Result<LemonadeBill> {
        return LemonadeBill{call.principal.person,
                            static_cast<std::int64_t>(call.principal.grants.size())};
    };
    world_.router.Add<Empty, LemonadeBill>(mine, answer);
    world_.router.Add<Empty, LemonadeBill>(office, answer);
    world_.router.Add<Empty, LemonadeBill>(open, answer);

    const TestClient registrar(world_.router,
                               world_.LogInPost({{auth::Role::kRegistrar, "370102", ""}}));
    const TestClient maker(world_.router,
                           world_.LogInPost({{auth::Role::kSealMaker, "370102", "m-1"}}));
    const TestClient person(world_.router, world_.LogInPerson("p-1"));
    const TestClient wrong(world_.router, "made-up");
    EXPECT_EQ(client_.Get("/api/v1/mine").Reason(), "api.login_needed");
    EXPECT_EQ(client_.Get("/api/v1/mine").headers.Get("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(wrong.Get("/api/v1/mine").Reason(), "api.session_ended");
    EXPECT_EQ(wrong.Get("/api/v1/open").status,
              200);  // An old cookie must not keep anybody from logging in.
    EXPECT_EQ(person.Get("/api/v1/mine").text, R"({"stand":"p-1","fen":1})");
    EXPECT_EQ(registrar.Get("/api/v1/office").status, 200);
    EXPECT_EQ(maker.Get("/api/v1/office").Reason(), "api.not_yours");
    EXPECT_EQ(maker.Get("/api/v1/office").status, 403);
    EXPECT_EQ(client_.Get("/api/v1/office").status, 401);
}

TEST_F(Api, CookieSessionsNeedTheCsrfToken) {
    Operation act = Route("POST", "/api/v1/act", "act");
    act.access = Access::kLoggedIn;
    world_.router.Add<Empty, Empty>(act,
                                    [](Call&, const Empty&) { return Result<Empty>(Empty{}); });
    const auth::Session session =
        *database_->Write([&](db::Transaction& tx) -> Result<auth::Session> {
            OW_TRY(const auto account, auth::AccountOfPerson(tx, world_.services, "p-1"));
            return auth::OpenSession(tx, world_.services, account, true);
        });
    const std::string cookie = "theme=dark; onewindow_session=" + session.token;
    EXPECT_EQ(client_.Post("/api/v1/act", "", {{"Cookie", cookie}}).Reason(), "api.csrf");
    EXPECT_EQ(
        client_.Post("/api/v1/act", "", {{"Cookie", cookie}, {"X-CSRF-Token", "guess"}}).status,
        403);
    EXPECT_EQ(client_.Post("/api/v1/act", "", {{"Cookie", cookie}, {"X-CSRF-Token", session.csrf}})
                  .status,
              200);
    // The token of a cookie session is no bearer token: that would go round the check.
    EXPECT_EQ(TestClient(world_.router, session.token).Post("/api/v1/act").status, 401);
}

TEST_F(Api, LimitsRobotsByPeerOrAccount) {
    Operation limited = Route("GET", "/api/v1/limited", "limited");
    limited.rate_per_minute = 2;
    world_.router.Add<Empty, Empty>(limited,
                                    [](Call&, const Empty&) { return Result<Empty>(Empty{}); });
    const TestClient person(world_.router, world_.LogInPerson("p-1"));
    EXPECT_EQ(client_.Get("/api/v1/limited").status, 200);
    EXPECT_EQ(client_.Get("/api/v1/limited").status, 200);
    const ApiAnswer refused = client_.Get("/api/v1/limited");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.headers.Get("Retry-After"), "30");
    EXPECT_EQ(person.Get("/api/v1/limited").status, 200);
    clock_.Advance(std::chrono::seconds{30});
    EXPECT_EQ(client_.Get("/api/v1/limited").status, 200);
    EXPECT_EQ(client_.Get("/api/v1/limited").status, 429);
}

TEST(RateLimiter, ForgetsTheQuietestKeyFirst) {
    RateLimiter limiter(2);
    EXPECT_EQ(limiter.Take("a", 1, Monotonic{0}), 0);
    EXPECT_EQ(limiter.Take("b", 1, Monotonic{0}), 0);
    EXPECT_EQ(limiter.Take("a", 1, Monotonic{0}), 60);
    EXPECT_EQ(limiter.Take("c", 1, Monotonic{0}), 0);   // b is forgotten.
    EXPECT_EQ(limiter.Take("a", 1, Monotonic{0}), 60);  // a is not.
    EXPECT_EQ(limiter.Take("b", 1, Monotonic{0}), 0);
}

TEST_F(Api, ChecksIfMatch) {
    Operation change = Route("PUT", "/api/v1/stand", "changeStand");
    change.needs_if_match = true;
    world_.router.Add<Empty, LemonadeBill>(change,
                                           [](Call& call, const Empty&) -> Result<LemonadeBill> {
                                               OW_TRY(const std::int64_t version, call.IfMatch());
                                               call.SetVersion(version + 1);
                                               return LemonadeBill{"s", version};
                                           });
    EXPECT_EQ(client_.Put("/api/v1/stand").status, 428);
    for (const char* wrong : {"7", "\"\"", "\"a\"", "*", "W/\"7\"", "\"99999999999999999999\""}) {
        EXPECT_EQ(client_.Put("/api/v1/stand", "", {{"If-Match", wrong}}).Reason(),
                  "api.if_match_malformed")
            << wrong;
    }
    const ApiAnswer answer = client_.Put("/api/v1/stand", "", {{"If-Match", "\"7\""}});
    EXPECT_EQ(json::IntAt(answer.body, "fen"), 7);
    EXPECT_EQ(answer.headers.Get("ETag"), "\"8\"");
}

TEST_F(Api, TakesTheTraceOfTheCaller) {
    const std::string trace = "0af7651916cd43dd8448eb211c80319c";
    const auto traced = [&](const std::string& header) {
        return json::TextAt(client_.Get("/none", {{"traceparent", header}}).body, "trace");
    };
    EXPECT_EQ(traced("00-" + trace + "-b7ad6b7169203331-01"), trace);
    for (const std::string& wrong : {"00-" + std::string(32, '0') + "-b7ad6b7169203331-01",
                                     "ff-" + trace + "-b7ad6b7169203331-01", "00-" + trace,
                                     "00-" + trace.substr(1) + "G-b7ad6b7169203331-01"}) {
        EXPECT_NE(traced(wrong), trace) << wrong;
        EXPECT_EQ(traced(wrong).size(), 32U);
    }
}

TEST_F(Api, LogsAndCountsWithoutWhatIsPersonal) {
    AddOrders();
    client_.Post("/api/v1/stands/PERSONAL1/orders?PERSONAL2=PERSONAL3",
                 R"({"flavour":"PERSONAL4","cups":1})");
    client_.Post("/api/v1/stands/PERSONAL1/orders",
                 R"({"flavour":"PERSONAL4","cups":1,"PERSONAL5":1})");
    client_.Get("/PERSONAL6");
    for (const std::string& line : world_.log.lines())
        EXPECT_THAT(line, Not(HasSubstr("PERSONAL")));
    EXPECT_THAT(world_.log.lines(),
                Contains(HasSubstr("info http_request method=\"POST\" "
                                   "route=\"/api/v1/stands/{stand}/orders\" status=400")));
    const std::string metrics = world_.services.metrics.Text();
    EXPECT_THAT(
        metrics,
        HasSubstr("onewindow_http_requests_total{operation=\"orderLemonade\",status=\"400\"} 2"));
    EXPECT_THAT(metrics,
                HasSubstr("onewindow_http_requests_total{operation=\"none\",status=\"404\"} 1"));
    EXPECT_THAT(metrics, HasSubstr("onewindow_http_seconds_count{operation=\"orderLemonade\"} 2"));
    EXPECT_THAT(metrics, Not(HasSubstr("PERSONAL")));
}

TEST_F(Api, DescribesItself) {
    AddOrders();
    Operation paper = Route("GET", "/api/v1/stands/{stand}/paper", "getPaper");
    paper.media_type = "application/pdf";
    paper.query = {{"page", "Which page"}};
    world_.router.AddRaw(paper, [](Call&) { return Result<http::Response>(http::Response{}); });
    Operation change = Route("PATCH", "/api/v1/stands/{stand}/paper", "changePaper");
    change.access = Access::kRole;
    change.roles = {auth::Role::kRegistrar};
    change.needs_key = change.needs_if_match = true;
    change.reasons = {&kSour, &reasons::kStale};
    world_.router.Add<LemonadeOrder, LemonadeBill>(
        change, [](Call&, const LemonadeOrder&) { return Result<LemonadeBill>(LemonadeBill{}); });

    const json::value document = world_.router.OpenApi();
    EXPECT_EQ(json::TextAt(document, "openapi"), "3.1.0");
    const json::value& path = document.at("paths").at("/api/v1/stands/{stand}/paper");
    const json::value& patch = path.at("patch");
    EXPECT_EQ(json::Text(patch.at("security")), R"([{"bearer":[]},{"cookie":[]}])");
    EXPECT_EQ(json::Text(patch.at("x-roles")), R"(["registrar"])");
    EXPECT_EQ(json::TextAt(patch, "x-access"), "role");
    std::vector<std::string> names;
    for (const json::value& parameter : patch.at("parameters").as_array())
        names.push_back(json::TextAt(parameter, "in") + ":" + json::TextAt(parameter, "name"));
    EXPECT_EQ(names, (std::vector<std::string>{"path:stand", "header:Idempotency-Key",
                                               "header:If-Match", "header:X-CSRF-Token"}));
    const auto choices = [&](const char* status) {
        const json::value& own = patch.at("responses").at(status);
        const std::string shared = json::TextAt(own, "$ref");
        const json::value& response =
            shared.empty() ? own
                           : document.at("components").at("responses").at(shared.substr(shared.rfind('/') + 1));
        return json::Text(response.at("content")
                              .at("application/problem+json")
                              .at("schema")
                              .at("allOf")
                              .at(1)
                              .at("properties")
                              .at("reason")
                              .at("enum"));
    };
    EXPECT_EQ(choices("422"), R"(["api.idempotency_key_reused","test.sour"])");
    EXPECT_EQ(choices("412"), R"(["api.stale"])");
    EXPECT_EQ(choices("428"), R"(["api.idempotency_key_required","api.if_match_missing"])");
    EXPECT_EQ(json::Text(patch.at("requestBody").at("content").at("application/json").at("schema")),
              R"({"$ref":"#/components/schemas/LemonadeOrder"})");
    EXPECT_TRUE(path.at("get")
                    .at("responses")
                    .at("200")
                    .at("content")
                    .as_object()
                    .contains("application/pdf"));
    EXPECT_EQ(json::Text(path.at("get").at("security")), "[]");
    EXPECT_TRUE(document.at("components").at("schemas").as_object().contains("ProblemDocument"));
    // Everything that is referred to is there.
    const std::string text = json::Text(document);
    for (std::size_t at = text.find("schemas/"); at != std::string::npos;
         at = text.find("schemas/", at + 1)) {
        const std::string name = text.substr(at + 8, text.find('"', at) - at - 8);
        EXPECT_TRUE(document.at("components").at("schemas").as_object().contains(name)) << name;
    }
}

}  // namespace
}  // namespace onewindow::api
