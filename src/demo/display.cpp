#include "demo/display.hpp"

#include <fmt/format.h>

#include "kernel/text/text.hpp"

namespace onewindow::demo {

std::string Pad(std::string_view text, std::size_t columns) {
    std::size_t used = 0;
    // Above the general punctuation, everything that the demo prints is two columns wide.
    for (const char32_t code_point : text::ToCodePoints(text)) used += code_point >= 0x2E80 ? 2 : 1;
    std::string padded(text);
    if (used < columns) padded.append(columns - used, ' ');
    return padded;
}

std::string Spell(std::int64_t ms) {
    const std::int64_t seconds = ms / 1000, minutes = seconds / 60;
    if (seconds < 10) return fmt::format("{}.{} 秒", seconds, ms % 1000 / 100);
    if (minutes < 1) return fmt::format("{} 秒", seconds);
    if (minutes < 60) return fmt::format("{} 分 {:02} 秒", minutes, seconds % 60);
    return fmt::format("{} 小时 {:02} 分", minutes / 60, minutes % 60);
}

std::string Display::Text(std::string_view key, const std::map<std::string, std::string>& arguments) const {
    return texts_.Get("demo." + std::string(key), messages::Language::kChinese, arguments);
}

void Display::Say(const std::string& line) {
    if (!quiet_) Print(line);
}

void Display::Print(const std::string& line) {
    const std::lock_guard lock(mutex_);
    out_ << line << std::endl;
}

}  // namespace onewindow::demo
