#include "naming/end_name.hpp"

#include <set>

#include "naming/queries.gen.hpp"
#include "naming/reasons.hpp"

namespace onewindow::naming {

Result<std::optional<StoredName>> FindName(db::Transaction& tx, const NameId& id) {
    OW_TRY(const auto row, tx.FindOne(queries::kFindName, id));
    if (!row) return std::optional<StoredName>{};
    return std::optional<StoredName>{StoredName{.id = NameId(row->Text("id")),
                                                .name = row->Text("full_name"),
                                                .core = row->Text("core"),
                                                .declared_core = row->Text("declared_core"),
                                                .industry_class = row->Text("industry_class"),
                                                .authority_code = row->Text("authority_code"),
                                                .scope_code = row->Text("scope_code"),
                                                .status = row->Text("status"),
                                                .case_id = row->Text("case_id"),
                                                .until = row->TimeIfAny("until_ms"),
                                                .version = row->Int("version")}};
}

Result<> MoveName(db::Transaction& tx, Instant now, const StoredName& name, NameStatus status,
                  std::optional<Instant> until) {
    OW_TRY(const std::int64_t moved,
           tx.Execute(queries::kSetStatus, name.id, NameOf(status), until, name.version));
    if (moved != 1) return Refuse(reasons::kMoved, "name");
    return AppendChange(tx, now, name.scope_code, name.industry_class, status, name.id);
}

Result<> ReleaseHold(db::Transaction& tx, const Clock& clock, const NameId& id,
                     const std::string& case_id) {
    const Instant now = clock.Now();
    OW_TRY(const auto name, FindName(tx, id));
    if (!name || name->case_id != case_id) return Refuse(reasons::kHoldUnknown, "hold");
    if (name->status != NameOf(NameStatus::kHeld) || *name->until <= now) {
        return Refuse(reasons::kHoldEnded, "hold");
    }
    return MoveName(tx, now, *name, NameStatus::kReleased, now);
}

Result<> EndName(db::Transaction& tx, const NamingContext& context, const Clock& clock, const NameId& id,
                 NameStatus how, Date ended_on) {
    OW_ASSERT(how == NameStatus::kCancelled || how == NameStatus::kRenamed || how == NameStatus::kRevoked);
    OW_TRY(const auto name, FindName(tx, id));
    if (!name || name->status != NameOf(NameStatus::kRegistered)) {
        return Refuse(reasons::kNotRegistered, "name");
    }
    return MoveName(tx, clock.Now(), *name, how, DecideBlockedUntil(context.rules, ended_on));
}

Result<std::vector<ExpiredHold>> ExpireHolds(db::Transaction& tx, Instant now, int limit) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListDueHolds, now, limit));
    std::vector<ExpiredHold> expired;
    // Scopes in order, and only after all names are marked: a counter's lock is never held while waiting for a
    // name, so that nobody waits in a circle.
    std::set<std::tuple<std::string, std::string, std::string>> changes;
    for (const db::Row& row : rows) {
        OW_TRY(const std::int64_t marked, tx.Execute(queries::kExpireHold, row.Text("id"), now));
        if (marked != 1) continue;  // Registered or released in this moment.
        expired.push_back({NameId(row.Text("id")), row.Text("full_name"), row.Text("case_id")});
        changes.emplace(row.Text("scope_code"), row.Text("id"), row.Text("industry_class"));
    }
    for (const auto& [scope, id, classes] : changes) {
        OW_CHECK(AppendChange(tx, now, scope, classes, NameStatus::kExpired, NameId(id)));
    }
    return expired;
}

}  // namespace onewindow::naming
