#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::entity_types::individual_business::reasons {

inline constexpr Reason kOperatorTooYoung{"individual_business.operator_too_young", Kind::kRefused, "促进个体工商户发展条例 2；民法典 18"};
inline constexpr Reason kOperatorForeign{"individual_business.operator_foreign", Kind::kRefused, "促进个体工商户发展条例 2"};

}  // namespace onewindow::entity_types::individual_business::reasons
