#pragma once

#include <string_view>

#include "kernel/http/server.hpp"
#include "kernel/json/json.hpp"

// How the reference processes answer: JSON, no cache, faults as {"error": code}.
namespace onewindow::agencies {

http::Response JsonAnswer(int status, const json::object& body);
http::Response FaultAnswer(int status, std::string_view error);
/// For what the HTTP server itself refuses.
http::Response ServerFault(const Reason& reason);

}  // namespace onewindow::agencies
