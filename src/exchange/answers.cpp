#include <algorithm>

#include "exchange/engine.hpp"
#include "exchange/queries.gen.hpp"
#include "exchange/reasons.hpp"

// Answers in: from call-backs, registers and the own workbench, all through Take.
namespace onewindow::exchange {
namespace {

std::string EarlyPlace(const Track& track, std::int64_t version, const std::string& answer) {
    return "exchange_early.body:" + track.id + ":" + std::to_string(version) + ":" + answer;
}

/// The matter's own faults, under one published reason.
Failure WrongResult(const Error& error) {
    std::vector<Fault> faults;
    for (const Fault& fault : error.faults()) {
        faults.push_back({&reasons::kResult, fault.field.empty() ? "result" : "result." + fault.field,
                          {{"why", std::string(fault.code())}}});
    }
    return Refuse(std::move(faults));
}

Result<> CheckSource(const Matter& matter, const Track& track, const AnswerSource& source, const AnswerMessage& answer) {
    if (!source.performer) {
        const bool serves = source.matters.empty() ||
                            std::find(source.matters.begin(), source.matters.end(), track.matter) != source.matters.end();
        if (serves && source.agency == track.agency && auth::Covers(source.region, track.place)) return {};
        return Refuse(reasons::kNotYours);
    }
    if (json::TextAt(track.notes, "performer") != source.actor) return Refuse(reasons::kNotYours);
    const bool own_step = answer.step && std::any_of(matter.steps.begin(), matter.steps.end(), [&](const Step& step) {
        return step.id == *answer.step && step.by_performer;
    });
    if (!own_step) return Refuse(reasons::kPerformerOnly);
    return {};
}

bool IsRefusal(Kind kind) {
    return kind == Kind::kMalformed || kind == Kind::kForbidden || kind == Kind::kConflict || kind == Kind::kRefused;
}

}  // namespace

Result<std::string> Exchange::Take(db::Transaction& tx, const AnswerSource& source, const AnswerMessage& answer) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindTrackOfNumber, answer.case_number, answer.matter));
    if (!row) return Refuse(reasons::kNotAsked);
    OW_TRY(Track track, LockTrack(tx, deps_.application, row->Text("id")));
    const Matter* matter = FindMatter(track.matter);
    if (matter == nullptr) return Refuse(reasons::kNotAsked);
    OW_CHECK(CheckSource(*matter, track, source, answer));
    const std::string key = AnswerKey(answer);
    OW_TRY(const auto known_row, tx.FindOne(queries::kFindAnswer, track.id, answer.version, key));
    const auto known = known_row ? std::optional(known_row->Text("content_sm3")) : std::nullopt;
    OW_TRY(const Verdict verdict, DecideAnswer(*matter, track, answer, known));
    switch (verdict) {
        case Verdict::kRepeat: return std::string("repeated");
        case Verdict::kSuperseded: return std::string("superseded");
        case Verdict::kPark: {
            const std::string sealed = services().sealer.Seal(json::Canonical(json::Write(answer)),
                                                              EarlyPlace(track, answer.version, key));
            OW_CHECK(tx.Execute(queries::kInsertEarly, track.id, answer.version, key, db::Bytes{sealed}, services().clock.Now()));
            return std::string("parked");
        }
        case Verdict::kTake: break;
    }
    OW_TRY(const Ground ground, Look(tx, track.case_id));
    OW_CHECK(Enter(tx, ground, *matter, track, source, answer));
    OW_CHECK(TakeParked(tx, track));
    return std::string("taken");
}

