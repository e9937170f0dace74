#pragma once

#include "application/application.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/files/files.hpp"
#include "licence/pool.hpp"
#include "licence/verify_file.hpp"

// Licences: USCC from a pool per authority, never twice; the PDF 正本 and 副本; verification.
namespace onewindow::licence {

using application::CaseId;

/// Public facts of an issued licence.
struct LicenceFacts {
    std::string id;  // Certificate identifier, GB/T 36904.
    CaseId case_id;
    std::string uscc, name, type_text, type_code, person_label, person, capital_label, capital_text,
        place_label, place, scope;
    std::int64_t capital_fen = 0;
    std::string authority, authority_name;
    Date established;  // 成立日期 = Beijing date of issue (条例 21).
    Instant issued_at;
    std::string state;  // valid | noted | revoked | cancelled | restored
    int version = 1;
};

/// A rendered copy and what stands beside it. PDF bytes are public and lie in the blob store as
/// they are.
struct LicenceFile {
    std::string kind;       // original (正本) | duplicate (副本)
    std::string blob, sm3;  // The name of the blob is the digest.
    std::string key_id;
    std::string signature;  // DER, base64; SM2 over all bytes of the PDF.
    std::string token;      // In the QR code.
};

class Licences {
 public:
    struct Deps {
        application::Application& application;
        files::BlobStore blobs;
        std::string public_url;  // Prefix of the QR's link: "http://127.0.0.1:8080"
        std::string key_id;
        crypto::Sm2PrivateKey key;  // Signs tokens and files; built-in in demo mode only.
        bool demo =
            true;  // 样本 on the face; the imprint is drawn in demo mode only (domain.md J27).
        CrashPoints& crash;
    };
    explicit Licences(Deps deps);

    /// Grants: takes a USCC from the authority's pool, registers the name, writes the licence row,
    /// orders rendering. In the caller's transaction, at most once a case (kAlreadyGranted); a
    /// recalled grant keeps its code. The case must be in review. Refused with all that stands
    /// against the name now, or kPoolEmpty.
    Result<> Grant(db::Transaction& tx, const application::CaseView& view,
                   std::string_view decided_by) const;
    /// Nothing before the licence is issued.
    Result<std::optional<LicenceFacts>> OfCase(db::Transaction& tx, const CaseId& case_id) const;
    Result<std::optional<LicenceFile>> FileOf(db::Transaction& tx, const CaseId& case_id,
                                              std::string_view kind) const;

    /// The job: renders 正本 and 副本, signs them, stores the blobs; then one transaction: licence
    /// issued, case licensed, on_issued.
    void RegisterJobs(jobs::Runner& runner);
    void AddRoutes(api::Router& router);
    std::function<Result<>(db::Transaction&, const application::CaseView&, const LicenceFacts&)>
        on_issued;
    /// The rules no longer hold on the day of issue (domain.md J31): a registrar has to look. In
    /// the transaction of the recall.
    std::function<Result<>(db::Transaction&, const application::CaseView&,
                           const std::vector<Fault>&)>
        on_recalled;

    const Deps& deps() const { return deps_; }

 private:
    struct Draft;
    void AddCaseRoutes(api::Router& router);
    void AddPublicRoutes(api::Router& router);
    jobs::Outcome Render(const jobs::Job& job) const;
    Result<Draft> ReadDraft(const CaseId& case_id) const;
    Result<LicenceFile> MakeFile(const Draft& draft, std::string_view kind) const;
    Result<> Issue(db::Transaction& tx, const jobs::Job& job, const Draft& draft,
                   const std::vector<LicenceFile>& files) const;
    Result<> Recall(db::Transaction& tx, const jobs::Job& job, const Draft& draft) const;
    Result<VerifyReport> VerifyStored(const std::string& bytes,
                                      std::optional<LicenceFacts>& facts) const;
    http::Response PublicPage(api::Call& call, const std::optional<LicenceFacts>& facts,
                              std::string_view token_state) const;

    Deps deps_;
};

/// The seal of demo certificates: an issuer code with valid check characters that no authority has
/// ("MX" body).
Result<std::string> DemoIssuerCode(const reference::Authority& authority);

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::licence
