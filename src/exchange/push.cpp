#include <algorithm>

#include "exchange/engine.hpp"
#include "exchange/queries.gen.hpp"
#include "exchange/reasons.hpp"
#include "reference/calendar/deadline.hpp"

// Messages out: built outside transactions, stored once, sent until the agency has them.
namespace onewindow::exchange {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr milliseconds kBackoffFirst{2'000};
constexpr milliseconds kBackoffMost{600'000};
/// At the longest pauses these attempts take more than a week (promise P4).
constexpr int kAttemptsMax = 2'100;
constexpr milliseconds kFrozenPause{60'000};
constexpr std::size_t kReplyBytesMax = 64 * 1024;

/// The answer to a push.
struct PushReply {
    std::string receipt;
    Instant received_at;
};
BOOST_DESCRIBE_STRUCT(PushReply, (), (receipt, received_at))

struct PushOrder {
    std::string track;
    std::int64_t version = 0, sends = 0;
};

Result<PushOrder> ReadOrder(const jobs::Job& job) {
    OW_TRY(const json::value arguments, json::Parse(job.arguments));
    return PushOrder{json::TextAt(arguments, "track"), json::IntAt(arguments, "version"), json::IntAt(arguments, "sends")};
}

struct Attempt {
    std::string outcome;  // received | lost | busy | refused | bad_reply
    int status = 0;
    std::string detail = {};
    std::string receipt = {};
};

/// What a reply means. Only a well-formed 202 is a receipt; everything unclear is tried again.
Attempt DecideReply(const Result<http::Answer>& answer) {
    if (!answer) return {.outcome = "lost", .detail = std::string(answer.error().reason().code)};
    const int status = answer->status;
    const bool busy = status == 408 || status == 425 || status == 429 || status >= 500;
    if (busy) return {.outcome = "busy", .status = status};
    if (status >= 400) {
        const auto problem = json::Parse(answer->body);
        std::string detail = problem ? json::TextAt(*problem, "reason", json::TextAt(*problem, "title")) : "";
        if (detail.size() > 200) detail = "long";
        return {.outcome = "refused", .status = status, .detail = std::move(detail)};
    }
    if (status != 202) return {.outcome = "bad_reply", .status = status, .detail = "status"};
    const auto body = json::Parse(answer->body);
    if (!body) return {.outcome = "bad_reply", .status = status, .detail = std::string(body.error().reason().code)};
    auto reply = json::Read<PushReply>(*body);
    if (!reply) return {.outcome = "bad_reply", .status = status, .detail = std::string(reply.error().reason().code)};
    const bool sound = !reply->receipt.empty() && reply->receipt.size() <= 100;
    if (!sound) return {.outcome = "bad_reply", .status = status, .detail = "receipt"};
    return {.outcome = "received", .status = status, .receipt = std::move(reply->receipt)};
}

milliseconds DecidePause(int attempt, std::uint64_t chance) {
    milliseconds pause = kBackoffFirst;
    for (int i = 1; i < attempt && pause < kBackoffMost; ++i) pause *= 2;
    pause = std::min(pause, kBackoffMost);
    // Between half and all of it, so that messages which failed together do not come back together.
    return pause / 2 + milliseconds(static_cast<std::int64_t>(chance % static_cast<std::uint64_t>(pause.count() / 2 + 1)));
}

AnswerMessage ReceiptOf(const Track& track, const std::string& receipt) {
    return {.schema = std::string(kAnswerSchema),
            .delivery = track.delivery,
            .case_number = track.case_number,
            .matter = track.matter,
            .version = track.version,
            .state = "received",
            .step = {},
            .receipt = receipt,
            .result = {},
            .reasons = {},
            .officer = {},
            .at = {}};
}

bool IsStillOrdered(const Track& track, const PushOrder& order) {
    using enum TrackState;
    const bool open = track.state == kDue || track.state == kPushed || (track.state == kDone && track.in_doubt);
    return open && track.version == order.version && track.sends == order.sends;
}

}  // namespace

jobs::Outcome Exchange::Push(const jobs::Job& job) const {
    auto order = ReadOrder(job);
    if (!order) return jobs::GiveUp{order.error().Describe()};
    struct Seen {
        std::optional<Track> track;
        std::optional<Ground> ground;
        std::optional<Message> message;
        std::optional<Instant> answer_by;
    };
    auto seen = services().database.Read([&](db::Transaction& tx) -> Result<Seen> {
        Seen out;
        OW_TRY(out.track, FindTrack(tx, order->track));
        if (!out.track || !IsStillOrdered(*out.track, *order)) return out;
        OW_TRY(Ground ground, Look(tx, out.track->case_id));
        out.ground.emplace(std::move(ground));
        OW_TRY(out.message, FindMessage(tx, services().sealer, out.track->id, out.track->version));
        OW_TRY(const auto clocks, deps_.application.deps().clocks.Read(tx, out.track->case_id));
        for (const auto& clock : clocks) {
            if (clock.subject == ClockOf(*out.track)) out.answer_by = clock.due;
        }
        return out;
    });
    if (!seen) return jobs::Retry{.why = seen.error().Describe()};
    if (!seen->ground) return jobs::Done{};  // Another order has taken its place, or it was closed.
    // Under a freeze nothing leaves; waiting is not counted as failing.
    if (seen->ground->view.the_case.frozen) return jobs::Wait{services().clock.Now() + kFrozenPause};

    const Track& track = *seen->track;
    const Matter* matter = FindMatter(track.matter);
    if (matter == nullptr) return jobs::GiveUp{"unknown matter"};
    Message message;
    if (seen->message) {
        message = *seen->message;
    } else {
        message.body = WriteEnvelope(*matter, track, seen->ground->Input(track.notes), services().clock.Now(), seen->answer_by);
        message.payload_sm3 = crypto::Hex(crypto::Sm3(message.body));
    }
    const std::string sealed =
        services().sealer.Seal(message.body, "exchange_message.body:" + track.id + ":" + std::to_string(track.version));
    const auto marked = services().database.Write([&](db::Transaction& tx) -> Result<bool> {
        OW_TRY(const Track now, LockTrack(tx, deps_.application, track.id));
        if (!IsStillOrdered(now, *order)) return false;
        OW_CHECK(tx.Execute(queries::kInsertMessage, track.id, track.version, db::Bytes{sealed}, message.payload_sm3,
                            services().clock.Now()));
        if (now.pushed_at) return true;
        const TrackState to = now.state == TrackState::kDone ? TrackState::kDone : TrackState::kPushed;
        OW_CHECK(Record(tx, track.case_id, "exchange.pushed", "system",
                        {{"track", track.id}, {"matter", track.matter}, {"version", track.version}, {"delivery", track.delivery},
                         {"state", StateText(to)}, {"payload_sm3", message.payload_sm3}}));
        return true;
    });
    if (!marked) return jobs::Retry{.why = marked.error().Describe()};
    if (!*marked) return jobs::Done{};
    // Two workers may have built it; the one that is stored is the one that is sent.
    const auto stored = services().database.Read([&](db::Transaction& tx) {
        return FindMessage(tx, services().sealer, track.id, track.version);
    });
    if (!stored || !*stored) return jobs::Retry{.why = "message not readable"};
    const Connection* connection = ConnectionFor(track);
    if (connection == nullptr || connection->base_url.empty()) return LayOnWorkbench(job, track, **stored);
    return SendMessage(job, track, *connection, **stored);
}

jobs::Outcome Exchange::LayOnWorkbench(const jobs::Job& job, const Track& track, const Message&) const {
    const std::string id = NewUlid(services().clock, services().random);
    const auto laid = services().database.Write([&](db::Transaction& tx) -> Result<> {
        const Instant now = services().clock.Now();
        OW_CHECK(tx.Execute(queries::kInsertDelivery, id, track.id, track.version, job.attempt, "workbench", 0, "", now,
                            std::optional<Instant>{}));
        OW_CHECK(Take(tx, {.actor = "system", .agency = track.agency, .region = track.place}, ReceiptOf(track, track.delivery)));
        return jobs::Finish(tx, services().clock, job);
    });
    if (!laid) return jobs::Retry{.why = laid.error().Describe()};
    return jobs::Done{};
}

jobs::Outcome Exchange::SendMessage(const jobs::Job& job, const Track& track, const Connection& connection,
                                    const Message& message) const {
    http::Call call{.method = "POST", .url = connection.base_url + "/exchange/v1/matters", .headers = {}, .body = message.body};
    call.answer_bytes_max = kReplyBytesMax;
    call.headers.Set("Content-Type", "application/json");
    call.headers.Set("OneWindow-Delivery", track.delivery);
    call.headers.Set("Idempotency-Key", track.case_number + "/" + track.matter + "/" + std::to_string(track.version));
    const auto signed_call =
        http_signature::SignRequest({call.method, call.url}, call.headers, call.body,
                                    http_signature::MakeSigner(deps_.key_id, deps_.key), services().clock.Now(),
                                    NewUlid(services().clock, services().random));
    if (!signed_call) return jobs::GiveUp{signed_call.error().Describe()};
    deps_.crash.Reach("exchange.before_send");
    const Attempt attempt = DecideReply(deps_.outside.Send(call));
    deps_.crash.Reach("exchange.after_send");

    const bool received = attempt.outcome == "received";
    const bool last = attempt.outcome == "refused" || (!received && job.attempt >= kAttemptsMax);
    const milliseconds pause = DecidePause(job.attempt, services().random.Next());
    const std::string id = NewUlid(services().clock, services().random);
    const auto written = services().database.Write([&](db::Transaction& tx) -> Result<> {
        const Instant now = services().clock.Now();
        const auto next = received || last ? std::optional<Instant>{} : std::optional(now + pause);
        OW_CHECK(tx.Execute(queries::kInsertDelivery, id, track.id, track.version, job.attempt, attempt.outcome,
                            attempt.status, attempt.detail, now, next));
        return {};
    });
    if (!written) return jobs::Retry{.why = written.error().Describe()};
    if (received) {
        const AnswerSource source = SourceOf(connection);
        const auto taken = TakeAndTell(source, ReceiptOf(track, attempt.receipt));
        // A second receipt that differs from the first is on the timeline; the agency has the message all the same.
        if (!taken && taken.error().kind() == Kind::kUnavailable) return jobs::Retry{.why = taken.error().Describe()};
        return jobs::Done{};
    }
    if (!last) return jobs::Retry{.after = pause, .why = attempt.outcome + " " + std::to_string(attempt.status)};
    const std::string why = attempt.outcome + " " + std::to_string(attempt.status) +
                            (attempt.detail.empty() ? "" : " " + attempt.detail);
    if (const auto stuck = MarkStuck(track, why); !stuck) return jobs::Retry{.why = stuck.error().Describe()};
    return jobs::GiveUp{why};
}

Result<> Exchange::MarkStuck(const Track& track, const std::string& why) const {
    return services().database.Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const Track now, LockTrack(tx, deps_.application, track.id));
        if (now.version != track.version || now.stuck == why) return {};
        return Record(tx, track.case_id, "exchange.stuck", "system",
                      {{"track", track.id}, {"matter", track.matter}, {"version", track.version}, {"why", why},
                       {"cause", why.substr(0, why.find(' '))}});
    });
}

