#include "notice/notice.hpp"

#include "notice/queries.gen.hpp"

namespace onewindow::notice {
namespace {

constexpr std::string_view kSend = "notice.send";
constexpr int kAttemptsMax = 20;
/// Notices are written in the language of the law; a person's choice of language is not known here.
constexpr auto kLanguage = messages::Language::kChinese;

std::string PlaceOf(const std::string& id) { return "notice_notice.arguments:" + id; }

std::string ArgumentsText(const std::map<std::string, std::string>& arguments) {
    json::object object;
    for (const auto& [name, value] : arguments) object[name] = value;
    return json::Canonical(object);
}

/// May the same request be answered otherwise later?
bool IsPassing(int status) {
    return status >= 500 || status == 408 || status == 425 || status == 429;
}

}  // namespace

struct Notices::Stored {
    std::string id, channel, person, template_key, state;
    Instant created;
    std::map<std::string, std::string> arguments;
    std::string address;
};

Notices::Notices(Deps deps) : deps_(std::move(deps)) { OW_ASSERT(deps_.address_of != nullptr); }

Result<> Notices::Send(db::Transaction& tx, const Notice& notice) const {
    OW_ASSERT(!notice.key.empty() && !notice.person.empty() && !notice.template_key.empty());
    OW_CHECK(Order(tx, notice, "sms", !deps_.sms_url.empty()));
    return Order(tx, notice, "mail", !deps_.smtp_url.empty());
}

Result<> Notices::Order(db::Transaction& tx, const Notice& notice, const std::string& channel,
                        bool connected) const {
    const api::Services& services = deps_.services;
    const std::string id = NewUlid(services.clock, services.random);
    const db::Bytes sealed{services.sealer.Seal(ArgumentsText(notice.arguments), PlaceOf(id))};
    OW_TRY(const std::int64_t inserted,
           tx.Execute(queries::kInsertNotice, id, notice.key, channel, notice.case_id,
                      notice.person, notice.template_key, sealed,
                      connected ? "waiting" : "not_connected", services.clock.Now()));
    if (inserted == 0 || !connected) return {};
    return jobs::Enqueue(tx, services.clock, services.random,
                         {.kind = std::string(kSend),
                          .arguments = json::Canonical(json::object{{"notice", id}}),
                          .key = std::string(kSend) + ":" + id,
                          .subject = notice.case_id,
                          .run_at = services.clock.Now()});
}

Result<std::string> Notices::SendSms(const Stored& stored, const std::string& mobile) const {
    http::Call call;
    call.method = "POST";
    call.url = deps_.sms_url;
    call.headers.Set("Content-Type", "application/json");
    call.headers.Set("Idempotency-Key", stored.id);
    const std::string text =
        deps_.services.messages.Get(stored.template_key, kLanguage, stored.arguments);
    call.body = json::Canonical(json::object{{"to", mobile}, {"text", text}, {"id", stored.id}});
    OW_TRY(const http::Answer answer, deps_.outside.Send(call));
    if (answer.status >= 200 && answer.status < 300) {
        const auto body = json::Parse(answer.body);
        return body ? json::TextAt(*body, "id") : "";
    }
    // The body may repeat the number; only the status is kept.
    return Fail(Error(Fault{IsPassing(answer.status) ? &reasons::kNoAnswer : &reasons::kNotTaken})
                    .WithDetail("status " + std::to_string(answer.status)));
}

Result<std::string> Notices::SendMail(const Stored& stored, const std::string& address) const {
    const messages::Messages& messages = deps_.services.messages;
    const std::string own_subject = stored.template_key + ".subject";
    const bool has_own = messages.Has(own_subject, kLanguage);
    OW_CHECK(deps_.mail.Send(
        {.from = deps_.mail_from,
         .to = address,
         .subject =
             messages.Get(has_own ? own_subject : "notice.subject", kLanguage, stored.arguments),
         .text = messages.Get(stored.template_key, kLanguage, stored.arguments),
         .id = stored.id,
         .at = stored.created},
        deps_.smtp_url));
    return std::string{};
}

Result<std::string> Notices::Deliver(const Stored& stored, const std::string& address) const {
    return stored.channel == "sms" ? SendSms(stored, address) : SendMail(stored, address);
}

jobs::Outcome Notices::Close(const jobs::Job& job, std::string_view state,
                             const std::string& provider_id) const {
    const auto parsed = json::Parse(job.arguments);
    const std::string id = parsed ? json::TextAt(*parsed, "notice") : "";
    const Clock& clock = deps_.services.clock;
    std::optional<Instant> sent;
    if (state == "sent") sent = clock.Now();
    const auto closed = deps_.services.database.Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(tx.Execute(queries::kRecordAttempt, id, state, job.attempt, sent, provider_id));
        return jobs::Finish(tx, clock, job);
    });
    if (!closed) return jobs::Retry{.why = closed.error().Describe()};
    return jobs::Done{};
}

