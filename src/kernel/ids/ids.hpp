#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "kernel/clock/clock.hpp"
#include "kernel/random/random.hpp"

namespace onewindow {

/// An identifier that cannot be mistaken for another kind: `using CaseId = Id<struct CaseTag>;`
template <class Tag>
class Id {
   public:
    Id() = default;
    explicit Id(std::string value) : value_(std::move(value)) {}

    const std::string& value() const { return value_; }
    bool empty() const { return value_.empty(); }
    auto operator<=>(const Id&) const = default;

   private:
    std::string value_;
};

/// 26 characters, sorted by time of creation, not guessable: 48 bits of time and 80 of chance.
std::string NewUlid(const Clock& clock, Random& random);
bool IsUlid(std::string_view text);

template <class Tag>
Id<Tag> NewId(const Clock& clock, Random& random) {
    return Id<Tag>(NewUlid(clock, random));
}

}  // namespace onewindow
