#pragma once

#include "reference/codes/codes.hpp"
#include "review/review.hpp"

// Rows and small helpers for this room's own files.
namespace onewindow::review {

Task ReadTask(const db::Row& row);
/// A document's keyed hash in this room's tables.
std::string DocumentHash(const sealing::Sealer& sealer, std::string_view id_number);
/// Division codes [first, second) that a region covers.
std::pair<std::string, std::string> RegionBounds(std::string_view region);
json::array ToJson(const std::vector<Finding>& findings);

}  // namespace onewindow::review
