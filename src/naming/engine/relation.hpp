#pragma once

#include <string_view>

#include "naming/sound_tables.hpp"

namespace onewindow::naming::engine {

/// How one 字号 stands to another, the gravest first (domain.md B3; what stands after kSoundsInside
/// is ours).
enum class Relation : unsigned char {
    kSame,
    kHomophone,     // As long, and each character sounds alike in one of its readings.
    kLookalike,     // One character replaced by one that looks like it.
    kReordered,     // The same characters in another order.
    kContains,      // One is part of the other.
    kSoundsInside,  // One sounds like a part of the other.
    kEdited,        // One character replaced, added or dropped, from three characters on.
    kNone,
};

/// Pure and symmetric. Below two characters nothing is similar.
Relation RelationOf(std::u32string_view a, std::u32string_view b, const SoundTables& sounds);

}  // namespace onewindow::naming::engine
