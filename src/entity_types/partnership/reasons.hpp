#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::entity_types::partnership::reasons {

inline constexpr Reason kNameKind{"partnership.name_kind", Kind::kRefused, "合伙企业法 15、62"};
inline constexpr Reason kPartnerMinor{"partnership.partner_minor", Kind::kRefused, "合伙企业法 14、60"};
inline constexpr Reason kTooManyPartners{"partnership.too_many_partners", Kind::kRefused, "合伙企业法 61"};
inline constexpr Reason kNoGeneralPartner{"partnership.no_general_partner", Kind::kRefused, "合伙企业法 61"};
inline constexpr Reason kNoLimitedPartner{"partnership.no_limited_partner", Kind::kRefused, "合伙企业法 2、75"};
inline constexpr Reason kLimitedInGeneral{"partnership.limited_in_general", Kind::kRefused, "合伙企业法 2"};
inline constexpr Reason kBarredGeneralPartner{"partnership.barred_general_partner", Kind::kRefused, "合伙企业法 3"};
inline constexpr Reason kLabourOfLimited{"partnership.labour_of_limited", Kind::kRefused, "合伙企业法 64"};
inline constexpr Reason kLimitedExecutes{"partnership.limited_executes", Kind::kRefused, "合伙企业法 67、68"};
inline constexpr Reason kDelegateOfPerson{"partnership.delegate_of_person", Kind::kRefused, "合伙企业法 26"};

}  // namespace onewindow::entity_types::partnership::reasons
