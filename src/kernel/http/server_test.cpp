// Goal: a client, however slow, broken or hostile, gets one well-framed answer or a closed connection, and costs the
// others nothing.

#include "kernel/http/server.hpp"

#include <future>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "kernel/http/raw_client.hpp"
#include "kernel/random/random.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::http {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

Response WriteProblem(const Reason& reason) {
    Response response;
    response.headers.Set("Content-Type", "application/problem+json");
    response.body = reason.code;
    return response;
}

/// Answers with what it understood.
Response Echo(Request& request) {
    Response response;
    response.body = request.method + " " + request.path + " " + request.body;
    return response;
}

ServerOptions Options() {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.io_threads = 1;
    options.workers = 2;
    return options;
}

std::unique_ptr<Server> Start(const ServerOptions& options, Handler handler = Echo) {
    auto server = StartServer(options, std::move(handler), WriteProblem);
    EXPECT_TRUE(server) << server.error().Describe();
    return *std::move(server);
}

/// Waits for what another thread is about to do.
void WaitFor(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
        ASSERT_LT(std::chrono::steady_clock::now(), end);
        std::this_thread::yield();
    }
}

/// A handler that waits at /wait until it is released.
class Gate {
   public:
    ~Gate() { Open(); }
    Response operator()(Request& request) {
        if (request.path == "/wait") {
            ++entered_;
            opened_.wait();
        }
        return Echo(request);
    }
    void Open() {
        if (!std::exchange(open_, true)) promise_.set_value();
    }
    int entered() const { return entered_; }

   private:
    std::promise<void> promise_;
    std::shared_future<void> opened_ = promise_.get_future().share();
    std::atomic<int> entered_ = 0;
    bool open_ = false;
};

constexpr std::string_view kWait = "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n";

TEST(HttpServer, KeepsTheConnectionAndAnswersInOrder) {
    // The first takes longest, so an answer out of order would come first.
    Gate gate;
    auto server = Start(Options(), std::ref(gate));
    RawClient client(server->port());
    std::string many(kWait);
    for (int i = 1; i < 50; ++i) many += fmt::format("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", i);
    client.Send(many);
    WaitFor([&] { return gate.entered() == 1; });
    gate.Open();
    EXPECT_EQ(client.Read().body, "GET /wait ");
    for (int i = 1; i < 50; ++i) ASSERT_EQ(client.Read().body, fmt::format("GET /{} ", i));
    client.Send("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz");
    const auto reply = client.Read();
    EXPECT_EQ(reply.body, "POST /b xyz");
    EXPECT_FALSE(reply.headers.Has("Connection"));
    EXPECT_FALSE(reply.headers.Has("Server"));
    EXPECT_EQ(server->counts().requests, 51);
    EXPECT_EQ(server->counts().connections, 1);
}

struct Refusal {
    const char* name;
    std::string bytes;
    int status;
    const Reason* reason;
};

