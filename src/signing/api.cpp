#include "application/reasons.hpp"
#include "signing/queries.gen.hpp"
#include "signing/reasons.hpp"
#include "signing/sign.hpp"

// Routes of the board, for the applicant, and of the request, for the signer.
namespace onewindow::signing {

using api::Call;
using api::Empty;

/// Why somebody does not sign; published, each with a text "signing.decline.<reason>".
enum class DeclineReason {
    kDataWrong,
    kTermsNotAgreed,
    kCapacityNotAgreed,
    kNoLongerWanted,
    kOther
};
BOOST_DESCRIBE_ENUM(DeclineReason, kDataWrong, kTermsNotAgreed, kCapacityNotAgreed, kNoLongerWanted,
                    kOther)

struct SignPaperAnswer {
    std::string id, title, data_sm3, rendering_sm3;
};
BOOST_DESCRIBE_STRUCT(SignPaperAnswer, (), (id, title, data_sm3, rendering_sm3))

struct SignBoardEntry {
    std::string id;
    std::string person;  // Key in people[].
    std::string name;    // Masked, except one's own.
    std::string capacity, principal;
    bool verified_only = false;
    std::vector<std::string> papers;
    SignatureState state{};
    std::optional<std::string> reason;  // Why it was declined.
    std::optional<Instant> signed_at;
    bool reached = false;  // Known to the service by a login: was sent a notice. Others have to be
                           // told by the applicant.
};
BOOST_DESCRIBE_STRUCT(SignBoardEntry, (),
                      (id, person, name, capacity, principal, verified_only, papers, state, reason,
                       signed_at, reached))

struct SignBoardAnswer {
    std::optional<Instant> deadline;  // None before the first opening.
    bool complete = false;
    std::vector<SignBoardEntry> requests;
};
BOOST_DESCRIBE_STRUCT(SignBoardAnswer, (), (deadline, complete, requests))

struct SignRequestAnswer {
    std::string id;
    CaseId case_id;
    std::string case_number, business_name;
    std::string person;  // My person id, as the statement names it.
    std::string capacity, principal;
    bool verified_only = false;
    SignatureState state{};
    std::optional<Instant> deadline;
    std::vector<SignPaperAnswer> papers;
};
BOOST_DESCRIBE_STRUCT(SignRequestAnswer, (),
                      (id, case_id, case_number, business_name, person, capacity, principal,
                       verified_only, state, deadline, papers))

struct SignRequestList {
    std::vector<SignRequestAnswer> requests;
};
BOOST_DESCRIBE_STRUCT(SignRequestList, (), (requests))

struct CertificateRequestBody {
    std::string public_key;  // Base64 of the 65 bytes 04‖X‖Y.
};
BOOST_DESCRIBE_STRUCT(CertificateRequestBody, (), (public_key))

struct SignatureBody {
    std::string statement;  // Exactly the text that was signed.
    std::string signature;  // Base64 of DER SEQUENCE{r, s}.
};
BOOST_DESCRIBE_STRUCT(SignatureBody, (), (statement, signature))

struct DeclineBody {
    DeclineReason reason{};
};
BOOST_DESCRIBE_STRUCT(DeclineBody, (), (reason))

struct ReplacementBody {
    std::string person;  // Key in people[] of whoever will sign instead.
};
BOOST_DESCRIBE_STRUCT(ReplacementBody, (), (person))

namespace {

std::string NameOf(const json::object& facts, std::string_view key) {
    const json::value* people = facts.if_contains("people");
    if (people == nullptr || !people->is_array()) return {};
    for (const json::value& person : people->get_array()) {
        if (json::TextAt(person, "key") == key) return json::TextAt(person, "name");
    }
    return {};
}

api::Operation Step(std::string step, std::string id, std::string summary,
                    std::vector<const Reason*> more) {
    std::vector<const Reason*> all = {&reasons::kNoRequest, &reasons::kNotOpen,
                                      &reasons::kDeadlinePassed, &application::reasons::kFrozen};
    all.insert(all.end(), more.begin(), more.end());
    return {.method = "POST",
            .path = "/api/v1/signature-requests/{request}/" + step,
            .id = std::move(id),
            .summary = std::move(summary),
            .reasons = std::move(all),
            .tag = "signing"};
}

}  // namespace

void Signing::AddBoardRoutes(api::Router& router) {
    router.Add<Empty, SignBoardAnswer>(
        {.method = "GET",
         .path = "/api/v1/cases/{case}/sign-board",
         .id = "readSignBoard",
         .summary = "Who has to sign what, and who has",
         .reasons = {&application::reasons::kNoCase},
         .tag = "signing"},
        [this](Call& call, const Empty&) -> Result<SignBoardAnswer> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<SignBoardAnswer> {
                OW_TRY(const application::CaseView view,
                       deps_.application.View(tx, CaseId(call.Path("case"))));
                OW_CHECK(deps_.application.MaySee(tx, call.principal, view.the_case));
                OW_TRY(const auto board, FindBoard(tx, view.the_case.id));
                SignBoardAnswer answer;
                if (!board) return answer;
                answer.deadline = board->deadline;
                OW_TRY(answer.complete, IsComplete(tx, view.the_case.id));
                OW_TRY(const auto caller,
                       deps_.identity.Find(tx, identity::PersonId(call.principal.person)));
                OW_TRY(const db::Rows rows, tx.Read(queries::kListRequests, view.the_case.id));
                for (const db::Row& row : rows) {
                    const SignRequest request = ReadRequest(row);
                    if (request.state == SignatureState::kVoid) continue;
                    const bool own = caller && caller->document_hash == request.document_hash;
                    const std::string name = NameOf(view.facts, request.person_key);
                    OW_TRY(const auto known, deps_.identity.FindByHash(tx, request.document_hash));
                    SignBoardEntry entry{.id = request.id,
                                         .person = request.person_key,
                                         .name = own ? name : sealing::MaskName(name),
                                         .capacity = request.capacity,
                                         .principal = request.principal,
                                         .verified_only = request.verified_only,
                                         .papers = {},
                                         .state = request.state,
                                         .reason = {},
                                         .signed_at = {},
                                         .reached = known.has_value()};
                    for (const SignPaper& paper : request.papers) entry.papers.push_back(paper.id);
                    if (!request.reason.empty()) entry.reason = request.reason;
                    if (request.state == SignatureState::kSigned)
                        entry.signed_at = row.Time("changed_at");
                    answer.requests.push_back(std::move(entry));
                }
                return answer;
            });
        });
    router.Add<ReplacementBody, SignatureStateAnswer>(
        {.method = "POST",
         .path = "/api/v1/cases/{case}/signature-requests/{request}/replacement",
         .id = "replaceSigner",
         .summary = "Somebody else will sign; the new person comes with the edited form",
         .reasons = {&application::reasons::kNoCase, &reasons::kNoRequest, &reasons::kNotMissing,
                     &application::reasons::kFrozen},
         .tag = "signing"},
        [this](Call& call, const ReplacementBody& body) { return Replace(call, body.person); });
}

