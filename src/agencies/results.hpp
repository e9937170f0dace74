#pragma once

#include <string>
#include <vector>

#include "kernel/json/json.hpp"
#include "kernel/random/random.hpp"

namespace onewindow::agencies {

/// One answer that an agency gives to a message, in order; with a step the state is "accepted".
struct Reply {
    std::string state;  // accepted | done
    std::string step = {};
    json::object result = {};
};

/// Everything that this agency does for a message: accepted, its steps, done with typed results.
/// `sequence` is the case's number at this agency: what is given out follows from it, so that a
/// corrected message keeps its numbers.
std::vector<Reply> RepliesTo(const json::value& message, std::int64_t sequence);

}  // namespace onewindow::agencies
