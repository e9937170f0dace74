#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "kernel/crypto/openssl.hpp"

namespace onewindow::crypto {
namespace {

/// Looked up once: a fetch per message costs more than a short digest.
const EVP_MD* Fetched(const char* name) { return EVP_MD_fetch(nullptr, name, nullptr); }

std::string Digest(const EVP_MD* method, std::string_view message) {
    std::string digest(32, '\0');
    unsigned int length = 0;
    OW_ASSERT(EVP_Digest(message.data(), message.size(), Bytes(digest), &length, method, nullptr) ==
              1);
    OW_ASSERT(length == digest.size());
    return digest;
}

}  // namespace

std::string Sm3(std::string_view message) {
    static const EVP_MD* const kMethod = Fetched("SM3");
    return Digest(kMethod, message);
}

std::string Sha256(std::string_view message) {
    static const EVP_MD* const kMethod = Fetched("SHA256");
    return Digest(kMethod, message);
}

std::string HmacSm3(std::string_view key, std::string_view message) {
    std::string code(32, '\0');
    unsigned int length = 0;
    // A null key would mean "the key of last time".
    const void* bytes = key.empty() ? "" : key.data();
    OW_ASSERT(HMAC(EVP_sm3(), bytes, static_cast<int>(key.size()), Bytes(message), message.size(),
                   Bytes(code), &length) != nullptr);
    OW_ASSERT(length == code.size());
    return code;
}

bool SameBytes(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace onewindow::crypto
