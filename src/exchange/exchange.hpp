#pragma once

#include "exchange/matter.hpp"
#include "kernel/auth/auth.hpp"
#include "kernel/crash/crash.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/http/client.hpp"
#include "kernel/http_signature/http_signature.hpp"

// The exchange with agencies: tracks, deliveries, receipts, results, reconciliation. /exchange/v1 of architecture.md 5.
namespace onewindow::exchange {

using application::CaseId;

enum class TrackState {
    kWaiting, kDue, kPushed, kReceived, kAccepted, kDone, kNeedsData, kRejected,
    kNotApplicable, kDeferred, kClosedByApplicant,
};
BOOST_DESCRIBE_ENUM(TrackState, kWaiting, kDue, kPushed, kReceived, kAccepted, kDone, kNeedsData, kRejected,
                    kNotApplicable, kDeferred, kClosedByApplicant)
/// The edges of model.md section 2. Done is never left.
bool IsEdge(TrackState from, TrackState to);
/// Nothing more is expected: done, not applicable, deferred, closed.
bool IsFinal(TrackState state);

/// A connected agency system of one region; agencies without one work in OneWindow's own workbench (D3).
struct Connection {
    std::string agency;   // "tax"
    std::string region;   // Division code that it serves: province, city or county; the narrowest one that covers a place counts.
    std::string base_url; // "https://tax.example"; empty: own workbench.
    std::string key_id;   // Of its signatures; unique, the connection is known by it.
    std::string algorithm;   // "sm2-sm3" or "ed25519"
    std::string public_key;  // PEM (SM2) or base64 (Ed25519).
    std::string on_call = {};  // Who is called when something is stuck: name and phone.
    /// Matters that it serves; empty: all of the agency's in its region.
    std::vector<std::string> matters = {};
};

struct Track;
struct AnswerMessage;
struct AnswerSource;
struct Message;
struct Finding;
struct RegisterEntry;
struct TaskView;
struct RedList;
struct AnswerTaskRequest;

class Exchange {
   public:
    struct Deps {
        application::Application& application;
        /// Licences::OfCase.
        std::function<Result<std::optional<licence::LicenceFacts>>(db::Transaction&, const CaseId&)> licence_of;
        /// Handover::Made.
        std::function<Result<>(db::Transaction&, const CaseId&, const handover::ItemMade&)> item_made;
        http::Outside& outside;
        std::vector<Matter> matters;
        std::vector<Connection> connections;
        std::string own_url;             // As agencies call us: "http://127.0.0.1:8080"; part of what they sign.
        std::string key_id;              // Of our own signatures.
        crypto::Sm2PrivateKey key;
        CrashPoints& crash;
        /// A courier has taken over what goes by post; may be empty.
        std::function<Result<>(db::Transaction&, const CaseId&, const std::string& tracking)> courier_accepted = {};
    };
    /// Refused where a connection's key cannot be read.
    static Result<std::unique_ptr<Exchange>> Make(Deps deps);

    const std::vector<Matter>& matters() const { return deps_.matters; }
    const Matter* FindMatter(std::string_view id) const;
    /// Makes the tracks of a case, at submission; those that start after "submission" become due. Safe to repeat after
    /// a return: what was not sent yet is looked at again.
    Result<> OpenTracks(db::Transaction& tx, const application::CaseView& view) const;
    /// A prerequisite happened ("licence", "kit", a matter id, "<matter>:<step>"): tracks whose prerequisites are all
    /// there become due, each with its outbox row, in this transaction. Saying it twice changes nothing.
    Result<> Happened(db::Transaction& tx, const CaseId& case_id, std::string_view what) const;
    /// The case ended before the licence (withdrawn, refused, expired): every open track is closed, bookings are given back.
    Result<> CloseAll(db::Transaction& tx, const application::CaseView& view, std::string_view actor) const;
    /// Kinds of kit items that the matters of this case will bring; for Handover::OpenKit.
    Result<std::vector<std::string>> ExpectedItems(db::Transaction& tx, const application::CaseView& view) const;

    /// Whether every track has ended, and whether one was left for later (deferred, closed by the applicant).
    struct Finality {
        bool all_final = false, open_matters = false;
    };
    Result<Finality> AreFinal(db::Transaction& tx, const CaseId& case_id) const;

    void AddRoutes(api::Router& router);
    /// "exchange.push.<agency>" (a bulkhead each), "exchange.silence", "exchange.fetch", "exchange.reconcile".
    void RegisterJobs(jobs::Runner& runner);
    /// Orders the recurring fetch and the daily comparison of each connection; at start, safe to repeat.
    Result<> OrderRecurringJobs(db::Transaction& tx) const;
    /// Called in the transaction in which every track of a case is done, not applicable, deferred or closed.
    std::function<Result<>(db::Transaction&, const CaseId&)> on_all_final;

   private:
    explicit Exchange(Deps deps) : deps_(std::move(deps)) {}

