#pragma once

#include "application/application.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/files/files.hpp"

// Licences: USCC from a pool per authority, never twice; the PDF 正本 and 副本; verification.
namespace onewindow::licence {

using application::CaseId;

/// Public facts of an issued licence.
struct LicenceFacts {
    std::string id;          // Certificate identifier, GB/T 36904.
    CaseId case_id;
    std::string uscc, name, type_text, type_code, person_label, person, capital_label, capital_text, place_label, place, scope;
    std::int64_t capital_fen = 0;
    std::string authority, authority_name;
    Date established;        // 成立日期 = Beijing date of issue (条例 21).
    Instant issued_at;
    std::string state;       // valid | noted | revoked | cancelled | restored
    int version = 1;
};

class Licences {
   public:
    struct Deps {
        application::Application& application;
        files::BlobStore blobs;
        std::string public_url;       // Prefix of the QR's link: "http://127.0.0.1:8080"
        std::string key_id;
        crypto::Sm2PrivateKey key;    // Signs tokens and files; built-in in demo mode only.
        bool demo = true;             // 样本 on the face.
        CrashPoints& crash;
    };
    explicit Licences(Deps deps);

    /// Grants: takes a USCC from the authority's pool, writes the licence row, orders rendering. In the caller's
    /// transaction, at most once a case.
    Result<> Grant(db::Transaction& tx, const application::CaseView& view, std::string_view decided_by) const;
    Result<std::optional<LicenceFacts>> OfCase(db::Transaction& tx, const CaseId& case_id) const;

    /// The job: renders 正本 and 副本, signs them, stores the blobs; then one transaction: licence issued, case licensed,
    /// on_issued.
    void RegisterJobs(jobs::Runner& runner);
    void AddRoutes(api::Router& router);  // GET licence facts, PDFs, GET /v/{id}, POST /api/v1/licences/verify
    std::function<Result<>(db::Transaction&, const application::CaseView&, const LicenceFacts&)> on_issued;

   private:
    Deps deps_;
};

/// Fills an authority's pool with bodies for codes; blocks with a generation, so that a restore can jump.
Result<> AddPoolBlock(db::Transaction& tx, std::string_view authority, std::string_view prefix, std::int64_t from,
                      std::int64_t until);

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::licence
