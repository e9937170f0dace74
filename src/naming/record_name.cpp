#include "naming/record_name.hpp"

#include "kernel/text/text.hpp"
#include "naming/changes.hpp"
#include "naming/queries.gen.hpp"
#include "naming/reasons.hpp"

namespace onewindow::naming {

std::string_view NameOf(NameStatus status) {
    switch (status) {
        case NameStatus::kHeld: return "held";
        case NameStatus::kRegistered: return "registered";
        case NameStatus::kReleased: return "released";
        case NameStatus::kExpired: return "expired";
        case NameStatus::kCancelled: return "cancelled";
        case NameStatus::kRenamed: return "renamed";
        case NameStatus::kRevoked: return "revoked";
    }
    return "";
}

Instant DecideBlockedUntil(const NamingRules& rules, Date ended_on) {
    return EndOf(AddMonths(ended_on, rules.ended_block_months));
}

Result<NameId> InsertName(db::Transaction& tx, const Clock& clock, Random& random, const NewName& name) {
    const NameId id = NewId<NameTag>(clock, random);
    const NameParts& parts = name.parts;
    const std::string classes = text::Join(parts.classes, ",");
    OW_CHECK(tx.Execute(queries::kInsertName, id, parts.name, parts.core, name.declared_core,
                        parts.industry, classes, parts.has_no_industry, parts.region,
                        RegionCodeOf(parts, name.authority_code), parts.form, parts.branch_suffix,
                        name.authority_code, name.scope_code, NameOf(name.status), name.until,
                        name.case_id, clock.Now()));
    OW_CHECK(AppendChange(tx, clock.Now(), name.scope_code, classes, name.status, id));
    return id;
}

Result<std::optional<NameId>> RecordName(db::Transaction& tx, const NamingContext& context,
                                         const Clock& clock, Random& random,
                                         const RegisterEntry& entry) {
    if (!text::IsUtf8(entry.name)) return Refuse(reasons::kNotUtf8, "name");
    const NameParts parts = ParseName(entry.name, context.tables, context.regions);
    const std::string scope = ScopeOf(parts, entry.authority_code);
    if (scope.empty()) return Refuse(reasons::kAuthorityUnknown, "authority_code");
    if (parts.core.empty()) return std::optional<NameId>{};

    // Whoever holds this name right now must see the entry, or be seen by nobody.
    OW_CHECK(LockName(tx, scope, parts.core, parts.name));
    std::optional<Instant> until;
    if (entry.ended_on) until = DecideBlockedUntil(context.rules, *entry.ended_on);
    OW_TRY(const NameId id, InsertName(tx, clock, random,
                                       {.parts = parts,
                                        .declared_core = "",
                                        .scope_code = scope,
                                        .authority_code = entry.authority_code,
                                        .status = entry.status,
                                        .until = until,
                                        .case_id = ""}));
    return std::optional<NameId>{id};
}

}  // namespace onewindow::naming
