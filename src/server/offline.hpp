#pragma once

#include <functional>
#include <iostream>
#include <optional>
#include <string>

#include "kernel/json/json.hpp"

// Commands that need no running service: check, deadline, name check, openapi. JSON on standard output.
namespace onewindow::server {

/// Exit statuses of all commands.
inline constexpr int kOk = 0, kRefused = 1, kUsage = 2, kFault = 3;

struct CheckArguments {
    std::string kind, code, batch;
};
int RunCheck(const CheckArguments& arguments, std::ostream& out, std::ostream& err);

struct DeadlineArguments {
    std::string from, hall, batch;
    std::optional<std::int64_t> minutes, workdays;
};
int RunDeadline(const DeadlineArguments& arguments, std::ostream& out, std::ostream& err);

}  // namespace onewindow::server
