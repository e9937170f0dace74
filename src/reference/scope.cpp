#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "kernel/text/text.hpp"
#include "reference/reasons.hpp"
#include "reference/snapshot.hpp"

// Searching business scope items and composing the sentence of the licence.
namespace onewindow::reference {
namespace {

// The brackets that close each group on a licence of Shandong (domain.md C3).
constexpr std::string_view kGeneralEnd =
    "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）";
constexpr std::string_view kLicensedEnd =
    "（依法须经批准的项目，经相关部门批准后方可开展经营活动，具体经营项目以审批结果为准）";

bool Contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string Lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

bool IsPlainLatin(std::string_view token) {
    return std::all_of(token.begin(), token.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// Pinyin typed without blanks must begin and may end anywhere in a syllable: "ruanj" finds 软件.
int ScorePinyin(const ScopeItem& item, std::string_view token) {
    if (token.size() < 2 || !IsPlainLatin(token)) return 0;
    for (std::size_t start = 0; start < item.syllables.size(); ++start) {
        std::string joined;
        for (std::size_t i = start; i < item.syllables.size() && joined.size() < token.size();
             ++i) {
            joined += item.syllables[i];
        }
        if (joined.starts_with(token)) return start == 0 ? 45 : 35;
    }
    if (item.initials.starts_with(token)) return 40;
    return Contains(item.initials, token) ? 20 : 0;
}

int ScoreWords(const ScopeItem& item, std::string_view token) {
    const std::string text = Lower(item.text);
    if (text == token) return 100;
    for (const std::string& keyword : item.keywords) {
        if (Lower(keyword) == token) return 90;
    }
    if (text.starts_with(token)) return 80;
    if (Contains(text, token)) return 70;
    for (const std::string& keyword : item.keywords) {
        const std::string word = Lower(keyword);
        // "我想开奶茶店" has 奶茶 in it; a single letter or character inside a sentence says
        // nothing.
        if (Contains(word, token) || (word.size() > 3 && Contains(token, word))) return 60;
    }
    return text.size() > 6 && Contains(token, text) ? 55 : 0;
}

/// Half of the token's pairs of characters appear in the item: for questions in whole sentences.
int ScorePairs(const ScopeItem& item, std::string_view token) {
    const std::u32string wanted = text::ToCodePoints(token);
    const std::u32string text = text::ToCodePoints(item.text);
    if (wanted.size() < 3) return 0;
    std::size_t hits = 0;
    for (std::size_t i = 0; i + 1 < wanted.size(); ++i) {
        if (text.find(wanted.substr(i, 2)) != std::u32string::npos) ++hits;
    }
    return hits * 2 >= wanted.size() - 1 ? 10 : 0;
}

int Score(const Snapshot& snapshot, const ScopeItem& item, std::string_view token) {
    int score = std::max(ScoreWords(item, token), ScorePinyin(item, token));
    const Industry* industry = snapshot.FindIndustry(item.industry);
    if (token.size() >= 2 && text::IsDigits(token) && item.industry.starts_with(token)) {
        score = std::max(score, 50);
    }
    if (industry && Contains(industry->name, token)) score = std::max(score, 30);
    if (Contains(item.permit, token)) score = std::max(score, 15);
    if (score == 0) score = ScorePairs(item, token);
    return score;
}

std::string JoinTexts(const std::vector<const ScopeItem*>& items, bool licensed) {
    std::string joined;
    for (const ScopeItem* item : items) {
        if (item->licensed != licensed) continue;
        if (!joined.empty()) joined += "；";
        joined += item->text;
    }
    return joined;
}

}  // namespace

std::vector<const ScopeItem*> Snapshot::SearchScope(std::string_view text,
                                                    std::size_t limit) const {
    std::vector<std::string> tokens = text::Split(Lower(text::Normalise(text)), ' ');
    std::erase(tokens, "");
    if (tokens.empty()) return {};
    std::vector<std::pair<int, const ScopeItem*>> hits;
    for (const auto& [id, item] : records_.scope_items) {
        int sum = 0;
        bool all = true;
        for (const std::string& token : tokens) {
            const int score = Score(*this, item, token);
            sum += score;
            all = all && score > 0;
        }
        if (all) hits.emplace_back(sum, &item);
    }
    // Stable: equal scores stay in the order of their ids.
    std::stable_sort(hits.begin(), hits.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<const ScopeItem*> found;
    for (const auto& [score, item] : hits) {
        if (found.size() == limit) break;
        found.push_back(item);
    }
    return found;
}

Result<std::string> Snapshot::ComposeScope(const std::vector<std::string>& ids) const {
    if (ids.empty()) return Refuse(reasons::kScopeEmpty, "scope");
    std::vector<Fault> faults;
    std::vector<const ScopeItem*> items;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const ScopeItem* item = FindScopeItem(ids[i]);
        const std::string field = fmt::format("scope.{}", i);
        if (!item) faults.push_back({&reasons::kScopeItemUnknown, field, {{"item", ids[i]}}});
        if (!seen.insert(ids[i]).second) {
            faults.push_back({&reasons::kScopeRepeated, field, {{"item", ids[i]}}});
        }
        if (item) items.push_back(item);
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    std::string sentence;
    const bool licensed_first = items.front()->licensed;
    for (const bool licensed : {licensed_first, !licensed_first}) {
        const std::string texts = JoinTexts(items, licensed);
        if (texts.empty()) continue;
        sentence += fmt::format("{}：{}。{}", licensed ? "许可项目" : "一般项目", texts,
                                licensed ? kLicensedEnd : kGeneralEnd);
    }
    return sentence;
}

}  // namespace onewindow::reference
