#pragma once

#include "kernel/result/result.hpp"

// Every refusal of this room, with its source.
namespace onewindow::licence::reasons {

inline constexpr Reason kNoLicence{"licence.no_licence", Kind::kNotFound,
                                   "市场主体登记管理条例 21"};
inline constexpr Reason kAlreadyGranted{"licence.already_granted", Kind::kConflict,
                                        "市场主体登记管理条例 21"};
inline constexpr Reason kNotInReview{"licence.not_in_review", Kind::kConflict,
                                     "市场主体登记管理条例 19"};
inline constexpr Reason kNameNotHeld{"licence.name_not_held", Kind::kRefused,
                                     "企业名称登记管理规定 18"};
/// The authority's block of numbers is used up: an operator adds one; nobody's application fails by
/// it.
inline constexpr Reason kPoolEmpty{"licence.pool_empty", Kind::kUnavailable, "GB 32100-2015"};
inline constexpr Reason kBlockMalformed{"licence.block_malformed", Kind::kRefused, "GB 32100-2015"};
inline constexpr Reason kBlockOverlaps{"licence.block_overlaps", Kind::kConflict, "GB 32100-2015"};
inline constexpr Reason kAuthorityUnknown{"licence.authority_unknown", Kind::kBug};
inline constexpr Reason kToken{"licence.token", Kind::kRefused, "电子签名法 13"};
inline constexpr Reason kAnchor{"licence.trust_anchor", Kind::kMalformed};

}  // namespace onewindow::licence::reasons
