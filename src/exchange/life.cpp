#include <algorithm>
#include <set>

#include "exchange/engine.hpp"
#include "exchange/queries.gen.hpp"
#include "exchange/reasons.hpp"

// The life of a track between opening and end: prerequisites, orders to send, clocks.
namespace onewindow::exchange {
namespace {

Result<std::set<std::string>> HappenedIn(db::Transaction& tx, const CaseId& case_id) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListHappened, case_id));
    std::set<std::string> what;
    for (const db::Row& row : rows) what.insert(row.Text("what"));
    return what;
}

bool IsReady(const Track& track, const std::set<std::string>& happened) {
    return std::all_of(track.starts_after.begin(), track.starts_after.end(),
                       [&](const std::string& what) { return happened.contains(what); });
}

const progress::ClockState* FindClock(const std::vector<progress::ClockState>& clocks, std::string_view subject) {
    for (const auto& clock : clocks) {
        if (clock.subject == subject) return &clock;
    }
    return nullptr;
}

/// Recorded prerequisites come before those that only the case's facts ask for.
std::vector<std::string> PrerequisitesOf(const Matter& matter, const MatterInput& input) {
    std::vector<std::string> all = matter.starts_after;
    if (matter.starts_after_also) {
        for (std::string& what : matter.starts_after_also(input)) all.push_back(std::move(what));
    }
    return all;
}

