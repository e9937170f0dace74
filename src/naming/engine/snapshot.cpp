#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "kernel/files/files.hpp"
#include "naming/engine/name_index.hpp"
#include "naming/reasons.hpp"

// The file: header, note, registry, the parts of one segment; every part on a boundary of 4 KiB.
namespace onewindow::naming::engine {
namespace {

constexpr char kMagic[8] = {'O', 'W', 'N', 'A', 'M', 'E', 'S', '1'};
constexpr std::size_t kAlign = 4096;
constexpr std::size_t kPieces = kParts + 2;  // Note, registry, parts.

struct Header {
    char magic[8];
    std::uint64_t tables;  // Digest of the versions of all tables.
    std::uint64_t file_size;
    std::uint64_t offsets[kPieces], sizes[kPieces];
    std::uint64_t content;  // Digest of all bytes behind the header.
    std::uint64_t header;   // Digest of all fields above.
};

std::size_t Aligned(std::size_t size) { return (size + kAlign - 1) / kAlign * kAlign; }

/// Four lanes, so that it runs as fast as memory is read.
std::uint64_t Digest(const std::byte* data, std::size_t size) {
    std::uint64_t lanes[4] = {1, 2, 3, 4};
    std::size_t at = 0;
    for (; at + 32 <= size; at += 32) {
        for (std::size_t lane = 0; lane < 4; ++lane) {
            std::uint64_t word = 0;
            std::memcpy(&word, data + at + lane * 8, 8);
            lanes[lane] = (lanes[lane] ^ word) * 0x9E3779B97F4A7C15U;
            lanes[lane] ^= lanes[lane] >> 32U;
        }
    }
    std::string rest(reinterpret_cast<const char*>(data) + at, size - at);
    rest.append(reinterpret_cast<const char*>(lanes), sizeof lanes);
    return HashOf(rest);
}

std::uint64_t TablesDigest(const NameTables& tables) {
    std::string all;
    for (const auto& [table, version] : tables.versions) all += table + '=' + version + ';';
    // The tables may change without a new date while they are edited.
    all +=
        std::to_string(tables.industry_list.size()) + ';' + std::to_string(tables.form_list.size());
    return HashOf(all);
}

Failure Bad(const char* what) { return Refuse(reasons::kSnapshot, "snapshot", {{"what", what}}); }

bool IsFrameSound(const Header& header, std::size_t file_size) {
    if (header.file_size != file_size) return false;
    for (std::size_t i = 0; i < kPieces; ++i) {
        const bool inside = header.offsets[i] % kAlign == 0 &&
                            header.offsets[i] >= sizeof(Header) && header.offsets[i] <= file_size &&
                            header.sizes[i] <= file_size - header.offsets[i];
        if (!inside) return false;
    }
    return header.sizes[2 + static_cast<std::size_t>(Part::kCoreStarts)] >= 4;
}

}  // namespace

Result<> NameIndex::SaveSnapshot(const std::string& path, const std::string& note) {
    Merge();
    const Epochs::Reader reader(epochs_);
    const State& state = *state_.load(std::memory_order_seq_cst);
    SegmentBuilder none(tables_.sounds);
    const std::shared_ptr<Segment> segment =
        state.segments.empty() ? none.Build() : state.segments.front();
    const std::string registry = state.registry->Save();
    std::array<std::span<const std::byte>, kPieces> pieces;
    pieces[0] = std::as_bytes(std::span(note));
    pieces[1] = std::as_bytes(std::span(registry));
    for (std::size_t i = 0; i < kParts; ++i) pieces[2 + i] = segment->bytes(static_cast<Part>(i));
    Header header{};
    std::memcpy(header.magic, kMagic, sizeof kMagic);
    header.tables = TablesDigest(tables_);
    std::size_t at = Aligned(sizeof(Header));
    for (std::size_t i = 0; i < kPieces; ++i) {
        header.offsets[i] = at;
        header.sizes[i] = pieces[i].size();
        at += Aligned(pieces[i].size());
    }
    header.file_size = at;
    const auto region = Region::Allocate(at);
    for (std::size_t i = 0; i < kPieces; ++i) {
        if (!pieces[i].empty())
            std::memcpy(region->data() + header.offsets[i], pieces[i].data(), pieces[i].size());
    }
    header.content = Digest(region->data() + sizeof(Header), at - sizeof(Header));
    header.header = HashOf({reinterpret_cast<const char*>(&header), offsetof(Header, header)});
    std::memcpy(region->data(), &header, sizeof header);
    // Beside the old one, then in its place: a reader sees the one or the other.
    OW_CHECK(files::WriteFile(path, {reinterpret_cast<const char*>(region->data()), at}));
    return {};
}

Result<std::string> NameIndex::OpenSnapshot(const std::string& path, bool verify) {
    const auto region = Region::MapFile(path);
    if (!region) return Bad("absent");
    Header header{};
    if (region->size() < kAlign) return Bad("short");
    std::memcpy(&header, region->data(), sizeof header);
    if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) return Bad("foreign");
    if (header.header !=
        HashOf({reinterpret_cast<const char*>(&header), offsetof(Header, header)})) {
        return Bad("altered");
    }
    if (header.tables != TablesDigest(tables_)) return Bad("other tables");
    if (!IsFrameSound(header, region->size())) return Bad("short");
    if (verify &&
        header.content != Digest(region->data() + sizeof(Header), region->size() - sizeof(Header)))
        return Bad("altered");
    const auto piece = [&](std::size_t i) {
        return std::string_view(reinterpret_cast<const char*>(region->data()) + header.offsets[i],
                                header.sizes[i]);
    };
    auto registry = std::make_shared<Registry>(tables_);
    if (!registry->Load(piece(1))) return Bad("registry");
    std::array<std::size_t, kParts> offsets{}, sizes{};
    for (std::size_t i = 0; i < kParts; ++i) {
        offsets[i] = header.offsets[2 + i];
        sizes[i] = header.sizes[2 + i];
    }
    auto segment = std::make_shared<Segment>(region, offsets, sizes);
    if (verify && !(segment->IsConsistent() && registry->Covers(*segment)))
        return Bad("inconsistent");
    auto state = EmptyState(std::move(registry));
    if (segment->row_count() != 0) state->segments.push_back(std::move(segment));
    const std::lock_guard lock(writer_);
    Publish(std::move(state));
    return std::string(piece(0));
}

}  // namespace onewindow::naming::engine
