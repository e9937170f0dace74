#pragma once

#include <string>
#include <string_view>

#include "kernel/db/db.hpp"
#include "reference/reference.hpp"

// Code blocks (码段): the eight characters of a USCC that the authority gives. Taken one by one,
// never twice.
namespace onewindow::licence {

/// Adds numbers [from, until) of a prefix to the authority's present generation. A number is
/// written in base 31 (the alphabet of GB 32100) behind the prefix, eight characters together.
/// Refused with kBlockMalformed, or kBlockOverlaps if any authority has or had one of the numbers.
Result<> AddPoolBlock(db::Transaction& tx, std::string_view authority, std::string_view prefix,
                      std::int64_t from, std::int64_t until);

/// After a restore: what the old generation still has may have been given after the backup, so
/// nobody gets it any more; add a block beyond it.
Result<> StartPoolGeneration(db::Transaction& tx, std::string_view authority);

/// A demo block for each authority, far apart ("MX"); safe to repeat.
Result<> SeedDemoPools(db::Transaction& tx, const reference::Snapshot& reference);

/// What the present generation still has; for watching.
Result<std::int64_t> CountPool(db::Transaction& tx, std::string_view authority);

struct PoolNumber {
    std::string prefix;
    std::int64_t number = 0;
    std::string body;  // "MA3C00F5"
};
/// The next number; kPoolEmpty. Given back only by a rollback. One authority's takers wait for each
/// other, no others.
Result<PoolNumber> TakeNumber(db::Transaction& tx, std::string_view authority);

/// The body of a number behind a prefix; empty if it does not fit eight characters. Pure.
std::string BodyOf(std::string_view prefix, std::int64_t number);

}  // namespace onewindow::licence
