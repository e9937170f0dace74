#include "application/application.hpp"
#include "application/queries.gen.hpp"

// Holds end by their date alone; this tells the founders before and after, and tidies up.
namespace onewindow::application {
namespace {

constexpr std::string_view kJob = "application.holds";
constexpr std::chrono::hours kEvery{1};
constexpr std::int64_t kAtOnce = 200;

/// Until the licence a case lives from its hold; afterwards the name is registered.
bool LivesFromHold(State state) {
    return state == State::kDrafting || state == State::kSigning || state == State::kSubmitted ||
           state == State::kReviewing || state == State::kReturned;
}

/// The smallest warning that covers the time left; 0 where it is too early for any.
int WarningOf(std::chrono::milliseconds left) {
    int warning = 0;
    for (const int days : kHoldWarningDays) {
        if (left <= std::chrono::days{days}) warning = days;
    }
    return warning;
}

}  // namespace

Result<> Application::WatchHold(db::Transaction& tx, const CaseId& id) const {
    OW_TRY(Case the_case, Lock(tx, id));
    if (!LivesFromHold(the_case.state) || !the_case.name_hold_until) return {};
    const Instant now = deps_.services.clock.Now();
    if (now < *the_case.name_hold_until) {
        const int warning = WarningOf(std::chrono::duration_cast<std::chrono::milliseconds>(*the_case.name_hold_until - now));
        return warning > 0 && on_hold_ending ? on_hold_ending(tx, the_case, warning) : Result<>{};
    }
    OW_TRY(const auto name, naming::FindName(tx, naming::NameId(the_case.name_hold)));
    // Granted meanwhile: the name is registered and stays.
    if (name && name->status == naming::NameOf(naming::NameStatus::kRegistered)) return {};
    if (on_hold_ending) OW_CHECK(on_hold_ending(tx, the_case, 0));
    return ForgetName(tx, the_case, "expired");
}

/// Names first, by themselves: elsewhere a case is locked before its name, so a name is never held here while waiting
/// for a case.
Result<> Application::WatchHolds() const {
    db::Database& database = deps_.services.database;
    const Instant now = deps_.services.clock.Now();
    for (bool more = true; more;) {
        OW_TRY(const auto expired, database.Write([&](db::Transaction& tx) {
            return naming::ExpireHolds(tx, now, static_cast<int>(kAtOnce));
        }));
        more = static_cast<std::int64_t>(expired.size()) == kAtOnce;
    }
    const Instant until = now + std::chrono::days{kHoldWarningDays[0]};
    std::string after;
    for (bool more = true; more;) {
        OW_TRY(const db::Rows rows, database.Read([&](db::Transaction& tx) {
            return tx.Read(queries::kListEndingHolds, until, after, kAtOnce);
        }));
        for (const db::Row& row : rows) {
            after = row.Text("id");
            OW_CHECK(database.Write([&](db::Transaction& tx) { return WatchHold(tx, CaseId(after)); }));
        }
        more = static_cast<std::int64_t>(rows.size()) == kAtOnce;
    }
    return {};
}

void Application::RegisterJobs(jobs::Runner& runner) const {
    runner.Register(std::string(kJob), {.attempts_max = 1'000'000, .parallel_max = 1}, [this](const jobs::Job&) -> jobs::Outcome {
        if (const auto watched = WatchHolds(); !watched) return jobs::Retry{.why = watched.error().Describe()};
        return jobs::Wait{deps_.services.clock.Now() + kEvery};
    });
}

Result<> Application::OrderRecurringJobs(db::Transaction& tx) const {
    return jobs::Enqueue(tx, deps_.services.clock, deps_.services.random,
                         {.kind = std::string(kJob), .arguments = "{}", .key = std::string(kJob), .run_at = deps_.services.clock.Now()});
}

}  // namespace onewindow::application
