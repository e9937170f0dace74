#include <algorithm>

#include "exchange/reasons.hpp"
#include "exchange/track.hpp"
#include "kernel/crypto/crypto.hpp"

// Which way a track may go, and what an answer means to it. Pure.
namespace onewindow::exchange {
namespace {

bool IsOneOf(TrackState state, std::initializer_list<TrackState> states) {
    return std::find(states.begin(), states.end(), state) != states.end();
}

Result<> CheckReasons(const Matter& matter, const AnswerMessage& answer) {
    const bool wanted = answer.state == "needs_data" || answer.state == "rejected";
    const std::vector<std::string> reasons = answer.reasons.value_or(std::vector<std::string>{});
    if (wanted && reasons.empty()) return Refuse(reasons::kReasonMissing, "reasons");
    std::vector<Fault> faults;
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        const bool published = std::any_of(matter.reason_codes.begin(), matter.reason_codes.end(),
                                           [&](const auto& entry) { return entry.first == reasons[i]; });
        if (published && wanted) continue;
        faults.push_back({&reasons::kReasonUnpublished, "reasons." + std::to_string(i), {{"code", reasons[i]}}});
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    return {};
}

std::optional<std::size_t> IndexOf(const std::vector<Step>& steps, std::string_view id) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].id == id) return i;
    }
    return std::nullopt;
}

Result<> CheckForm(const Matter& matter, const AnswerMessage& answer) {
    static const std::vector<std::string> kStates = {"received", "accepted", "done", "needs_data", "rejected"};
    if (std::find(kStates.begin(), kStates.end(), answer.state) == kStates.end()) {
        return Refuse(reasons::kState, "state", {{"state", answer.state}});
    }
    if (answer.step) {
        const bool known = IndexOf(matter.steps, *answer.step) || IndexOf(matter.late_steps, *answer.step);
        if (!known || answer.state != "accepted") return Refuse(reasons::kStep, "step", {{"step", *answer.step}});
    }
    const bool may_have_result = answer.state == "done" || answer.step;
    if (answer.result && !answer.result->empty() && !may_have_result) return Refuse(reasons::kResultUnexpected, "result");
    if (answer.state == "received" && answer.receipt.value_or("").empty()) return Refuse(reasons::kReceiptMissing, "receipt");
    return CheckReasons(matter, answer);
}

Result<Verdict> DecideStep(const Matter& matter, const Track& track, const std::string& step) {
    using enum TrackState;
    if (const auto late = IndexOf(matter.late_steps, step)) {
        if (track.state != kDone) return Verdict::kPark;
        const auto done = static_cast<std::size_t>(track.late_steps_done);
        return *late < done ? Verdict::kRepeat : *late == done ? Verdict::kTake : Verdict::kPark;
    }
    const std::size_t index = *IndexOf(matter.steps, step);
    const auto done = static_cast<std::size_t>(track.steps_done);
    if (index < done || track.state == kDone) return Verdict::kRepeat;
    if (!IsOneOf(track.state, {kPushed, kReceived, kAccepted})) return Refuse(reasons::kNotOpen, "state");
    return index == done ? Verdict::kTake : Verdict::kPark;
}

Result<Verdict> DecideState(const Matter& matter, const Track& track, const AnswerMessage& answer) {
    using enum TrackState;
    if (answer.state == "received") return track.state == kPushed ? Verdict::kTake : Verdict::kRepeat;
    if (answer.state == "accepted") {
        return IsOneOf(track.state, {kPushed, kReceived}) ? Verdict::kTake : Verdict::kRepeat;
    }
    if (track.state == kDone) {
        // A register that forgot us may come to another number; whoever was never in doubt may not.
        if (answer.state == "done" && track.in_doubt) return Verdict::kTake;
        return Refuse(reasons::kDiffers, "state");
    }
    if (answer.state == "done") {
        const bool missing = track.steps_done < static_cast<std::int64_t>(matter.steps.size());
        return missing ? Verdict::kPark : Verdict::kTake;
    }
    const bool same = (answer.state == "needs_data" && track.state == kNeedsData) ||
                      (answer.state == "rejected" && track.state == kRejected);
    return same ? Refuse(reasons::kDiffers, "reasons") : Result<Verdict>(Verdict::kTake);
}

}  // namespace

