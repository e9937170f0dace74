#include "agencies/register.hpp"

#include "agencies/agency.hpp"
#include "kernel/crypto/crypto.hpp"

namespace onewindow::agencies {
namespace {

constexpr std::size_t kPageMax = 200;

json::object AnswerTo(const Effect& effect, const Reply& reply, Instant now) {
    json::object answer{{"schema", "onewindow.answer.v1"},
                        {"delivery", json::TextAt(effect.message, "delivery")},
                        {"case_number", json::TextAt(effect.message, "case_number")},
                        {"matter", json::TextAt(effect.message, "matter")},
                        {"version", json::IntAt(effect.message, "version")},
                        {"state", reply.state},
                        {"receipt", effect.receipt},
                        {"officer", "演示经办"},
                        {"at", FormatInstant(now)}};
    if (!reply.step.empty()) answer["step"] = reply.step;
    if (reply.state == "done" || !reply.result.empty()) answer["result"] = reply.result;
    return answer;
}

}  // namespace

Result<> Register::Open(const std::string& path) {
    const std::lock_guard lock(mutex_);
    OW_TRY(const std::vector<json::value> lines, file_.Open(path));
    for (const json::value& line : lines) OW_CHECK(Read(line));
    return {};
}

/// Takes a line into memory; the file has it.
Result<> Register::Read(const json::value& line) {
    const std::string what = json::TextAt(line, "what");
    OW_TRY(const Instant at, ParseInstant(json::TextAt(line, "at")));
    if (what == "effect") {
        const std::string body = json::TextAt(line, "body");
        OW_TRY(json::value message, json::Parse(body));
        OW_TRY(const MatterMessage read, json::Read<MatterMessage>(message));
        const std::string key = KeyOf(read);
        Effect effect{.key = key,
                      .message = std::move(message),
                      .payload_sm3 = crypto::Hex(crypto::Sm3(body)),
                      .receipt = json::TextAt(line, "receipt"),
                      .at = at,
                      .ordinal = json::IntAt(line, "ordinal"),
                      .answers = {}};
        ordinals_[read.case_number] = effect.ordinal;
        json::object received = AnswerTo(effect, {"received"}, at);
        effects_[key] = std::move(effect);
        Keep(key, std::move(received), at);
        return {};
    }
    const auto found = effects_.find(json::TextAt(line, "key"));
    if (found == effects_.end()) return Refuse(reasons::kLedger, "key");
    if (what == "told") {
        ++found->second.told;
        return {};
    }
    const json::value* answers = json::Find(line, "answers");
    if (answers == nullptr || !answers->is_array()) return Refuse(reasons::kLedger, "answers");
    for (const json::value& answer : answers->get_array())
        Keep(found->first, answer.as_object(), at);
    found->second.worked = true;
    return {};
}

void Register::Keep(const std::string& key, json::object answer, Instant at) {
    Effect& effect = effects_.at(key);
    json::object entry = answer;
    entry["payload_sm3"] = effect.payload_sm3;
    effect.answers.push_back(std::move(answer));
    entries_.push_back(std::move(entry));
    times_.push_back(at);
}

std::optional<Effect> Register::Find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = effects_.find(key);
    return found == effects_.end() ? std::nullopt : std::optional(found->second);
}

Result<Effect> Register::Apply(const std::string& body, const std::string& receipt, Instant now) {
    const std::lock_guard lock(mutex_);
    OW_TRY(const json::value parsed, json::Parse(body));
    OW_TRY(const MatterMessage message, json::Read<MatterMessage>(parsed));
    const std::string key = KeyOf(message);
    // Twins that came at the same time: the first one is the effect.
    if (const auto found = effects_.find(key); found != effects_.end()) return found->second;
    const auto numbered = ordinals_.find(message.case_number);
    const auto ordinal = numbered == ordinals_.end()
                             ? static_cast<std::int64_t>(ordinals_.size()) + 1
                             : numbered->second;
    const json::object line{{"what", "effect"},
                            {"at", FormatInstant(now)},
                            {"receipt", receipt},
                            {"ordinal", ordinal},
                            {"body", body}};
    OW_CHECK(file_.Append(line));
    OW_CHECK(Read(line));
    return effects_.at(key);
}

Result<Effect> Register::Work(const std::string& key, Instant now) {
    const std::lock_guard lock(mutex_);
    const Effect& effect = effects_.at(key);
    if (effect.worked) return effect;
    json::array answers;
    for (const Reply& reply : RepliesTo(effect.message, effect.ordinal))
        answers.push_back(AnswerTo(effect, reply, now));
    const json::object line{{"what", "work"},
                            {"at", FormatInstant(now)},
                            {"key", key},
                            {"answers", std::move(answers)}};
    OW_CHECK(file_.Append(line));
    OW_CHECK(Read(line));
    return effects_.at(key);
}

Result<> Register::Told(const std::string& key, Instant now) {
    const std::lock_guard lock(mutex_);
    const json::object line{{"what", "told"}, {"at", FormatInstant(now)}, {"key", key}};
    OW_CHECK(file_.Append(line));
    return Read(line);
}

std::vector<std::string> Register::Unfinished() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> keys;
    for (const auto& [key, effect] : effects_) {
        if (!effect.worked || effect.told < effect.answers.size()) keys.push_back(key);
    }
    return keys;
}

json::object Register::Page(Instant since, std::size_t after) const {
    const std::lock_guard lock(mutex_);
    json::array page;
    std::size_t index = after;
    for (; index < entries_.size() && page.size() < kPageMax; ++index) {
        if (times_[index] >= since) page.push_back(entries_[index]);
    }
    json::object out{{"entries", page}};
    // After an empty page the reader keeps its cursor: what is written later stands behind it.
    if (!page.empty()) out["next"] = std::to_string(index);
    return out;
}

std::int64_t Register::effects() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::int64_t>(effects_.size());
}

}  // namespace onewindow::agencies
