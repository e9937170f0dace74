#include <openssl/core_names.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "kernel/crypto/openssl.hpp"

namespace onewindow::crypto {
namespace {

using Builder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;
using Group = std::unique_ptr<EC_GROUP, Deleter<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Deleter<EC_POINT_free>>;

constexpr std::size_t kPointSize = 65, kCoordinateSize = 32;
constexpr std::size_t kPemMax = 16 * 1024;

/// Without it OpenSSL asks for a pass phrase on the terminal of the service.
int NoPassPhrase(char*, int, int, void*) { return -1; }

Key KeyFromParts(std::string_view point, const BIGNUM* scalar) {
    const Builder builder(OSSL_PARAM_BLD_new());
    OW_ASSERT(
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1);
    OW_ASSERT(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                               point.size()) == 1);
    if (scalar != nullptr) {
        OW_ASSERT(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1);
    }
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
    OW_ASSERT(parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1);
    EVP_PKEY* key = nullptr;
    const int selection = scalar != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) != 1) return nullptr;
    return Key(key);
}

Result<Sm2PrivateKey> PrivateKeyFrom(const BIGNUM* scalar) {
    const Group group(EC_GROUP_new_by_curve_name(NID_sm2));
    OW_ASSERT(group != nullptr);
    // GB/T 32918.1 6.1: d is in [1, n-2]; with n-1 the signature's inverse of 1+d does not exist.
    const Number last(BN_dup(EC_GROUP_get0_order(group.get())));
    OW_ASSERT(last && BN_sub_word(last.get(), 2) == 1);
    if (BN_is_zero(scalar) || BN_is_negative(scalar) || BN_cmp(scalar, last.get()) > 0) {
        return Refuse(reasons::kKey);
    }
    const Point point(EC_POINT_new(group.get()));
    OW_ASSERT(point &&
              EC_POINT_mul(group.get(), point.get(), scalar, nullptr, nullptr, nullptr) == 1);
    std::string bytes(kPointSize, '\0');
    OW_ASSERT(EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED,
                                 Bytes(bytes), bytes.size(), nullptr) == bytes.size());
    Key key = KeyFromParts(bytes, scalar);
    OW_ASSERT(key != nullptr);
    return Sm2PrivateKey(std::make_shared<Sm2PrivateKey::Implementation>(
        Sm2PrivateKey::Implementation{std::move(key), std::move(bytes)}));
}

Number NumberOf(const EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return nullptr;
    return Number(number);
}

bool IsSm2(const EVP_PKEY* key) { return key != nullptr && EVP_PKEY_is_a(key, "SM2") == 1; }

}  // namespace

Sm2Operation::Sm2Operation(EVP_PKEY* key)
    : key_context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)),
      digest_context(EVP_MD_CTX_new()) {
    OW_ASSERT(key_context && digest_context);
    OW_ASSERT(EVP_PKEY_CTX_set1_id(key_context.get(), kDistinguishingId.data(),
                                   static_cast<int>(kDistinguishingId.size())) == 1);
    EVP_MD_CTX_set_pkey_ctx(digest_context.get(), key_context.get());
}

std::string Contents(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

Result<Sm2PublicKey> PublicKeyOf(EVP_PKEY* key) {
    if (!IsSm2(key)) return Refuse(reasons::kKey);
    const Number x = NumberOf(key, OSSL_PKEY_PARAM_EC_PUB_X),
                 y = NumberOf(key, OSSL_PKEY_PARAM_EC_PUB_Y);
    if (!x || !y) return Refuse(reasons::kKey);
    std::string point(kPointSize, '\x04');
    if (BN_bn2binpad(x.get(), Bytes(point) + 1, kCoordinateSize) < 0 ||
        BN_bn2binpad(y.get(), Bytes(point) + 1 + kCoordinateSize, kCoordinateSize) < 0) {
        return Refuse(reasons::kKey);
    }
    return Sm2PublicKey::FromPoint(point);
}

Result<Sm2PublicKey> Sm2PublicKey::FromPoint(std::string_view point) {
    const ForgetsErrors forgets;
    if (point.size() != kPointSize || point.front() != '\x04') return Refuse(reasons::kKey);
    Key key = KeyFromParts(point, nullptr);
    if (!key) return Refuse(reasons::kKey);
    return Sm2PublicKey(
        std::make_shared<Implementation>(Implementation{std::move(key), std::string(point)}));
}

Result<Sm2PublicKey> Sm2PublicKey::FromPem(std::string_view pem) {
    const ForgetsErrors forgets;
    if (pem.size() > kPemMax) return Refuse(reasons::kKey);
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bio) return Refuse(reasons::kKey);
    const Key key(PEM_read_bio_PUBKEY(bio.get(), nullptr, &NoPassPhrase, nullptr));
    return PublicKeyOf(key.get());
}

