#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>

#include "kernel/result/result.hpp"

namespace onewindow::naming::engine {

/// A list that one writer makes longer while any number of readers look at what is already there,
/// without locks: items never move. Blocks double in size.
template <class T>
class AppendList {
 public:
    AppendList() = default;
    AppendList(const AppendList&) = delete;
    ~AppendList() {
        for (auto& block : blocks_) delete[] block.load();
    }

    std::size_t size() const { return size_.load(std::memory_order_acquire); }
    const T& operator[](std::size_t at) const { return *Slot(at); }
    T& at(std::size_t at) { return *Slot(at); }

    /// One caller at a time. Returns the item's place.
    std::size_t Add(T item) {
        const std::size_t at = size_.load(std::memory_order_relaxed);
        const std::size_t block = BlockOf(at);
        OW_ASSERT(block < blocks_.size());
        if (blocks_[block].load(std::memory_order_relaxed) == nullptr) {
            blocks_[block].store(new T[kFirst << block](), std::memory_order_release);
        }
        *Slot(at) = std::move(item);
        size_.store(at + 1, std::memory_order_release);
        return at;
    }

 private:
    static constexpr std::size_t kFirst = 1024;

    static std::size_t BlockOf(std::size_t at) {
        return static_cast<std::size_t>(63 - __builtin_clzll(at / kFirst + 1));
    }
    T* Slot(std::size_t at) const {
        const std::size_t block = BlockOf(at);
        const std::size_t before = kFirst * ((std::size_t{1} << block) - 1);
        return blocks_[block].load(std::memory_order_acquire) + (at - before);
    }

    std::array<std::atomic<T*>, 24> blocks_{};
    std::atomic<std::size_t> size_{0};
};

}  // namespace onewindow::naming::engine
