#pragma once

#include "application/application.hpp"
#include "identity/identity.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/http_signature/http_signature.hpp"
#include "notice/notice.hpp"

// The sign board (S2, S3): who must sign what; certificates for one event; signatures over exact
// papers.
namespace onewindow::signing {

using application::CaseId;

enum class SignatureState {
    kOpen,
    kSeen,
    kSigned,
    kDeclined,
    kReplaced,
    kVoid,
    kWithdrawnBySigner
};
BOOST_DESCRIBE_ENUM(SignatureState, kOpen, kSeen, kSigned, kDeclined, kReplaced, kVoid,
                    kWithdrawnBySigner)

/// How old a verification may be when somebody signs (domain.md J10).
inline constexpr std::chrono::hours kFreshness{24};
/// Long enough for somebody who travels, short enough that a name is not held in vain (two months,
/// 规定 18).
inline constexpr int kDeadlineWorkdays = 10;

/// A paper as it is to be signed.
struct SignPaper {
    std::string id, title, data_sm3, rendering_sm3;
    std::string blob;  // Where the bytes lie; not part of what is signed.
};
BOOST_DESCRIBE_STRUCT(SignPaper, (), (id, title, data_sm3, rendering_sm3, blob))

/// One human asked to sign in one capacity for one principal.
struct SignRequest {
    std::string id;
    CaseId case_id;
    std::int64_t ordinal = 0;   // Its place on the board.
    std::string person_key;     // In people[] of the form.
    std::string document_hash;  // identity::Identity::DocumentHash: the human.
    std::string capacity, principal;
    bool verified_only = false;          // Signs nothing; a fresh verification is enough.
    std::vector<SignPaper> papers = {};  // Sorted by id.
    SignatureState state = SignatureState::kOpen;
    std::string reason = {};
    std::string signature = {};  // Id of the newest one, if any.
    Instant opened_at = {};
};

struct SignatureStateAnswer;
struct SignatureCertificateAnswer;

class Signing {
 public:
    struct Deps {
        application::Application& application;
        identity::Identity& identity;
        const notice::Notices& notices;
        http::Outside& outside;
        std::string ca_url;          // The certification authority; asked by jobs only.
        std::string ca_certificate;  // DER of its root, a trust anchor.
        /// Signs the orders to the authority; nothing where it asks for no signatures.
        std::optional<http_signature::Signer> signer = {};
    };
    /// Listens to identity.OnVerified: whoever logs in and is asked to sign may see the case from
    /// then on.
    explicit Signing(Deps deps);

    /// Opens the board for the current papers: one request a person and capacity (签署矩阵). An
    /// earlier signature over papers whose digests did not change stays; the others become void.
    /// For Application::on_signing.
    Result<> OpenBoard(db::Transaction& tx, const application::CaseView& view,
                       const std::vector<application::Paper>& papers) const;
    /// Nobody is asked any more; for Application::on_withdrawn.
    Result<> CloseBoard(db::Transaction& tx, const CaseId& case_id) const;
    /// Every required signature is there, over the current papers, with fresh identity evidence
    /// (I16). Never true of a draft or where nobody is required. For Application::is_signed.
    Result<bool> IsComplete(db::Transaction& tx, const CaseId& case_id) const;
    /// As IsComplete, from the stored bytes: papers, certificates, statements, signatures,
    /// evidence; a fault for each that fails. For review; slow, outside writes.
    Result<std::vector<Fault>> Verify(db::Transaction& tx, const CaseId& case_id) const;

    /// "signing.certificate", "signing.complete", "signing.remind", "signing.deadline". The object
    /// must outlive the runner.
    void RegisterJobs(jobs::Runner& runner);
    void AddRoutes(api::Router& router);
    /// Called by the job "signing.complete", ordered in the transaction of the last signature, in a
    /// transaction of its own: a submission that is refused must not undo the signature. Submits if
    /// the applicant ticked "submit by itself".
    std::function<Result<>(db::Transaction&, const CaseId&)> on_complete;

 private:
    struct Board;
    struct Required;
    struct Ground;
    struct Order;
    using RequestAction =
        std::function<Result<>(db::Transaction&, application::Case&, const SignRequest&)>;

    api::Services& services() const { return deps_.application.deps().services; }
    Result<std::vector<Required>> RequiredOf(const application::CaseView& view,
                                             const std::vector<application::Paper>& papers) const;
    Result<std::optional<Board>> FindBoard(db::Transaction& tx, const CaseId& case_id) const;
    Result<> OrderJobs(db::Transaction& tx, const CaseId& case_id, std::int64_t number,
                       const application::Application::Ground& ground, Instant deadline) const;
    Result<> Invite(db::Transaction& tx, const application::Case& the_case,
                    const SignRequest& request, Instant deadline, const std::string& template_key,
                    const std::string& key) const;
    Result<> TellApplicant(db::Transaction& tx, const application::Case& the_case,
                           const std::string& template_key, const std::string& key) const;
    Result<> Admit(db::Transaction& tx, const identity::Person& person) const;
    Result<> Record(db::Transaction& tx, const CaseId& case_id, progress::Event event) const;

    /// The caller's own request; kNoRequest for everybody else's.
    Result<SignRequest> OwnRequest(db::Transaction& tx, const auth::Principal& principal,
                                   const std::string& id) const;
    Result<> MaySign(db::Transaction& tx, const application::Case& the_case,
                     const SignRequest& request) const;
    Result<Ground> GroundOf(db::Transaction& tx, const auth::Principal& principal,
                            const std::string& id) const;
    Result<SignatureCertificateAnswer> AskCertificate(api::Call& call,
                                                      const std::string& public_key) const;
    Result<SignatureStateAnswer> Sign(api::Call& call, const std::string& statement,
                                      const std::string& signature) const;
    Result<SignatureStateAnswer> Confirm(api::Call& call) const;
    Result<SignatureStateAnswer> Decline(api::Call& call, const std::string& reason) const;
    Result<SignatureStateAnswer> TakeBack(api::Call& call) const;
    Result<SignatureStateAnswer> NotMe(api::Call& call) const;
    Result<SignatureStateAnswer> Replace(api::Call& call, const std::string& person_key) const;
    /// Locks the case, finds the caller's request and acts on it, as one command; gives the
    /// request's state after it.
    Result<SignatureStateAnswer> Act(api::Call& call, const RequestAction& action) const;
    Result<> RecordSigned(db::Transaction& tx, const application::Case& the_case,
                          const SignRequest& request, const identity::Verification& verification,
                          json::object sensitive) const;

    jobs::Outcome WorkCertificate(const jobs::Job& job) const;
    Result<std::string> AskAuthority(const Order& order) const;
    jobs::Outcome WorkComplete(const jobs::Job& job) const;
    jobs::Outcome WorkRemind(const jobs::Job& job) const;
    jobs::Outcome WorkDeadline(const jobs::Job& job) const;

    Result<std::vector<Fault>> VerifyOne(db::Transaction& tx, const application::Case& the_case,
                                         const SignRequest& request) const;

    void AddBoardRoutes(api::Router& router);
    void AddListRoutes(api::Router& router);
    void AddSignRoutes(api::Router& router);
    void AddCertificateRoutes(api::Router& router);
    void AddRefusalRoutes(api::Router& router);

    Deps deps_;
};

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::signing
