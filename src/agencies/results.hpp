#pragma once

#include <string>
#include <vector>

#include "kernel/json/json.hpp"
#include "kernel/random/random.hpp"

namespace onewindow::agencies {

/// One answer that an agency gives to a message, in order; `step` is empty for the last, which is "done".
struct Reply {
    std::string state;  // accepted | done
    std::string step = {};
    json::object result = {};
};

/// Everything that this agency does for a message: accepted, its steps, done with typed results. Numbers come from the
/// case number, so that a repeat after a crash finds the same.
std::vector<Reply> RepliesTo(const json::value& message, std::int64_t sequence);

}  // namespace onewindow::agencies
