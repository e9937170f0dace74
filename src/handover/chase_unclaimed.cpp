#include "handover/handover.hpp"
#include "handover/queries.gen.hpp"

// Things that nobody fetches: whoever they belong to is told again every so many days.
namespace onewindow::handover {
namespace {

constexpr std::string_view kJob = "handover.unclaimed";
constexpr std::chrono::hours kAtHour{9};
constexpr std::int64_t kAtOnce = 200;

}  // namespace

Result<> Handover::ChaseUnclaimed() const {
    if (!on_unclaimed) return {};
    db::Database& database = services().database;
    const Instant now = services().clock.Now();
    const Instant before = now - std::chrono::days{kUnclaimedDays};
    std::string after, after_hall;
    for (bool more = true; more;) {
        OW_TRY(const db::Rows rows, database.Read([&](db::Transaction& tx) {
            return tx.Read(queries::kListWaitingKits, before, after, after_hall, kAtOnce);
        }));
        OW_CHECK(database.Write([&](db::Transaction& tx) -> Result<> {
            for (const db::Row& row : rows) {
                const auto waited = std::chrono::floor<std::chrono::days>(now - row.Time("since"));
                const int days = static_cast<int>(waited.count()) / kUnclaimedDays * kUnclaimedDays;
                OW_CHECK(on_unclaimed(tx, row.As<CaseId>("case_id"), row.Text("hall"), days));
            }
            return {};
        }));
        more = static_cast<std::int64_t>(rows.size()) == kAtOnce;
        if (!more) break;
        after = rows.back().Text("case_id");
        after_hall = rows.back().Text("hall");
    }
    return {};
}

void Handover::RegisterJobs(jobs::Runner& runner) const {
    runner.Register(std::string(kJob), {.attempts_max = 1'000'000, .parallel_max = 1},
                    [this](const jobs::Job&) -> jobs::Outcome {
                        if (const auto chased = ChaseUnclaimed(); !chased)
                            return jobs::Retry{.why = chased.error().Describe()};
                        return jobs::Wait{At(AddDays(services().clock.Today(), 1), kAtHour)};
                    });
}

Result<> Handover::OrderRecurringJobs(db::Transaction& tx) const {
    return jobs::Enqueue(tx, services().clock, services().random,
                         {.kind = std::string(kJob),
                          .arguments = "{}",
                          .key = std::string(kJob),
                          .run_at = services().clock.Now()});
}

}  // namespace onewindow::handover