jobs::Outcome Exchange::WatchSilence(const jobs::Job& job) const {
    auto order = ReadOrder(job);
    if (!order) return jobs::GiveUp{order.error().Describe()};
    bool frozen = false;
    const auto watched = services().database.Write([&](db::Transaction& tx) -> Result<> {
        frozen = false;
        OW_TRY(Track track, LockTrack(tx, deps_.application, order->track));
        const Matter* matter = FindMatter(track.matter);
        using enum TrackState;
        const bool open = track.state == kDue || track.state == kPushed || track.state == kReceived || track.state == kAccepted;
        if (matter == nullptr || !matter->silence.act || !open || track.version != order->version) {
            return jobs::Finish(tx, services().clock, job);
        }
        const auto spoken = std::find_if(matter->steps.begin(), matter->steps.end(),
                                         [&](const Step& step) { return step.id == matter->silence.step; });
        if (spoken - matter->steps.begin() < track.steps_done) return jobs::Finish(tx, services().clock, job);
        OW_TRY(const Ground ground, Look(tx, track.case_id));
        frozen = ground.view.the_case.frozen;
        if (frozen) return {};
        const std::string fresh = NewUlid(services().clock, services().random);
        const MatterInput input = ground.Input(track.notes);
        OW_TRY(auto notes, matter->silence.act({tx, input, deps_.application.deps().recorder, track.id, fresh}));
        if (notes) OW_CHECK(MakeDue(tx, ground, track, Send::kNewVersion, "system", *std::move(notes)));
        return jobs::Finish(tx, services().clock, job);
    });
    if (frozen) return jobs::Wait{services().clock.Now() + kFrozenPause};
    if (!watched) return jobs::Retry{.why = watched.error().Describe()};
    return jobs::Done{};
}

