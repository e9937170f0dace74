#pragma once

#include "naming/end_name.hpp"

namespace onewindow::naming {

struct RegisterRequest {
    NameId hold_id = {};
    std::string case_id = {};
    OrgKind kind = OrgKind::kCompany;
    std::string seat = {};                 // As in NameRequest.
    std::string parent_name = {};
    std::set<std::string> approvals = {};
};

/// Whether a re-examined hold may become a registered name: it runs, and nothing blocks it now. Pure.
Result<> DecideRegistration(const StoredName& hold, const Examination& examination, Instant now);

/// At the licence: examines the held name once more by today's tables and registers it, in the caller's
/// transaction. Refused with kHoldUnknown, kHoldEnded, or all that now stands against the name.
Result<> RegisterName(db::Transaction& tx, const NamingContext& context, const Clock& clock,
                      const RegisterRequest& request);

}  // namespace onewindow::naming
