#include "signing/sign.hpp"

#include "application/reasons.hpp"
#include "signing/queries.gen.hpp"
#include "signing/reasons.hpp"

// The signer's acts. Whatever costs crypto happens before the transaction; the transaction sees
// that nothing moved.
namespace onewindow::signing {

StatementFacts FactsOf(const application::Case& the_case, const SignRequest& request,
                       const std::string& person, const std::string& evidence) {
    return {.case_number = the_case.number,
            .person = person,
            .capacity = request.capacity,
            .principal = request.principal,
            .identity_evidence = evidence,
            .papers = request.papers};
}

Result<SignRequest> Signing::OwnRequest(db::Transaction& tx, const auth::Principal& principal,
                                        const std::string& id) const {
    if (principal.person.empty()) return Refuse(reasons::kNoRequest);
    OW_TRY(const auto row, tx.FindOne(queries::kFindRequest, id));
    OW_TRY(const auto person, deps_.identity.Find(tx, identity::PersonId(principal.person)));
    if (!row || !person || row->Text("document_hash") != person->document_hash)
        return Refuse(reasons::kNoRequest);
    return ReadRequest(*row);
}

Result<> Signing::MaySign(db::Transaction& tx, const application::Case& the_case,
                          const SignRequest& request) const {
    if (the_case.frozen) return Refuse(application::reasons::kFrozen);
    OW_TRY(const std::optional<Board> board, FindBoard(tx, the_case.id));
    OW_ASSERT(board.has_value());
    if (board->state == "passed") return Refuse(reasons::kDeadlinePassed);
    if (the_case.state != application::State::kSigning || board->state != "open" ||
        !IsSignable(request.state)) {
        return Refuse(reasons::kNotOpen);
    }
    if (services().clock.Now() > board->deadline) return Refuse(reasons::kDeadlinePassed);
    return {};
}

Result<Signing::Ground> Signing::GroundOf(db::Transaction& tx, const auth::Principal& principal,
                                          const std::string& id) const {
    OW_TRY(SignRequest request, OwnRequest(tx, principal, id));
    OW_TRY(application::Case the_case, deps_.application.Find(tx, request.case_id));
    OW_TRY(auto person, deps_.identity.Find(tx, identity::PersonId(principal.person)));
    Ground ground{.the_case = std::move(the_case),
                  .request = std::move(request),
                  .person = *std::move(person),
                  .order = {},
                  .verification = {}};
    OW_TRY(const auto row, tx.FindOne(queries::kFindNewestCertificate, id));
    if (row) {
        ground.order =
            Order{.id = row->Text("id"),
                  .request = id,
                  .document_hash = row->Text("document_hash"),
                  .public_key = row->Text("public_key"),
                  .binding = row->Text("binding"),
                  .evidence_sm3 = row->Text("evidence_sm3"),
                  .state = row->Text("state"),
                  .sealed_certificate =
                      row->IsNull("certificate") ? std::string{} : row->Blob("certificate")};
    }
    OW_TRY(ground.verification,
           deps_.identity.Fresh(tx, ground.person.id, services().clock.Now() - kFreshness));
    return ground;
}

Result<SignatureStateAnswer> Signing::Act(api::Call& call, const RequestAction& action) const {
    const std::string& id = call.Path("request");
    return call.Command<SignatureStateAnswer>(
        [&](db::Transaction& tx) -> Result<SignatureStateAnswer> {
            OW_TRY(const SignRequest asked, OwnRequest(tx, call.principal, id));
            OW_TRY(application::Case the_case, deps_.application.Lock(tx, asked.case_id));
            call.subject = the_case.id.value();
            // Read again under the lock.
            OW_TRY(const SignRequest request, OwnRequest(tx, call.principal, id));
            OW_CHECK(action(tx, the_case, request));
            OW_TRY(const SignRequest after, OwnRequest(tx, call.principal, id));
            return SignatureStateAnswer{after.state};
        });
}

Result<> Signing::RecordSigned(db::Transaction& tx, const application::Case& the_case,
                               const SignRequest& request,
                               const identity::Verification& verification,
                               json::object sensitive) const {
    OW_CHECK(Record(tx, the_case.id,
                    {.kind = "signing.signed",
                     .actor = "person:" + verification.person.value(),
                     .data = {{"request", request.id},
                              {"person", verification.person.value()},
                              {"capacity", request.capacity},
                              {"evidence_sm3", verification.evidence_sm3},
                              {"method", verification.method},
                              {"level", verification.level},
                              {"verified_at", EpochMs(verification.at)}},
                     .sensitive = std::move(sensitive)}));
    OW_TRY(const bool complete, IsComplete(tx, the_case.id));
    if (!complete) return {};
    OW_TRY(const SignRequest signed_request, [&]() -> Result<SignRequest> {
        OW_TRY(const auto row, tx.FindOne(queries::kFindRequest, request.id));
        return ReadRequest(*row);
    }());
    return jobs::Enqueue(tx, services().clock, services().random,
                         {.kind = "signing.complete",
                          .arguments = json::Canonical(json::object{{"case", the_case.id.value()}}),
                          .key = "signing.complete:" + signed_request.signature,
                          .subject = the_case.id.value(),
                          .run_at = services().clock.Now()});
}

Result<SignatureStateAnswer> Signing::Sign(api::Call& call, const std::string& statement,
                                           const std::string& signature) const {
    const std::string& id = call.Path("request");
    OW_TRY(const Ground ground,
           services().database.Read([&](db::Transaction& tx) -> Result<Ground> {
               OW_TRY(Ground found, GroundOf(tx, call.principal, id));
               OW_CHECK(MaySign(tx, found.the_case, found.request));
               if (!found.order) return found;
               // The evidence that the certificate binds, if it is still fresh.
               OW_TRY(found.verification,
                      deps_.identity.FindEvidence(tx, found.person.id, found.order->evidence_sm3));
               return found;
           }));
    if (ground.request.verified_only) return Refuse(reasons::kNothingToSign);
    if (!ground.order || ground.order->state != "issued") return Refuse(reasons::kNoCertificate);
    const Order& order = *ground.order;
    const Instant now = services().clock.Now();
    const bool fresh = ground.verification && now - ground.verification->at <= kFreshness;
    if (!fresh) return Refuse(reasons::kNotFresh);
    const StatementFacts facts =
        FactsOf(ground.the_case, ground.request, ground.person.id.value(), order.evidence_sm3);
    if (statement != StatementOf(facts)) return Refuse(reasons::kWrongStatement, "statement");
    OW_TRY(const std::string certificate,
           services().sealer.Open(order.sealed_certificate, CertificatePlace(order.id)));
    const auto checked = crypto::CheckCertificate(certificate, deps_.ca_certificate, now);
    if (!checked || checked->binding != BindingOf(facts, id))
        return Refuse(reasons::kCertificateInvalid);
    const auto bytes = crypto::FromBase64(signature);
    if (!bytes || !checked->key.Verify(statement, *bytes))
        return Refuse(reasons::kBadSignature, "signature");
    json::object sensitive{{"statement", statement},
                           {"signature", crypto::Base64(*bytes)},
                           {"certificate_id", order.id},
                           {"certificate_sealed", crypto::Base64(order.sealed_certificate)}};
    return Act(call,
               [&](db::Transaction& tx, application::Case& the_case,
                   const SignRequest& request) -> Result<> {
                   OW_CHECK(MaySign(tx, the_case, request));
                   if (services().clock.Now() - ground.verification->at > kFreshness)
                       return Refuse(reasons::kNotFresh);
                   if (!SamePapers(request.papers, ground.request.papers))
                       return Refuse(reasons::kChanged);
                   return RecordSigned(tx, the_case, request, *ground.verification, sensitive);
               });
}

Result<SignatureStateAnswer> Signing::Confirm(api::Call& call) const {
    return Act(call,
               [&](db::Transaction& tx, application::Case& the_case,
                   const SignRequest& request) -> Result<> {
                   OW_CHECK(MaySign(tx, the_case, request));
                   if (!request.verified_only) return Refuse(reasons::kSomethingToSign);
                   const identity::PersonId person(call.principal.person);
                   OW_TRY(const auto verification,
                          deps_.identity.Fresh(tx, person, services().clock.Now() - kFreshness));
                   if (!verification) return Refuse(reasons::kNotFresh);
                   return RecordSigned(tx, the_case, request, *verification,
                                       {{"statement", ""},
                                        {"signature", ""},
                                        {"certificate_id", ""},
                                        {"certificate_sealed", ""}});
               });
}

}  // namespace onewindow::signing
