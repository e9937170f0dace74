#pragma once

#include "kernel/result/result.hpp"

// Every refusal of this room. 规定 = 企业名称登记管理规定 (2020); 办法 =
// 企业名称登记管理规定实施办法 (2023).
namespace onewindow::naming::reasons {

inline constexpr Reason kTable{"naming.table", Kind::kBug};
inline constexpr Reason kSnapshot{"naming.snapshot", Kind::kRefused};
inline constexpr Reason kGap{"naming.gap", Kind::kBug};

// Structure (DecideStructure); in the order of the checks, which is the contract.
inline constexpr Reason kEmpty{"naming.empty", Kind::kRefused, "企业名称登记管理规定 art. 6"};
inline constexpr Reason kTooLong{"naming.too_long", Kind::kRefused};
inline constexpr Reason kNotUtf8{"naming.not_utf8", Kind::kMalformed};
inline constexpr Reason kLetterOrDigit{"naming.letter_or_digit", Kind::kRefused,
                                       "企业名称登记管理规定 art. 5"};
inline constexpr Reason kNotStandardCharacter{"naming.not_standard_character", Kind::kRefused,
                                              "企业名称登记管理规定 art. 5; 通用规范汉字表"};
inline constexpr Reason kBrackets{"naming.brackets", Kind::kRefused,
                                  "企业名称登记管理规定实施办法 art. 9"};
inline constexpr Reason kChinaInBrackets{"naming.china_in_brackets", Kind::kRefused,
                                         "企业名称登记管理规定 art. 12(3)"};
inline constexpr Reason kRegionMissing{"naming.region_missing", Kind::kRefused,
                                       "企业名称登记管理规定 art. 6; 实施办法 art. 19"};
inline constexpr Reason kRegionElsewhere{"naming.region_elsewhere", Kind::kRefused,
                                         "企业名称登记管理规定 art. 7"};
inline constexpr Reason kDistrictAlone{"naming.district_alone", Kind::kRefused,
                                       "企业名称登记管理规定 art. 7"};
inline constexpr Reason kZoneAlone{"naming.zone_alone", Kind::kRefused,
                                   "企业名称登记管理规定 art. 7"};
inline constexpr Reason kCoreMissing{"naming.core_missing", Kind::kRefused,
                                     "企业名称登记管理规定 arts. 6, 8(1)"};
inline constexpr Reason kCoreTooShort{"naming.core_too_short", Kind::kRefused,
                                      "企业名称登记管理规定 art. 8(1)"};
inline constexpr Reason kCoreIsRegion{"naming.core_is_region", Kind::kRefused,
                                      "企业名称登记管理规定 art. 8(2)"};
inline constexpr Reason kCoreMayBeRegion{"naming.core_may_be_region", Kind::kRefused,
                                         "企业名称登记管理规定 art. 8(2)"};
inline constexpr Reason kCoreIsIndustry{"naming.core_is_industry", Kind::kRefused,
                                        "企业名称登记管理规定 art. 8(2)"};
inline constexpr Reason kCoreDisputed{"naming.core_disputed", Kind::kRefused,
                                      "企业名称登记管理规定 arts. 6, 8"};
inline constexpr Reason kIndustryMissing{"naming.industry_missing", Kind::kRefused,
                                         "企业名称登记管理规定 arts. 6, 9; 实施办法 art. 20"};
inline constexpr Reason kIndustryUnknown{"naming.industry_unknown", Kind::kRefused,
                                         "企业名称登记管理规定 art. 9"};
inline constexpr Reason kGroup{"naming.group", Kind::kRefused,
                               "企业名称登记管理规定 art. 14; 实施办法 art. 17"};
inline constexpr Reason kFormMissing{"naming.form_missing", Kind::kRefused,
                                     "企业名称登记管理规定 art. 10"};
inline constexpr Reason kFormMismatch{"naming.form_mismatch", Kind::kRefused,
                                      "企业名称登记管理规定 art. 10; 公司法 art. 7"};
inline constexpr Reason kIndividualWord{"naming.individual_word", Kind::kRefused,
                                        "企业名称登记管理规定 arts. 10, 25"};
inline constexpr Reason kBranchParent{"naming.branch_parent", Kind::kRefused,
                                      "企业名称登记管理规定 art. 13"};
inline constexpr Reason kBranchSuffix{"naming.branch_suffix", Kind::kRefused,
                                      "企业名称登记管理规定 art. 13"};
inline constexpr Reason kNotABranch{"naming.not_a_branch", Kind::kRefused,
                                    "企业名称登记管理规定 art. 13"};
inline constexpr Reason kWordForbidden{"naming.word_forbidden", Kind::kRefused,
                                       "企业名称登记管理规定 art. 11"};
inline constexpr Reason kWordNeedsApproval{"naming.word_needs_approval", Kind::kRefused,
                                           "企业名称登记管理规定 arts. 11, 12"};
inline constexpr Reason kWordReview{"naming.word_review", Kind::kRefused,
                                    "企业名称登记管理规定 arts. 11, 12"};

// Comparison and holding.
inline constexpr Reason kSame{"naming.same", Kind::kRefused, "企业名称登记管理规定 art. 17"};
inline constexpr Reason kAlreadyYours{"naming.already_yours", Kind::kRefused,
                                      "企业名称登记管理规定 art. 18"};
inline constexpr Reason kAuthorityUnknown{"naming.authority_unknown", Kind::kMalformed};
inline constexpr Reason kStatusUnknown{"naming.status_unknown", Kind::kMalformed};
inline constexpr Reason kUntilUnreadable{"naming.until_unreadable", Kind::kMalformed};
inline constexpr Reason kSimilar{"naming.similar", Kind::kRefused,
                                 "企业名称登记管理规定 art. 21; 企业名称相同相近比对规则"};
inline constexpr Reason kNearInShape{"naming.near_in_shape", Kind::kRefused,
                                     "企业名称登记管理规定 art. 21"};
// What a rule means, as a part of the sentences above.
inline constexpr Reason kWhyN1{"naming.why.N1", Kind::kRefused};
inline constexpr Reason kWhyN2{"naming.why.N2", Kind::kRefused};
inline constexpr Reason kWhyN3{"naming.why.N3", Kind::kRefused};
inline constexpr Reason kWhyN4{"naming.why.N4", Kind::kRefused};
inline constexpr Reason kWhyN5{"naming.why.N5", Kind::kRefused};
inline constexpr Reason kWhyL1{"naming.why.L1", Kind::kRefused};
inline constexpr Reason kWhyL2{"naming.why.L2", Kind::kRefused};
inline constexpr Reason kWhyL3{"naming.why.L3", Kind::kRefused};
inline constexpr Reason kHoldUnknown{"naming.hold_unknown", Kind::kNotFound};
inline constexpr Reason kHoldEnded{"naming.hold_ended", Kind::kRefused,
                                   "企业名称登记管理规定 art. 18"};
inline constexpr Reason kNotRegistered{"naming.not_registered", Kind::kConflict};
inline constexpr Reason kMoved{"naming.moved", Kind::kConflict};

}  // namespace onewindow::naming::reasons
