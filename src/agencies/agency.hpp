#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "kernel/clock/clock.hpp"
#include "kernel/log/log.hpp"
#include "kernel/random/random.hpp"
#include "kernel/result/result.hpp"

// A reference agency: a real HTTP server that speaks /exchange/v1 with a ledger file of its own.
// For demo and test only.
namespace onewindow::agencies {

struct AgencyOptions {
    /// social_insurance | medical_insurance | housing_fund | seals | tax | bank | post |
    /// registration
    std::string kind;
    std::string listen = "127.0.0.1:0";
    std::string directory;      // Key (mode 600) and ledger.
    std::string onewindow_url;  // Where answers go.
    std::string onewindow_key_id = "onewindow-1";
    std::string onewindow_public_key;   // PEM; messages of others are refused.
    std::chrono::milliseconds slow{0};  // Before the work begins,
    int slow_percent = 100;             // for so many of the messages.
    int lose_percent =
        0;  // Stores, or does not, and then drops the connection instead of answering.
    int lie_percent = 0;     // Answers 202 and stores nothing.
    int repeat_percent = 0;  // Sends an answer twice.
    std::uint64_t seed = 1;  // What is lost, lied about and repeated follows from it and the
                             // message, and from nothing else.
    const Clock& clock;  // Wall time is OneWindow's, shift and all: signatures are good for 300 s.
                         // Its ticks must run.
    Random& random;      // Safe from many threads.
    log::Log& log;
};

/// POST /exchange/v1/matters and GET /exchange/v1/register?since=&after=, both signed by OneWindow;
/// GET /healthz, /effects.
class Agency {
 public:
    /// The ledger of an earlier life is read: what was received and not answered yet is answered
    /// now. Refused for an unknown kind, a ledger that is damaged or cannot be had, a taken
    /// address.
    static Result<std::unique_ptr<Agency>> Start(const AgencyOptions& options);
    virtual ~Agency() = default;

    virtual int port() const = 0;
    virtual std::string key_id() const = 0;
    virtual std::string algorithm() const = 0;
    /// PEM for sm2-sm3, Base64 of 32 bytes for ed25519.
    virtual std::string public_key() const = 0;
    /// Messages that took effect: one for each (case, matter, version), however often it came.
    virtual std::int64_t effects() const = 0;
    virtual void Stop() = 0;
};

namespace reasons {
inline constexpr Reason kKind{"agencies.kind", Kind::kMalformed};
inline constexpr Reason kLedger{"agencies.ledger", Kind::kUnavailable};
}  // namespace reasons

}  // namespace onewindow::agencies
