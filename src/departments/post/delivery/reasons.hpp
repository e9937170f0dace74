#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::departments::post::delivery::reasons {

inline constexpr Reason kReceiver{"delivery.receiver", Kind::kRefused, "邮政法 26"};
inline constexpr Reason kTracking{"delivery.tracking_number", Kind::kRefused};

}  // namespace onewindow::departments::post::delivery::reasons
