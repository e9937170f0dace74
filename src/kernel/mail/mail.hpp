#pragma once

#include <memory>
#include <string>

#include "kernel/clock/clock.hpp"
#include "kernel/result/result.hpp"

// Mail through one SMTP relay (RFC 5321), plain text in UTF-8 (RFC 5322, 2045, 2047).
namespace onewindow::mail {

struct Letter {
    std::string from, to;  // "service@example.cn"; nothing but the address.
    std::string subject, text;
    /// Becomes the Message-ID: the same on each retry, so that receivers can drop a repeat.
    /// Letters, digits, "-".
    std::string id;
    Instant at;
};

/// What goes over the wire after DATA, with CRLF; refused with kAddress, also for line breaks in an
/// address.
Result<std::string> Render(const Letter& letter);

/// Passed in; the simulation has its own. Safe from many threads.
class Sender {
 public:
    virtual ~Sender() = default;
    /// Refused with kNotTaken when the relay said a lasting no (5xx), kNoAnswer when it may have
    /// taken the letter or can be asked again.
    virtual Result<> Send(const Letter& letter, const std::string& url) = 0;
};

/// libcurl; "smtp://127.0.0.1:2525" or "smtps://…". No proxies from the environment, verified TLS.
std::unique_ptr<Sender> MakeSmtpSender();

namespace reasons {
inline constexpr Reason kAddress{"mail.address", Kind::kRefused, "RFC 5321 4.1.2"};
inline constexpr Reason kNotTaken{"mail.not_taken", Kind::kRefused, "RFC 5321 4.2"};
inline constexpr Reason kNoAnswer{"mail.no_answer", Kind::kUnavailable};
}  // namespace reasons

}  // namespace onewindow::mail
