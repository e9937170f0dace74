#include "exchange/engine.hpp"
#include "exchange/queries.gen.hpp"
#include "exchange/reasons.hpp"

// A track's row: read by everybody, written by events only.
namespace onewindow::exchange {
namespace {

using progress::StoredEvent;

TrackState ReadState(std::string_view text) {
    TrackState state = TrackState::kWaiting;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<TrackState>>([&](auto entry) {
        if (json::EnumText(entry.name) == text) state = entry.value;
    });
    return state;
}

json::object ReadObject(std::string_view text) {
    const auto parsed = json::Parse(text);
    return parsed && parsed->is_object() ? parsed->get_object() : json::object{};
}

std::vector<std::string> ReadTexts(std::string_view text) {
    std::vector<std::string> out;
    const auto parsed = json::Parse(text);
    if (!parsed || !parsed->is_array()) return out;
    for (const json::value& item : parsed->get_array()) out.emplace_back(std::string_view(item.as_string()));
    return out;
}

std::string Text(const json::object& data, std::string_view name) { return json::TextAt(data, name); }

std::optional<std::int64_t> TimeIn(const json::object& data, std::string_view name) {
    const json::value* found = data.if_contains(name);
    if (found == nullptr || !found->is_int64()) return std::nullopt;
    return found->get_int64();
}

std::string Json(const json::object& data, std::string_view name, std::string_view fallback) {
    const json::value* found = data.if_contains(name);
    return found == nullptr ? std::string(fallback) : json::Canonical(*found);
}

Result<> Done(Result<std::int64_t> changed) {
    if (!changed) return Failure(std::move(changed).error());
    return {};
}

Result<> ApplyOpened(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    return Done(tx.Execute(queries::kInsertTrack, Text(data, "track"), stored.case_id, Text(data, "case_number"),
                           Text(data, "matter"), Text(data, "agency"), Text(data, "place"), json::IntAt(data, "stage"),
                           Text(data, "state"), Json(data, "starts_after", "[]"), Json(data, "notes", "{}"), stored.at));
}

Result<> ApplyHappened(db::Transaction& tx, const StoredEvent& stored) {
    return Done(tx.Execute(queries::kInsertHappened, stored.case_id, Text(stored.event.data, "what"), stored.at));
}

Result<> ApplyDue(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    return Done(tx.Execute(queries::kSetDue, Text(data, "track"), Text(data, "state"), json::IntAt(data, "version"),
                           json::IntAt(data, "sends"), json::IntAt(data, "run"), Text(data, "delivery"),
                           Json(data, "notes", "{}"), json::IntAt(data, "steps_done"), stored.at, TimeIn(data, "ended_at")));
}

Result<> ApplyPushed(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    return Done(tx.Execute(queries::kSetPushed, Text(data, "track"), Text(data, "state"), stored.at));
}

Result<> RememberAnswer(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    if (!data.contains("content_sm3")) return {};
    return Done(tx.Execute(queries::kInsertAnswer, Text(data, "track"), json::IntAt(data, "version"), Text(data, "answer"),
                           Text(data, "content_sm3"), stored.at));
}

Result<> ApplyMoved(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    const std::string track = Text(data, "track");
    OW_CHECK(tx.Execute(queries::kSetState, track, Text(data, "state"), Text(data, "receipt"), Text(data, "number"),
                        Json(data, "shown", "{}"), Json(data, "reasons", "[]"), Text(data, "officer"),
                        json::IntAt(data, "steps_done"), json::IntAt(data, "late_steps_done"), json::BoolAt(data, "in_doubt"),
                        TimeIn(data, "received_at"), TimeIn(data, "ended_at")));
    if (stored.event.sensitive.contains("result_sealed")) {
        const auto sealed = crypto::FromBase64(json::TextAt(stored.event.sensitive, "result_sealed"));
        if (!sealed) return Failure(sealed.error());
        OW_CHECK(tx.Execute(queries::kSetResult, track, db::Bytes{*sealed}));
    }
    return RememberAnswer(tx, stored);
}

Result<> ApplyDoubt(db::Transaction& tx, const StoredEvent& stored) {
    OW_CHECK(RememberAnswer(tx, stored));
    return Done(tx.Execute(queries::kSetDoubt, Text(stored.event.data, "track"), json::BoolAt(stored.event.data, "in_doubt")));
}

Result<> ApplyStuck(db::Transaction& tx, const StoredEvent& stored) {
    return Done(tx.Execute(queries::kSetStuck, Text(stored.event.data, "track"), Text(stored.event.data, "why")));
}

}  // namespace

void RegisterEvents(progress::EventKinds& kinds, const std::vector<Matter>& matters) {
    kinds.Register("exchange.track_opened", ApplyOpened);
    kinds.Register("exchange.happened", ApplyHappened);
    kinds.Register("exchange.due", ApplyDue);
    kinds.Register("exchange.pushed", ApplyPushed);
    for (const char* kind : {"received", "accepted", "step_reported", "done", "needs_data", "rejected", "deferred", "closed",
                             "restarted", "corrected"}) {
        kinds.Register(std::string("exchange.") + kind, ApplyMoved);
    }
    kinds.Register("exchange.lie_found", ApplyDoubt);
    kinds.Register("exchange.doubt_cleared", ApplyDoubt);
    kinds.Register("exchange.stuck", ApplyStuck);
    kinds.Register("exchange.answer_refused", RememberAnswer);
    for (const Matter& matter : matters) {
        if (matter.register_events) matter.register_events(kinds);
    }
}

Track ReadTrack(const db::Row& row) {
    return {.id = row.Text("id"),
            .case_id = row.As<CaseId>("case_id"),
            .case_number = row.Text("case_number"),
            .matter = row.Text("matter"),
            .agency = row.Text("agency"),
            .place = row.Text("place"),
            .stage = static_cast<int>(row.Int("stage")),
            .state = ReadState(row.Text("state")),
            .version = row.Int("version"),
            .sends = row.Int("sends"),
            .run = row.Int("run"),
            .delivery = row.Text("delivery"),
            .starts_after = ReadTexts(row.Text("starts_after")),
            .notes = ReadObject(row.Text("notes")),
            .steps_done = row.Int("steps_done"),
            .late_steps_done = row.Int("late_steps_done"),
            .receipt = row.Text("receipt"),
            .number = row.Text("number"),
            .shown = ReadObject(row.Text("shown")),
            .reasons = ReadTexts(row.Text("reasons")),
            .officer = row.Text("officer"),
            .in_doubt = row.Bool("in_doubt"),
            .stuck = row.Text("stuck"),
            .opened_at = row.Time("opened_at"),
            .due_at = row.TimeIfAny("due_at"),
            .pushed_at = row.TimeIfAny("pushed_at"),
            .received_at = row.TimeIfAny("received_at"),
            .ended_at = row.TimeIfAny("ended_at")};
}

Result<std::vector<Track>> TracksOf(db::Transaction& tx, const CaseId& case_id) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListTracksOfCase, case_id));
    std::vector<Track> tracks;
    for (const db::Row& row : rows) tracks.push_back(ReadTrack(row));
    return tracks;
}

