#pragma once

#include <optional>
#include <string>
#include <string_view>

// SM4-GCM (GB/T 32907, RFC 8998) through Botan: OpenSSL 3.0 has SM4 but not its GCM mode. Inside
// kernel only.
namespace onewindow::sealing {

inline constexpr std::size_t kSm4KeySize = 16, kGcmNonceSize = 12, kGcmTagSize = 16;

/// Ciphertext ‖ tag. A nonce never comes twice under one key.
std::string EncryptSm4Gcm(std::string_view key, std::string_view nonce, std::string_view associated,
                          std::string_view plain);
/// Nothing where the tag does not fit.
std::optional<std::string> DecryptSm4Gcm(std::string_view key, std::string_view nonce,
                                         std::string_view associated, std::string_view sealed);

}  // namespace onewindow::sealing
