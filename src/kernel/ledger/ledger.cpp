#include "kernel/ledger/ledger.hpp"

#include <bit>

#include "kernel/crypto/crypto.hpp"
#include "kernel/ledger/queries.gen.hpp"

namespace onewindow::ledger {
namespace {

constexpr std::size_t kSaltSize = 32;
constexpr std::int64_t kBatch = 256, kPage = 1024;
constexpr std::size_t kFaultsMax = 100;  // After a missing leaf every later subtree differs.

std::int64_t Int(std::size_t number) { return static_cast<std::int64_t>(number); }

/// Full subtrees from left to right, as the binary digits of the size; a new leaf merges with those
/// of its size.
class Frontier {
 public:
    struct Node {
        int level;
        std::string hash;
    };

    explicit Frontier(std::vector<Node> nodes = {}) : nodes_(std::move(nodes)) {}

    /// The subtrees that become full with this leaf, lowest first.
    std::vector<Node> Add(std::string_view commitment) {
        Node node{0, LeafHash(crypto::Sm3, commitment)};
        std::vector<Node> full;
        while (!nodes_.empty() && nodes_.back().level == node.level) {
            node = {node.level + 1, NodeHash(crypto::Sm3, nodes_.back().hash, node.hash)};
            nodes_.pop_back();
            full.push_back(node);
        }
        nodes_.push_back(std::move(node));
        return full;
    }

    std::string Root() const {
        if (nodes_.empty()) return RootOf(crypto::Sm3, {});
        std::string root = nodes_.back().hash;
        for (std::size_t i = nodes_.size() - 1; i > 0; --i) {
            root = NodeHash(crypto::Sm3, nodes_[i - 1].hash, root);
        }
        return root;
    }

 private:
    std::vector<Node> nodes_;
};

/// The hash over leaves [begin, begin + count) from what is stored; a full subtree is one row.
Result<std::string> HashOf(db::Transaction& tx, std::string_view authority, Range range) {
    if (range.count == 1) {
        OW_TRY(const auto leaf, tx.FindOne(queries::kFindLeafAt, authority, Int(range.begin)));
        if (!leaf)
            return Refuse(reasons::kLeafMissing, {}, {{"index", std::to_string(range.begin)}});
        return LeafHash(crypto::Sm3, leaf->Blob("commitment"));
    }
    if (std::has_single_bit(range.count)) {
        const std::size_t last_leaf = range.begin + range.count - 1;
        const int level = std::countr_zero(range.count);
        OW_TRY(const auto node, tx.FindOne(queries::kFindNode, authority, Int(last_leaf), level));
        if (!node) return Refuse(reasons::kNodeDiffers, {}, {{"index", std::to_string(last_leaf)}});
        return node->Blob("hash");
    }
    const std::size_t split = SplitOf(range.count);
    OW_TRY(const std::string left, HashOf(tx, authority, {range.begin, split}));
    OW_TRY(const std::string right,
           HashOf(tx, authority, {range.begin + split, range.count - split}));
    return NodeHash(crypto::Sm3, left, right);
}

Result<std::vector<std::string>> HashesOf(db::Transaction& tx, std::string_view authority,
                                          const std::vector<Range>& ranges) {
    std::vector<std::string> hashes;
    for (const Range& range : ranges) {
        OW_TRY(std::string hash, HashOf(tx, authority, range));
        hashes.push_back(std::move(hash));
    }
    return hashes;
}

Result<Head> HeadAt(db::Transaction& tx, std::string_view authority, std::size_t size) {
    Head head{.authority = std::string(authority), .size = size, .root = RootOf(crypto::Sm3, {})};
    if (size > 0) {
        OW_TRY(head.root, HashOf(tx, authority, {0, size}));
    }
    return head;
}

Result<std::size_t> SizeOf(db::Transaction& tx, std::string_view authority) {
    OW_TRY(const auto shard, tx.FindOne(queries::kFindShard, authority));
    return shard ? static_cast<std::size_t>(shard->Int("size")) : 0;
}

Result<Frontier> FrontierAt(db::Transaction& tx, std::string_view authority, std::size_t size) {
    std::vector<Frontier::Node> nodes;
    std::size_t begin = 0;
    for (std::size_t count = std::bit_floor(size); count > 0; count >>= 1) {
        if ((size & count) == 0) continue;
        OW_TRY(std::string hash, HashOf(tx, authority, {begin, count}));
        nodes.push_back({std::countr_zero(count), std::move(hash)});
        begin += count;
    }
    return Frontier(std::move(nodes));
}

/// Numbers up to kBatch leaves of one authority; returns how many.
Result<int> SequenceShard(db::Transaction& tx, std::string_view authority) {
    OW_CHECK(tx.Execute(queries::kEnsureShard, authority));
    // First the lock, then the look: under READ COMMITTED leaves that were read before it may be
    // numbered by now.
    OW_TRY(const auto shard, tx.FindOne(queries::kLockShard, authority));
    OW_ASSERT(shard.has_value());
    const auto old_size = static_cast<std::size_t>(shard->Int("size"));
    OW_TRY(const db::Rows leaves, tx.Read(queries::kListUnnumbered, authority, kBatch));
    if (leaves.empty()) return 0;
    OW_TRY(Frontier frontier, FrontierAt(tx, authority, old_size));
    std::size_t size = old_size;
    for (const db::Row& leaf : leaves) {
        OW_TRY(const auto changed,
               tx.Execute(queries::kNumberLeaf, leaf.Text("event_id"), Int(size)));
        if (changed != 1) return Refuse(reasons::kRaced);
        for (const Frontier::Node& node : frontier.Add(leaf.Blob("commitment"))) {
            OW_CHECK(tx.Execute(queries::kInsertNode, authority, Int(size), node.level,
                                db::Bytes{node.hash}));
        }
        ++size;
    }
    OW_TRY(const auto grown, tx.Execute(queries::kGrowShard, authority, Int(size), Int(old_size)));
    if (grown != 1) return Refuse(reasons::kRaced);
    return static_cast<int>(leaves.size());
}

/// Compares a page of stored leaves and subtrees with what they should be.
class Checker {
 public:
    explicit Checker(std::vector<Fault>& faults) : faults_(faults) {}

