#include "kernel/ledger/merkle.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace onewindow::ledger {
namespace {

std::string RootOfSpan(const Hash& hash, std::span<const std::string> leaf_hashes) {
    if (leaf_hashes.size() == 1) return leaf_hashes.front();
    const std::size_t split = SplitOf(leaf_hashes.size());
    return NodeHash(hash, RootOfSpan(hash, leaf_hashes.first(split)),
                    RootOfSpan(hash, leaf_hashes.subspan(split)));
}

std::vector<std::string> RootsOf(const Hash& hash, std::span<const std::string> leaf_hashes,
                                 const std::vector<Range>& ranges) {
    std::vector<std::string> roots;
    for (const Range& range : ranges) {
        roots.push_back(RootOfSpan(hash, leaf_hashes.subspan(range.begin, range.count)));
    }
    return roots;
}

}  // namespace

std::size_t SplitOf(std::size_t count) {
    OW_ASSERT(count > 1);
    return std::bit_floor(count - 1);
}

std::string LeafHash(const Hash& hash, std::string_view leaf) {
    std::string message(1, '\x00');
    return hash(message.append(leaf));
}

std::string NodeHash(const Hash& hash, std::string_view left, std::string_view right) {
    std::string message(1, '\x01');
    return hash(message.append(left).append(right));
}

std::string RootOf(const Hash& hash, const std::vector<std::string>& leaf_hashes) {
    return leaf_hashes.empty() ? hash("") : RootOfSpan(hash, leaf_hashes);
}

std::vector<Range> InclusionRanges(std::size_t index, std::size_t size) {
    OW_ASSERT(index < size);
    std::vector<Range> ranges;
    std::size_t begin = 0, count = size;
    while (count > 1) {
        const std::size_t split = SplitOf(count);
        if (index < begin + split) {
            ranges.push_back({begin + split, count - split});
            count = split;
        } else {
            ranges.push_back({begin, split});
            begin += split;
            count -= split;
        }
    }
    std::ranges::reverse(ranges);  // From the leaf upwards.
    return ranges;
}

std::vector<Range> ConsistencyRanges(std::size_t first_size, std::size_t size) {
    OW_ASSERT(first_size <= size);
    if (first_size == 0 || first_size == size) return {};
    std::vector<Range> ranges;
    std::size_t begin = 0, count = size;
    while (begin + count != first_size) {
        const std::size_t split = SplitOf(count);
        if (first_size <= begin + split) {
            ranges.push_back({begin + split, count - split});
            count = split;
        } else {
            ranges.push_back({begin, split});
            begin += split;
            count -= split;
        }
    }
    // A first tree that is one whole subtree is known to the verifier already.
    if (begin != 0) ranges.push_back({begin, count});
    std::ranges::reverse(ranges);
    return ranges;
}

std::vector<std::string> InclusionProof(const Hash& hash,
                                        const std::vector<std::string>& leaf_hashes,
                                        std::size_t index) {
    return RootsOf(hash, leaf_hashes, InclusionRanges(index, leaf_hashes.size()));
}

std::vector<std::string> ConsistencyProof(const Hash& hash,
                                          const std::vector<std::string>& leaf_hashes,
                                          std::size_t first_size) {
    return RootsOf(hash, leaf_hashes, ConsistencyRanges(first_size, leaf_hashes.size()));
}

// RFC 9162 2.1.3.2.
bool VerifyInclusion(const Hash& hash, std::string_view leaf_hash, std::size_t index,
                     std::size_t size, const std::vector<std::string>& proof,
                     std::string_view root) {
    if (index >= size) return false;
    std::size_t node = index, last = size - 1;
    std::string computed(leaf_hash);
    for (const std::string& step : proof) {
        // Steps of another length would let leaves pass for nodes.
        if (last == 0 || step.size() != root.size()) return false;
        if (node % 2 == 1 || node == last) {
            computed = NodeHash(hash, step, computed);
            while (node % 2 == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            computed = NodeHash(hash, computed, step);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && computed == root;
}

// RFC 9162 2.1.4.2.
bool VerifyConsistency(const Hash& hash, std::size_t first_size, std::size_t second_size,
                       std::string_view first_root, std::string_view second_root,
                       const std::vector<std::string>& proof) {
    if (first_size > second_size) return false;
    if (first_size == second_size) return proof.empty() && first_root == second_root;
    // Every tree continues the empty one.
    if (first_size == 0) return proof.empty() && first_root == hash("");
    const bool whole = std::has_single_bit(first_size);
    if (!whole && proof.empty()) return false;
    std::size_t node = first_size - 1, last = second_size - 1;
    while (node % 2 == 1) {
        node >>= 1;
        last >>= 1;
    }
    std::string first(whole ? first_root : std::string_view(proof.front())), second = first;
    for (std::size_t i = whole ? 0 : 1; i < proof.size(); ++i) {
        if (last == 0 || proof[i].size() != second_root.size()) return false;
        if (node % 2 == 1 || node == last) {
            first = NodeHash(hash, proof[i], first);
            second = NodeHash(hash, proof[i], second);
            while (node % 2 == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            second = NodeHash(hash, second, proof[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && first == first_root && second == second_root;
}

}  // namespace onewindow::ledger
