#pragma once

#include "naming/changes.hpp"

namespace onewindow::naming {

/// Gives a hold up before its time (the case was withdrawn). Refused with kHoldUnknown if it is not this case's,
/// kHoldEnded if it is over already.
Result<> ReleaseHold(db::Transaction& tx, const Clock& clock, const NameId& id, const std::string& case_id);

/// A registered name ends: cancelled, renamed or revoked on a day. It blocks others for a year more.
/// Refused with kNotRegistered if it is not registered.
Result<> EndName(db::Transaction& tx, const NamingContext& context, const Clock& clock, const NameId& id,
                 NameStatus how, Date ended_on);

struct ExpiredHold {
    NameId id = {};
    std::string name = {};
    std::string case_id = {};
};

/// Marks holds whose time is over, at most `limit`; the body of a job. The names are free by their date, whether
/// or not this ran. Safe beside itself and every other use case.
Result<std::vector<ExpiredHold>> ExpireHolds(db::Transaction& tx, Instant now, int limit = 500);

/// A name's row as later steps need it.
struct StoredName {
    NameId id = {};
    std::string name = {}, core = {}, declared_core = {}, industry_class = {}, authority_code = {}, scope_code = {}, status = {}, case_id = {};
    std::optional<Instant> until = {};
    std::int64_t version = 0;
};

Result<std::optional<StoredName>> FindName(db::Transaction& tx, const NameId& id);

/// Moves a name to another status and tells the change feed; kMoved if somebody else moved it. For this room's
/// use cases only.
Result<> MoveName(db::Transaction& tx, Instant now, const StoredName& name, NameStatus status,
                  std::optional<Instant> until);

}  // namespace onewindow::naming
