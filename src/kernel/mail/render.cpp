#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kernel/crypto/crypto.hpp"
#include "kernel/mail/mail.hpp"

namespace onewindow::mail {
namespace {

/// An encoded word holds at most 75 characters (RFC 2047 2): 45 bytes become 60 of Base64 and 12
/// around them.
constexpr std::size_t kWordBytes = 45;
constexpr std::size_t kLineBytes = 57;  // 76 of Base64.

/// One mailbox that cannot break out of its header or of the envelope.
bool IsAddress(std::string_view address) {
    const auto at = address.find('@');
    const bool plain = std::ranges::all_of(address, [](char c) {
        return c > ' ' && c < '\x7f' &&
               std::string_view("<>(),;:\\\"[]").find(c) == std::string_view::npos;
    });
    return plain && address.size() <= 254 && at != std::string_view::npos && at > 0 &&
           at + 1 < address.size() && address.find('@', at + 1) == std::string_view::npos;
}

/// Cuts at most `bytes`, never inside a character.
std::string_view TakeCharacters(std::string_view& text, std::size_t bytes) {
    std::size_t size = std::min(bytes, text.size());
    while (size < text.size() && size > 0 &&
           (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
        --size;
    const std::string_view taken = text.substr(0, size);
    text.remove_prefix(size);
    return taken;
}

std::string EncodedHeader(std::string_view text) {
    std::string header;
    while (!text.empty()) {
        if (!header.empty()) header += "\r\n ";
        header += "=?UTF-8?B?" + crypto::Base64(TakeCharacters(text, kWordBytes)) + "?=";
    }
    return header;
}

std::string EncodedBody(std::string_view text) {
    std::string body;
    for (std::size_t at = 0; at < text.size(); at += kLineBytes) {
        body += crypto::Base64(text.substr(at, kLineBytes)) + "\r\n";
    }
    return body;
}

/// RFC 5322 3.3, in Beijing time: "Sun, 22 Nov 2026 21:40:00 +0800".
std::string HeaderDate(Instant at) {
    constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Date date = DateOf(at);
    const std::chrono::weekday weekday{std::chrono::sys_days{date}};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(TimeOfDay(at))};
    return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0800", kDays.at(weekday.c_encoding()),
                       static_cast<unsigned>(date.day()),
                       kMonths.at(static_cast<unsigned>(date.month()) - 1),
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

}  // namespace

Result<std::string> Render(const Letter& letter) {
    if (!IsAddress(letter.from)) return Refuse(reasons::kAddress, "from");
    if (!IsAddress(letter.to)) return Refuse(reasons::kAddress, "to");
    OW_ASSERT(!letter.id.empty() && std::ranges::all_of(letter.id, [](char c) {
        return c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
               (c >= 'a' && c <= 'z');
    }));
    const std::string domain = letter.from.substr(letter.from.find('@') + 1);
    return fmt::format(
        "Date: {}\r\nFrom: <{}>\r\nTo: <{}>\r\nMessage-ID: <{}@{}>\r\nSubject: {}\r\n"
        "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        HeaderDate(letter.at), letter.from, letter.to, letter.id, domain,
        EncodedHeader(letter.subject), EncodedBody(letter.text));
}

}  // namespace onewindow::mail
