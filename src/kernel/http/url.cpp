#include "kernel/http/url.hpp"

#include <algorithm>
#include <cstdint>

namespace onewindow::http {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsAlphanumeric(char c) { return IsDigit(c) || (Lower(c) >= 'a' && Lower(c) <= 'z'); }

int HexValue(char c) {
    if (IsDigit(c)) return c - '0';
    const char lower = Lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The number of bytes of the well-formed sequence at the front (Unicode table 3-7); 0 if there is none.
std::size_t SequenceLength(std::string_view bytes) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3
                               : lead >= 0xF0 && lead <= 0xF4                                  ? 4
                                                                                               : 0;
    if (length == 0 || bytes.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xC0) != 0x80) return 0;
    }
    if (lead == 0xE0 && at(1) < 0xA0) return 0;   // Overlong.
    if (lead == 0xED && at(1) >= 0xA0) return 0;  // Surrogates.
    if (lead == 0xF0 && at(1) < 0x90) return 0;   // Overlong.
    if (lead == 0xF4 && at(1) >= 0x90) return 0;  // Above U+10FFFF.
    return length;
}

bool IsPort(std::string_view text) {
    if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), IsDigit)) {
        return false;
    }
    const int port = std::stoi(std::string(text));
    return port >= 1 && port <= 65535;
}

/// Without the port.
std::string_view HostOf(std::string_view authority) {
    const auto colon = authority.rfind(':');
    const auto bracket = authority.rfind(']');
    const bool has_port = colon != std::string_view::npos &&
                          (bracket == std::string_view::npos || colon > bracket);
    return has_port ? authority.substr(0, colon) : authority;
}

bool IsPlainSegment(std::string_view segment) {
    if (segment == "." || segment == ".." || !IsUtf8(segment)) return false;
    return std::none_of(segment.begin(), segment.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F || c == '\\' || c == '/';
    });
}

/// A query's name or value; other control characters than NUL may be the line breaks of a text field.
std::optional<std::string> DecodeQueryText(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    auto decoded = PercentDecode(spaced);
    if (!decoded || !IsUtf8(*decoded) || decoded->find('\0') != std::string::npos) {
        return std::nullopt;
    }
    return decoded;
}

}  // namespace

bool EqualsIgnoringCase(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return Lower(a) == Lower(b); });
}

bool IsUtf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t length = SequenceLength(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::optional<std::string> PercentDecode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = HexValue(text[i + 1]), low = HexValue(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

std::string PercentEncode(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (IsAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += '%';
            encoded += kHex[byte >> 4];
            encoded += kHex[byte & 15];
        }
    }
    return encoded;
}

std::optional<Query> ParseQuery(std::string_view text) {
    Query query;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const std::string_view key = pair.substr(0, pair.find('='));
        auto name = DecodeQueryText(key);
        auto value = DecodeQueryText(pair.substr(std::min(pair.size(), key.size() + 1)));
        if (!name || !value) return std::nullopt;
        query.emplace_back(std::move(*name), std::move(*value));
    }
    return query;
}

std::optional<std::string> NormalisePath(std::string_view encoded) {
    if (!encoded.starts_with('/')) return std::nullopt;
    std::string path;
    while (!encoded.empty()) {
        encoded.remove_prefix(1);  // The slash before the segment.
        const std::string_view segment = encoded.substr(0, encoded.find('/'));
        encoded.remove_prefix(segment.size());
        const auto decoded = PercentDecode(segment);
        if (!decoded || !IsPlainSegment(*decoded)) return std::nullopt;
        if (decoded->empty() && !encoded.empty()) return std::nullopt;
        path += '/';
        path += *decoded;
    }
    return path;
}

bool IsAuthority(std::string_view text) {
    const std::string_view host = HostOf(text);
    if (host.size() != text.size() && !IsPort(text.substr(host.size() + 1))) return false;
    if (host.starts_with('[')) {
        return host.size() > 3 && host.ends_with(']') &&
               std::all_of(host.begin() + 1, host.end() - 1, [](char c) {
                   return HexValue(c) >= 0 || c == ':' || c == '.';
               });
    }
    return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
        return IsAlphanumeric(c) || c == '-' || c == '.' || c == '_';
    });
}

bool IsAllowedHost(std::string_view host, const std::vector<std::string>& allowed) {
    return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& entry) {
        return EqualsIgnoringCase(entry, host) || EqualsIgnoringCase(entry, HostOf(host));
    });
}

}  // namespace onewindow::http
