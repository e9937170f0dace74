#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::entity_types::sole_proprietorship::reasons {

inline constexpr Reason kInvestorMinor{"sole_proprietorship.investor_minor", Kind::kRefused, "个人独资企业法 8；民法典 18"};
inline constexpr Reason kInvestorAbroad{"sole_proprietorship.investor_abroad", Kind::kRefused, "个人独资企业法 47"};

}  // namespace onewindow::entity_types::sole_proprietorship::reasons
