// Goal: a job that was committed is run until it is done, by one holder at a time as far as storage
// can tell; what cannot be done ends in front of a human. On both engines alike.

#include "kernel/jobs/jobs.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::jobs {
namespace {

using namespace std::chrono_literals;

/// A crash that a simulation orders; not a std::exception, so that nothing takes it for a failure.
struct Crash {};

class ArmedCrash final : public CrashPoints {
 public:
    void Reach(std::string_view name) override {
        if (armed && name == "jobs.before_finish") {
            armed = false;
            throw Crash{};
        }
    }
    bool armed = false;
};

/// Counts, and lets tests await a count.
class Counter {
 public:
    void Add(int by = 1) {
        const std::lock_guard lock(mutex_);
        count_ += by;
        most_ = std::max(most_, count_);
        changed_.notify_all();
    }
    void Await(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return count_ >= count; });
    }
    int count() {
        const std::lock_guard lock(mutex_);
        return count_;
    }
    int most() {
        const std::lock_guard lock(mutex_);
        return most_;
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0, most_ = 0;
};

class JobsTest : public testing::BothEngines {
 protected:
    std::unique_ptr<Runner> MakeNode(const std::string& node, CrashPoints& crash) {
        return MakeRunner({database(), clock_, random_, crash, log::Silent(), node});
    }
    std::unique_ptr<Runner> MakeNode(const std::string& node = "a") {
        return MakeNode(node, crash_);
    }

    void Order(const std::string& kind, const std::string& subject = "",
               std::chrono::milliseconds in = 0ms, const std::string& key = "") {
        ASSERT_OK(database().Write([&](db::Transaction& tx) {
            return Enqueue(tx, clock_, random_,
                           {.kind = kind,
                            .arguments = "{}",
                            .key = key,
                            .subject = subject,
                            .run_at = clock_.Now() + in});
        }));
    }
    Result<> FinishNow(const Job& job) {
        return database().Write([&](db::Transaction& tx) { return Finish(tx, clock_, job); });
    }
    std::vector<DeadJob> Dead() {
        auto dead = database().Read([](db::Transaction& tx) { return ListDead(tx, 10); });
        EXPECT_TRUE(dead.has_value());
        return dead.value_or(std::vector<DeadJob>{});
    }
    /// "ready 1 running 0 waiting 0 dead 0" of the only kind; "none" if nothing is open.
    std::string Open(Runner& runner) {
        const auto states = runner.States();
        if (!states) return states.error().Describe();
        if (states->empty()) return "none";
        const KindState& state = states->front();
        return fmt::format("ready {} running {} waiting {} dead {}", state.ready, state.running,
                           state.waiting, state.dead);
    }

    ArmedCrash crash_;
};
OW_BOTH_ENGINES(JobsTest);

TEST_P(JobsTest, RunsWhatIsDueInOrder) {
    const auto runner = MakeNode();
    std::string ran;
    const auto worker = [&](const Job& job) -> Outcome {
        ran += job.subject;
        return Done{};
    };
    runner->Register("b", {}, worker);
    runner->Register("a", {}, worker);
    Order("a", "3", 20ms);
    Order("b", "1");
    Order("a", "2", 10ms);
    Order("b", "later", 1h);
    clock_.Advance(50ms);
    EXPECT_EQ(runner->RunDue(), 3);
    EXPECT_EQ(ran, "123");
    EXPECT_EQ(Open(*runner), "ready 0 running 0 waiting 1 dead 0");
    clock_.Advance(1h);
    const auto states = runner->States();
    ASSERT_OK(states);
    EXPECT_EQ(states->front().oldest_due, clock_.Now() - 50ms);
    EXPECT_EQ(runner->RunDue(), 1);
    EXPECT_EQ(Open(*runner), "none");
}

