#pragma once

#include <functional>
#include <string>
#include <vector>

#include "demo/display.hpp"
#include "demo/town.hpp"

namespace onewindow::demo {

struct OutageOptions {
    int kills = 0;                      // At seeded moments, each with writes under way.
    std::vector<std::string> crash_at;  // Then at these crash points ("name:n"), one after the other.
    std::uint64_t seed = 1;
    bool Any() const { return kills > 0 || !crash_at.empty(); }
};

/// Ends the service without warning again and again while applications are being filed, and starts it again on the same
/// port. After each start every step in the journal is sent once more under its key: the service must know it and give
/// its first answer. Writes outages.json into `folder`. True if every outage happened with requests under way and no
/// step was lost. From the thread that started the town.
bool RunOutages(Town& town, Journal& journal, const OutageOptions& options, http::Outside& outside, const std::function<bool()>& all_filed,
                std::size_t applications, const std::string& folder, Display& display);

}  // namespace onewindow::demo
