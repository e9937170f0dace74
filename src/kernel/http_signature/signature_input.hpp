#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The one form of Signature-Input and Signature (RFC 8941 dictionaries) that we write and read.
namespace onewindow::http_signature {

/// label=("component" …);created=…;keyid="…";nonce="…"[;alg="…"], the parameters in any order.
struct SignatureInput {
    std::string label;
    std::vector<std::string> components;
    std::int64_t created = 0;  // Seconds since 1970.
    std::string key_id, nonce;
    std::optional<std::string> algorithm;
    /// All after "label=": the value of "@signature-params". As we read canonical text only, as it came.
    std::string parameters;
};

/// Nothing where the text is not exactly that form: other spellings, doubled or unknown parts.
std::optional<SignatureInput> ParseSignatureInput(std::string_view text);
/// label=:base64: with this label; nothing else.
std::optional<std::string> ParseSignature(std::string_view text, std::string_view label);
/// Key ids and nonces: characters that need no escape.
bool IsName(std::string_view text);

}  // namespace onewindow::http_signature
