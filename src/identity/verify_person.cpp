#include "identity/document.hpp"
#include "identity/queries.gen.hpp"
#include "identity/question.hpp"
#include "identity/reasons.hpp"
#include "kernel/text/text.hpp"
#include "reference/codes/codes.hpp"

// The job "identity.verify": asks the service what a code stands for, and records the answer.
namespace onewindow::identity {
namespace {

/// The service's answer to /token.
struct TokenAnswer {
    std::string subject, name, id_type, id_number, mobile, level, method;
    Instant at;
    std::string evidence_sm3;
};
BOOST_DESCRIBE_STRUCT(TokenAnswer, (),
                      (subject, name, id_type, id_number, mobile, level, method, at, evidence_sm3))

bool IsHexDigest(std::string_view text) {
    return text.size() == 64 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool IsShortText(std::string_view text, std::size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max && text::IsUtf8(text) &&
           text::Trim(text) == text;
}

bool IsMobile(std::string_view text) {
    return text.size() >= 6 && text.size() <= 20 &&
           text.find_first_not_of("+0123456789-") == std::string_view::npos;
}

bool IsDocument(std::string_view id_type, std::string_view id_number, Date today) {
    if (id_type == "resident_id") return reference::CheckId(id_number, today).valid;
    const bool known = id_type == "passport" || id_type == "hk_macao_permit" ||
                       id_type == "taiwan_permit" || id_type == "foreign_permanent_id";
    return known && id_number.size() >= 5 && id_number.size() <= 30 &&
           id_number.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()/-") ==
               std::string_view::npos;
}

/// May the same request be answered otherwise later?
bool IsPassing(int status) {
    return status >= 500 || status == 408 || status == 425 || status == 429;
}

}  // namespace

/// The answer is a stranger's: nothing of it is believed before its shape was checked.
Result<Identity::Confirmed> Identity::AskService(const Question& question) const {
    const api::Services& services = deps_.services;
    OW_TRY(const std::string code,
           services.sealer.Open(question.sealed_code, CodePlace(question.id)));
    http::Call call;
    call.method = "POST";
    call.url = deps_.service_url + "/token";
    call.headers.Set("Content-Type", "application/json");
    // A code works once; after a lost answer the same key brings the same answer.
    call.headers.Set("Idempotency-Key", question.id);
    call.body = json::Canonical(json::object{
        {"client_id", deps_.client_id}, {"client_secret", deps_.client_secret}, {"code", code}});
    OW_TRY(const http::Answer answer, deps_.outside.Send(call));
    const std::string status = "status " + std::to_string(answer.status);
    // 401 is about our own secret: an operator's matter, not the person's.
    if (IsPassing(answer.status) || answer.status == 401 || answer.status == 403) {
        return Fail(Error(Fault{&reasons::kNoService}).WithDetail(status));
    }
    if (answer.status != 200) return Fail(Error(Fault{&reasons::kCodeRefused}).WithDetail(status));
    const auto body = json::Parse(answer.body);
    const auto token = body ? json::Read<TokenAnswer>(*body)
                            : Result<TokenAnswer>(Refuse(reasons::kAnswerUnusable));
    if (!token) return Refuse(reasons::kAnswerUnusable);
    const std::string number = CanonicalIdNumber(token->id_type, token->id_number);
    const bool usable = IsShortText(token->name, 150) &&
                        IsDocument(token->id_type, number, services.clock.Today()) &&
                        IsMobile(token->mobile) && IsShortText(token->method, 40) &&
                        IsShortText(token->level, 40) && IsHexDigest(token->evidence_sm3);
    if (!usable) return Refuse(reasons::kAnswerUnusable);
    return Confirmed{.name = token->name,
                     .id_type = token->id_type,
                     .id_number = number,
                     .mobile = token->mobile,
                     .method = token->method,
                     .level = token->level,
                     .evidence_sm3 = token->evidence_sm3,
                     .service_at = token->at};
}

jobs::Outcome Identity::RecordYes(const jobs::Job& job, const Question& question,
                                  const Confirmed& confirmed) const {
    const api::Services& services = deps_.services;
    const Instant now = services.clock.Now();
    const std::string hash = DocumentHash(confirmed.id_type, confirmed.id_number);
    const auto seal = [&](const std::string& plain, std::string_view column) {
        return db::Bytes{
            services.sealer.Seal(plain, "identity_person." + std::string(column) + ":" + hash)};
    };
    const db::Bytes name = seal(confirmed.name, "name"),
                    number = seal(confirmed.id_number, "id_number"),
                    mobile = seal(confirmed.mobile, "mobile");
    const std::string new_id = NewUlid(services.clock, services.random);
    const auto stored = services.database.Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const auto row, tx.FindOne(queries::kUpsertPerson, new_id, hash, confirmed.id_type,
                                          name, number, mobile, now));
        const Person person{.id = row->As<PersonId>("id"),
                            .name = confirmed.name,
                            .id_type = confirmed.id_type,
                            .id_number = confirmed.id_number,
                            .mobile = confirmed.mobile,
                            .document_hash = hash};
        OW_CHECK(tx.Execute(queries::kRecordVerified, question.id, person.id, confirmed.method,
                            confirmed.level, confirmed.evidence_sm3, confirmed.service_at, now));
        for (const Listener& listener : listeners_) OW_CHECK(listener(tx, person));
        return jobs::Finish(tx, services.clock, job);
    });
    if (!stored) return jobs::Retry{.why = stored.error().Describe()};
    return jobs::Done{};
}

