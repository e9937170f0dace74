#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/result/result.hpp"
#include "reference/snapshot.hpp"

namespace onewindow::reference {

/// Exactly one of `minutes` (0–600,000) and `workdays` (1–1,500) is given.
struct DeadlineQuestion {
    std::string_view from;  // As ParseInstant reads it; without offset Asia/Shanghai.
    std::optional<std::int64_t> minutes = {};
    std::optional<std::int64_t> workdays = {};
    std::string_view hall = {};  // Empty: the default hours.
};

struct Deadline {
    Instant from, due;
    std::int64_t minutes = 0;  // Working minutes up to `due`; for workdays those that lie between.
    std::string hall, calendar;
    bool provisional = false;
};

Result<Deadline> FindDeadline(const Snapshot& snapshot, const DeadlineQuestion& question);

/// {"from","due","minutes","hall","calendar","provisional"}
boost::json::object ToJson(const Deadline& deadline);

}  // namespace onewindow::reference
