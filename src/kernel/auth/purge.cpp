#include "kernel/auth/purge.hpp"

#include "kernel/auth/auth.hpp"
#include "kernel/auth/queries.gen.hpp"

namespace onewindow::auth {

Result<std::int64_t> PurgeSessions(db::Transaction& tx, Instant now) {
    OW_TRY(const std::int64_t sessions, tx.Execute(queries::kPurgeSessions, now - kSessionKept));
    OW_TRY(const std::int64_t attempts, tx.Execute(queries::kDeleteOldAttempts, now - kLockTime));
    return sessions + attempts;
}

}  // namespace onewindow::auth
