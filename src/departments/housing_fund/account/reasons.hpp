#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::departments::housing_fund::account::reasons {

inline constexpr Reason kRate{"housing_fund.rate", Kind::kRefused, "住房公积金管理条例 18"};
inline constexpr Reason kRateStep{"housing_fund.rate_step", Kind::kRefused, "住房公积金管理条例 18"};
inline constexpr Reason kAccount{"housing_fund.unit_account", Kind::kRefused};
inline constexpr Reason kPeople{"housing_fund.people", Kind::kRefused, "住房公积金管理条例 15"};

}  // namespace onewindow::departments::housing_fund::account::reasons
