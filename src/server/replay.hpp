#pragma once

#include <string>
#include <vector>

#include "kernel/api/api.hpp"
#include "progress/events.hpp"

namespace onewindow::server {

/// One table of the cases, as it is and as the timeline tells it.
struct ReplayedTable {
    std::string name;
    std::size_t rows = 0;
    std::size_t missing = 0, added = 0;   // Rows that only one side has: the table's, the timeline's.
    std::vector<std::string> examples;  // Keys of some of these, with "-" or "+": no personal facts.
};

struct ReplayReport {
    std::int64_t events = 0;
    std::vector<ReplayedTable> tables;
    bool IsEqual() const;
};

/// Tables that no event writes, by the beginning of their names, each with the reason. All others are compared.
struct NotReplayed {
    std::string_view prefix, why;
};
std::vector<NotReplayed> TablesNotReplayed();

/// Applies the whole timeline to an empty store in `folder` and compares every table of the cases row by row (I13).
/// While nobody writes.
Result<ReplayReport> ReplayAndCompare(api::Services& services, const progress::EventKinds& kinds, const std::string& folder);

}  // namespace onewindow::server
