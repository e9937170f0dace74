#pragma once

#include <cstdint>
#include <string>

namespace onewindow::naming::engine {

/// All of a name but its 字号 in one machine word, so that a look at a candidate is one read and a
/// change of its state one store. From the top: scope (10 bits), industry profile (22), until-day
/// (14), authority (16), two spare.
class Row {
 public:
    static constexpr std::uint32_t kForever = 0x3FFF, kOver = 0;

    Row() = default;
    explicit Row(std::uint64_t bits) : bits_(bits) {}
    Row(std::uint32_t scope, std::uint32_t profile, std::uint32_t until_day,
        std::uint32_t authority)
        : bits_((std::uint64_t{scope} << 54U) | (std::uint64_t{profile} << 32U) |
                (std::uint64_t{until_day} << 18U) | (std::uint64_t{authority} << 2U)) {}

    std::uint64_t bits() const { return bits_; }
    std::uint32_t scope() const { return static_cast<std::uint32_t>(bits_ >> 54U); }
    std::uint32_t profile() const { return static_cast<std::uint32_t>(bits_ >> 32U) & 0x3FFFFFU; }
    /// The first day on which it blocks nobody any more, in days from 2020-01-01; or kForever,
    /// kOver.
    std::uint32_t until_day() const { return static_cast<std::uint32_t>(bits_ >> 18U) & 0x3FFFU; }
    std::uint32_t authority() const { return static_cast<std::uint32_t>(bits_ >> 2U) & 0xFFFFU; }
    /// kForever is greater than any day, kOver than none.
    bool BlocksOn(std::uint32_t day) const { return until_day() > day; }
    Row WithUntil(std::uint32_t day) const { return {scope(), profile(), day, authority()}; }

 private:
    std::uint64_t bits_ = 0;
};

/// A name as the index keeps it.
struct Entry {
    std::u32string core = {};  // 字号, simplified.
    Row row = {};
    std::uint32_t layout = 0;    // Registry's number of everything around 字号 and industry.
    std::uint32_t industry = 0;  // Registry's number of the industry's wording.
    std::uint64_t id = 0;        // HashOf the id; 0 where there is none.
    std::uint8_t status = 0;     // NameStatus
};

}  // namespace onewindow::naming::engine
