#pragma once

#include <cstdint>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>

#include "kernel/messages/messages.hpp"

namespace onewindow::demo {

/// Fills up to `columns` of a terminal, where a Chinese character takes two.
std::string Pad(std::string_view text, std::size_t columns);

/// A stretch of time as people say it: 0.4 秒, 12 秒, 3 分 05 秒, 3 小时 30 分.
std::string Spell(std::int64_t ms);

/// What the demo says to people, in Chinese, line by line, from many threads.
class Display {
   public:
    Display(std::ostream& out, const messages::Messages& texts, bool quiet)
        : out_(out), texts_(texts), quiet_(quiet) {}

    /// The text of `demo.<key>`.
    std::string Text(std::string_view key, const std::map<std::string, std::string>& arguments = {}) const;
    /// Progress: left out when quiet.
    void Say(const std::string& line);
    /// Results: always.
    void Print(const std::string& line);

   private:
    std::ostream& out_;
    const messages::Messages& texts_;
    const bool quiet_;
    std::mutex mutex_;
};

}  // namespace onewindow::demo
