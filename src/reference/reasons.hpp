#pragma once

#include "kernel/result/result.hpp"

// Every refusal of this room, with its source.
namespace onewindow::reference::reasons {

// Codes. The order of checks in codes.cpp is the contract where several apply.
inline constexpr Reason kCodeKind{"reference.code_kind", Kind::kMalformed};
inline constexpr Reason kCodeEmpty{"reference.code_empty", Kind::kRefused};
inline constexpr Reason kCodeLowerCase{"reference.code_lower_case", Kind::kRefused};
inline constexpr Reason kCodeLength{"reference.code_length", Kind::kRefused};
inline constexpr Reason kCodeCharacter{"reference.code_character", Kind::kRefused};
inline constexpr Reason kUsccDepartment{"reference.uscc_department", Kind::kRefused,
                                        "GB 32100-2015 4.2"};
inline constexpr Reason kUsccDivision{"reference.uscc_division", Kind::kRefused,
                                      "GB 32100-2015 4.4"};
inline constexpr Reason kUsccBodyCheck{"reference.uscc_body_check", Kind::kRefused, "GB 11714"};
inline constexpr Reason kUsccCheck{"reference.uscc_check", Kind::kRefused, "GB 32100-2015 4.6"};
inline constexpr Reason kIdFifteenDigits{"reference.id_fifteen_digits", Kind::kRefused,
                                         "居民身份证法 2004"};
inline constexpr Reason kIdDivision{"reference.id_division", Kind::kRefused, "GB 11643-1999 5.1"};
inline constexpr Reason kIdBirthDate{"reference.id_birth_date", Kind::kRefused,
                                     "GB 11643-1999 5.2"};
inline constexpr Reason kIdBirthInFuture{"reference.id_birth_in_future", Kind::kRefused,
                                         "GB 11643-1999 5.2"};
inline constexpr Reason kIdCheck{"reference.id_check", Kind::kRefused, "GB 11643-1999 5.4"};
inline constexpr Reason kRegnoCheck{"reference.regno_check", Kind::kRefused,
                                    "GB/T 17710-2008 MOD 11,10"};
inline constexpr Reason kBankCheck{"reference.bank_check", Kind::kRefused,
                                   "GB/T 17710-2008 MOD 11,10"};
inline constexpr Reason kSealDivision{"reference.seal_division", Kind::kRefused, "GA 241.1-2000"};
inline constexpr Reason kSealSequence{"reference.seal_sequence", Kind::kRefused, "GA 241.1-2000"};
inline constexpr Reason kCertPrefix{"reference.cert_prefix", Kind::kRefused, "GB/T 36904-2018"};
inline constexpr Reason kCertParts{"reference.cert_parts", Kind::kRefused, "GB/T 36904-2018"};
inline constexpr Reason kCertVersion{"reference.cert_version", Kind::kRefused, "GB/T 36904-2018"};
inline constexpr Reason kCertCheck{"reference.cert_check", Kind::kRefused,
                                   "GB/T 17710-2008 MOD 37,36"};
inline constexpr Reason kCaseDate{"reference.case_date", Kind::kRefused};
inline constexpr Reason kCaseCheck{"reference.case_check", Kind::kRefused,
                                   "GB/T 17710-2008 MOD 11,10"};

// Deadlines.
inline constexpr Reason kDeadlineAmount{"reference.deadline_amount", Kind::kMalformed};
inline constexpr Reason kHallUnknown{"reference.hall_unknown", Kind::kNotFound};

// Datasets.
inline constexpr Reason kDatasetUnknown{"reference.dataset_unknown", Kind::kNotFound};
inline constexpr Reason kDatasetEmpty{"reference.dataset_empty", Kind::kRefused};
inline constexpr Reason kDatasetEncoding{"reference.dataset_encoding", Kind::kRefused};
inline constexpr Reason kDatasetColumns{"reference.dataset_columns", Kind::kRefused};
inline constexpr Reason kDatasetCells{"reference.dataset_cells", Kind::kRefused};
inline constexpr Reason kDatasetValue{"reference.dataset_value", Kind::kRefused};
inline constexpr Reason kDatasetDuplicate{"reference.dataset_duplicate", Kind::kRefused};
inline constexpr Reason kDatasetReference{"reference.dataset_reference", Kind::kRefused};
inline constexpr Reason kDatasetPeriod{"reference.dataset_period", Kind::kRefused};
inline constexpr Reason kDatasetOrigin{"reference.dataset_origin", Kind::kRefused};
inline constexpr Reason kDatasetMissing{"reference.dataset_missing", Kind::kUnavailable};
inline constexpr Reason kDatasetRace{"reference.dataset_race", Kind::kConflict};
inline constexpr Reason kPolicyUnknown{"reference.policy_unknown", Kind::kNotFound};

// Look-ups.
inline constexpr Reason kScopeItemUnknown{"reference.scope_item_unknown", Kind::kRefused,
                                          "市场主体登记管理条例实施细则 12"};
inline constexpr Reason kScopeEmpty{"reference.scope_empty", Kind::kRefused,
                                    "市场主体登记管理条例 8"};
inline constexpr Reason kScopeRepeated{"reference.scope_repeated", Kind::kRefused};
inline constexpr Reason kDivisionUnknown{"reference.division_unknown", Kind::kRefused, "GB/T 2260"};
inline constexpr Reason kRouteUnknown{"reference.route_unknown", Kind::kRefused,
                                      "市场主体登记管理条例实施细则 4"};

}  // namespace onewindow::reference::reasons