Result<std::optional<Notices::Stored>> Notices::Find(db::Transaction& tx,
                                                     const std::string& id) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindNotice, id));
    if (!row) return std::optional<Stored>{};
    Stored stored{.id = id,
                  .channel = row->Text("channel"),
                  .person = row->Text("person"),
                  .template_key = row->Text("template"),
                  .state = row->Text("state"),
                  .created = row->Time("created_at"),
                  .arguments = {},
                  .address = {}};
    OW_TRY(const std::string plain,
           deps_.services.sealer.Open(row->Blob("arguments"), PlaceOf(id)));
    OW_TRY(const json::value arguments, json::Parse(plain));
    for (const auto& [name, value] : arguments.as_object()) {
        stored.arguments.emplace(name, std::string_view(value.as_string()));
    }
    OW_TRY(const auto addresses, deps_.address_of(tx, stored.person));
    stored.address = stored.channel == "sms" ? addresses.first : addresses.second;
    return std::optional<Stored>{std::move(stored)};
}

jobs::Outcome Notices::Work(const jobs::Job& job) const {
    const auto parsed = json::Parse(job.arguments);
    if (!parsed) return jobs::GiveUp{parsed.error().Describe()};
    const std::string id = json::TextAt(*parsed, "notice");
    const auto stored =
        deps_.services.database.Read([&](db::Transaction& tx) { return Find(tx, id); });
    if (!stored) return jobs::Retry{.why = stored.error().Describe()};
    if (!*stored) return jobs::GiveUp{"no such notice"};
    const Stored& notice = **stored;
    // One that failed is here again because an officer retries it.
    const bool open = notice.state == "waiting" || notice.state == "failed";
    if (!open) return Close(job, notice.state, "");
    if (notice.address.empty()) return Close(job, "no_address", "");
    const auto delivered = Deliver(notice, notice.address);
    if (delivered) return Close(job, "sent", *delivered);
    // Describe() names reasons and statuses, never the number or the address.
    const std::string why = delivered.error().Describe();
    if (delivered.error().kind() == Kind::kUnavailable && job.attempt < kAttemptsMax) {
        return RecordFailure(job, id, "waiting", jobs::Retry{.why = why});
    }
    return RecordFailure(job, id, "failed", jobs::GiveUp{why});
}

jobs::Outcome Notices::RecordFailure(const jobs::Job& job, const std::string& id,
                                     std::string_view state, jobs::Outcome outcome) const {
    const auto stored = deps_.services.database.Write([&](db::Transaction& tx) {
        return tx.Execute(queries::kRecordAttempt, id, state, job.attempt, std::optional<Instant>{},
                          "");
    });
    if (!stored) return jobs::Retry{.why = stored.error().Describe()};
    return outcome;
}

void Notices::RegisterJobs(jobs::Runner& runner) const {
    runner.Register(std::string(kSend), {.attempts_max = kAttemptsMax},
                    [this](const jobs::Job& job) { return Work(job); });
}

Result<std::vector<NoticeState>> Notices::OfCase(db::Transaction& tx,
                                                 std::string_view case_id) const {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListNotices, case_id));
    std::vector<NoticeState> states;
    for (const db::Row& row : rows) {
        states.push_back({.id = row.Text("id"),
                          .channel = row.Text("channel"),
                          .person = row.Text("person"),
                          .template_key = row.Text("template"),
                          .state = row.Text("state"),
                          .attempts = row.Int("attempts"),
                          .created = row.Time("created_at"),
                          .sent = row.TimeIfAny("sent_at"),
                          .provider_id = row.Text("provider_id")});
    }
    return states;
}

}  // namespace onewindow::notice
