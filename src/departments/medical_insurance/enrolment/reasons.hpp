#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::departments::medical_insurance::enrolment::reasons {

inline constexpr Reason kNumber{"medical_insurance.unit_number", Kind::kRefused};
inline constexpr Reason kPeople{"medical_insurance.insured_people", Kind::kRefused, "社会保险法 58"};

}  // namespace onewindow::departments::medical_insurance::enrolment::reasons
