#include "naming/engine/segment.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>

#include "kernel/result/result.hpp"

namespace onewindow::naming::engine {
namespace {

/// One to one on 64 bits, so that different windows stay different.
std::uint64_t Mix(std::uint64_t x) {
    x ^= x >> 32U;
    x *= 0xD6E8FEB86659FD93U;
    x ^= x >> 32U;
    x *= 0xD6E8FEB86659FD93U;
    x ^= x >> 32U;
    return x;
}

bool HasWindow(std::u32string_view text, std::span<const Sound> window, const SoundTables& sounds) {
    for (std::size_t at = 0; at + window.size() <= text.size(); ++at) {
        std::size_t same = 0;
        while (same < window.size()) {
            const auto readings = sounds.SoundsOf(text[at + same]);
            if (std::find(readings.begin(), readings.end(), window[same]) == readings.end()) break;
            ++same;
        }
        if (same == window.size()) return true;
    }
    return false;
}

template <class T>
bool Rises(const T* at, std::size_t count, std::uint64_t last) {
    if (count == 0 || at[0] != 0 || at[count - 1] != last) return false;
    return std::is_sorted(at, at + count);
}

}  // namespace

std::shared_ptr<Region> Region::Allocate(std::size_t size) {
    constexpr std::size_t kHuge = std::size_t{2} << 20U;
    const std::size_t rounded = (std::max<std::size_t>(size, 1) + 4095) / 4096 * 4096;
    void* const data =
        mmap(nullptr, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    OW_ASSERT(data != MAP_FAILED);
    if (rounded >= kHuge) madvise(data, rounded, MADV_HUGEPAGE);
    return std::shared_ptr<Region>(new Region(static_cast<std::byte*>(data), rounded));
}

std::shared_ptr<Region> Region::MapFile(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return nullptr;
    struct stat status{};
    void* data = MAP_FAILED;
    if (fstat(file, &status) == 0 && status.st_size > 0) {
        // Private and writable: states change in memory, never in the file.
        data = mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ | PROT_WRITE,
                    MAP_PRIVATE, file, 0);
    }
    close(file);
    if (data == MAP_FAILED) return nullptr;
    return std::shared_ptr<Region>(
        new Region(static_cast<std::byte*>(data), static_cast<std::size_t>(status.st_size)));
}

Region::~Region() { munmap(data_, size_); }

WindowKey WindowKey::Of(std::span<const Sound> sounds) {
    std::uint64_t packed = sounds.size();
    bool exact = true;
    for (const Sound sound : sounds) {
        exact &= sound < SoundTables::kSyllableMax;
        packed = (packed << 10U) | (sound & 0x3FFU);
    }
    if (exact) return {Mix(packed)};
    // Sounds beyond ten bits do not fit; the top bit keeps these apart from the exact ones.
    std::uint64_t hash = sounds.size();
    for (const Sound sound : sounds) hash = Mix(hash * 0x9E3779B97F4A7C15U + sound);
    return {Mix(hash | (std::uint64_t{1} << 63U))};
}

std::uint64_t TextKey(std::u32string_view text, TextKind kind) {
    std::uint64_t hash = 0x51ED270B * (static_cast<std::uint64_t>(kind) + 1);
    for (const char32_t character : text)
        hash = (hash ^ character) * 0x9E3779B97F4A7C15U, hash ^= hash >> 31U;
    return Mix(hash);
}

Segment::Segment(std::shared_ptr<Region> region, const std::array<std::size_t, kParts>& offsets,
                 const std::array<std::size_t, kParts>& sizes)
    : region_(std::move(region)), offsets_(offsets), sizes_(sizes) {
    core_starts_ = At<std::uint32_t>(Part::kCoreStarts);
    core_text_ = At<std::uint16_t>(Part::kCoreText);
    row_starts_ = At<std::uint32_t>(Part::kRowStarts);
    rows_ = At<std::uint64_t>(Part::kRows);
    details_ = At<Detail>(Part::kDetails);
    window_buckets_ = At<std::uint32_t>(Part::kWindowBuckets);
    window_tags_ = At<std::uint32_t>(Part::kWindowTags);
    window_starts_ = At<std::uint32_t>(Part::kWindowStarts);
    postings_ = At<std::uint32_t>(Part::kPostings);
    text_buckets_ = At<std::uint32_t>(Part::kTextBuckets);
    text_tags_ = At<std::uint16_t>(Part::kTextTags);
    text_cores_ = At<std::uint32_t>(Part::kTextCores);
    core_count_ = static_cast<std::uint32_t>(CountOf<std::uint32_t>(Part::kCoreStarts) - 1);
    row_count_ = static_cast<std::uint32_t>(CountOf<std::uint64_t>(Part::kRows));
    const auto shift = [](std::size_t buckets) {
        return static_cast<unsigned>(
            64 - std::countr_zero(std::bit_floor(std::max<std::size_t>(buckets, 1))));
    };
    window_shift_ = shift(CountOf<std::uint32_t>(Part::kWindowBuckets) - 1);
    text_shift_ = shift(CountOf<std::uint32_t>(Part::kTextBuckets) - 1);
}

Entry Segment::EntryAt(std::uint32_t row) const {
    Entry entry;
    entry.row = RowAt(row);
    const Detail& detail = details_[row];
    const std::uint32_t both =
        std::atomic_ref<std::uint32_t>(details_[row].industry_and_status).load(std::memory_order_relaxed);
    entry.layout = detail.layout;
    entry.industry = both >> 8U;
    entry.id = detail.id;
    entry.status = static_cast<std::uint8_t>(both);
    return entry;
}

void Segment::PrefetchWindow(std::uint64_t mixed) const {
    __builtin_prefetch(window_buckets_ + (window_shift_ < 64 ? mixed >> window_shift_ : 0));
}

std::span<const std::uint32_t> Segment::FindWindow(std::span<const Sound> window,
                                                   const SoundTables& sounds) const {
    const std::uint64_t mixed = WindowKey::Of(window).mixed;
    const std::uint64_t bucket = window_shift_ < 64 ? mixed >> window_shift_ : 0;
    const unsigned bits = 64 - window_shift_;
    const auto tag = static_cast<std::uint32_t>((mixed << bits) >> 32U);
    thread_local std::u32string text;
    for (std::uint32_t at = window_buckets_[bucket]; at < window_buckets_[bucket + 1]; ++at) {
        if (window_tags_[at] != tag) continue;
        const std::span<const std::uint32_t> list{postings_ + window_starts_[at],
                                                  postings_ + window_starts_[at + 1]};
        // Bits of the key are not stored: one look at what it names settles whether it is the one.
        ReadCore(list.front() & ~kWholeMark, text);
        if (HasWindow(text, window, sounds)) return list;
    }
    return {};
}

bool Segment::FindCore(std::u32string_view text, CoreId& core) const {
    thread_local std::u32string candidate;
    bool found = false;
    EachText(TextKey(text, TextKind::kWhole), [&](CoreId id) {
        if (found) return;
        ReadCore(id, candidate);
        found = candidate == text;
        if (found) core = id;
    });
    return found;
}

std::size_t Segment::TotalBytes() const {
    std::size_t total = 0;
    for (const std::size_t size : sizes_) total += size;
    return total;
}

bool Segment::IsConsistent() const {
    const std::size_t cores = core_count_, rows = row_count_;
    const std::size_t keys = CountOf<std::uint32_t>(Part::kWindowTags);
    const std::size_t postings = CountOf<std::uint32_t>(Part::kPostings);
    const std::size_t texts = CountOf<std::uint32_t>(Part::kTextCores);
    const std::size_t window_buckets = CountOf<std::uint32_t>(Part::kWindowBuckets);
    const std::size_t text_buckets = CountOf<std::uint32_t>(Part::kTextBuckets);
    const bool sizes = CountOf<std::uint32_t>(Part::kRowStarts) == cores + 1 &&
                       CountOf<Detail>(Part::kDetails) == rows &&
                       CountOf<std::uint32_t>(Part::kWindowStarts) == keys + 1 &&
                       CountOf<std::uint16_t>(Part::kTextTags) == texts && window_buckets >= 2 &&
                       text_buckets >= 2 && std::has_single_bit(window_buckets - 1) &&
                       std::has_single_bit(text_buckets - 1);
    if (!sizes) return false;
    const bool starts =
        Rises(core_starts_, cores + 1, CountOf<std::uint16_t>(Part::kCoreText)) &&
        Rises(row_starts_, cores + 1, rows) && Rises(window_starts_, keys + 1, postings) &&
        Rises(window_buckets_, window_buckets, keys) && Rises(text_buckets_, text_buckets, texts);
    if (!starts) return false;
    for (std::size_t i = 0; i < keys; ++i) {
        if (window_starts_[i] == window_starts_[i + 1]) return false;
    }
    return std::all_of(postings_, postings_ + postings,
                       [&](std::uint32_t posting) { return (posting & ~kWholeMark) < cores; }) &&
           std::all_of(text_cores_, text_cores_ + texts,
                       [&](std::uint32_t core) { return core < cores; });
}

}  // namespace onewindow::naming::engine
