#pragma once

#include <map>
#include <memory>
#include <string>

#include "kernel/clock/clock.hpp"
#include "kernel/http/server.hpp"
#include "kernel/log/log.hpp"
#include "kernel/random/random.hpp"

// A reference process that stands for the province's identity platform. It believes what it is told
// of a person: for demo and test only.
namespace onewindow::agencies {

struct IdentityServiceOptions {
    std::string listen = "127.0.0.1:0";
    /// Where the evidence of each check is kept ("evidence/<SM3>.json"), personal data and all, as
    /// the platform would.
    std::string directory;
    const Clock& clock;
    Random& random;  // Safe from many threads.
    log::Log& log;
    std::map<std::string, std::string>
        clients;  // Client id -> secret; who may ask what a code stands for.
};

/// POST /authorize {client_id,id_type,id_number,name,mobile} -> {code}: the person's own app.
/// POST /token {client_id,client_secret,code} -> the person, once, within five minutes; an equal
/// Idempotency-Key gets the same answer again. Refused where the address or the directory cannot be
/// had.
Result<std::unique_ptr<http::Server>> StartIdentityService(const IdentityServiceOptions& options);

}  // namespace onewindow::agencies
