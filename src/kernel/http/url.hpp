#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a URL is made of. Pure; every function that reads refuses by an empty answer.
namespace onewindow::http {

/// ASCII only, as header names, schemes and hosts are compared.
bool EqualsIgnoringCase(std::string_view left, std::string_view right);

/// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::string_view bytes);

/// Decodes %XX once. Empty where a % is not followed by two hexadecimal digits.
std::optional<std::string> PercentDecode(std::string_view text);

/// Encodes all but RFC 3986's unreserved characters, so that the result fits a path segment or a query value.
std::string PercentEncode(std::string_view text);

using Query = std::vector<std::pair<std::string, std::string>>;

/// Reads `a=1&b=2` with `+` for a space, in order, repeats kept. Empty for a bad escape, %00 or text that is not UTF-8.
std::optional<Query> ParseQuery(std::string_view text);

/// Decodes the path of a target once. Empty unless it begins with "/" and each segment is plain: UTF-8 without control
/// characters or backslash, not "." or "..", not empty (but the last may be), and without an encoded slash, which would
/// mean one thing to a proxy in front and another to the router.
std::optional<std::string> NormalisePath(std::string_view encoded);

/// `host`, `host:port`, `[v6]` or `[v6]:port`, as in a Host header; no user, no empty host, port 1 to 65535.
bool IsAuthority(std::string_view text);

/// Whether `host` (as sent) is one of `allowed`; an entry without a port stands for every port.
bool IsAllowedHost(std::string_view host, const std::vector<std::string>& allowed);

}  // namespace onewindow::http
