#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onewindow::text {

bool IsUtf8(std::string_view bytes);
std::u16string ToUtf16(std::string_view utf8);
/// Code points; the input must be UTF-8.
std::u32string ToCodePoints(std::string_view utf8);
std::string FromCodePoints(std::u32string_view code_points);
/// Code points in the text.
std::size_t Length(std::string_view utf8);

/// NFKC, blanks at the ends dropped: "ＡＢＣ　" -> "ABC".
std::string Normalise(std::string_view utf8);
std::string_view Trim(std::string_view text);
std::vector<std::string> Split(std::string_view text, char separator);
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
bool IsDigits(std::string_view text);
/// A Han character (Unified_Ideograph).
bool IsHan(char32_t code_point);
/// Shows as something that all readers see alike: no control or format character (bidirectional marks, zero width,
/// tags), line or paragraph separator, private use, or unassigned code point.
bool IsVisible(char32_t code_point);

}  // namespace onewindow::text
