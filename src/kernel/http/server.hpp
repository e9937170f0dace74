#pragma once

#include <memory>

#include "kernel/http/message.hpp"

namespace onewindow::http {

struct ServerOptions {
    std::string listen = "127.0.0.1:8080";  // Port 0 takes a free one.
    int io_threads = 2;
    int workers = 4;
    std::size_t queue_max = 1024;  // Waiting requests; more get 503 + Retry-After.
    std::size_t connections_max = 4096;
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t body_bytes_max = 8 * 1024 * 1024;
    std::chrono::milliseconds header_timeout{10'000};  // From the first byte to the empty line.
    /// For a body, and for an answer to be taken; longer by what its bytes need at the least rate, so that a slow phone
    /// may go on.
    std::chrono::milliseconds body_timeout{30'000};
    std::size_t bytes_per_second_min = 32 * 1024;
    std::chrono::milliseconds idle_timeout{60'000};  // Until the first byte of a request.
    std::chrono::milliseconds drain_timeout{10'000};
    /// Empty: any well-formed Host is accepted. An entry without a port stands for every port.
    std::vector<std::string> public_hosts = {};
    /// Told what a handler threw (the client gets reasons::kBug); for the log. Safe from many threads.
    std::function<void(std::string_view what)> on_bug = {};
};

/// Makes the body of an answer that the server itself gives (400, 408, 413, 417, 421, 431, 500, 503), so that
/// these too are problem documents. The server sets StatusFor(reason) whatever the status here. Called on any thread,
/// also on I/O threads: it must not wait.
using ProblemWriter = std::function<Response(const Reason& reason)>;

/// A handler that answers with this status wants no answer sent: the connection ends, as if the process had died. For
/// the reference agencies' lossy mode.
inline constexpr int kStatusNone = 0;

/// HTTP/1.1 on Boost.Beast. I/O threads parse and write; a bounded pool of workers runs the handler.
class Server {
   public:
    virtual ~Server() = default;
    /// The port that was taken.
    virtual int port() const = 0;
    /// Stops accepting, answers what is in flight with Connection: close, closes idle connections and streams. Waits
    /// up to drain_timeout; requests that still wait for a worker then get reasons::kDraining. Not from a handler.
    virtual void Drain() = 0;

    struct Counts {
        std::int64_t requests = 0;
        std::int64_t rejected = 0;     // 503 for a full queue or too many connections.
        std::int64_t connections = 0;  // Open now.
        std::int64_t streams = 0;      // Open now.
    };
    virtual Counts counts() const = 0;
};

/// The status of an answer that the server gives by itself: its kind's, but 417 and 421 have no kind.
int StatusFor(const Reason& reason);

/// Refused with reasons::kListen where the address cannot be had. The destructor does not drain: it closes every
/// connection at once and waits for the handlers that run.
Result<std::unique_ptr<Server>> StartServer(const ServerOptions& options, Handler handler,
                                            ProblemWriter problem);

namespace reasons {
inline constexpr Reason kListen{"http.listen", Kind::kUnavailable};
inline constexpr Reason kMalformed{"http.malformed", Kind::kMalformed, "RFC 9112"};
inline constexpr Reason kHostMissing{"http.host", Kind::kMalformed, "RFC 9112 3.2"};
inline constexpr Reason kMisdirected{"http.misdirected", Kind::kMalformed, "RFC 9110 15.5.20"};
inline constexpr Reason kExpectation{"http.expectation", Kind::kMalformed, "RFC 9110 10.1.1"};
inline constexpr Reason kTransferCoding{"http.transfer_coding", Kind::kMalformed, "RFC 9112 6.1"};
inline constexpr Reason kBug{"http.bug", Kind::kBug};
inline constexpr Reason kTimeout{"http.timeout", Kind::kTimeout};
inline constexpr Reason kBodyTooLarge{"http.body_too_large", Kind::kTooLarge};
inline constexpr Reason kHeadersTooLarge{"http.headers_too_large", Kind::kHeadersTooLarge};
inline constexpr Reason kOverloaded{"http.overloaded", Kind::kUnavailable};
inline constexpr Reason kDraining{"http.draining", Kind::kUnavailable};
}  // namespace reasons

}  // namespace onewindow::http
