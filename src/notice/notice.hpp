#pragma once

#include "kernel/api/api.hpp"
#include "kernel/http/client.hpp"
#include "kernel/jobs/jobs.hpp"

// Notifications (通知): SMS and mail through an outbox to adapters; each is a durable job.
namespace onewindow::notice {

struct Notice {
    std::string person;    // Person id whose number and address are used; nothing personal in the job itself.
    std::string template_key;  // Message key: "notice.sign_request"
    std::map<std::string, std::string> arguments;
    std::string case_id;
    std::string key;       // Equal keys are sent once.
};

class Notices {
   public:
    struct Deps {
        api::Services& services;
        http::Outside& outside;
        std::string sms_url;   // SMS adapter, HTTP; empty: none connected.
        std::string smtp_url;  // "smtp://127.0.0.1:2525"; empty: none connected.
        std::string mail_from;
        /// Mobile and mail address of a person.
        std::function<Result<std::pair<std::string, std::string>>(db::Transaction&, std::string_view person)> address_of;
    };
    explicit Notices(Deps deps);
    Result<> Send(db::Transaction& tx, const Notice& notice) const;
    void RegisterJobs(jobs::Runner& runner);

   private:
    Deps deps_;
};

}  // namespace onewindow::notice
