#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/result/result.hpp"

// The Merkle tree of RFC 6962 / 9162 section 2.1, over any digest.
namespace onewindow::ledger {

using Hash = std::function<std::string(std::string_view)>;

std::string LeafHash(const Hash& hash, std::string_view leaf);
std::string NodeHash(const Hash& hash, std::string_view left, std::string_view right);
/// Root over leaf hashes; of the empty string where there are none.
std::string RootOf(const Hash& hash, const std::vector<std::string>& leaf_hashes);
/// PATH(m, D[n]) of RFC 6962 2.1.1.
std::vector<std::string> InclusionProof(const Hash& hash, const std::vector<std::string>& leaf_hashes,
                                        std::size_t index);
/// PROOF(m, D[n]) of 2.1.2.
std::vector<std::string> ConsistencyProof(const Hash& hash, const std::vector<std::string>& leaf_hashes,
                                          std::size_t first_size);
bool VerifyInclusion(const Hash& hash, std::string_view leaf_hash, std::size_t index, std::size_t size,
                     const std::vector<std::string>& proof, std::string_view root);
bool VerifyConsistency(const Hash& hash, std::size_t first_size, std::size_t second_size,
                       std::string_view first_root, std::string_view second_root,
                       const std::vector<std::string>& proof);

/// Leaves [begin, begin + count) whose root is one hash of a proof.
struct Range {
    std::size_t begin, count;
    bool operator==(const Range&) const = default;
};
/// What the proofs above are made of, for trees that are not held in memory. index < size; first_size <= size.
std::vector<Range> InclusionRanges(std::size_t index, std::size_t size);
std::vector<Range> ConsistencyRanges(std::size_t first_size, std::size_t size);
/// Where RFC 6962 splits `count` leaves: the largest power of two below it. count > 1.
std::size_t SplitOf(std::size_t count);

}  // namespace onewindow::ledger
