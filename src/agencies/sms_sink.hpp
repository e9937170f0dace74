#pragma once

#include <memory>
#include <string>

#include "kernel/http/server.hpp"

namespace onewindow::agencies {

struct SmsSinkOptions {
    std::string listen = "127.0.0.1:0";
    std::string directory;
};

/// POST /messages {to, text, id}: keeps each message in DIR/messages.jsonl, the same id once. Sends nothing to anybody.
Result<std::unique_ptr<http::Server>> StartSmsSink(const SmsSinkOptions& options);

}  // namespace onewindow::agencies
