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
    std::chrono::milliseconds header_timeout{10'000};
    std::chrono::milliseconds body_timeout{30'000};
    std::chrono::milliseconds idle_timeout{60'000};
    std::chrono::milliseconds drain_timeout{10'000};
    /// Empty: any well-formed Host is accepted.
    std::vector<std::string> public_hosts = {};
};

/// Makes the body of an answer that the server itself gives (400, 408, 413, 417, 421, 431, 503), so that these too
/// are problem documents.
using ProblemWriter = std::function<Response(const Reason& reason)>;

/// HTTP/1.1 on Boost.Beast. I/O threads parse and write; a bounded pool of workers runs the handler.
class Server {
   public:
    virtual ~Server() = default;
    /// The port that was taken.
    virtual int port() const = 0;
    /// Stops accepting, answers what is in flight with Connection: close, closes idle connections and streams.
    virtual void Drain() = 0;

    struct Counts {
        std::int64_t requests = 0;
        std::int64_t rejected = 0;  // 503 for a full queue.
        std::int64_t connections = 0;  // Open now.
        std::int64_t streams = 0;      // Open now.
    };
    virtual Counts counts() const = 0;
};

Result<std::unique_ptr<Server>> StartServer(const ServerOptions& options, Handler handler,
                                            ProblemWriter problem);

namespace reasons {
inline constexpr Reason kListen{"http.listen", Kind::kUnavailable};
inline constexpr Reason kMalformed{"http.malformed", Kind::kMalformed, "RFC 9112"};
inline constexpr Reason kHostMissing{"http.host", Kind::kMalformed, "RFC 9112 3.2"};
inline constexpr Reason kTimeout{"http.timeout", Kind::kTimeout};
inline constexpr Reason kBodyTooLarge{"http.body_too_large", Kind::kTooLarge};
inline constexpr Reason kHeadersTooLarge{"http.headers_too_large", Kind::kHeadersTooLarge};
inline constexpr Reason kOverloaded{"http.overloaded", Kind::kUnavailable};
inline constexpr Reason kDraining{"http.draining", Kind::kUnavailable};
}  // namespace reasons

}  // namespace onewindow::http