TEST_P(JobsTest, IsOrderedOnlyIfItsCauseIsStored) {
    const auto runner = MakeNode();
    runner->Register("a", {}, [](const Job&) -> Outcome { return Done{}; });
    const auto refused = database().Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(
            Enqueue(tx, clock_, random_, {.kind = "a", .arguments = "{}", .run_at = clock_.Now()}));
        return Refuse(reasons::kUnknown);
    });
    EXPECT_FALSE(refused.has_value());
    EXPECT_EQ(runner->RunDue(), 0);
}

TEST_P(JobsTest, OrdersWithTheSameKeyAreOneJob) {
    const auto runner = MakeNode();
    int runs = 0;
    runner->Register("a", {}, [&](const Job&) -> Outcome {
        ++runs;
        return Done{};
    });
    Order("a", "", 0ms, "once");
    Order("a", "", 0ms, "once");
    Order("a");
    Order("a");
    EXPECT_EQ(runner->RunDue(), 3);
    Order("a", "", 0ms, "once");
    EXPECT_EQ(runner->RunDue(), 0) << "also after it was done";
    EXPECT_EQ(runs, 3);
}

TEST_P(JobsTest, LeavesKindsWithoutWorkerAlone) {
    const auto runner = MakeNode("a");
    runner->Register("a", {}, [](const Job&) -> Outcome { return Done{}; });
    Order("b");
    EXPECT_EQ(runner->RunDue(), 0);
    const auto other = MakeNode("b");
    other->Register("b", {}, [](const Job&) -> Outcome { return Done{}; });
    EXPECT_EQ(runner->RunDue(), 0) << "also when another node has one";
    EXPECT_EQ(other->RunDue(), 1);
}

TEST_P(JobsTest, AStaleHolderCannotFinish) {
    const auto slow = MakeNode("slow"), quick = MakeNode("quick");
    std::vector<Job> seen;
    Result<> stale;
    quick->Register("a", {.lease = 1min}, [&](const Job& job) -> Outcome {
        seen.push_back(job);
        return FinishNow(job) ? Outcome{Done{}} : Outcome{GiveUp{"refused"}};
    });
    slow->Register("a", {.lease = 1min}, [&](const Job& job) -> Outcome {
        EXPECT_EQ(quick->RunDue(), 0) << "leased";
        clock_.Advance(1min);
        EXPECT_EQ(quick->RunDue(), 1) << "the lease has ended";
        stale = FinishNow(job);
        seen.push_back(job);
        return GiveUp{"too late to matter"};
    });
    Order("a", "x");
    EXPECT_EQ(slow->RunDue(), 1);
    EXPECT_REFUSED(stale, reasons::kLeaseLost);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].id, seen[1].id);
    EXPECT_GT(seen[0].fence, seen[1].fence);
    EXPECT_EQ(seen[0].attempt, 2);
    EXPECT_TRUE(Dead().empty());
    EXPECT_EQ(Open(*slow), "none");
}

TEST_P(JobsTest, FinishesInTheTransactionOfItsEffect) {
    const auto runner = MakeNode();
    int runs = 0;
    runner->Register("a", {}, [&](const Job& job) -> Outcome {
        if (++runs == 1) {
            // The effect fails after Finish: neither is stored.
            const auto effect = database().Write([&](db::Transaction& tx) -> Result<> {
                OW_CHECK(Finish(tx, clock_, job));
                return Refuse(reasons::kUnknown);
            });
            EXPECT_FALSE(effect.has_value());
            return Retry{.after = 1s, .why = "effect refused"};
        }
        EXPECT_TRUE(FinishNow(job).has_value());
        return Retry{.why = "an answer that comes after Finish changes nothing"};
    });
    Order("a");
    EXPECT_EQ(runner->RunDue(), 1);
    clock_.Advance(1s);
    EXPECT_EQ(runner->RunDue(), 1);
    clock_.Advance(24h);
    EXPECT_EQ(runner->RunDue(), 0);
    EXPECT_EQ(runs, 2);
}

