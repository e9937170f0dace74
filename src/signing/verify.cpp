#include "signing/queries.gen.hpp"
#include "signing/reasons.hpp"
#include "signing/sign.hpp"

// Checking everything again from the stored bytes, as a stranger would.
namespace onewindow::signing {

Result<std::vector<Fault>> Signing::VerifyOne(db::Transaction& tx,
                                              const application::Case& the_case,
                                              const SignRequest& request) const {
    std::vector<Fault> faults;
    const auto add = [&](const Reason& reason) {
        faults.push_back({&reason,
                          "requests." + request.id,
                          {{"capacity", request.capacity}, {"person", request.person_key}}});
    };
    OW_TRY(const auto row, tx.FindOne(queries::kFindSignature, request.signature));
    if (request.state != SignatureState::kSigned || !row) {
        add(reasons::kMissing);
        return faults;
    }
    const identity::PersonId person = row->As<identity::PersonId>("person");
    OW_TRY(const auto human, deps_.identity.Find(tx, person));
    OW_TRY(const auto evidence, deps_.identity.FindEvidence(tx, person, row->Text("evidence_sm3")));
    const Instant signed_at = row->Time("signed_at");
    const bool proven = human && human->document_hash == request.document_hash && evidence &&
                        evidence->at <= signed_at && signed_at - evidence->at <= kFreshness;
    if (!proven) add(reasons::kNoEvidence);
    if (request.verified_only) return faults;
    for (const SignPaper& paper : request.papers) {
        const auto bytes = deps_.application.PaperBytes(
            the_case.id, {paper.id, paper.title, paper.data_sm3, paper.rendering_sm3, paper.blob});
        if (!bytes || crypto::Hex(crypto::Sm3(*bytes)) != paper.rendering_sm3)
            add(reasons::kPaperAltered);
    }
    const std::string& statement = row->Text("statement");
    const StatementFacts facts =
        FactsOf(the_case, request, person.value(), row->Text("evidence_sm3"));
    if (statement != StatementOf(facts)) add(reasons::kWrongStatement);
    const auto certificate = services().sealer.Open(row->Blob("certificate"),
                                                    CertificatePlace(row->Text("certificate_id")));
    const auto checked =
        certificate ? crypto::CheckCertificate(*certificate, deps_.ca_certificate, signed_at)
                    : Result<crypto::CertificateFacts>(Failure(certificate.error()));
    if (!checked || checked->binding != BindingOf(facts, request.id))
        add(reasons::kCertificateInvalid);
    if (!checked || !checked->key.Verify(statement, row->Blob("signature")))
        add(reasons::kBadSignature);
    return faults;
}

Result<std::vector<Fault>> Signing::Verify(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const application::CaseView view, deps_.application.View(tx, case_id));
    OW_TRY(const std::vector<application::Paper> papers, deps_.application.Papers(tx, case_id));
    OW_TRY(const std::vector<Required> required, RequiredOf(view, papers));
    OW_TRY(const db::Rows rows, tx.Read(queries::kListRequests, case_id));
    std::vector<SignRequest> requests;
    for (const db::Row& row : rows) requests.push_back(ReadRequest(row));
    const BoardChange change = DecideBoard(requests, required);
    std::vector<Fault> faults;
    if (required.empty())
        faults.push_back({&reasons::kMissing, "requests", {{"capacity", ""}, {"person", ""}}});
    for (const std::size_t place : change.opened) {
        faults.push_back(
            {&reasons::kMissing,
             "requests",
             {{"capacity", required[place].capacity}, {"person", required[place].person_key}}});
    }
    for (const auto& [index, place] : change.kept) {
        // Against the papers of today, wherever their bytes lie.
        SignRequest request = requests[index];
        request.papers = required[place].papers;
        OW_TRY(const std::vector<Fault> found, VerifyOne(tx, view.the_case, request));
        faults.insert(faults.end(), found.begin(), found.end());
    }
    return faults;
}

}  // namespace onewindow::signing
