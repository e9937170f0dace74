#include "kernel/http/server.hpp"

#include <algorithm>

#include "kernel/http/asio.hpp"

#include "kernel/http/connection.hpp"

namespace onewindow::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

int StatusFor(const Reason& reason) {
    if (reason.code == reasons::kExpectation.code) return 417;
    if (reason.code == reasons::kMisdirected.code) return 421;
    return StatusOf(reason.kind);
}

namespace {

/// A server without a thread would accept and never answer.
ServerOptions AtLeastOne(ServerOptions options) {
    options.io_threads = std::max(options.io_threads, 1);
    options.workers = std::max(options.workers, 1);
    options.bytes_per_second_min = std::max<std::size_t>(options.bytes_per_second_min, 1);
    return options;
}

}  // namespace

Hub::Hub(ServerOptions given, Handler handler, ProblemWriter problem)
    : options(AtLeastOne(std::move(given))),
      queue(options.workers, options.queue_max),
      handler_(std::move(handler)),
      problem_(std::move(problem)) {}

Response Hub::Problem(const Reason& reason) const {
    Response response;
    try {
        response = problem_(reason);
    } catch (const std::exception& thrown) {
        ReportBug(thrown.what());
    } catch (...) {
        ReportBug("not a std::exception");
    }
    response.status = StatusFor(reason);
    response.stream = {};
    const bool later = reason.code == reasons::kOverloaded.code ||
                       reason.code == reasons::kDraining.code;
    if (later) response.headers.Set("Retry-After", "1");
    if (IsSendable(response)) return response;
    ReportBug("a problem document that cannot be sent");
    Response bare;
    bare.status = StatusFor(reason);
    return bare;
}

Response Hub::Handle(Request& request) const {
    try {
        Response response = handler_(request);
        if (response.status == kStatusNone || IsSendable(response)) return response;
        ReportBug("an answer that cannot be sent");
    } catch (const std::exception& thrown) {
        ReportBug(thrown.what());
    } catch (...) {
        ReportBug("not a std::exception");
    }
    return Problem(reasons::kBug);
}

void Hub::ReportBug(std::string_view what) const {
    if (!options.on_bug) return;
    try {
        options.on_bug(what);
    } catch (...) {
        // There is nobody left to tell.
        return;
    }
}

bool Hub::AddConnection() {
    const std::lock_guard lock(mutex_);
    if (connections_ >= options.connections_max) return false;
    ++connections_;
    return true;
}

void Hub::RemoveConnection() {
    const std::lock_guard lock(mutex_);
    --connections_;
    removed_.notify_all();
}

bool Hub::WaitForNoConnections(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    return removed_.wait_for(lock, patience, [this] { return connections_ == 0; });
}

std::int64_t Hub::connections() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::int64_t>(connections_);
}

namespace {

// After the patience of a drain, the last refusals may still go out.
constexpr std::chrono::milliseconds kFlush{500};
// Where no descriptor is free, accepting at once again would only spin.
constexpr std::chrono::milliseconds kAcceptPause{100};

class AsioServer final : public Server {
   public:
    AsioServer(const ServerOptions& options, Handler handler, ProblemWriter problem)
        : hub_(options, std::move(handler), std::move(problem)) {
        for (int i = 0; i < hub_.options.io_threads; ++i) {
            loops_.push_back(std::make_unique<Loop>());
        }
        acceptor_.emplace(loops_.front()->io);
        pause_.emplace(loops_.front()->io);
    }

    ~AsioServer() override {
        hub_.draining = true;
        StopAccepting();
        ForEachConnection([](Connection& connection) { connection.Close(); });
        hub_.queue.Stop();
        for (const auto& loop : loops_) loop->guard.reset();
        for (const auto& loop : loops_) {
            if (loop->thread.joinable()) loop->thread.join();
        }
    }

