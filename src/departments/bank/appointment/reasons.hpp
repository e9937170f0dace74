#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::departments::bank::appointment::reasons {

/// Facts go to a bank only by separate consent.
inline constexpr Reason kConsent{"bank.consent", Kind::kRefused, "个人信息保护法 23"};
inline constexpr Reason kDay{"bank.day", Kind::kRefused, "domain J24"};
inline constexpr Reason kBranchElsewhere{"bank.branch_elsewhere", Kind::kRefused};
inline constexpr Reason kOtherBooking{"bank.other_booking", Kind::kRefused};
inline constexpr Reason kNumber{"bank.number", Kind::kRefused};
inline constexpr Reason kBranchUnknown{"bank.branch_unknown", Kind::kNotFound};
inline constexpr Reason kSeatTaken{"bank.seat_taken", Kind::kConflict};

}  // namespace onewindow::departments::bank::appointment::reasons
