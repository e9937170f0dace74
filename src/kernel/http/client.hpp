#pragma once

#include <chrono>

#include "kernel/http/message.hpp"

namespace onewindow::http {

struct Call {
    std::string method = "GET";
    std::string url;
    Headers headers;
    std::string body;
    std::chrono::milliseconds connect_timeout{3'000};
    std::chrono::milliseconds timeout{10'000};
    std::size_t answer_bytes_max = 4 * 1024 * 1024;
};

struct Answer {
    int status = 0;
    Headers headers;
    std::string body;
};

/// Everything outside the process. Passed in; the simulation has its own.
/// No redirects, no proxies from the environment, http and https only, verified TLS.
class Outside {
   public:
    virtual ~Outside() = default;
    /// Refused with reasons::kNoAnswer when no complete answer came: the other side may have acted.
    virtual Result<Answer> Send(const Call& call) = 0;
};

/// libcurl; one handle a thread, connections kept. Safe from many threads.
std::unique_ptr<Outside> MakeOutside();

namespace reasons {
inline constexpr Reason kNoAnswer{"http.no_answer", Kind::kUnavailable};
}

}  // namespace onewindow::http
