#include <algorithm>
#include <map>
#include <set>

#include "exchange/engine.hpp"
#include "exchange/queries.gen.hpp"
#include "exchange/reasons.hpp"

// Registers: fetched between call-backs, and compared daily with what we intended. An agency can lie with a 200.
namespace onewindow::exchange {
namespace {

using std::chrono::minutes;

constexpr minutes kFetchEvery{5};
constexpr std::chrono::hours kReconcileAt{6};  // Beijing time, before the halls open.
constexpr std::chrono::hours kCompareBack{24 * 8};
/// An agency's clock may be a day off; its register is asked from before that.
constexpr std::chrono::hours kClockSkew{48};
constexpr int kPagesMax = 10'000;

std::string PercentEncode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
                           c == '.' || c == '~';
        if (plain) out += c;
        else out += "%" + crypto::Hex(std::string(1, c));
    }
    return out;
}

std::string RegisterPath(Instant since, std::string_view after) {
    std::string path = "/exchange/v1/register?since=" + PercentEncode(FormatInstant(since));
    if (!after.empty()) path += "&after=" + PercentEncode(after);
    return path;
}

Result<RegisterPage> ReadPage(const std::string& text) {
    OW_TRY(const json::value body, json::Parse(text));
    return json::Read<RegisterPage>(body);
}

int Rank(const RegisterEntry& entry) {
    if (entry.state == "received") return 0;
    if (entry.state == "accepted") return 1;
    return 2;
}

/// Entries of one message, in register order.
struct Group {
    std::vector<const RegisterEntry*> entries;

    bool Has(std::string_view state) const {
        return std::any_of(entries.begin(), entries.end(), [&](const auto* entry) { return entry->state == state; });
    }
    int RankMost() const {
        int most = -1;
        for (const auto* entry : entries) most = std::max(most, Rank(*entry));
        return most;
    }
    bool IsDouble() const {
        std::set<std::string> receipts, results;
        for (const auto* entry : entries) {
            if (entry->receipt && !entry->receipt->empty()) receipts.insert(*entry->receipt);
            if (entry->state == "done") results.insert(json::Canonical(entry->result.value_or(json::object{})));
        }
        return receipts.size() > 1 || results.size() > 1;
    }
};

int RankOf(TrackState state) {
    using enum TrackState;
    if (state == kReceived) return 0;
    if (state == kAccepted) return 1;
    if (state == kDone || state == kNeedsData || state == kRejected) return 2;
    return -1;
}

}  // namespace

std::vector<Finding> CompareRegister(const std::vector<Intended>& intended, const std::vector<RegisterEntry>& entries) {
    using Key = std::tuple<std::string, std::string, std::int64_t>;
    std::map<Key, Group> groups;
    std::set<std::pair<std::string, std::string>> ours;
    for (const RegisterEntry& entry : entries) groups[{entry.case_number, entry.matter, entry.version}].entries.push_back(&entry);
    std::vector<Finding> findings;
    for (const Intended& row : intended) {
        const Track& track = row.track;
        ours.insert({track.case_number, track.matter});
        const auto add = [&](std::string kind) {
            findings.push_back({std::move(kind), track.case_number, track.matter, track.version, track.id});
        };
        const auto found = groups.find({track.case_number, track.matter, track.version});
        const bool absent = found == groups.end();
        const bool finished = !absent && found->second.Has("done");
        if (absent || (track.state == TrackState::kDone && !finished)) {
            // What was only sent, without receipt, is still being tried.
            if (RankOf(track.state) >= 0) add("lie");
            continue;
        }
        const bool wrong = std::any_of(found->second.entries.begin(), found->second.entries.end(),
                                       [&](const auto* entry) { return entry->payload_sm3 != row.payload_sm3; });
        if (wrong) add("wrong");
        if (found->second.IsDouble()) add("double");
        if (found->second.RankMost() > RankOf(track.state)) add("loss");
        else if (track.in_doubt) add("healed");
    }
    for (const auto& [key, group] : groups) {
        const auto& [number, matter, version] = key;
        if (!ours.contains({number, matter})) findings.push_back({"stranger", number, matter, version, ""});
    }
    return findings;
}

