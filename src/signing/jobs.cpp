#include "signing/board.hpp"
#include "signing/queries.gen.hpp"

// Work that comes later: the end of signing, reminders, the deadline.
namespace onewindow::signing {
namespace {

struct BoardJob {
    CaseId case_id;
    std::int64_t number = 0, round = 0;
};

BoardJob ReadJob(const jobs::Job& job) {
    // Written by ourselves.
    const json::value arguments = json::Parse(job.arguments).value();
    return {CaseId(json::TextAt(arguments, "case")), json::IntAt(arguments, "number"),
            json::IntAt(arguments, "round")};
}

}  // namespace

/// What was signed stays signed, whatever becomes of the submission; the applicant is told if it is
/// refused.
jobs::Outcome Signing::WorkComplete(const jobs::Job& job) const {
    const CaseId id = ReadJob(job).case_id;
    const auto submitted = services().database.Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const application::Case the_case, deps_.application.Lock(tx, id));
        OW_TRY(const bool complete, IsComplete(tx, id));
        // Somebody may have withdrawn, or the applicant have submitted, meanwhile.
        if (complete && the_case.state == application::State::kSigning && on_complete)
            OW_CHECK(on_complete(tx, id));
        return jobs::Finish(tx, services().clock, job);
    });
    if (submitted) return jobs::Done{};
    const Kind kind = submitted.error().kind();
    if (kind == Kind::kUnavailable || kind == Kind::kUnknownOutcome ||
        submitted.error().Is(jobs::reasons::kLeaseLost)) {
        return jobs::Retry{.why = submitted.error().Describe()};
    }
    if (kind == Kind::kBug) return jobs::GiveUp{submitted.error().Describe()};
    const auto told = services().database.Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const application::Case the_case, deps_.application.Find(tx, id));
        OW_CHECK(TellApplicant(tx, the_case, "notice.submission_refused",
                               "signing.submission_refused:" + job.id.value()));
        return jobs::Finish(tx, services().clock, job);
    });
    if (!told) return jobs::Retry{.why = told.error().Describe()};
    return jobs::Done{};
}

jobs::Outcome Signing::WorkRemind(const jobs::Job& job) const {
    const BoardJob what = ReadJob(job);
    const auto reminded = services().database.Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const application::Case the_case, deps_.application.Lock(tx, what.case_id));
        OW_TRY(const std::optional<Board> board, FindBoard(tx, what.case_id));
        const bool current = board && board->number == what.number && board->state == "open" &&
                             !the_case.frozen && the_case.state == application::State::kSigning;
        OW_TRY(const db::Rows rows, tx.Read(queries::kListRequests, what.case_id));
        for (const db::Row& row : rows) {
            const SignRequest request = ReadRequest(row);
            if (!current || !IsAsked(request.state)) continue;
            OW_CHECK(Invite(tx, the_case, request, board->deadline, "notice.sign_reminder",
                            "signing.reminder:" + request.id + ":" + std::to_string(what.number) +
                                ":" + std::to_string(what.round)));
        }
        return jobs::Finish(tx, services().clock, job);
    });
    if (!reminded) return jobs::Retry{.why = reminded.error().Describe()};
    return jobs::Done{};
}

/// Closes the board and gives the case back to the applicant: a new opening asks again those who
/// did not sign.
jobs::Outcome Signing::WorkDeadline(const jobs::Job& job) const {
    const BoardJob what = ReadJob(job);
    bool frozen = false;
    const auto passed = services().database.Write([&](db::Transaction& tx) -> Result<> {
        frozen = false;
        OW_TRY(application::Case the_case, deps_.application.Lock(tx, what.case_id));
        OW_TRY(const std::optional<Board> board, FindBoard(tx, what.case_id));
        const bool current = board && board->number == what.number && board->state == "open" &&
                             the_case.state == application::State::kSigning;
        OW_TRY(const bool complete, IsComplete(tx, what.case_id));
        if (!current || complete) return jobs::Finish(tx, services().clock, job);
        frozen = the_case.frozen;
        if (frozen) return {};
        OW_TRY(const db::Rows rows, tx.Read(queries::kListRequests, what.case_id));
        json::array voided;
        for (const db::Row& row : rows) {
            const SignRequest request = ReadRequest(row);
            if (IsSignable(request.state))
                voided.push_back(json::object{{"id", request.id}, {"why", "deadline_passed"}});
        }
        const std::int64_t count = static_cast<std::int64_t>(voided.size());
        OW_CHECK(Record(tx, what.case_id,
                        {.kind = "signing.deadline_passed",
                         .actor = "system",
                         .data = {{"count", count}, {"requests", voided}}}));
        OW_CHECK(deps_.application.Move(tx, the_case, application::State::kDrafting, "system",
                                        {{"reason", "signing_deadline"}}));
        OW_CHECK(TellApplicant(tx, the_case, "notice.sign_deadline",
                               "signing.deadline:" + job.id.value()));
        return jobs::Finish(tx, services().clock, job);
    });
    if (!passed) return jobs::Retry{.why = passed.error().Describe()};
    // Nothing moves while a case is frozen; the time is up as soon as it is lifted.
    if (frozen) return jobs::Wait{.until = services().clock.Now() + std::chrono::hours{1}};
    return jobs::Done{};
}

void Signing::RegisterJobs(jobs::Runner& runner) {
    runner.Register("signing.certificate",
                    {.attempts_max = 60, .backoff_max = std::chrono::seconds{60}},
                    [this](const jobs::Job& job) { return WorkCertificate(job); });
    runner.Register("signing.complete", {},
                    [this](const jobs::Job& job) { return WorkComplete(job); });
    runner.Register("signing.remind", {}, [this](const jobs::Job& job) { return WorkRemind(job); });
    runner.Register("signing.deadline", {},
                    [this](const jobs::Job& job) { return WorkDeadline(job); });
}

}  // namespace onewindow::signing