    Result<void> Listen(const std::string& address) {
        const auto colon = address.rfind(':');
        if (colon == std::string::npos) return CannotListen(address, "no port");
        std::string host = address.substr(0, colon);
        if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
        error_code ec;
        tcp::resolver resolver(loops_.front()->io);
        const auto found = resolver.resolve(host, address.substr(colon + 1),
                                            tcp::resolver::passive, ec);
        if (ec || found.empty()) return CannotListen(address, ec.message());
        const tcp::endpoint endpoint = found.begin()->endpoint();
        acceptor_->open(endpoint.protocol(), ec);
        if (!ec) acceptor_->set_option(tcp::acceptor::reuse_address(true), ec);
        if (!ec) acceptor_->bind(endpoint, ec);
        if (!ec) acceptor_->listen(asio::socket_base::max_listen_connections, ec);
        if (!ec) port_ = acceptor_->local_endpoint(ec).port();
        if (ec) return CannotListen(address, ec.message());
        return {};
    }

    void Run() {
        Accept();
        for (const auto& loop : loops_) {
            loop->thread = std::thread([this, &loop = *loop] { RunLoop(loop); });
        }
    }

    int port() const override { return port_; }

    void Drain() override {
        hub_.draining = true;
        StopAccepting();
        ForEachConnection([](Connection& connection) { connection.BeginDrain(); });
        if (hub_.WaitForNoConnections(hub_.options.drain_timeout)) return;
        hub_.queue.RefuseWaiting();
        if (hub_.WaitForNoConnections(kFlush)) return;
        ForEachConnection([](Connection& connection) { connection.Close(); });
    }

    Counts counts() const override {
        return {.requests = hub_.requests,
                .rejected = hub_.rejected,
                .connections = hub_.connections(),
                .streams = hub_.streams};
    }

   private:
    static Result<void> CannotListen(const std::string& address, std::string detail) {
        return Fail(Error({.reason = &reasons::kListen,
                           .field = "listen",
                           .arguments = {{"address", address}}})
                        .WithDetail(std::move(detail)));
    }

    void RunLoop(Loop& loop) {
        for (;;) {
            try {
                loop.io.run();
                return;
            } catch (const std::exception& thrown) {
                // Memory ran out, most likely; that connection is stuck until its timer, the others go on.
                hub_.ReportBug(thrown.what());
            }
        }
    }

    void Accept() {
        Loop& loop = *loops_[next_loop_++ % loops_.size()];
        acceptor_->async_accept(loop.io, [this, &loop](const error_code& ec, tcp::socket socket) {
            if (ec == asio::error::operation_aborted || hub_.draining) return;
            if (ec) return AcceptLater();
            if (hub_.AddConnection()) {
                auto connection = std::make_shared<Connection>(hub_, loop, std::move(socket));
                asio::post(loop.io, [connection] { connection->Start(); });
            } else {
                TurnAway(socket);
            }
            Accept();
        });
    }

    void AcceptLater() {
        pause_->expires_after(kAcceptPause);
        pause_->async_wait([this](const error_code& ec) {
            if (!ec && !hub_.draining) Accept();
        });
    }

    /// One try, without waiting: who comes above the limit may cost nothing.
    void TurnAway(tcp::socket& socket) {
        ++hub_.rejected;
        if (busy_.empty()) {
            const Response response = hub_.Problem(reasons::kOverloaded);
            busy_ = RenderHead(response, {}) + response.body;
        }
        error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(asio::buffer(busy_), ignored);
        socket.shutdown(tcp::socket::shutdown_send, ignored);
    }

    void StopAccepting() {
        asio::post(loops_.front()->io, [this] {
            error_code ignored;
            acceptor_->close(ignored);
            pause_->cancel();
        });
    }

    void ForEachConnection(void (*act)(Connection&)) {
        for (const auto& loop : loops_) {
            asio::post(loop->io, [&loop = *loop, act] {
                const std::vector<std::shared_ptr<Connection>> all(loop.connections.begin(),
                                                                   loop.connections.end());
                for (const auto& connection : all) act(*connection);
            });
        }
    }

    Hub hub_;
    std::vector<std::unique_ptr<Loop>> loops_;
    std::optional<tcp::acceptor> acceptor_;
    std::optional<asio::steady_timer> pause_;
    std::size_t next_loop_ = 0;
    std::string busy_;  // On the first loop only.
    int port_ = 0;
};

}  // namespace

Result<std::unique_ptr<Server>> StartServer(const ServerOptions& options, Handler handler,
                                            ProblemWriter problem) {
    auto server = std::make_unique<AsioServer>(options, std::move(handler), std::move(problem));
    OW_CHECK(server->Listen(options.listen));
    server->Run();
    return server;
}

}  // namespace onewindow::http
