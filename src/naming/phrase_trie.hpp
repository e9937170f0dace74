#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace onewindow::naming {

/// Phrases by their characters, one after the other: finds all that start at a place in one walk.
/// Filled once, then read by many.
class PhraseTrie {
 public:
    PhraseTrie();

    /// `value` is the phrase's number, 0 or more; the first one of a phrase stays.
    void Insert(std::u32string_view phrase, std::int32_t value);

    /// Calls `found(length, value)` for every phrase that `text` starts with, the shortest first.
    template <class F>
    void EachAt(std::u32string_view text, F&& found) const {
        std::uint32_t node = kRoot;
        for (std::size_t i = 0; i < text.size(); ++i) {
            node = Step(node, text[i]);
            if (node == kNone) return;
            if (values_[node] >= 0) found(i + 1, values_[node]);
        }
    }

    /// The number of the phrase that is the whole text, or -1.
    std::int32_t Find(std::u32string_view text) const;

 private:
    static constexpr std::uint32_t kRoot = 0, kNone = 0xFFFFFFFF;

    std::uint32_t Step(std::uint32_t node, char32_t character) const {
        const std::uint64_t key = KeyOf(node, character);
        for (std::size_t at = SlotOf(key);; at = (at + 1) & mask_) {
            if (slots_[at].key == key) return slots_[at].node;
            if (slots_[at].key == 0) return kNone;
        }
    }
    // Never 0, which marks an empty slot.
    static std::uint64_t KeyOf(std::uint32_t node, char32_t character) {
        return (std::uint64_t{node} << 22U) | (std::uint64_t{character} + 1);
    }
    std::size_t SlotOf(std::uint64_t key) const {
        return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> 20U) & mask_;
    }
    void Grow();

    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t node = 0;
    };
    std::vector<Slot> slots_;
    std::size_t mask_;
    std::vector<std::int32_t> values_{-1};  // By node.
};

}  // namespace onewindow::naming
