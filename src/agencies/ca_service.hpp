#pragma once

#include <memory>
#include <string>

#include "kernel/clock/clock.hpp"
#include "kernel/http/server.hpp"
#include "kernel/http_signature/http_signature.hpp"
#include "kernel/log/log.hpp"
#include "kernel/random/random.hpp"

// A reference process that stands for a certification authority: certificates for one event. For
// demo and test only; production needs a licensed 电子认证 body (商用密码管理条例 24, 30).
namespace onewindow::agencies {

struct CaServiceOptions {
    std::string listen = "127.0.0.1:0";
    std::string directory;  // Key (mode 600), root certificate, everything issued.
    const Clock& clock;
    Random& random;  // Safe from many threads.
    log::Log& log;
    /// The address that clients use ("http://127.0.0.1:8093"), which their HTTP signatures cover;
    /// only with `clients`.
    std::string base_url = {};
    /// Keys of the clients. Where it is set every request must be signed; where not, anybody is
    /// served.
    http_signature::KeyLookup clients = {};
};

/// DER of the root in the directory; key and root are made where they are absent. Safe to call
/// before the start.
Result<std::string> CaRoot(const std::string& directory, const Clock& clock, Random& random);

/// POST /certificates {request_id, public_key, subject, binding, evidence_sm3} -> {certificate,
/// issuer}, Base64 of DER. The same request id gets the same certificate, also after a restart;
/// with other content 409. GET /root -> {issuer}.
Result<std::unique_ptr<http::Server>> StartCaService(const CaServiceOptions& options);

}  // namespace onewindow::agencies
