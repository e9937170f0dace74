#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "naming/engine/append_list.hpp"
#include "naming/engine/entry.hpp"
#include "naming/engine/segment.hpp"
#include "naming/parse_name.hpp"

namespace onewindow::naming::engine {

/// A digest of a text, never 0.
std::uint64_t HashOf(std::string_view text);

/// Days from 2020-01-01, as Row counts them.
std::uint32_t DayNumber(Date date);

/// Everything of a name around its 字号 and industry: a full name is put together again from it.
struct Layout {
    std::string text = {};  // \1 stands for the 字号, \2 for the industry.
    std::string region = {};
    std::string form = {};
};

/// A text with its digest, so that readers compare without looking anything up.
struct Wording {
    std::string text = {};
    std::uint64_t hash = 0;
};

/// Which industries a candidate's industry is compatible with: the same words, a shared class, or
/// one of the two names no industry (domain.md B3). Made for one question.
class Compatibility {
 public:
    bool Has(std::uint32_t profile) const {
        if (profile >= limit_) return all_ || profile == unknown_;
        return (bits_[profile / 64] >> (profile % 64) & 1U) != 0;
    }
    static constexpr std::uint32_t kProfiles = 1U << 15U;  // Of known classes.
    static constexpr std::uint32_t kFirstUnknown = kProfiles;
    static constexpr std::uint32_t kNever = 0xFFFFFFFF;

 private:
    friend class Registry;
    std::uint64_t bits_[kProfiles / 64];
    std::uint32_t limit_ = 0;  // Profiles made after the question have no bit yet.
    std::uint32_t unknown_ = kNever;
    bool all_ = false;
};

/// The words that names share, numbered: divisions, authorities, layouts, wordings of industry,
/// sets of classes. Numbers are given by writers under a mutex; readers look at what they have
/// numbers of without one.
class Registry {
 public:
    static constexpr std::uint32_t kNone = 0;  // Profile: names no industry.
    static constexpr std::uint32_t kBranch =
        1;  // Profile: of a branch, which is compared as a whole only.

    explicit Registry(const NameTables& tables);

    /// Everything of a parsed name; `until_day` as Row has it. The tables must outlive this.
    /// `scope`: where it is compared; empty: ScopeOf.
    Entry EntryOf(const NameParts& parts, std::string_view authority, std::uint32_t until_day,
                  std::string_view scope = {});

    const std::string& ScopeCode(std::uint32_t number) const { return scopes_[number]; }
    std::size_t ScopeCount() const { return scopes_.size(); }
    const std::string& AuthorityCode(std::uint32_t number) const { return authorities_[number]; }
    void PrefetchLayout(std::uint32_t number) const { __builtin_prefetch(&layouts_[number]); }
    const Layout& LayoutOf(std::uint32_t number) const { return layouts_[number]; }
    const Wording& IndustryOf(std::uint32_t number) const { return industries_[number]; }

    /// Fills `out` for a candidate. Takes a lock only if the industry's words are unknown.
    void FindCompatible(const NameParts& parts, Compatibility& out) const;

    /// The full name; `core` as it was parsed.
    std::string NameOf(std::u32string_view core, const Entry& entry) const;

    /// Everything as bytes, and back into an empty registry; false where the bytes make no sense.
    std::string Save() const;
    bool Load(std::string_view bytes);

    /// Whether every number in the segment's rows is one of ours; for bytes from a file.
    bool Covers(const Segment& segment) const;

    std::size_t LayoutCount() const { return layouts_.size(); }
    std::size_t IndustryCount() const { return industries_.size(); }
    std::size_t ProfileCount() const { return known_count_; }

 private:
    struct ClassBits {
        std::atomic<std::uint64_t> words[Compatibility::kProfiles / 64] = {};
    };
    std::uint32_t ProfileOf(const NameParts& parts);
    std::uint32_t AddKnown(const std::string& key);
    std::uint32_t NumberOf(const std::string& text,
                           std::unordered_map<std::string, std::uint32_t>& numbers,
                           AppendList<std::string>& list);
    void Add(ClassBits& bits, std::uint32_t profile);
    void NumberTexts();

    const NameTables& tables_;
    std::map<std::string, std::unique_ptr<ClassBits>, std::less<>>
        classes_;  // Fixed after construction.
    mutable std::shared_mutex mutex_;
    std::atomic<std::uint32_t> known_count_{0};
    std::vector<std::string> known_;  // Keys of profiles in order: "5212,5213" or "5212|=words".
    std::unordered_map<std::string, std::uint32_t> known_numbers_;
    std::unordered_map<std::string, std::vector<std::uint32_t>>
        known_by_words_;                // Classes beside unknown words.
    std::vector<std::string> unknown_;  // Words of unknown profiles.
    std::unordered_map<std::string, std::uint32_t> unknown_numbers_;
    bool numbered_ =
        true;  // Whether the maps below hold what was loaded: only a writer needs them.
    AppendList<std::string> scopes_, authorities_;
    AppendList<Layout> layouts_;
    AppendList<Wording> industries_;
    std::unordered_map<std::string, std::uint32_t> scope_numbers_, authority_numbers_,
        layout_numbers_, industry_numbers_;
};

}  // namespace onewindow::naming::engine
