#pragma once

#include <boost/describe.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace onewindow::auth {

/// 三员 (administrator, security officer, auditor) are three separate people.
enum class Role {
    kApplicant,      // Any natural person with a verified identity.
    kRegistrar,      // 登记人员 of one registration authority.
    kAgencyOfficer,  // 部门经办 of one agency in one region.
    kSealMaker,      // 印章刻制单位; `unit` is the maker.
    kWindowClerk,    // 出件窗口 of one hall; `unit` is the hall.
    kHelper,         // 帮办.
    kSupervisor,     // 督办 of a region.
    kAdministrator,
    kSecurityOfficer,
    kAuditor,
};
BOOST_DESCRIBE_ENUM(Role, kApplicant, kRegistrar, kAgencyOfficer, kSealMaker, kWindowClerk, kHelper,
                    kSupervisor, kAdministrator, kSecurityOfficer, kAuditor)

/// A right: a role within a region (370000 covers the province, 370100 a city, 370102 a county)
/// and, where the role needs it, one unit (agency id, maker id, hall id, authority code; empty: any
/// of the region).
struct Grant {
    Role role{};
    std::string region;
    std::string unit;
    bool operator==(const Grant&) const = default;
};
BOOST_DESCRIBE_STRUCT(Grant, (), (role, region, unit))

/// Does the region code cover the place? "370100" covers "370102".
bool Covers(std::string_view region, std::string_view place);

/// Who is asking. Without an account nobody is logged in.
struct Principal {
    std::string account;
    std::string person;  // Person id of an applicant, else empty.
    std::string session;
    std::string csrf;  // Expected token of a cookie session; empty for bearer sessions.
    std::vector<Grant> grants;

    bool IsLoggedIn() const { return !account.empty(); }
    bool Has(Role role) const;
    /// A grant of the role that covers the place and, where `unit` is not empty, names it or any.
    bool May(Role role, std::string_view place, std::string_view unit = {}) const;
};

}  // namespace onewindow::auth
