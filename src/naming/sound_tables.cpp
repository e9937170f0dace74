#include "naming/sound_tables.hpp"

#include <algorithm>
#include <charconv>

#include "kernel/text/text.hpp"

namespace onewindow::naming {
namespace {

constexpr std::size_t kCodePoints = 0x110000;
// More look-alikes than this add noise, not warnings.
constexpr std::size_t kLookalikesMax = 8;

/// The only character of a field, or 0.
char32_t OnlyCharacter(const std::string& field) {
    const std::u32string wide = text::ToCodePoints(field);
    return wide.size() == 1 ? wide.front() : 0;
}

template <class T>
void Put(std::vector<T>& table, char32_t at, T value) {
    if (table.size() <= at) table.resize(at + 1);
    table[at] = value;
}

}  // namespace

const Sound* SoundTables::SelfOf(char32_t character) {
    static const std::vector<Sound> selves = [] {
        std::vector<Sound> all(kCodePoints);
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Sound>(kSyllableMax + i);
        return all;
    }();
    return selves.data() + (character < kCodePoints ? character : 0);
}

bool SoundTables::SoundAlike(char32_t a, char32_t b) const {
    if (a == b) return true;
    const auto sounds_a = SoundsOf(a), sounds_b = SoundsOf(b);
    return std::any_of(sounds_a.begin(), sounds_a.end(), [&](Sound sound) {
        return std::find(sounds_b.begin(), sounds_b.end(), sound) != sounds_b.end();
    });
}

char32_t SoundTables::Simplify(char32_t character) const {
    if (character >= U'A' && character <= U'Z') return character - U'A' + U'a';
    const char32_t simple = character < simplified_.size() ? simplified_[character] : 0;
    return simple == 0 ? character : simple;
}

std::u32string SoundTables::Simplify(std::u32string_view text) const {
    std::u32string out(text);
    for (char32_t& character : out) character = Simplify(character);
    return out;
}

std::span<const char32_t> SoundTables::LookalikesOf(char32_t character) const {
    const std::size_t at = character < look_index_.size() ? look_index_[character] : 0;
    if (at == 0) return {};
    return {look_pool_.data() + at + 1, look_pool_[at]};
}

bool SoundTables::LookAlike(char32_t a, char32_t b) const {
    const auto looks = LookalikesOf(a);
    return std::find(looks.begin(), looks.end(), b) != looks.end();
}

std::string_view SoundTables::SyllableOf(Sound sound) const {
    return sound < syllables_.size() ? std::string_view(syllables_[sound]) : std::string_view();
}

bool SoundTablesLoader::Reading(const std::vector<std::string>& fields) {
    const char32_t character = fields.size() == 2 ? OnlyCharacter(fields[0]) : 0;
    if (character == 0 || fields[1].empty()) return false;
    const auto at = static_cast<std::uint32_t>(tables_.pool_.size());
    tables_.pool_.push_back(0);
    for (const std::string& syllable : text::Split(fields[1], ' ')) {
        auto& all = tables_.syllables_;
        const auto found = std::find(all.begin(), all.end(), syllable);
        if (found == all.end()) all.push_back(syllable);
        tables_.pool_.push_back(static_cast<Sound>(found - all.begin()));
        ++tables_.pool_[at];
    }
    Put(tables_.index_, character, at);
    return tables_.syllables_.size() < SoundTables::kSyllableMax;
}

bool SoundTablesLoader::Simplified(const std::vector<std::string>& fields) {
    const char32_t from = fields.size() == 2 ? OnlyCharacter(fields[0]) : 0;
    const char32_t to = from != 0 ? OnlyCharacter(fields[1]) : 0;
    if (to == 0) return false;
    Put(tables_.simplified_, from, to);
    return true;
}

bool SoundTablesLoader::Lookalike(const std::vector<std::string>& fields) {
    if (fields.size() != 3) return false;
    const char32_t a = OnlyCharacter(fields[0]), b = OnlyCharacter(fields[1]);
    double likeness = 0;
    const char* const end = fields[2].data() + fields[2].size();
    if (a == 0 || b == 0 || std::from_chars(fields[2].data(), end, likeness).ptr != end)
        return false;
    looks_.push_back({a, {-likeness, b}});
    looks_.push_back({b, {-likeness, a}});
    return true;
}

SoundTables SoundTablesLoader::Finish() {
    std::sort(looks_.begin(), looks_.end());
    // Both ways or not at all: the relation is symmetric, so a pair stays only if each is among the
    // other's first.
    std::vector<std::pair<char32_t, char32_t>> kept;
    for (std::size_t i = 0, rank = 0; i < looks_.size(); ++i) {
        rank = i > 0 && looks_[i - 1].first == looks_[i].first ? rank + 1 : 0;
        if (rank < kLookalikesMax) kept.emplace_back(looks_[i].first, looks_[i].second.second);
    }
    std::vector<std::pair<char32_t, char32_t>> sorted = kept;
    std::sort(sorted.begin(), sorted.end());
    for (const auto& [a, b] : kept) {
        if (!std::binary_search(sorted.begin(), sorted.end(), std::pair(b, a))) continue;
        auto& index = tables_.look_index_;
        if (a >= index.size() || index[a] == 0) {
            Put(index, a, static_cast<std::uint32_t>(tables_.look_pool_.size()));
            tables_.look_pool_.push_back(0);
        }
        ++tables_.look_pool_[index[a]];
        tables_.look_pool_.push_back(b);
    }
    return std::move(tables_);
}

}  // namespace onewindow::naming
