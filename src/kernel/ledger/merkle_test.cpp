// Goal: the tree of RFC 6962 by its known roots; every proof of every small tree verifies, and no
// altered proof, root, index or size does.

#include "kernel/ledger/merkle.hpp"

#include <gtest/gtest.h>

#include "kernel/crypto/crypto.hpp"

namespace onewindow::ledger {
namespace {

using Hashes = std::vector<std::string>;

Hashes LeavesOf(const Hash& hash, std::size_t size) {
    Hashes leaves;
    for (std::size_t i = 0; i < size; ++i)
        leaves.push_back(LeafHash(hash, "leaf " + std::to_string(i)));
    return leaves;
}

Hashes First(const Hashes& leaves, std::size_t size) {
    return Hashes(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size));
}

Hashes KnownLeaves() {
    Hashes leaves;
    for (const char* hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                            "606162636465666768696a6b6c6d6e6f"}) {
        leaves.push_back(LeafHash(crypto::Sha256, *crypto::FromHex(hex)));
    }
    return leaves;
}

TEST(Merkle, AgreesWithTheRootsOfCertificateTransparency) {
    const Hashes leaves = KnownLeaves();
    const std::vector<std::string> roots = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    for (std::size_t size = 0; size < roots.size(); ++size) {
        EXPECT_EQ(crypto::Hex(RootOf(crypto::Sha256, First(leaves, size))), roots[size]) << size;
    }
}

TEST(Merkle, ProofsAreTheRangesOfTheRfc) {
    // The example of RFC 9162 2.1.5, seven leaves.
    const auto ranges = [](std::size_t index) { return InclusionRanges(index, 7); };
    EXPECT_EQ(ranges(0), (std::vector<Range>{{1, 1}, {2, 2}, {4, 3}}));
    EXPECT_EQ(ranges(3), (std::vector<Range>{{2, 1}, {0, 2}, {4, 3}}));
    EXPECT_EQ(ranges(4), (std::vector<Range>{{5, 1}, {6, 1}, {0, 4}}));
    EXPECT_EQ(ranges(6), (std::vector<Range>{{4, 2}, {0, 4}}));
    EXPECT_EQ(ConsistencyRanges(3, 7), (std::vector<Range>{{2, 1}, {3, 1}, {0, 2}, {4, 3}}));
    EXPECT_EQ(ConsistencyRanges(4, 7), (std::vector<Range>{{4, 3}}));
    EXPECT_EQ(ConsistencyRanges(6, 7), (std::vector<Range>{{4, 2}, {6, 1}, {0, 4}}));
    EXPECT_TRUE(ConsistencyRanges(7, 7).empty());
    EXPECT_TRUE(ConsistencyRanges(0, 7).empty());
}

TEST(Merkle, EveryProofOfEverySizeVerifies) {
    const Hash& hash = crypto::Sm3;
    const Hashes all = LeavesOf(hash, 64);
    for (std::size_t size = 1; size <= all.size(); ++size) {
        const Hashes leaves = First(all, size);
        const std::string root = RootOf(hash, leaves);
        for (std::size_t i = 0; i < size; ++i) {
            const Hashes proof = InclusionProof(hash, leaves, i);
            EXPECT_TRUE(VerifyInclusion(hash, leaves[i], i, size, proof, root))
                << i << " of " << size;
            EXPECT_FALSE(VerifyInclusion(hash, leaves[i], i + 1, size, proof, root));
            EXPECT_FALSE(VerifyInclusion(hash, all[(i + 1) % 64], i, size, proof, root));
        }
        for (std::size_t first = 0; first <= size; ++first) {
            const Hashes proof = ConsistencyProof(hash, leaves, first);
            const std::string first_root = RootOf(hash, First(all, first));
            EXPECT_TRUE(VerifyConsistency(hash, first, size, first_root, root, proof));
            if (first < size) {
                EXPECT_FALSE(VerifyConsistency(hash, first, size, root, root, proof))
                    << first << size;
            }
        }
    }
}

/// Runs `check` on each proof that differs in one bit, one step more, one less or two swapped.
template <class Check>
void ForEachAlteration(const Hashes& proof, Check check) {
    for (std::size_t step = 0; step < proof.size(); ++step) {
        for (std::size_t bit = 0; bit < proof[step].size() * 8; ++bit) {
            Hashes altered = proof;
            altered[step][bit / 8] = static_cast<char>(altered[step][bit / 8] ^ (1 << (bit % 8)));
            check(altered);
        }
        Hashes shorter = proof, longer = proof, cut = proof;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(step));
        check(shorter);
        longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(step), proof[step]);
        check(longer);
        cut[step].pop_back();
        check(cut);
        if (step > 0) {
            Hashes swapped = proof;
            std::swap(swapped[step], swapped[step - 1]);
            check(swapped);
        }
    }
    Hashes longer = proof;
    longer.push_back(std::string(32, '\0'));
    check(longer);
}

TEST(Merkle, NoAlteredInclusionProofVerifies) {
    const Hash& hash = crypto::Sm3;
    const Hashes all = LeavesOf(hash, 13);
    for (std::size_t size = 1; size <= all.size(); ++size) {
        const Hashes leaves = First(all, size);
        const std::string root = RootOf(hash, leaves);
        for (std::size_t i = 0; i < size; ++i) {
            const Hashes proof = InclusionProof(hash, leaves, i);
            ForEachAlteration(proof, [&](const Hashes& altered) {
                EXPECT_FALSE(VerifyInclusion(hash, leaves[i], i, size, altered, root));
            });
            for (std::size_t bit = 0; bit < 256; ++bit) {
                std::string other = root;
                other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
                EXPECT_FALSE(VerifyInclusion(hash, leaves[i], i, size, proof, other));
            }
        }
    }
}

TEST(Merkle, NoAlteredConsistencyProofVerifies) {
    const Hash& hash = crypto::Sm3;
    const Hashes all = LeavesOf(hash, 13);
    for (std::size_t size = 1; size <= all.size(); ++size) {
        const Hashes leaves = First(all, size);
        const std::string root = RootOf(hash, leaves);
        for (std::size_t first = 0; first <= size; ++first) {
            const Hashes proof = ConsistencyProof(hash, leaves, first);
            const std::string first_root = RootOf(hash, First(all, first));
            ForEachAlteration(proof, [&](const Hashes& altered) {
                EXPECT_FALSE(VerifyConsistency(hash, first, size, first_root, root, altered));
            });
        }
    }
}

TEST(Merkle, RefusesImpossibleClaims) {
    const Hash& hash = crypto::Sm3;
    const Hashes leaves = LeavesOf(hash, 3);
    const std::string root = RootOf(hash, leaves);
    EXPECT_FALSE(VerifyInclusion(hash, leaves[0], 0, 0, {}, root));
    EXPECT_FALSE(VerifyInclusion(hash, leaves[0], 3, 3, InclusionProof(hash, leaves, 0), root));
    EXPECT_FALSE(VerifyConsistency(hash, 4, 3, root, root, {}));
    EXPECT_FALSE(VerifyConsistency(hash, 0, 3, root, root, {}));
    EXPECT_FALSE(VerifyConsistency(hash, 3, 5, root, root, {}));
    EXPECT_TRUE(VerifyInclusion(hash, leaves[0], 0, 1, {}, leaves[0]));
}

}  // namespace
}  // namespace onewindow::ledger