void Signing::AddListRoutes(api::Router& router) {
    router.Add<Empty, SignRequestList>(
        {.method = "GET",
         .path = "/api/v1/me/signature-requests",
         .id = "listSignatureRequests",
         .summary = "What I am asked to sign, with the digests that a signature has to name",
         .tag = "signing"},
        [this](Call& call, const Empty&) -> Result<SignRequestList> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<SignRequestList> {
                SignRequestList list;
                if (call.principal.person.empty()) return list;
                OW_TRY(const auto person,
                       deps_.identity.Find(tx, identity::PersonId(call.principal.person)));
                if (!person) return list;
                OW_TRY(const db::Rows rows,
                       tx.Read(queries::kListRequestsOfDocument, person->document_hash));
                for (const db::Row& row : rows) {
                    const SignRequest request = ReadRequest(row);
                    OW_TRY(const application::Case the_case,
                           deps_.application.Find(tx, request.case_id));
                    OW_TRY(const auto board, FindBoard(tx, request.case_id));
                    SignRequestAnswer answer{.id = request.id,
                                             .case_id = request.case_id,
                                             .case_number = the_case.number,
                                             .business_name = the_case.business_name,
                                             .person = person->id.value(),
                                             .capacity = request.capacity,
                                             .principal = request.principal,
                                             .verified_only = request.verified_only,
                                             .state = request.state,
                                             .deadline = {},
                                             .papers = {}};
                    if (board) answer.deadline = board->deadline;
                    for (const SignPaper& paper : request.papers) {
                        answer.papers.push_back(
                            {paper.id, paper.title, paper.data_sm3, paper.rendering_sm3});
                    }
                    list.requests.push_back(std::move(answer));
                }
                return list;
            });
        });
}

