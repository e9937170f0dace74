#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "naming/record_name.hpp"

namespace onewindow::naming {

/// One entry of the change feed that keeps name indexes true (architecture.md decision 17).
struct NameChange {
    std::string scope_code = {};
    std::int64_t sequence = 0;  // 1, 2, 3 … inside the scope, without gaps, in commit order.
    std::string kind = {};      // The status the name moved to.
    std::string name_id = {};
    Instant at = {};
    // The name as it is now, which may be later than this change.
    NameParts parts = {};
    std::string authority_code = {}, status = {};
    std::optional<Instant> until = {};
};

/// A scope's changes after a position, oldest first. A reader that meets a gap has lost its place.
Result<std::vector<NameChange>> ListChanges(db::Transaction& tx, std::string_view scope_code,
                                            std::int64_t after, int limit);

/// For this room's use cases only, as the last statement about a name: it locks the scope's
/// counter.
Result<> AppendChange(db::Transaction& tx, Instant now, const std::string& scope_code,
                      const std::string& industry_class, NameStatus kind, const NameId& id);

}  // namespace onewindow::naming
