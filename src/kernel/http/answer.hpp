#pragma once

#include <string>

#include "kernel/http/message.hpp"

// Inside kernel/http only.
namespace onewindow::http {

/// How an answer ends on the wire.
enum class Framing {
    kLength,   // Content-Length, or no body at all.
    kChunked,  // A stream.
    kToClose,  // A stream to an HTTP/1.0 client.
};

/// Whether it can be sent: status 200 to 599, names that are tokens, values without control characters. Anything else
/// could split the answer in two.
bool IsSendable(const Response& response);

struct HeadOptions {
    Framing framing = Framing::kLength;
    bool keep_alive = false;
    bool is_http_1_0 = false;
    bool is_head = false;
};

/// Status line, headers and the empty line. Framing and connection headers are the server's; the handler's own are
/// dropped, but its Content-Length counts where the request was HEAD.
std::string RenderHead(const Response& response, const HeadOptions& options);

/// False for statuses that never have a body.
bool MayHaveBody(int status);

/// One piece of a stream; empty bytes would end it, so there must be some.
std::string RenderChunk(std::string_view bytes);

}  // namespace onewindow::http