jobs::Outcome Identity::RecordNo(const jobs::Job& job, const Question& question,
                                 const Reason& reason) const {
    const Clock& clock = deps_.services.clock;
    const auto stored = deps_.services.database.Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(tx.Execute(queries::kRecordRefused, question.id, reason.code, clock.Now()));
        return jobs::Finish(tx, clock, job);
    });
    if (!stored) return jobs::Retry{.why = stored.error().Describe()};
    return jobs::Done{};
}

jobs::Outcome Identity::Work(const jobs::Job& job) const {
    const api::Services& services = deps_.services;
    const auto arguments = json::Parse(job.arguments);
    if (!arguments) return jobs::GiveUp{arguments.error().Describe()};
    const std::string id = json::TextAt(*arguments, "verification");
    struct Ground {
        std::optional<Question> question;
        std::optional<Person> asker;
    };
    const auto ground = services.database.Read([&](db::Transaction& tx) -> Result<Ground> {
        Ground found;
        OW_TRY(const auto row, tx.FindOne(queries::kFindVerification, id));
        if (!row) return found;
        found.question =
            Question{.id = id,
                     .purpose = row->Text("purpose"),
                     .state = row->Text("state"),
                     .asked_by = row->Text("asked_by"),
                     .sealed_code = row->IsNull("code") ? std::string{} : row->Blob("code"),
                     .asked_at = row->Time("asked_at")};
        OW_TRY(found.asker, Find(tx, PersonId(found.question->asked_by)));
        return found;
    });
    if (!ground) return jobs::Retry{.why = ground.error().Describe()};
    if (!ground->question) return jobs::GiveUp{"no such question"};
    const Question& question = *ground->question;
    if (question.state != "pending") return jobs::Done{};
    // The person waits before a screen, and the code is dead by now.
    if (services.clock.Now() - question.asked_at > kCodeLife)
        return RecordNo(job, question, reasons::kNoService);
    const auto confirmed = AskService(question);
    if (!confirmed) {
        const Error& error = confirmed.error();
        if (error.kind() == Kind::kUnavailable) return jobs::Retry{.why = error.Describe()};
        if (error.kind() == Kind::kBug) return RecordNo(job, question, reasons::kNoService);
        return RecordNo(job, question, error.reason());
    }
    const bool same = question.purpose == "login" ||
                      (ground->asker && ground->asker->document_hash ==
                                            DocumentHash(confirmed->id_type, confirmed->id_number));
    if (!same) return RecordNo(job, question, reasons::kAnotherPerson);
    return RecordYes(job, question, *confirmed);
}

void Identity::RegisterJobs(jobs::Runner& runner) {
    // More attempts than kCodeLife leaves time for: the end of the code's life ends the trying, not
    // a count.
    runner.Register("identity.verify",
                    {.attempts_max = 200,
                     .backoff = std::chrono::milliseconds{500},
                     .backoff_max = std::chrono::seconds{10},
                     .parallel_max = 8},
                    [this](const jobs::Job& job) { return Work(job); });
}

}  // namespace onewindow::identity
