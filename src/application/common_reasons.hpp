#pragma once

#include "kernel/result/result.hpp"

// Refusals that several kinds of business can give; each entity type adds its own.
namespace onewindow::application::reasons {

inline constexpr Reason kApprovalMissing{"application.approval_missing", Kind::kRefused, "市场主体登记管理条例 14"};
inline constexpr Reason kApprovalExpired{"application.approval_expired", Kind::kRefused, "市场主体登记管理条例实施细则 22"};
inline constexpr Reason kApprovalOld{"application.approval_to_be_confirmed", Kind::kRefused, "市场主体登记管理条例实施细则 22"};
inline constexpr Reason kSamePersonTwice{"application.same_person_twice", Kind::kRefused, "市场主体登记管理条例实施细则 16"};
inline constexpr Reason kMinor{"application.minor", Kind::kRefused, "公司法 178"};
inline constexpr Reason kUnknownHolder{"application.unknown_holder", Kind::kRefused, "公司法 56"};
inline constexpr Reason kHolderTwice{"application.holder_twice", Kind::kRefused, "公司法 56"};
inline constexpr Reason kCapitalMismatch{"application.capital_mismatch", Kind::kRefused, "公司法 47"};
inline constexpr Reason kContributionTooLate{"application.contribution_too_late", Kind::kRefused, "公司法 47"};
inline constexpr Reason kContributionInPast{"application.contribution_in_past", Kind::kRefused, "公司法 47"};
inline constexpr Reason kSupervisorHoldsOffice{"application.supervisor_holds_office", Kind::kRefused, "公司法 76"};
inline constexpr Reason kRepresentativeWithoutOffice{"application.representative_without_office", Kind::kRefused, "公司法 10"};
inline constexpr Reason kBoardTooSmall{"application.board_too_small", Kind::kRefused, "公司法 68"};
inline constexpr Reason kChairNotDirector{"application.chair_not_director", Kind::kRefused, "公司法 68"};
inline constexpr Reason kSupervisoryBoardTooSmall{"application.supervisory_board_too_small", Kind::kRefused, "公司法 76"};
inline constexpr Reason kOneSupervisor{"application.one_supervisor", Kind::kRefused, "公司法 83"};
inline constexpr Reason kNotExempt{"application.beneficial_owner_not_exempt", Kind::kRefused, "受益所有人信息管理办法 3"};
inline constexpr Reason kGuardianMissing{"application.guardian_missing", Kind::kRefused, "民法典 23"};
inline constexpr Reason kGuardianOfAdult{"application.guardian_of_adult", Kind::kRefused, "民法典 18"};
inline constexpr Reason kKeyTwice{"application.key_twice", Kind::kRefused};
inline constexpr Reason kSameOrganisationTwice{"application.same_organisation_twice", Kind::kRefused, "GB 32100-2015"};
inline constexpr Reason kOrganisationMissing{"application.organisation_missing", Kind::kRefused, "公司法 42"};
inline constexpr Reason kForeignInvestor{"application.foreign_investor", Kind::kRefused, "外商投资法实施条例 37、48"};
inline constexpr Reason kProvincialState{"application.provincial_state", Kind::kRefused, "市场主体登记管理条例实施细则 4"};
inline constexpr Reason kEmployeeSupervisors{"application.employee_supervisors", Kind::kRefused, "公司法 76"};
inline constexpr Reason kEmployeeDirector{"application.employee_director", Kind::kRefused, "公司法 68"};
inline constexpr Reason kAuditCommittee{"application.audit_committee", Kind::kRefused, "公司法 69"};
inline constexpr Reason kFamilyMemberTwice{"application.family_member_twice", Kind::kRefused, "市场主体登记管理条例实施细则 7"};
inline constexpr Reason kFamilyMemberMinor{"application.family_member_minor", Kind::kRefused, "民法典 18"};

}  // namespace onewindow::application::reasons
