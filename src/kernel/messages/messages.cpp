#include "kernel/messages/messages.hpp"

#include <charconv>
#include <sstream>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "kernel/text/text.hpp"

namespace onewindow::messages {
namespace {

Failure FileFault(const File& file, std::string_view what) {
    std::string detail =
        "messages of " + std::string(file.room) + "." + std::string(file.language) + ": ";
    return Fail(Error(Fault{&reasons::kFile, std::string(file.room)})
                    .WithDetail(detail + std::string(what)));
}

std::string FillIn(std::string_view pattern, const std::map<std::string, std::string>& arguments) {
    std::string out;
    while (!pattern.empty()) {
        const std::size_t open = pattern.find('{');
        const std::size_t close = pattern.find('}', open == std::string_view::npos ? 0 : open);
        if (open == std::string_view::npos || close == std::string_view::npos) break;
        out += pattern.substr(0, open);
        const auto argument =
            arguments.find(std::string(pattern.substr(open + 1, close - open - 1)));
        out += argument != arguments.end() ? std::string_view(argument->second)
                                           : pattern.substr(open, close - open + 1);
        pattern.remove_prefix(close + 1);
    }
    return out.append(pattern);
}

/// Weight of one Accept-Language entry in thousandths; 0 where it cannot be read.
int Weight(std::string_view parameters) {
    const std::size_t at = parameters.find("q=");
    if (at == std::string_view::npos) return 1000;
    std::string_view number = parameters.substr(at + 2);
    if (number.empty() || (number[0] != '0' && number[0] != '1')) return 0;
    int weight = (number[0] - '0') * 1000;
    number.remove_prefix(1);
    if (number.empty() || number[0] != '.') return weight;
    for (std::size_t i = 1, unit = 100; i < number.size() && i < 4; ++i, unit /= 10) {
        if (number[i] < '0' || number[i] > '9') break;
        weight += (number[i] - '0') * static_cast<int>(unit);
    }
    return weight;
}

}  // namespace

Result<Messages> Messages::Load(std::span<const File> files) {
    Messages messages;
    for (const File& file : files) {
        if (file.language != "zh" && file.language != "en")
            return FileFault(file, "unknown language");
        auto& texts = file.language == "zh" ? messages.chinese_ : messages.english_;
        const toml::parse_result parsed = toml::parse(file.toml);
        if (!parsed) return FileFault(file, parsed.error().description());
        for (const auto& [key, node] : parsed.table()) {
            const std::string name(key.str());
            const auto text = node.value_exact<std::string>();
            if (!text) return FileFault(file, "\"" + name + "\" is not a flat key with a text");
            // One code, one sentence: two rooms must not answer for the same reason.
            if (!texts.emplace(name, *text).second)
                return FileFault(file, "\"" + name + "\" stands twice");
        }
    }
    return messages;
}

std::string Messages::Get(std::string_view key, Language language,
                          const std::map<std::string, std::string>& arguments) const {
    const auto& texts = language == Language::kChinese ? chinese_ : english_;
    const auto found = texts.find(key);
    return found == texts.end() ? std::string(key) : FillIn(found->second, arguments);
}

bool Messages::Has(std::string_view key, Language language) const {
    return (language == Language::kChinese ? chinese_ : english_).contains(key);
}

std::vector<std::string> Messages::Keys(Language language) const {
    std::vector<std::string> keys;
    for (const auto& [key, text] : language == Language::kChinese ? chinese_ : english_)
        keys.push_back(key);
    return keys;
}

Language PreferredLanguage(std::string_view accept_language) {
    int chinese = 0, english = 0;
    for (const std::string& entry : text::Split(accept_language, ',')) {
        const std::string_view trimmed = text::Trim(entry);
        const std::size_t semicolon = trimmed.find(';');
        const int weight =
            semicolon == std::string_view::npos ? 1000 : Weight(trimmed.substr(semicolon));
        const std::string_view tag = trimmed.substr(0, 2);
        if (tag == "zh") chinese = std::max(chinese, weight);
        if (tag == "en") english = std::max(english, weight);
    }
    if (chinese != english) return english > chinese ? Language::kEnglish : Language::kChinese;
    // Equal weights: the one named first.
    const std::size_t zh = accept_language.find("zh"), en = accept_language.find("en");
    return english > 0 && en < zh ? Language::kEnglish : Language::kChinese;
}

}  // namespace onewindow::messages
