#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::departments::human_resources::social_insurance::reasons {

inline constexpr Reason kUnitNumber{"social_insurance.unit_number", Kind::kRefused, "社会保险法 57"};
inline constexpr Reason kInsuredPeople{"social_insurance.insured_people", Kind::kRefused,
                                       "社会保险法 58"};

}  // namespace onewindow::departments::human_resources::social_insurance::reasons
