#include "naming/phrase_trie.hpp"

namespace onewindow::naming {

PhraseTrie::PhraseTrie() : slots_(64), mask_(63) {}

void PhraseTrie::Insert(std::u32string_view phrase, std::int32_t value) {
    std::uint32_t node = kRoot;
    for (const char32_t character : phrase) {
        std::uint32_t next = Step(node, character);
        if (next == kNone) {
            if (values_.size() * 2 > slots_.size()) Grow();
            next = static_cast<std::uint32_t>(values_.size());
            values_.push_back(-1);
            const std::uint64_t key = KeyOf(node, character);
            std::size_t at = SlotOf(key);
            while (slots_[at].key != 0) at = (at + 1) & mask_;
            slots_[at] = {key, next};
        }
        node = next;
    }
    if (values_[node] < 0) values_[node] = value;
}

std::int32_t PhraseTrie::Find(std::u32string_view text) const {
    std::uint32_t node = kRoot;
    for (const char32_t character : text) {
        node = Step(node, character);
        if (node == kNone) return -1;
    }
    return values_[node];
}

void PhraseTrie::Grow() {
    const std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.size() * 2, {});
    mask_ = slots_.size() - 1;
    for (const Slot& slot : old) {
        if (slot.key == 0) continue;
        std::size_t at = SlotOf(slot.key);
        while (slots_[at].key != 0) at = (at + 1) & mask_;
        slots_[at] = slot;
    }
}

}  // namespace onewindow::naming
