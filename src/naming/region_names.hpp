#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onewindow::naming {

/// The names of administrative divisions; bound to the reference data by whoever wires the service.
class RegionNames {
   public:
    virtual ~RegionNames() = default;
    /// The six-digit codes of the divisions at county level and above whose official name is exactly
    /// `name` ("市中区" has several); empty if there is none.
    virtual std::vector<std::string> FindCodes(std::string_view name) const = 0;
    /// The data's version, for the answer.
    virtual std::string Version() const = 0;
};

}  // namespace onewindow::naming
