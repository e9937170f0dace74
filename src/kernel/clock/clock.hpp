#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/result/result.hpp"

namespace onewindow {

/// A point in time, UTC, to the millisecond. Stored as epoch milliseconds.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
/// A civil date in Asia/Shanghai (UTC+8; no daylight saving since 1991).
using Date = std::chrono::year_month_day;
/// For leases and time-outs; never moves backwards, means nothing to people.
using Monotonic = std::chrono::nanoseconds;

inline constexpr std::chrono::hours kShanghaiOffset{8};

/// The only source of time; passed in, so that tests and the simulation own it.
class Clock {
   public:
    virtual ~Clock() = default;
    /// Wall time, for people and law.
    virtual Instant Now() const = 0;
    /// For leases and time-outs.
    virtual Monotonic Ticks() const = 0;

    Date Today() const;
};

/// The machine's clock, shifted by a constant (demo mode starts at the next working day 09:05).
class SystemClock final : public Clock {
   public:
    explicit SystemClock(std::chrono::milliseconds shift = {}) : shift_(shift) {}
    Instant Now() const override;
    Monotonic Ticks() const override;

   private:
    std::chrono::milliseconds shift_;
};

/// A clock that stands still until it is moved.
class ManualClock final : public Clock {
   public:
    explicit ManualClock(Instant start) : now_(start) {}
    Instant Now() const override { return now_; }
    Monotonic Ticks() const override { return ticks_; }
    void Advance(std::chrono::milliseconds by);
    void Set(Instant now) { now_ = now; }

   private:
    Instant now_;
    Monotonic ticks_{0};
};

Date DateOf(Instant instant);
/// Minutes past midnight in Asia/Shanghai.
std::chrono::milliseconds TimeOfDay(Instant instant);
/// The instant of a civil date and a time past midnight in Asia/Shanghai.
Instant At(Date date, std::chrono::milliseconds time_of_day);

std::int64_t EpochMs(Instant instant);
Instant FromEpochMs(std::int64_t epoch_ms);

/// "2026-11-22T21:40:00+08:00"
std::string FormatInstant(Instant instant);
/// "2026-11-22"
std::string FormatDate(Date date);
/// "2026年11月22日"
std::string FormatDateChinese(Date date);
/// "20261122"
std::string FormatDateCompact(Date date);
/// Accepts "2026-11-22T21:40[:00[.000]][Z|+08:00]" and a blank for the T; without an offset it is Asia/Shanghai.
Result<Instant> ParseInstant(std::string_view text);
Result<Date> ParseDate(std::string_view text);

/// Adds months as Civil Code art. 202 says: the same day, or the month's last where there is none.
Date AddMonths(Date date, int months);
Date AddDays(Date date, int days);
/// Completed years from `birth` to `day`.
int AgeOn(Date birth, Date day);

namespace reasons {
inline constexpr Reason kTimeUnreadable{"time.unreadable", Kind::kMalformed};
inline constexpr Reason kDateUnreadable{"date.unreadable", Kind::kMalformed};
}  // namespace reasons

}  // namespace onewindow
