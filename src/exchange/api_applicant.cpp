#include <algorithm>

#include "application/reasons.hpp"
#include "exchange/api_types.hpp"
#include "exchange/engine.hpp"
#include "exchange/queries.gen.hpp"
#include "exchange/reasons.hpp"
#include "forms/reasons.hpp"

// What founders see of their tracks, and what they may do with optional ones.
namespace onewindow::exchange {
namespace {

using api::Call;
using api::Empty;

std::vector<ResultView> ResultsOf(const messages::Messages& messages, const Matter& matter, const Track& track) {
    std::vector<ResultView> views;
    for (const auto& entry : track.shown) {
        const std::string name(std::string_view(entry.key()));
        views.push_back({name, Texts(messages, TextPrefix(matter) + ".result." + name), entry.value()});
    }
    return views;
}

bool IsClosable(const Matter& matter, const Track& track, const MatterInput& input) {
    return !IsFinal(track.state) && IsEdge(track.state, TrackState::kClosedByApplicant) && matter.may_close &&
           matter.may_close(input);
}

bool IsRestartable(const Track& track) {
    using enum TrackState;
    return track.state == kClosedByApplicant || track.state == kDeferred || track.state == kNeedsData;
}

TrackView ViewOf(const messages::Messages& messages, const Matter& matter, const Track& track,
                 const std::vector<progress::ClockState>& clocks) {
    TrackView view{.id = track.id,
                   .matter = track.matter,
                   .agency = track.agency,
                   .title = Texts(messages, TextPrefix(matter) + ".title"),
                   .stage = track.stage,
                   .state = track.state,
                   .version = track.version,
                   .receipt = track.receipt,
                   .number = track.number,
                   .results = ResultsOf(messages, matter, track),
                   .reasons = {},
                   .steps = StepsOf(messages, matter, track),
                   .attempts = 0,
                   .next_attempt = {},
                   .last_outcome = {},
                   .in_doubt = track.in_doubt,
                   .stuck = !track.stuck.empty(),
                   .holder = {},
                   .colour = {},
                   .due = {},
                   .due_since = track.due_at,
                   .sent_at = track.pushed_at,
                   .received_at = track.received_at,
                   .ended_at = track.ended_at};
    for (const std::string& code : track.reasons) view.reasons.push_back(ReasonOf(messages, matter, code));
    for (const auto& clock : clocks) {
        if (clock.subject != ClockOf(track)) continue;
        view.holder = clock.holder;
        view.colour = clock.colour;
        view.due = clock.due;
    }
    return view;
}

/// The facts with corrected sections of this matter, checked as at submission.
Result<json::object> Corrected(const application::Application::Ground& ground, const Matter& matter, const json::object& before,
                               const json::object& sections) {
    json::object facts = before;
    std::vector<Fault> faults;
    for (const auto& entry : sections) {
        const bool own = std::any_of(matter.form.sections.begin(), matter.form.sections.end(),
                                     [&](const forms::Section& section) { return entry.key() == section.id; });
        if (!own) faults.push_back({&reasons::kSectionForeign, std::string(std::string_view(entry.key())), {}});
        facts[entry.key()] = entry.value();
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    const forms::Form form{matter.form.sections};
    forms::FillDefaults(form, facts);
    if (matter.form.derive) matter.form.derive(ground.context, facts);
    const forms::Lookups lookups{[&](std::string_view list, std::string_view code) { return ground.context.reference.Knows(list, code); },
                                 ground.context.today};
    faults = forms::Validate(form, facts, lookups, true);
    // The other sections belong to other parts of the form.
    std::erase_if(faults, [](const Fault& fault) { return fault.reason == &forms::reasons::kUnknownSection; });
    if (faults.empty() && matter.form.check) matter.form.check(ground.context, facts, faults);
    if (faults.empty()) return facts;
    faults.insert(faults.begin(), {&reasons::kSectionWrong, "", {}});
    return Refuse(std::move(faults));
}

}  // namespace

void Exchange::AddApplicantRoutes(api::Router& router) {
    router.Add<Empty, TrackList>(
        {.method = "GET", .path = "/api/v1/cases/{case}/tracks", .id = "listTracks",
         .summary = "Every matter of the case: state, receipt, result, attempts, who holds it until when",
         .reasons = {&application::reasons::kNoCase}, .tag = "exchange"},
        [this](Call& call, const Empty&) -> Result<TrackList> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<TrackList> {
                OW_TRY(const auto the_case, deps_.application.Find(tx, CaseId(call.Path("case"))));
                OW_CHECK(deps_.application.MaySee(tx, call.principal, the_case));
                OW_TRY(const std::vector<Track> tracks, TracksOf(tx, the_case.id));
                OW_TRY(const auto clocks, deps_.application.deps().clocks.Read(tx, the_case.id));
                // Opening the facts is most of the work of this reading; only tracks that may still be closed need them.
                std::optional<Ground> ground;
                const bool open = std::any_of(tracks.begin(), tracks.end(), [](const Track& track) { return !IsFinal(track.state); });
                if (open) {
                    OW_TRY(Ground looked, Look(tx, the_case.id));
                    ground.emplace(std::move(looked));
                }
                TrackList list;
                for (const Track& track : tracks) {
                    const Matter* matter = FindMatter(track.matter);
                    if (matter == nullptr) continue;
                    TrackView& view = list.tracks.emplace_back(ViewOf(call.services.messages, *matter, track, clocks));
                    view.may_close = !IsFinal(track.state) && IsClosable(*matter, track, ground->Input(track.notes));
                    view.may_restart = IsRestartable(track);
                    OW_TRY(const auto last, tx.FindOne(queries::kFindLastDelivery, track.id));
                    if (!last) continue;
                    view.attempts = last->Int("attempts");
                    view.last_outcome = last->Text("outcome");
                    view.next_attempt = last->TimeIfAny("next_at");
                }
                return list;
            });
        });
    const auto find_own = [this](Call& call, db::Transaction& tx) -> Result<Track> {
        OW_TRY(const auto the_case, deps_.application.Lock(tx, CaseId(call.Path("case"))));
        call.subject = the_case.id.value();
        OW_CHECK(deps_.application.MayEdit(tx, call.principal, the_case));
        if (the_case.frozen) return Refuse(application::reasons::kFrozen);
        OW_TRY(auto track, FindTrack(tx, call.Path("track")));
        if (!track || track->case_id != the_case.id) return Refuse(reasons::kNoTrack);
        return *std::move(track);
    };
    const auto answer = [this](Call& call, db::Transaction& tx, const Track& before) -> Result<TrackView> {
        OW_TRY(const auto track, FindTrack(tx, before.id));
        OW_TRY(const Ground ground, Look(tx, before.case_id));
        OW_TRY(const auto clocks, deps_.application.deps().clocks.Read(tx, before.case_id));
        const Matter* matter = FindMatter(track->matter);
        TrackView view = ViewOf(call.services.messages, *matter, *track, clocks);
        view.may_close = IsClosable(*matter, *track, ground.Input(track->notes));
        view.may_restart = IsRestartable(*track);
        return view;
    };
    router.Add<CloseTrackRequest, TrackView>(
        {.method = "POST", .path = "/api/v1/cases/{case}/tracks/{track}/closing", .id = "closeTrack",
         .summary = "Leaves an optional matter for later; it can be started again",
         .reasons = {&application::reasons::kNoCase, &application::reasons::kFrozen, &reasons::kNoTrack, &reasons::kCannotClose},
         .tag = "exchange"},
        [this, find_own, answer](Call& call, const CloseTrackRequest& request) -> Result<TrackView> {
            return call.Command<TrackView>([&](db::Transaction& tx) -> Result<TrackView> {
                OW_TRY(Track track, find_own(call, tx));
                OW_TRY(const Ground ground, Look(tx, track.case_id));
                const Matter* matter = FindMatter(track.matter);
                if (matter == nullptr || !IsClosable(*matter, track, ground.Input(track.notes))) {
                    return Refuse(reasons::kCannotClose);
                }
                OW_CHECK(Close(tx, ground, track, TrackState::kClosedByApplicant, "person:" + call.principal.person, request.reason));
                OW_CHECK(Settle(tx, ground));
                return answer(call, tx, track);
            });
        });
    std::vector<const Reason*> restart_reasons = {&application::reasons::kNoCase, &application::reasons::kFrozen,
                                                  &reasons::kNoTrack, &reasons::kCannotRestart, &reasons::kSectionForeign,
                                                  &reasons::kSectionWrong};
    router.Add<RestartTrackRequest, TrackView>(
        {.method = "POST", .path = "/api/v1/cases/{case}/tracks/{track}/restart", .id = "restartTrack",
         .summary = "Starts a closed or deferred matter, or answers an agency that needs data, with corrected sections of that matter",
         .reasons = restart_reasons, .tag = "exchange"},
        [this, find_own, answer](Call& call, const RestartTrackRequest& request) -> Result<TrackView> {
            return call.Command<TrackView>([&](db::Transaction& tx) -> Result<TrackView> {
                OW_TRY(Track track, find_own(call, tx));
                if (!IsRestartable(track)) return Refuse(reasons::kCannotRestart);
                const std::string actor = "person:" + call.principal.person;
                OW_CHECK(Restart(tx, track, actor, request.sections.value_or(json::object{})));
                return answer(call, tx, track);
            });
        });
}

