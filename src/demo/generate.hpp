#pragma once

#include <cstdint>

#include "kernel/json/json.hpp"
#include "reference/reference.hpp"

namespace onewindow::demo {

/// A realistic application in the format of samples/*.json. The same arguments give the same application; different `n`
/// (below 100,000) under one seed give different names, persons, documents, numbers and places over all counties.
/// Everything is invented: documents have a sequence of 900–999, mobiles the prefix 154, organisations a body of MA0E….
/// Names are drawn by chance and may coincide with those of real businesses.
json::object GenerateApplication(std::uint64_t seed, std::uint64_t n, const reference::Snapshot& snapshot);

}  // namespace onewindow::demo
