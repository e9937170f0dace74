#pragma once

#include "exchange/exchange.hpp"

// A track's row, and how answers stand to it. Inside the room only.
namespace onewindow::exchange {

struct Track {
    std::string id;
    CaseId case_id;
    std::string case_number, matter, agency;
    std::string place;  // County of the premises.
    int stage = 0;
    TrackState state = TrackState::kWaiting;
    std::int64_t version = 0;  // Of the message; 0: none was made yet.
    std::int64_t sends = 0;    // How often it was ordered to be sent; the newest order counts.
    std::int64_t run = 1;      // Rises when an ended track is started again; each run has a clock of its own.
    std::string delivery;      // Id of the message of this version.
    std::vector<std::string> starts_after;
    json::object notes;
    std::int64_t steps_done = 0, late_steps_done = 0;
    std::string receipt, number;
    json::object shown;
    std::vector<std::string> reasons;
    std::string officer;
    bool in_doubt = false;   // The agency's register does not have what it told us.
    std::string stuck;       // Why sending was given up; empty: it was not.
    Instant opened_at;
    std::optional<Instant> due_at, pushed_at, received_at, ended_at;
};

std::string StateText(TrackState state);
/// "track:tax/new_taxpayer", later runs "…#2".
std::string ClockOf(const Track& track);

Track ReadTrack(const db::Row& row);
Result<std::vector<Track>> TracksOf(db::Transaction& tx, const CaseId& case_id);
Result<std::optional<Track>> FindTrack(db::Transaction& tx, std::string_view id);
/// Finds the track and locks its case, so that all that happens to a case happens in order.
Result<Track> LockTrack(db::Transaction& tx, const application::Application& application, std::string_view id);

/// What an agency says, on the wire and from the workbench alike; "onewindow.answer.v1".
struct AnswerMessage {
    std::string schema;
    std::string delivery;
    std::string case_number;
    std::string matter;
    std::int64_t version = 0;
    std::string state;  // received | accepted | done | needs_data | rejected
    std::optional<std::string> step;
    std::optional<std::string> receipt;
    std::optional<json::object> result;
    std::optional<std::vector<std::string>> reasons;
    std::optional<std::string> officer;
    std::optional<Instant> at;
};
BOOST_DESCRIBE_STRUCT(AnswerMessage, (), (schema, delivery, case_number, matter, version, state, step, receipt, result,
                                          reasons, officer, at))

inline constexpr std::string_view kAnswerSchema = "onewindow.answer.v1";
inline constexpr std::string_view kMatterSchema = "onewindow.matter.v1";

/// An entry of an agency's register: its answer, and the digest of the message that it had received.
struct RegisterEntry : AnswerMessage {
    std::string payload_sm3;
};
BOOST_DESCRIBE_STRUCT(RegisterEntry, (AnswerMessage), (payload_sm3))

struct RegisterPage {
    std::vector<RegisterEntry> entries;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(RegisterPage, (), (entries, next))

/// Who answers.
struct AnswerSource {
    std::string actor;   // "agency:tax", "officer:<account>", "maker:M3701001"
    std::string agency;  // Empty for a performer, who is checked by the track's notes.
    std::string region;  // What it serves.
    bool performer = false;
    std::vector<std::string> matters = {};  // Empty: all of the agency's.
};

/// What a connected system may answer for.
AnswerSource SourceOf(const Connection& connection);

/// What is compared when an answer comes twice: state, step, receipt, result, reasons; not the time, not the officer.
std::string ContentSm3(const AnswerMessage& answer);
/// Under which name the answer is remembered: "received", "step:engraved", "done".
std::string AnswerKey(const AnswerMessage& answer);

enum class Verdict {
    kTake,
    kRepeat,      // Known, or overtaken by a later state: nothing changes.
    kSuperseded,  // About an older version of the message.
    kPark,        // Too early: what it follows has not been seen yet.
};

/// What to do with an answer. Pure. `known` is the content remembered under AnswerKey, if any.
Result<Verdict> DecideAnswer(const Matter& matter, const Track& track, const AnswerMessage& answer,
                             const std::optional<std::string>& known);

/// A stored message; byte for byte the same however often it is sent.
struct Message {
    std::string body;
    std::string payload_sm3;
};
Result<std::optional<Message>> FindMessage(db::Transaction& tx, const sealing::Sealer& sealer, const std::string& track,
                                           std::int64_t version);

}  // namespace onewindow::exchange
