#pragma once

#include "signing/board.hpp"
#include "signing/statement.hpp"

// What signing and certificates share; nobody else includes it.
namespace onewindow::signing {

/// An order to the certification authority, and what it gave.
struct Signing::Order {
    std::string id, request, document_hash, public_key, binding, evidence_sm3, state;
    std::string sealed_certificate;
};

/// Everything that a signature rests on, read at once.
struct Signing::Ground {
    application::Case the_case;
    SignRequest request;
    identity::Person person;
    std::optional<Order> order;                          // The newest.
    std::optional<identity::Verification> verification;  // The newest that is fresh.
};

/// What a signer's act leaves.
struct SignatureStateAnswer {
    SignatureState state{};
};
BOOST_DESCRIBE_STRUCT(SignatureStateAnswer, (), (state))

enum class CertificateState { kNone, kPending, kIssued, kRefused };
BOOST_DESCRIBE_ENUM(CertificateState, kNone, kPending, kIssued, kRefused)

struct SignatureCertificateAnswer {
    CertificateState state{};
    std::optional<std::string> certificate, issuer;  // Base64 of DER, once issued.
    /// What the statement has to name; fixed with the order, since the certificate binds it.
    std::optional<std::string> identity_evidence;
};
BOOST_DESCRIBE_STRUCT(SignatureCertificateAnswer, (),
                      (state, certificate, issuer, identity_evidence))

inline CertificateState CertificateStateOf(std::string_view text) {
    if (text == "issued") return CertificateState::kIssued;
    return text == "refused" ? CertificateState::kRefused : CertificateState::kPending;
}

inline std::string CertificatePlace(const std::string& id) {
    return "signing_certificate.certificate:" + id;
}

StatementFacts FactsOf(const application::Case& the_case, const SignRequest& request,
                       const std::string& person, const std::string& evidence);

}  // namespace onewindow::signing
