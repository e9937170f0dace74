// Goal: a call out gives a whole answer or http.no_answer, and goes nowhere but where it was sent.

#include "kernel/http/client.hpp"

#include <cstdlib>
#include <future>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "kernel/http/raw_client.hpp"
#include "kernel/http/server.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::http {
namespace {

using namespace std::chrono_literals;

/// Says back what came, in headers and body.
Response Mirror(Request& request) {
    Response response;
    response.headers.Set("X-Method", request.method);
    response.headers.Set("X-Type", request.headers.Get("Content-Type"));
    response.headers.Set("X-Expect", request.headers.Has("Expect") ? "yes" : "no");
    response.headers.Set("X-Given", request.headers.Get("X-Given"));
    response.headers.Set("X-Empty-Given", request.headers.Has("X-Empty") ? "yes" : "no");
    response.headers.Add("Set-Cookie", "a=1");
    response.headers.Add("Set-Cookie", "b=2");
    response.body = request.body;
    if (request.path == "/moved") {
        response.status = 302;
        response.headers.Set("Location", "/elsewhere");
    }
    if (request.path == "/large") response.body = std::string(100'000, 'x');
    return response;
}

class HttpClient : public ::testing::Test {
   protected:
    HttpClient() {
        ServerOptions options;
        options.listen = "127.0.0.1:0";
        server_ = *StartServer(options, Mirror, [](const Reason&) { return Response{}; });
        outside_ = MakeOutside();
    }
    Call To(std::string_view path) const {
        Call call;
        call.url = fmt::format("http://127.0.0.1:{}{}", server_->port(), path);
        return call;
    }

    std::unique_ptr<Server> server_;
    std::unique_ptr<Outside> outside_;
};

TEST_F(HttpClient, SendsMethodHeadersAndBodyAndGivesBackAll) {
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        Call call = To("/a");
        call.method = method;
        call.headers.Set("X-Given", "value");
        call.headers.Set("X-Empty", "");
        call.body = std::string("a\0b", 3) + std::string(2'000'000, 'y');
        const auto answer = outside_->Send(call);
        ASSERT_OK(answer);
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->headers.Get("x-method"), method);
        EXPECT_EQ(answer->headers.Get("X-Given"), "value");
        EXPECT_EQ(answer->headers.Get("X-Empty-Given"), "yes");
        EXPECT_EQ(answer->headers.Get("X-Type"), "");  // None of curl's guesses.
        EXPECT_EQ(answer->headers.Get("X-Expect"), "no");
        EXPECT_EQ(answer->headers.Count("Set-Cookie"), 2);
        EXPECT_EQ(answer->body, call.body);
    }
    Call head = To("/a");
    head.method = "HEAD";
    const auto answer = outside_->Send(head);
    ASSERT_OK(answer);
    EXPECT_EQ(answer->headers.Get("X-Method"), "HEAD");
    EXPECT_EQ(server_->counts().connections, 1);  // Kept from call to call.
}

TEST_F(HttpClient, NothingOfOneCallReachesTheNext) {
    Call first = To("/a");
    first.method = "DELETE";
    first.headers.Set("X-Given", "secret");
    first.body = "body";
    ASSERT_OK(outside_->Send(first));
    const auto answer = outside_->Send(To("/a"));
    ASSERT_OK(answer);
    EXPECT_EQ(answer->headers.Get("X-Method"), "GET");
    EXPECT_EQ(answer->headers.Get("X-Given"), "");
    EXPECT_EQ(answer->body, "");
}

TEST_F(HttpClient, FollowsNoRedirectAndNoProxy) {
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    ::setenv("all_proxy", "http://127.0.0.1:1", 1);
    const auto answer = outside_->Send(To("/moved"));
    ::unsetenv("http_proxy");
    ::unsetenv("all_proxy");
    ASSERT_OK(answer);
    EXPECT_EQ(answer->status, 302);
    EXPECT_EQ(server_->counts().requests, 1);
}

TEST_F(HttpClient, StopsAtTheLargestAnswerAllowed) {
    Call call = To("/large");
    call.answer_bytes_max = 100'000;
    const auto whole = outside_->Send(call);
    ASSERT_OK(whole);
    EXPECT_EQ(whole->body.size(), 100'000u);
    call.answer_bytes_max = 99'999;
    EXPECT_REFUSED(outside_->Send(call), reasons::kNoAnswer);
}

TEST_F(HttpClient, RefusesWhatItShouldNotSend) {
    Call call = To("/a");
    call.headers.Set("X-Given", "a\r\nHost: evil");
    EXPECT_REFUSED(outside_->Send(call), reasons::kNoAnswer);
    for (const char* url : {"file:///etc/hostname", "ftp://127.0.0.1/", "", "http://", "x"}) {
        Call other;
        other.url = url;
        EXPECT_REFUSED(outside_->Send(other), reasons::kNoAnswer);
    }
    EXPECT_EQ(server_->counts().requests, 0);
}

TEST_F(HttpClient, NoWholeAnswerIsNoAnswer) {
    const int port = server_->port();
    Call https = To("/a");
    https.url.replace(0, 4, "https");
    EXPECT_REFUSED(outside_->Send(https), reasons::kNoAnswer);
    server_.reset();
    Call closed;
    closed.url = fmt::format("http://127.0.0.1:{}/", port);
    const auto answer = outside_->Send(closed);
    EXPECT_REFUSED(answer, reasons::kNoAnswer);
    EXPECT_FALSE(answer.error().detail().empty());
}

TEST(HttpClientPatience, EndsInTime) {
    std::promise<void> release;
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    const auto server = StartServer(
        options,
        [&](Request&) {
            release.get_future().wait();
            return Response{};
        },
        [](const Reason&) { return Response{}; });
    ASSERT_OK(server);
    Call call;
    call.url = fmt::format("http://127.0.0.1:{}/", (*server)->port());
    call.timeout = 50ms;
    EXPECT_REFUSED(MakeOutside()->Send(call), reasons::kNoAnswer);
    release.set_value();
}

}  // namespace
}  // namespace onewindow::http
