#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "kernel/result/result.hpp"

// What the measured service counts about itself, in memory that it shares with the benchmark.
namespace onewindow::bench {

/// Times are nanoseconds of a thread's CPU, never of the wall's clock.
enum class Count : std::size_t {
    kRequests,
    kRequestsNs,  // Inside the handler, on workers.
    kCalls,       // To other systems.
    kCallsNs,
    kSigns,
    kSignsNs,
    kVerifies,  // Of signatures, certificates' own included.
    kVerifiesNs,
    kSeals,  // Sealed, opened, digested, looked up.
    kSealsNs,
    kRenderings,
    kRenderingsNs,
    kReads,
    kReadsNs,  // Closures of Read, the engine included.
    kWrites,
    kWritesNs,          // What Write takes of its caller's thread.
    kCryptoInClosures,  // Nanoseconds.
    kWriterThread,      // Its number, for the clock of the thread that runs the closures of Write.
    kRenderedAgain,     // After the end, alone: the window's documents, for the bare cost of rendering.
    kRenderedAgainNs,
    kWindow,  // Set by the benchmark: 1 while openings are measured.
    kCountOf
};

using Snapshot = std::array<std::int64_t, static_cast<std::size_t>(Count::kCountOf)>;

class Counters {
   public:
    /// Makes the file and maps it; `create` false opens what is there.
    static Result<Counters*> Map(const std::string& path, bool create);

    void Add(Count count, std::int64_t by) { At(count).fetch_add(by, std::memory_order_relaxed); }
    void Set(Count count, std::int64_t value) { At(count).store(value); }
    std::int64_t Get(Count count) const { return values_[static_cast<std::size_t>(count)].load(); }
    Snapshot Now() const;

   private:
    std::atomic<std::int64_t>& At(Count count) { return values_[static_cast<std::size_t>(count)]; }
    std::array<std::atomic<std::int64_t>, static_cast<std::size_t>(Count::kCountOf)> values_;
};

/// CPU nanoseconds of the calling thread.
std::int64_t ThreadNs();
/// CPU nanoseconds of another process, all threads; user and system.
std::int64_t ProcessNs(int pid);
/// CPU nanoseconds of one thread of another process.
std::int64_t ThreadNs(int pid, std::int64_t thread);
std::int64_t WallNs();

inline constexpr const char* kCountersVariable = "ONEWINDOW_BENCH_COUNTERS";

}  // namespace onewindow::bench