    // Life of a track (tracks.cpp).
    struct Ground;
    Result<Ground> Look(db::Transaction& tx, const CaseId& case_id) const;
    Result<> OpenTrack(db::Transaction& tx, const Ground& ground, const Matter& matter, const Track* earlier) const;
    enum class Send { kFirst, kNewVersion, kAgain, kNewRun };
    Result<> MakeDue(db::Transaction& tx, const Ground& ground, Track& track, Send send, std::string_view actor,
                     json::object notes = {}) const;
    Result<> MakeDueIfReady(db::Transaction& tx, const Ground& ground, Track& track, Send send, std::string_view actor) const;
    Result<> StartClock(db::Transaction& tx, const Ground& ground, const Track& track) const;
    Result<> Close(db::Transaction& tx, const Ground& ground, Track& track, TrackState to, std::string_view actor,
                   std::string_view why) const;
    Result<> DeferDependants(db::Transaction& tx, const Ground& ground, const Track& closed) const;
    Result<> Settle(db::Transaction& tx, const Ground& ground) const;
    Result<> ChargeShared(db::Transaction& tx, const CaseId& case_id, const std::vector<Track>& tracks) const;
    Result<> ChargeTrack(db::Transaction& tx, const Track& track) const;
    Result<> End(db::Transaction& tx, const Ground& ground, const Track& track, bool done) const;
    std::string HolderOf(const Track& track) const;

    // Messages out (push.cpp).
    Result<Message> BuildMessage(const Ground& ground, const Track& track) const;
    jobs::Outcome Push(const jobs::Job& job) const;
    jobs::Outcome SendMessage(const jobs::Job& job, const Track& track, const Connection& connection, const Message& message) const;
    jobs::Outcome LayOnWorkbench(const jobs::Job& job, const Track& track, const Message& message) const;
    Result<> MarkStuck(const Track& track, const std::string& why) const;
    jobs::Outcome WatchSilence(const jobs::Job& job) const;
    Result<std::string> FetchSigned(const Connection& connection, const std::string& path) const;

    // Answers in (answers.cpp).
    Result<std::string> Take(db::Transaction& tx, const AnswerSource& source, const AnswerMessage& answer) const;
    Result<> Enter(db::Transaction& tx, const Ground& ground, const Matter& matter, Track& track, const AnswerSource& source,
                   const AnswerMessage& answer) const;
    Result<> EnterDone(db::Transaction& tx, const Ground& ground, const Matter& matter, Track& track, const AnswerSource& source,
                       const AnswerMessage& answer, json::object data) const;
    Result<> EnterStep(db::Transaction& tx, const Ground& ground, const Matter& matter, Track& track, const AnswerSource& source,
                       const AnswerMessage& answer, json::object data) const;
    Result<> TakeParked(db::Transaction& tx, const Track& track) const;
    /// Take in a transaction of its own; a refusal is written to the case's timeline.
    Result<std::string> TakeAndTell(const AnswerSource& source, const AnswerMessage& answer) const;
    void TellRefusal(const AnswerSource& source, const AnswerMessage& answer, const Error& error) const;
    Result<http::Response> ReceiveResults(api::Call& call) const;

    // Registers (reconcile.cpp).
    jobs::Outcome Fetch(const jobs::Job& job) const;
    jobs::Outcome Reconcile(const jobs::Job& job) const;
    Result<> ReconcileOnce(const Connection& connection) const;
    Result<std::vector<RegisterEntry>> ReadRegister(const Connection& connection, Instant since) const;
    Result<> Repair(const Finding& finding) const;
    Result<std::vector<Track>> OpenAt(const Connection& connection) const;

    // Routes (api*.cpp).
    Result<TaskView> TaskOf(db::Transaction& tx, const Track& track) const;
    Result<std::vector<Track>> TasksFor(db::Transaction& tx, const auth::Principal& principal) const;
    std::string PersonFor(const Track& track) const;
    Result<TaskView> AnswerTask(api::Call& call, const AnswerTaskRequest& request) const;
    Result<RedList> RedLinesFor(db::Transaction& tx, const auth::Principal& principal) const;
    Result<> Restart(db::Transaction& tx, Track& track, const std::string& actor, const json::object& sections) const;
    void AddOfficerRoutes(api::Router& router);
    void AddApplicantRoutes(api::Router& router);
    void AddReconciliationRoutes(api::Router& router);

    const Connection* ConnectionFor(const Track& track) const;
    const Connection* ConnectionByKey(std::string_view key_id) const;
    api::Services& services() const { return deps_.application.deps().services; }
    Result<> Record(db::Transaction& tx, const CaseId& case_id, std::string kind, std::string_view actor, json::object data,
                    json::object sensitive = {}) const;

    Deps deps_;
    // Of connections, by key id: reading a key takes as long as checking a signature with it.
    std::map<std::string, http_signature::KnownKey, std::less<>> keys_;
};

/// The room's own kinds and those of the matters.
void RegisterEvents(progress::EventKinds& kinds, const std::vector<Matter>& matters);

}  // namespace onewindow::exchange

// What tools/embed.py found under departments/.
namespace onewindow::embedded {
std::vector<exchange::Matter> AllMatters();
}
