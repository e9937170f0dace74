#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "kernel/clock/clock.hpp"

namespace onewindow::api {

/// Token buckets, one a key, in a bounded table: the key that was quiet longest is forgotten first,
/// which gives it a full bucket again. Safe from many threads.
class RateLimiter {
 public:
    explicit RateLimiter(std::size_t keys_max) : keys_max_(keys_max) {}

    /// 0: go ahead; else the whole seconds after which to try again.
    int Take(const std::string& key, int per_minute, Monotonic now);

 private:
    struct Bucket {
        std::string key;
        double tokens;
        Monotonic at;
    };
    std::size_t keys_max_;
    std::mutex mutex_;
    std::list<Bucket> recent_;  // The latest in front.
    std::unordered_map<std::string, std::list<Bucket>::iterator> by_key_;
};

}  // namespace onewindow::api
