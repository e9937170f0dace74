// Goal: an edit voids only what it touched; one request a person, capacity and principal.

#include "signing/board.hpp"

#include <gtest/gtest.h>

namespace onewindow::signing {
namespace {

struct Wanted {
    std::string document_hash, capacity, principal;
    bool verified_only = false;
    std::vector<SignPaper> papers = {};
};

SignPaper Paper(std::string id, std::string digest) {
    return {
        .id = std::move(id), .title = "", .data_sm3 = digest, .rendering_sm3 = digest, .blob = ""};
}

SignRequest Request(std::string id, std::string document, std::string capacity,
                    SignatureState state, std::vector<SignPaper> papers) {
    SignRequest request;
    request.id = std::move(id);
    request.document_hash = std::move(document);
    request.capacity = std::move(capacity);
    request.state = state;
    request.papers = std::move(papers);
    return request;
}

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
using Voided = std::vector<std::pair<std::size_t, std::string>>;

TEST(DecideBoard, KeepsWhatDidNotChangeAndVoidsTheRest) {
    const std::vector<SignRequest> requests = {
        Request("r0", "zhou", "shareholder", SignatureState::kSigned, {Paper("articles", "a1")}),
        Request("r1", "zhou", "legal_representative", SignatureState::kSigned,
                {Paper("commitment", "c1")}),
        Request("r2", "qian", "shareholder", SignatureState::kSeen, {Paper("commitment", "c1")}),
        Request("r3", "qian", "director", SignatureState::kDeclined, {Paper("commitment", "c1")}),
        Request("r4", "sun", "shareholder", SignatureState::kSigned, {Paper("commitment", "c1")}),
        Request("r5", "qian", "director", SignatureState::kVoid, {Paper("commitment", "c1")}),
    };
    const std::vector<Wanted> wanted = {
        {"zhou", "shareholder", "", false, {Paper("articles", "a2")}},
        {"zhou", "legal_representative", "", false, {Paper("commitment", "c1")}},
        {"qian", "shareholder", "", false, {Paper("commitment", "c1")}},
        {"qian", "director", "", false, {Paper("commitment", "c1")}},
    };
    const BoardChange change = DecideBoard(requests, wanted);
    EXPECT_EQ(change.kept, (Pairs{{1, 1}, {2, 2}}));
    EXPECT_EQ(change.opened, (std::vector<std::size_t>{0, 3}));
    EXPECT_EQ(change.voided,
              (Voided{{0, "papers_changed"}, {3, "asked_again"}, {4, "no_longer_needed"}}));
}

TEST(DecideBoard, TellsPapersByDigestAndPeopleByDocumentAndPrincipal) {
    const auto request = Request("r0", "zhou", "guardian", SignatureState::kSigned,
                                 {Paper("articles", "a1"), Paper("decision", "d1")});
    const Wanted same{
        "zhou", "guardian", "", false, {Paper("articles", "a1"), Paper("decision", "d1")}};
    EXPECT_EQ(DecideBoard(std::vector{request}, std::vector{same}).kept.size(), 1U);
    Wanted rendered = same, more = same, other_human = same, other_principal = same,
           only_verified = same;
    rendered.papers[0].rendering_sm3 = "a2";
    more.papers.push_back(Paper("x", "x1"));
    other_human.document_hash = "qian";
    other_principal.principal = "child";
    only_verified.verified_only = true;
    for (const Wanted& wanted : {rendered, more, other_human, other_principal, only_verified}) {
        const BoardChange change = DecideBoard(std::vector{request}, std::vector{wanted});
        EXPECT_TRUE(change.kept.empty());
        EXPECT_EQ(change.opened.size(), 1U);
        EXPECT_EQ(change.voided.size(), 1U);
    }
    const auto board = DecideBoard(std::vector<SignRequest>{}, std::vector{same});
    EXPECT_EQ(board.opened.size(), 1U);
}

}  // namespace
}  // namespace onewindow::signing
