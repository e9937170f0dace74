#include "kernel/jobs/purge.hpp"

#include "kernel/jobs/queries.gen.hpp"

namespace onewindow::jobs {

Result<std::int64_t> PurgeEnded(db::Transaction& tx, Instant now, std::int64_t count_max) {
    return tx.Execute(queries::kPurgeEnded, now - kEndedKept, now - kKeyedKept, count_max);
}

}  // namespace onewindow::jobs
