#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/clock/clock.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/http/message.hpp"
#include "kernel/result/result.hpp"

// HTTP Message Signatures (RFC 9421) with a Content-Digest (RFC 9530), in the narrow form that we send.
namespace onewindow::http_signature {

/// Registered by RFC 9421, and our own name: it registers neither SM2 nor SM3.
inline constexpr std::string_view kEd25519 = "ed25519", kSm2Sm3 = "sm2-sm3";

/// Who signs.
struct Signer {
    std::string key_id;     // 1–128 characters of A–Z a–z 0–9 . _ ~ : / @ -
    std::string algorithm;  // kEd25519 or kSm2Sm3.
    std::function<std::string(std::string_view message)> sign;
};
Signer MakeSigner(std::string key_id, const crypto::Sm2PrivateKey& key);
/// `seed` is 32 bytes.
Signer MakeSigner(std::string key_id, std::string ed25519_seed);

/// What the receiver knows of a key; the algorithm belongs to the key, a message cannot choose it.
struct KnownKey {
    std::string algorithm;
    std::function<bool(std::string_view message, std::string_view signature)> verify;
};
KnownKey MakeKnownKey(const crypto::Sm2PublicKey& key);
KnownKey MakeKnownKey(const crypto::Ed25519PublicKey& key);
/// Nothing where the key id is unknown or no longer allowed.
using KeyLookup = std::function<std::optional<KnownKey>(std::string_view key_id)>;

/// What a request asks for. `target_uri` is absolute with its query ("https://tax.example/exchange/v1/matters"), so
/// that a message to one agency cannot be shown to another; the receiver builds it from its own base address.
struct Target {
    std::string_view method;
    std::string_view target_uri;
};

/// Sets Content-Digest, Signature-Input and Signature. Covers the method, the target, the digest and, where the
/// request has them, Content-Type, OneWindow-Delivery and Idempotency-Key: set those first. `nonce` has the
/// characters of a key id. Refused (kMalformed) where a value cannot be signed unambiguously.
Result<> SignRequest(const Target& target, http::Headers& headers, std::string_view body, const Signer& signer,
                     Instant created, std::string_view nonce);

struct Verified {
    std::string key_id;
    std::string nonce;
    Instant created;
};
inline constexpr std::chrono::seconds kWindow{300};

/// Checks, in this order: signature present, form, components covered, time within ±`window` of `now`, key known,
/// its algorithm, digest of the body, signature. The caller refuses a nonce that it saw from this key within
/// twice the window.
Result<Verified> VerifyRequest(const Target& target, const http::Headers& headers, std::string_view body,
                               const KeyLookup& keys, Instant now, std::chrono::seconds window = kWindow);

/// "sha-256=:…:"
std::string ContentDigest(std::string_view body);
/// True if `header` is that digest of `body`, and nothing besides.
bool CheckContentDigest(std::string_view header, std::string_view body);

namespace reasons {
inline constexpr Reason kMissing{"http_signature.missing", Kind::kUnauthenticated, "RFC 9421"};
inline constexpr Reason kMalformed{"http_signature.malformed", Kind::kMalformed, "RFC 9421 4"};
inline constexpr Reason kMissingComponent{"http_signature.missing_component", Kind::kUnauthenticated, "RFC 9421 7.2.1"};
inline constexpr Reason kExpired{"http_signature.expired", Kind::kUnauthenticated, "RFC 9421 7.2.2"};
inline constexpr Reason kTooEarly{"http_signature.too_early", Kind::kUnauthenticated, "RFC 9421 7.2.2"};
inline constexpr Reason kUnknownKey{"http_signature.unknown_key", Kind::kUnauthenticated, "RFC 9421 7.3.4"};
inline constexpr Reason kAlgorithm{"http_signature.algorithm", Kind::kUnauthenticated, "RFC 9421 7.3.6"};
inline constexpr Reason kDigest{"http_signature.digest", Kind::kUnauthenticated, "RFC 9530 2"};
inline constexpr Reason kBadSignature{"http_signature.bad_signature", Kind::kUnauthenticated, "RFC 9421 3.2"};
}  // namespace reasons

}  // namespace onewindow::http_signature
