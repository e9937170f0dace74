#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "naming/engine/entry.hpp"
#include "naming/sound_tables.hpp"

namespace onewindow::naming::engine {

/// Memory that an index lies in: a file's pages (changes stay private) or pages of its own.
class Region {
 public:
    static std::shared_ptr<Region> Allocate(std::size_t size);
    /// Nothing where the file cannot be opened.
    static std::shared_ptr<Region> MapFile(const std::string& path);
    ~Region();
    Region(const Region&) = delete;

    std::byte* data() const { return data_; }
    std::size_t size() const { return size_; }

 private:
    Region(std::byte* data, std::size_t size) : data_(data), size_(size) {}
    std::byte* data_;
    std::size_t size_;
};

/// What is shown of a name and told apart by, beside its row: in one place, because it is looked at together.
struct Detail {
    std::uint64_t id = 0;
    std::uint32_t layout = 0;
    std::uint32_t industry_and_status = 0;  // 24 and 8 bits.

    std::uint32_t industry() const { return industry_and_status >> 8U; }
    std::uint8_t status() const { return static_cast<std::uint8_t>(industry_and_status); }
};

/// The arrays of a segment, one behind the other in a region.
enum class Part : unsigned {
    kCoreStarts,     // u32 by 字号: where its characters start.
    kCoreText,       // u16: UTF-16 of all 字号.
    kRowStarts,      // u32 by 字号: its run of rows.
    kRows,           // u64: Row. In a run in order of scope and industry.
    kDetails,        // Detail by row.
    kWindowBuckets,  // u32
    kWindowTags,     // u32 by key
    kWindowStarts,   // u32 by key: its postings.
    kPostings,       // u32: 字号; those that are the window as a whole first, marked.
    kTextBuckets,    // u32
    kTextTags,       // u16
    kTextCores,      // u32: 字号
    kCount,
};
inline constexpr std::size_t kParts = static_cast<std::size_t>(Part::kCount);

/// A window of sounds as a number, exactly: two windows have one key if and only if they are equal,
/// but for sounds of characters without a reading (IsExact). Up to kWindowMax sounds.
struct WindowKey {
    static constexpr std::size_t kWindowMax = 6;
    std::uint64_t mixed = 0;
    static WindowKey Of(std::span<const Sound> sounds);
};

/// What a text is found by: itself, itself with one character left out, or its characters in order
/// of code.
enum class TextKind : unsigned char { kWhole, kShortened, kSorted };
std::uint64_t TextKey(std::u32string_view text, TextKind kind);

/// An immutable index of names by 字号, but for the state in their rows, which changes atomically.
///
/// Recall. Let b contain a part that sounds like a, 2 <= |a| <= 6. Under the readings that match, a
/// as a whole is a window of b. All windows of every reading of b are keys of b, so a's whole, in
/// that reading, finds b. The other way round all windows of the asked name are looked up, and the
/// posting that is marked whole is a. Longer 字号 are found by windows of six and compared. One
/// replaced, added or dropped character: leaving out one character of one or of both gives the same
/// text. Look-alikes: each is asked for. Other order: sorted, the two are equal.
class Segment {
 public:
    using CoreId = std::uint32_t;
    static constexpr std::uint32_t kWholeMark = 0x80000000;

    Segment(std::shared_ptr<Region> region, const std::array<std::size_t, kParts>& offsets,
            const std::array<std::size_t, kParts>& sizes);

    std::uint32_t core_count() const { return core_count_; }
    std::uint32_t row_count() const { return row_count_; }

    /// Decodes a 字号 into `out`, which is emptied first.
    void ReadCore(CoreId core, std::u32string& out) const {
        out.clear();
        const std::uint16_t* at = core_text_ + core_starts_[core];
        const std::uint16_t* const end = core_text_ + core_starts_[core + 1];
        while (at < end) {
            const std::uint32_t unit = *at++;
            const bool pair = (unit & 0xFC00U) == 0xD800U && at < end;
            out +=
                pair ? static_cast<char32_t>(0x10000 + ((unit & 0x3FFU) << 10U) + (*at++ & 0x3FFU))
                     : static_cast<char32_t>(unit);
        }
    }
    std::uint32_t RowsFrom(CoreId core) const { return row_starts_[core]; }
    const std::uint32_t* row_starts() const { return row_starts_; }
    Row RowAt(std::uint32_t row) const {
        return Row(std::atomic_ref<std::uint64_t>(rows_[row]).load(std::memory_order_relaxed));
    }
    const std::uint64_t* rows() const { return rows_; }
    void SetRow(std::uint32_t row, Row value) const {
        std::atomic_ref<std::uint64_t>(rows_[row]).store(value.bits(), std::memory_order_release);
    }
    void SetStatus(std::uint32_t row, std::uint8_t status) const {
        const std::atomic_ref<std::uint32_t> both(details_[row].industry_and_status);
        both.store((both.load(std::memory_order_relaxed) & ~0xFFU) | status,
                   std::memory_order_relaxed);
    }
    /// Everything of a row but the 字号.
    Entry EntryAt(std::uint32_t row) const;
    std::uint64_t IdAt(std::uint32_t row) const { return details_[row].id; }
    void PrefetchDetail(std::uint32_t row) const { __builtin_prefetch(details_ + row); }

