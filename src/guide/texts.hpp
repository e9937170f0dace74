#pragma once

#include "guide/plan.hpp"
#include "kernel/messages/messages.hpp"

namespace onewindow::guide {

/// A text in both languages.
inline BothTexts Both(const messages::Messages& texts, const std::string& key,
                      const std::map<std::string, std::string>& arguments = {}) {
    using messages::Language;
    return {texts.Get(key, Language::kChinese, arguments),
            texts.Get(key, Language::kEnglish, arguments)};
}

/// A proper name, the same in both languages.
inline BothTexts Name(const std::string& name) { return {name, name}; }

}  // namespace onewindow::guide
