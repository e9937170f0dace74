#include "kernel/api/limiter.hpp"

#include <algorithm>
#include <cmath>

namespace onewindow::api {

int RateLimiter::Take(const std::string& key, int per_minute, Monotonic now) {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) {
        if (by_key_.size() >= keys_max_) {
            by_key_.erase(recent_.back().key);
            recent_.pop_back();
        }
        recent_.push_front({key, static_cast<double>(per_minute), now});
        by_key_[key] = recent_.begin();
    } else {
        recent_.splice(recent_.begin(), recent_, found->second);
    }
    Bucket& bucket = recent_.front();
    const double per_second = per_minute / 60.0;
    const double elapsed = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens = std::min<double>(per_minute, bucket.tokens + elapsed * per_second);
    bucket.at = now;
    if (bucket.tokens < 1) {
        return std::max(1, static_cast<int>(std::ceil((1 - bucket.tokens) / per_second)));
    }
    bucket.tokens -= 1;
    return 0;
}

}  // namespace onewindow::api