Result<std::optional<Track>> FindTrack(db::Transaction& tx, std::string_view id) {
    OW_TRY(const auto row, tx.FindOne(queries::kFindTrack, id));
    if (!row) return std::optional<Track>{};
    return std::optional(ReadTrack(*row));
}

Result<Track> LockTrack(db::Transaction& tx, const application::Application& application, std::string_view id) {
    OW_TRY(const auto before, FindTrack(tx, id));
    if (!before) return Refuse(reasons::kNoTrack);
    OW_CHECK(application.Lock(tx, before->case_id));
    OW_TRY(auto track, FindTrack(tx, id));
    if (!track) return Refuse(reasons::kNoTrack);
    return *std::move(track);
}

AnswerSource SourceOf(const Connection& connection) {
    return {.actor = "agency:" + connection.agency,
            .agency = connection.agency,
            .region = connection.region,
            .performer = false,
            .matters = connection.matters};
}

std::string ClockOf(const Track& track) {
    return "track:" + track.matter + (track.run > 1 ? "#" + std::to_string(track.run) : "");
}

json::object Moved(const Track& track) {
    const auto time = [](const std::optional<Instant>& at) { return at ? json::value(EpochMs(*at)) : json::value(nullptr); };
    return {{"track", track.id},
            {"matter", track.matter},
            {"version", track.version},
            {"state", StateText(track.state)},
            {"receipt", track.receipt},
            {"number", track.number},
            {"shown", track.shown},
            {"reasons", TextList(track.reasons)},
            {"officer", track.officer},
            {"steps_done", track.steps_done},
            {"late_steps_done", track.late_steps_done},
            {"in_doubt", track.in_doubt},
            {"received_at", time(track.received_at)},
            {"ended_at", time(track.ended_at)}};
}

std::pair<std::string, std::string> PlacesOf(std::string_view region) {
    const std::int64_t code = std::atol(std::string(region).c_str());
    const std::int64_t width = code % 10'000 == 0 ? 10'000 : code % 100 == 0 ? 100 : 1;
    return {std::string(region), std::to_string(code + width)};
}

Result<std::optional<Message>> FindMessage(db::Transaction& tx, const sealing::Sealer& sealer, const std::string& track,
                                           std::int64_t version) {
    OW_TRY(const auto row, tx.FindOne(queries::kFindMessage, track, version));
    if (!row) return std::optional<Message>{};
    OW_TRY(std::string body, sealer.Open(row->Blob("body"), "exchange_message.body:" + track + ":" + std::to_string(version)));
    return std::optional(Message{std::move(body), row->Text("payload_sm3")});
}

}  // namespace onewindow::exchange
