#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "naming/hold_name.hpp"

namespace onewindow::naming {

enum class NameStatus { kHeld, kRegistered, kReleased, kExpired, kCancelled, kRenamed, kRevoked };

std::string_view NameOf(NameStatus status);  // "held", "registered", …

/// A name of the existing register, as imported or seeded.
struct RegisterEntry {
    std::string name = {};                // A 个体工商户 may have none: nothing is recorded then.
    std::string authority_code = {};      // Six digits.
    NameStatus status = NameStatus::kRegistered;  // Registered, cancelled, renamed or revoked.
    std::optional<Date> ended_on = {};    // When it was cancelled, renamed or revoked.
};

/// Records what is registered already, without examining it: the register is what it is. Returns the id, or
/// nothing for an entry without a name or 字号.
Result<std::optional<NameId>> RecordName(db::Transaction& tx, const NamingContext& context, const Clock& clock,
                                         Random& random, const RegisterEntry& entry);

/// Until when an ended name still blocks others: a full year after its end (规定 art. 17(2)(3)). Pure.
Instant DecideBlockedUntil(const NamingRules& rules, Date ended_on);

struct NewName {
    NameParts parts = {};
    std::string declared_core = {};
    std::string scope_code = {};
    std::string authority_code = {};
    NameStatus status = NameStatus::kHeld;
    std::optional<Instant> until = {};
    std::string case_id = {};
};

/// Inserts the row and its entry in the change feed; for this room's use cases only.
Result<NameId> InsertName(db::Transaction& tx, const Clock& clock, Random& random, const NewName& name);

}  // namespace onewindow::naming