Result<> Exchange::TakeParked(db::Transaction& tx, const Track& before) const {
    // Each answer that is used may open the way for another one.
    for (bool used = true; used;) {
        used = false;
        OW_TRY(const auto track, FindTrack(tx, before.id));
        OW_TRY(const db::Rows rows, tx.Read(queries::kListEarly, before.id, track->version));
        for (const db::Row& row : rows) {
            OW_TRY(const std::string text,
                   services().sealer.Open(row.Blob("body"), EarlyPlace(*track, track->version, row.Text("answer"))));
            OW_TRY(const json::value body, json::Parse(text));
            OW_TRY(const AnswerMessage answer, json::Read<AnswerMessage>(body));
            const Matter* matter = FindMatter(track->matter);
            const auto verdict = DecideAnswer(*matter, *track, answer, std::nullopt);
            if (verdict && *verdict == Verdict::kPark) continue;
            OW_CHECK(tx.Execute(queries::kDeleteEarly, track->id, track->version, row.Text("answer")));
            if (!verdict || *verdict != Verdict::kTake) continue;
            OW_TRY(const Ground ground, Look(tx, track->case_id));
            Track moving = *track;
            const AnswerSource source{.actor = "agency:" + track->agency, .agency = track->agency, .region = track->place};
            OW_CHECK(Enter(tx, ground, *matter, moving, source, answer));
            used = true;
            break;
        }
    }
    return {};
}

Result<> Exchange::Enter(db::Transaction& tx, const Ground& ground, const Matter& matter, Track& track,
                         const AnswerSource& source, const AnswerMessage& answer) const {
    const Instant now = services().clock.Now();
    if (answer.receipt && !answer.receipt->empty()) track.receipt = *answer.receipt;
    if (answer.officer) track.officer = *answer.officer;
    if (!track.received_at) track.received_at = now;
    const json::object remembered{{"answer", AnswerKey(answer)}, {"content_sm3", ContentSm3(answer)}};
    if (answer.step) return EnterStep(tx, ground, matter, track, source, answer, remembered);
    if (answer.state == "done") return EnterDone(tx, ground, matter, track, source, answer, remembered);

    TrackState to = TrackState::kReceived;
    if (answer.state == "accepted") to = TrackState::kAccepted;
    if (answer.state == "needs_data") to = TrackState::kNeedsData;
    if (answer.state == "rejected") to = TrackState::kRejected;
    OW_ASSERT(IsEdge(track.state, to));
    track.state = to;
    track.reasons = answer.reasons.value_or(std::vector<std::string>{});
    // A receipt alone does not prove that a doubtful agency has it now.
    if (answer.state != "received") track.in_doubt = false;
    json::object data = Moved(track);
    for (const auto& entry : remembered) data[entry.key()] = entry.value();
    OW_CHECK(Record(tx, track.case_id, "exchange." + answer.state, source.actor, std::move(data)));
    OW_CHECK(ChargeTrack(tx, track));
    OW_TRY(const std::vector<Track> tracks, TracksOf(tx, track.case_id));
    return ChargeShared(tx, track.case_id, tracks);
}

Result<> Exchange::EnterStep(db::Transaction& tx, const Ground& ground, const Matter& matter, Track& track,
                             const AnswerSource& source, const AnswerMessage& answer, json::object remembered) const {
    const json::object result = answer.result.value_or(json::object{});
    if (matter.read_step) {
        const auto shown = matter.read_step(ground.Input(track.notes), *answer.step, result);
        if (!shown) return WrongResult(shown.error());
        for (const auto& entry : *shown) track.shown[entry.key()] = entry.value();
    } else if (!result.empty()) {
        return Refuse(reasons::kResultUnexpected, "result");
    }
    if (track.state == TrackState::kDone) {
        ++track.late_steps_done;
    } else {
        track.state = TrackState::kAccepted;
        track.in_doubt = false;
        ++track.steps_done;
    }
    json::object data = Moved(track);
    data["step"] = *answer.step;
    for (const auto& entry : remembered) data[entry.key()] = entry.value();
    OW_CHECK(Record(tx, track.case_id, "exchange.step_reported", source.actor, std::move(data)));
    if (track.state != TrackState::kDone) OW_CHECK(ChargeTrack(tx, track));
    OW_TRY(const std::vector<Track> tracks, TracksOf(tx, track.case_id));
    OW_CHECK(ChargeShared(tx, track.case_id, tracks));
    return Happened(tx, track.case_id, track.matter + ":" + *answer.step);
}

