#pragma once

#include <span>
#include <string_view>

namespace onewindow::progress {

/// Why time may stop counting. The list is published (GET /api/v1/pause-reasons); nothing else
/// stops a clock.
struct PauseReason {
    std::string_view code;  // Text: "pause_reason.<code>".
    std::string_view citation;
    bool applicant_holds = false;  // The applicant must be the holder meanwhile.
};

std::span<const PauseReason> PauseReasons();
/// Null if there is no such reason.
const PauseReason* FindPauseReason(std::string_view code);

}  // namespace onewindow::progress
