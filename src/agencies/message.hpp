#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kernel/json/described.hpp"

namespace onewindow::agencies {

/// "onewindow.matter.v1", as an agency reads it; unknown fields are refused.
struct MatterMessage {
    std::string schema, delivery, case_number, matter;
    std::int64_t version = 0;
    std::string authority;
    Instant sent_at;
    std::string policy_version;
    std::optional<Instant> answer_by;
    std::optional<json::object> licence;
    json::object facts;
    json::value people, documents;
};
BOOST_DESCRIBE_STRUCT(MatterMessage, (),
                      (schema, delivery, case_number, matter, version, authority, sent_at,
                       policy_version, answer_by, licence, facts, people, documents))

/// "case/matter/version": its Idempotency-Key, and the name of its one effect.
std::string KeyOf(const MatterMessage& message);

/// Whether an agency of this kind exists.
bool IsKind(std::string_view kind);
/// The code of what keeps this kind from working on the message; empty: nothing.
std::string_view CheckMessage(std::string_view kind, const MatterMessage& message);

}  // namespace onewindow::agencies