bool IsEdge(TrackState from, TrackState to) {
    using enum TrackState;
    switch (from) {
        case kWaiting: return IsOneOf(to, {kDue, kWaiting, kClosedByApplicant, kDeferred, kNotApplicable});
        case kDue: return IsOneOf(to, {kDue, kPushed, kClosedByApplicant});
        case kPushed: return IsOneOf(to, {kDue, kReceived, kAccepted, kDone, kNeedsData, kRejected, kClosedByApplicant});
        case kReceived: return IsOneOf(to, {kDue, kAccepted, kDone, kNeedsData, kRejected});
        case kAccepted: return IsOneOf(to, {kDue, kAccepted, kDone, kNeedsData, kRejected});
        case kNeedsData: return IsOneOf(to, {kDue, kDone, kRejected, kClosedByApplicant});
        case kRejected: return IsOneOf(to, {kDue, kDone, kNeedsData, kClosedByApplicant});
        case kNotApplicable:
        case kDeferred:
        case kClosedByApplicant: return IsOneOf(to, {kWaiting, kDue, kDeferred, kNotApplicable, kClosedByApplicant});
        case kDone: return false;
    }
    return false;
}

bool IsFinal(TrackState state) {
    using enum TrackState;
    return IsOneOf(state, {kDone, kNotApplicable, kDeferred, kClosedByApplicant});
}

std::string StateText(TrackState state) { return std::string(json::Write(state).as_string()); }

std::string ContentSm3(const AnswerMessage& answer) {
    json::object content{{"state", answer.state}};
    content["step"] = answer.step.value_or("");
    content["receipt"] = answer.receipt.value_or("");
    content["result"] = answer.result.value_or(json::object{});
    json::array reasons;
    for (const std::string& reason : answer.reasons.value_or(std::vector<std::string>{})) reasons.push_back(json::value(reason));
    content["reasons"] = std::move(reasons);
    return crypto::Hex(crypto::Sm3(json::Canonical(content)));
}

std::string AnswerKey(const AnswerMessage& answer) { return answer.step ? "step:" + *answer.step : answer.state; }

Result<Verdict> DecideAnswer(const Matter& matter, const Track& track, const AnswerMessage& answer,
                             const std::optional<std::string>& known) {
    using enum TrackState;
    if (answer.schema != kAnswerSchema) return Refuse(reasons::kSchema, "schema", {{"schema", answer.schema}});
    OW_CHECK(CheckForm(matter, answer));
    if (answer.version < 1 || answer.version > track.version) return Refuse(reasons::kVersion, "version");
    if (answer.version < track.version) return Verdict::kSuperseded;
    if (answer.delivery != track.delivery) return Refuse(reasons::kDelivery, "delivery");
    // In doubt, the agency starts anew: its earlier receipts and steps bind nobody, and to say the same once more moves a
    // track that was sent again.
    const bool anew = track.in_doubt && (answer.state == "done" || (answer.state == "received" && track.state == kPushed));
    if (known && *known == ContentSm3(answer) && !anew) return Verdict::kRepeat;
    if (known && !track.in_doubt) return Refuse(reasons::kDiffers, "state");
    // Ordered but not marked as sent: an answer can only be early.
    if (track.state == kDue) return Verdict::kPark;
    if (IsOneOf(track.state, {kWaiting, kNotApplicable, kDeferred, kClosedByApplicant})) return Refuse(reasons::kNotOpen, "state");
    return answer.step ? DecideStep(matter, track, *answer.step) : DecideState(matter, track, answer);
}

}  // namespace onewindow::exchange