    void Leaves(const db::Rows& leaves, std::int64_t begin, std::int64_t end) {
        std::int64_t expected = begin;
        for (const db::Row& leaf : leaves) {
            for (; expected < leaf.Int("position"); ++expected)
                Find(reasons::kLeafMissing, expected);
            ++expected;
            for (const Frontier::Node& node : frontier_.Add(leaf.Blob("commitment"))) {
                full_[{leaf.Int("position"), node.level}] = node.hash;
            }
        }
        for (; expected < end; ++expected) Find(reasons::kLeafMissing, expected);
    }

    void Nodes(const db::Rows& nodes) {
        for (const db::Row& node : nodes) {
            const auto at = full_.find({node.Int("last_leaf"), node.Int("level")});
            if (at == full_.end() || at->second != node.Blob("hash")) {
                Find(reasons::kNodeDiffers, node.Int("last_leaf"));
            }
            if (at != full_.end()) full_.erase(at);
        }
        for (const auto& [at, hash] : full_) Find(reasons::kNodeDiffers, at.first);
        full_.clear();
    }

    void Find(const Reason& reason, std::int64_t index) {
        if (faults_.size() == kFaultsMax) return;
        faults_.push_back({&reason, {}, {{"index", std::to_string(index)}}});
    }

    std::string Root() const { return frontier_.Root(); }

