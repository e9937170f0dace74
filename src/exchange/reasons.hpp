#pragma once

#include "kernel/result/result.hpp"

// Every refusal of this room, with its source.
namespace onewindow::exchange::reasons {

inline constexpr Reason kNoTrack{"exchange.no_track", Kind::kNotFound};
inline constexpr Reason kNoConnection{"exchange.no_connection", Kind::kNotFound};
/// The answer is about something that was never asked of this agency.
inline constexpr Reason kNotAsked{"exchange.not_asked", Kind::kNotFound};
inline constexpr Reason kNotYours{"exchange.not_your_matter", Kind::kForbidden, "数据安全法 38"};
inline constexpr Reason kReplayed{"exchange.replayed", Kind::kUnauthenticated, "RFC 9421 7.2.2"};
inline constexpr Reason kSchema{"exchange.schema", Kind::kMalformed};
inline constexpr Reason kDelivery{"exchange.wrong_delivery", Kind::kRefused};
inline constexpr Reason kVersion{"exchange.unknown_version", Kind::kRefused};
/// Equal repeats are welcome; a second answer with other content is not.
inline constexpr Reason kDiffers{"exchange.answer_differs", Kind::kRefused};
inline constexpr Reason kState{"exchange.state_unknown", Kind::kMalformed};
inline constexpr Reason kStep{"exchange.unknown_step", Kind::kRefused};
inline constexpr Reason kNotOpen{"exchange.not_open", Kind::kConflict};
/// Only published reasons may stop an applicant (no added conditions).
inline constexpr Reason kReasonUnpublished{"exchange.reason_unpublished", Kind::kRefused, "优化营商环境条例 35"};
inline constexpr Reason kReasonMissing{"exchange.reason_missing", Kind::kRefused, "行政许可法 32"};
inline constexpr Reason kResult{"exchange.result_wrong", Kind::kRefused};
inline constexpr Reason kResultUnexpected{"exchange.result_unexpected", Kind::kRefused};
inline constexpr Reason kReceiptMissing{"exchange.receipt_missing", Kind::kRefused};
inline constexpr Reason kPerformerOnly{"exchange.performer_only_steps", Kind::kForbidden};
inline constexpr Reason kCannotClose{"exchange.cannot_close", Kind::kConflict, "社会保险费征缴暂行条例 8"};
inline constexpr Reason kCannotRestart{"exchange.cannot_restart", Kind::kConflict};
inline constexpr Reason kCannotResend{"exchange.cannot_resend", Kind::kConflict};
inline constexpr Reason kSectionForeign{"exchange.section_foreign", Kind::kRefused};
/// What is wrong with corrected sections stands beside it, field by field.
inline constexpr Reason kSectionWrong{"exchange.section_wrong", Kind::kRefused};
inline constexpr Reason kKeyTwice{"exchange.key_twice", Kind::kRefused};

}  // namespace onewindow::exchange::reasons
