#pragma once

#include "kernel/result/result.hpp"

// Every refusal of this room.
namespace onewindow::guide::reasons {

inline constexpr Reason kAnswerMissing{"guide.answer_missing", Kind::kMalformed};
inline constexpr Reason kAnswerUnknown{"guide.answer_unknown", Kind::kMalformed};
inline constexpr Reason kPlaceUnknown{"guide.place_unknown", Kind::kNotFound, "GB/T 2260"};
inline constexpr Reason kKindUnknown{"guide.kind_unknown", Kind::kNotFound,
                                     "市场主体登记管理条例 2"};

}  // namespace onewindow::guide::reasons
