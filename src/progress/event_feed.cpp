#include "progress/event_feed.hpp"

#include <algorithm>
#include <limits>

#include "progress/event_text.hpp"
#include "progress/queries.gen.hpp"

namespace onewindow::progress {
namespace {

constexpr std::int64_t kPage = 100;
constexpr std::size_t kCasesAQuery = 16;  // As many as queries/list_sequences.sql has parameters.

std::string FrameOf(const messages::Messages& messages, const StoredEvent& stored) {
    // JSON text holds no line breaks, so that one data line is enough.
    return "id: " + std::to_string(stored.sequence) + "\nevent: " + stored.event.kind +
           "\ndata: " + json::Text(json::Write(ViewOf(messages, stored))) + "\n\n";
}

}  // namespace

EventFeed::EventFeed(api::Services& services, Options options)
    : services_(services), options_(options) {}

EventFeed::~EventFeed() { Stop(); }

void EventFeed::Start() {
    OW_ASSERT(!thread_.joinable());
    stopping_ = false;
    thread_ = std::thread([this] { Run(); });
}

void EventFeed::Stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    Adopt();
    const std::lock_guard polling(polling_);
    for (Subscriber& subscriber : subscribers_) subscriber.stream->Close();
    subscribers_.clear();
    count_ = 0;
}

void EventFeed::Subscribe(const CaseId& case_id, std::int64_t after,
                          const std::shared_ptr<http::Stream>& stream) {
    const Monotonic now = services_.clock.Ticks();
    // The first bytes tell the page that the stream stands, and how long to wait before the next
    // try.
    if (!stream->Send("retry: 2000\n\n")) return;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return stream->Close();
        arrived_.push_back({case_id, after, stream, now, now});
        ++count_;
        woken_ = true;
    }
    changed_.notify_all();
}

void EventFeed::Wake() {
    if (count_ == 0) return;
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

std::size_t EventFeed::subscribers() const { return count_; }

void EventFeed::Run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        // With nobody listening there is nothing to look for.
        const auto due = [this] { return stopping_ || woken_; };
        if (count_ == 0) {
            changed_.wait(lock, due);
        } else {
            changed_.wait_for(lock, options_.poll, due);
        }
        if (stopping_) return;
        woken_ = false;
        lock.unlock();
        const bool more = Poll();
        lock.lock();
        woken_ |= more;
    }
}

void EventFeed::Adopt() {
    const std::scoped_lock lock(polling_, mutex_);
    subscribers_.splice(subscribers_.end(), arrived_);
}

Result<std::map<CaseId, std::int64_t>> EventFeed::FindNews() const {
    std::map<CaseId, std::int64_t> sent;  // Least sequence that some listener of the case has.
    for (const Subscriber& subscriber : subscribers_) {
        const auto [entry, fresh] = sent.emplace(subscriber.case_id, subscriber.after);
        if (!fresh) entry->second = std::min(entry->second, subscriber.after);
    }
    std::map<CaseId, std::int64_t> news;
    for (auto next = sent.begin(); next != sent.end();) {
        std::vector<db::Value> cases;
        for (; next != sent.end() && cases.size() < kCasesAQuery; ++next) {
            cases.emplace_back(next->first.value());
        }
        cases.resize(kCasesAQuery, cases.back());
        OW_TRY(const db::Rows rows, services_.database.Read([&](db::Transaction& tx) {
            return tx.Run(queries::kListSequences, cases);
        }));
        for (const db::Row& row : rows) {
            const auto found = sent.find(row.As<CaseId>("case_id"));
            if (row.Int("next_sequence") - 1 > found->second) news.insert(*found);
        }
    }
    return news;
}

Result<bool> EventFeed::SendNews(const CaseId& case_id) {
    std::int64_t after = std::numeric_limits<std::int64_t>::max();
    for (const Subscriber& subscriber : subscribers_) {
        if (subscriber.case_id == case_id) after = std::min(after, subscriber.after);
    }
    OW_TRY(const auto events, services_.database.Read([&](db::Transaction& tx) {
        return ReadTimeline(tx, case_id, after, kPage);
    }));
    for (const StoredEvent& stored : events) {
        const std::string frame = FrameOf(services_.messages, stored);
        for (Subscriber& subscriber : subscribers_) {
            if (subscriber.case_id != case_id || subscriber.after >= stored.sequence) continue;
            // A client that does not take it is dropped by Beat; it resumes by Last-Event-ID.
            if (!subscriber.stream->Send(frame)) subscriber.stream->Close();
            subscriber.after = stored.sequence;
            subscriber.spoken = services_.clock.Ticks();
        }
    }
    return static_cast<std::int64_t>(events.size()) == kPage;
}

void EventFeed::Beat() {
    const Monotonic now = services_.clock.Ticks();
    const std::size_t before = subscribers_.size();
    subscribers_.remove_if([&](Subscriber& subscriber) {
        if (now - subscriber.since >= options_.life) subscriber.stream->Close();
        if (subscriber.stream->IsOpen() && now - subscriber.spoken >= options_.heartbeat) {
            if (!subscriber.stream->Send(":\n\n")) subscriber.stream->Close();
            subscriber.spoken = now;
        }
        return !subscriber.stream->IsOpen();
    });
    count_ -= before - subscribers_.size();
}

bool EventFeed::Poll() {
    Adopt();
    const std::lock_guard polling(polling_);
    bool more = false;
    const auto news = FindNews();
    if (!news) {
        services_.log.Warn("event_feed_failed", {{"error", news.error().Describe()}});
    } else {
        for (const auto& [case_id, after] : *news) {
            const auto sent = SendNews(case_id);
            if (!sent)
                services_.log.Warn("event_feed_failed", {{"error", sent.error().Describe()}});
            more |= sent && *sent;
        }
    }
    Beat();
    return more;
}

}  // namespace onewindow::progress
