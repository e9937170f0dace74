#pragma once

#include <string_view>
#include <vector>

#include "kernel/documents/page.hpp"

namespace onewindow::documents {

/// One step of a path; `numbers` holds 2, 2, 6 or 0 coordinates in mm.
struct PathStep {
    char command = 'M';  // M, L, C, Z
    double numbers[6] = {};
};

/// Reads a path's data; refuses kRendering unless it follows the grammar given at Path.
Result<std::vector<PathStep>> ParsePath(std::string_view data);

}  // namespace onewindow::documents