Result<std::string> Exchange::FetchSigned(const Connection& connection, const std::string& path) const {
    http::Call call{.method = "GET", .url = connection.base_url + path, .headers = {}, .body = ""};
    OW_CHECK(http_signature::SignRequest({call.method, call.url}, call.headers, call.body,
                                         http_signature::MakeSigner(deps_.key_id, deps_.key), services().clock.Now(),
                                         NewUlid(services().clock, services().random)));
    OW_TRY(const http::Answer answer, deps_.outside.Send(call));
    if (answer.status != 200) {
        return Fail(Error(Fault{&http::reasons::kNoAnswer}).WithDetail("register answered " + std::to_string(answer.status)));
    }
    return answer.body;
}

void Exchange::RegisterJobs(jobs::Runner& runner) {
    std::vector<std::string> agencies;
    for (const Matter& matter : deps_.matters) agencies.push_back(matter.agency);
    std::sort(agencies.begin(), agencies.end());
    agencies.erase(std::unique(agencies.begin(), agencies.end()), agencies.end());
    for (const std::string& agency : agencies) {
        // A kind an agency: one that answers slowly holds up nobody else's messages.
        runner.Register("exchange.push." + agency,
                        {.attempts_max = kAttemptsMax + 1, .backoff = kBackoffFirst, .backoff_max = kBackoffMost, .parallel_max = 4},
                        [this](const jobs::Job& job) { return Push(job); });
    }
    runner.Register("exchange.silence", {.attempts_max = 100, .parallel_max = 1},
                    [this](const jobs::Job& job) { return WatchSilence(job); });
    runner.Register("exchange.fetch", {.attempts_max = 1'000'000, .backoff_max = kBackoffMost, .parallel_max = 2},
                    [this](const jobs::Job& job) { return Fetch(job); });
    runner.Register("exchange.reconcile", {.attempts_max = 1'000'000, .backoff_max = kBackoffMost, .parallel_max = 2},
                    [this](const jobs::Job& job) { return Reconcile(job); });
}

}  // namespace onewindow::exchange
