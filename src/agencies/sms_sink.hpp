#pragma once

#include <memory>
#include <string>

#include "kernel/http/server.hpp"

namespace onewindow::agencies {

struct SmsSinkOptions {
    std::string listen = "127.0.0.1:0";
    std::string directory;
};

/// POST /messages {to, text, id}: keeps each message in DIR/messages.jsonl, the same id once, also
/// across restarts; the same id with other words gets 422. Sends nothing to anybody. Refused where
/// the file cannot be had.
Result<std::unique_ptr<http::Server>> StartSmsSink(const SmsSinkOptions& options);

}  // namespace onewindow::agencies
