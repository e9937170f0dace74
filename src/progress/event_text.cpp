#include "progress/event_text.hpp"

namespace onewindow::progress {
namespace {

using messages::Language;

/// "2026-11-23 13:30", Beijing time.
std::string Readable(Instant instant) {
    std::string text = FormatInstant(instant).substr(0, 16);
    text[10] = ' ';
    return text;
}

/// Where a matter's texts are: "tax/new_taxpayer" -> "matter.tax.new_taxpayer". Empty for what is no matter.
std::string MatterKey(const messages::Messages& messages, Language language, std::string matter) {
    const auto slash = matter.find('/');
    if (slash == std::string::npos) return {};
    matter[slash] = '.';
    const std::string key = "matter." + matter;
    return messages.Has(key + ".title", language) ? key : "";
}

/// "tax/new_taxpayer" reads as the matter's title, "public_security/seals:engraved" as its step,
/// "tax/new_taxpayer#2" as its second run. Nothing for what is no matter.
std::optional<std::string> MatterText(const messages::Messages& messages, Language language,
                                      const std::string& value) {
    const auto mark = value.find_first_of(":#");
    const std::string key = MatterKey(messages, language, value.substr(0, mark));
    if (key.empty()) return std::nullopt;
    const std::string title = messages.Get(key + ".title", language);
    if (mark == std::string::npos) return title;
    const std::string rest = value.substr(mark + 1);
    if (value[mark] == '#') return title + " (" + rest + ")";
    if (!messages.Has(key + ".step." + rest, language)) return std::nullopt;
    return title + (language == Language::kChinese ? "：" : ": ") +
           messages.Get(key + ".step." + rest, language);
}

std::string Translated(const messages::Messages& messages, Language language,
                       const std::string& member, const std::string& value) {
    const std::string key = "event_value." + member + ".";
    if (messages.Has(key + value, language)) return messages.Get(key + value, language);
    if (const auto matter = MatterText(messages, language, value)) return *matter;
    const auto colon = value.find(':');
    const std::string kind = key + value.substr(0, colon);
    if (colon == std::string::npos || !messages.Has(kind, language)) return value;
    const std::string rest = value.substr(colon + 1);
    return messages.Get(kind, language,
                        {{"rest", MatterText(messages, language, rest).value_or(rest)}});
}

std::string ArgumentOf(const messages::Messages& messages, Language language,
                       const std::string& member, const json::value& value) {
    if (value.is_string()) {
        return Translated(messages, language, member,
                          std::string(std::string_view(value.get_string())));
    }
    if (value.is_bool()) {
        return Translated(messages, language, member, value.get_bool() ? "true" : "false");
    }
    if (value.is_int64()) {
        const std::int64_t number = value.get_int64();
        if (member.ends_with("_at")) return Readable(FromEpochMs(number));
        if (member.ends_with("_ms")) return std::to_string((number + 59'999) / 60'000);
        return std::to_string(number);
    }
    return "—";
}

}  // namespace

std::string EventText(const messages::Messages& messages, Language language, const Event& event) {
    std::map<std::string, std::string> arguments;
    for (const auto& [name, value] : event.data) {
        const std::string member(std::string_view{name});
        arguments.emplace(member, ArgumentOf(messages, language, member, value));
    }
    // A step has its text with its matter.
    const std::string key = MatterKey(messages, language, json::TextAt(event.data, "matter"));
    const std::string step = key + ".step." + json::TextAt(event.data, "step");
    if (!key.empty() && messages.Has(step, language)) arguments["step"] = messages.Get(step, language);
    return messages.Get("event." + event.kind, language, arguments);
}

TimelineEvent ViewOf(const messages::Messages& messages, const StoredEvent& stored) {
    return {.id = stored.id.value(),
            .sequence = stored.sequence,
            .kind = stored.event.kind,
            .actor = stored.event.actor,
            .at = stored.at,
            .data = stored.event.data,
            .text = {.zh = EventText(messages, Language::kChinese, stored.event),
                     .en = EventText(messages, Language::kEnglish, stored.event)}};
}

}  // namespace onewindow::progress
