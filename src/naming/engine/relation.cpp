#include "naming/engine/relation.hpp"

#include <algorithm>
#include <string>

namespace onewindow::naming::engine {
namespace {

bool SoundsLike(std::u32string_view a, std::u32string_view b, const SoundTables& sounds) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!sounds.SoundAlike(a[i], b[i])) return false;
    }
    return true;
}

bool IsLookalike(std::u32string_view a, std::u32string_view b, const SoundTables& sounds) {
    std::size_t differ = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] == b[i]) continue;
        if (++differ > 1 || !sounds.LookAlike(a[i], b[i])) return false;
    }
    return differ == 1;
}

bool IsReordered(std::u32string_view a, std::u32string_view b) {
    if (a.size() == 2) return a[0] == b[1] && a[1] == b[0];
    std::u32string sorted_a(a), sorted_b(b);
    std::sort(sorted_a.begin(), sorted_a.end());
    std::sort(sorted_b.begin(), sorted_b.end());
    return sorted_a == sorted_b;
}

bool IsEdited(std::u32string_view shorter, std::u32string_view longer) {
    if (shorter.size() < 3 || longer.size() - shorter.size() > 1) return false;
    std::size_t front = 0;
    while (front < shorter.size() && shorter[front] == longer[front]) ++front;
    const std::size_t skip = longer.size() == shorter.size() ? 1 : 0;
    return shorter.substr(std::min(front + skip, shorter.size())) == longer.substr(front + 1);
}

}  // namespace

Relation RelationOf(std::u32string_view a, std::u32string_view b, const SoundTables& sounds) {
    if (a == b) return Relation::kSame;
    const std::u32string_view shorter = a.size() <= b.size() ? a : b;
    const std::u32string_view longer = a.size() <= b.size() ? b : a;
    if (shorter.size() < 2) return Relation::kNone;
    if (shorter.size() == longer.size()) {
        if (SoundsLike(a, b, sounds)) return Relation::kHomophone;
        if (IsLookalike(a, b, sounds)) return Relation::kLookalike;
        if (IsReordered(a, b)) return Relation::kReordered;
        return IsEdited(a, b) ? Relation::kEdited : Relation::kNone;
    }
    if (longer.find(shorter) != std::u32string_view::npos) return Relation::kContains;
    for (std::size_t at = 0; at + shorter.size() <= longer.size(); ++at) {
        if (SoundsLike(shorter, longer.substr(at, shorter.size()), sounds))
            return Relation::kSoundsInside;
    }
    return IsEdited(shorter, longer) ? Relation::kEdited : Relation::kNone;
}

}  // namespace onewindow::naming::engine
