#include "progress/pause_reasons.hpp"

#include <algorithm>

namespace onewindow::progress {
namespace {

constexpr PauseReason kPauseReasons[] = {
    {"returned_to_applicant", "市场主体登记管理条例实施细则 18", true},
    {"needs_data_from_applicant", "行政许可法 32", true},
    {"frozen_identity_complaint", "市场主体登记管理条例 40"},
    {"frozen_court", "市场主体登记管理条例实施细则 79"},
    {"force_majeure", "民法典 180"},
};

}  // namespace

std::span<const PauseReason> PauseReasons() { return kPauseReasons; }

const PauseReason* FindPauseReason(std::string_view code) {
    const auto* found = std::ranges::find(kPauseReasons, code, &PauseReason::code);
    return found == std::end(kPauseReasons) ? nullptr : found;
}

}  // namespace onewindow::progress
