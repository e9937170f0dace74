#pragma once

#include "kernel/result/result.hpp"

// Every refusal of this room, with its source.
namespace onewindow::review::reasons {

inline constexpr Reason kNoTask{"review.no_task", Kind::kNotFound};
inline constexpr Reason kNotDealt{"review.not_dealt", Kind::kConflict, "优化营商环境条例 35"};
/// An officer does not decide about himself (行政许可法; 公务员法 76).
inline constexpr Reason kConflict{"review.conflict_of_interest", Kind::kForbidden, "公务员法 76"};
inline constexpr Reason kUnlistedReason{"review.unlisted_reason", Kind::kRefused,
                                        "优化营商环境条例 35"};
inline constexpr Reason kReasonsMissing{"review.reasons_missing", Kind::kRefused,
                                        "市场主体登记管理条例 20"};
inline constexpr Reason kNoticeComplete{"review.notice_was_complete", Kind::kRefused,
                                        "市场主体登记管理条例 19"};
inline constexpr Reason kNotForRefusal{"review.not_for_refusal", Kind::kRefused,
                                       "市场主体登记管理条例 20"};
/// No officer can grant over a missing signature, an incomplete form or a lost name (promise 6).
inline constexpr Reason kCannotGrant{"review.cannot_grant", Kind::kRefused,
                                     "市场主体登记管理条例 19"};
inline constexpr Reason kNoteMissing{"review.note_missing", Kind::kRefused,
                                     "市场主体登记管理条例 20"};
inline constexpr Reason kRecheckOnly{"review.recheck_only", Kind::kRefused};
inline constexpr Reason kNotExamined{"review.not_examined", Kind::kNotFound};
inline constexpr Reason kNoField{"review.no_field", Kind::kRefused};
inline constexpr Reason kPurposeMissing{"review.purpose_missing", Kind::kRefused,
                                        "个人信息保护法 6"};
inline constexpr Reason kListKind{"review.list_kind", Kind::kRefused};
inline constexpr Reason kSwitchScope{"review.switch_scope", Kind::kRefused};
inline constexpr Reason kSwitchPast{"review.switch_past", Kind::kRefused};
inline constexpr Reason kNoSwitch{"review.no_switch", Kind::kNotFound};
inline constexpr Reason kSwitchEnded{"review.switch_ended", Kind::kConflict};
/// Who may turn the machine off may not turn it on again alone (三员).
inline constexpr Reason kSecondPerson{"review.second_person", Kind::kForbidden,
                                      "GB/T 22239-2019 8.1.4.2"};

}  // namespace onewindow::review::reasons
