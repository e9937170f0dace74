#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "agencies/message.hpp"
#include "agencies/register_file.hpp"
#include "agencies/results.hpp"

namespace onewindow::agencies {

/// An effect: a message that was applied, once for each (case, matter, version), with what was
/// answered.
struct Effect {
    std::string key;  // "case/matter/version"
    json::value message;
    std::string payload_sm3, receipt;
    Instant at;
    std::int64_t ordinal = 0;  // Of the case, from 1.
    std::vector<json::object>
        answers;           // The first is "received", which its sender learned from the 202.
    std::size_t told = 1;  // Answers that OneWindow has.
    bool worked = false;
};

/// The register: effects and answers, in memory and in a file that is read at the start. Safe from
/// many threads.
class Register {
 public:
    Result<> Open(const std::string& path);

    std::optional<Effect> Find(const std::string& key) const;
    /// Applies a message; the effect that is there already where the key is known.
    Result<Effect> Apply(const std::string& body, const std::string& receipt, Instant now);
    /// Does the work, once; gives the answers.
    Result<Effect> Work(const std::string& key, Instant now);
    /// One more of its answers was taken.
    Result<> Told(const std::string& key, Instant now);
    std::vector<std::string> Unfinished() const;
    /// {"entries": […at most 200…], "next"}: answers since `since`, behind the cursor `after`.
    json::object Page(Instant since, std::size_t after) const;
    std::int64_t effects() const;

 private:
    Result<> Read(const json::value& line);
    void Keep(const std::string& key, json::object answer, Instant at);

    mutable std::mutex mutex_;
    RegisterFile file_;
    std::map<std::string, Effect> effects_;
    std::map<std::string, std::int64_t> ordinals_;
    std::vector<json::object> entries_;  // Answers in the order of the file, with payload_sm3.
    std::vector<Instant> times_;
};

}  // namespace onewindow::agencies
