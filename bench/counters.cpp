#include "counters.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <new>

#include "kernel/files/files.hpp"

namespace onewindow::bench {
namespace {

std::int64_t Read(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

Result<Counters*> Counters::Map(const std::string& path, bool create) {
    const int file = open(path.c_str(), O_RDWR | O_CLOEXEC | (create ? O_CREAT | O_TRUNC : 0), 0600);
    if (file < 0) return Refuse(files::reasons::kCannotRead, path);
    const bool sized = ftruncate(file, sizeof(Counters)) == 0;
    void* const memory = sized ? mmap(nullptr, sizeof(Counters), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
    close(file);
    if (memory == MAP_FAILED) return Refuse(files::reasons::kCannotRead, path);
    return static_cast<Counters*>(memory);
}

Snapshot Counters::Now() const {
    Snapshot snapshot{};
    for (std::size_t i = 0; i < snapshot.size(); ++i) snapshot[i] = values_[i].load();
    return snapshot;
}

std::int64_t ThreadNs() { return Read(CLOCK_THREAD_CPUTIME_ID); }

std::int64_t WallNs() { return Read(CLOCK_MONOTONIC); }

std::int64_t ProcessNs(int pid) {
    clockid_t clock{};
    if (clock_getcpuclockid(pid, &clock) != 0) return 0;
    return Read(clock);
}

std::int64_t ThreadNs(int pid, std::int64_t thread) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/task/" + std::to_string(thread) + "/schedstat");
    std::int64_t ran = 0;
    in >> ran;
    return ran;
}

}  // namespace onewindow::bench
