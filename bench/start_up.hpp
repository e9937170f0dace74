#pragma once

#include <cstdint>
#include <string>

#include "kernel/result/result.hpp"

namespace onewindow::bench {

struct StartUp {
    std::int64_t cases = 0, rows = 0, file_bytes = 0;
    std::int64_t wall_ns = 0;     // From the start of the process to the first answered request, which reads the store.
    std::int64_t cpu_ns = 0;      // Of the service until then.
    std::int64_t idle_rss_kib = 0, idle_anonymous_kib = 0;
    double idle_cpu_percent = 0;
};

/// Multiplies the finished cases of the store in `data` until there are `cases`, and starts the service on it.
Result<StartUp> MeasureStartUp(const std::string& data, std::int64_t cases);

}  // namespace onewindow::bench
