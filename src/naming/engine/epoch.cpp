#include "naming/engine/epoch.hpp"

#include <algorithm>
#include <limits>

#include "kernel/result/result.hpp"

namespace onewindow::naming::engine {
namespace {

/// Threads are numbered densely; a number is given back when its thread ends.
class ThreadNumbers {
 public:
    static std::size_t OfThisThread() {
        thread_local const Holder holder;
        return holder.number;
    }

 private:
    struct Holder {
        Holder() : number(Take()) {}
        ~Holder() { Give(number); }
        std::size_t number;
    };
    static std::mutex& Mutex() {
        static std::mutex mutex;
        return mutex;
    }
    static std::vector<std::size_t>& Free() {
        static std::vector<std::size_t> free;
        return free;
    }
    static std::size_t Take() {
        static std::size_t next = 0;
        const std::lock_guard lock(Mutex());
        if (Free().empty()) return next++;
        const std::size_t number = Free().back();
        Free().pop_back();
        return number;
    }
    static void Give(std::size_t number) {
        const std::lock_guard lock(Mutex());
        Free().push_back(number);
    }
};

}  // namespace

std::atomic<std::uint64_t>* Epochs::SlotOfThread() {
    const std::size_t number = ThreadNumbers::OfThisThread();
    OW_ASSERT(number < kSlots);
    return &slots_[number].since;
}

Epochs::Reader::Reader(Epochs& epochs) : slot_(epochs.SlotOfThread()) {
    nested_ = slot_->load(std::memory_order_relaxed) != 0;
    // Sequentially consistent: the writer must see this slot, or this reader the writer's new
    // pointer.
    if (!nested_)
        slot_->store(epochs.now_.load(std::memory_order_seq_cst), std::memory_order_seq_cst);
}

Epochs::Reader::~Reader() {
    if (!nested_) slot_->store(0, std::memory_order_release);
}

void Epochs::Retire(std::function<void()> drop) {
    const std::uint64_t at = now_.fetch_add(1, std::memory_order_seq_cst);
    retired_.push_back({at, std::move(drop)});
    Sweep();
}

void Epochs::Sweep() {
    std::uint64_t oldest = std::numeric_limits<std::uint64_t>::max();
    for (const Slot& slot : slots_) {
        const std::uint64_t since = slot.since.load(std::memory_order_seq_cst);
        if (since != 0) oldest = std::min(oldest, since);
    }
    const auto kept = std::partition(retired_.begin(), retired_.end(),
                                     [&](const Retired& retired) { return retired.at >= oldest; });
    for (auto at = kept; at != retired_.end(); ++at) at->drop();
    retired_.erase(kept, retired_.end());
}

Epochs::~Epochs() {
    for (const Retired& retired : retired_) retired.drop();
}

}  // namespace onewindow::naming::engine
