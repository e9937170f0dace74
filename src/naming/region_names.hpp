#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "naming/phrase_trie.hpp"

namespace onewindow::naming {

/// A division that a text may start with.
struct RegionMatch {
    std::size_t length = 0;    // Characters as written.
    bool is_short = false;     // The suffix 省, 市, 区, 县 was dropped.
    bool is_district = false;  // The suffix that was dropped is 区.
    const std::vector<std::string>* codes = nullptr;
};

/// The names of administrative divisions; bound to the reference data by whoever wires the service.
class RegionNames {
 public:
    virtual ~RegionNames() = default;
    /// The six-digit codes of the divisions at county level and above whose official name is
    /// exactly `name` ("市中区" has several); empty if there is none.
    virtual std::vector<std::string> FindCodes(std::string_view name) const = 0;
    /// The data's version, for the answer.
    virtual std::string Version() const = 0;
    /// All divisions that the text may start with, in full or short, the shortest writing first.
    /// What the matches point at lives as long as this.
    virtual std::vector<RegionMatch> FindAt(std::u32string_view text) const = 0;
};

/// The names of divisions from a list.
class RegionIndex final : public RegionNames {
 public:
    /// `divisions`: official name and code.
    RegionIndex(const std::vector<std::pair<std::string, std::string>>& divisions,
                std::string version);

    std::vector<std::string> FindCodes(std::string_view name) const override;
    std::string Version() const override { return version_; }
    std::vector<RegionMatch> FindAt(std::u32string_view text) const override;

 private:
    struct Writing {
        bool is_short, is_district;
        const std::vector<std::string>* codes;
    };
    void Add(std::u32string_view written, const Writing& writing);

    std::string version_;
    std::map<std::string, std::vector<std::string>, std::less<>> codes_;
    PhraseTrie trie_;
    std::vector<std::vector<Writing>> writings_;  // By the trie's number.
};

}  // namespace onewindow::naming
