#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/clock/clock.hpp"
#include "kernel/db/db.hpp"
#include "kernel/ledger/merkle.hpp"
#include "kernel/random/random.hpp"
#include "kernel/result/result.hpp"

// The ledger of events: a Merkle tree (RFC 6962, SM3) for each registration authority. A leaf is a salted commitment,
// written in the transaction of its cause and numbered after it.
namespace onewindow::ledger {

/// Says nothing of its event without the salt, and fits no other event with it.
struct Commitment {
    std::string salt;    // 32 random bytes.
    std::string digest;  // SM3(salt ‖ canonical event); 32 bytes.
};
/// Made before the transaction: closures may run again.
Commitment Commit(Random& random, std::string_view canonical_event);
/// Whether this salt and event are what the digest committed to.
bool Opens(std::string_view digest, std::string_view salt, std::string_view canonical_event);

/// Writes the leaf in the transaction of its cause; no number yet, no row that others wait for. One leaf an event: a
/// second one is refused as db::reasons::kConstraint.
Result<> Append(db::Transaction& tx, const Clock& clock, std::string_view authority, std::string_view event_id,
                const Commitment& commitment);

/// Numbers the leaves that wait, of all authorities, without gaps; returns how many. Safe to run anywhere at any time,
/// several at once: a row lock lets one at a time work on an authority.
Result<int> Sequence(db::Database& database);

/// The tree of an authority at a size.
struct Head {
    std::string authority;
    std::size_t size = 0;
    std::string root;
};
/// At its present size; of an authority without leaves the empty tree.
Result<Head> GetHead(db::Transaction& tx, std::string_view authority);

/// VerifyInclusion(crypto::Sm3, LeafHash(crypto::Sm3, commitment), index, head.size, path, head.root)
struct Proof {
    Head head;
    std::size_t index = 0;
    std::vector<std::string> path;
    std::string commitment;
    std::optional<std::string> salt;  // Nothing once it was destroyed.
};
/// That the event is in the tree of its authority, at its present size or at an earlier one (of a checkpoint).
Result<Proof> Prove(db::Transaction& tx, std::string_view event_id, std::optional<std::size_t> size = {});
/// That the tree at `second_size` continues the one at `first_size`; for VerifyConsistency.
Result<std::vector<std::string>> ProveConsistency(db::Transaction& tx, std::string_view authority,
                                                  std::size_t first_size, std::size_t second_size);

/// Answers a duty to delete (PIPL 47): from now on the leaf stands for an event that nobody can show. Proofs hold on.
Result<> DestroySalt(db::Transaction& tx, std::string_view event_id);

/// What recomputing from the leaves found; `faults` is empty where all agrees, and ends after 100.
struct Report {
    Head head;
    std::vector<Fault> faults;
};
Result<Report> Check(db::Transaction& tx, std::string_view authority);

namespace reasons {
inline constexpr Reason kUnknownEvent{"ledger.unknown_event", Kind::kNotFound};
inline constexpr Reason kNotNumbered{"ledger.not_numbered", Kind::kUnavailable};
inline constexpr Reason kNoSuchSize{"ledger.no_such_size", Kind::kRefused, "RFC 9162 2.1"};
inline constexpr Reason kRaced{"ledger.raced", Kind::kConflict};
inline constexpr Reason kLeafMissing{"ledger.leaf_missing", Kind::kBug, "RFC 9162 2.1"};
inline constexpr Reason kNodeDiffers{"ledger.node_differs", Kind::kBug, "RFC 9162 2.1"};
inline constexpr Reason kSizeDiffers{"ledger.size_differs", Kind::kBug, "RFC 9162 2.1"};
}  // namespace reasons

}  // namespace onewindow::ledger
