#pragma once

#include <atomic>
#include <string>
#include <string_view>

namespace onewindow {

/// Named places at which a test or the simulation may stop the process. In production nothing listens.
class CrashPoints {
   public:
    virtual ~CrashPoints() = default;
    /// Returns normally unless a crash was ordered here.
    virtual void Reach(std::string_view name) = 0;
};

class NoCrashPoints final : public CrashPoints {
   public:
    void Reach(std::string_view) override {}
};

/// From ONEWINDOW_CRASH_AT="name:n": at the n-th time the name is reached the process kills itself (SIGKILL).
class EnvironmentCrashPoints final : public CrashPoints {
   public:
    /// `order` as above, ":n" may be absent (1); empty orders nothing. An unreadable order asserts.
    explicit EnvironmentCrashPoints(std::string_view order);
    void Reach(std::string_view name) override;

   private:
    std::string name_;
    std::atomic<long> remaining_ = 0;
};

}  // namespace onewindow
