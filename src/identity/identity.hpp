#pragma once

#include "kernel/api/api.hpp"
#include "kernel/auth/auth.hpp"
#include "kernel/http/client.hpp"
#include "kernel/jobs/jobs.hpp"

// Real-name verification (S1): persons, verifications, logins through the identity service.
namespace onewindow::identity {

using PersonId = Id<struct PersonTag>;

struct Person {
    PersonId id;
    std::string name, id_type, id_number, mobile;  // Unmasked: for rules and papers only.
    std::string
        document_hash;  // As Identity::DocumentHash gives it; for matching without the document.
};

/// A completed check of a person, kept with method, level, time and evidence digest. A login is
/// one, too.
struct Verification {
    std::string id;
    PersonId person;
    std::string method, level, evidence_sm3;
    Instant at;  // When the answer came, by our clock.
};

/// A code that the identity service gives out lives for this long; after it the question is
/// refused.
inline constexpr std::chrono::minutes kCodeLife{5};
/// A session waits this long for the poll that fetches it.
inline constexpr std::chrono::minutes kFetchTime{10};

class Identity {
 public:
    struct Deps {
        api::Services& services;
        http::Outside& outside;
        std::string service_url;  // The identity service; asked by jobs only.
        std::string client_id, client_secret;
    };
    explicit Identity(Deps deps);

    Result<std::optional<Person>> Find(db::Transaction& tx, const PersonId& id) const;
    /// By document; for matching people[] of a form with persons. The 15 and the 18 digits of one
    /// citizen are equal.
    Result<std::optional<Person>> FindByDocument(db::Transaction& tx, std::string_view id_type,
                                                 std::string_view id_number) const;
    Result<std::optional<Person>> FindByHash(db::Transaction& tx,
                                             std::string_view document_hash) const;
    /// Keyed hash of a document in its one spelling; stands for the human before and after the
    /// first login.
    std::string DocumentHash(std::string_view id_type, std::string_view id_number) const;
    /// The newest verification at or after a time (freshness: 24 h).
    Result<std::optional<Verification>> Fresh(db::Transaction& tx, const PersonId& person,
                                              Instant not_before) const;
    /// The verification that left this evidence, however old.
    Result<std::optional<Verification>> FindEvidence(db::Transaction& tx, const PersonId& person,
                                                     std::string_view evidence_sm3) const;
    /// Mobile and mail address, for notice::Notices; the state holds no mail address. Empty for an
    /// unknown person.
    Result<std::pair<std::string, std::string>> AddressOf(db::Transaction& tx,
                                                          std::string_view person) const;

    /// Called in the transaction of each completed check. Set at start.
    using Listener = std::function<Result<>(db::Transaction&, const Person&)>;
    void OnVerified(Listener listener) { listeners_.push_back(std::move(listener)); }

    /// "identity.verify". The object must outlive the runner.
    void RegisterJobs(jobs::Runner& runner);
    /// POST /api/v1/identity/logins {code} -> {id, state}; GET …/{id} (poll) -> session token once
    /// verified; POST /api/v1/identity/verifications {code} for a fresh check while logged in, GET
    /// …/{id}.
    void AddRoutes(api::Router& router);

 private:
    struct Question;
    struct Confirmed;
    Result<std::string> Ask(api::Call& call, std::string_view purpose, const std::string& code,
                            bool cookie) const;
    Result<Person> ReadPerson(const db::Row& row) const;
    jobs::Outcome Work(const jobs::Job& job) const;
    Result<Confirmed> AskService(const Question& question) const;
    jobs::Outcome RecordYes(const jobs::Job& job, const Question& question,
                            const Confirmed& confirmed) const;
    jobs::Outcome RecordNo(const jobs::Job& job, const Question& question,
                           const Reason& reason) const;

    Deps deps_;
    std::vector<Listener> listeners_;
};

}  // namespace onewindow::identity