TEST_P(JobsTest, TriesAgainLaterAndLaterThenGivesUp) {
    const auto runner = MakeNode();
    std::vector<Instant> runs;
    runner->Register("a", {.attempts_max = 5, .backoff = 1s, .backoff_max = 4s},
                     [&](const Job& job) -> Outcome {
                         runs.push_back(clock_.Now());
                         EXPECT_EQ(job.attempt, static_cast<int>(runs.size()));
                         // Cut off within a character if cut by bytes, and no text at all.
                         if (job.attempt == 1)
                             throw std::runtime_error(std::string(499, 'x') + "一窗通");
                         if (job.attempt == 2) throw std::runtime_error("\xff\xfe");
                         return Retry{.why = "agency does not answer"};
                     });
    Order("a", "case 7");
    for (int i = 0; i < 300 && Dead().empty(); ++i) {
        runner->RunDue();
        clock_.Advance(100ms);
    }
    ASSERT_EQ(runs.size(), 5U);
    const std::chrono::milliseconds expected[] = {1s, 2s, 4s, 4s};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_GE(runs[i + 1] - runs[i], expected[i] / 2);
        EXPECT_LE(runs[i + 1] - runs[i], expected[i] + 100ms);
    }
    const auto dead = Dead();
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead[0].why, "agency does not answer");
    EXPECT_EQ(dead[0].job.subject, "case 7");
    EXPECT_EQ(Open(*runner), "ready 0 running 0 waiting 0 dead 1");
    clock_.Advance(24h);
    EXPECT_EQ(runner->RunDue(), 0);
}

TEST_P(JobsTest, WaitingIsNotFailing) {
    const auto runner = MakeNode();
    int runs = 0;
    runner->Register("a", {.attempts_max = 1}, [&](const Job& job) -> Outcome {
        EXPECT_EQ(job.attempt, 1);
        if (++runs == 4) return Done{};
        return Wait{.until = runs == 1 ? clock_.Now() : clock_.Now() + 1h};
    });
    Order("a");
    EXPECT_EQ(runner->RunDue(), 1) << "a wait until now does not run for ever";
    for (int i = 0; i < 3; ++i) {
        clock_.Advance(1h);
        EXPECT_EQ(runner->RunDue(), 1);
    }
    EXPECT_EQ(runs, 4);
    EXPECT_EQ(Open(*runner), "none");
}

TEST_P(JobsTest, OfficersRetryAndCancel) {
    const auto runner = MakeNode();
    bool healed = false;
    std::optional<Result<>> finished;
    runner->Register("a", {}, [&](const Job& job) -> Outcome {
        if (job.subject == "cancelled while running") {
            EXPECT_TRUE(database()
                            .Write([&](db::Transaction& tx) { return Cancel(tx, clock_, job.id); })
                            .has_value());
            finished = FinishNow(job);
            return Done{};
        }
        if (healed) return Done{};
        return GiveUp{.why = "no such office"};
    });
    Order("a", "one");
    Order("a", "two");
    EXPECT_EQ(runner->RunDue(), 2);
    const auto dead = Dead();
    ASSERT_EQ(dead.size(), 2U);
    const auto retry = [&](const JobId& id) {
        return database().Write([&](db::Transaction& tx) { return RetryNow(tx, clock_, id); });
    };
    const auto cancel = [&](const JobId& id) {
        return database().Write([&](db::Transaction& tx) { return Cancel(tx, clock_, id); });
    };
    healed = true;
    ASSERT_OK(retry(dead[0].job.id));
    ASSERT_OK(cancel(dead[1].job.id));
    EXPECT_EQ(runner->RunDue(), 1);
    EXPECT_EQ(Open(*runner), "none");
    EXPECT_REFUSED(retry(dead[0].job.id), reasons::kNotOpen);
    EXPECT_REFUSED(cancel(dead[1].job.id), reasons::kNotOpen);
    EXPECT_REFUSED(retry(JobId("no such")), reasons::kUnknown);
    EXPECT_REFUSED(cancel(JobId("no such")), reasons::kUnknown);

    Order("a", "cancelled while running");
    EXPECT_EQ(runner->RunDue(), 1);
    ASSERT_TRUE(finished.has_value());
    EXPECT_REFUSED(*finished, reasons::kLeaseLost);
    clock_.Advance(24h);
    EXPECT_EQ(runner->RunDue(), 0);
}

