#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "kernel/jobs/jobs.hpp"
#include "kernel/jobs/queries.gen.hpp"
#include "kernel/jobs/read_job.hpp"
#include "kernel/text/text.hpp"

namespace onewindow::jobs {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPollInterval{200};
constexpr std::size_t kProblemLengthMax = 500;

/// What a database can store of an exception's text, which may be anything.
std::string Problem(std::string why) {
    if (why.size() > kProblemLengthMax) {
        std::size_t end = kProblemLengthMax;
        while (end > 0 && (static_cast<unsigned char>(why[end]) & 0xC0U) == 0x80U) --end;
        why.resize(end);
    }
    const bool sound = text::IsUtf8(why);
    std::replace_if(
        why.begin(), why.end(),
        [&](char letter) {
            return letter == '\0' || (!sound && static_cast<signed char>(letter) < 0);
        },
        '?');
    return why;
}

struct Kind {
    WorkerOptions options;
    Worker worker;
    int running = 0;  // On this node; under the runner's mutex.
};

class DatabaseRunner final : public Runner {
 public:
    explicit DatabaseRunner(Deps deps) : deps_(std::move(deps)) {}
    ~DatabaseRunner() override { Stop(); }

    void Register(std::string kind, WorkerOptions options, Worker worker) override;
    void Start(int threads) override;
    void Stop() override;
    void Wake() override;
    int RunDue() override;
    Result<std::vector<KindState>> States() override;

 private:
    /// A claimed job and its place in the bulkhead, given back at the end of its run.
    struct Claim {
        Job job;
        Kind* kind;
    };

    void Work();
    bool RunOne();
    Result<std::optional<Claim>> ClaimNext();
    Result<> AnnounceKinds();
    bool TakePlace(Kind& kind);
    void GiveBackPlace(Kind& kind);
    Outcome Call(const Claim& claim);
    Result<> Settle(const Claim& claim, const Outcome& outcome);
    Result<std::int64_t> Store(db::Transaction& tx, const Claim& claim, const Outcome& outcome,
                               Instant retry_at);
    milliseconds Backoff(const WorkerOptions& options, int attempt);

    Deps deps_;
    std::map<std::string, Kind, std::less<>> kinds_;  // Fixed once jobs run.

    std::mutex mutex_;
    std::condition_variable woken_;
    std::uint64_t wakes_ = 0;
    bool stopping_ = false;
    bool announced_ = false;
    std::vector<std::thread> threads_;
};

void DatabaseRunner::Register(std::string kind, WorkerOptions options, Worker worker) {
    OW_ASSERT(threads_.empty() && options.attempts_max > 0 && options.parallel_max > 0);
    const bool added = kinds_.emplace(std::move(kind), Kind{options, std::move(worker)}).second;
    OW_ASSERT(added);
    announced_ = false;
}

void DatabaseRunner::Start(int threads) {
    OW_ASSERT(threads_.empty());
    stopping_ = false;
    const auto released = deps_.database.Write([&](db::Transaction& tx) {
        return tx.Execute(queries::kReleaseLeases, deps_.node, deps_.clock.Now());
    });
    // Not needed: the leases end by themselves.
    if (!released) deps_.log.Warn("job_leases_kept", {{"why", released.error().Describe()}});
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

void DatabaseRunner::Stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    woken_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

void DatabaseRunner::Wake() {
    {
        const std::lock_guard lock(mutex_);
        ++wakes_;
    }
    woken_.notify_all();
}

void DatabaseRunner::Work() {
    for (;;) {
        std::uint64_t seen = 0;
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) return;
            seen = wakes_;
        }
        if (RunOne()) continue;
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, kPollInterval, [&] { return stopping_ || wakes_ != seen; });
    }
}

int DatabaseRunner::RunDue() {
    int ran = 0;
    while (RunOne()) ++ran;
    return ran;
}

/// Whether there was a job to run.
bool DatabaseRunner::RunOne() {
    auto claimed = ClaimNext();
    if (!claimed) {
        deps_.log.Warn("job_claim_failed", {{"why", claimed.error().Describe()}});
        return false;
    }
    if (!*claimed) return false;
    const Claim& claim = **claimed;
    const auto give_back = [&](void*) { GiveBackPlace(*claim.kind); };
    const std::unique_ptr<void, decltype(give_back)> guard(this, give_back);
    const Outcome outcome = Call(claim);
    deps_.crash.Reach("jobs.before_finish");
    const auto settled = Settle(claim, outcome);
    if (!settled) {
        // The lease ends by itself, and the job runs again.
        deps_.log.Warn("job_not_settled", {{"job_id", claim.job.id},
                                           {"kind", claim.job.kind},
                                           {"why", settled.error().Describe()}});
    }
    return true;
}

Result<> DatabaseRunner::AnnounceKinds() {
    {
        const std::lock_guard lock(mutex_);
        if (announced_) return {};
    }
    OW_CHECK(deps_.database.Write([&](db::Transaction& tx) -> Result<> {
        for (const auto& [name, kind] : kinds_) OW_CHECK(tx.Execute(queries::kInsertKind, name));
        return {};
    }));
    const std::lock_guard lock(mutex_);
    announced_ = true;
    return {};
}

bool DatabaseRunner::TakePlace(Kind& kind) {
    const std::lock_guard lock(mutex_);
    if (kind.running >= kind.options.parallel_max) return false;
    ++kind.running;
    return true;
}