 private:
    std::vector<Fault>& faults_;
    Frontier frontier_;
    std::map<std::pair<std::int64_t, std::int64_t>, std::string> full_;
};

}  // namespace

Commitment Commit(Random& random, std::string_view canonical_event) {
    std::string salt = random.Bytes(kSaltSize);
    std::string digest = crypto::Sm3(salt + std::string(canonical_event));
    return {.salt = std::move(salt), .digest = std::move(digest)};
}

bool Opens(std::string_view digest, std::string_view salt, std::string_view canonical_event) {
    // Of the fixed size only: else bytes could move between salt and event.
    return salt.size() == kSaltSize &&
           crypto::Sm3(std::string(salt) + std::string(canonical_event)) == digest;
}

Result<> Append(db::Transaction& tx, const Clock& clock, std::string_view authority,
                std::string_view event_id, const Commitment& commitment) {
    OW_CHECK(tx.Execute(queries::kInsertLeaf, event_id, authority, db::Bytes{commitment.digest},
                        clock.Now()));
    OW_CHECK(tx.Execute(queries::kInsertSalt, event_id, db::Bytes{commitment.salt}));
    return {};
}

Result<int> Sequence(db::Database& database) {
    OW_TRY(const auto waiting,
           database.Read([](db::Transaction& tx) -> Result<std::vector<std::string>> {
               OW_TRY(const db::Rows rows, tx.Read(queries::kListWaitingShards));
               std::vector<std::string> authorities;
               for (const db::Row& row : rows) authorities.push_back(row.Text("authority"));
               return authorities;
           }));
    int total = 0;
    for (const std::string& authority : waiting) {
        // Batches keep the lock short; a new leaf a moment later is the next call's.
        for (int numbered = static_cast<int>(kBatch); numbered == kBatch; total += numbered) {
            OW_TRY(numbered, database.Write([&](db::Transaction& tx) {
                return SequenceShard(tx, authority);
            }));
        }
    }
    return total;
}

Result<Head> GetHead(db::Transaction& tx, std::string_view authority) {
    OW_TRY(const std::size_t size, SizeOf(tx, authority));
    return HeadAt(tx, authority, size);
}

Result<Proof> Prove(db::Transaction& tx, std::string_view event_id,
                    std::optional<std::size_t> size) {
    OW_TRY(const auto leaf, tx.FindOne(queries::kFindLeaf, event_id));
    if (!leaf) return Refuse(reasons::kUnknownEvent);
    if (leaf->IsNull("position")) return Refuse(reasons::kNotNumbered);
    const std::string authority = leaf->Text("authority");
    const auto index = static_cast<std::size_t>(leaf->Int("position"));
    OW_TRY(const std::size_t present, SizeOf(tx, authority));
    const std::size_t at = size.value_or(present);
    if (at > present || index >= at)
        return Refuse(reasons::kNoSuchSize, "size", {{"size", std::to_string(at)}});

    Proof proof;
    proof.index = index;
    proof.commitment = leaf->Blob("commitment");
    OW_TRY(proof.head, HeadAt(tx, authority, at));
    OW_TRY(proof.path, HashesOf(tx, authority, InclusionRanges(index, at)));
    if (!leaf->IsNull("salt")) proof.salt = leaf->Blob("salt");
    return proof;
}

Result<std::vector<std::string>> ProveConsistency(db::Transaction& tx, std::string_view authority,
                                                  std::size_t first_size, std::size_t second_size) {
    OW_TRY(const std::size_t present, SizeOf(tx, authority));
    if (second_size > present || first_size > second_size) {
        return Refuse(reasons::kNoSuchSize, "size", {{"size", std::to_string(second_size)}});
    }
    return HashesOf(tx, authority, ConsistencyRanges(first_size, second_size));
}

Result<> DestroySalt(db::Transaction& tx, std::string_view event_id) {
    OW_CHECK(tx.Execute(queries::kDeleteSalt, event_id));
    return {};
}

Result<Report> Check(db::Transaction& tx, std::string_view authority) {
    Report report;
    Checker checker(report.faults);
    OW_TRY(const std::size_t size, SizeOf(tx, authority));
    for (std::int64_t begin = 0; begin < Int(size); begin += kPage) {
        const std::int64_t end = std::min(begin + kPage, Int(size));
        OW_TRY(const db::Rows leaves, tx.Read(queries::kListLeaves, authority, begin, end));
        checker.Leaves(leaves, begin, end);
        OW_TRY(const db::Rows nodes, tx.Read(queries::kListNodes, authority, begin, end));
        checker.Nodes(nodes);
    }
    // Beyond the size: leaves or subtrees that a shortened tree left behind.
    OW_TRY(const auto rows, tx.FindOne(queries::kCountRows, authority));
    const std::int64_t full = Int(size) - std::popcount(size);
    if (rows->Int("leaves") != Int(size) || rows->Int("nodes") != full) {
        checker.Find(reasons::kSizeDiffers, Int(size));
    }
    report.head = {.authority = std::string(authority), .size = size, .root = checker.Root()};
    return report;
}

}  // namespace onewindow::ledger
