#pragma once

#include <boost/describe.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/crypto/crypto.hpp"
#include "kernel/json/described.hpp"

// Is this licence PDF ours, byte for byte? Offline, from the file and the signature that travels
// with it.
namespace onewindow::licence {

struct VerifyStep {
    std::string name;  // "format", "sidecar", "digest", "key", "signature", …
    bool ok = false;
    std::string detail;
};
BOOST_DESCRIBE_STRUCT(VerifyStep, (), (name, ok, detail))

/// Valid if all steps are right; a step that could not be tried is there and not ok.
struct VerifyReport {
    std::string file, kind;
    bool valid = false;
    std::vector<VerifyStep> steps;
};
BOOST_DESCRIBE_STRUCT(VerifyReport, (), (file, kind, valid, steps))

/// A key that the verifier trusts.
struct TrustAnchor {
    std::string key_id;
    crypto::Sm2PublicKey key;
};
/// Every "<key id>.pem" of a folder.
Result<std::vector<TrustAnchor>> LoadTrustAnchors(const std::string& folder);

/// The signature beside a PDF ("FILE.sig.json"). A PDF without it cannot be verified offline: until
/// PAdES arrives the signature is detached, and only the server can find it by the file's digest.
struct Sidecar {
    std::string schema;  // "onewindow.file_signature.v1"
    std::string kind;    // "licence_original", "licence_duplicate"
    std::string sm3;     // Hex, of all bytes of the file.
    std::string key_id;
    std::string signature;  // Base64 of DER; SM2-with-SM3 over all bytes of the file.
};
BOOST_DESCRIBE_STRUCT(Sidecar, (), (schema, kind, sm3, key_id, signature))
inline constexpr std::string_view kSidecarSchema = "onewindow.file_signature.v1";

/// `file` is the name for the report. Never refuses: what cannot be read is a step that failed.
VerifyReport VerifyFile(std::string file, std::string_view bytes, std::string_view sidecar,
                        const std::vector<TrustAnchor>& anchors);

/// The steps over bytes whose signature is known.
void AddSteps(VerifyReport& report, std::string_view bytes, const Sidecar& sidecar,
              const std::vector<TrustAnchor>& anchors);
/// Sets `valid`.
void Conclude(VerifyReport& report);

}  // namespace onewindow::licence
