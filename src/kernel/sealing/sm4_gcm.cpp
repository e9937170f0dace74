#include "kernel/sealing/sm4_gcm.hpp"

#include <botan/aead.h>

#include "kernel/result/result.hpp"

namespace onewindow::sealing {
namespace {

const std::uint8_t* Bytes(std::string_view bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

/// Throws Botan::Invalid_Authentication_Tag when decrypting what was altered.
std::string Run(Botan::Cipher_Dir direction, std::string_view key, std::string_view nonce,
                std::string_view associated, std::string_view message) {
    OW_ASSERT(key.size() == kSm4KeySize && nonce.size() == kGcmNonceSize);
    const auto mode = Botan::AEAD_Mode::create_or_throw("SM4/GCM(16)", direction);
    mode->set_key(Bytes(key), key.size());
    mode->set_associated_data(Bytes(associated), associated.size());
    mode->start(Bytes(nonce), nonce.size());
    Botan::secure_vector<std::uint8_t> buffer(message.begin(), message.end());
    mode->finish(buffer);
    return std::string(buffer.begin(), buffer.end());
}

}  // namespace

std::string EncryptSm4Gcm(std::string_view key, std::string_view nonce, std::string_view associated,
                          std::string_view plain) {
    return Run(Botan::ENCRYPTION, key, nonce, associated, plain);
}

std::optional<std::string> DecryptSm4Gcm(std::string_view key, std::string_view nonce,
                                         std::string_view associated, std::string_view sealed) {
    if (sealed.size() < kGcmTagSize) return std::nullopt;
    try {
        return Run(Botan::DECRYPTION, key, nonce, associated, sealed);
    } catch (const Botan::Exception&) {
        return std::nullopt;
    }
}

}  // namespace onewindow::sealing
