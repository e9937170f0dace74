#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::application::reasons {

inline constexpr Reason kNoCase{"application.no_case", Kind::kNotFound};
inline constexpr Reason kNoPaper{"application.no_paper", Kind::kNotFound};
inline constexpr Reason kUnknownEntityType{"application.unknown_entity_type", Kind::kRefused, "市场主体登记管理条例 2"};
inline constexpr Reason kGoThere{"application.go_there", Kind::kRefused, "市场主体登记管理条例实施细则 4"};
inline constexpr Reason kUnknownCounty{"application.unknown_county", Kind::kRefused, "GB/T 2260"};
inline constexpr Reason kNoEdge{"application.no_such_step", Kind::kConflict};
inline constexpr Reason kFrozen{"application.frozen", Kind::kConflict, "市场主体登记管理条例实施细则 50"};
inline constexpr Reason kStale{"application.stale_copy", Kind::kStale};
inline constexpr Reason kNotEditable{"application.not_editable", Kind::kConflict};
inline constexpr Reason kNotSigned{"application.not_signed", Kind::kRefused, "市场主体登记管理条例实施细则 15"};
inline constexpr Reason kReasonTooLong{"application.reason_too_long", Kind::kRefused};
inline constexpr Reason kUnknownPerson{"application.unknown_person", Kind::kRefused};
inline constexpr Reason kOutsideCounty{"application.address_outside_county", Kind::kRefused, "市场主体登记管理条例 11"};
inline constexpr Reason kPersonNotVerified{"application.person_not_verified", Kind::kForbidden, "市场主体登记管理条例实施细则 16"};

}  // namespace onewindow::application::reasons
