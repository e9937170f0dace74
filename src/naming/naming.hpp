#pragma once

// The face of this room: the only header that another room includes.
#include "naming/changes.hpp"          // IWYU pragma: export
#include "naming/check_name.hpp"       // IWYU pragma: export
#include "naming/check_structure.hpp"  // IWYU pragma: export
#include "naming/compare_names.hpp"    // IWYU pragma: export
#include "naming/end_name.hpp"         // IWYU pragma: export
#include "naming/examiner.hpp"         // IWYU pragma: export
#include "naming/hold_name.hpp"        // IWYU pragma: export
#include "naming/index_regions.hpp"    // IWYU pragma: export
#include "naming/name_tables.hpp"      // IWYU pragma: export
#include "naming/parse_name.hpp"       // IWYU pragma: export
#include "naming/reasons.hpp"          // IWYU pragma: export
#include "naming/record_name.hpp"      // IWYU pragma: export
#include "naming/region_names.hpp"     // IWYU pragma: export
#include "naming/register_name.hpp"    // IWYU pragma: export
