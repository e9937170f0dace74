#include <algorithm>
#include <bit>
#include <cstring>

#include "naming/engine/segment.hpp"

namespace onewindow::naming::engine {
namespace {

/// Sorts many keys: thrown into boxes by their top bits first, so that each box is sorted inside
/// the cache.
template <class Key, class F>
std::vector<Key> SortByBoxes(std::size_t count_hint, F&& each) {
    unsigned bits = 0;
    while (bits < 14 && (count_hint >> bits) > 4096) ++bits;
    const auto box = [bits](std::uint64_t key) {
        return bits == 0 ? std::size_t{0} : static_cast<std::size_t>(key >> (64 - bits));
    };
    std::vector<std::size_t> at((std::size_t{1} << bits) + 1);
    each([&](const Key& key) { ++at[box(key.key) + 1]; });
    for (std::size_t i = 1; i < at.size(); ++i) at[i] += at[i - 1];
    std::vector<Key> keys(at.back());
    const std::vector<std::size_t> starts = at;
    each([&](const Key& key) { keys[at[box(key.key)]++] = key; });
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
        std::sort(keys.begin() + static_cast<std::ptrdiff_t>(starts[i]),
                  keys.begin() + static_cast<std::ptrdiff_t>(starts[i + 1]));
    }
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

/// Where each bucket of the top bits starts, in a sorted list; about four keys to a bucket.
template <class Keys>
std::vector<std::uint32_t> Buckets(const Keys& keys) {
    const std::size_t count = std::bit_ceil(std::max<std::size_t>(keys.size() / 4, 1));
    const int bits = std::countr_zero(count);
    std::vector<std::uint32_t> starts(count + 1, 0);
    for (const std::uint64_t key : keys) ++starts[(bits == 0 ? 0 : key >> (64 - bits)) + 1];
    for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
    return starts;
}

}  // namespace

template <class T>
void SegmentBuilder::Bytes::Put(Part part, const std::vector<T>& values) {
    auto& to = parts[static_cast<std::size_t>(part)];
    to.resize(values.size() * sizeof(T));
    if (!values.empty()) std::memcpy(to.data(), values.data(), to.size());
}

void SegmentBuilder::Add(const Entry& entry) {
    rows_.push_back({entry.row.bits(), entry.id, CoreNumber(entry.core), entry.layout,
                     entry.industry, entry.status});
}

std::uint32_t SegmentBuilder::CoreNumber(std::u32string_view core) {
    const std::uint64_t digest = TextKey(core, TextKind::kWhole);
    thread_local std::u32string known;
    for (std::size_t at = digest & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
        if (slots_[at] == 0) {
            const auto number = static_cast<std::uint32_t>(digests_.size());
            slots_[at] = number + 1;
            digests_.push_back(digest);
            for (const char32_t character : core) {
                if (character < 0x10000) {
                    texts_.push_back(static_cast<char16_t>(character));
                } else {
                    texts_.push_back(
                        static_cast<char16_t>(0xD800 + ((character - 0x10000) >> 10U)));
                    texts_.push_back(
                        static_cast<char16_t>(0xDC00 + ((character - 0x10000) & 0x3FFU)));
                }
            }
            starts_.push_back(static_cast<std::uint32_t>(texts_.size()));
            if (digests_.size() * 2 > slots_.size()) Grow();
            return number;
        }
        const std::uint32_t number = slots_[at] - 1;
        if (digests_[number] != digest) continue;
        ReadCore(number, known);
        if (known == core) return number;
    }
}

void SegmentBuilder::Grow() {
    slots_.assign(slots_.size() * 4, 0);
    for (std::size_t number = 0; number < digests_.size(); ++number) {
        std::size_t at = digests_[number] & (slots_.size() - 1);
        while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = static_cast<std::uint32_t>(number) + 1;
    }
}

void SegmentBuilder::ReadCore(std::uint32_t core, std::u32string& out) const {
    out.clear();
    for (std::size_t at = starts_[core]; at < starts_[core + 1]; ++at) {
        const std::uint32_t unit = texts_[at];
        const bool pair = (unit & 0xFC00U) == 0xD800U && at + 1 < starts_[core + 1];
        out += pair ? static_cast<char32_t>(0x10000 + ((unit & 0x3FFU) << 10U) +
                                            (texts_[++at] & 0x3FFU))
                    : static_cast<char32_t>(unit);
    }
}

/// 字号 by sound: those that sound alike are neighbours, so that their rows are too.
std::vector<std::uint32_t> SegmentBuilder::SortCores() const {
    struct Sorted {
        std::uint64_t sound;
        std::uint32_t core;
    };
    std::vector<Sorted> sorted;
    sorted.reserve(digests_.size());
    std::u32string text, other;
    for (std::uint32_t core = 0; core < digests_.size(); ++core) {
        ReadCore(core, text);
        std::uint64_t sound = 0;
        for (std::size_t i = 0; i < WindowKey::kWindowMax; ++i) {
            sound = (sound << 10U) |
                    (i < text.size() ? (sounds_.SoundsOf(text[i]).front() & 0x3FFU) + 1 : 0);
        }
        sorted.push_back({sound, core});
    }
    std::sort(sorted.begin(), sorted.end(), [&](const Sorted& a, const Sorted& b) {
        if (a.sound != b.sound) return a.sound < b.sound;
        return std::u16string_view(texts_.data() + starts_[a.core],
                                   starts_[a.core + 1] - starts_[a.core]) <
               std::u16string_view(texts_.data() + starts_[b.core],
                                   starts_[b.core + 1] - starts_[b.core]);
    });
    std::vector<std::uint32_t> order;
    order.reserve(sorted.size());
    for (const Sorted& item : sorted) order.push_back(item.core);
    return order;
}

void SegmentBuilder::PutRows(Bytes& bytes, const std::vector<std::uint32_t>& place) {
    std::vector<std::uint32_t> starts(place.size() + 1, 0);
    for (const Item& item : rows_) ++starts[place[item.core] + 1];
    for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
    std::vector<std::uint32_t> at = starts, order(rows_.size());
    for (std::uint32_t i = 0; i < rows_.size(); ++i) order[at[place[rows_[i].core]]++] = i;
    // Inside a run by scope and industry, then as they came: older names first.
    for (std::size_t core = 0; core + 1 < starts.size(); ++core) {
        std::sort(order.begin() + starts[core], order.begin() + starts[core + 1],
                  [&](auto a, auto b) {
                      const std::uint64_t key_a = rows_[a].row >> 32U, key_b = rows_[b].row >> 32U;
                      return key_a != key_b ? key_a < key_b : a < b;
                  });
    }
    std::vector<std::uint64_t> rows(order.size());
    std::vector<Detail> details(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Item& item = rows_[order[i]];
        rows[i] = item.row;
        details[i] = {.id = item.id,
                      .layout = item.layout,
                      .industry_and_status = (item.industry << 8U) | item.status};
    }
    bytes.Put(Part::kRowStarts, starts);
    bytes.Put(Part::kRows, rows);
    bytes.Put(Part::kDetails, details);
}

/// Calls `each(key, is_whole)` for every reading of every window of two sounds or more.
template <class F>
void SegmentBuilder::EachWindow(std::u32string_view core, F&& each) const {
    std::array<Sound, WindowKey::kWindowMax> window{};
    const auto read = [&](const auto& self, std::size_t start, std::size_t size) -> void {
        if (size >= 2) {
            each(WindowKey::Of({window.data(), size}).mixed, start == 0 && size == core.size());
        }
        if (size == WindowKey::kWindowMax || start + size == core.size()) return;
        for (const Sound sound : sounds_.SoundsOf(core[start + size])) {
            window[size] = sound;
            self(self, start, size + 1);
        }
    };
    for (std::size_t start = 0; start + 1 < core.size(); ++start) read(read, start, 0);
}

void SegmentBuilder::PutWindows(Bytes& bytes, const std::vector<std::uint32_t>& order) const {
    std::u32string core;
    // The mark is inverted while sorting, so that wholes stand first in each list.
    const std::vector<Key> keys = SortByBoxes<Key>(order.size() * 8, [&](const auto& take) {
        for (std::uint32_t i = 0; i < order.size(); ++i) {
            ReadCore(order[i], core);
            EachWindow(core, [&](std::uint64_t key, bool whole) {
                take(Key{key, whole ? i : i | Segment::kWholeMark});
            });
        }
    });
    std::vector<std::uint64_t> distinct;
    std::vector<std::uint32_t> starts, postings;
    postings.reserve(keys.size());
    for (const Key& key : keys) {
        if (distinct.empty() || distinct.back() != key.key) {
            distinct.push_back(key.key);
            starts.push_back(static_cast<std::uint32_t>(postings.size()));
        }
        postings.push_back(key.core ^ Segment::kWholeMark);
    }
    starts.push_back(static_cast<std::uint32_t>(postings.size()));
    const std::vector<std::uint32_t> buckets = Buckets(distinct);
    const int bits = std::countr_zero(buckets.size() - 1);
    std::vector<std::uint32_t> tags;
    tags.reserve(distinct.size());
    for (const std::uint64_t key : distinct)
        tags.push_back(static_cast<std::uint32_t>((key << bits) >> 32U));
    bytes.Put(Part::kWindowBuckets, buckets);
    bytes.Put(Part::kWindowTags, tags);
    bytes.Put(Part::kWindowStarts, starts);
    bytes.Put(Part::kPostings, postings);
}

void SegmentBuilder::PutTexts(Bytes& bytes, const std::vector<std::uint32_t>& order) const {
    std::u32string core, part;
    const std::vector<Key> keys = SortByBoxes<Key>(order.size() * 5, [&](const auto& take) {
        for (std::uint32_t i = 0; i < order.size(); ++i) {
            ReadCore(order[i], core);
            take(Key{TextKey(core, TextKind::kWhole), i});
            if (core.size() < 3) continue;
            for (std::size_t at = 0; at < core.size(); ++at) {
                part = core;
                part.erase(at, 1);
                take(Key{TextKey(part, TextKind::kShortened), i});
            }
            // Two characters in the other order are looked up as they are.
            part = core;
            std::sort(part.begin(), part.end());
            take(Key{TextKey(part, TextKind::kSorted), i});
        }
    });
    std::vector<std::uint64_t> all;
    std::vector<std::uint16_t> tags;
    std::vector<std::uint32_t> cores;
    for (const Key& key : keys) {
        all.push_back(key.key);
        tags.push_back(static_cast<std::uint16_t>(key.key));
        cores.push_back(key.core);
    }
    bytes.Put(Part::kTextBuckets, Buckets(all));
    bytes.Put(Part::kTextTags, tags);
    bytes.Put(Part::kTextCores, cores);
}

std::shared_ptr<Segment> SegmentBuilder::Build() {
    const std::vector<std::uint32_t> order = SortCores();
    std::vector<std::uint32_t> place(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
    Bytes bytes;
    std::vector<std::uint32_t> starts{0};
    std::vector<char16_t> texts;
    texts.reserve(texts_.size());
    for (const std::uint32_t core : order) {
        texts.insert(texts.end(), texts_.begin() + starts_[core],
                     texts_.begin() + starts_[core + 1]);
        starts.push_back(static_cast<std::uint32_t>(texts.size()));
    }
    bytes.Put(Part::kCoreStarts, starts);
    bytes.Put(Part::kCoreText, texts);
    PutRows(bytes, place);
    rows_ = {};
    slots_ = std::vector<std::uint32_t>(1024);
    PutWindows(bytes, order);
    PutTexts(bytes, order);

    std::array<std::size_t, kParts> offsets{}, sizes{};
    std::size_t total = 0;
    for (std::size_t i = 0; i < kParts; ++i) {
        offsets[i] = total;
        sizes[i] = bytes.parts[i].size();
        total = (total + sizes[i] + 63) / 64 * 64;
    }
    auto region = Region::Allocate(total);
    for (std::size_t i = 0; i < kParts; ++i) {
        if (sizes[i] != 0)
            std::memcpy(region->data() + offsets[i], bytes.parts[i].data(), sizes[i]);
        bytes.parts[i] = {};
    }
    digests_.clear(), starts_ = {0}, texts_.clear();
    return std::make_shared<Segment>(std::move(region), offsets, sizes);
}

}  // namespace onewindow::naming::engine
