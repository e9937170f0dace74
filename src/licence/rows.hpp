#pragma once

#include "licence/licence.hpp"

// Rows of the room's tables; for its own files.
namespace onewindow::licence {

LicenceFacts ReadFacts(const db::Row& row);
LicenceFile ReadFileRow(const db::Row& row);

}  // namespace onewindow::licence
