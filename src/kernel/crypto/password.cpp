#include <argon2.h>

#include "kernel/crypto/crypto.hpp"

namespace onewindow::crypto {
namespace {

// The second choice of the OWASP password storage sheet; 64 ms here.
constexpr std::uint32_t kPasses = 2, kMemoryKib = 19 * 1024, kLanes = 1;
constexpr std::size_t kHashSize = 32, kSaltSize = 16, kEncodedMax = 160;
/// A stored string with other figures could ask for all of the memory; new figures are added here.
constexpr std::string_view kKnownFigures = "$argon2id$v=19$m=19456,t=2,p=1$";

}  // namespace

std::string HashPassword(std::string_view password, std::string_view salt) {
    OW_ASSERT(salt.size() == kSaltSize);
    std::string encoded(
        argon2_encodedlen(kPasses, kMemoryKib, kLanes, kSaltSize, kHashSize, Argon2_id), '\0');
    OW_ASSERT(argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(),
                                    salt.data(), salt.size(), kHashSize, encoded.data(),
                                    encoded.size()) == ARGON2_OK);
    encoded.resize(encoded.find('\0'));
    return encoded;
}

bool CheckPassword(std::string_view password, std::string_view encoded) {
    if (!encoded.starts_with(kKnownFigures) || encoded.size() > kEncodedMax) return false;
    if (encoded.find('\0') != std::string_view::npos) return false;
    return argon2id_verify(std::string(encoded).c_str(), password.data(), password.size()) ==
           ARGON2_OK;
}

}  // namespace onewindow::crypto
