#pragma once

#include <memory>

#include "naming/region_names.hpp"
#include "reference/reference.hpp"

namespace onewindow::naming {

/// The divisions of a reference snapshot, to county level, as names are read by them. Kept for the
/// last snapshot, so that a check costs no building.
std::shared_ptr<const RegionNames> IndexRegions(const reference::Snapshot& snapshot);

}  // namespace onewindow::naming