Result<> Exchange::OrderRecurringJobs(db::Transaction& tx) const {
    const Instant now = services().clock.Now();
    for (const Connection& connection : deps_.connections) {
        if (connection.base_url.empty()) continue;
        const std::string arguments = json::Canonical(json::object{{"connection", connection.key_id}, {"recurring", true}});
        const std::string& name = connection.key_id;
        OW_CHECK(jobs::Enqueue(tx, services().clock, services().random,
                               {.kind = "exchange.fetch", .arguments = arguments, .key = "exchange.fetch:" + name,
                                .subject = name, .run_at = now + kFetchEvery}));
        OW_CHECK(jobs::Enqueue(tx, services().clock, services().random,
                               {.kind = "exchange.reconcile", .arguments = arguments, .key = "exchange.reconcile:" + name,
                                .subject = name, .run_at = At(AddDays(DateOf(now), 1), kReconcileAt)}));
    }
    return {};
}

/// Tracks of the connection that wait for an answer.
Result<std::vector<Track>> Exchange::OpenAt(const Connection& connection) const {
    const auto [from, until] = PlacesOf(connection.region);
    return services().database.Read([&](db::Transaction& tx) -> Result<std::vector<Track>> {
        OW_TRY(const db::Rows rows, tx.Read(queries::kListTracksOfAgency, connection.agency, from, until));
        std::vector<Track> open;
        for (const db::Row& row : rows) {
            Track track = ReadTrack(row);
            using enum TrackState;
            const bool sent = track.state == kPushed || track.state == kReceived || track.state == kAccepted || track.in_doubt;
            if (sent && ConnectionFor(track) == &connection) open.push_back(std::move(track));
        }
        return open;
    });
}

/// Lost call-backs are found here. Read from the oldest open track on, since answers to earlier messages come later.
jobs::Outcome Exchange::Fetch(const jobs::Job& job) const {
    const auto arguments = json::Parse(job.arguments);
    const Connection* connection = arguments ? ConnectionByKey(json::TextAt(*arguments, "connection")) : nullptr;
    if (connection == nullptr) return jobs::Done{};  // It was taken out of the configuration.
    const auto open = OpenAt(*connection);
    if (!open) return jobs::Retry{.why = open.error().Describe()};
    if (!open->empty()) {
        Instant since = services().clock.Now();
        std::set<std::pair<std::string, std::string>> wanted;
        for (const Track& track : *open) {
            wanted.insert({track.case_number, track.matter});
            if (track.due_at) since = std::min(since, *track.due_at);
        }
        const auto entries = ReadRegister(*connection, since - kClockSkew);
        if (!entries) return jobs::Retry{.why = entries.error().Describe()};
        for (const RegisterEntry& entry : *entries) {
            if (!wanted.contains({entry.case_number, entry.matter})) continue;
            const auto taken = TakeAndTell(SourceOf(*connection), entry);
            if (!taken && taken.error().kind() == Kind::kUnavailable) return jobs::Retry{.why = taken.error().Describe()};
        }
    }
    return jobs::Wait{services().clock.Now() + kFetchEvery};
}

jobs::Outcome Exchange::Reconcile(const jobs::Job& job) const {
    const auto arguments = json::Parse(job.arguments);
    const Connection* connection = arguments ? ConnectionByKey(json::TextAt(*arguments, "connection")) : nullptr;
    if (connection == nullptr) return jobs::Done{};
    if (const auto done = ReconcileOnce(*connection); !done) return jobs::Retry{.why = done.error().Describe()};
    if (!json::BoolAt(*arguments, "recurring")) return jobs::Done{};
    return jobs::Wait{At(AddDays(services().clock.Today(), 1), kReconcileAt)};
}

