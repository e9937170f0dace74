#include "kernel/config/config.hpp"

#include <charconv>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "kernel/text/text.hpp"

namespace onewindow::config {
namespace {

std::string TypeName(Type type) {
    switch (type) {
        case Type::kText:
            return "text";
        case Type::kInteger:
            return "integer";
        case Type::kBoolean:
            return "true/false";
        case Type::kTexts:
            return "list of texts";
    }
    return "";
}

}  // namespace

class Configuration::Loader {
 public:
    explicit Loader(Configuration& out) : settings_(out.settings_) {}

    std::vector<Fault> faults;

    void ReadTable(const toml::table& table, const std::string& prefix) {
        for (const auto& [name, node] : table) {
            const std::string key = prefix + std::string(name.str());
            if (node.is_table() && !settings_.contains(key)) {
                ReadTable(*node.as_table(), key + ".");
            } else if (Setting* setting = Known(key)) {
                ReadNode(*setting, node);
            }
        }
    }

    void ReadText(const std::string& key, std::string_view text) {
        if (Setting* setting = Known(key)) Take(*setting, text);
    }

    void Take(Setting& setting, std::string_view text) {
        setting.set = true;
        switch (setting.option.type) {
            case Type::kText:
                setting.text = text;
                return;
            case Type::kTexts:
                setting.texts = text.empty() ? std::vector<std::string>{} : text::Split(text, ',');
                return;
            case Type::kBoolean:
                setting.yes = text == "true";
                if (text != "true" && text != "false") WrongType(setting);
                return;
            case Type::kInteger: {
                std::int64_t number = 0;
                const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
                if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
                    return WrongType(setting);
                return TakeNumber(setting, number);
            }
        }
    }

    void CheckMissing() {
        for (const auto& [key, setting] : settings_) {
            if (setting.set) continue;
            Add(reasons::kMissing, key, {{"description", setting.option.description}});
        }
    }

 private:
    void Add(const Reason& reason, const std::string& key,
             std::map<std::string, std::string> arguments = {}) {
        arguments["key"] = key;
        faults.push_back({&reason, key, std::move(arguments)});
    }

    void WrongType(const Setting& setting) {
        Add(reasons::kWrongType, setting.option.key, {{"type", TypeName(setting.option.type)}});
    }

    Setting* Known(const std::string& key) {
        const auto found = settings_.find(key);
        if (found != settings_.end()) return &found->second;
        Add(reasons::kUnknownKey, key);
        return nullptr;
    }

    void TakeNumber(Setting& setting, std::int64_t number) {
        const Option& option = setting.option;
        setting.number = number;
        if (number >= option.least && number <= option.most) return;
        Add(reasons::kOutOfBounds, option.key,
            {{"least", std::to_string(option.least)}, {"most", std::to_string(option.most)}});
    }

    void ReadNode(Setting& setting, const toml::node& node) {
        setting.set = true;
        switch (setting.option.type) {
            case Type::kText:
                if (const auto text = node.value_exact<std::string>())
                    setting.text = *text;
                else
                    WrongType(setting);
                return;
            case Type::kInteger:
                if (const auto number = node.value_exact<std::int64_t>())
                    TakeNumber(setting, *number);
                else
                    WrongType(setting);
                return;
            case Type::kBoolean:
                if (const auto yes = node.value_exact<bool>())
                    setting.yes = *yes;
                else
                    WrongType(setting);
                return;
            case Type::kTexts: {
                const toml::array* list = node.as_array();
                if (list == nullptr) return WrongType(setting);
                setting.texts.clear();
                for (const toml::node& item : *list) {
                    const auto text = item.value_exact<std::string>();
                    if (!text) return WrongType(setting);
                    setting.texts.push_back(*text);
                }
            }
        }
    }

    std::map<std::string, Setting, std::less<>>& settings_;
};

Result<Configuration> Configuration::Load(std::vector<Option> options, std::string_view toml_text,
                                          const std::map<std::string, std::string>& overrides) {
    const toml::parse_result parsed = toml::parse(toml_text);
    if (!parsed) {
        return Refuse(reasons::kUnreadable, {},
                      {{"line", std::to_string(parsed.error().source().begin.line)}});
    }
    Configuration configuration;
    Loader loader(configuration);
    for (Option& option : options) {
        OW_ASSERT(!option.secret || !option.fallback);
        const std::string key = option.key;
        auto [entry, added] = configuration.settings_.try_emplace(key);
        OW_ASSERT(added);
        entry->second.option = std::move(option);
        if (entry->second.option.fallback)
            loader.Take(entry->second, *entry->second.option.fallback);
    }
    OW_ASSERT(loader.faults.empty());  // A fallback that its own option refuses is our bug.
    loader.ReadTable(parsed.table(), "");
    for (const auto& [key, text] : overrides) loader.ReadText(key, text);
    loader.CheckMissing();
    if (!loader.faults.empty()) return Refuse(std::move(loader.faults));
    return configuration;
}

const Configuration::Setting& Configuration::Find(std::string_view key, Type type) const {
    const auto found = settings_.find(key);
    OW_ASSERT(found != settings_.end() && found->second.option.type == type);
    return found->second;
}

const std::string& Configuration::Text(std::string_view key) const {
    return Find(key, Type::kText).text;
}
std::int64_t Configuration::Int(std::string_view key) const {
    return Find(key, Type::kInteger).number;
}
bool Configuration::Bool(std::string_view key) const { return Find(key, Type::kBoolean).yes; }
const std::vector<std::string>& Configuration::Texts(std::string_view key) const {
    return Find(key, Type::kTexts).texts;
}

std::vector<std::pair<std::string, std::string>> Configuration::Show() const {
    std::vector<std::pair<std::string, std::string>> shown;
    for (const auto& [key, setting] : settings_) {
        std::string text = setting.text;
        if (setting.option.type == Type::kInteger) text = std::to_string(setting.number);
        if (setting.option.type == Type::kBoolean) text = setting.yes ? "true" : "false";
        if (setting.option.type == Type::kTexts) text = text::Join(setting.texts, ",");
        shown.emplace_back(key, setting.option.secret ? "***" : text);
    }
    return shown;
}

}  // namespace onewindow::config
