#pragma once

#include "kernel/clock/clock.hpp"
#include "kernel/db/db.hpp"

namespace onewindow::auth {

/// How long an ended session stays, for whoever asks who was logged in (网络安全法 21: six months).
inline constexpr std::chrono::days kSessionKept{190};

/// Drops sessions that are past their keeping, and login attempts that lock nothing any more. Returns how many rows.
Result<std::int64_t> PurgeSessions(db::Transaction& tx, Instant now);

}  // namespace onewindow::auth
