#pragma once

#include <string>
#include <string_view>

#include "kernel/crypto/crypto.hpp"
#include "kernel/json/json.hpp"

// What the QR code carries beside the identifier: the main facts of the face, signed, so that a
// copied code does not fit another licence and an altered one shows.
namespace onewindow::licence {

struct TokenFacts {
    std::string id, uscc;
    std::string name_sm3;  // Hex of SM3 over the UTF-8 name.
    std::string issued;    // "2026-11-23"
    bool operator==(const TokenFacts&) const = default;
};

/// base64url(RFC 8785 JSON) "." key id "." base64url(SM2 signature over the first part)
std::string MakeToken(const TokenFacts& facts, std::string_view key_id,
                      const crypto::Sm2PrivateKey& key);
/// Refused with kToken unless the form, the key id and the signature are right.
Result<TokenFacts> ReadToken(std::string_view token, std::string_view key_id,
                             const crypto::Sm2PublicKey& key);

}  // namespace onewindow::licence
