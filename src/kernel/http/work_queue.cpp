#include "kernel/http/work_queue.hpp"

#include <utility>

namespace onewindow::http {

WorkQueue::WorkQueue(int workers, std::size_t waiting_max) : waiting_max_(waiting_max) {
    for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { RunWorker(); });
}

WorkQueue::~WorkQueue() { Stop(); }

bool WorkQueue::TryPush(std::shared_ptr<Work> work) {
    {
        const std::lock_guard lock(mutex_);
        // What an idle worker is about to take does not count as waiting.
        if (stopped_ || waiting_.size() >= waiting_max_ + idle_) return false;
        waiting_.push_back(std::move(work));
    }
    changed_.notify_one();
    return true;
}

void WorkQueue::RefuseWaiting() {
    std::deque<std::shared_ptr<Work>> refused;
    {
        const std::lock_guard lock(mutex_);
        refused.swap(waiting_);
    }
    for (const auto& work : refused) work->Refuse();
}

void WorkQueue::Stop() {
    std::deque<std::shared_ptr<Work>> dropped;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        dropped.swap(waiting_);
    }
    changed_.notify_all();
    for (auto& worker : workers_) {
        if (worker.joinable()) worker.join();
    }
}

void WorkQueue::RunWorker() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
        --idle_;
        if (stopped_) return;
        auto work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work->Run();
        work.reset();
        lock.lock();
    }
}

}  // namespace onewindow::http
