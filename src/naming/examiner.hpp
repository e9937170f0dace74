#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/db/db.hpp"
#include "naming/compare_names.hpp"

namespace onewindow::naming::engine {
class NameIndex;
}

namespace onewindow::naming {

inline constexpr std::size_t kConflictsMax = 100;

/// Another entity's agreement, by investment relation or authorisation (规定 arts. 15, 17); the
/// signed paper is kept elsewhere under `evidence_id`.
struct Consent {
    std::string entity_name = {};
    std::string evidence_id = {};
};

struct Candidate {
    NameParts parts = {};
    std::string scope_code = {};  // ScopeOf; city, or province for names compared province-wide.
    std::string own_id = {};      // A row that is the candidate itself; empty if none.
    std::vector<Consent> consents = {};  // Rows of these entities stand in nobody's way.
    Instant now = {};
    CompareSwitches switches = {};
    std::size_t limit = kConflictsMax;  // Conflicts named; 0 = all. All are counted.
};

/// A name that stands in the way.
struct NameConflict {
    std::string id = {};
    std::string name = {};
    std::string authority_code = {};
    std::string rule = {};  // "S1" … "S5", "N2" … "N5", "L1" … "L3"
    Severity severity = Severity::kBlock;
    std::string status = {};
    std::string case_id = {};
    std::optional<Instant> until = {};  // Free from then on; empty: as long as it is registered.
};

struct Hits {
    std::vector<NameConflict> conflicts = {};         // At most kConflictsMax, the gravest first.
    std::int64_t count = 0;                           // All of them.
    std::map<std::string, std::int64_t> counts = {};  // Of all, by rule.
    std::string examined = {};  // What was looked for: "same", or "same and similar".
};

/// Finds what stands in a candidate's way.
class Examiner {
 public:
    virtual ~Examiner() = default;
    virtual Result<Hits> Find(db::Transaction& tx, const Candidate& candidate) = 0;
    /// Takes in what was committed so far; called before a transaction that is to see it.
    virtual Result<> Refresh(db::Database&) { return {}; }
    /// All names in memory, or nullptr where this examiner has none.
    virtual engine::NameIndex* Index() { return nullptr; }
};

/// A name's row as it is compared.
NameParts PartsOf(const db::Row& row);

/// Looks up rows of the same 字号 in the database: finds every *same* name and no similar one.
class SqlExaminer final : public Examiner {
 public:
    Result<Hits> Find(db::Transaction& tx, const Candidate& candidate) override;
};

}  // namespace onewindow::naming
