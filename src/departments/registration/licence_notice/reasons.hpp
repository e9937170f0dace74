#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::departments::registration::licence_notice::reasons {

inline constexpr Reason kReceipt{"licence_notice.receipt", Kind::kRefused};

}  // namespace onewindow::departments::registration::licence_notice::reasons
