#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/random/random.hpp"
#include "kernel/result/result.hpp"

// Sealed columns: SM4-GCM (Botan), keys with ids from DIR/keys.
// Bytes: 0x01 ‖ key id (4) ‖ nonce (12) ‖ text ‖ tag (16).
namespace onewindow::sealing {

/// Keys by id; the highest id seals, all open. From a key file of mode 600.
class Sealer {
   public:
    struct Keys {
        std::map<std::uint32_t, std::string> seal;  // 16 bytes each.
        std::string lookup;                         // 32 bytes, for keyed hashes.
    };
    Sealer(Keys keys, Random& random);

    /// `place` binds the bytes to table, column and row ("application_revision.form:01J…"): moved bytes do not open.
    std::string Seal(std::string_view plain, std::string_view place) const;
    Result<std::string> Open(std::string_view sealed, std::string_view place) const;
    /// HMAC-SM3 of a normalised value, hex; for look-up columns. `purpose` separates columns.
    std::string LookupHash(std::string_view value, std::string_view purpose) const;

   private:
    Keys keys_;
    Random& random_;
};

/// Reads DIR/keys/sealing.toml; `create` makes it (mode 600) where it is absent, else absent is refused
/// (kKeyMissing). Refused too if others than its owner may read it (kKeyFileOpen) or if it is malformed (kKeyFile).
Result<Sealer::Keys> LoadKeys(const std::string& directory, bool create, Random& random);

/// "370***********1234", "138****5678", "周*", "济南市历下区****": what people without a reason on record see.
std::string MaskIdNumber(std::string_view value);
std::string MaskMobile(std::string_view value);
std::string MaskName(std::string_view value);
std::string MaskAddress(std::string_view value);

namespace reasons {
inline constexpr Reason kCannotOpen{"sealing.cannot_open", Kind::kBug, "GB/T 39786-2021 8.4"};
inline constexpr Reason kKeyMissing{"sealing.key_missing", Kind::kBug, "GB/T 39786-2021 8.4"};
inline constexpr Reason kKeyFile{"sealing.key_file", Kind::kBug, "GB/T 39786-2021 8.4"};
inline constexpr Reason kKeyFileOpen{"sealing.key_file_open", Kind::kBug, "GB/T 39786-2021 8.4"};
}  // namespace reasons

}  // namespace onewindow::sealing
