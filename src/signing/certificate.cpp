#include "signing/queries.gen.hpp"
#include "signing/reasons.hpp"
#include "signing/sign.hpp"

// Event certificates: ordered by the signer for a key made in the browser, issued by the authority
// through a job.
namespace onewindow::signing {
namespace {

/// The authority's answer.
struct Issued {
    std::string certificate, issuer;
};
BOOST_DESCRIBE_STRUCT(Issued, (), (certificate, issuer))

bool IsPassing(int status) {
    return status >= 500 || status == 401 || status == 403 || status == 408 || status == 429;
}

}  // namespace

/// An equal order that is there already is not repeated.
Result<SignatureCertificateAnswer> Signing::AskCertificate(api::Call& call,
                                                           const std::string& public_key) const {
    const std::string& id = call.Path("request");
    const auto point = crypto::FromBase64(public_key);
    const auto key = point ? crypto::Sm2PublicKey::FromPoint(*point)
                           : Result<crypto::Sm2PublicKey>(Refuse(reasons::kKey));
    if (!key) return Refuse(reasons::kKey, "public_key");
    const std::string order_id = NewUlid(services().clock, services().random);
    const std::string spelling = crypto::Base64(key->Point());
    return call.Command<SignatureCertificateAnswer>([&](db::Transaction& tx)
                                                        -> Result<SignatureCertificateAnswer> {
        OW_TRY(const SignRequest asked, OwnRequest(tx, call.principal, id));
        OW_TRY(const application::Case the_case, deps_.application.Lock(tx, asked.case_id));
        call.subject = the_case.id.value();
        OW_TRY(const SignRequest request, OwnRequest(tx, call.principal, id));
        OW_CHECK(MaySign(tx, the_case, request));
        if (request.verified_only) return Refuse(reasons::kNothingToSign);
        OW_TRY(const Ground ground, GroundOf(tx, call.principal, id));
        if (!ground.verification) return Refuse(reasons::kNotFresh);
        const std::string binding = BindingOf(
            FactsOf(the_case, request, ground.person.id.value(), ground.verification->evidence_sm3),
            id);
        const bool again = ground.order && ground.order->state != "refused" &&
                           ground.order->public_key == spelling && ground.order->binding == binding;
        SignatureCertificateAnswer answer{.state = CertificateState::kPending,
                                          .certificate = {},
                                          .issuer = {},
                                          .identity_evidence = ground.verification->evidence_sm3};
        if (again) {
            answer.state = CertificateStateOf(ground.order->state);
            return answer;
        }
        OW_TRY(const auto another,
               tx.FindOne(queries::kFindKeyOfAnother, spelling, request.document_hash));
        if (another) return Refuse(reasons::kKeyOfAnother, "public_key");
        OW_CHECK(tx.Execute(queries::kInsertCertificate, order_id, id, request.document_hash,
                            spelling, binding, ground.verification->evidence_sm3,
                            services().clock.Now()));
        OW_CHECK(
            jobs::Enqueue(tx, services().clock, services().random,
                          {.kind = "signing.certificate",
                           .arguments = json::Canonical(json::object{{"certificate", order_id}}),
                           .key = "signing.certificate:" + order_id,
                           .subject = the_case.id.value(),
                           .run_at = services().clock.Now()}));
        return answer;
    });
}

/// The certificate, checked: ours to rely on only if it is for this key, binds what we asked and
/// comes from our anchor.
Result<std::string> Signing::AskAuthority(const Order& order) const {
    OW_TRY(const auto person, services().database.Read([&](db::Transaction& tx) {
        return deps_.identity.FindByHash(tx, order.document_hash);
    }));
    OW_ASSERT(person.has_value());
    http::Call call;
    call.method = "POST";
    call.url = deps_.ca_url + "/certificates";
    call.headers.Set("Content-Type", "application/json");
    call.headers.Set("Idempotency-Key", order.id);
    call.body = json::Canonical(json::object{{"request_id", order.id},
                                             {"public_key", order.public_key},
                                             {"subject", person->name},
                                             {"binding", order.binding},
                                             {"evidence_sm3", order.evidence_sm3}});
    const Instant now = services().clock.Now();
    if (deps_.signer) {
        OW_CHECK(http_signature::SignRequest({.method = call.method, .target_uri = call.url},
                                             call.headers, call.body, *deps_.signer, now,
                                             NewUlid(services().clock, services().random)));
    }
    OW_TRY(const http::Answer answer, deps_.outside.Send(call));
    if (IsPassing(answer.status)) {
        return Fail(Error(Fault{&http::reasons::kNoAnswer})
                        .WithDetail("status " + std::to_string(answer.status)));
    }
    const auto body = json::Parse(answer.body);
    const auto issued = body ? json::Read<Issued>(*body) : Result<Issued>(Failure(body.error()));
    const auto der = issued ? crypto::FromBase64(issued->certificate)
                            : Result<std::string>(Refuse(reasons::kCertificateInvalid));
    if (answer.status / 100 != 2 || !der) return Refuse(reasons::kCertificateInvalid);
    const auto facts = crypto::CheckCertificate(*der, deps_.ca_certificate, now);
    const bool ours = facts && crypto::Base64(facts->key.Point()) == order.public_key &&
                      facts->binding == order.binding && facts->common_name == person->name;
    if (!ours) return Refuse(reasons::kCertificateInvalid);
    return *der;
}

jobs::Outcome Signing::WorkCertificate(const jobs::Job& job) const {
    const auto arguments = json::Parse(job.arguments);
    if (!arguments) return jobs::GiveUp{arguments.error().Describe()};
    const std::string id = json::TextAt(*arguments, "certificate");
    const auto row = services().database.Read(
        [&](db::Transaction& tx) { return tx.FindOne(queries::kFindCertificate, id); });
    if (!row) return jobs::Retry{.why = row.error().Describe()};
    if (!*row) return jobs::GiveUp{"no such order"};
    const Order order{.id = id,
                      .request = (*row)->Text("request"),
                      .document_hash = (*row)->Text("document_hash"),
                      .public_key = (*row)->Text("public_key"),
                      .binding = (*row)->Text("binding"),
                      .evidence_sm3 = (*row)->Text("evidence_sm3"),
                      .state = (*row)->Text("state"),
                      .sealed_certificate = {}};
    if (order.state != "pending") return jobs::Done{};
    const auto certificate = AskAuthority(order);
    if (!certificate && certificate.error().kind() == Kind::kUnavailable)
        return jobs::Retry{.why = certificate.error().Describe()};
    db::Value sealed = std::monostate{};
    if (certificate) sealed = db::Bytes{services().sealer.Seal(*certificate, CertificatePlace(id))};
    const auto stored = services().database.Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(tx.Change(queries::kRecordCertificate,
                           {db::ToValue(id), db::ToValue(certificate ? "issued" : "refused"),
                            sealed, db::ToValue(services().clock.Now())}));
        return jobs::Finish(tx, services().clock, job);
    });
    if (!stored) return jobs::Retry{.why = stored.error().Describe()};
    return jobs::Done{};
}

}  // namespace onewindow::signing