void Signing::AddSignRoutes(api::Router& router) {
    router.Add<Empty, SignatureStateAnswer>(
        Step("seen", "noteSeen", "I have opened what I am asked to sign", {}),
        [this](Call& call, const Empty&) -> Result<SignatureStateAnswer> {
            return Act(call,
                       [&](db::Transaction& tx, application::Case& the_case,
                           const SignRequest& request) -> Result<> {
                           if (request.state != SignatureState::kOpen) return {};
                           OW_CHECK(MaySign(tx, the_case, request));
                           return Record(
                               tx, the_case.id,
                               {.kind = "signing.seen",
                                .actor = "person:" + call.principal.person,
                                .data = {{"request", request.id}, {"capacity", request.capacity}}});
                       });
        });
    router.AddRaw(
        {.method = "GET",
         .path = "/api/v1/signature-requests/{request}/papers/{paper}",
         .id = "readPaperToSign",
         .summary = "A paper that I am asked to sign, as PDF; its SM3 is rendering_sm3",
         .reasons = {&reasons::kNoRequest, &application::reasons::kNoPaper},
         .media_type = "application/pdf",
         .tag = "signing"},
        [this](Call& call) -> Result<http::Response> {
            OW_TRY(const SignRequest request, call.services.database.Read([&](db::Transaction& tx) {
                return OwnRequest(tx, call.principal, call.Path("request"));
            }));
            for (const SignPaper& paper : request.papers) {
                if (paper.id != call.Path("paper")) continue;
                http::Response response;
                OW_TRY(response.body, deps_.application.PaperBytes(
                                          request.case_id, {paper.id, paper.title, paper.data_sm3,
                                                            paper.rendering_sm3, paper.blob}));
                response.headers.Set("Content-Type", "application/pdf");
                response.headers.Set("Content-Disposition",
                                     "inline; filename=\"" + paper.id + ".pdf\"");
                return response;
            }
            return Refuse(application::reasons::kNoPaper);
        });
    router.Add<SignatureBody, SignatureStateAnswer>(
        Step("signature", "giveSignature", "My signature over the papers as I saw them",
             {&reasons::kNothingToSign, &reasons::kNoCertificate, &reasons::kNotFresh,
              &reasons::kWrongStatement, &reasons::kCertificateInvalid, &reasons::kBadSignature,
              &reasons::kChanged}),
        [this](Call& call, const SignatureBody& body) {
            return Sign(call, body.statement, body.signature);
        });
    router.Add<Empty, SignatureStateAnswer>(
        Step("confirmation", "confirmPart",
             "I am verified and know of my part, where nothing is signed",
             {&reasons::kSomethingToSign, &reasons::kNotFresh}),
        [this](Call& call, const Empty&) { return Confirm(call); });
}

void Signing::AddCertificateRoutes(api::Router& router) {
    api::Operation ask = Step(
        "certificate", "askCertificate",
        "Orders a certificate for a key that only I hold, for this one signature",
        {&reasons::kKey, &reasons::kNothingToSign, &reasons::kNotFresh, &reasons::kKeyOfAnother});
    ask.status = 202;
    ask.rate_per_minute = 60;
    router.Add<CertificateRequestBody, SignatureCertificateAnswer>(
        ask, [this](Call& call, const CertificateRequestBody& body) {
            return AskCertificate(call, body.public_key);
        });
    router.Add<Empty, SignatureCertificateAnswer>(
        {.method = "GET",
         .path = "/api/v1/signature-requests/{request}/certificate",
         .id = "readCertificate",
         .summary = "The certificate that was ordered last",
         .reasons = {&reasons::kNoRequest},
         .tag = "signing"},
        [this](Call& call, const Empty&) -> Result<SignatureCertificateAnswer> {
            OW_TRY(const Ground ground, call.services.database.Read([&](db::Transaction& tx) {
                return GroundOf(tx, call.principal, call.Path("request"));
            }));
            SignatureCertificateAnswer answer{.state = CertificateState::kNone,
                                              .certificate = {},
                                              .issuer = {},
                                              .identity_evidence = {}};
            if (!ground.order) return answer;
            answer.state = CertificateStateOf(ground.order->state);
            answer.identity_evidence = ground.order->evidence_sm3;
            if (answer.state != CertificateState::kIssued) return answer;
            OW_TRY(const std::string der,
                   services().sealer.Open(ground.order->sealed_certificate,
                                          CertificatePlace(ground.order->id)));
            answer.certificate = crypto::Base64(der);
            answer.issuer = crypto::Base64(deps_.ca_certificate);
            return answer;
        });
}

void Signing::AddRefusalRoutes(api::Router& router) {
    router.Add<DeclineBody, SignatureStateAnswer>(
        Step("decline", "declineSignature", "I do not sign, for a published reason", {}),
        [this](Call& call, const DeclineBody& body) {
            return Decline(call, std::string(json::Write(body.reason).as_string()));
        });
    router.Add<Empty, SignatureStateAnswer>(
        Step("withdrawal", "withdrawSignature", "I take my signature back, before the licence",
             {&reasons::kTooLate}),
        [this](Call& call, const Empty&) { return TakeBack(call); });
    router.Add<Empty, SignatureStateAnswer>(
        Step("not-me", "reportNotMe", "Somebody uses my name: freezes the case at once", {}),
        [this](Call& call, const Empty&) { return NotMe(call); });
}

void Signing::AddRoutes(api::Router& router) {
    AddBoardRoutes(router);
    AddListRoutes(router);
    AddSignRoutes(router);
    AddCertificateRoutes(router);
    AddRefusalRoutes(router);
}

}  // namespace onewindow::signing
