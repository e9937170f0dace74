#pragma once

#include <span>
#include <string_view>

#include "kernel/api/api.hpp"

// What the OpenAPI document says beyond types: meanings, limits, examples, from the rooms'
// contract.toml.
namespace onewindow::server {

/// The router's document with every text laid into it. Refused, naming the entry, where a text
/// speaks of an operation, type, field or parameter that does not exist: so that none outlives what
/// it describes.
Result<json::object> DescribeContract(const api::Router& router);

/// The same for given texts.
Result<> LayContract(json::object& document, std::span<const std::string_view> texts);

namespace reasons {
inline constexpr Reason kContract{"server.contract", Kind::kBug};
}  // namespace reasons

}  // namespace onewindow::server
