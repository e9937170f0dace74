#include "kernel/http/answer.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "kernel/http/url.hpp"

namespace onewindow::http {
namespace {

std::string_view PhraseOf(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 415: return "Unsupported Media Type";
        case 416: return "Range Not Satisfiable";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        default: return "";  // RFC 9112 4: the phrase may be empty.
    }
}

bool IsTokenCharacter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool IsValueCharacter(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
}

bool IsServersOwn(std::string_view name) {
    constexpr std::array<std::string_view, 6> kNames = {
        "Connection", "Content-Length", "Keep-Alive", "Transfer-Encoding", "Trailer", "Upgrade"};
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view own) { return EqualsIgnoringCase(own, name); });
}

}  // namespace

bool IsSendable(const Response& response) {
    if (response.status < 200 || response.status > 599) return false;
    const auto& headers = response.headers.all();
    return std::all_of(headers.begin(), headers.end(), [](const auto& header) {
        const auto& [name, value] = header;
        return !name.empty() && std::all_of(name.begin(), name.end(), IsTokenCharacter) &&
               std::all_of(value.begin(), value.end(), IsValueCharacter);
    });
}

bool MayHaveBody(int status) { return status >= 200 && status != 204 && status != 304; }

std::string RenderHead(const Response& response, const HeadOptions& options) {
    std::string head =
        fmt::format("HTTP/1.1 {} {}\r\n", response.status, PhraseOf(response.status));
    for (const auto& [name, value] : response.headers.all()) {
        if (!IsServersOwn(name)) head += fmt::format("{}: {}\r\n", name, value);
    }
    if (options.framing == Framing::kChunked) {
        head += "Transfer-Encoding: chunked\r\n";
    } else if (options.framing == Framing::kLength && MayHaveBody(response.status)) {
        const std::string_view own = response.headers.Get("Content-Length");
        const bool use_own = options.is_head && !own.empty() &&
                             own.find_first_not_of("0123456789") == std::string_view::npos;
        head += fmt::format("Content-Length: {}\r\n",
                            use_own ? std::string(own) : std::to_string(response.body.size()));
    }
    if (!options.keep_alive) {
        head += "Connection: close\r\n";
    } else if (options.is_http_1_0) {
        head += "Connection: keep-alive\r\n";
    }
    return head + "\r\n";
}

std::string RenderChunk(std::string_view bytes) {
    return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

}  // namespace onewindow::http
