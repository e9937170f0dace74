#pragma once

#include <string>

#include "counters.hpp"

namespace onewindow::bench {

/// What many readings of one kind took of the service.
struct Readings {
    std::int64_t answers = 0;
    std::int64_t server_ns = 0;
    double EachNs() const { return answers == 0 ? 0 : static_cast<double>(server_ns) / static_cast<double>(answers); }
};

struct Openings {
    int applications = 0;
    Snapshot counted{};          // Difference over the window.
    std::int64_t server_ns = 0;  // CPU of the service over the window; client and agencies are other processes.
    std::int64_t writer_ns = 0;  // Of that, the thread that runs the closures of Write and their commits.
    std::int64_t wall_ns = 0;
    Readings hello, status_reads;
    std::int64_t rss_kib = 0;  // At the end, with its recording.
    std::string store_before, store_after, recording;

    std::int64_t Of(Count count) const { return counted[static_cast<std::size_t>(count)]; }
};

/// Starts service and agencies in the empty folder `data`, files generated applications as a stranger's client would,
/// and follows each to its end. Refused if one of them does not end as it should.
Result<Openings> RunOpenings(const std::string& data, int applications);

/// CPU of one signature and of one verification, alone, by kernel/crypto with keys that are ready.
struct BareSm2 {
    double sign_ns = 0, verify_ns = 0;
};
BareSm2 MeasureSm2();

/// CPU of one licence, 正本 and 副本.
Result<std::pair<double, double>> MeasureLicenceNs();

}  // namespace onewindow::bench
