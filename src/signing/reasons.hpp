#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::signing::reasons {

inline constexpr Reason kNoRequest{"signing.no_request", Kind::kNotFound};
inline constexpr Reason kNotOpen{"signing.not_open", Kind::kConflict};
inline constexpr Reason kChanged{"signing.changed", Kind::kConflict};
inline constexpr Reason kDeadlinePassed{"signing.deadline_passed", Kind::kConflict};
inline constexpr Reason kNotFresh{"signing.verification_not_fresh", Kind::kRefused,
                                  "市场主体登记管理条例实施细则 16"};
inline constexpr Reason kNothingToSign{"signing.nothing_to_sign", Kind::kRefused};
inline constexpr Reason kSomethingToSign{"signing.something_to_sign", Kind::kRefused};
inline constexpr Reason kKey{"signing.key_malformed", Kind::kMalformed, "GB/T 32918.1"};
/// A key is certified to one person only.
inline constexpr Reason kKeyOfAnother{"signing.key_of_another", Kind::kRefused, "电子签名法 13"};
inline constexpr Reason kNoCertificate{"signing.no_certificate", Kind::kConflict, "电子签名法 16"};
inline constexpr Reason kCertificateInvalid{"signing.certificate_invalid", Kind::kRefused,
                                            "电子签名法 16"};
inline constexpr Reason kWrongStatement{"signing.wrong_statement", Kind::kRefused, "电子签名法 13"};
inline constexpr Reason kBadSignature{"signing.bad_signature", Kind::kRefused, "电子签名法 13"};
inline constexpr Reason kTooLate{"signing.too_late", Kind::kConflict, "市场主体登记管理条例 21"};
inline constexpr Reason kNotMissing{"signing.not_missing", Kind::kConflict};
/// The entity type asks for a signature under a paper, or by a person, that does not exist.
inline constexpr Reason kMatrix{"signing.matrix", Kind::kBug};

// What Verify finds.
inline constexpr Reason kMissing{"signing.missing", Kind::kRefused,
                                 "市场主体登记管理条例实施细则 15"};
inline constexpr Reason kPaperAltered{"signing.paper_altered", Kind::kRefused, "电子签名法 13"};
inline constexpr Reason kNoEvidence{"signing.no_evidence", Kind::kRefused,
                                    "市场主体登记管理条例实施细则 16"};

}  // namespace onewindow::signing::reasons
