#pragma once

#include "signing/signing.hpp"

// What the files of this room share; nobody else includes it.
namespace onewindow::signing {

/// The opening of a case's board.
struct Signing::Board {
    CaseId case_id;
    std::int64_t number = 0;  // Rises with each opening.
    Instant deadline;
    std::string state;  // open | passed | closed
};

/// A signature that the current form and papers ask for.
struct Signing::Required {
    std::string person_key, document_hash, capacity, principal;
    bool verified_only = false;
    std::vector<SignPaper> papers;  // Sorted by id.
};

SignRequest ReadRequest(const db::Row& row);
SignatureState ReadState(std::string_view text);
json::array ToJson(const std::vector<SignPaper>& papers);

/// May a signature be given now, or again?
bool IsSignable(SignatureState state);
bool IsAsked(SignatureState state);

/// Do two lists name the same papers with the same digests? Titles and blobs do not matter.
bool SamePapers(const std::vector<SignPaper>& left, const std::vector<SignPaper>& right);

/// What opening the board does to the requests that are there.
struct BoardChange {
    std::vector<std::pair<std::size_t, std::size_t>>
        kept;                         // Index of the request, index of what requires it.
    std::vector<std::size_t> opened;  // Indexes of what is required and not there.
    std::vector<std::pair<std::size_t, std::string>> voided;  // Index of the request, why.
};

/// One request a person, capacity and principal. Kept: same papers and open, seen or signed. Pure.
template <class Required>
BoardChange DecideBoard(const std::vector<SignRequest>& requests,
                        const std::vector<Required>& required) {
    BoardChange change;
    std::vector<bool> met(required.size(), false);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const SignRequest& request = requests[i];
        if (request.state == SignatureState::kVoid || request.state == SignatureState::kReplaced)
            continue;
        std::string why = "no_longer_needed";
        for (std::size_t j = 0; j < required.size(); ++j) {
            const Required& wanted = required[j];
            if (request.document_hash != wanted.document_hash ||
                request.capacity != wanted.capacity || request.principal != wanted.principal) {
                continue;
            }
            const bool same = request.verified_only == wanted.verified_only &&
                              SamePapers(request.papers, wanted.papers);
            const bool alive = IsAsked(request.state) || request.state == SignatureState::kSigned;
            why = same ? "asked_again" : "papers_changed";
            if (same && alive && !met[j]) {
                met[j] = true;
                change.kept.emplace_back(i, j);
                why.clear();
            }
            break;
        }
        if (!why.empty()) change.voided.emplace_back(i, why);
    }
    for (std::size_t j = 0; j < required.size(); ++j) {
        if (!met[j]) change.opened.push_back(j);
    }
    return change;
}

}  // namespace onewindow::signing
