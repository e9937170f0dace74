#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onewindow::naming {

/// One syllable without tone, or a character that has none: what two characters share when they
/// sound alike.
using Sound = std::uint32_t;

/// How characters sound and look: what names are compared by. Immutable after loading.
class SoundTables {
 public:
    /// Sounds below this are syllables; above it stand characters without a reading.
    static constexpr Sound kSyllableMax = 1024;

    /// Every reading of the character; the character itself where no reading is known.
    std::span<const Sound> SoundsOf(char32_t character) const {
        const std::size_t at = character < index_.size() ? index_[character] : 0;
        if (at != 0) return {pool_.data() + at + 1, pool_[at]};
        return {SelfOf(character), 1};
    }
    bool SoundAlike(char32_t a, char32_t b) const;

    /// The simplified character for a traditional or variant one; else itself. Capital letters
    /// become small ones.
    char32_t Simplify(char32_t character) const;
    std::u32string Simplify(std::u32string_view text) const;

    /// Characters that look like this one, the likest first.
    std::span<const char32_t> LookalikesOf(char32_t character) const;
    bool LookAlike(char32_t a, char32_t b) const;

    /// The syllable of a sound ("zhong"), or "".
    std::string_view SyllableOf(Sound sound) const;

 private:
    friend class SoundTablesLoader;
    static const Sound* SelfOf(char32_t character);

    std::vector<std::string> syllables_;  // By sound.
    std::vector<std::uint32_t>
        index_;                   // By code point: where the readings stand, 0 if there are none.
    std::vector<Sound> pool_{0};  // Count, readings, count, readings …
    std::vector<char32_t> simplified_;       // By code point: 0 if it is itself.
    std::vector<std::uint32_t> look_index_;  // As index_.
    std::vector<char32_t> look_pool_{0};
};

/// Reads the lines of pinyin.tsv, simplified.tsv and lookalikes.tsv, each as fields.
class SoundTablesLoader {
 public:
    /// Each says whether the line could be read.
    bool Reading(const std::vector<std::string>& fields);
    bool Simplified(const std::vector<std::string>& fields);
    bool Lookalike(const std::vector<std::string>& fields);
    SoundTables Finish();

 private:
    SoundTables tables_;
    std::vector<std::pair<char32_t, std::pair<double, char32_t>>> looks_;
};

}  // namespace onewindow::naming
