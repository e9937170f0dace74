#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include "kernel/clock/clock.hpp"
#include "kernel/crash/crash.hpp"
#include "kernel/db/db.hpp"
#include "kernel/log/log.hpp"

// Durable work: the outbox and everything that happens later. A job is written in the transaction of its cause.
namespace onewindow::jobs {

using JobId = Id<struct JobTag>;

/// What to do. `kind` is stable ("exchange.push"); `arguments` is JSON text without personal data.
struct Order {
    std::string kind;
    std::string arguments;
    /// Orders with the same key are one job; empty: always a new one.
    std::string key = {};
    /// What it is about (case id), for people who look.
    std::string subject = {};
    Instant run_at;
};

struct Job {
    JobId id;
    std::string kind;
    std::string arguments;
    std::string subject;
    int attempt = 1;            // This run is the n-th.
    std::int64_t fence = 0;     // Rises with each lease; a stale holder's Finish is refused.
    Instant ordered_at, run_at;
};

struct Done {};
/// Try again after a while (back-off by attempt if zero); after `attempts_max` a named human gets it.
struct Retry {
    std::chrono::milliseconds after{0};
    std::string why;
};
/// Waiting is not failing: attempts are not counted.
struct Wait {
    Instant until;
};
/// Never again; a human looks ("dead letter").
struct GiveUp {
    std::string why;
};
using Outcome = std::variant<Done, Retry, Wait, GiveUp>;

/// Stores the job in the caller's transaction. An equal key that is stored already is left as it is.
Result<> Enqueue(db::Transaction& tx, const Clock& clock, Random& random, const Order& order);

/// Marks the job done in the worker's own transaction; refused with reasons::kLeaseLost for a stale holder.
/// A worker that changes state calls this in the same transaction, so that effect and completion are one.
Result<> Finish(db::Transaction& tx, const Clock& clock, const Job& job);

/// A job that was given up, for the officers who look after it.
struct DeadJob {
    Job job;
    std::string why;
    Instant ended_at;
};
/// The newest first.
Result<std::vector<DeadJob>> ListDead(db::Transaction& tx, int count_max);
/// Lets a dead or waiting job run now, with all its attempts before it. reasons::kUnknown, or reasons::kNotOpen
/// for a job that runs or has ended.
Result<> RetryNow(db::Transaction& tx, const Clock& clock, const JobId& id);
/// Ends a job for good; where it runs, its worker's Finish is refused. reasons::kUnknown, reasons::kNotOpen.
Result<> Cancel(db::Transaction& tx, const Clock& clock, const JobId& id);

/// Runs outside any transaction. Must be repeatable until Finish was committed.
using Worker = std::function<Outcome(const Job&)>;

struct WorkerOptions {
    int attempts_max = 20;
    std::chrono::milliseconds lease{60'000};
    std::chrono::milliseconds backoff{500};       // Doubles each attempt, up to backoff_max, with jitter.
    std::chrono::milliseconds backoff_max{300'000};
    int parallel_max = 4;  // Bulkhead: running jobs of this kind on this node.
};

struct KindState {
    std::string kind;
    std::int64_t ready = 0, running = 0, waiting = 0, dead = 0;
    std::optional<Instant> oldest_due;
};

/// One a node. Threads claim due jobs by lease (wall time for run_at, database rows for leases).
class Runner {
   public:
    struct Deps {
        db::Database& database;
        const Clock& clock;
        Random& random;
        CrashPoints& crash;
        log::Log& log;
        std::string node;
    };
    virtual ~Runner() = default;
    /// Before Start. A worker that throws std::exception is logged and tried again; other exceptions are crashes
    /// that a simulation ordered and leave RunDue.
    virtual void Register(std::string kind, WorkerOptions options, Worker worker) = 0;
    /// Also takes back what an earlier process of this node had leased: `node` is one process at a time.
    virtual void Start(int threads) = 0;
    /// Finishes running jobs, claims no more.
    virtual void Stop() = 0;
    /// Look now: called after commits that enqueue.
    virtual void Wake() = 0;
    /// For tests and the simulation: runs due jobs in this thread, in order of run_at then id, until none is due.
    /// Returns how many ran.
    virtual int RunDue() = 0;
    virtual Result<std::vector<KindState>> States() = 0;
};
std::unique_ptr<Runner> MakeRunner(Runner::Deps deps);

namespace reasons {
inline constexpr Reason kLeaseLost{"jobs.lease_lost", Kind::kConflict};
inline constexpr Reason kUnknown{"jobs.unknown", Kind::kNotFound};
inline constexpr Reason kNotOpen{"jobs.not_open", Kind::kConflict};
}

}  // namespace onewindow::jobs