Result<> Exchange::EnterDone(db::Transaction& tx, const Ground& ground, const Matter& matter, Track& track,
                             const AnswerSource& source, const AnswerMessage& answer, json::object remembered) const {
    const json::object result = answer.result.value_or(json::object{});
    auto read = matter.read_result(ground.Input(track.notes), result);
    if (!read) return WrongResult(read.error());
    const bool again = track.state == TrackState::kDone;
    const bool same = again && read->number == track.number;
    OW_ASSERT(again || IsEdge(track.state, TrackState::kDone));
    track.state = TrackState::kDone;
    track.in_doubt = false;
    track.number = read->number;
    for (const auto& entry : read->shown) track.shown[entry.key()] = entry.value();
    track.reasons.clear();
    if (!again) track.ended_at = services().clock.Now();
    json::object data = Moved(track);
    for (const auto& entry : remembered) data[entry.key()] = entry.value();
    const std::string sealed = services().sealer.Seal(json::Canonical(result), "exchange_track.result:" + track.id);
    const std::string kind = !again ? "exchange.done" : same ? "exchange.doubt_cleared" : "exchange.corrected";
    OW_CHECK(Record(tx, track.case_id, kind, source.actor, std::move(data), {{"result_sealed", crypto::Base64(sealed)}}));
    if (again && same) return {};
    for (const handover::ItemMade& item : read->items) OW_CHECK(deps_.item_made(tx, track.case_id, item));
    if (!read->tracking.empty() && deps_.courier_accepted) {
        OW_CHECK(deps_.courier_accepted(tx, track.case_id, read->tracking));
    }
    if (again) return {};
    OW_CHECK(End(tx, ground, track, true));
    OW_CHECK(Happened(tx, track.case_id, track.matter));
    return Settle(tx, ground);
}

Result<std::string> Exchange::TakeAndTell(const AnswerSource& source, const AnswerMessage& answer) const {
    auto taken = services().database.Write([&](db::Transaction& tx) { return Take(tx, source, answer); });
    if (!taken) TellRefusal(source, answer, taken.error());
    return taken;
}

void Exchange::TellRefusal(const AnswerSource& source, const AnswerMessage& answer, const Error& error) const {
    if (!IsRefusal(error.kind())) return;
    const std::string content = crypto::Hex(crypto::Sm3(json::Canonical(json::Write(answer))));
    const std::string name = "refused:" + content;
    const auto told = services().database.Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const auto row, tx.FindOne(queries::kFindTrackOfNumber, answer.case_number, answer.matter));
        if (!row) return {};
        const Track track = ReadTrack(*row);
        OW_CHECK(deps_.application.Lock(tx, track.case_id));
        // Whoever repeats a refused answer for days adds one line.
        OW_TRY(const auto before, tx.FindOne(queries::kFindAnswer, track.id, answer.version, name));
        if (before) return {};
        return Record(tx, track.case_id, "exchange.answer_refused", source.actor,
                      {{"track", track.id}, {"matter", track.matter}, {"version", answer.version}, {"answer", name},
                       {"content_sm3", content}, {"reason", json::value(error.reason().code)}});
    });
    if (!told) services().log.Error("answer_refusal_not_recorded", {{"why", told.error().Describe()}});
}

Result<http::Response> Exchange::ReceiveResults(api::Call& call) const {
    const Connection* sender = nullptr;
    const auto keys = [&](std::string_view key_id) -> std::optional<http_signature::KnownKey> {
        sender = ConnectionByKey(key_id);
        return sender == nullptr ? std::nullopt : std::optional(keys_.find(key_id)->second);
    };
    const Instant now = services().clock.Now();
    OW_TRY(const auto verified,
           http_signature::VerifyRequest({call.request.method, deps_.own_url + call.request.target}, call.request.headers,
                                         call.request.body, keys, now));
    call.principal.account = "agency:" + sender->agency;
    OW_CHECK(services().database.Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(tx.Execute(queries::kDeleteOldNonces, now - 3 * http_signature::kWindow));
        OW_TRY(const auto fresh, tx.Execute(queries::kInsertNonce, verified.key_id, verified.nonce, now));
        if (fresh == 0) return Refuse(reasons::kReplayed);
        return {};
    }));
    OW_TRY(const json::value body, json::Parse(call.request.body));
    OW_TRY(const AnswerMessage answer, json::Read<AnswerMessage>(body));
    OW_TRY(const std::string outcome, TakeAndTell(SourceOf(*sender), answer));
    http::Response response;
    response.headers.Set("Content-Type", "application/json");
    response.body = json::Text(json::object{{"outcome", outcome}});
    return response;
}

}  // namespace onewindow::exchange
