#include "kernel/testing/api_client.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "kernel/embedded.hpp"
#include "kernel/http/url.hpp"

namespace onewindow::testing {
namespace {

std::string FreshKey() {
    static std::atomic<int> count{0};
    return "test-key-" + std::to_string(++count);
}

}  // namespace

ApiAnswer TestClient::Send(std::string_view method, std::string_view path, std::string body,
                           const HeaderList& headers) const {
    http::Request request;
    request.method = method;
    request.target = path;
    request.peer = "192.0.2.1";
    const std::size_t question = path.find('?');
    request.path = http::NormalisePath(path.substr(0, question)).value();
    if (question != std::string_view::npos)
        request.query = http::ParseQuery(path.substr(question + 1)).value();
    if (!body.empty()) request.headers.Set("Content-Type", "application/json");
    if (!bearer_.empty()) request.headers.Set("Authorization", "Bearer " + bearer_);
    if (method != "GET") request.headers.Set("Idempotency-Key", FreshKey());
    http::Headers sent;
    for (const auto& [name, value] : headers) request.headers.Set(name, value);
    for (const auto& [name, value] : request.headers.all()) {
        if (!value.empty()) sent.Add(name, value);
    }
    request.headers = sent;
    request.body = std::move(body);

    http::Response response = router_.Handle(request);
    ApiAnswer answer{response.status, response.headers, response.body, nullptr};
    if (response.headers.Get("Content-Type").find("json") != std::string_view::npos) {
        auto parsed = json::Parse(response.body);
        EXPECT_TRUE(parsed) << response.body;
        if (parsed) answer.body = *std::move(parsed);
    }
    return answer;
}

void StrictLog::Write(log::Level level, std::string_view event,
                      std::initializer_list<log::Field> fields) {
    static constexpr std::string_view kLevels[] = {"debug", "info", "warn", "error"};
    std::string line = std::string(kLevels[static_cast<int>(level)]) + " " + std::string(event);
    for (const log::Field& field : fields)
        line += " " + std::string(field.name()) + "=" + field.json();
    const std::lock_guard lock(mutex_);
    if (!tolerant_ && (event == "reason_not_declared" || event == "write_not_remembered"))
        ADD_FAILURE() << line;
    lines_.push_back(std::move(line));
}

std::vector<std::string> StrictLog::lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
}

ApiWorld::ApiWorld(db::Database& database, const Clock& clock, Random& random)
    : sealer_({.seal = {{1, std::string(16, 'k')}}, .lookup = std::string(32, 'l')}, random),
      messages_(messages::Messages::Load(embedded::AllMessages()).value()),
      metrics_(metrics::MakeMetrics()),
      services{database, clock, random, sealer_, messages_, log, *metrics_},
      authenticator(auth::MakeAuthenticator(services)),
      router(services, authenticator.get()) {}

std::string ApiWorld::LogInPost(std::vector<auth::Grant> grants) {
    const auth::NewPost post{.login = "post-" + std::to_string(++posts_),
                             .display_name = "测试岗位",
                             .password = "Correct-horse-7",
                             .totp_secret = std::string(20, 's'),
                             .grants = std::move(grants)};
    const auto session = services.database.Write([&](db::Transaction& tx) -> Result<auth::Session> {
        OW_TRY(const auto account, auth::CreatePost(tx, services, post, "no password"));
        return auth::OpenSession(tx, services, account, false);
    });
    if (!session) ADD_FAILURE() << session.error().Describe();
    return session.value().token;
}

std::string ApiWorld::LogInPerson(std::string_view person) {
    const auto session = services.database.Write([&](db::Transaction& tx) -> Result<auth::Session> {
        OW_TRY(const auto account, auth::AccountOfPerson(tx, services, person));
        return auth::OpenSession(tx, services, account, false);
    });
    if (!session) ADD_FAILURE() << session.error().Describe();
    return session.value().token;
}

}  // namespace onewindow::testing