    /// The 字号 that have this window. Those for which it is the whole come first, with kWholeMark.
    std::span<const std::uint32_t> FindWindow(std::span<const Sound> window,
                                              const SoundTables& sounds) const;
    void PrefetchWindow(std::uint64_t mixed) const;

    /// Calls `found(core)` for each 字号 that may have this key; the caller compares.
    template <class F>
    void EachText(std::uint64_t key, F&& found) const {
        const std::uint64_t bucket = text_shift_ < 64 ? key >> text_shift_ : 0;
        const auto tag = static_cast<std::uint16_t>(key);
        for (std::uint32_t at = text_buckets_[bucket]; at < text_buckets_[bucket + 1]; ++at) {
            if (text_tags_[at] == tag) found(text_cores_[at]);
        }
    }
    void PrefetchText(std::uint64_t key) const {
        __builtin_prefetch(text_buckets_ + (text_shift_ < 64 ? key >> text_shift_ : 0));
    }
    /// The 字号 that is this text, or nothing.
    bool FindCore(std::u32string_view text, CoreId& core) const;

    std::span<const std::byte> bytes(Part part) const {
        const auto at = static_cast<std::size_t>(part);
        return {region_->data() + offsets_[at], sizes_[at]};
    }
    std::size_t BytesOf(Part part) const { return sizes_[static_cast<std::size_t>(part)]; }
    std::size_t TotalBytes() const;
    /// Whether every number inside points at something that is there; for bytes from a file.
    bool IsConsistent() const;

 private:
    template <class T>
    T* At(Part part) const {
        return reinterpret_cast<T*>(region_->data() + offsets_[static_cast<std::size_t>(part)]);
    }
    template <class T>
    std::size_t CountOf(Part part) const {
        return sizes_[static_cast<std::size_t>(part)] / sizeof(T);
    }

    std::shared_ptr<Region> region_;
    std::array<std::size_t, kParts> offsets_, sizes_;
    std::uint32_t core_count_ = 0, row_count_ = 0;
    unsigned window_shift_ = 64, text_shift_ = 64;
    const std::uint32_t *core_starts_ = nullptr, *row_starts_ = nullptr, *window_buckets_ = nullptr, *window_tags_ = nullptr,
                        *window_starts_ = nullptr, *postings_ = nullptr, *text_buckets_ = nullptr,
                        *text_cores_ = nullptr;
    const std::uint16_t *core_text_ = nullptr, *text_tags_ = nullptr;
    std::uint64_t* rows_ = nullptr;
    Detail* details_ = nullptr;
};

/// Collects names and makes a segment of them.
class SegmentBuilder {
 public:
    explicit SegmentBuilder(const SoundTables& sounds) : sounds_(sounds), slots_(1024) {}

    void Add(const Entry& entry);
    std::size_t size() const { return rows_.size(); }
    /// Leaves the builder empty.
    std::shared_ptr<Segment> Build();

 private:
    struct Item {
        std::uint64_t row, id;
        std::uint32_t core, layout, industry;
        std::uint8_t status;
    };
    struct Key {
        std::uint64_t key;
        std::uint32_t core;
        bool operator<(const Key& other) const {
            return key != other.key ? key < other.key : core < other.core;
        }
        bool operator==(const Key&) const = default;
    };
    struct Bytes {
        std::array<std::vector<std::byte>, kParts> parts;
        template <class T>
        void Put(Part part, const std::vector<T>& values);
    };

    std::uint32_t CoreNumber(std::u32string_view core);
    void Grow();
    void ReadCore(std::uint32_t core, std::u32string& out) const;
    std::vector<std::uint32_t> SortCores() const;
    void PutRows(Bytes& bytes, const std::vector<std::uint32_t>& place);
    void PutWindows(Bytes& bytes, const std::vector<std::uint32_t>& order) const;
    void PutTexts(Bytes& bytes, const std::vector<std::uint32_t>& order) const;
    template <class F>
    void EachWindow(std::u32string_view core, F&& each) const;

    const SoundTables& sounds_;
    std::vector<std::uint32_t> slots_;  // Number of the 字号 + 1, by digest.
    std::vector<std::uint64_t> digests_;
    std::vector<std::uint32_t> starts_{0};
    std::vector<char16_t> texts_;
    std::vector<Item> rows_;
};

}  // namespace onewindow::naming::engine
