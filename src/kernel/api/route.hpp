#pragma once

#include "kernel/api/api.hpp"
#include "kernel/api/limiter.hpp"

// What api.cpp and openapi.cpp share; nobody else includes it.
namespace onewindow::api {

struct Router::Route {
    Operation operation;
    std::vector<std::string> segments;  // "{case}" stands for any one segment.
    json::object request_schema;        // Empty where the request has no body.
    json::object answer_schema;
    JsonHandler json;
    RawHandler raw;  // Set instead of `json`.
    std::vector<const Reason*> reasons;

    bool NeedsKey() const;
};

struct Router::Limiter {
    RateLimiter rates{20'000};
};

/// POST, PUT, PATCH, DELETE.
bool IsWrite(std::string_view method);
bool IsParameter(std::string_view segment);

}  // namespace onewindow::api
