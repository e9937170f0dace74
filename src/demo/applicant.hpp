#pragma once

#include "demo/api_client.hpp"

namespace onewindow::demo {

/// What a person's client needs to know of the world.
struct World {
    http::Outside& outside;
    Random& random;
    std::string url;           // Of the service,
    std::string identity_url;  // and of the identity service, where people authorise logins.
    std::string identity_client;
    Journal* journal = nullptr;  // Where the clients keep what they were told, if anywhere.
};

/// A case that was filed, with the applicant's session.
struct Filed {
    std::string id, number, title;
    ApiClient client;
};

/// Files one application ({entity_type, county, persons[], applicant, facts}) through the public API: everybody logs in,
/// the form is saved, everybody signs; it submits by itself.
Result<Filed> FileApplication(const World& world, const json::value& sample);

/// Signs everything that the logged-in person is asked to sign in one case. The key is made here and forgotten here; each
/// paper's digest is computed from the bytes that were shown, and signing is refused where they differ from what is listed.
Result<> SignAll(ApiClient& client, const std::string& case_id);

}  // namespace onewindow::demo