std::string Sm2PublicKey::Point() const { return key_->point; }

std::string Sm2PublicKey::Pem() const {
    const Bio bio(BIO_new(BIO_s_mem()));
    OW_ASSERT(bio && PEM_write_bio_PUBKEY(bio.get(), key_->key.get()) == 1);
    return Contents(bio.get());
}

bool Sm2PublicKey::Verify(std::string_view message, std::string_view signature) const {
    const ForgetsErrors forgets;
    const Sm2Operation operation(key_->key.get());
    EVP_MD_CTX* context = operation.digest_context.get();
    OW_ASSERT(EVP_DigestVerifyInit(context, nullptr, EVP_sm3(), nullptr, key_->key.get()) == 1);
    return EVP_DigestVerify(context, Bytes(signature), signature.size(), Bytes(message),
                            message.size()) == 1;
}

Sm2PrivateKey Sm2PrivateKey::Generate() {
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"));
    OW_ASSERT(key != nullptr);
    const Number scalar = NumberOf(key.get(), OSSL_PKEY_PARAM_PRIV_KEY);
    OW_ASSERT(scalar != nullptr);
    Result<Sm2PrivateKey> made = PrivateKeyFrom(scalar.get());
    OW_ASSERT(made.has_value());
    return *std::move(made);
}

Result<Sm2PrivateKey> Sm2PrivateKey::FromPem(std::string_view pem) {
    const ForgetsErrors forgets;
    if (pem.size() > kPemMax) return Refuse(reasons::kKey);
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bio) return Refuse(reasons::kKey);
    const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassPhrase, nullptr));
    if (!IsSm2(key.get())) return Refuse(reasons::kKey);
    const Number scalar = NumberOf(key.get(), OSSL_PKEY_PARAM_PRIV_KEY);
    if (!scalar) return Refuse(reasons::kKey);
    return PrivateKeyFrom(scalar.get());
}

Result<Sm2PrivateKey> Sm2PrivateKey::FromScalar(std::string_view scalar) {
    if (scalar.size() != kCoordinateSize) return Refuse(reasons::kKey);
    const Number number(BN_bin2bn(Bytes(scalar), static_cast<int>(scalar.size()), nullptr));
    OW_ASSERT(number != nullptr);
    return PrivateKeyFrom(number.get());
}

std::string Sm2PrivateKey::Pem() const {
    const Bio bio(BIO_new(BIO_s_secmem()));
    OW_ASSERT(bio && PEM_write_bio_PrivateKey(bio.get(), key_->key.get(), nullptr, nullptr, 0,
                                              nullptr, nullptr) == 1);
    return Contents(bio.get());
}

Sm2PublicKey Sm2PrivateKey::PublicKey() const {
    Result<Sm2PublicKey> key = Sm2PublicKey::FromPoint(key_->point);
    OW_ASSERT(key.has_value());
    return *std::move(key);
}

std::string Sm2PrivateKey::Sign(std::string_view message) const {
    const Sm2Operation operation(key_->key.get());
    EVP_MD_CTX* context = operation.digest_context.get();
    OW_ASSERT(EVP_DigestSignInit(context, nullptr, EVP_sm3(), nullptr, key_->key.get()) == 1);
    std::size_t size = 0;
    OW_ASSERT(EVP_DigestSign(context, nullptr, &size, Bytes(message), message.size()) == 1);
    std::string signature(size, '\0');
    OW_ASSERT(EVP_DigestSign(context, Bytes(signature), &size, Bytes(message), message.size()) ==
              1);
    signature.resize(size);
    return signature;
}

}  // namespace onewindow::crypto
