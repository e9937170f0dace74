#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::entity_types::cooperative::reasons {

inline constexpr Reason kTooFewFarmers{"cooperative.too_few_farmers", Kind::kRefused, "农民专业合作社法 20"};
inline constexpr Reason kTooManyOrganisations{"cooperative.too_many_organisations", Kind::kRefused, "农民专业合作社法 20"};
inline constexpr Reason kOrganisationIsNoFarmer{"cooperative.organisation_is_no_farmer", Kind::kRefused, "农民专业合作社法 19、20"};
inline constexpr Reason kMemberMinor{"cooperative.member_minor", Kind::kRefused, "农民专业合作社法 19"};
inline constexpr Reason kNotAMember{"cooperative.not_a_member", Kind::kRefused, "农民专业合作社法 33"};
inline constexpr Reason kSupervisorHoldsOffice{"cooperative.supervisor_holds_office", Kind::kRefused, "农民专业合作社法 33"};
inline constexpr Reason kSupervisorCount{"cooperative.supervisor_count", Kind::kRefused, "农民专业合作社法 33"};

}  // namespace onewindow::entity_types::cooperative::reasons
