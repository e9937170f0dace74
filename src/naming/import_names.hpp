#pragma once

#include <functional>
#include <istream>
#include <string>
#include <vector>

#include "naming/record_name.hpp"

namespace onewindow::naming {

struct ImportReport {
    std::int64_t lines = 0, recorded = 0, changed = 0, without_core = 0;
    /// Lines that could not be read, the first hundred; `refused` counts all.
    struct Refused {
        std::int64_t line;
        std::string reason;  // Its code.
    };
    std::int64_t refused = 0;
    std::vector<Refused> first_refused = {};
};

/// Reads a register: lines of full name, authority code and, where wanted, status ("registered",
/// "held", "cancelled", "renamed", "revoked"), until (day), id; between tabs. Many rows a
/// transaction; a row whose id is known takes over the new status. Names are recorded as they are,
/// without examination; a line that cannot be read is reported and skipped. Stops at the first
/// fault of the storage; what was committed by then stays, and the same file may be read again if
/// its rows have ids.
Result<ImportReport> ImportNames(db::Database& database, const NamingContext& context,
                                 const Clock& clock, Random& random, std::istream& in);

}  // namespace onewindow::naming
