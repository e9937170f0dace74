#include "kernel/http/message.hpp"

#include <algorithm>

#include "kernel/http/url.hpp"

namespace onewindow::http {

void Headers::Set(std::string_view name, std::string_view value) {
    std::erase_if(all_, [&](const auto& header) { return EqualsIgnoringCase(header.first, name); });
    Add(name, value);
}

void Headers::Add(std::string_view name, std::string_view value) {
    all_.emplace_back(name, value);
}

std::string_view Headers::Get(std::string_view name) const {
    for (const auto& [key, value] : all_) {
        if (EqualsIgnoringCase(key, name)) return value;
    }
    return {};
}

bool Headers::Has(std::string_view name) const { return Count(name) > 0; }

int Headers::Count(std::string_view name) const {
    return static_cast<int>(std::count_if(all_.begin(), all_.end(), [&](const auto& header) {
        return EqualsIgnoringCase(header.first, name);
    }));
}

std::optional<std::string> Request::QueryValue(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return std::nullopt;
}

const std::string& Request::Parameter(const std::string& name) const {
    // A route that asks for a {name} it did not declare is a bug in the code, not in the request.
    const auto found = parameters.find(name);
    OW_ASSERT(found != parameters.end());
    return found->second;
}

}  // namespace onewindow::http