/// A lie is sent again and stands as doubt until the register has it; what contradicts itself goes to a person.
Result<> Exchange::Repair(const Finding& finding) const {
    if (finding.track.empty() || finding.kind == "loss") return {};
    return services().database.Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(Track track, LockTrack(tx, deps_.application, finding.track));
        if (track.version != finding.version) return {};
        json::object data{{"track", track.id}, {"matter", track.matter}, {"version", track.version}};
        if (finding.kind == "wrong" || finding.kind == "double") {
            if (track.stuck == finding.kind) return {};
            data["why"] = data["cause"] = finding.kind;
            return Record(tx, track.case_id, "exchange.stuck", "system", std::move(data));
        }
        const bool lie = finding.kind == "lie";
        if (track.in_doubt != lie) {
            data["in_doubt"] = lie;
            OW_CHECK(Record(tx, track.case_id, lie ? "exchange.lie_found" : "exchange.doubt_cleared", "system", std::move(data)));
        }
        if (!lie) return {};
        // Whoever lies again is asked again, at each comparison.
        track.in_doubt = true;
        OW_TRY(const Ground ground, Look(tx, track.case_id));
        return MakeDue(tx, ground, track, Send::kAgain, "system");
    });
}

Result<std::vector<RegisterEntry>> Exchange::ReadRegister(const Connection& connection, Instant since) const {
    std::vector<RegisterEntry> entries;
    std::string cursor;
    for (int pages = 0; pages < kPagesMax; ++pages) {
        OW_TRY(const std::string text, FetchSigned(connection, RegisterPath(since, cursor)));
        OW_TRY(RegisterPage page, ReadPage(text));
        const std::string next = page.next.value_or("");
        const bool last = page.entries.empty() || next.empty() || next == cursor;
        std::move(page.entries.begin(), page.entries.end(), std::back_inserter(entries));
        if (last) break;
        cursor = next;
    }
    return entries;
}

Result<> Exchange::ReconcileOnce(const Connection& connection) const {
    const Instant started = services().clock.Now();
    const auto [from, until] = PlacesOf(connection.region);
    OW_TRY(const std::vector<Intended> intended, services().database.Read([&](db::Transaction& tx) -> Result<std::vector<Intended>> {
               OW_TRY(const db::Rows rows, tx.Read(queries::kListTracksToCompare, connection.agency, from, until, started - kCompareBack));
               std::vector<Intended> out;
               for (const db::Row& row : rows) {
                   Track track = ReadTrack(row);
                   // A narrower connection answers for its own places.
                   if (ConnectionFor(track) != &connection) continue;
                   // The register is read after this list: whatever has a receipt here must be there.
                   if (!track.received_at) continue;
                   OW_TRY(const auto message, tx.FindOne(queries::kFindMessage, track.id, track.version));
                   out.push_back({std::move(track), message ? message->Text("payload_sm3") : ""});
               }
               return out;
           }));
    Instant since = started - kCompareBack;
    for (const Intended& row : intended) {
        if (row.track.due_at) since = std::min(since, *row.track.due_at);
    }
    OW_TRY(const std::vector<RegisterEntry> entries, ReadRegister(connection, since - kClockSkew));
    std::vector<Finding> findings = CompareRegister(intended, entries);
    const AnswerSource source = SourceOf(connection);
    std::vector<Finding> reported;
    std::map<std::string, std::int64_t> counts;
    for (Finding& finding : findings) {
        if (finding.kind == "stranger") {
            const auto known = services().database.Read([&](db::Transaction& tx) {
                return tx.FindOne(queries::kFindTrackOfNumber, finding.case_number, finding.matter);
            });
            if (!known) return Failure(known.error());
            if (*known && (*known)->Text("agency") == connection.agency) continue;  // Merely too old or too new to be compared.
        }
        if (finding.kind == "loss") {
            for (const RegisterEntry& entry : entries) {
                const bool same = entry.case_number == finding.case_number && entry.matter == finding.matter;
                if (same && entry.version == finding.version) static_cast<void>(TakeAndTell(source, entry));
            }
        }
        OW_CHECK(Repair(finding));
        ++counts[finding.kind];
        reported.push_back(std::move(finding));
    }
    const std::string id = NewUlid(services().clock, services().random);
    return services().database.Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(tx.Execute(queries::kInsertReconciliation, id, connection.key_id, connection.agency, connection.region, started,
                            static_cast<std::int64_t>(intended.size()), counts["lie"], counts["loss"], counts["double"],
                            counts["wrong"], counts["stranger"], json::Canonical(json::Write(reported))));
        return {};
    });
}

}  // namespace onewindow::exchange
