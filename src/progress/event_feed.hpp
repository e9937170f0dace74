#pragma once

#include <atomic>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <thread>

#include "kernel/http/message.hpp"
#include "progress/events.hpp"

namespace onewindow::progress {

/// Feeds the event streams (SSE) of this process from the stored events, so that any node can serve
/// any case. One thread looks every 200 ms, and at once after Wake(); it asks the database only
/// where somebody listens.
class EventFeed {
 public:
    struct Options {
        std::chrono::milliseconds poll{200};
        std::chrono::seconds heartbeat{15};  // A comment, so that proxies keep the connection.
        std::chrono::minutes life{15};       // Then the client comes back and is authorised again.
    };
    EventFeed(api::Services& services, Options options);
    ~EventFeed();

    /// Begins the thread; Stop, or the end of the object, joins it and closes all streams.
    void Start();
    void Stop();

    /// Sends all events of the case after `after`, then each new one, until the client is gone.
    void Subscribe(const CaseId& case_id, std::int64_t after,
                   const std::shared_ptr<http::Stream>& stream);
    /// Look now. Cheap; for commits of this process.
    void Wake();
    /// One look at the database; the thread does nothing else. True if a full page was sent: look
    /// again.
    bool Poll();
    std::size_t subscribers() const;

 private:
    struct Subscriber {
        CaseId case_id;
        std::int64_t after = 0;
        std::shared_ptr<http::Stream> stream;
        Monotonic since{0}, spoken{0};
    };
    void Run();
    void Adopt();
    /// Cases among those listened to that have events which somebody has not been sent.
    Result<std::map<CaseId, std::int64_t>> FindNews() const;
    Result<bool> SendNews(const CaseId& case_id);
    void Beat();

    api::Services& services_;
    const Options options_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false, woken_ = false;
    std::list<Subscriber> arrived_;  // Under mutex_; the rest belongs to whoever polls.
    std::mutex polling_;
    std::list<Subscriber> subscribers_;
    std::atomic<std::size_t> count_{0};
    std::thread thread_;
};

}  // namespace onewindow::progress
