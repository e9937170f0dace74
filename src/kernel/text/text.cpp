#include "kernel/text/text.hpp"

#include <algorithm>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "kernel/result/result.hpp"

// ICU's U8_ macros narrow on purpose, in our lines.
#pragma GCC diagnostic ignored "-Wconversion"

namespace onewindow::text {

bool IsUtf8(std::string_view bytes) {
    const auto length = static_cast<std::int32_t>(bytes.size());
    for (std::int32_t i = 0; i < length;) {
        UChar32 code_point = 0;
        U8_NEXT(bytes.data(), i, length, code_point);
        if (code_point < 0) return false;
    }
    return true;
}

std::u16string ToUtf16(std::string_view utf8) {
    const auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
    return std::u16string(wide.getBuffer(), static_cast<std::size_t>(wide.length()));
}

std::u32string ToCodePoints(std::string_view utf8) {
    std::u32string out;
    const auto length = static_cast<std::int32_t>(utf8.size());
    for (std::int32_t i = 0; i < length;) {
        UChar32 code_point = 0;
        U8_NEXT_OR_FFFD(utf8.data(), i, length, code_point);
        out += static_cast<char32_t>(code_point);
    }
    return out;
}

std::string FromCodePoints(std::u32string_view code_points) {
    std::string out;
    for (const char32_t code_point : code_points) {
        char buffer[4];
        std::int32_t length = 0;
        UBool failed = 0;
        U8_APPEND(reinterpret_cast<std::uint8_t*>(buffer), length, 4, static_cast<UChar32>(code_point), failed);
        if (failed == 0) out.append(buffer, static_cast<std::size_t>(length));
    }
    return out;
}

std::size_t Length(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    }));
}

std::string Normalise(std::string_view utf8) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCInstance(error);
    OW_ASSERT(U_SUCCESS(error));
    const auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
    std::string out;
    normalizer->normalize(wide, error).toUTF8String(out);
    return std::string(Trim(out));
}

std::string_view Trim(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t from = text.find_first_not_of(kBlank);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

std::vector<std::string> Split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string Join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (const std::string& part : parts) {
        if (&part != &parts.front()) out += separator;
        out += part;
    }
    return out;
}

bool IsDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsHan(char32_t code_point) {
    return u_hasBinaryProperty(static_cast<UChar32>(code_point), UCHAR_UNIFIED_IDEOGRAPH) != 0;
}

bool IsVisible(char32_t code_point) {
    constexpr std::uint32_t kHidden = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_CO_MASK | U_GC_CN_MASK |
                                      U_GC_ZL_MASK | U_GC_ZP_MASK;
    return (U_GET_GC_MASK(static_cast<UChar32>(code_point)) & kHidden) == 0;
}

}  // namespace onewindow::text
