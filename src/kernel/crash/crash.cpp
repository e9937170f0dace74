#include "kernel/crash/crash.hpp"

#include <charconv>
#include <csignal>

#include "kernel/result/result.hpp"

namespace onewindow {

EnvironmentCrashPoints::EnvironmentCrashPoints(std::string_view order) {
    if (order.empty()) return;
    const auto colon = order.find(':');
    name_ = order.substr(0, colon);
    long count = 1;
    if (colon != std::string_view::npos) {
        const std::string_view number = order.substr(colon + 1);
        const auto read = std::from_chars(number.data(), number.data() + number.size(), count);
        // A typing error in a fault test must not pass for a test that survived.
        OW_ASSERT(read.ec == std::errc() && read.ptr == number.data() + number.size() && count > 0);
    }
    remaining_ = count;
}

void EnvironmentCrashPoints::Reach(std::string_view name) {
    if (name_.empty() || name != name_) return;
    if (--remaining_ == 0) std::raise(SIGKILL);
}

}  // namespace onewindow
