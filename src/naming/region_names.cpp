#include "naming/region_names.hpp"

#include <array>

#include "kernel/text/text.hpp"

namespace onewindow::naming {
namespace {

// In the order in which a short name is completed.
constexpr std::array<std::u32string_view, 8> kDivisionSuffixes{
    U"省", U"市", U"区", U"县", U"自治区", U"壮族自治区", U"回族自治区", U"维吾尔自治区"};

}  // namespace

RegionIndex::RegionIndex(const std::vector<std::pair<std::string, std::string>>& divisions,
                         std::string version)
    : version_(std::move(version)) {
    for (const auto& [name, code] : divisions) codes_[name].push_back(code);
    for (const auto& [name, codes] : codes_) {
        Add(text::ToCodePoints(name), {.is_short = false, .is_district = false, .codes = &codes});
    }
    for (const std::u32string_view suffix : kDivisionSuffixes) {
        for (const auto& [name, codes] : codes_) {
            std::u32string written = text::ToCodePoints(name);
            if (!written.ends_with(suffix)) continue;
            written.resize(written.size() - suffix.size());
            Add(written, {.is_short = true, .is_district = suffix == U"区", .codes = &codes});
        }
    }
}

void RegionIndex::Add(std::u32string_view written, const Writing& writing) {
    if (written.size() < 2) return;
    std::int32_t number = trie_.Find(written);
    if (number < 0) {
        number = static_cast<std::int32_t>(writings_.size());
        writings_.emplace_back();
        trie_.Insert(written, number);
    }
    writings_[static_cast<std::size_t>(number)].push_back(writing);
}

std::vector<std::string> RegionIndex::FindCodes(std::string_view name) const {
    const auto found = codes_.find(name);
    return found == codes_.end() ? std::vector<std::string>{} : found->second;
}

std::vector<RegionMatch> RegionIndex::FindAt(std::u32string_view text) const {
    std::vector<RegionMatch> matches;
    trie_.EachAt(text, [&](std::size_t length, std::int32_t number) {
        for (const Writing& writing : writings_[static_cast<std::size_t>(number)]) {
            matches.push_back({length, writing.is_short, writing.is_district, writing.codes});
        }
    });
    return matches;
}

}  // namespace onewindow::naming
