#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

// Inside kernel/http only.
namespace onewindow::http {

class Work {
   public:
    virtual ~Work() = default;
    /// On a worker; does not throw.
    virtual void Run() = 0;
    /// Instead of Run, where the queue was given up.
    virtual void Refuse() = 0;
};

/// A fixed number of threads that take work in order from a bounded queue.
class WorkQueue {
   public:
    WorkQueue(int workers, std::size_t waiting_max);
    ~WorkQueue();

    /// False where the queue is full or stopped; never waits.
    bool TryPush(std::shared_ptr<Work> work);
    /// Refuses all that waits; what runs goes on.
    void RefuseWaiting();
    /// Drops what waits, and returns when the workers have ended.
    void Stop();

   private:
    void RunWorker();

    const std::size_t waiting_max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<Work>> waiting_;
    std::size_t idle_ = 0;
    bool stopped_ = false;
    std::vector<std::thread> workers_;
};

}  // namespace onewindow::http
