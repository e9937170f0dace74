#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::identity::reasons {

inline constexpr Reason kNoQuestion{"identity.no_verification", Kind::kNotFound};
inline constexpr Reason kCodeMalformed{"identity.code_malformed", Kind::kMalformed};
/// The service knows no such code, or it was used or is too old.
inline constexpr Reason kCodeRefused{"identity.code_refused", Kind::kRefused,
                                     "市场主体登记管理条例实施细则 16"};
inline constexpr Reason kAnotherPerson{"identity.another_person", Kind::kRefused,
                                       "市场主体登记管理条例实施细则 16"};
inline constexpr Reason kNoService{"identity.no_service", Kind::kUnavailable};
inline constexpr Reason kAnswerUnusable{"identity.answer_unusable", Kind::kRefused};
inline constexpr Reason kNotAPerson{"identity.not_a_person", Kind::kForbidden};

}  // namespace onewindow::identity::reasons
