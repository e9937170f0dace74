#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "kernel/http/message.hpp"
#include "kernel/http/server.hpp"

// Inside kernel/http only.
namespace onewindow::http {

/// Reads one request from bytes as they come. Strict where two readers could disagree about where a message ends:
/// lines end in CRLF, no folded lines, one Content-Length or one `Transfer-Encoding: chunked`, never both.
class RequestParser {
   public:
    explicit RequestParser(const ServerOptions& options);
    ~RequestParser();

    enum class Progress {
        kNeedMore,    // All that could be read was read.
        kHeaderDone,  // Only the body is missing; told once.
        kDone,
        kRefused,  // See reason(); where the message ends is not known, so the connection must close.
    };

    /// Reads from the front of `bytes` and sets how many are used up; the rest must be given again, with more.
    Progress Read(std::string_view bytes, std::size_t& used);

    /// Why it was refused.
    const Reason& reason() const;
    /// False before the header is done.
    bool keep_alive() const;
    bool is_http_1_0() const;
    /// The client waits for "100 Continue" before it sends the body.
    bool expects_continue() const;
    /// The method so far; empty before the header is done.
    const std::string& method() const;

    /// Once, after kDone. `peer` and `parameters` are not filled in.
    Request TakeRequest();

   private:
    class Sink;
    Progress ReadHeader(std::string_view bytes, std::size_t& used);
    Progress ReadBody(std::string_view bytes, std::size_t& used);
    Progress Refused(const Reason& reason);
    const Reason* CheckHeader();
    const Reason* CheckHost();
    const Reason* CheckFraming();
    const Reason* CheckTarget();

    const ServerOptions& options_;
    std::unique_ptr<Sink> sink_;
    std::size_t scanned_ = 0;
    bool blank_line_skipped_ = false;
    bool header_done_ = false;
    bool expects_continue_ = false;
    const Reason* reason_ = nullptr;
};

}  // namespace onewindow::http
