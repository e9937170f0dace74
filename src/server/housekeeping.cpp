#include "server/housekeeping.hpp"

#include "kernel/api/purge.hpp"
#include "kernel/auth/purge.hpp"
#include "kernel/jobs/purge.hpp"

namespace onewindow::server {
namespace {

constexpr std::string_view kJob = "server.purge";
constexpr std::chrono::hours kAtNight{3};
/// Small transactions: nobody waits for housekeeping.
constexpr std::int64_t kJobsAtOnce = 2'000;

Result<> Purge(api::Services& services) {
    const Instant now = services.clock.Now();
    OW_CHECK(services.database.Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(auth::PurgeSessions(tx, now));
        OW_CHECK(api::PurgeAnswers(tx, now));
        return {};
    }));
    for (bool more = true; more;) {
        OW_TRY(const std::int64_t ended, services.database.Write([&](db::Transaction& tx) {
            return jobs::PurgeEnded(tx, now, kJobsAtOnce);
        }));
        more = ended == kJobsAtOnce;
    }
    return {};
}

}  // namespace

void RegisterPurge(jobs::Runner& runner, api::Services& services) {
    runner.Register(std::string(kJob), {.attempts_max = 1'000'000, .parallel_max = 1}, [&services](const jobs::Job&) -> jobs::Outcome {
        if (const auto purged = Purge(services); !purged) return jobs::Retry{.why = purged.error().Describe()};
        return jobs::Wait{At(AddDays(services.clock.Today(), 1), kAtNight)};
    });
}

Result<> OrderPurge(db::Transaction& tx, api::Services& services) {
    return jobs::Enqueue(tx, services.clock, services.random,
                         {.kind = std::string(kJob), .arguments = "{}", .key = std::string(kJob), .run_at = services.clock.Now()});
}

}  // namespace onewindow::server
