#pragma once

#include <string>

#include "kernel/result/result.hpp"

// The service of a benchmark: the real one, with clocks at the doors between its parts. The linker puts them there
// (--wrap, see CMakeLists.txt), so that the service's own code knows nothing of them.
namespace onewindow::bench {

/// Before the service starts, where ONEWINDOW_BENCH_COUNTERS names the shared file; else nothing is measured.
Result<> InstallInstruments();

/// After the service has ended: renders the window's documents again, alone, and writes what the database was asked
/// beside the counters (".sql").
Result<> FinishInstruments();

}  // namespace onewindow::bench
