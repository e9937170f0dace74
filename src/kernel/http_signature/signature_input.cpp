#include "kernel/http_signature/signature_input.hpp"

#include <algorithm>

#include "kernel/crypto/crypto.hpp"

namespace onewindow::http_signature {
namespace {

constexpr std::size_t kInputMax = 2048, kComponentsMax = 16, kNameMax = 128, kCreatedDigitsMax = 12;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameCharacter(char c) {
    return IsLower(c) || IsDigit(c) || (c >= 'A' && c <= 'Z') ||
           std::string_view("._~:/@-").find(c) != std::string_view::npos;
}
bool IsKeyCharacter(char c) { return IsLower(c) || IsDigit(c) || c == '_' || c == '-'; }
bool IsComponentCharacter(char c) { return IsKeyCharacter(c) || c == '@'; }

bool Skip(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

template <class Allowed>
std::string_view Take(std::string_view& text, Allowed allowed) {
    const auto end = std::ranges::find_if_not(text, allowed);
    const std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(taken.size());
    return taken;
}

/// "…" of at least one allowed character.
template <class Allowed>
bool ReadString(std::string_view& text, Allowed allowed, std::string& value) {
    if (!Skip(text, "\"")) return false;
    value = Take(text, allowed);
    return !value.empty() && value.size() <= kNameMax && Skip(text, "\"");
}

bool ReadComponents(std::string_view& text, std::vector<std::string>& components) {
    if (!Skip(text, "(")) return false;
    do {
        std::string component;
        if (!ReadString(text, IsComponentCharacter, component)) return false;
        // RFC 9421 2.5: each identifier once.
        if (std::ranges::find(components, component) != components.end()) return false;
        components.push_back(std::move(component));
        if (components.size() > kComponentsMax) return false;
    } while (Skip(text, " "));
    return Skip(text, ")");
}

bool ReadCreated(std::string_view& text, std::int64_t& created) {
    const std::string_view digits = Take(text, IsDigit);
    if (digits.empty() || digits.size() > kCreatedDigitsMax) return false;
    if (digits.front() == '0' && digits.size() > 1) return false;
    created = 0;
    for (const char digit : digits) created = created * 10 + (digit - '0');
    return true;
}

bool ReadParameters(std::string_view text, SignatureInput& input) {
    bool created = false;
    while (!text.empty()) {
        if (!Skip(text, ";")) return false;
        const std::string_view key = Take(text, IsKeyCharacter);
        if (!Skip(text, "=")) return false;
        if (key == "created" && !created) {
            if (!ReadCreated(text, input.created)) return false;
            created = true;
        } else if (key == "keyid" && input.key_id.empty()) {
            if (!ReadString(text, IsNameCharacter, input.key_id)) return false;
        } else if (key == "nonce" && input.nonce.empty()) {
            if (!ReadString(text, IsNameCharacter, input.nonce)) return false;
        } else if (key == "alg" && !input.algorithm) {
            if (!ReadString(text, IsNameCharacter, input.algorithm.emplace())) return false;
        } else {
            return false;
        }
    }
    return created && !input.key_id.empty() && !input.nonce.empty();
}

}  // namespace

bool IsName(std::string_view text) {
    return !text.empty() && text.size() <= kNameMax && std::ranges::all_of(text, IsNameCharacter);
}

std::optional<SignatureInput> ParseSignatureInput(std::string_view text) {
    if (text.size() > kInputMax) return std::nullopt;
    SignatureInput input;
    input.label = Take(text, IsKeyCharacter);
    if (input.label.empty() || !IsLower(input.label.front()) || !Skip(text, "="))
        return std::nullopt;
    input.parameters = text;
    if (!ReadComponents(text, input.components) || !ReadParameters(text, input))
        return std::nullopt;
    return input;
}

std::optional<std::string> ParseSignature(std::string_view text, std::string_view label) {
    if (text.size() > kInputMax || !Skip(text, label) || !Skip(text, "=:")) return std::nullopt;
    if (!text.ends_with(':')) return std::nullopt;
    text.remove_suffix(1);
    auto bytes = crypto::FromBase64(text);
    if (!bytes || bytes->empty()) return std::nullopt;
    return *std::move(bytes);
}

}  // namespace onewindow::http_signature
