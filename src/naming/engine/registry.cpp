#include "naming/engine/registry.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "kernel/text/text.hpp"

namespace onewindow::naming::engine {
namespace {

void PutText(std::string& out, std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    out.append(reinterpret_cast<const char*>(&size), sizeof size);
    out.append(text);
}

/// Reads what PutText wrote; `ok` turns false for good where the bytes end too early.
class TextReader {
 public:
    explicit TextReader(std::string_view bytes) : rest_(bytes) {}
    std::uint32_t Number() {
        std::uint32_t number = 0;
        if (rest_.size() < sizeof number) {
            ok = false;
            return 0;
        }
        std::memcpy(&number, rest_.data(), sizeof number);
        rest_.remove_prefix(sizeof number);
        return number;
    }
    std::string Text() {
        const std::uint32_t size = Number();
        if (size > rest_.size()) ok = false;
        if (!ok) return {};
        std::string text(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return text;
    }
    bool ok = true;
    bool at_end() const { return rest_.empty(); }

 private:
    std::string_view rest_;
};

/// The name with 字号 and industry taken out, in this order; the whole name where they are not
/// found in it.
std::string LayoutText(const NameParts& parts, std::string_view folded_core) {
    std::string text = parts.name;
    if (parts.core != folded_core || parts.core.empty()) return text;
    // Rows of a database do not say whether the division stands in brackets.
    const std::size_t start = text.starts_with(parts.region) ? parts.region.size() : 0;
    const std::size_t core = text.find(parts.core, std::min(start, text.size()));
    if (core == std::string::npos || text.find('\1') != std::string::npos ||
        text.find('\2') != std::string::npos) {
        return text;
    }
    const std::size_t behind = core + parts.core.size();
    const std::size_t industry =
        parts.industry.empty() ? std::string::npos : text.find(parts.industry, behind);
    if (industry != std::string::npos) text.replace(industry, parts.industry.size(), "\2");
    text.replace(core, parts.core.size(), "\1");
    return text;
}

}  // namespace

std::uint64_t HashOf(std::string_view text) {
    std::uint64_t hash = 0x243F6A8885A308D3U ^ text.size();
    while (text.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), 8);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 29U;
        text.remove_prefix(8);
    }
    std::uint64_t word = 0;
    if (!text.empty()) std::memcpy(&word, text.data(), text.size());
    hash = (hash ^ word) * 0xBF58476D1CE4E5B9U;
    hash ^= hash >> 32U;
    hash *= 0x94D049BB133111EBU;
    hash ^= hash >> 29U;
    return hash == 0 ? 1 : hash;
}

std::uint32_t DayNumber(Date date) {
    using namespace std::chrono_literals;
    const auto days = (std::chrono::sys_days(date) - std::chrono::sys_days(2020y / 1 / 1)).count();
    return static_cast<std::uint32_t>(std::clamp<long>(days, 0, Row::kForever - 1));
}

Registry::Registry(const NameTables& tables) : tables_(tables) {
    const auto add = [&](const std::vector<std::string>& classes) {
        for (const std::string& code : classes) {
            auto& bits = classes_[code];
            if (!bits) bits = std::make_unique<ClassBits>();
        }
    };
    for (const IndustryWord& word : tables.industry_list) add(word.classes);
    for (const FormWord& form : tables.form_list) add(form.classes);
    AddKnown("");   // kNone
    AddKnown("!");  // kBranch
}

void Registry::Add(ClassBits& bits, std::uint32_t profile) {
    bits.words[profile / 64].fetch_or(std::uint64_t{1} << (profile % 64),
                                      std::memory_order_release);
}

std::uint32_t Registry::AddKnown(const std::string& key) {
    const auto number = static_cast<std::uint32_t>(known_.size());
    OW_ASSERT(number < Compatibility::kProfiles);
    known_.push_back(key);
    known_numbers_[key] = number;
    const std::size_t bar = key.find('|');
    if (key != "!" && !key.empty()) {
        for (const std::string& code : text::Split(key.substr(0, bar), ',')) {
            const auto found = classes_.find(code);
            if (found != classes_.end()) Add(*found->second, number);
        }
    }
    if (bar != std::string::npos) known_by_words_[key.substr(bar + 1)].push_back(number);
    known_count_.store(number + 1, std::memory_order_release);
    return number;
}