/// Nothing where it cannot be read.
std::optional<http_signature::KnownKey> KeyOf(const Connection& connection) {
    if (connection.algorithm == http_signature::kSm2Sm3) {
        const auto key = crypto::Sm2PublicKey::FromPem(connection.public_key);
        return key ? std::optional(http_signature::MakeKnownKey(*key)) : std::nullopt;
    }
    const auto bytes = crypto::FromBase64(connection.public_key);
    if (connection.algorithm != http_signature::kEd25519 || !bytes) return std::nullopt;
    const auto key = crypto::Ed25519PublicKey::FromBytes(*bytes);
    return key ? std::optional(http_signature::MakeKnownKey(*key)) : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Exchange>> Exchange::Make(Deps deps) {
    std::map<std::string, http_signature::KnownKey, std::less<>> keys;
    std::vector<Fault> faults;
    for (std::size_t i = 0; i < deps.connections.size(); ++i) {
        const Connection& connection = deps.connections[i];
        if (connection.base_url.empty()) continue;
        const std::string field = "connections." + std::to_string(i);
        if (keys.contains(connection.key_id)) faults.push_back({&reasons::kKeyTwice, field + ".key_id", {}});
        auto key = KeyOf(connection);
        if (!key) faults.push_back({&crypto::reasons::kKey, field + ".public_key", {}});
        keys.emplace(connection.key_id, key ? *std::move(key) : http_signature::KnownKey{});
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    std::unique_ptr<Exchange> exchange(new Exchange(std::move(deps)));
    exchange->keys_ = std::move(keys);
    return exchange;
}

std::string TextPrefix(const Matter& matter) {
    std::string prefix = "matter." + matter.id;
    std::replace(prefix.begin(), prefix.end(), '/', '.');
    return prefix;
}

const Matter* Exchange::FindMatter(std::string_view id) const {
    for (const Matter& matter : deps_.matters) {
        if (matter.id == id) return &matter;
    }
    return nullptr;
}

const Connection* Exchange::ConnectionFor(const Track& track) const {
    const auto width_of = [](const Connection& connection) {
        const auto [from, until] = PlacesOf(connection.region);
        return std::atol(until.c_str()) - std::atol(from.c_str());
    };
    const Connection* best = nullptr;
    for (const Connection& connection : deps_.connections) {
        const auto& matters = connection.matters;
        const bool serves = matters.empty() || std::find(matters.begin(), matters.end(), track.matter) != matters.end();
        if (!serves || connection.agency != track.agency || !auth::Covers(connection.region, track.place)) continue;
        if (best == nullptr || width_of(connection) < width_of(*best)) best = &connection;
    }
    return best;
}

const Connection* Exchange::ConnectionByKey(std::string_view key_id) const {
    for (const Connection& connection : deps_.connections) {
        if (connection.key_id == key_id && !connection.base_url.empty()) return &connection;
    }
    return nullptr;
}

Result<> Exchange::Record(db::Transaction& tx, const CaseId& case_id, std::string kind, std::string_view actor,
                          json::object data, json::object sensitive) const {
    OW_CHECK(deps_.application.deps().recorder.Record(tx, case_id,
                                                      {.kind = std::move(kind),
                                                       .actor = std::string(actor),
                                                       .data = std::move(data),
                                                       .sensitive = std::move(sensitive)}));
    return {};
}

Result<Exchange::Ground> Exchange::Look(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(auto view, deps_.application.View(tx, case_id));
    OW_TRY(auto reference, deps_.application.GroundOf(tx, view.the_case));
    OW_TRY(auto licence, deps_.licence_of(tx, case_id));
    return Ground{std::move(view), std::move(reference), std::move(licence)};
}

Result<> Exchange::OpenTracks(db::Transaction& tx, const application::CaseView& view) const {
    const CaseId& id = view.the_case.id;
    OW_CHECK(deps_.application.Lock(tx, id));
    OW_TRY(const Ground ground, Look(tx, id));
    OW_TRY(std::vector<Track> earlier, TracksOf(tx, id));
    for (const Matter& matter : deps_.matters) {
        const auto found = std::find_if(earlier.begin(), earlier.end(),
                                        [&](const Track& track) { return track.matter == matter.id; });
        if (found == earlier.end()) {
            OW_CHECK(OpenTrack(tx, ground, matter, nullptr));
        } else if (found->version == 0) {
            OW_CHECK(OpenTrack(tx, ground, matter, &*found));
        } else if (!IsFinal(found->state)) {
            // Sent at the first submission: what was signed since then replaces it.
            OW_CHECK(MakeDue(tx, ground, *found, Send::kNewVersion, "system"));
        }
    }
    return Happened(tx, id, "submission");
}

Result<> Exchange::OpenTrack(db::Transaction& tx, const Ground& ground, const Matter& matter, const Track* earlier) const {
    const json::object notes_before = earlier == nullptr ? json::object{} : earlier->notes;
    const MatterInput input = ground.Input(notes_before);
    const std::string id = earlier == nullptr ? NewUlid(services().clock, services().random) : earlier->id;
    const std::string fresh = NewUlid(services().clock, services().random);
    const Applicability applies = matter.applies(input);
    const bool was_open = earlier != nullptr && earlier->state == TrackState::kWaiting;
    json::object notes = notes_before;
    const StepInput step{tx, input, deps_.application.deps().recorder, id, fresh};
    if (applies == Applicability::kRequired && matter.at_opening) {
        OW_TRY(json::object made, matter.at_opening(step));
        for (auto& entry : made) notes[entry.key()] = entry.value();
    } else if (applies != Applicability::kRequired && was_open && matter.at_end) {
        OW_CHECK(matter.at_end(step, false));
    }
    TrackState state = TrackState::kWaiting;
    if (applies == Applicability::kNotApplicable) state = TrackState::kNotApplicable;
    if (applies == Applicability::kDeferred) state = TrackState::kDeferred;
    return Record(tx, ground.view.the_case.id, "exchange.track_opened", "system",
                  {{"track", id},
                   {"case_number", ground.view.the_case.number},
                   {"matter", matter.id},
                   {"agency", matter.agency},
                   {"place", ground.county()},
                   {"stage", matter.stage},
                   {"state", StateText(state)},
                   {"starts_after", TextList(PrerequisitesOf(matter, input))},
                   {"notes", notes}});
}

Result<> Exchange::Happened(db::Transaction& tx, const CaseId& case_id, std::string_view what) const {
    OW_CHECK(deps_.application.Lock(tx, case_id));
    OW_TRY(const auto before, HappenedIn(tx, case_id));
    if (before.contains(std::string(what))) return {};
    OW_CHECK(Record(tx, case_id, "exchange.happened", "system", {{"what", json::value(what)}}));
    OW_TRY(const Ground ground, Look(tx, case_id));
    OW_TRY(std::vector<Track> tracks, TracksOf(tx, case_id));
    for (Track& track : tracks) {
        const bool waits_for_it =
            std::find(track.starts_after.begin(), track.starts_after.end(), what) != track.starts_after.end();
        if (track.state != TrackState::kWaiting || !waits_for_it) continue;
        OW_CHECK(MakeDueIfReady(tx, ground, track, Send::kFirst, "system"));
    }
    return what == "licence" ? Settle(tx, ground) : Result<>{};
}

Result<> Exchange::MakeDueIfReady(db::Transaction& tx, const Ground& ground, Track& track, Send send,
                                  std::string_view actor) const {
    OW_TRY(const auto happened, HappenedIn(tx, track.case_id));
    if (!IsReady(track, happened)) return {};
    return MakeDue(tx, ground, track, send, actor);
}

Result<> Exchange::MakeDue(db::Transaction& tx, const Ground& ground, Track& track, Send send, std::string_view actor,
                           json::object notes) const {
    const Matter* matter = FindMatter(track.matter);
    OW_ASSERT(matter != nullptr);
    const MatterInput input = ground.Input(track.notes);
    const bool anew = send == Send::kFirst || send == Send::kNewRun;
    if (anew && matter->at_due) {
        const std::string fresh = NewUlid(services().clock, services().random);
        OW_TRY(notes, matter->at_due({tx, input, deps_.application.deps().recorder, track.id, fresh}));
    }
    for (auto& entry : notes) track.notes[entry.key()] = entry.value();
    if (track.state != TrackState::kDone) {
        OW_ASSERT(IsEdge(track.state, TrackState::kDue));
        track.state = TrackState::kDue;
        track.ended_at = std::nullopt;
    }
    if (send == Send::kNewRun) ++track.run;
    if (send != Send::kAgain) {
        ++track.version;
        track.delivery = NewUlid(services().clock, services().random);
        track.steps_done = 0;
    }
    ++track.sends;
    track.receipt.clear();
    track.reasons.clear();
    track.stuck.clear();
    const json::value ended = track.ended_at ? json::value(EpochMs(*track.ended_at)) : json::value(nullptr);
    OW_CHECK(Record(tx, track.case_id, "exchange.due", actor,
                    {{"track", track.id}, {"matter", track.matter}, {"state", StateText(track.state)},
                     {"version", track.version}, {"sends", track.sends}, {"run", track.run}, {"delivery", track.delivery},
                     {"notes", track.notes}, {"steps_done", track.steps_done}, {"ended_at", ended}}));
    const std::string name = track.id + ":" + std::to_string(track.version);
    const Instant now = services().clock.Now();
    OW_CHECK(jobs::Enqueue(tx, services().clock, services().random,
                           {.kind = "exchange.push." + track.agency,
                            .arguments = json::Canonical(json::object{
                                {"track", track.id}, {"version", track.version}, {"sends", track.sends}}),
                            .key = "exchange.push:" + name + ":" + std::to_string(track.sends),
                            .subject = track.case_id.value(),
                            .run_at = now}));
    if (track.state == TrackState::kDone) return {};
    if (matter->silence.minutes > 0 && send != Send::kAgain) {
        const auto& snapshot = ground.reference.context.reference;
        const reference::Hall* hall = snapshot.HallOf(ground.view.the_case.authority);
        const auto until = reference::FindDeadline(snapshot, {.from = FormatInstant(now),
                                                              .minutes = matter->silence.minutes,
                                                              .hall = hall == nullptr ? "" : hall->id});
        if (!until) return Failure(until.error());
        OW_CHECK(jobs::Enqueue(tx, services().clock, services().random,
                               {.kind = "exchange.silence",
                                .arguments = json::Canonical(json::object{{"track", track.id}, {"version", track.version}}),
                                .key = "exchange.silence:" + name,
                                .subject = track.case_id.value(),
                                .run_at = until->due}));
    }
    OW_CHECK(StartClock(tx, ground, track));
    OW_TRY(const std::vector<Track> tracks, TracksOf(tx, track.case_id));
    return ChargeShared(tx, track.case_id, tracks);
}

Result<> Exchange::StartClock(db::Transaction& tx, const Ground& ground, const Track& track) const {
    const Matter* matter = FindMatter(track.matter);
    if (matter->limit.empty()) return {};
    const auto& clocks = deps_.application.deps().clocks;
    OW_TRY(const auto states, clocks.Read(tx, track.case_id));
    if (FindClock(states, ClockOf(track)) != nullptr) return ChargeTrack(tx, track);
    const auto& context = ground.reference.context;
    const reference::Division* city = context.reference.CityOf(ground.county());
    const reference::Hall* hall = context.reference.HallOf(ground.view.the_case.authority);
    const std::string hall_id = hall == nullptr ? "" : hall->id;
    const auto minutes =
        context.reference.LimitMinutes(matter->limit, city == nullptr ? "" : city->code, hall_id, context.today);
    if (!minutes) return {};
    return clocks.Start(tx, track.case_id, {.subject = ClockOf(track),
                                            .limit_minutes = *minutes,
                                            .hall = hall_id,
                                            .holder = HolderOf(track),
                                            .from = services().clock.Now()});
}

std::string Exchange::HolderOf(const Track& track) const {
    const Matter* matter = FindMatter(track.matter);
    const std::string agency = "agency:" + track.agency;
    if (track.steps_done == 0 || matter == nullptr) return agency;
    const Step& last = matter->steps[static_cast<std::size_t>(track.steps_done) - 1];
    return last.holder_after == "performer" ? json::TextAt(track.notes, "performer", agency) : agency;
}

Result<> Exchange::ChargeTrack(db::Transaction& tx, const Track& track) const {
    const auto& clocks = deps_.application.deps().clocks;
    OW_TRY(const auto states, clocks.Read(tx, track.case_id));
    const auto* clock = FindClock(states, ClockOf(track));
    if (clock == nullptr || clock->state == "stopped") return {};
    if (track.state == TrackState::kNeedsData) {
        return clocks.Charge(tx, track.case_id, clock->subject, "applicant", false, "needs_data_from_applicant");
    }
    return clocks.Charge(tx, track.case_id, clock->subject, HolderOf(track), true, "");
}

/// The clocks of the case and of its stages are charged to whoever holds the open track that is due first.
Result<> Exchange::ChargeShared(db::Transaction& tx, const CaseId& case_id, const std::vector<Track>& tracks) const {
    const auto& clocks = deps_.application.deps().clocks;
    OW_TRY(const auto states, clocks.Read(tx, case_id));
    for (const std::string subject : {"case", "stage:1", "stage:2"}) {
        const auto* shared = FindClock(states, subject);
        if (shared == nullptr || shared->state == "stopped") continue;
        // Paused for a reason that is not ours (frozen): whoever paused it lets it run again.
        if (shared->state == "paused" && shared->holder != "applicant") continue;
        const progress::ClockState* first = nullptr;
        bool applicant = false;
        for (const Track& track : tracks) {
            if (subject != "case" && subject != "stage:" + std::to_string(track.stage)) continue;
            const auto* clock = FindClock(states, ClockOf(track));
            if (clock == nullptr || IsFinal(track.state)) continue;
            applicant |= clock->state == "paused";
            if (clock->state != "running" || !clock->due) continue;
            if (first == nullptr || *clock->due < *first->due) first = clock;
        }
        if (first != nullptr) {
            OW_CHECK(clocks.Charge(tx, case_id, subject, first->holder, true, ""));
        } else if (applicant) {
            OW_CHECK(clocks.Charge(tx, case_id, subject, "applicant", false, "needs_data_from_applicant"));
        }
    }
    return {};
}

Result<> Exchange::End(db::Transaction& tx, const Ground& ground, const Track& track, bool done) const {
    const Matter* matter = FindMatter(track.matter);
    if (matter->at_end) {
        const std::string fresh = NewUlid(services().clock, services().random);
        const MatterInput input = ground.Input(track.notes);
        OW_CHECK(matter->at_end({tx, input, deps_.application.deps().recorder, track.id, fresh}, done));
    }
    const auto& clocks = deps_.application.deps().clocks;
    OW_TRY(const auto states, clocks.Read(tx, track.case_id));
    if (FindClock(states, ClockOf(track)) == nullptr) return {};
    return clocks.Stop(tx, track.case_id, ClockOf(track));
}

Result<> Exchange::Close(db::Transaction& tx, const Ground& ground, Track& track, TrackState to, std::string_view actor,
                         std::string_view why) const {
    OW_ASSERT(IsEdge(track.state, to));
    track.state = to;
    track.ended_at = services().clock.Now();
    json::object data = Moved(track);
    data["why"] = json::value(why);
    OW_CHECK(Record(tx, track.case_id, to == TrackState::kDeferred ? "exchange.deferred" : "exchange.closed", actor,
                    std::move(data)));
    OW_CHECK(End(tx, ground, track, false));
    return DeferDependants(tx, ground, track);
}

/// What waits for a closed matter would wait for ever; it can be started again after that matter.
Result<> Exchange::DeferDependants(db::Transaction& tx, const Ground& ground, const Track& closed) const {
    OW_TRY(std::vector<Track> tracks, TracksOf(tx, closed.case_id));
    for (Track& track : tracks) {
        const bool depends = std::any_of(track.starts_after.begin(), track.starts_after.end(), [&](const std::string& what) {
            return what == closed.matter || what.starts_with(closed.matter + ":");
        });
        if (track.state == TrackState::kWaiting && depends) {
            OW_CHECK(Close(tx, ground, track, TrackState::kDeferred, "system", closed.matter));
        }
    }
    return {};
}

Result<> Exchange::CloseAll(db::Transaction& tx, const application::CaseView& view, std::string_view actor) const {
    OW_CHECK(deps_.application.Lock(tx, view.the_case.id));
    OW_TRY(const Ground ground, Look(tx, view.the_case.id));
    OW_TRY(std::vector<Track> tracks, TracksOf(tx, view.the_case.id));
    for (Track& track : tracks) {
        if (!IsFinal(track.state) && IsEdge(track.state, TrackState::kClosedByApplicant)) {
            OW_CHECK(Close(tx, ground, track, TrackState::kClosedByApplicant, actor, "case_ended"));
        }
    }
    return {};
}

Result<std::vector<std::string>> Exchange::ExpectedItems(db::Transaction& tx, const application::CaseView& view) const {
    OW_TRY(const Ground ground, Look(tx, view.the_case.id));
    OW_TRY(const std::vector<Track> tracks, TracksOf(tx, view.the_case.id));
    std::vector<std::string> kinds;
    for (const Track& track : tracks) {
        const Matter* matter = FindMatter(track.matter);
        if (matter == nullptr || !matter->expected_items || (IsFinal(track.state) && track.state != TrackState::kDone)) continue;
        for (std::string& kind : matter->expected_items(ground.Input(track.notes))) kinds.push_back(std::move(kind));
    }
    return kinds;
}

/// After a track has ended or the licence is there: charges the shared clocks, stops those of stages that are through,
/// and tells when nothing is open any more.
Result<> Exchange::Settle(db::Transaction& tx, const Ground& ground) const {
    const CaseId& id = ground.view.the_case.id;
    OW_TRY(const std::vector<Track> tracks, TracksOf(tx, id));
    OW_CHECK(ChargeShared(tx, id, tracks));
    OW_TRY(const auto happened, HappenedIn(tx, id));
    if (!happened.contains("licence")) return {};
    const auto& clocks = deps_.application.deps().clocks;
    OW_TRY(const auto states, clocks.Read(tx, id));
    for (const int stage : {1, 2}) {
        const bool through = std::all_of(tracks.begin(), tracks.end(), [&](const Track& track) {
            return track.stage != stage || IsFinal(track.state);
        });
        const std::string subject = "stage:" + std::to_string(stage);
        if (through && FindClock(states, subject) != nullptr) OW_CHECK(clocks.Stop(tx, id, subject));
    }
    const bool all = std::all_of(tracks.begin(), tracks.end(), [](const Track& track) { return IsFinal(track.state); });
    if (all && on_all_final) return on_all_final(tx, id);
    return {};
}

}  // namespace onewindow::exchange
