#pragma once

#include "application/application.hpp"
#include "identity/identity.hpp"
#include "kernel/crypto/crypto.hpp"

// The sign board (S2, S3): who must sign what; certificates for one event; signatures over exact papers.
namespace onewindow::signing {

using application::CaseId;

enum class SignatureState { kOpen, kSeen, kSigned, kDeclined, kReplaced, kVoid, kWithdrawnBySigner };
BOOST_DESCRIBE_ENUM(SignatureState, kOpen, kSeen, kSigned, kDeclined, kReplaced, kVoid, kWithdrawnBySigner)

class Signing {
   public:
    struct Deps {
        application::Application& application;
        identity::Identity& identity;
        http::Outside& outside;
        std::string ca_url;           // The certification authority; asked by jobs only.
        std::string ca_certificate;   // DER of its root, a trust anchor.
    };
    explicit Signing(Deps deps);

    /// Opens the board for the current papers: one request a person and capacity (签署矩阵). An earlier signature over
    /// papers whose digests did not change stays; the others become void.
    Result<> OpenBoard(db::Transaction& tx, const application::CaseView& view, const std::vector<application::Paper>& papers) const;
    /// Every required signature is there, valid, over the current papers, with fresh identity evidence (I16).
    Result<bool> IsComplete(db::Transaction& tx, const CaseId& case_id) const;
    /// As IsComplete, from the stored bytes: certificates, digests, signatures. For review; slow, outside writes.
    Result<std::vector<Fault>> Verify(db::Transaction& tx, const CaseId& case_id) const;

    void RegisterJobs(jobs::Runner& runner);  // certificates from the CA, reminders, deadlines
    void AddRoutes(api::Router& router);
    /// Called in the transaction of the last signature; submits if the applicant ticked "submit by itself".
    std::function<Result<>(db::Transaction&, const CaseId&)> on_complete;

   private:
    Deps deps_;
};

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::signing
