#pragma once

#include <string>
#include <vector>

#include "kernel/db/db.hpp"

// What the rooms asked of the database, in the order in which it happened.
namespace onewindow::bench {

struct Operation {
    enum class Kind : std::uint8_t { kControl, kRead, kChange };
    Kind kind = Kind::kControl;
    std::uint32_t statement = 0;  // Index into Recording::statements.
    std::vector<db::Value> parameters = {};
    std::int64_t outcome = -1;  // Rows read or changed; -1 if it failed.
};

/// A group commit with the closures that it carried, or one closure of Read.
struct Block {
    bool writes = false;
    bool in_window = false;
    std::vector<Operation> operations = {};
};

struct Recording {
    std::vector<std::string> statements;
    std::vector<Block> blocks;
};

Result<> WriteRecording(const Recording& recording, const std::string& path);
Result<Recording> ReadRecording(const std::string& path);

}  // namespace onewindow::bench
