#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/clock/clock.hpp"
#include "kernel/result/result.hpp"

// Digests, signatures, certificates. Byte strings are std::string; key material is wiped where it is owned.
namespace onewindow::crypto {

std::string Hex(std::string_view bytes);
Result<std::string> FromHex(std::string_view text);
std::string Base64(std::string_view bytes);
Result<std::string> FromBase64(std::string_view text);
/// Without padding.
std::string Base64Url(std::string_view bytes);
Result<std::string> FromBase64Url(std::string_view text);

/// GB/T 32905; 32 bytes.
std::string Sm3(std::string_view message);
std::string Sha256(std::string_view message);
std::string HmacSm3(std::string_view key, std::string_view message);
/// In time that does not depend on the contents.
bool SameBytes(std::string_view a, std::string_view b);

/// GB/T 32918 with the distinguishing id 1234567812345678; signatures are DER SEQUENCE{r, s} over SM3(Z‖M).
class Sm2PublicKey {
   public:
    /// 65 bytes 04‖X‖Y; refused if not on the curve.
    static Result<Sm2PublicKey> FromPoint(std::string_view point);
    static Result<Sm2PublicKey> FromPem(std::string_view pem);
    std::string Point() const;
    std::string Pem() const;
    bool Verify(std::string_view message, std::string_view signature) const;

    struct Implementation;
    explicit Sm2PublicKey(std::shared_ptr<const Implementation> key) : key_(std::move(key)) {}
    const Implementation& implementation() const { return *key_; }

   private:
    std::shared_ptr<const Implementation> key_;
};

class Sm2PrivateKey {
   public:
    static Sm2PrivateKey Generate();
    static Result<Sm2PrivateKey> FromPem(std::string_view pem);
    /// 32 bytes, big endian.
    static Result<Sm2PrivateKey> FromScalar(std::string_view scalar);
    std::string Pem() const;
    Sm2PublicKey PublicKey() const;
    std::string Sign(std::string_view message) const;

    struct Implementation;
    explicit Sm2PrivateKey(std::shared_ptr<const Implementation> key) : key_(std::move(key)) {}
    const Implementation& implementation() const { return *key_; }

   private:
    std::shared_ptr<const Implementation> key_;
};

/// RFC 8032, for agencies without SM2.
class Ed25519PublicKey {
   public:
    static Result<Ed25519PublicKey> FromBytes(std::string_view bytes);
    bool Verify(std::string_view message, std::string_view signature) const;

   private:
    explicit Ed25519PublicKey(std::string bytes) : bytes_(std::move(bytes)) {}
    std::string bytes_;
};

struct Ed25519Pair {
    std::string seed;        // 32 bytes.
    std::string public_key;  // 32 bytes.
};
Ed25519Pair GenerateEd25519();
std::string SignEd25519(std::string_view seed, std::string_view message);

/// X.509 v3 with SM2-with-SM3, DER. Distinguishing id set at both ends.
struct CertificateRequest {
    std::string common_name;  // UTF-8.
    std::string organization = {};
    /// 1–20 bytes, big endian, positive; the first bit of 20 bytes is 0. Read back without leading zeros.
    std::string serial;
    Instant from, until;
    bool authority = false;        // basicConstraints CA.
    /// Text bound into the certificate (own extension, UTF8String, critical = false): person, role, digest, evidence.
    std::string binding = {};
};
std::string IssueCertificate(const Sm2PrivateKey& issuer_key, std::string_view issuer_certificate,
                             const Sm2PublicKey& subject, const CertificateRequest& request);
/// Self-signed root.
std::string IssueRoot(const Sm2PrivateKey& key, const CertificateRequest& request);

struct CertificateFacts {
    std::string common_name, issuer_common_name, serial, binding;
    Instant from, until;
    Sm2PublicKey key;
};
Result<CertificateFacts> ReadCertificate(std::string_view der);
/// Signature by the issuer, period at `time`, issuer is an authority.
Result<CertificateFacts> CheckCertificate(std::string_view der, std::string_view issuer_der, Instant time);

/// argon2id (19 MiB, 2 passes, 1 lane), encoded string; `salt` is 16 bytes.
std::string HashPassword(std::string_view password, std::string_view salt);
bool CheckPassword(std::string_view password, std::string_view encoded);

namespace reasons {
inline constexpr Reason kEncoding{"crypto.encoding", Kind::kMalformed};
inline constexpr Reason kKey{"crypto.key", Kind::kMalformed, "GB/T 32918.1"};
inline constexpr Reason kCertificate{"crypto.certificate", Kind::kRefused, "电子签名法 21"};
}  // namespace reasons

}  // namespace onewindow::crypto
