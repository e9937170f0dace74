#pragma once

#include <utility>

namespace onewindow {

/// A personal value. Does not print, does not log, does not become JSON by accident; Reveal() is searched for in
/// review. The compiler refuses it as a log field.
template <class T>
class Private {
   public:
    Private() = default;
    explicit Private(T value) : value_(std::move(value)) {}
    const T& Reveal() const { return value_; }
    bool operator==(const Private&) const = default;

   private:
    T value_;
};

}  // namespace onewindow