TEST_P(JobsTest, ACrashBeforeFinishRunsTheJobAgain) {
    const auto runner = MakeNode();
    int runs = 0;
    runner->Register("a", {.lease = 1min}, [&](const Job&) -> Outcome {
        ++runs;
        return Done{};
    });
    Order("a");
    crash_.armed = true;
    EXPECT_THROW(runner->RunDue(), Crash);
    EXPECT_EQ(runner->RunDue(), 0);
    clock_.Advance(1min);
    EXPECT_EQ(runner->RunDue(), 1);
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(Open(*runner), "none");
}

TEST_P(JobsTest, AJobThatEndsItsProcessEachTimeIsGivenUp) {
    int runs = 0;
    for (int start = 0; start < 5; ++start) {
        const auto runner = MakeNode();
        runner->Register("a", {.attempts_max = 3, .lease = 1min}, [&](const Job&) -> Outcome {
            ++runs;
            throw Crash{};
        });
        if (start == 0) Order("a");
        try {
            runner->RunDue();
        } catch (const Crash&) {
        }
        clock_.Advance(1min);
    }
    EXPECT_EQ(runs, 3);
    EXPECT_EQ(Dead().size(), 1U);
}

TEST_P(JobsTest, AStartTakesBackTheLeasesOfItsNode) {
    Counter done;
    Order("a");
    {
        const auto killed = MakeNode("a");
        killed->Register("a", {.lease = 1h}, [&](const Job&) -> Outcome { throw Crash{}; });
        EXPECT_THROW(killed->RunDue(), Crash);
    }
    const auto again = MakeNode("a");
    again->Register("a", {}, [&](const Job&) -> Outcome {
        done.Add();
        return Done{};
    });
    again->Start(1);
    done.Await(1);
    again->Stop();
    EXPECT_EQ(Open(*again), "none");
}

TEST_P(JobsTest, ManyNodesAndThreadsRunEachJobOnceWithinTheBulkhead) {
    constexpr int kJobs = 60;
    Counter done, running;
    std::mutex mutex;
    std::map<std::string, int> runs;
    std::vector<std::unique_ptr<Runner>> nodes;
    SystemRandom random;  // The seeded one is for one thread.
    for (const char* name : {"a", "b"}) {
        nodes.push_back(MakeRunner({database(), clock_, random, crash_, log::Silent(), name}));
        nodes.back()->Register("a", {.parallel_max = 2}, [&](const Job& job) -> Outcome {
            running.Add();
            {
                const std::lock_guard lock(mutex);
                ++runs[job.subject];
            }
            const bool finished = FinishNow(job).has_value();
            running.Add(-1);
            if (finished) done.Add();
            return Done{};
        });
    }
    for (const auto& node : nodes) node->Start(4);
    for (int i = 0; i < kJobs; ++i) {
        Order("a", std::to_string(i));
        nodes[static_cast<std::size_t>(i) % 2]->Wake();
    }
    done.Await(kJobs);
    for (const auto& node : nodes) node->Stop();
    EXPECT_EQ(done.count(), kJobs);
    EXPECT_LE(running.most(), 4) << "two on each node";
    EXPECT_EQ(runs.size(), static_cast<std::size_t>(kJobs));
    for (const auto& [subject, count] : runs) EXPECT_EQ(count, 1) << subject;
    EXPECT_EQ(Open(*nodes[0]), "none");
}

}  // namespace
}  // namespace onewindow::jobs
