#include <openssl/x509v3.h>

#include <optional>

#include "kernel/crypto/openssl.hpp"

namespace onewindow::crypto {
namespace {

using Object = std::unique_ptr<ASN1_OBJECT, Deleter<ASN1_OBJECT_free>>;
using Octets = std::unique_ptr<ASN1_OCTET_STRING, Deleter<ASN1_OCTET_STRING_free>>;
using Utf8 = std::unique_ptr<ASN1_UTF8STRING, Deleter<ASN1_UTF8STRING_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using Integer = std::unique_ptr<ASN1_INTEGER, Deleter<ASN1_INTEGER_free>>;

/// Ours, from a UUID (ITU-T X.667: the arc 2.25 needs no registration); see README.md.
constexpr const char* kBindingOid = "2.25.240890038986017114747989919277301970184";
constexpr std::size_t kDerMax = 64 * 1024, kSerialMax = 20;

struct FreeOpenSsl {
    void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};
using DerBytes = std::unique_ptr<unsigned char, FreeOpenSsl>;

std::string DerOf(X509* certificate) {
    unsigned char* raw = nullptr;
    const int size = i2d_X509(certificate, &raw);
    const DerBytes bytes(raw);
    if (size <= 0) return {};
    return std::string(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
}

/// Null unless `der` is one certificate in DER, nothing after it.
Certificate Parse(std::string_view der) {
    if (der.empty() || der.size() > kDerMax) return nullptr;
    const unsigned char* at = Bytes(der);
    Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!certificate || at != Bytes(der) + der.size()) return nullptr;
    // BER spellings of the same certificate would be other bytes under one signature.
    if (DerOf(certificate.get()) != der) return nullptr;
    // OpenSSL 3.0 otherwise takes an empty id, and no Chinese certificate verifies.
    Octets id(ASN1_OCTET_STRING_new());
    OW_ASSERT(id && ASN1_OCTET_STRING_set(id.get(), Bytes(kDistinguishingId),
                                          static_cast<int>(kDistinguishingId.size())) == 1);
    X509_set0_distinguishing_id(certificate.get(), id.release());
    return certificate;
}

std::optional<Instant> InstantOf(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    const Date date{std::chrono::year{parts.tm_year + 1900},
                    std::chrono::month{static_cast<unsigned>(parts.tm_mon) + 1},
                    std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
    if (!date.ok()) return std::nullopt;
    return Instant{std::chrono::sys_days{date}} + std::chrono::hours{parts.tm_hour} +
           std::chrono::minutes{parts.tm_min} + std::chrono::seconds{parts.tm_sec};
}

/// The one common name; nothing where it is absent, double or unreadable.
std::optional<std::string> CommonNameOf(const X509_NAME* name) {
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, at) >= 0) return std::nullopt;
    const ASN1_STRING* data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
    unsigned char* raw = nullptr;
    const int size = ASN1_STRING_to_UTF8(&raw, data);
    const DerBytes bytes(raw);
    if (size < 0) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
}

std::optional<std::string> SerialOf(const X509* certificate) {
    const Number number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    if (!number || BN_is_negative(number.get()) || BN_is_zero(number.get())) return std::nullopt;
    const int size = BN_num_bytes(number.get());
    if (size > static_cast<int>(kSerialMax)) return std::nullopt;
    std::string bytes(static_cast<std::size_t>(size), '\0');
    BN_bn2bin(number.get(), Bytes(bytes));
    return bytes;
}

/// Empty where the extension is absent; nothing where it is double or malformed.
std::optional<std::string> BindingOf(const X509* certificate) {
    const Object oid(OBJ_txt2obj(kBindingOid, 1));
    OW_ASSERT(oid != nullptr);
    const int at = X509_get_ext_by_OBJ(certificate, oid.get(), -1);
    if (at < 0) return std::string();
    if (X509_get_ext_by_OBJ(certificate, oid.get(), at) >= 0) return std::nullopt;
    const ASN1_OCTET_STRING* octets = X509_EXTENSION_get_data(X509_get_ext(certificate, at));
    const unsigned char* from = ASN1_STRING_get0_data(octets);
    const unsigned char* const end = from + ASN1_STRING_length(octets);
    const Utf8 text(d2i_ASN1_UTF8STRING(nullptr, &from, ASN1_STRING_length(octets)));
    if (!text || from != end) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text.get())),
                       static_cast<std::size_t>(ASN1_STRING_length(text.get())));
}