std::vector<Refusal> Refusals() {
    const auto post = [](std::string_view headers, std::string_view body = "0\r\n\r\n") {
        return fmt::format("POST / HTTP/1.1\r\nHost: h\r\n{}\r\n\r\n{}", headers, body);
    };
    const auto get = [](std::string_view target) {
        return fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", target);
    };
    const Reason* malformed = &reasons::kMalformed;
    return {
        {"length and chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400, malformed},
        {"chunked and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5"), 400, malformed},
        {"two lengths", post("Content-Length: 5\r\nContent-Length: 6"), 400, malformed},
        {"the same length twice", post("Content-Length: 5\r\nContent-Length: 5"), 400, malformed},
        {"a list of lengths", post("Content-Length: 5, 5"), 400, malformed},
        {"signed length", post("Content-Length: +47"), 400, malformed},
        {"negative length", post("Content-Length: -1"), 400, malformed},
        {"length above 64 bits", post("Content-Length: 18446744073709551616"), 400, malformed},
        {"unknown coding", post("Transfer-Encoding: xchunked"), 400, &reasons::kTransferCoding},
        {"coding and length", post("Transfer-Encoding: xchunked\r\nContent-Length: 5"), 400, malformed},
        {"two codings", post("Transfer-Encoding: gzip, chunked"), 400, &reasons::kTransferCoding},
        {"chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400, malformed},
        {"identity first", post("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"), 400, malformed},
        {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, malformed},
        {"bad chunk size", post("Transfer-Encoding: chunked", "zz\r\n"), 400, malformed},
        {"endless chunk size", post("Transfer-Encoding: chunked", std::string(99, 'f') + "\r\n"), 400, malformed},
        {"space before colon", post("Content-Length : 5"), 400, malformed},
        {"bare LF", "GET / HTTP/1.1\nHost: h\n\n", 400, malformed},
        {"bare LF in a header", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", 400, malformed},
        {"bare CR", "GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", 400, malformed},
        {"NUL in a header", std::string("GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", 36), 400, malformed},
        {"folded header", post("X: a\r\n b"), 400, malformed},
        {"70 KB header", post("X: " + std::string(70'000, 'x')), 431, &reasons::kHeadersTooLarge},
        {"70 KB target", get("/" + std::string(70'000, 'x')), 431, &reasons::kHeadersTooLarge},
        {"1 GB body", post("Content-Length: 1073741824", ""), 413, &reasons::kBodyTooLarge},
        {"1 GB chunk", post("Transfer-Encoding: chunked", "40000000\r\n"), 413, &reasons::kBodyTooLarge},
        {"no host", "GET / HTTP/1.1\r\n\r\n", 400, &reasons::kHostMissing},
        {"two hosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400, &reasons::kHostMissing},
        {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, &reasons::kHostMissing},
        {"malformed host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, &reasons::kHostMissing},
        {"other expectation", post("Expect: coffee\r\nContent-Length: 5"), 417, &reasons::kExpectation},
        {"parent folder", get("/a/../b"), 400, malformed},
        {"encoded parent folder", get("/%2e%2e/b"), 400, malformed},
        {"encoded NUL", get("/%00"), 400, malformed},
        {"not UTF-8", get("/%ff"), 400, malformed},
        {"raw bytes above ASCII", get("/\xE4\xB8\x80"), 400, malformed},
        {"control character", get("/\x01"), 400, malformed},
        {"backslash", get("/a\\b"), 400, malformed},
        {"fragment", get("/a#b"), 400, malformed},
        {"bad query", get("/?a=%zz"), 400, malformed},
        {"other scheme", get("ftp://h/"), 400, malformed},
        {"user in the target", get("http://u@h/"), 400, malformed},
        {"no slash", get("a"), 400, malformed},
        {"asterisk", get("*"), 400, malformed},
        {"tunnel", "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n", 400, malformed},
        {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, malformed},
        {"TLS", "\x16\x03\x01\x02", 400, malformed},
    };
}

TEST(HttpServer, RefusesWhatCouldBeReadInTwoWays) {
    auto server = Start(Options(), [](Request&) -> Response {
        ADD_FAILURE() << "reached the handler";
        return {};
    });
    for (const Refusal& refusal : Refusals()) {
        SCOPED_TRACE(refusal.name);
        RawClient client(server->port());
        client.Send(refusal.bytes + std::string(kGet));
        const auto reply = client.Read();
        EXPECT_EQ(reply.status, refusal.status);
        EXPECT_EQ(reply.body, refusal.reason->code);
        EXPECT_EQ(reply.headers.Get("Connection"), "close");
        EXPECT_EQ(reply.headers.Get("Content-Type"), "application/problem+json");
        // Nothing after it is taken for a request.
        EXPECT_EQ(client.ReadToEnd(), "");
    }
}

TEST(HttpServer, CountsManySmallChunksAgainstTheLimit) {
    auto options = Options();
    options.body_bytes_max = 1'000;
    auto server = Start(options);
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string chunks;
    for (int i = 0; i < 100; ++i) chunks += "A\r\n0123456789\r\n";
    RawClient fits(server->port());
    fits.Send(head + chunks + "0\r\n\r\n");
    EXPECT_EQ(fits.Read().status, 200);
    RawClient too_large(server->port());
    too_large.Send(head + chunks + "1\r\nx\r\n0\r\n\r\n");
    EXPECT_EQ(too_large.Read().status, 413);
}

TEST(HttpServer, TakesOddButClearRequests) {
    auto server = Start(Options(), [](Request& request) {
        Response response = Echo(request);
        response.body += request.headers.Get("Host");
        return response;
    });
    const std::pair<std::string, std::string> cases[] = {
        {"GET http://Other:81/x?y HTTP/1.1\r\nHost: h\r\n\r\n", "GET /x Other:81"},
        {"GET http://h HTTP/1.1\r\nHost: h\r\n\r\n", "GET / h"},
        {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS * h"},
        {"\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / h"},
        {"GET / HTTP/1.0\r\n\r\n", "GET / "},
        {"GET / HTTP/1.1\r\nhOST:\t[::1]:80 \r\n\r\n", "GET / [::1]:80"},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n1\r\nx\r\n0\r\n\r\n", "POST / xh"},
    };
    for (const auto& [bytes, body] : cases) {
        RawClient client(server->port());
        client.Send(bytes);
        EXPECT_EQ(client.Read().body, body) << bytes;
    }
}

TEST(HttpServer, AnswersOnlyForItsPublicHosts) {
    auto options = Options();
    options.public_hosts = {"one.example"};
    auto server = Start(options);
    const auto status = [&](std::string_view request) {
        RawClient client(server->port());
        client.Send(request);
        return client.Read().status;
    };
    EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: One.example:80\r\n\r\n"), 200);
    EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: two.example\r\n\r\n"), 421);
    EXPECT_EQ(status("GET http://two.example/ HTTP/1.1\r\nHost: one.example\r\n\r\n"), 421);
    EXPECT_EQ(status("GET / HTTP/1.0\r\n\r\n"), 400);
}

TEST(HttpServer, ClosesWhenAskedAndKeepsHttp10OnlyWhenAsked) {
    auto server = Start(Options());
    RawClient closing(server->port());
    closing.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(closing.Read().headers.Get("Connection"), "close");
    EXPECT_EQ(closing.ReadToEnd(), "");
    RawClient old(server->port());
    old.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(old.Read().headers.Get("Connection"), "keep-alive");
    old.Send("GET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(old.Read().headers.Get("Connection"), "close");
    EXPECT_EQ(old.ReadToEnd(), "");
}

TEST(HttpServer, AnswersHeadAndEmptyStatusesWithoutABody) {
    auto server = Start(Options(), [](Request& request) {
        Response response = Echo(request);
        if (request.path == "/204") response.status = 204;
        return response;
    });
    RawClient client(server->port());
    client.Send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\nGET /204 HTTP/1.1\r\nHost: h\r\n\r\n");
    client.Send(kGet);
    EXPECT_EQ(client.Read(true).headers.Get("Content-Length"), "8");
    const auto empty = client.Read();
    EXPECT_EQ(empty.status, 204);
    EXPECT_FALSE(empty.headers.Has("Content-Length"));
    EXPECT_EQ(client.Read().body, "GET /a ");
}

TEST(HttpServer, SaysContinueOnlyToThoseWhoWait) {
    auto server = Start(Options());
    const std::string head =
        "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
    RawClient waiting(server->port());
    waiting.Send(head);
    EXPECT_EQ(waiting.Read().status, 100);
    waiting.Send("ok");
    EXPECT_EQ(waiting.Read().body, "POST / ok");
    RawClient hasty(server->port());
    hasty.Send(head + "ok");
    EXPECT_EQ(hasty.Read().body, "POST / ok");
    RawClient refused(server->port());
    refused.Send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
    EXPECT_EQ(refused.Read().status, 413);
}

TEST(HttpServer, SlowClientsHoldNobodyUp) {
    auto server = Start(Options());
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 16; ++i) {
        slow.push_back(std::make_unique<RawClient>(server->port()));
        slow.back()->Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf");
    }
    WaitFor([&] { return server->counts().connections == 16; });
    RawClient fresh(server->port());
    fresh.Send(kGet);
    EXPECT_EQ(fresh.Read().status, 200);
    slow.front()->Send("-done");
    EXPECT_EQ(slow.front()->Read().body, "POST / half-done");
}

TEST(HttpServer, EndsEachPhaseInTime) {
    auto options = Options();
    options.header_timeout = options.body_timeout = options.idle_timeout = 50ms;
    auto server = Start(options);
    RawClient silent(server->port());
    EXPECT_EQ(silent.ReadToEnd(), "");
    for (const char* part : {"GET / HT", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf"}) {
        RawClient client(server->port());
        client.Send(part);
        const auto reply = client.Read();
        EXPECT_EQ(reply.status, 408) << part;
        EXPECT_EQ(reply.body, reasons::kTimeout.code);
        EXPECT_EQ(client.ReadToEnd(), "");
    }
    RawClient kept(server->port());
    kept.Send(kGet);
    EXPECT_EQ(kept.Read().status, 200);
    EXPECT_EQ(kept.ReadToEnd(), "");
}

TEST(HttpServer, GivesUpOnAClientThatDoesNotTakeItsAnswer) {
    constexpr std::size_t kLarge = 30'000'000;  // More than the system's own buffers take.
    auto options = Options();
    const auto large = [](Request&) {
        Response response;
        response.body = std::string(kLarge, 'x');
        return response;
    };
    {
        auto server = Start(options, large);
        RawClient client(server->port());
        client.Send(kGet);
        EXPECT_EQ(client.Read().body.size(), kLarge);
    }
    options.body_timeout = 50ms;
    options.bytes_per_second_min = 1'000'000'000;
    auto server = Start(options, large);
    RawClient client(server->port(), 4'096);
    client.Send(kGet);
    WaitFor([&] { return server->counts().requests == 1; });
    WaitFor([&] { return server->counts().connections == 0; });
    const auto part = client.ReadToEnd();
    ASSERT_TRUE(part);
    EXPECT_LT(part->size(), kLarge);
}

TEST(HttpServer, ABodyThatComesFastEnoughMayTakeLongerThanItsTimeout) {
    auto options = Options();
    options.body_timeout = 50ms;
    options.bytes_per_second_min = 1;  // The four bytes that came are worth four seconds.
    auto server = Start(options);
    RawClient client(server->port());
    client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf");
    // Time enough for the plain timeout: another connection runs into it.
    RawClient other(server->port());
    other.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n");
    EXPECT_EQ(other.Read().status, 408);
    client.Send("-done");
    EXPECT_EQ(client.Read().body, "POST / half-done");
}

TEST(HttpServer, ShedsWhatDoesNotFitTheQueue) {
    Gate gate;
    auto options = Options();
    options.workers = 1;
    options.queue_max = 1;
    auto server = Start(options, std::ref(gate));
    RawClient running(server->port()), waiting(server->port()), shed(server->port());
    running.Send(kWait);
    WaitFor([&] { return gate.entered() == 1; });
    waiting.Send(kGet);
    // One I/O thread: the next request is read after this one was queued.
    WaitFor([&] { return server->counts().requests == 2; });
    shed.Send(kGet);
    const auto reply = shed.Read();
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.headers.Get("Retry-After"), "1");
    EXPECT_EQ(reply.body, reasons::kOverloaded.code);
    EXPECT_EQ(server->counts().rejected, 1);
    gate.Open();
    EXPECT_EQ(running.Read().status, 200);
    EXPECT_EQ(waiting.Read().status, 200);
    shed.Send(kGet);  // The connection was kept.
    EXPECT_EQ(shed.Read().status, 200);
}

TEST(HttpServer, TurnsAwayConnectionsAboveTheLimit) {
    auto options = Options();
    options.connections_max = 1;
    auto server = Start(options);
    auto first = std::make_unique<RawClient>(server->port());
    first->Send(kGet);
    EXPECT_EQ(first->Read().status, 200);
    RawClient second(server->port());
    const auto reply = second.Read();
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.headers.Get("Retry-After"), "1");
    EXPECT_EQ(second.ReadToEnd(), "");
    first.reset();
    WaitFor([&] { return server->counts().connections == 0; });
    RawClient third(server->port());
    third.Send(kGet);
    EXPECT_EQ(third.Read().status, 200);
}

TEST(HttpServer, DrainFinishesWhatIsInFlightAndRefusesTheRest) {
    Gate gate;
    auto server = Start(Options(), std::ref(gate));
    const int port = server->port();
    RawClient busy(port), idle(port), half(port);
    busy.Send(std::string(kWait) + std::string(kGet));
    half.Send("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\no");
    WaitFor([&] { return gate.entered() == 1 && server->counts().connections == 3; });
    auto drained = std::async(std::launch::async, [&] { server->Drain(); });
    EXPECT_EQ(idle.ReadToEnd(), "");
    EXPECT_FALSE(RawClient(port).connected());
    half.Send("k");
    const auto finished = half.Read();
    EXPECT_EQ(finished.body, "POST /b ok");
    EXPECT_EQ(finished.headers.Get("Connection"), "close");
    gate.Open();
    const auto reply = busy.Read();
    EXPECT_EQ(reply.body, "GET /wait ");
    EXPECT_EQ(reply.headers.Get("Connection"), "close");
    EXPECT_EQ(busy.ReadToEnd(), "");
    busy.FinishSending();
    drained.wait();
    EXPECT_EQ(server->counts().connections, 0);
    EXPECT_EQ(server->counts().requests, 2);
}

TEST(HttpServer, DrainHasAnEnd) {
    Gate gate;
    auto options = Options();
    options.workers = 1;
    options.drain_timeout = 50ms;
    auto server = Start(options, std::ref(gate));
    RawClient stuck(server->port()), waiting(server->port());
    stuck.Send(kWait);
    WaitFor([&] { return gate.entered() == 1; });
    waiting.Send(kGet);
    WaitFor([&] { return server->counts().requests == 2; });
    server->Drain();
    const auto reply = waiting.Read();
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.body, reasons::kDraining.code);
    EXPECT_EQ(stuck.ReadToEnd(), "");
    gate.Open();
}

constexpr std::string_view kEvents = "GET /events HTTP/1.1\r\nHost: h\r\n\r\n";

/// A server whose handler hands its stream to the test.
struct StreamServer {
    explicit StreamServer(ServerOptions options = Options()) {
        server = Start(options, [this](Request& request) {
            Response response = Echo(request);
            if (request.path != "/events") return response;
            response.headers.Set("Content-Type", "text/event-stream");
            response.stream = [this](std::shared_ptr<Stream> given) { taken.set_value(given); };
            return response;
        });
    }
    std::promise<std::shared_ptr<Stream>> taken;
    std::unique_ptr<Server> server;
};

TEST(HttpServer, StreamsUntilTheHandlerCloses) {
    StreamServer streams;
    RawClient client(streams.server->port());
    client.Send(kEvents);
    auto stream = streams.taken.get_future().get();
    const auto head = client.Read();
    EXPECT_EQ(head.headers.Get("Transfer-Encoding"), "chunked");
    EXPECT_EQ(head.headers.Get("Connection"), "close");
    EXPECT_TRUE(stream->Send("data: 1\n\n"));
    EXPECT_TRUE(client.ReadUntil("9\r\ndata: 1\n\n\r\n"));
    EXPECT_TRUE(stream->IsOpen());
    EXPECT_EQ(streams.server->counts().streams, 1);
    EXPECT_TRUE(stream->Send("data: 2\n\n"));
    stream->Close();
    EXPECT_FALSE(stream->Send("data: 3\n\n"));
    EXPECT_EQ(client.ReadToEnd(), "9\r\ndata: 2\n\n\r\n0\r\n\r\n");
}

TEST(HttpServer, StreamsToHttp10UntilTheEnd) {
    StreamServer streams;
    RawClient client(streams.server->port());
    client.Send("GET /events HTTP/1.0\r\n\r\n");
    auto stream = streams.taken.get_future().get();
    EXPECT_FALSE(client.Read().headers.Has("Transfer-Encoding"));
    stream->Send("data: 1\n\n");
    stream.reset();  // Nobody can send any more: that ends it.
    EXPECT_EQ(client.ReadToEnd(), "data: 1\n\n");
}

TEST(HttpServer, AStreamLearnsThatItsClientLeft) {
    StreamServer streams;
    auto client = std::make_unique<RawClient>(streams.server->port());
    client->Send(kEvents);
    auto stream = streams.taken.get_future().get();
    EXPECT_EQ(client->Read().status, 200);
    client.reset();
    WaitFor([&] { return !stream->IsOpen(); });
    EXPECT_FALSE(stream->Send("x"));
    EXPECT_EQ(streams.server->counts().streams, 0);
}

TEST(HttpServer, AStreamHoldsLittleForASlowClient) {
    auto options = Options();
    options.body_timeout = 50ms;
    options.bytes_per_second_min = 1'000'000'000;
    StreamServer streams(options);
    RawClient client(streams.server->port(), 4'096);
    client.Send(kEvents);
    auto stream = streams.taken.get_future().get();
    std::size_t sent = 0;
    while (stream->Send(std::string(1'000, 'x'))) sent += 1'000;
    EXPECT_GE(sent, 256'000u);
    EXPECT_LT(sent, 64'000'000u);  // What the system's own buffers take comes on top.
    EXPECT_FALSE(stream->IsOpen());
    // It is cut off although it never reads: first the time allowed for what waits, then the end.
    WaitFor([&] { return streams.server->counts().streams == 0; });
    EXPECT_FALSE(stream->Send("x"));
    RawClient fresh(streams.server->port());
    fresh.Send(kGet);
    EXPECT_EQ(fresh.Read().status, 200);
}

TEST(HttpServer, DrainEndsStreamsAndAStreamOutlivesTheServer) {
    StreamServer streams;
    RawClient client(streams.server->port());
    client.Send(kEvents);
    auto stream = streams.taken.get_future().get();
    EXPECT_EQ(client.Read().status, 200);
    auto drained = std::async(std::launch::async, [&] { streams.server->Drain(); });
    EXPECT_EQ(client.ReadToEnd(), "0\r\n\r\n");
    client.FinishSending();
    drained.wait();
    streams.server.reset();
    EXPECT_FALSE(stream->Send("x"));
    stream->Close();
}

TEST(HttpServer, AStreamOutlivesAServerThatWasNotDrained) {
    StreamServer streams;
    RawClient client(streams.server->port());
    client.Send(kEvents);
    auto stream = streams.taken.get_future().get();
    streams.server.reset();
    EXPECT_FALSE(stream->Send("x"));
}

TEST(HttpServer, AHandlerThatThrowsCostsOneAnswer) {
    auto options = Options();
    std::mutex mutex;
    std::vector<std::string> bugs;
    options.on_bug = [&](std::string_view what) {
        const std::lock_guard lock(mutex);
        bugs.emplace_back(what);
    };
    auto server = Start(options, [](Request& request) -> Response {
        if (request.path == "/throw") throw std::runtime_error("broken");
        if (request.path == "/odd") throw 7;
        Response response;
        if (request.path == "/split") response.headers.Set("X", "a\r\nSet-Cookie: b");
        if (request.path == "/status") response.status = 99;
        if (request.path == "/stream") {
            response.stream = [](std::shared_ptr<Stream>) { throw std::runtime_error("stream"); };
        }
        return response;
    });
    RawClient client(server->port());
    for (const char* path : {"/throw", "/odd", "/split", "/status"}) {
        client.Send(fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", path));
        const auto reply = client.Read();
        EXPECT_EQ(reply.status, 500) << path;
        EXPECT_EQ(reply.body, reasons::kBug.code);
        EXPECT_FALSE(reply.headers.Has("Set-Cookie"));
    }
    client.Send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(client.Read().status, 200);
    EXPECT_EQ(client.ReadToEnd(), "0\r\n\r\n");
    const std::vector<std::string> expected = {"broken", "not a std::exception",
                                               "an answer that cannot be sent",
                                               "an answer that cannot be sent", "stream"};
    EXPECT_EQ(bugs, expected);
}

TEST(HttpServer, AProblemWriterThatThrowsStillLeavesAnAnswer) {
    auto server = StartServer(Options(), Echo, [](const Reason&) -> Response {
        throw std::runtime_error("no words");
    });
    ASSERT_OK(server);
    RawClient client((*server)->port());
    client.Send("nonsense\r\n\r\n");
    EXPECT_EQ(client.Read().status, 400);
}

TEST(HttpServer, SaysSoWhereItCannotListen) {
    auto server = Start(Options());
    auto options = Options();
    options.listen = fmt::format("127.0.0.1:{}", server->port());
    EXPECT_REFUSED(StartServer(options, Echo, WriteProblem), reasons::kListen);
    for (const char* address : {"", "127.0.0.1", "127.0.0.1:x", "203.0.113.1:0"}) {
        options.listen = address;
        EXPECT_REFUSED(StartServer(options, Echo, WriteProblem), reasons::kListen);
    }
}

/// One change of the kind that broken or hostile clients make.
std::string Mutate(std::string text, Random& random) {
    const std::size_t at = random.Below(text.size());
    const std::size_t length = std::min<std::size_t>(random.Below(20) + 1, text.size() - at);
    switch (random.Below(5)) {
        case 0: text[at] = static_cast<char>(random.Below(256)); break;
        case 1: text.erase(at, length); break;
        case 2: text.insert(random.Below(text.size()), text.substr(at, length)); break;
        case 3: text.insert(at, 1, "\r\n\0 :%,;0"[random.Below(9)]); break;
        default: text.resize(at + 1); break;
    }
    return text.empty() ? "x" : text;
}

TEST(HttpServer, SurvivesTwoThousandMutations) {
    auto options = Options();
    options.io_threads = 2;
    auto server = Start(options);
    const std::string requests[] = {
        "GET /a/b?c=%20d HTTP/1.1\r\nHost: h:80\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: v\r\n\r\n",
    };
    SeededRandom random(20261122);
    for (int i = 0; i < 2'000; ++i) {
        std::string text = requests[random.Below(3)];
        for (std::uint64_t edits = random.Below(3) + 1; edits > 0; --edits) {
            text = Mutate(std::move(text), random);
        }
        RawClient client(server->port());
        client.Send(text);
        client.FinishSending();
        const auto answer = client.ReadToEnd();
        ASSERT_TRUE(answer) << i;
        ASSERT_TRUE(answer->empty() || answer->starts_with("HTTP/1.1 ")) << i;
    }
    RawClient fresh(server->port());
    fresh.Send(kGet);
    EXPECT_EQ(fresh.Read().body, "GET /a ");
}

TEST(HttpServer, AnAnswerWithoutStatusEndsTheConnection) {
    auto server = Start(Options(), [](Request&) {
        Response response;
        response.status = kStatusNone;
        return response;
    });
    RawClient client(server->port());
    client.Send(kGet);
    EXPECT_EQ(client.ReadToEnd(), "");
}

}  // namespace
}  // namespace onewindow::http