void DatabaseRunner::GiveBackPlace(Kind& kind) {
    const std::lock_guard lock(mutex_);
    --kind.running;
}

Result<std::optional<DatabaseRunner::Claim>> DatabaseRunner::ClaimNext() {
    OW_CHECK(AnnounceKinds());
    const Instant now = deps_.clock.Now();
    OW_TRY(const db::Rows due, deps_.database.Read([&](db::Transaction& tx) {
        return tx.Read(queries::kFindDueKinds, now);
    }));
    for (const db::Row& row : due) {
        const auto found = kinds_.find(row.Text("kind"));
        // Another node's kind, or this node has enough of it.
        if (found == kinds_.end() || !TakePlace(found->second)) continue;
        Kind& kind = found->second;
        auto claimed = deps_.database.Write([&](db::Transaction& tx) {
            return tx.FindOne(queries::kClaimJob, found->first, now, now + kind.options.lease,
                              deps_.node);
        });
        if (claimed && *claimed) return Claim{.job = ReadJob(**claimed), .kind = &kind};
        GiveBackPlace(kind);
        // An unknown outcome too: if it was leased, the lease ends by itself.
        OW_CHECK(std::move(claimed));
    }
    return std::optional<Claim>{};
}

Outcome DatabaseRunner::Call(const Claim& claim) {
    // A job that ends its process each time never comes back to be counted: the claim counted it.
    if (claim.job.attempt > claim.kind->options.attempts_max) {
        return GiveUp{.why = "its last run never came to an end"};
    }
    try {
        return claim.kind->worker(claim.job);
    } catch (const std::exception& problem) {
        deps_.log.Error(
            "job_worker_threw",
            {{"job_id", claim.job.id}, {"kind", claim.job.kind}, {"why", problem.what()}});
        return Retry{.why = problem.what()};
    }
}

milliseconds DatabaseRunner::Backoff(const WorkerOptions& options, int attempt) {
    milliseconds delay = std::min(options.backoff, options.backoff_max);
    for (int i = 1; i < attempt && delay < options.backoff_max; ++i) {
        delay = std::min(delay * 2, options.backoff_max);
    }
    // Between half and all of it, so that jobs which failed together do not come back together.
    const auto half = static_cast<std::uint64_t>(std::max<std::int64_t>(delay.count() / 2, 1));
    const std::lock_guard lock(mutex_);
    return milliseconds(static_cast<std::int64_t>(half + deps_.random.Below(half + 1)));
}

Result<> DatabaseRunner::Settle(const Claim& claim, const Outcome& outcome) {
    const Job& job = claim.job;
    const auto& options = claim.kind->options;
    milliseconds after{0};
    if (const auto* retry = std::get_if<Retry>(&outcome)) {
        after = retry->after > milliseconds(0) ? retry->after : Backoff(options, job.attempt);
        deps_.log.Info("job_to_be_retried", {{"job_id", job.id},
                                             {"kind", job.kind},
                                             {"attempt", job.attempt},
                                             {"why", retry->why}});
    }
    const Instant retry_at = deps_.clock.Now() + after;
    return deps_.database.Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const auto settled, Store(tx, claim, outcome, retry_at));
        if (settled > 0) return {};
        OW_TRY(const auto row, tx.FindOne(queries::kFindState, job.id));
        // The worker finished it in its own transaction.
        if (row && row->Int("fence") == job.fence && row->Text("state") == "done") return {};
        return Refuse(reasons::kLeaseLost);
    });
}

Result<std::int64_t> DatabaseRunner::Store(db::Transaction& tx, const Claim& claim,
                                           const Outcome& outcome, Instant retry_at) {
    const Job& job = claim.job;
    const Instant now = deps_.clock.Now();
    const auto bury = [&](const std::string& why) {
        return tx.Execute(queries::kBuryJob, job.id, job.fence, now, Problem(why));
    };
    if (const auto* retry = std::get_if<Retry>(&outcome)) {
        if (job.attempt >= claim.kind->options.attempts_max) return bury(retry->why);
        return tx.Execute(queries::kPostponeJob, job.id, job.fence, retry_at, 1,
                          Problem(retry->why));
    }
    if (const auto* wait = std::get_if<Wait>(&outcome)) {
        // Not before the next millisecond, or RunDue would never end.
        const Instant until = std::max(wait->until, now + milliseconds(1));
        return tx.Execute(queries::kPostponeJob, job.id, job.fence, until, 0, "");
    }
    if (const auto* give_up = std::get_if<GiveUp>(&outcome)) return bury(give_up->why);
    return tx.Execute(queries::kFinishJob, job.id, job.fence, now);
}

Result<std::vector<KindState>> DatabaseRunner::States() {
    OW_TRY(const db::Rows rows, deps_.database.Read([&](db::Transaction& tx) {
        return tx.Read(queries::kCountStates, deps_.clock.Now());
    }));
    std::vector<KindState> states;
    for (const db::Row& row : rows) {
        states.push_back({.kind = row.Text("kind"),
                          .ready = row.Int("ready"),
                          .running = row.Int("running"),
                          .waiting = row.Int("waiting"),
                          .dead = row.Int("dead"),
                          .oldest_due = row.TimeIfAny("oldest_due")});
    }
    return states;
}

}  // namespace

std::unique_ptr<Runner> MakeRunner(Runner::Deps deps) {
    return std::make_unique<DatabaseRunner>(std::move(deps));
}

}  // namespace onewindow::jobs
