#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/clock/clock.hpp"
#include "kernel/db/db.hpp"
#include "reference/snapshot.hpp"

// Reference data in the database: versions, periods, imports, policy versions.
namespace onewindow::reference {

/// Where one version of a dataset comes from and when it holds.
struct DatasetFacts {
    std::string name;  // "calendar"; one of DatasetKinds().
    Date valid_from;
    std::optional<Date> valid_until = {};  // Included.
    std::string origin;    // official | derived | demo | mixed (each row says its own)
    std::string citation;  // Where it stands.
    std::string imported_by;
};

/// A dataset that its kind's parser accepted; only PrepareDataset makes one.
struct Dataset {
    DatasetFacts facts;
    std::string content;
    std::string digest;  // SM3, hex.
};

/// Reads and checks the content outside any transaction. Every fault at once, with its line and
/// column.
Result<Dataset> PrepareDataset(DatasetFacts facts, std::string content);

/// The seed data that is built into the binary, checked. From `valid_from` on.
Result<std::vector<Dataset>> SeedDatasets(Date valid_from = std::chrono::year{2020} / 1 / 1);

/// A snapshot of datasets that are in no database: for tests, the command line's `check` and
/// `deadline`.
Result<SnapshotPointer> BuildSnapshot(const std::vector<Dataset>& datasets);
/// The built-in data, made once a process. Our own data are right, or a test fails.
SnapshotPointer SeedSnapshot();

/// Stores a prepared dataset as the next version of its name; returns the version. Where all kinds
/// are present, what the dataset says of others is checked against those in force on its first day.
/// kDatasetRace if another import was faster.
Result<std::int64_t> Import(db::Transaction& tx, const Dataset& dataset, Instant now);

/// Installs seed data: a name without versions, or one whose newest version is an older seed, gets
/// this one. What an administrator imported is never covered up. Returns how many versions were
/// added. Safe to repeat.
Result<int> SeedReference(db::Transaction& tx, const std::vector<Dataset>& seed, Instant now);

/// The versions in force on a day, one a name, by name: the newest whose period covers it.
Result<std::vector<DatasetVersion>> VersionsOn(db::Transaction& tx, Date date);
/// Reads and indexes exactly these versions. Refused where a kind is missing or a content does not
/// match its digest.
Result<SnapshotPointer> LoadVersions(db::Transaction& tx, const std::vector<DatasetVersion>& parts);
Result<SnapshotPointer> LoadSnapshot(db::Transaction& tx, Date date);

/// Remembers what the snapshot's policy version stands for, in the transaction of the case that
/// starts with it.
Result<> KeepPolicy(db::Transaction& tx, const Snapshot& snapshot, Instant now);
/// The snapshot that a case started with; kPolicyUnknown where nobody kept it.
Result<SnapshotPointer> LoadSnapshotByVersion(db::Transaction& tx, std::string_view policy_version);

/// The snapshots of a process: each is read once, then shared. Safe from many threads.
class Store {
 public:
    /// In force on a day, as the transaction sees it. One small query; contents are read once a
    /// policy version.
    Result<SnapshotPointer> On(db::Transaction& tx, Date date) const;
    /// The one that a case keeps.
    Result<SnapshotPointer> OfVersion(db::Transaction& tx, std::string_view policy_version) const;
    /// What On found last, for look-ups without a transaction; the built-in data before the first.
    SnapshotPointer Current() const;

 private:
    SnapshotPointer Cached(const std::string& policy_version) const;
    void Remember(const SnapshotPointer& snapshot, bool current) const;

    mutable std::mutex mutex_;
    mutable std::map<std::string, SnapshotPointer, std::less<>> cached_;
    mutable SnapshotPointer current_;
};

}  // namespace onewindow::reference
