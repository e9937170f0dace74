#pragma once

#include <atomic>

// For *_test.cpp only.
namespace onewindow::testing {

/// SQLite's file layer over a disk that counts its fsyncs and fails on order. One for the process, since SQLite keeps a
/// list of layers: tests reset it.
class FailingDisk {
 public:
    static FailingDisk& Get();

    /// The layer's name, for SqliteOptions::vfs.
    const char* vfs();
    void Reset();
    /// The log's n-th fsync from now fails, and all after it.
    void FailLogSync(int nth) { until_failure_ = nth; }

    std::atomic<bool> sync_fails = false, checkpoint_fails = false, write_is_full = false;
    /// A failed fsync of the log takes with it what was written since the last good one, as a power cut would. Otherwise
    /// everything is there after all. Nobody can know which.
    std::atomic<bool> loses = false;
    std::atomic<int> syncs = 0;

    /// Called by the layer: whether this fsync of the log is to fail.
    bool LogSyncFails();

 private:
    std::atomic<int> until_failure_ = 0;
};

}  // namespace onewindow::testing
