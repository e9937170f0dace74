#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "kernel/result/result.hpp"

namespace onewindow::json {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// Parses one JSON text strictly: UTF-8, at most 32 levels, no duplicate keys, no NUL in a text (no database keeps
/// one), no number beyond a double, nothing after it. Refused with reasons::kUnreadable, or kDuplicateKey or kNul
/// (field = path).
Result<value> Parse(std::string_view text);

/// RFC 8785: keys sorted by UTF-16 code units, no blanks. The bytes that are digested and signed.
/// Numbers are integers here by habit; doubles are written as RFC 8785 says.
std::string Canonical(const value& value);

/// Compact text in insertion order, for answers and storage.
std::string Text(const value& value);

/// The value at a dotted path ("people.0.name"), or nullptr.
const value* Find(const value& root, std::string_view path);
/// The same below an object; a conversion to value would point into a copy.
const value* Find(const object& root, std::string_view path);

/// Small readers for values that were validated before: a missing or other-typed member gives the fallback.
std::string TextAt(const value& root, std::string_view path, std::string_view fallback = {});
std::int64_t IntAt(const value& root, std::string_view path, std::int64_t fallback = 0);
bool BoolAt(const value& root, std::string_view path, bool fallback = false);

/// Sets a value at a dotted path, making objects on the way. Where something else than an object is in the way, it
/// stays, and nothing is set.
void SetAt(object& root, std::string_view path, value value);

namespace reasons {
inline constexpr Reason kUnreadable{"json.unreadable", Kind::kMalformed, "RFC 8259"};
inline constexpr Reason kDuplicateKey{"json.duplicate_key", Kind::kMalformed, "RFC 8785 3.1"};
inline constexpr Reason kNul{"json.nul", Kind::kMalformed};
inline constexpr Reason kUnknownField{"json.unknown_field", Kind::kMalformed};
inline constexpr Reason kMissingField{"json.missing_field", Kind::kMalformed};
inline constexpr Reason kWrongType{"json.wrong_type", Kind::kMalformed};
inline constexpr Reason kNotInteger{"json.not_an_integer", Kind::kMalformed};
inline constexpr Reason kUnknownChoice{"json.unknown_choice", Kind::kMalformed};
}  // namespace reasons

}  // namespace onewindow::json
