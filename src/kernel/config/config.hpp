#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/result/result.hpp"

// Typed options from one TOML file and the command line; every fault is named at once.
namespace onewindow::config {

enum class Type { kText, kInteger, kBoolean, kTexts };

/// What one part of the program wants to know. Keys are dotted: "http.listen" is `listen` in table
/// [http].
struct Option {
    std::string key;
    Type type = Type::kText;
    std::string description;  // English, for `doctor` and the docs.
    /// Empty: required. Written as on the command line; kTexts by commas. A secret has none.
    std::optional<std::string> fallback = {};
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
    bool secret = false;
};

class Configuration {
 public:
    /// Fallback, then file, then override. Refused with all faults: unknown keys, missing options,
    /// wrong types, bounds. Faults never carry values, since those may be secret.
    static Result<Configuration> Load(std::vector<Option> options, std::string_view toml,
                                      const std::map<std::string, std::string>& overrides = {});

    /// An option that was not declared with this type is our bug and asserts.
    const std::string& Text(std::string_view key) const;
    std::int64_t Int(std::string_view key) const;
    bool Bool(std::string_view key) const;
    const std::vector<std::string>& Texts(std::string_view key) const;

    /// Key and value as text, secrets as "***"; for `doctor`.
    std::vector<std::pair<std::string, std::string>> Show() const;

 private:
    struct Setting {
        Option option;
        bool set = false;
        std::string text;
        std::int64_t number = 0;
        bool yes = false;
        std::vector<std::string> texts;
    };
    class Loader;
    const Setting& Find(std::string_view key, Type type) const;

    std::map<std::string, Setting, std::less<>> settings_;
};

namespace reasons {
inline constexpr Reason kUnreadable{"config.unreadable", Kind::kMalformed};
inline constexpr Reason kUnknownKey{"config.unknown_key", Kind::kMalformed};
inline constexpr Reason kMissing{"config.missing", Kind::kMalformed};
inline constexpr Reason kWrongType{"config.wrong_type", Kind::kMalformed};
inline constexpr Reason kOutOfBounds{"config.out_of_bounds", Kind::kMalformed};
}  // namespace reasons

}  // namespace onewindow::config
