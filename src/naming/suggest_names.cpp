#include "naming/suggest_names.hpp"

#include <algorithm>
#include <set>

#include "kernel/text/text.hpp"

namespace onewindow::naming {
namespace {

// Characters of good meaning that businesses like, the most frequent of the register first.
constexpr std::u32string_view kAuspicious =
    U"华金天达新兴东海鑫源龙泰盛利恒宏宝康安瑞丰荣博祥福嘉佳美和成元星明正德诚信润泽顺昌隆富旺吉庆"
    U"春阳光辉耀晨旭云锦"
    U"秀雅清芳馨兰竹松柏林森园田禾苗果茂青翠玉珠琳琪珍璟瑜文思学智慧远志行健致立方圆融合众联汇聚通"
    U"畅达捷迅飞腾跃升"
    U"凯胜冠卓越鼎峰岳岱鲁齐沂泉湖河江洋洲航舟帆景颐悦欣乐怡宁静淳朴厚仁义礼贤善良本真初心梦想若伊"
    U"尚品尊享优精工匠"
    U"巧创拓展宇宸轩铭钧锐锋铂银晶磊岩岚霖霏雨露雪冰凌寒暖晴朗曦皓月夜明朝夕";

// Candidates looked at before giving up on finding more.
constexpr std::size_t kTriesMax = 4000;

struct Idea {
    int distance;
    std::u32string core;
    bool operator<(const Idea& other) const {
        return distance != other.distance ? distance < other.distance : core < other.core;
    }
};

/// How far two syllables are apart: 0 the same, 1 the same final or initial, 2 neither.
int SoundDistance(char32_t a, char32_t b, const SoundTables& sounds) {
    if (sounds.SoundAlike(a, b)) return 0;
    const std::string_view x = sounds.SyllableOf(sounds.SoundsOf(a).front());
    const std::string_view y = sounds.SyllableOf(sounds.SoundsOf(b).front());
    if (x.empty() || y.empty()) return 2;
    const auto final_of = [](std::string_view syllable) {
        const std::size_t vowel = syllable.find_first_of("aeiouv");
        return vowel == std::string_view::npos ? syllable : syllable.substr(vowel);
    };
    return final_of(x) == final_of(y) || x.front() == y.front() ? 1 : 2;
}

/// Everything within reach of the wish, the nearest first: one character exchanged, one put before
/// or behind, two.
std::set<Idea> MakeIdeas(std::u32string_view wish, const SoundTables& sounds) {
    std::set<Idea> candidates;
    const auto add = [&](int distance, std::u32string core) {
        if (core != wish && core.size() >= 2) candidates.insert({distance, std::move(core)});
    };
    for (const char32_t liked : kAuspicious) {
        for (std::size_t i = 0; i < wish.size(); ++i) {
            std::u32string core(wish);
            core[i] = liked;
            add(1 + SoundDistance(wish[i], liked, sounds), core);
        }
        if (wish.size() < 4) {
            add(4, std::u32string(wish) + liked);
            add(4, liked + std::u32string(wish));
        }
    }
    // Where the field is crowded, longer ones that keep a character of the wish.
    for (std::size_t a = 0; a < kAuspicious.size(); ++a) {
        const char32_t first = kAuspicious[a],
                       second = kAuspicious[(a * 7 + 31) % kAuspicious.size()];
        const char32_t kept = wish.empty() ? kAuspicious[0] : wish[a % wish.size()];
        add(6, {kept, first, second});
        add(6, {first, kept, second});
        add(7, {first, second, kept});
        add(8, {first, kept, second, kAuspicious[(a * 11 + 17) % kAuspicious.size()]});
    }
    return candidates;
}

}  // namespace

std::vector<Suggestion> SuggestNames(engine::NameIndex& index, const NamingContext& context,
                                     Date today, const NameRequest& wish, std::size_t wanted) {
    std::vector<Suggestion> suggestions;
    const NameParts parts =
        ParseName(wish.name, context.tables, context.regions, wish.declared_core);
    const std::string scope = ScopeOf(parts, wish.authority_code);
    const std::size_t at = parts.core.empty() ? std::string::npos : parts.name.find(parts.core);
    if (at == std::string::npos || scope.empty() || !parts.branch_suffix.empty())
        return suggestions;
    const StructureRequest structure{.kind = wish.kind,
                                     .seat = wish.seat.empty() ? wish.authority_code : wish.seat,
                                     .parent_name = {},
                                     .approvals = wish.approvals,
                                     .today = today};
    std::size_t tries = 0;
    for (const Idea& idea : MakeIdeas(text::ToCodePoints(parts.core), context.tables.sounds)) {
        if (suggestions.size() == wanted || ++tries > kTriesMax) break;
        const std::string core = text::FromCodePoints(idea.core);
        std::string name = parts.name;
        name.replace(at, parts.core.size(), core);
        engine::Question question{.parts = ParseName(name, context.tables, context.regions, core),
                                  .scope = scope,
                                  .today = today,
                                  .own_id = 0,
                                  .exempt = {},
                                  .limit = 1,
                                  .only_law = false,
                                  .only_whether = true};
        if (question.parts.core != core) continue;  // The words run together otherwise.
        if (index.Find(question).count() != 0) continue;
        const auto findings =
            CheckStructure(question.parts, structure, context.tables, context.regions);
        // A suggestion must not send its user to an officer either.
        if (!findings.empty()) continue;
        suggestions.push_back({name, core, idea.distance});
    }
    return suggestions;
}

}  // namespace onewindow::naming