Result<CertificateFacts> FactsOf(X509* certificate) {
    // Also makes OpenSSL parse the extensions: a broken or doubled one sets EXFLAG_INVALID.
    if ((X509_get_extension_flags(certificate) & EXFLAG_INVALID) != 0) {
        return Refuse(reasons::kCertificate);
    }
    const auto name = CommonNameOf(X509_get_subject_name(certificate));
    const auto issuer = CommonNameOf(X509_get_issuer_name(certificate));
    const auto serial = SerialOf(certificate);
    const auto binding = BindingOf(certificate);
    const auto from = InstantOf(X509_get0_notBefore(certificate));
    const auto until = InstantOf(X509_get0_notAfter(certificate));
    const auto key = PublicKeyOf(X509_get0_pubkey(certificate));
    if (!name || !issuer || !serial || !binding || !from || !until || !key) {
        return Refuse(reasons::kCertificate);
    }
    return CertificateFacts{.common_name = *name,
                            .issuer_common_name = *issuer,
                            .serial = *serial,
                            .binding = *binding,
                            .from = *from,
                            .until = *until,
                            .key = *key};
}

void SetName(X509_NAME* name, const CertificateRequest& request) {
    const auto add = [&](int nid, const std::string& text) {
        // This type, unlike MBSTRING_UTF8, carries no limit of 64 characters.
        OW_ASSERT(X509_NAME_add_entry_by_NID(name, nid, V_ASN1_UTF8STRING, Bytes(text),
                                             static_cast<int>(text.size()), -1, 0) == 1);
    };
    OW_ASSERT(X509_NAME_add_entry_by_NID(name, NID_countryName, V_ASN1_PRINTABLESTRING,
                                         Bytes(std::string_view("CN")), 2, -1, 0) == 1);
    if (!request.organization.empty()) add(NID_organizationName, request.organization);
    add(NID_commonName, request.common_name);
}

void AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    OW_ASSERT(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void AddBinding(X509* certificate, const std::string& binding) {
    const Object oid(OBJ_txt2obj(kBindingOid, 1));
    const Utf8 text(ASN1_UTF8STRING_new());
    OW_ASSERT(oid && text);
    OW_ASSERT(ASN1_STRING_set(text.get(), binding.data(), static_cast<int>(binding.size())) == 1);
    unsigned char* raw = nullptr;
    const int size = i2d_ASN1_UTF8STRING(text.get(), &raw);
    const DerBytes bytes(raw);
    const Octets octets(ASN1_OCTET_STRING_new());
    OW_ASSERT(size > 0 && octets && ASN1_OCTET_STRING_set(octets.get(), raw, size) == 1);
    const Extension extension(X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), 0, octets.get()));
    OW_ASSERT(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void SetSerial(X509* certificate, const std::string& serial) {
    const Number number(BN_bin2bn(Bytes(serial), static_cast<int>(serial.size()), nullptr));
    OW_ASSERT(number && !BN_is_zero(number.get()));
    // RFC 5280 4.1.2.2: at most 20 octets as encoded, so the first bit of 20 bytes is clear.
    OW_ASSERT(BN_num_bits(number.get()) < static_cast<int>(kSerialMax) * 8);
    const Integer integer(BN_to_ASN1_INTEGER(number.get(), nullptr));
    OW_ASSERT(integer && X509_set_serialNumber(certificate, integer.get()) == 1);
}

void SignWith(X509* certificate, const Sm2PrivateKey& key) {
    EVP_PKEY* const signer = key.implementation().key.get();
    const Sm2Operation operation(signer);
    EVP_MD_CTX* context = operation.digest_context.get();
    OW_ASSERT(EVP_DigestSignInit(context, nullptr, EVP_sm3(), nullptr, signer) == 1);
    OW_ASSERT(X509_sign_ctx(certificate, context) > 0);
}

/// `issuer` is null for a root, which issues itself.
std::string Issue(const Sm2PrivateKey& issuer_key, X509* issuer, const Sm2PublicKey& subject,
                  const CertificateRequest& request) {
    const Certificate certificate(X509_new());
    OW_ASSERT(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    X509* const made = certificate.get();
    SetSerial(made, request.serial);
    SetName(X509_get_subject_name(made), request);
    OW_ASSERT(X509_set_issuer_name(made, X509_get_subject_name(issuer ? issuer : made)) == 1);
    const auto seconds = [](Instant time) {
        return static_cast<time_t>(
            std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
    };
    OW_ASSERT(ASN1_TIME_set(X509_getm_notBefore(made), seconds(request.from)) != nullptr);
    OW_ASSERT(ASN1_TIME_set(X509_getm_notAfter(made), seconds(request.until)) != nullptr);
    OW_ASSERT(X509_set_pubkey(made, subject.implementation().key.get()) == 1);

    AddExtension(made, issuer ? issuer : made, NID_basic_constraints,
                 request.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    AddExtension(made, issuer ? issuer : made, NID_key_usage,
                 request.authority ? "critical,keyCertSign,cRLSign"
                                   : "critical,digitalSignature,nonRepudiation");
    AddExtension(made, issuer ? issuer : made, NID_subject_key_identifier, "hash");
    AddExtension(made, issuer ? issuer : made, NID_authority_key_identifier, "keyid");
    if (!request.binding.empty()) AddBinding(made, request.binding);
    SignWith(made, issuer_key);
    return DerOf(made);
}

}  // namespace

std::string IssueCertificate(const Sm2PrivateKey& issuer_key, std::string_view issuer_certificate,
                             const Sm2PublicKey& subject, const CertificateRequest& request) {
    const Certificate issuer = Parse(issuer_certificate);
    OW_ASSERT(issuer != nullptr);
    return Issue(issuer_key, issuer.get(), subject, request);
}

std::string IssueRoot(const Sm2PrivateKey& key, const CertificateRequest& request) {
    CertificateRequest root = request;
    root.authority = true;
    return Issue(key, nullptr, key.PublicKey(), root);
}

Result<CertificateFacts> ReadCertificate(std::string_view der) {
    const ForgetsErrors forgets;
    const Certificate certificate = Parse(der);
    if (!certificate) return Refuse(reasons::kCertificate);
    return FactsOf(certificate.get());
}

Result<CertificateFacts> CheckCertificate(std::string_view der, std::string_view issuer_der,
                                          Instant time) {
    const ForgetsErrors forgets;
    OW_TRY(CertificateFacts facts, ReadCertificate(der));
    OW_TRY(const CertificateFacts issuer_facts, ReadCertificate(issuer_der));
    const auto refuse = [](std::string_view why) -> Failure {
        return Fail(Error(Fault{&reasons::kCertificate}).WithDetail(std::string(why)));
    };
    const Certificate certificate = Parse(der), issuer = Parse(issuer_der);
    if (X509_NAME_cmp(X509_get_issuer_name(certificate.get()),
                      X509_get_subject_name(issuer.get())) != 0) {
        return refuse("issued by another");
    }
    // 1: basicConstraints says so and keyUsage allows it; other positive answers are guesses about
    // old roots.
    if (X509_check_ca(issuer.get()) != 1) return refuse("issuer is no authority");
    const auto covers = [&](const CertificateFacts& period) {
        return period.from <= time && time <= period.until;
    };
    if (!covers(facts) || !covers(issuer_facts)) return refuse("outside its period");
    if ((X509_get_extension_flags(certificate.get()) & EXFLAG_CRITICAL) != 0) {
        return refuse("unknown critical extension");
    }
    if (X509_get_signature_nid(certificate.get()) != NID_SM2_with_SM3)
        return refuse("not SM2-with-SM3");
    if (X509_verify(certificate.get(), issuer_facts.key.implementation().key.get()) != 1) {
        return refuse("signature does not verify");
    }
    return facts;
}

}  // namespace onewindow::crypto
