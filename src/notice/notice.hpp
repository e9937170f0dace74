#pragma once

#include "kernel/api/api.hpp"
#include "kernel/http/client.hpp"
#include "kernel/jobs/jobs.hpp"
#include "kernel/mail/mail.hpp"

// Notifications (通知): SMS and mail through an outbox to adapters; each is a durable job.
namespace onewindow::notice {

struct Notice {
    /// Person id whose number and address are used; nothing personal in the job itself.
    std::string person;
    /// Message key "notice.sign_request"; mail takes its subject from "notice.sign_request.subject"
    /// if there is one.
    std::string template_key;
    std::map<std::string, std::string> arguments;
    std::string case_id;
    std::string key;  // Equal keys are sent once.
};

/// One message over one channel.
struct NoticeState {
    std::string id, channel, person, template_key;
    std::string state;  // waiting | sent | not_connected | no_address | failed
    std::int64_t attempts = 0;
    Instant created;
    std::optional<Instant> sent = {};
    std::string provider_id;  // As the SMS adapter named it.
};

class Notices {
 public:
    struct Deps {
        api::Services& services;
        http::Outside& outside;
        mail::Sender& mail;
        std::string sms_url;   // SMS adapter, HTTP; empty: none connected.
        std::string smtp_url;  // "smtp://127.0.0.1:2525"; empty: none connected.
        std::string mail_from;
        /// Mobile and mail address of a person; either may be empty.
        std::function<Result<std::pair<std::string, std::string>>(db::Transaction&,
                                                                  std::string_view person)>
            address_of;
    };
    explicit Notices(Deps deps);
    /// Orders an SMS and a mail, each a job, in the caller's transaction. A channel that is not
    /// connected is kept as such.
    Result<> Send(db::Transaction& tx, const Notice& notice) const;
    /// "notice.send". The receiver gets the notice's id with each attempt: a repeat can be told
    /// from a second notice.
    void RegisterJobs(jobs::Runner& runner) const;

    Result<std::vector<NoticeState>> OfCase(db::Transaction& tx, std::string_view case_id) const;

 private:
    struct Stored;
    Result<> Order(db::Transaction& tx, const Notice& notice, const std::string& channel,
                   bool connected) const;
    jobs::Outcome Work(const jobs::Job& job) const;
    Result<std::optional<Stored>> Find(db::Transaction& tx, const std::string& id) const;
    Result<std::string> Deliver(const Stored& stored, const std::string& address) const;
    Result<std::string> SendSms(const Stored& stored, const std::string& mobile) const;
    Result<std::string> SendMail(const Stored& stored, const std::string& address) const;
    jobs::Outcome RecordFailure(const jobs::Job& job, const std::string& id, std::string_view state,
                                jobs::Outcome outcome) const;
    jobs::Outcome Close(const jobs::Job& job, std::string_view state,
                        const std::string& provider_id) const;

    Deps deps_;
};

namespace reasons {
/// The adapter said a lasting no (4xx).
inline constexpr Reason kNotTaken{"notice.not_taken", Kind::kRefused};
inline constexpr Reason kNoAnswer{"notice.no_answer", Kind::kUnavailable};
}  // namespace reasons

}  // namespace onewindow::notice