std::uint32_t Registry::ProfileOf(const NameParts& parts) {
    if (!parts.branch_suffix.empty()) return kBranch;
    if (parts.has_no_industry) return kNone;
    if (parts.classes.empty()) {
        const auto [at, is_new] = unknown_numbers_.try_emplace(
            parts.industry,
            Compatibility::kFirstUnknown + static_cast<std::uint32_t>(unknown_.size()));
        if (is_new) unknown_.push_back(parts.industry);
        return at->second;
    }
    // The same words are the same industry even where another form brings other classes.
    std::string key = text::Join(parts.classes, ",");
    if (!parts.industry.empty() && parts.is_industry_unknown) key += "|" + parts.industry;
    const auto found = known_numbers_.find(key);
    return found != known_numbers_.end() ? found->second : AddKnown(key);
}

std::uint32_t Registry::NumberOf(const std::string& text,
                                 std::unordered_map<std::string, std::uint32_t>& numbers,
                                 AppendList<std::string>& list) {
    const auto found = numbers.find(text);
    if (found != numbers.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(list.Add(text));
    numbers.emplace(text, number);
    return number;
}

void Registry::NumberTexts() {
    for (std::uint32_t i = 0; i < scopes_.size(); ++i) scope_numbers_[scopes_[i]] = i;
    for (std::uint32_t i = 0; i < authorities_.size(); ++i) authority_numbers_[authorities_[i]] = i;
    for (std::uint32_t i = 0; i < industries_.size(); ++i)
        industry_numbers_[industries_[i].text] = i;
    for (std::uint32_t i = 0; i < layouts_.size(); ++i) {
        layout_numbers_[layouts_[i].text + '\n' + layouts_[i].region + '\n' + layouts_[i].form] = i;
    }
    numbered_ = true;
}

Entry Registry::EntryOf(const NameParts& parts, std::string_view authority, std::uint32_t until_day,
                        std::string_view known_scope) {
    Entry entry;
    entry.core = tables_.sounds.Simplify(text::ToCodePoints(parts.core));
    const std::string scope =
        known_scope.empty() ? ScopeOf(parts, authority) : std::string(known_scope);
    std::string layout = LayoutText(parts, text::FromCodePoints(entry.core));
    const std::unique_lock lock(mutex_);
    if (!numbered_) NumberTexts();
    const std::uint32_t scope_number = NumberOf(scope, scope_numbers_, scopes_);
    const std::uint32_t authority_number =
        NumberOf(std::string(authority), authority_numbers_, authorities_);
    OW_ASSERT(scope_number < 1024 && authority_number < 65536);
    entry.row = Row(scope_number, ProfileOf(parts), until_day, authority_number);
    const auto wording = industry_numbers_.find(parts.industry);
    if (wording != industry_numbers_.end()) {
        entry.industry = wording->second;
    } else {
        entry.industry =
            static_cast<std::uint32_t>(industries_.Add({parts.industry, HashOf(parts.industry)}));
        industry_numbers_.emplace(parts.industry, entry.industry);
    }
    layout += '\n' + parts.region + '\n' + parts.form;
    const auto found = layout_numbers_.find(layout);
    if (found != layout_numbers_.end()) {
        entry.layout = found->second;
    } else {
        const auto lines = text::Split(layout, '\n');
        entry.layout = static_cast<std::uint32_t>(layouts_.Add({lines[0], lines[1], lines[2]}));
        layout_numbers_.emplace(std::move(layout), entry.layout);
    }
    return entry;
}

void Registry::FindCompatible(const NameParts& parts, Compatibility& out) const {
    const std::size_t words = known_count_.load(std::memory_order_acquire) / 64 + 1;
    out.limit_ = static_cast<std::uint32_t>(words) * 64;
    out.unknown_ = Compatibility::kNever;
    out.all_ = false;
    if (!parts.branch_suffix.empty()) {
        std::fill_n(out.bits_, words, 0);
        return;
    }
    if (parts.has_no_industry) {
        std::fill_n(out.bits_, words, ~std::uint64_t{0});
        out.bits_[0] &= ~(std::uint64_t{1} << kBranch);
        out.all_ = true;
        return;
    }
    std::fill_n(out.bits_, words, 0);
    out.bits_[0] |= 1U << kNone;
    for (const std::string& code : parts.classes) {
        const auto found = classes_.find(code);
        if (found == classes_.end()) continue;
        for (std::size_t i = 0; i < words; ++i) {
            out.bits_[i] |= found->second->words[i].load(std::memory_order_acquire);
        }
    }
    if (!parts.is_industry_unknown) return;
    const std::shared_lock lock(mutex_);
    if (const auto found = unknown_numbers_.find(parts.industry); found != unknown_numbers_.end()) {
        out.unknown_ = found->second;
    }
    if (const auto found = known_by_words_.find(parts.industry); found != known_by_words_.end()) {
        for (const std::uint32_t profile : found->second) {
            if (profile < out.limit_) out.bits_[profile / 64] |= std::uint64_t{1} << (profile % 64);
        }
    }
}

std::string Registry::NameOf(std::u32string_view core, const Entry& entry) const {
    const std::string& layout = layouts_[entry.layout].text;
    const std::string& industry = industries_[entry.industry].text;
    std::string name;
    name.reserve(layout.size() + industry.size() + core.size() * 4);
    for (const char byte : layout) {
        if (byte == '\1') {
            name += text::FromCodePoints(core);
        } else if (byte == '\2') {
            name += industry;
        } else {
            name += byte;
        }
    }
    return name;
}

std::string Registry::Save() const {
    const std::shared_lock lock(mutex_);
    std::string out;
    const auto list = [&](const auto& texts, std::size_t size, const auto& put) {
        const auto count = static_cast<std::uint32_t>(size);
        out.append(reinterpret_cast<const char*>(&count), sizeof count);
        for (std::size_t i = 0; i < size; ++i) put(texts[i]);
    };
    const auto put = [&](const std::string& text) { PutText(out, text); };
    list(known_, known_.size(), put);
    list(unknown_, unknown_.size(), put);
    list(scopes_, scopes_.size(), put);
    list(authorities_, authorities_.size(), put);
    list(industries_, industries_.size(), [&](const Wording& wording) { put(wording.text); });
    list(layouts_, layouts_.size(),
         [&](const Layout& layout) { put(layout.text), put(layout.region), put(layout.form); });
    return out;
}

bool Registry::Load(std::string_view bytes) {
    const std::unique_lock lock(mutex_);
    TextReader in(bytes);
    const auto list = [&](const auto& take) {
        const std::uint32_t size = in.Number();
        for (std::uint32_t i = 0; i < size && in.ok; ++i) take(i);
    };
    list([&](std::uint32_t i) {
        const std::string key = in.Text();
        if (i >= known_.size() && i < Compatibility::kProfiles) AddKnown(key);
        in.ok = in.ok && i < known_.size() && known_[i] == key;
    });
    list([&](std::uint32_t i) {
        unknown_.push_back(in.Text());
        unknown_numbers_[unknown_.back()] = Compatibility::kFirstUnknown + i;
    });
    list([&](std::uint32_t) { scopes_.Add(in.Text()); });
    list([&](std::uint32_t) { authorities_.Add(in.Text()); });
    list([&](std::uint32_t) {
        std::string text = in.Text();
        const std::uint64_t hash = HashOf(text);
        industries_.Add({std::move(text), hash});
    });
    list([&](std::uint32_t) {
        layouts_.Add({.text = in.Text(), .region = in.Text(), .form = in.Text()});
    });
    numbered_ = false;
    return in.ok && in.at_end();
}

bool Registry::Covers(const Segment& segment) const {
    for (std::uint32_t row = 0; row < segment.row_count(); ++row) {
        const Entry entry = segment.EntryAt(row);
        const std::uint32_t profile = entry.row.profile();
        const bool known = profile < Compatibility::kFirstUnknown
                               ? profile < known_.size()
                               : profile - Compatibility::kFirstUnknown < unknown_.size();
        if (!known || entry.row.scope() >= scopes_.size() ||
            entry.row.authority() >= authorities_.size() || entry.layout >= layouts_.size() ||
            entry.industry >= industries_.size()) {
            return false;
        }
    }
    return true;
}

}  // namespace onewindow::naming::engine