Result<> Exchange::Restart(db::Transaction& tx, Track& track, const std::string& actor, const json::object& sections) const {
    const Matter* matter = FindMatter(track.matter);
    OW_ASSERT(matter != nullptr);
    if (!sections.empty()) {
        OW_TRY(Ground before, Look(tx, track.case_id));
        OW_TRY(const json::object facts, Corrected(before.reference, *matter, before.view.facts, sections));
        OW_CHECK(deps_.application.SaveFacts(tx, before.view.the_case, facts, actor));
    }
    OW_TRY(const Ground ground, Look(tx, track.case_id));
    if (track.state == TrackState::kNeedsData) return MakeDue(tx, ground, track, Send::kNewVersion, actor);
    json::object notes = track.notes;
    if (matter->at_opening) {
        const std::string fresh = NewUlid(services().clock, services().random);
        const MatterInput input = ground.Input(track.notes);
        OW_TRY(json::object made, matter->at_opening({tx, input, deps_.application.deps().recorder, track.id, fresh}));
        for (auto& entry : made) track.notes[entry.key()] = entry.value();
    }
    const bool ran = track.version > 0;
    track.state = TrackState::kWaiting;
    track.ended_at = std::nullopt;
    OW_CHECK(Record(tx, track.case_id, "exchange.restarted", actor, Moved(track)));
    return MakeDueIfReady(tx, ground, track, ran ? Send::kNewRun : Send::kFirst, actor);
}

}  // namespace onewindow::exchange
