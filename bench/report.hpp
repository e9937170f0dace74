#pragma once

#include <ostream>
#include <string>

#include "kernel/result/result.hpp"

namespace onewindow::bench {

struct Plan {
    std::string folder;  // Of this run; empty.
    std::string json;
    int applications = 0;
    std::int64_t cases = 0;
};

/// Measures everything, prints the table and writes its figures as JSON. Refused only where something did not run or the
/// sides of a comparison did different work; a goal that is missed is a line of the table.
Result<> MeasureAndReport(const Plan& plan, std::ostream& out);

}  // namespace onewindow::bench
