#include "signing/statement.hpp"

namespace onewindow::signing {
namespace {

json::array PapersOf(const StatementFacts& facts) {
    json::array papers;
    for (const SignPaper& paper : facts.papers) {
        papers.push_back(json::object{{"id", paper.id},
                                      {"data_sm3", paper.data_sm3},
                                      {"rendering_sm3", paper.rendering_sm3}});
    }
    return papers;
}

}  // namespace

std::string StatementOf(const StatementFacts& facts) {
    return json::Canonical(json::object{{"schema", "onewindow.signature.v1"},
                                        {"case_number", facts.case_number},
                                        {"person", facts.person},
                                        {"capacity", facts.capacity},
                                        {"principal", facts.principal},
                                        {"identity_evidence", facts.identity_evidence},
                                        {"papers", PapersOf(facts)}});
}

std::string BindingOf(const StatementFacts& facts, const std::string& request) {
    return json::Canonical(
        json::object{{"schema", "onewindow.certificate.v1"},
                     {"case_number", facts.case_number},
                     {"request", request},
                     {"person", facts.person},
                     {"capacity", facts.capacity},
                     {"principal", facts.principal},
                     {"identity_evidence", facts.identity_evidence},
                     {"papers_sm3", crypto::Hex(crypto::Sm3(json::Canonical(PapersOf(facts))))}});
}

}  // namespace onewindow::signing
