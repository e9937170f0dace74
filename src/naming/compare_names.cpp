#include "naming/compare_names.hpp"

namespace onewindow::naming {
namespace {

bool SharesClass(const NameParts& a, const NameParts& b) {
    return std::any_of(a.classes.begin(), a.classes.end(), [&](const std::string& code) {
        return std::find(b.classes.begin(), b.classes.end(), code) != b.classes.end();
    });
}

}  // namespace

std::string_view NameOf(SameRule rule) {
    switch (rule) {
        case SameRule::kS1: return "S1";
        case SameRule::kS2: return "S2";
        case SameRule::kS3: return "S3";
        case SameRule::kS4: return "S4";
        case SameRule::kS5: return "S5";
    }
    return "";
}

std::string_view NameOf(Severity severity) {
    return severity == Severity::kBlock ? "block" : "warn";
}

std::optional<SameVerdict> CompareNames(const NameParts& candidate, const NameParts& existing,
                                        const CompareSwitches& switches) {
    if (candidate.core.empty() || existing.core.empty()) return std::nullopt;
    if (candidate.name == existing.name) return SameVerdict{SameRule::kS1, Severity::kBlock};
    if (!candidate.branch_suffix.empty() || !existing.branch_suffix.empty()) return std::nullopt;
    if (candidate.core != existing.core) return std::nullopt;

    const bool same_words = candidate.industry == existing.industry;
    if (same_words && candidate.region == existing.region && candidate.form == existing.form) {
        return SameVerdict{SameRule::kS2, Severity::kBlock};
    }
    if (same_words && !candidate.industry.empty()) return SameVerdict{SameRule::kS3, Severity::kBlock};
    if (SharesClass(candidate, existing)) return SameVerdict{SameRule::kS4, switches.s4};
    if (candidate.has_no_industry || existing.has_no_industry) {
        return SameVerdict{SameRule::kS5, Severity::kBlock};
    }
    return std::nullopt;
}

}  // namespace onewindow::naming
