#pragma once

#include "kernel/clock/clock.hpp"
#include "kernel/db/db.hpp"

namespace onewindow::jobs {

/// How long an ended job stays to be looked at; one with a key longer, since its key keeps an equal order from running
/// again: longer than anything that orders by key goes on (a name is held for a year at most).
inline constexpr std::chrono::days kEndedKept{30};
inline constexpr std::chrono::days kKeyedKept{400};

/// Drops at most `count_max` jobs that are done or cancelled and past their keeping; dead ones wait for an officer.
/// Returns how many.
Result<std::int64_t> PurgeEnded(db::Transaction& tx, Instant now, std::int64_t count_max);

}  // namespace onewindow::jobs
