#pragma once

#include "identity/identity.hpp"

// What the files of this room share; nobody else includes it.
namespace onewindow::identity {

/// One question to the service, as it is stored.
struct Identity::Question {
    std::string id, purpose, state, asked_by;
    std::string sealed_code;
    Instant asked_at;
};

/// A yes of the service whose facts were checked.
struct Identity::Confirmed {
    std::string name, id_type, id_number, mobile;  // The number in its one spelling.
    std::string method, level, evidence_sm3;
    Instant service_at;  // By the service's clock; kept, never relied upon.
};

/// Where a sealed code belongs.
inline std::string CodePlace(const std::string& id) { return "identity_verification.code:" + id; }

}  // namespace onewindow::identity
