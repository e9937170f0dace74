#pragma once

#include <array>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "naming/compare_names.hpp"
#include "naming/engine/epoch.hpp"
#include "naming/engine/registry.hpp"
#include "naming/engine/relation.hpp"
#include "naming/engine/segment.hpp"

namespace onewindow::naming::engine {

/// Rules in the order of their weight, which is the order of the hits: S1 to S5 and N2 to N5 of
/// domain.md B3 (N1 is S4 under the rules of 2017); L1 look-alike, L2 the same characters in
/// another order, L3 one character edited.
enum class Rule : unsigned char {
    kS1,
    kS2,
    kS3,
    kS4,
    kS5,
    kN2,
    kL1,
    kL2,
    kN3,
    kN4,
    kN5,
    kL3,
    kCount
};
inline constexpr std::size_t kRules = static_cast<std::size_t>(Rule::kCount);
std::string_view NameOf(Rule rule);
inline bool IsSame(Rule rule) { return rule <= Rule::kS5; }

struct Question {
    NameParts parts = {};
    std::string scope = {};  // ScopeOf
    Date today = {};
    std::uint64_t own_id = 0;              // HashOf the row that is the candidate itself.
    std::vector<std::string> exempt = {};  // Full names that stand in nobody's way.
    std::size_t limit = 100;               // Hits shown; 0 = all.
    bool only_law = false;                 // Leaves out L1 to L3.
    bool only_whether = false;             // Stops at the first: counts are then 0 or more.
};

struct Hit {
    std::string name = {};
    std::string authority = {};
    Rule rule = Rule::kS1;
    std::uint8_t status = 0;
    std::uint32_t until_day = 0;  // As in Row.
    std::uint64_t id = 0;
};

struct Answer {
    std::vector<Hit> hits = {};  // By rule, then the own scope first, then the older.
    std::array<std::int64_t, kRules> counts{};  // Of all.
    std::int64_t count() const;
};

/// What a change does to a name.
struct Update {
    NameParts parts = {};
    std::string authority = {};
    std::uint32_t until_day = 0;
    std::uint8_t status = 0;
    std::uint64_t id = 0;
    std::string scope = {};  // Where it is compared; empty: ScopeOf(parts, authority).
};

/// All names of a province in memory. Any number of readers, without locks; writers take turns.
/// What was added or changed is seen by every question that begins afterwards.
class NameIndex {
 public:
    explicit NameIndex(const NameTables& tables);
    ~NameIndex();

    Answer Find(const Question& question);

    /// Asks the index and compares every name, on one state. Nothing where names changed meanwhile.
    struct Comparison {
        std::array<std::int64_t, kRules> found{}, compared{};
    };
    std::optional<Comparison> Compare(Question question);

    /// Adds a name; one that is known by its id gets the new state.
    void Apply(const Update& update);

    /// Replaces everything by what `fill` adds. For loading many names at once.
    class Bulk {
     public:
        void Add(const NameParts& parts, std::string_view authority, std::uint32_t until_day,
                 std::uint8_t status, std::uint64_t id, std::string_view scope = {});

     private:
        friend class NameIndex;
        Bulk(Registry& registry, const SoundTables& sounds)
            : registry_(registry), builder_(sounds) {}
        Registry& registry_;
        SegmentBuilder builder_;
    };
    Result<> Load(const std::function<Result<>(Bulk&)>& fill);

    /// Brings everything into one segment, in the caller's thread.
    void Merge();
    /// Until no merge is due or running; for tests and measurements.
    void WaitForMerges();

    /// Writes a file that OpenSnapshot opens; `note` comes back from there. Merges first.
    Result<> SaveSnapshot(const std::string& path, const std::string& note);
    /// Opens a snapshot of the same tables: its note; or refused with reasons::kSnapshot, nothing
    /// changed. With `verify` every byte is read and checked; without, only the file's frame.
    Result<std::string> OpenSnapshot(const std::string& path, bool verify = true);

    struct Stats {
        std::size_t names = 0, cores = 0, segments = 0, in_delta = 0;
        std::size_t relation_bytes = 0, all_bytes = 0;
        std::size_t layouts = 0, industries = 0, profiles = 0;
    };
    Stats stats();

    const NameTables& tables() const { return tables_; }

 private:
    friend class Search;
    /// The newest names, as they came; readers look at each.
    struct Tail {
        static constexpr std::size_t kSize = 512;
        struct Item {
            Entry entry;
            std::atomic<std::uint64_t> row{0};
            std::atomic<std::uint8_t> status{0};
        };
        std::array<Item, kSize> items;
        std::atomic<std::size_t> size{0};
    };
    struct State {
        std::shared_ptr<Registry> registry;
        std::vector<std::shared_ptr<Segment>> segments;  // The largest first.
        std::vector<std::shared_ptr<Tail>> tails;        // The last is being filled.
    };
    struct Change {
        std::u32string core;
        std::uint64_t id;
        std::uint32_t until_day;
        std::uint8_t status;
    };

    static std::unique_ptr<State> EmptyState(std::shared_ptr<Registry> registry);
    void Publish(std::unique_ptr<State> state);
    bool ChangeKnown(const State& state, const Change& change);
    void AddNew(Entry entry);
    /// Merges tails and small segments while some are due. Runs in its own thread.
    void MergeLoop();
    bool MergeOnce(bool all);
    static void Collect(const Segment& segment, SegmentBuilder& builder);

    const NameTables& tables_;
    Epochs epochs_;
    std::atomic<State*> state_;
    std::mutex writer_;
    std::atomic<std::uint64_t> changes_{0};
    bool merging_ = false;
    std::vector<Change> while_merging_;
    std::mutex merger_;
    std::condition_variable wake_;
    std::atomic<bool> stop_{false}, due_{false};
    std::thread thread_;
};

}  // namespace onewindow::naming::engine
