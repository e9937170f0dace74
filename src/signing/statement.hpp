#pragma once

#include "signing/signing.hpp"

// The texts that bind a person to papers; RFC 8785, so that client and server make the same bytes.
namespace onewindow::signing {

struct StatementFacts {
    std::string case_number, person, capacity, principal, identity_evidence;
    std::vector<SignPaper> papers;  // Sorted by id.
};

/// What is signed:
/// {"capacity","case_number","identity_evidence","papers":[{"data_sm3","id","rendering_sm3"}],"person",
/// "principal","schema":"onewindow.signature.v1"}.
std::string StatementOf(const StatementFacts& facts);

/// What the certificate binds:
/// {"capacity","case_number","identity_evidence","papers_sm3","person","principal",
/// "request","schema":"onewindow.certificate.v1"}; papers_sm3 is the digest of the statement's list
/// of papers.
std::string BindingOf(const StatementFacts& facts, const std::string& request);

}  // namespace onewindow::signing
