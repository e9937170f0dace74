#pragma once

#include "kernel/clock/clock.hpp"
#include "kernel/db/db.hpp"

namespace onewindow::api {

/// How long the first answer to a write that belongs to no case is kept for repeats.
inline constexpr std::chrono::days kAnswersKept{30};

/// Forgets answers without a subject that are older; those of a case live as long as the case (ForgetAnswers). Returns
/// how many.
Result<std::int64_t> PurgeAnswers(db::Transaction& tx, Instant now);

}  // namespace onewindow::api
