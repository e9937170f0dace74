#include <array>
#include <cstdint>

#include "kernel/crypto/crypto.hpp"

namespace onewindow::crypto {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string Encode64(std::string_view bytes, std::string_view alphabet) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char byte : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(byte);
        count += 8;
        while (count >= 6) {
            count -= 6;
            text += alphabet[(bits >> count) & 63];
        }
    }
    if (count > 0) text += alphabet[(bits << (6 - count)) & 63];
    return text;
}

/// Strict: one text for one value, so that what was signed cannot be spelt another way (RFC
/// 4648 3.5).
Result<std::string> Decode64(std::string_view text, std::string_view alphabet) {
    std::array<int, 256> value;
    value.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        value[static_cast<unsigned char>(alphabet[i])] = static_cast<int>(i);
    }
    if (text.size() % 4 == 1) return Refuse(reasons::kEncoding);
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char character : text) {
        const int six = value[static_cast<unsigned char>(character)];
        if (six < 0) return Refuse(reasons::kEncoding);
        bits = (bits << 6) | static_cast<std::uint32_t>(six);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>((bits >> count) & 255);
        }
    }
    if ((bits & ((1U << count) - 1)) != 0) return Refuse(reasons::kEncoding);
    return bytes;
}

int HexDigit(char character) {
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    if (character >= 'A' && character <= 'F') return character - 'A' + 10;
    return -1;
}

}  // namespace

std::string Hex(std::string_view bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        text += kDigits[static_cast<unsigned char>(byte) >> 4];
        text += kDigits[static_cast<unsigned char>(byte) & 15];
    }
    return text;
}

Result<std::string> FromHex(std::string_view text) {
    if (text.size() % 2 != 0) return Refuse(reasons::kEncoding);
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = HexDigit(text[i]), low = HexDigit(text[i + 1]);
        if (high < 0 || low < 0) return Refuse(reasons::kEncoding);
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::string Base64(std::string_view bytes) {
    std::string text = Encode64(bytes, kBase64);
    while (text.size() % 4 != 0) text += '=';
    return text;
}

Result<std::string> FromBase64(std::string_view text) {
    if (text.size() % 4 != 0) return Refuse(reasons::kEncoding);
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
    return Decode64(text, kBase64);
}

std::string Base64Url(std::string_view bytes) { return Encode64(bytes, kBase64Url); }

Result<std::string> FromBase64Url(std::string_view text) { return Decode64(text, kBase64Url); }

}  // namespace onewindow::crypto
