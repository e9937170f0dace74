#include "kernel/http_signature/http_signature.hpp"

#include <algorithm>
#include <array>

#include "kernel/http_signature/signature_input.hpp"

namespace onewindow::http_signature {
namespace {

constexpr std::string_view kLabel = "onewindow";
constexpr std::string_view kDigestHeader = "content-digest";
constexpr std::array<std::string_view, 3> kAlwaysCovered = {"@method", "@target-uri",
                                                            kDigestHeader};
/// Covered where the message has them: an unsigned one could be added on the way.
constexpr std::array<std::string_view, 3> kCoveredIfPresent = {"content-type", "onewindow-delivery",
                                                               "idempotency-key"};

/// Printable ASCII without blanks at the ends: a value that stands on one line of the base and is
/// not trimmed.
bool IsPlain(std::string_view value) {
    const bool printable = std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; });
    return printable && !value.starts_with(' ') && !value.ends_with(' ');
}

bool IsCovered(const std::vector<std::string>& components, std::string_view name) {
    return std::ranges::find(components, name) != components.end();
}

/// RFC 9421 2.5. Nothing where a component is none of ours, absent, doubled or not plain.
std::optional<std::string> BaseOf(const Target& target, const http::Headers& headers,
                                  const std::vector<std::string>& components,
                                  std::string_view parameters) {
    std::string base;
    for (const std::string& component : components) {
        std::string_view value;
        if (component == "@method") {
            value = target.method;
        } else if (component == "@target-uri") {
            value = target.target_uri;
        } else if (component == kDigestHeader ||
                   std::ranges::find(kCoveredIfPresent, component) != kCoveredIfPresent.end()) {
            if (headers.Count(component) != 1) return std::nullopt;
            value = headers.Get(component);
        } else {
            return std::nullopt;
        }
        if (value.empty() || !IsPlain(value)) return std::nullopt;
        base += fmt::format("\"{}\": {}\n", component, value);
    }
    return base + fmt::format("\"@signature-params\": {}", parameters);
}

/// The component that has to be covered and is not, or empty.
std::string_view UncoveredIn(const std::vector<std::string>& components,
                             const http::Headers& headers) {
    for (const std::string_view name : kAlwaysCovered) {
        if (!IsCovered(components, name)) return name;
    }
    for (const std::string_view name : kCoveredIfPresent) {
        if (headers.Has(name) && !IsCovered(components, name)) return name;
    }
    return {};
}

Failure Malformed(std::string_view field) {
    return Refuse(reasons::kMalformed, std::string(field));
}

}  // namespace

Signer MakeSigner(std::string key_id, const crypto::Sm2PrivateKey& key) {
    return {std::move(key_id), std::string(kSm2Sm3),
            [key](std::string_view message) { return key.Sign(message); }};
}

Signer MakeSigner(std::string key_id, std::string ed25519_seed) {
    return {std::move(key_id), std::string(kEd25519),
            [seed = std::move(ed25519_seed)](std::string_view message) {
                return crypto::SignEd25519(seed, message);
            }};
}

KnownKey MakeKnownKey(const crypto::Sm2PublicKey& key) {
    return {std::string(kSm2Sm3), [key](std::string_view message, std::string_view signature) {
                return key.Verify(message, signature);
            }};
}

KnownKey MakeKnownKey(const crypto::Ed25519PublicKey& key) {
    return {std::string(kEd25519), [key](std::string_view message, std::string_view signature) {
                return key.Verify(message, signature);
            }};
}

std::string ContentDigest(std::string_view body) {
    return "sha-256=:" + crypto::Base64(crypto::Sha256(body)) + ":";
}

bool CheckContentDigest(std::string_view header, std::string_view body) {
    return crypto::SameBytes(header, ContentDigest(body));
}

Result<> SignRequest(const Target& target, http::Headers& headers, std::string_view body,
                     const Signer& signer, Instant created, std::string_view nonce) {
    if (!IsName(signer.key_id)) return Malformed("keyid");
    if (!IsName(nonce)) return Malformed("nonce");
    headers.Set("Content-Digest", ContentDigest(body));
    std::vector<std::string> components(kAlwaysCovered.begin(), kAlwaysCovered.end());
    for (const std::string_view name : kCoveredIfPresent) {
        if (headers.Has(name)) components.emplace_back(name);
    }
    std::string list;
    for (const std::string& component : components) {
        list += (list.empty() ? "\"" : " \"") + component + "\"";
    }
    const auto seconds =
        std::chrono::floor<std::chrono::seconds>(created).time_since_epoch().count();
    const std::string parameters =
        fmt::format("({});created={};keyid=\"{}\";nonce=\"{}\";alg=\"{}\"", list, seconds,
                    signer.key_id, nonce, signer.algorithm);
    const auto base = BaseOf(target, headers, components, parameters);
    if (!base) return Malformed("headers");
    headers.Set("Signature-Input", fmt::format("{}={}", kLabel, parameters));
    headers.Set("Signature", fmt::format("{}=:{}:", kLabel, crypto::Base64(signer.sign(*base))));
    return {};
}

Result<Verified> VerifyRequest(const Target& target, const http::Headers& headers,
                               std::string_view body, const KeyLookup& keys, Instant now,
                               std::chrono::seconds window) {
    if (!headers.Has("Signature-Input")) return Refuse(reasons::kMissing, "signature-input");
    if (!headers.Has("Signature")) return Refuse(reasons::kMissing, "signature");
    // Of several signatures the reader and a proxy might each believe another one.
    if (headers.Count("Signature-Input") != 1) return Malformed("signature-input");
    if (headers.Count("Signature") != 1) return Malformed("signature");
    const auto input = ParseSignatureInput(headers.Get("Signature-Input"));
    if (!input) return Malformed("signature-input");
    const auto signature = ParseSignature(headers.Get("Signature"), input->label);
    if (!signature) return Malformed("signature");

    const std::string_view uncovered = UncoveredIn(input->components, headers);
    if (!uncovered.empty()) {
        return Refuse(reasons::kMissingComponent, std::string(uncovered),
                      {{"component", std::string(uncovered)}});
    }
    const auto base = BaseOf(target, headers, input->components, input->parameters);
    if (!base) return Malformed("headers");

    const Instant created = Instant{std::chrono::seconds{input->created}};
    if (created < now - window) return Refuse(reasons::kExpired, "created");
    if (created > now + window) return Refuse(reasons::kTooEarly, "created");

    const auto key = keys(input->key_id);
    if (!key) return Refuse(reasons::kUnknownKey, "keyid", {{"key_id", input->key_id}});
    if (input->algorithm && *input->algorithm != key->algorithm)
        return Refuse(reasons::kAlgorithm, "alg");
    if (!CheckContentDigest(headers.Get(kDigestHeader), body)) {
        return Refuse(reasons::kDigest, std::string(kDigestHeader));
    }
    if (!key->verify(*base, *signature)) return Refuse(reasons::kBadSignature, "signature");
    return Verified{.key_id = input->key_id, .nonce = input->nonce, .created = created};
}

}  // namespace onewindow::http_signature
