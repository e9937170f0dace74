#include "naming/index_regions.hpp"

#include <mutex>

namespace onewindow::naming {

std::shared_ptr<const RegionNames> IndexRegions(const reference::Snapshot& snapshot) {
    static std::mutex mutex;
    static std::shared_ptr<const RegionNames> last;
    const std::lock_guard lock(mutex);
    // The version is a digest over the contents.
    if (last && last->Version() == snapshot.policy_version()) return last;
    std::vector<std::pair<std::string, std::string>> divisions;
    for (const auto& [code, division] : snapshot.records().divisions) {
        if (division.level != "street") divisions.emplace_back(division.name, code);
    }
    last = std::make_shared<RegionIndex>(divisions, snapshot.policy_version());
    return last;
}

}  // namespace onewindow::naming
