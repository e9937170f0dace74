#include "naming/changes.hpp"

#include "naming/queries.gen.hpp"

namespace onewindow::naming {

Result<std::vector<NameChange>> ListChanges(db::Transaction& tx, std::string_view scope_code,
                                            std::int64_t after, int limit) {
    OW_TRY(const db::Rows rows, tx.Read(queries::kListChanges, scope_code, after, limit));
    std::vector<NameChange> changes;
    for (const db::Row& row : rows) {
        changes.push_back({.scope_code = std::string(scope_code),
                           .sequence = row.Int("sequence"),
                           .kind = row.Text("kind"),
                           .name_id = row.Text("name_id"),
                           .at = row.Time("at_ms"),
                           .parts = PartsOf(row),
                           .authority_code = row.Text("authority_code"),
                           .status = row.Text("status"),
                           .until = row.TimeIfAny("until_ms")});
    }
    return changes;
}

Result<> AppendChange(db::Transaction& tx, Instant now, const std::string& scope_code,
                      const std::string& industry_class, NameStatus kind, const NameId& id) {
    OW_TRY(const auto counter, tx.FindOne(queries::kNextSequence, scope_code));
    OW_ASSERT(counter.has_value());
    OW_CHECK(tx.Execute(queries::kInsertChange, scope_code, counter->Int("last_sequence"),
                        NameOf(kind), id, industry_class, now));
    return {};
}

}  // namespace onewindow::naming
