#pragma once

#include "kernel/ids/ids.hpp"
#include "naming/check_name.hpp"

namespace onewindow::naming {

using NameId = Id<struct NameTag>;

struct HoldRequest {
    NameRequest name = {};
    std::string case_id = {};
    /// The founding or an item of the business scope needs an approval before registration (规定 art. 18).
    bool needs_prior_approval = false;
};

/// A name kept for a case (保留期).
struct Hold {
    NameId id = {};
    std::string name = {};
    std::string case_id = {};
    Date last_day = {};
    Instant until = {};               // The first instant after the last day: from then on everybody competes.
    Examination examination = {};     // What the hold rests on; its review findings are for a person.
};

/// The last day of a hold that begins today: month arithmetic, moved to a working day (Civil Code arts. 202,
/// 203). Pure.
Date DecideLastDay(const NamingRules& rules, const std::function<Date(Date)>& next_working_day, Date today,
                   bool needs_prior_approval);

/// Whether an examined name may be held by the case: all faults otherwise. The holder is refused like everybody:
/// a hold is never renewed (规定 art. 18, domain.md J2.6). Pure.
Result<> DecideHold(const Examination& examination, const std::string& case_id);

/// Examines and holds in one step: of any number of callers on any number of nodes that want the same name, one
/// wins. In the caller's transaction; every path takes the name's locks before it looks.
Result<Hold> HoldName(db::Transaction& tx, const NamingContext& context, const Clock& clock, Random& random,
                      const HoldRequest& request);

/// Takes the locks of a name until the transaction ends.
Result<> LockName(db::Transaction& tx, const std::string& scope_code, const std::string& core,
                  const std::string& full_name);

/// The first instant after a day in Asia/Shanghai.
Instant EndOf(Date day);

}  // namespace onewindow::naming
