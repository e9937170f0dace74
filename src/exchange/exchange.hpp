#pragma once

#include "exchange/matter.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/http/client.hpp"

// The exchange with agencies: tracks, deliveries, receipts, results, reconciliation. /exchange/v1 of architecture.md 5.
namespace onewindow::exchange {

enum class TrackState {
    kWaiting, kDue, kPushed, kReceived, kAccepted, kDone, kNeedsData, kRejected,
    kNotApplicable, kDeferred, kClosedByApplicant,
};
BOOST_DESCRIBE_ENUM(TrackState, kWaiting, kDue, kPushed, kReceived, kAccepted, kDone, kNeedsData, kRejected,
                    kNotApplicable, kDeferred, kClosedByApplicant)
bool IsEdge(TrackState from, TrackState to);

/// A connected agency system of one region; agencies without one work in OneWindow's own workbench (D3).
struct Connection {
    std::string agency;   // "tax"
    std::string region;   // Division code that it serves: city or province.
    std::string base_url; // Empty: own workbench.
    std::string key_id;   // Of its signatures.
    std::string algorithm;   // "sm2-sm3" or "ed25519"
    std::string public_key;  // PEM (SM2) or base64 (Ed25519).
};

class Exchange {
   public:
    struct Deps {
        application::Application& application;
        licence::Licences& licences;
        handover::Handover& handover;
        http::Outside& outside;
        std::vector<Matter> matters;
        std::string key_id;              // Of our own signatures.
        crypto::Sm2PrivateKey key;
        CrashPoints& crash;
    };
    explicit Exchange(Deps deps);

    const std::vector<Matter>& matters() const;
    /// Makes the tracks of a case, at submission; those that start after "submission" become due.
    Result<> OpenTracks(db::Transaction& tx, const application::CaseView& view) const;
    /// A prerequisite happened ("licence", a matter id, "<matter>:<step>"): tracks whose prerequisites are all there become
    /// due, each with its outbox row, in this transaction.
    Result<> Happened(db::Transaction& tx, const CaseId& case_id, std::string_view what) const;

    void AddRoutes(api::Router& router);
    void RegisterJobs(jobs::Runner& runner);  // push, fetch, reconcile, retry
    /// Called in the transaction in which every track of a case is done, not applicable, deferred or closed.
    std::function<Result<>(db::Transaction&, const CaseId&)> on_all_final;

   private:
    Deps deps_;
};

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::exchange
