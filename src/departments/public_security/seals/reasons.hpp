#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::departments::public_security::seals::reasons {

inline constexpr Reason kKinds{"seals.kinds_differ", Kind::kRefused, "domain J23"};
inline constexpr Reason kNumberTwice{"seals.number_twice", Kind::kRefused, "GA 241.1-2000"};
inline constexpr Reason kImprint{"seals.imprint_digest", Kind::kRefused, "GB/T 32905-2016"};
inline constexpr Reason kImprintCount{"seals.imprint_count", Kind::kRefused, "domain J23"};
inline constexpr Reason kMaker{"seals.maker_differs", Kind::kRefused, "domain J23"};
inline constexpr Reason kFilingNumber{"seals.filing_number", Kind::kRefused, "国发〔1999〕25号"};
inline constexpr Reason kCityMissing{"seals.city_missing", Kind::kMalformed};
inline constexpr Reason kCityUnknown{"seals.city_unknown", Kind::kNotFound, "GB/T 2260"};
inline constexpr Reason kStepUnknown{"seals.step_unknown", Kind::kRefused};
inline constexpr Reason kStepResult{"seals.step_result", Kind::kRefused};

}  // namespace onewindow::departments::public_security::seals::reasons
