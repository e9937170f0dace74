#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

namespace onewindow::naming::engine {

/// Lets readers use what a pointer shows without a lock, and tells the writer when nobody can still
/// be using what it replaced. A reader says in its own slot since when it reads; the writer frees
/// what is older than every reader.
class Epochs {
 public:
    /// While it lives, nothing that was published is freed.
    class Reader {
     public:
        explicit Reader(Epochs& epochs);
        ~Reader();
        Reader(const Reader&) = delete;

     private:
        std::atomic<std::uint64_t>* slot_;
        bool nested_;
    };

    ~Epochs();
    /// Frees `drop` as soon as no reader that was there before can be using it. One caller at a
    /// time.
    void Retire(std::function<void()> drop);

 private:
    static constexpr std::size_t kSlots = 1024;
    struct alignas(64) Slot {
        std::atomic<std::uint64_t> since{0};  // 0: not reading.
    };
    std::atomic<std::uint64_t>* SlotOfThread();
    void Sweep();

    std::vector<Slot> slots_ = std::vector<Slot>(kSlots);
    std::atomic<std::uint64_t> now_{1};
    struct Retired {
        std::uint64_t at;
        std::function<void()> drop;
    };
    std::vector<Retired> retired_;
};

}  // namespace onewindow::naming::engine
