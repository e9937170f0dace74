#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/result/result.hpp"

namespace onewindow::http {

/// Header names are compared without case.
class Headers {
   public:
    void Set(std::string_view name, std::string_view value);
    void Add(std::string_view name, std::string_view value);
    /// The first value, or empty.
    std::string_view Get(std::string_view name) const;
    bool Has(std::string_view name) const;
    int Count(std::string_view name) const;
    const std::vector<std::pair<std::string, std::string>>& all() const { return all_; }

   private:
    std::vector<std::pair<std::string, std::string>> all_;
};

struct Request {
    std::string method;
    std::string target;  // As sent.
    std::string path;    // Decoded once; no "." or ".." or empty segments, no encoded slash.
    std::vector<std::pair<std::string, std::string>> query;
    Headers headers;
    std::string body;
    std::string peer;  // Address of the other side.
    /// Values of the route's {names}.
    std::map<std::string, std::string> parameters;

    std::optional<std::string> QueryValue(std::string_view name) const;
    const std::string& Parameter(const std::string& name) const;
};

/// The other end of an event stream (SSE). Safe from many threads; outlives the connection.
class Stream {
   public:
    virtual ~Stream() = default;
    /// Queues bytes; false when the client is gone or too slow (256 KiB would wait: after them the stream ends, and it
    /// reconnects).
    virtual bool Send(std::string bytes) = 0;
    virtual bool IsOpen() const = 0;
    /// What was queued still goes out.
    virtual void Close() = 0;
};

struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    /// If set, headers go out and the stream is handed over, on a worker; it lives on the I/O threads. Dropping the
    /// last reference closes it. Not called for HEAD. `body` is not sent.
    std::function<void(std::shared_ptr<Stream>)> stream = {};
};

/// Runs on a worker. What it throws becomes an answer with reasons::kBug.
using Handler = std::function<Response(Request&)>;

}  // namespace onewindow::http
