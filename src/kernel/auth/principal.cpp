#include "kernel/auth/principal.hpp"

#include <algorithm>

namespace onewindow::auth {

bool Covers(std::string_view region, std::string_view place) {
    if (region.size() != 6 || place.size() < 6) return false;
    // GB/T 2260: two digits for the province, two for the city, two for the county; 00 stands for
    // all of them.
    std::string_view prefix = region;
    if (prefix.ends_with("00")) prefix.remove_suffix(2);
    if (prefix.size() == 4 && prefix.ends_with("00")) prefix.remove_suffix(2);
    return place.starts_with(prefix);
}

bool Principal::Has(Role role) const {
    return std::any_of(grants.begin(), grants.end(),
                       [&](const Grant& grant) { return grant.role == role; });
}

bool Principal::May(Role role, std::string_view place, std::string_view unit) const {
    return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
        const bool unit_fits = unit.empty() || grant.unit.empty() || grant.unit == unit;
        return grant.role == role && unit_fits && Covers(grant.region, place);
    });
}

}  // namespace onewindow::auth
