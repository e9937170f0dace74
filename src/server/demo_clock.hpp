#pragma once

#include "kernel/clock/clock.hpp"
#include "reference/reference.hpp"

namespace onewindow::server {

/// Demo mode shifts the clock to the next working day 09:05, so that office time is never a vacuous zero. The shift is kept
/// in DIR/demo_clock and only ever grows, so that time does not run backwards between starts; it grows again when the
/// shifted time would lie outside 09:00–11:00 of a working day. Zero if `real_clock`.
Result<std::chrono::milliseconds> DemoShift(const std::string& data, const Clock& machine, const reference::Snapshot& reference, bool real_clock);

}  // namespace onewindow::server
