#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/result/result.hpp"

// What people read, from the rooms' messages.zh.toml and messages.en.toml (embedded by the build).
namespace onewindow::messages {

enum class Language { kChinese, kEnglish };

/// One embedded file.
struct File {
    std::string_view room;
    std::string_view language;  // "zh" or "en"
    std::string_view toml;
};

/// All texts of both languages; keys are dotted ("application.capital_mismatch"), values may hold
/// {names}.
class Messages {
 public:
    static Result<Messages> Load(std::span<const File> files);

    /// The text, filled in; the key itself where the text is missing (a habits test keeps that from
    /// happening).
    std::string Get(std::string_view key, Language language,
                    const std::map<std::string, std::string>& arguments = {}) const;
    bool Has(std::string_view key, Language language) const;
    std::vector<std::string> Keys(Language language) const;

 private:
    std::map<std::string, std::string, std::less<>> chinese_, english_;
};

/// By the Accept-Language header; Chinese unless English is preferred.
Language PreferredLanguage(std::string_view accept_language);

namespace reasons {
inline constexpr Reason kFile{"messages.file", Kind::kBug};
}

}  // namespace onewindow::messages
