#include "naming/index_examiner.hpp"

#include "kernel/json/json.hpp"
#include "kernel/text/text.hpp"
#include "naming/queries.gen.hpp"
#include "naming/reasons.hpp"

namespace onewindow::naming {
namespace {

using engine::Row;

constexpr int kPage = 5000;

/// The first day on which the name blocks nobody; a moment inside a day counts to its end.
std::uint32_t UntilDay(const std::string& status, std::optional<Instant> until) {
    if (status == NameOf(NameStatus::kReleased) || status == NameOf(NameStatus::kExpired))
        return Row::kOver;
    if (!until) return Row::kForever;
    const Date day = DateOf(*until);
    return engine::DayNumber(*until == At(day, std::chrono::milliseconds{0}) ? day
                                                                             : AddDays(day, 1));
}

std::uint8_t StatusNumber(const std::string& status) {
    for (int i = 0; i <= static_cast<int>(NameStatus::kRevoked); ++i) {
        if (status == NameOf(static_cast<NameStatus>(i))) return static_cast<std::uint8_t>(i);
    }
    return static_cast<std::uint8_t>(NameStatus::kRegistered);
}

std::optional<Instant> InstantOf(std::uint32_t until_day) {
    if (until_day == Row::kForever) return std::nullopt;
    using namespace std::chrono_literals;
    return At(AddDays(Date{2020y / 1 / 1}, static_cast<int>(until_day)), 0ms);
}

}  // namespace

engine::Update IndexExaminer::UpdateOf(NameParts parts, const std::string& id,
                                       const std::string& scope, const std::string& authority,
                                       const std::string& status,
                                       std::optional<Instant> until) const {
    parts.is_industry_unknown =
        !parts.has_no_industry && IsUnknownIndustry(parts.industry, tables_);
    return {.parts = std::move(parts),
            .authority = authority,
            .until_day = UntilDay(status, until),
            .status = StatusNumber(status),
            .id = engine::HashOf(id),
            .scope = scope};
}

Result<> IndexExaminer::Fill(db::Database& database) {
    // One read transaction: the rows and the feeds' ends belong together.
    return database.Read([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(index_.Load([&](engine::NameIndex::Bulk& bulk) -> Result<> {
            std::string after;
            while (true) {
                OW_TRY(const db::Rows rows, tx.Read(queries::kPageNames, after, kPage));
                for (const db::Row& row : rows) {
                    const engine::Update update = UpdateOf(
                        PartsOf(row), row.Text("id"), row.Text("scope_code"),
                        row.Text("authority_code"), row.Text("status"), row.TimeIfAny("until_ms"));
                    bulk.Add(update.parts, update.authority, update.until_day, update.status,
                             update.id, update.scope);
                }
                if (rows.size() < kPage) return {};
                after = rows.back().Text("id");
            }
        }));
        positions_.clear();
        OW_TRY(const db::Rows feeds, tx.Read(queries::kListFeeds));
        for (const db::Row& feed : feeds) {
            Position& position = positions_[feed.Text("scope_code")];
            position.sequence = feed.Int("last_sequence");
            OW_TRY(const auto change,
                   tx.FindOne(queries::kFindChange, feed.Text("scope_code"), position.sequence));
            if (change) position.name_id = change->Text("name_id");
        }
        filled_ = true;
        return {};
    });
}

Result<> IndexExaminer::Follow(db::Transaction& tx) {
    OW_TRY(const db::Rows feeds, tx.Read(queries::kListFeeds));
    for (const db::Row& feed : feeds) {
        const std::string& scope = feed.Text("scope_code");
        Position& position = positions_[scope];
        while (position.sequence < feed.Int("last_sequence")) {
            OW_TRY(const auto changes, ListChanges(tx, scope, position.sequence, kPage));
            for (const NameChange& change : changes) {
                if (change.sequence != position.sequence + 1) break;
                index_.Apply(UpdateOf(change.parts, change.name_id, scope, change.authority_code,
                                      change.status, change.until));
                position = {change.sequence, change.name_id};
            }
            const bool stuck = changes.empty() || changes.back().sequence != position.sequence;
            if (stuck) return Refuse(reasons::kGap, "scope", {{"scope", scope}});
        }
        if (position.sequence > feed.Int("last_sequence")) {
            return Refuse(reasons::kGap, "scope", {{"scope", scope}});
        }
    }
    return {};
}

Result<> IndexExaminer::Refresh(db::Database& database) {
    const std::lock_guard lock(mutex_);
    if (filled_) {
        auto followed = database.Read([&](db::Transaction& tx) { return Follow(tx); });
        if (followed || !followed.error().Is(reasons::kGap)) return followed;
    }
    return Fill(database);
}

Result<bool> IndexExaminer::IsOfThisFeed(db::Database& database, const std::string& note) {
    const auto parsed = json::Parse(note);
    if (!parsed || !parsed->is_object()) return false;
    std::map<std::string, Position> positions;
    for (const auto& [scope, value] : parsed->get_object()) {
        positions[std::string(scope)] = {json::IntAt(value, "sequence"),
                                         json::TextAt(value, "name")};
    }
    return database.Read([&](db::Transaction& tx) -> Result<bool> {
        for (const auto& [scope, position] : positions) {
            OW_TRY(const auto change, tx.FindOne(queries::kFindChange, scope, position.sequence));
            if (!change || change->Text("name_id") != position.name_id) return false;
        }
        positions_ = positions;
        return true;
    });
}

Result<std::string> IndexExaminer::Start(db::Database& database, const std::string& snapshot) {
    const std::lock_guard lock(mutex_);
    if (!snapshot.empty()) {
        const auto note = index_.OpenSnapshot(snapshot);
        if (note) {
            OW_TRY(const bool ours, IsOfThisFeed(database, *note));
            if (ours) {
                filled_ = true;
                const auto followed =
                    database.Read([&](db::Transaction& tx) { return Follow(tx); });
                if (followed) return std::string("snapshot");
            }
        }
    }
    OW_CHECK(Fill(database));
    return std::string("database");
}

Result<> IndexExaminer::Save(const std::string& snapshot) {
    const std::lock_guard lock(mutex_);
    json::object note;
    for (const auto& [scope, position] : positions_) {
        note[scope] = json::object{{"sequence", position.sequence}, {"name", position.name_id}};
    }
    return index_.SaveSnapshot(snapshot, json::Text(note));
}

void IndexExaminer::Watch(std::uint64_t every, std::function<void(const std::string&)> alarm) {
    watch_every_ = every;
    alarm_ = std::move(alarm);
    watcher_ = std::thread([this] {
        std::unique_lock lock(watch_mutex_);
        while (!watch_stop_) {
            watch_wake_.wait(lock, [this] { return watch_stop_ || !watched_.empty(); });
            if (watch_stop_) return;
            const engine::Question question = std::move(watched_.back());
            watched_.pop_back();
            lock.unlock();
            const auto comparison = index_.Compare(question);
            if (comparison && comparison->found != comparison->compared)
                alarm_(question.parts.name);
            lock.lock();
        }
    });
}

void IndexExaminer::OfferToWatch(const engine::Question& question) {
    if (watch_every_ == 0 || ++questions_ % watch_every_ != 0) return;
    const std::lock_guard lock(watch_mutex_);
    // While it is busy questions are let go: the sample is one of chance anyway.
    constexpr std::size_t kWaitingMax = 8;
    if (watched_.size() < kWaitingMax) watched_.push_back(question);
    watch_wake_.notify_one();
}

IndexExaminer::~IndexExaminer() {
    {
        const std::lock_guard lock(watch_mutex_);
        watch_stop_ = true;
    }
    watch_wake_.notify_all();
    if (watcher_.joinable()) watcher_.join();
}

Result<Hits> IndexExaminer::Find(db::Transaction& tx, const Candidate& candidate) {
    OW_TRY(Hits hits, same_.Find(tx, candidate));
    std::vector<std::string> exempt;
    for (const Consent& consent : candidate.consents) {
        if (!consent.evidence_id.empty()) exempt.push_back(NormaliseName(consent.entity_name));
    }
    const std::size_t room =
        candidate.limit == 0 ? 0
                             : candidate.limit - std::min(candidate.limit, hits.conflicts.size());
    const engine::Question question{
        .parts = candidate.parts,
        .scope = candidate.scope_code,
        .today = DateOf(candidate.now),
        .own_id = candidate.own_id.empty() ? 0 : engine::HashOf(candidate.own_id),
        .exempt = std::move(exempt),
        .limit = candidate.limit,
        .only_law = false};
    engine::Answer answer = index_.Find(question);
    OfferToWatch(question);
    for (std::size_t i = 0; i < engine::kRules; ++i) {
        const auto rule = static_cast<engine::Rule>(i);
        if (engine::IsSame(rule) || answer.counts[i] == 0) continue;
        hits.count += answer.counts[i];
        hits.counts[std::string(engine::NameOf(rule))] = answer.counts[i];
    }
    std::size_t taken = 0;
    for (engine::Hit& hit : answer.hits) {
        // The database has named those already, with what is not committed yet.
        if (engine::IsSame(hit.rule)) continue;
        if (candidate.limit != 0 && taken == room) break;
        ++taken;
        hits.conflicts.push_back(
            {.id = {},
             .name = std::move(hit.name),
             .authority_code = std::move(hit.authority),
             .rule = std::string(engine::NameOf(hit.rule)),
             .severity = Severity::kWarn,
             .status = std::string(NameOf(static_cast<NameStatus>(hit.status))),
             .case_id = {},
             .until = InstantOf(hit.until_day)});
    }
    hits.examined = "same and similar";
    return hits;
}

}  // namespace onewindow::naming
