#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "naming/changes.hpp"
#include "naming/engine/name_index.hpp"
#include "naming/examiner.hpp"

namespace onewindow::naming {

/// Examines with all names in memory: same names by the database, whose transaction has the last
/// word, similar ones by the index, which follows the change feed in order.
class IndexExaminer final : public Examiner {
 public:
    /// The tables must outlive this.
    explicit IndexExaminer(const NameTables& tables) : tables_(tables), index_(tables) {}

    /// Fills the index: from the snapshot if it is one of this database and these tables, else from
    /// the database. Says which: "snapshot" or "database". An empty path: from the database.
    Result<std::string> Start(db::Database& database, const std::string& snapshot);
    /// From now on one question in `every` is asked again by comparing every name, beside the
    /// service; `alarm` is called with the name where the index found more or less.
    void Watch(std::uint64_t every, std::function<void(const std::string& name)> alarm);

    /// Writes the snapshot that Start opens.
    Result<> Save(const std::string& snapshot);

    /// Follows the feed to its end. Fills the index first if nobody did. A gap fills it again.
    Result<> Refresh(db::Database& database) override;
    Result<Hits> Find(db::Transaction& tx, const Candidate& candidate) override;

    engine::NameIndex* Index() override { return &index_; }
    engine::NameIndex& index() { return index_; }

    ~IndexExaminer() override;

 private:
    void OfferToWatch(const engine::Question& question);
    Result<> Fill(db::Database& database);
    Result<> Follow(db::Transaction& tx);
    Result<bool> IsOfThisFeed(db::Database& database, const std::string& note);
    engine::Update UpdateOf(NameParts parts, const std::string& id, const std::string& scope,
                            const std::string& authority, const std::string& status,
                            std::optional<Instant> until) const;

    const NameTables& tables_;
    SqlExaminer same_;
    engine::NameIndex index_;
    std::mutex mutex_;
    bool filled_ = false;
    struct Position {
        std::int64_t sequence = 0;
        std::string name_id = {};  // Of that change.
    };
    std::map<std::string, Position> positions_;  // By scope.

    std::uint64_t watch_every_ = 0;
    std::function<void(const std::string&)> alarm_;
    std::atomic<std::uint64_t> questions_{0};
    std::mutex watch_mutex_;
    std::condition_variable watch_wake_;
    std::vector<engine::Question> watched_;
    bool watch_stop_ = false;
    std::thread watcher_;
};

}  // namespace onewindow::naming
