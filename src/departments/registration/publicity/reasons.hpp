#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::departments::registration::publicity::reasons {

inline constexpr Reason kReceipt{"publicity.receipt", Kind::kRefused};

}  // namespace onewindow::departments::registration::publicity::reasons
