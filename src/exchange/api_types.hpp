#pragma once

#include "exchange/track.hpp"
#include "progress/event_text.hpp"

// Request and answer types of the room's routes; the OpenAPI document is made from them.
namespace onewindow::exchange {

using progress::BothTexts;

struct ReasonView {
    std::string code, article;
    BothTexts text;
};
BOOST_DESCRIBE_STRUCT(ReasonView, (), (code, article, text))

struct StepView {
    std::string id;
    BothTexts text;
    bool reported = false;
};
BOOST_DESCRIBE_STRUCT(StepView, (), (id, text, reported))

struct ResultView {
    std::string name;
    BothTexts label;
    json::value value;
};
BOOST_DESCRIBE_STRUCT(ResultView, (), (name, label, value))

struct TrackView {
    std::string id, matter, agency;
    BothTexts title;
    int stage = 0;
    TrackState state{};
    std::int64_t version = 0;
    std::string receipt, number;
    std::vector<ResultView> results;
    std::vector<ReasonView> reasons;
    std::vector<StepView> steps;
    std::int64_t attempts = 0;
    std::optional<Instant> next_attempt;
    std::string last_outcome;  // Of the last attempt: received, lost, busy, refused, bad_reply, workbench; empty before it.
    bool in_doubt = false;
    bool stuck = false;
    std::optional<std::string> holder, colour;
    std::optional<Instant> due;  // By when the agency has to be done.
    std::optional<Instant> due_since, sent_at, received_at, ended_at;
    bool may_close = false, may_restart = false;
};
BOOST_DESCRIBE_STRUCT(TrackView, (), (id, matter, agency, title, stage, state, version, receipt, number, results, reasons, steps,
                                      attempts, next_attempt, last_outcome, in_doubt, stuck, holder, colour, due, due_since,
                                      sent_at, received_at, ended_at, may_close, may_restart))

struct TrackList {
    std::vector<TrackView> tracks;
};
BOOST_DESCRIBE_STRUCT(TrackList, (), (tracks))

struct CloseTrackRequest {
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(CloseTrackRequest, (), (reason))

struct RestartTrackRequest {
    std::optional<json::object> sections;  // Corrected sections of this matter; the others are refused.
};
BOOST_DESCRIBE_STRUCT(RestartTrackRequest, (), (sections))

struct TaskView {
    std::string track, case_number, business_name, matter, place;
    BothTexts title;
    TrackState state{};
    std::int64_t version = 0;
    std::string receipt, officer;
    std::vector<std::string> reasons;
    std::vector<StepView> steps;
    bool in_doubt = false;
    std::string stuck;
    std::optional<Instant> due, due_since;
    std::optional<std::string> colour;
};
BOOST_DESCRIBE_STRUCT(TaskView, (), (track, case_number, business_name, matter, place, title, state, version, receipt, officer,
                                     reasons, steps, in_doubt, stuck, due, due_since, colour))

struct TaskList {
    std::vector<TaskView> tasks;
};
BOOST_DESCRIBE_STRUCT(TaskList, (), (tasks))

/// A task with the message as the agency gets it, and the reasons that may be given.
struct TaskFile {
    TaskView task;
    json::object message;
    std::vector<ReasonView> reasons;
};
BOOST_DESCRIBE_STRUCT(TaskFile, (), (task, message, reasons))

struct AnswerTaskRequest {
    std::string state;
    std::optional<std::string> step, receipt;
    std::optional<json::object> result;
    std::optional<std::vector<std::string>> reasons;
};
BOOST_DESCRIBE_STRUCT(AnswerTaskRequest, (), (state, step, receipt, result, reasons))

struct RedLine {
    TaskView task;
    std::string why;     // overdue | stuck | rejected | in_doubt
    std::string person;  // Who has to act: officer, or the on-call of the agency's connection, or its office with phone.
};
BOOST_DESCRIBE_STRUCT(RedLine, (), (task, why, person))

struct RedList {
    std::vector<RedLine> lines;
};
BOOST_DESCRIBE_STRUCT(RedList, (), (lines))

struct ReconciliationRequest {
    std::string agency, region;
};
BOOST_DESCRIBE_STRUCT(ReconciliationRequest, (), (agency, region))

struct ReconciliationView {
    std::string id, agency, region;
    Instant at;
    std::int64_t compared = 0, lies = 0, losses = 0, doubles = 0, wrong = 0, strangers = 0;
    json::value findings;
};
BOOST_DESCRIBE_STRUCT(ReconciliationView, (), (id, agency, region, at, compared, lies, losses, doubles, wrong, strangers, findings))

struct ReconciliationList {
    std::vector<ReconciliationView> reconciliations;
};
BOOST_DESCRIBE_STRUCT(ReconciliationList, (), (reconciliations))

struct Ordered {
    bool ordered = true;
};
BOOST_DESCRIBE_STRUCT(Ordered, (), (ordered))

BothTexts Texts(const messages::Messages& messages, const std::string& key);
std::vector<StepView> StepsOf(const messages::Messages& messages, const Matter& matter, const Track& track);
ReasonView ReasonOf(const messages::Messages& messages, const Matter& matter, const std::string& code);

}  // namespace onewindow::exchange
