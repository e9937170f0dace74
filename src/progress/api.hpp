#pragma once

#include "progress/clocks.hpp"
#include "progress/event_feed.hpp"

namespace onewindow::progress {

/// Refused, with one of `may_see_refuses`, unless the principal may see the case; the application
/// room decides.
using MaySee = std::function<Result<>(db::Transaction& tx, const auth::Principal& principal,
                                      const CaseId& case_id)>;

struct RouteDeps {
    api::Services& services;
    const Clocks& clocks;
    const reference::Store& reference;
    EventFeed& feed;
    MaySee may_see;
    std::vector<const Reason*> may_see_refuses = {};  // What may_see says no with.
};

/// GET …/cases/{case}/timeline, …/clocks, …/events (SSE), /published-times, /published-times/rows,
/// /pause-reasons. What `deps` refers to must outlive the router.
void AddRoutes(api::Router& router, const RouteDeps& deps);

}  // namespace onewindow::progress
