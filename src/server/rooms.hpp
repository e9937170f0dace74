#pragma once

#include <memory>

#include "exchange/exchange.hpp"
#include "guide/guide.hpp"
#include "handover/handover.hpp"
#include "identity/identity.hpp"
#include "kernel/mail/mail.hpp"
#include "licence/licence.hpp"
#include "naming/index_examiner.hpp"
#include "notice/notice.hpp"
#include "progress/api.hpp"
#include "review/review.hpp"
#include "server/settings.hpp"
#include "signing/signing.hpp"

namespace onewindow::server {

/// What the rooms stand on; outlives them.
struct Ground {
    api::Services& services;
    CrashPoints& crash;
    http::Outside& outside;
    mail::Sender& mail;
    const Settings& settings;
    std::string key_id;
    crypto::Sm2PrivateKey key;
    std::string ca_certificate;  // DER
    std::string public_url;
};

/// Every room, wired: who is told of what, in which transaction.
class Rooms {
   public:
    explicit Rooms(const Ground& ground);

    void AddRoutes(api::Router& router);
    void RegisterJobs(jobs::Runner& runner);
    /// What runs again and again; each start orders it, a job that is there already is left as it is.
    Result<> OrderRecurringJobs(db::Transaction& tx);
    const application::Application& application() const { return *application_; }
    progress::EventFeed& feed() { return feed_; }
    const reference::Store& reference() const { return reference_; }
    const progress::EventKinds& event_kinds() const { return kinds_; }
    naming::IndexExaminer& names() { return examiner_; }

   private:
    Result<> Submitted(db::Transaction& tx, const application::CaseView& view);
    Result<> Issued(db::Transaction& tx, const application::CaseView& view, const licence::LicenceFacts& facts);
    Result<> TryComplete(db::Transaction& tx, const application::CaseId& id);
    Result<> StartClock(db::Transaction& tx, const application::CaseView& view, const std::string& subject, const std::string& holder);
    Result<> Withdrawn(db::Transaction& tx, const application::CaseView& view);
    Result<> HoldEnding(db::Transaction& tx, const application::Case& the_case, int days_left);
    Result<> Unclaimed(db::Transaction& tx, const application::CaseId& id, const std::string& hall, int days);
    void Wire();

    const Ground& ground_;
    reference::Store reference_;
    naming::NameTables name_tables_;
    naming::IndexExaminer examiner_;
    progress::EventKinds kinds_;
    progress::Recorder recorder_;
    progress::EventFeed feed_;
    progress::Clocks clocks_;
    std::unique_ptr<notice::Notices> notices_;
    std::unique_ptr<identity::Identity> identity_;
    std::unique_ptr<application::Application> application_;
    std::unique_ptr<signing::Signing> signing_;
    std::unique_ptr<licence::Licences> licences_;
    std::unique_ptr<review::Review> review_;
    std::unique_ptr<handover::Handover> handover_;
    std::unique_ptr<exchange::Exchange> exchange_;
    std::unique_ptr<guide::Guide> guide_;
};

}  // namespace onewindow::server
