#include "kernel/crypto/openssl.hpp"

namespace onewindow::crypto {
namespace {

constexpr std::size_t kKeySize = 32, kSignatureSize = 64;

}  // namespace

Result<Ed25519PublicKey> Ed25519PublicKey::FromBytes(std::string_view bytes) {
    if (bytes.size() != kKeySize) return Refuse(reasons::kKey);
    return Ed25519PublicKey(std::string(bytes));
}

bool Ed25519PublicKey::Verify(std::string_view message, std::string_view signature) const {
    if (signature.size() != kSignatureSize) return false;
    const ForgetsErrors forgets;
    const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                              Bytes(std::string_view(bytes_)), kKeySize));
    const DigestContext context(EVP_MD_CTX_new());
    OW_ASSERT(key && context);
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message),
                            message.size()) == 1;
}

Ed25519Pair GenerateEd25519() {
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    OW_ASSERT(key != nullptr);
    Ed25519Pair pair{std::string(kKeySize, '\0'), std::string(kKeySize, '\0')};
    std::size_t seed_size = kKeySize, public_size = kKeySize;
    OW_ASSERT(EVP_PKEY_get_raw_private_key(key.get(), Bytes(pair.seed), &seed_size) == 1);
    OW_ASSERT(EVP_PKEY_get_raw_public_key(key.get(), Bytes(pair.public_key), &public_size) == 1);
    return pair;
}

std::string SignEd25519(std::string_view seed, std::string_view message) {
    OW_ASSERT(seed.size() == kKeySize);
    const Key key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(seed), seed.size()));
    const DigestContext context(EVP_MD_CTX_new());
    OW_ASSERT(key && context);
    OW_ASSERT(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
    std::string signature(kSignatureSize, '\0');
    std::size_t size = signature.size();
    OW_ASSERT(EVP_DigestSign(context.get(), Bytes(signature), &size, Bytes(message),
                             message.size()) == 1);
    return signature;
}

}  // namespace onewindow::crypto
