#pragma once

#include <ostream>
#include <string>

#include "demo/outages.hpp"
#include "demo/town.hpp"
#include "kernel/messages/messages.hpp"
#include "reference/reference.hpp"

namespace onewindow::demo {

struct DemoOptions {
    TownOptions town;
    std::string samples;       // Folder of *.json
    std::string out;           // Licences and the summary; empty: under the data folder.
    int applications = 0;      // Generated ones, beside all samples.
    bool one_sample = false;   // Only the first sample and then (or, on a second run) a generated one.
    bool stay = false;         // Until SIGINT or SIGTERM.
    bool quiet = false;
    bool bare = false;         // Nothing is filed and nobody is at the desks: for tests that do all of it themselves.
    int parallel = 8;          // Applicants at the same time.
    OutageOptions outages;     // How often the service dies meanwhile.
};

/// Files real applications through the public API and follows them to the end. 0 only if every one was complete inside
/// its limits, with every track done and nothing doubled, and if nothing that was acknowledged was lost by an
/// outage.
int RunDemo(const DemoOptions& options, const Clock& clock, const reference::Snapshot& reference,
            const messages::Messages& texts, std::ostream& out, std::ostream& err);

}  // namespace onewindow::demo
