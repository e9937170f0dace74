#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::handover::reasons {

/// No kit for this case, or nothing of it at this hall.
inline constexpr Reason kNoKit{"handover.no_kit", Kind::kNotFound};
inline constexpr Reason kKitExists{"handover.kit_exists", Kind::kConflict};
inline constexpr Reason kUnknownKind{"handover.unknown_kind", Kind::kBug};
inline constexpr Reason kAlreadyMade{"handover.already_made", Kind::kConflict};
inline constexpr Reason kNoHall{"handover.no_hall", Kind::kNotFound};
inline constexpr Reason kNotYourHall{"handover.not_your_hall", Kind::kForbidden};
inline constexpr Reason kNoItem{"handover.no_item", Kind::kNotFound};
inline constexpr Reason kAmbiguous{"handover.ambiguous_code", Kind::kConflict};
/// The thing belongs to another window, which the sentence names: the clerk holds it and has to
/// send it on.
inline constexpr Reason kOtherHall{"handover.other_hall", Kind::kForbidden};
inline constexpr Reason kNotMade{"handover.not_made", Kind::kConflict};
inline constexpr Reason kHandedOver{"handover.handed_over", Kind::kConflict};
inline constexpr Reason kNotHere{"handover.not_here", Kind::kConflict};
inline constexpr Reason kWrongCode{"handover.wrong_code", Kind::kRefused};
inline constexpr Reason kNotAllHere{"handover.not_all_here", Kind::kConflict};
inline constexpr Reason kNothingHere{"handover.nothing_here", Kind::kConflict};
inline constexpr Reason kIdentityNeeded{"handover.identity_needed", Kind::kRefused,
                                        "印章治安管理办法"};
inline constexpr Reason kIdentityMismatch{"handover.identity_mismatch", Kind::kRefused,
                                          "印章治安管理办法"};
inline constexpr Reason kNoParcel{"handover.no_parcel", Kind::kConflict};
inline constexpr Reason kNoLicence{"handover.no_licence", Kind::kConflict,
                                   "市场主体登记管理条例 21"};
inline constexpr Reason kPrinted{"handover.printed", Kind::kConflict};
inline constexpr Reason kNoBlank{"handover.no_blank", Kind::kConflict};
inline constexpr Reason kBlankKnown{"handover.blank_known", Kind::kConflict};
inline constexpr Reason kBlankBlock{"handover.blank_block", Kind::kRefused};
inline constexpr Reason kBlankUsed{"handover.blank_used", Kind::kConflict};
inline constexpr Reason kUnknownBlank{"handover.unknown_blank", Kind::kNotFound};
inline constexpr Reason kListQuery{"handover.list_query", Kind::kMalformed};

}  // namespace onewindow::handover::reasons
