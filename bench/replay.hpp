#pragma once

#include <map>
#include <string>

#include "recording.hpp"

namespace onewindow::bench {

struct Replayed {
    std::int64_t cpu_ns = 0;   // Of the window's blocks,
    std::int64_t wall_ns = 0;  // with every fsync.
    std::int64_t statements = 0, commits = 0, closures = 0, rows_read = 0, rows_changed = 0;
    std::int64_t differences = 0;  // Statements of the whole recording with another outcome than they had; reads of the
                                   // rooms' side ran on other connections and may see a commit more or less.
    std::int64_t changes_that_differ = 0;
};

/// The same statements with the same parameters in the same transactions and group commits, on the bare engine: SQLite's
/// C interface, every statement prepared once, rows read and dropped. `path` is the store as it was when the recording
/// began. Settings of the connection are those of kernel/db.
Result<Replayed> ReplayBare(const Recording& recording, const std::string& path);

/// Rows of every table.
Result<std::map<std::string, std::int64_t>> CountRows(const std::string& path);

}  // namespace onewindow::bench
