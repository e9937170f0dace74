#pragma once

#include <vector>

#include "demo/display.hpp"
#include "kernel/json/json.hpp"

namespace onewindow::demo {

/// How one application ended, as its applicant's client saw it.
struct Outcome {
    std::string id, number, title, entity_type, state, fault;
    json::value clocks, tracks, kit, licence;
    int resent = 0;  // Requests of this client that were sent again.
};

/// One finished case: licence, agencies with receipt and number, where each thing of the kit is.
/// `data` is the service's folder, whose public keys verify the licence.
void PrintCase(Display& display, const Outcome& outcome, const std::string& folder, const std::string& data);

/// A line an application, then per stage and agency: count, p50/p99/worst office time against the limit, late, re-sent;
/// also as summary.json in the folder. True if every application was complete in time with nothing open, lost or doubled.
bool PrintSummary(Display& display, const std::vector<Outcome>& outcomes, const std::string& folder);

}  // namespace onewindow::demo
