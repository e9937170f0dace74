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

}  // namespace onewindow::ledger
