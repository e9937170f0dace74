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
};

/// A completed check of a person, kept with method, level, time and evidence digest.
struct Verification {
    std::string id;
    PersonId person;
    std::string method, level, evidence_sm3;
    Instant at;
};

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
    /// By document; for matching people[] of a form with persons.
    Result<std::optional<Person>> FindByDocument(db::Transaction& tx, std::string_view id_type, std::string_view id_number) const;
    /// The newest verification at or after a time (freshness: 24 h), unused for other cases where `case_id` is given.
    Result<std::optional<Verification>> Fresh(db::Transaction& tx, const PersonId& person, Instant not_before) const;

    void RegisterJobs(jobs::Runner& runner);
    /// POST /api/v1/identity/logins {code} -> {id, state}; GET …/{id} (poll) -> session token once verified;
    /// POST /api/v1/identity/verifications {code} for a fresh check while logged in, GET …/{id}.
    void AddRoutes(api::Router& router);

   private:
    Deps deps_;
};

}  // namespace onewindow::identity
