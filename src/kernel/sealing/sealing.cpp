#include "kernel/sealing/sealing.hpp"

#include "kernel/crypto/crypto.hpp"
#include "kernel/sealing/sm4_gcm.hpp"

namespace onewindow::sealing {
namespace {

constexpr char kVersion = '\x01';
constexpr std::size_t kHeaderSize = 1 + 4;
constexpr std::size_t kLookupKeySize = 32;

std::string HeaderOf(std::uint32_t key_id) {
    std::string header(1, kVersion);
    for (int shift = 24; shift >= 0; shift -= 8)
        header += static_cast<char>((key_id >> shift) & 255U);
    return header;
}

std::uint32_t KeyIdOf(std::string_view header) {
    std::uint32_t id = 0;
    for (const char byte : header.substr(1, 4)) id = (id << 8) | static_cast<unsigned char>(byte);
    return id;
}

}  // namespace

Sealer::Sealer(Keys keys, Random& random) : keys_(std::move(keys)), random_(random) {
    OW_ASSERT(!keys_.seal.empty() && keys_.lookup.size() == kLookupKeySize);
    for (const auto& [id, key] : keys_.seal) OW_ASSERT(key.size() == kSm4KeySize);
}

std::string Sealer::Seal(std::string_view plain, std::string_view place) const {
    const auto& [id, key] = *keys_.seal.rbegin();
    const std::string header = HeaderOf(id);
    // Random nonces of 96 bits: a key seals at most 2^32 values (NIST SP 800-38D 8.3), then a new
    // id is due.
    const std::string nonce = random_.Bytes(kGcmNonceSize);
    return header + nonce + EncryptSm4Gcm(key, nonce, header + std::string(place), plain);
}

Result<std::string> Sealer::Open(std::string_view sealed, std::string_view place) const {
    if (sealed.size() < kHeaderSize + kGcmNonceSize + kGcmTagSize || sealed.front() != kVersion) {
        return Fail(Error(Fault{&reasons::kCannotOpen}).WithDetail("not sealed bytes"));
    }
    const std::string header(sealed.substr(0, kHeaderSize));
    const auto key = keys_.seal.find(KeyIdOf(header));
    if (key == keys_.seal.end()) {
        return Fail(Error(Fault{&reasons::kKeyMissing})
                        .WithDetail(fmt::format("no sealing key {}", KeyIdOf(header))));
    }
    auto plain =
        DecryptSm4Gcm(key->second, sealed.substr(kHeaderSize, kGcmNonceSize),
                      header + std::string(place), sealed.substr(kHeaderSize + kGcmNonceSize));
    if (!plain) {
        return Fail(Error(Fault{&reasons::kCannotOpen})
                        .WithDetail("altered or moved: " + std::string(place)));
    }
    return *std::move(plain);
}

std::string Sealer::LookupHash(std::string_view value, std::string_view purpose) const {
    // A key for each purpose: equal values in two columns do not show as equal.
    return crypto::Hex(crypto::HmacSm3(crypto::HmacSm3(keys_.lookup, purpose), value));
}

}  // namespace onewindow::sealing
