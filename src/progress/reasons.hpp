#pragma once

#include "kernel/result/result.hpp"

// Every refusal of this room, with its source.
namespace onewindow::progress::reasons {

inline constexpr Reason kTimelineUnknown{"progress.timeline_unknown", Kind::kNotFound};
inline constexpr Reason kTimelineExists{"progress.timeline_exists", Kind::kConflict};
inline constexpr Reason kEventKindUnknown{"progress.event_kind_unknown", Kind::kBug};
inline constexpr Reason kReplayTargetInUse{"progress.replay_target_in_use", Kind::kConflict};
inline constexpr Reason kReplayDiffers{"progress.replay_differs", Kind::kBug};
inline constexpr Reason kClockUnknown{"progress.clock_unknown", Kind::kNotFound};
inline constexpr Reason kClockExists{"progress.clock_exists", Kind::kConflict};
inline constexpr Reason kClockStopped{"progress.clock_stopped", Kind::kConflict};
/// Time may stop only for a published reason.
inline constexpr Reason kPauseReason{"progress.pause_reason", Kind::kRefused,
                                     "优化营商环境条例 35"};
inline constexpr Reason kPauseHolder{"progress.pause_holder", Kind::kRefused,
                                     "优化营商环境条例 35"};
inline constexpr Reason kSequenceMalformed{"progress.sequence_malformed", Kind::kMalformed};
inline constexpr Reason kPeriod{"progress.period", Kind::kMalformed};
inline constexpr Reason kLimitMalformed{"progress.limit_malformed", Kind::kMalformed};
inline constexpr Reason kAuthorityMalformed{"progress.authority_malformed", Kind::kMalformed};
inline constexpr Reason kSubjectMissing{"progress.subject_missing", Kind::kMalformed};

}  // namespace onewindow::progress::reasons
