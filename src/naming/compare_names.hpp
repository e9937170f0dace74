#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "naming/parse_name.hpp"

namespace onewindow::naming {

/// Why two names are the same (domain.md B3; 规定 art. 17, 实施办法 art. 24).
enum class SameRule {
    kS1,  // The names are equal.
    kS2,  // The same parts in another order.
    kS3,  // 字号 and industry equal; region or form differ.
    kS4,  // 字号 equal, industry the same in substance.
    kS5,  // 字号 equal, one of the two names no industry.
};

enum class Severity { kBlock, kWarn };

std::string_view NameOf(SameRule rule);      // "S1"
std::string_view NameOf(Severity severity);  // "block"

struct CompareSwitches {
    /// S4 was a warning by the rules of 2017 and is a ban by 实施办法 art. 24 of 2023.
    Severity s4 = Severity::kBlock;
};

struct SameVerdict {
    SameRule rule;
    Severity severity;
    bool operator==(const SameVerdict&) const = default;
};

/// Whether two names of one scope are the *same*; nothing if they are not, which does not mean that they are
/// not similar. A name without 字号 is the same as none. A branch's name repeats its parent's, so it is only
/// compared as a whole. Pure and symmetric.
std::optional<SameVerdict> CompareNames(const NameParts& candidate, const NameParts& existing,
                                        const CompareSwitches& switches = {});

}  // namespace onewindow::naming
