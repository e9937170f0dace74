#include "kernel/api/purge.hpp"

#include "kernel/api/queries.gen.hpp"

namespace onewindow::api {

Result<std::int64_t> PurgeAnswers(db::Transaction& tx, Instant now) {
    return tx.Execute(queries::kPurgeAnswers, now - kAnswersKept);
}

}  // namespace onewindow::api
