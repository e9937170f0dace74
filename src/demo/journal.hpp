#pragma once

#include <condition_variable>
#include <fstream>
#include <functional>
#include <mutex>
#include <vector>

#include "kernel/http/client.hpp"
#include "kernel/json/json.hpp"

namespace onewindow::demo {

/// A write that the service acknowledged, complete enough to be sent once more.
struct Step {
    std::string token, method, path, key, body;
    std::int64_t if_match = -1;
    int status = 0;
    std::string answer;
};

/// Requests that were under way when the service went away and got no answer.
struct Cut {
    int reads = 0, writes = 0;
};

/// What the clients were told, kept on their side: the other half of the promise that nothing acknowledged is lost.
/// Safe from many threads.
class Journal {
   public:
    /// Each step is also a line of this file, so that others can check it against the store.
    Result<> Open(const std::string& file);

    /// Sends by `send`, and knows of it meanwhile. Waits while the service is away on purpose.
    Result<http::Answer> Send(bool write, const std::function<Result<http::Answer>()>& send);
    /// `resent`: an earlier sending had no answer. `replayed`: the service says that it had stored this before.
    void Acknowledge(Step step, bool resent, bool replayed);

    /// From now on whatever is under way and gets no answer was cut; nothing new is sent until EndOutage.
    void BeginOutage();
    void EndOutage();

    std::vector<Step> Steps() const;
    std::size_t size() const;
    int writes_under_way() const;
    /// One an outage. Complete once everything that was under way has ended.
    std::vector<Cut> Cuts() const;
    /// Writes whose first answer was lost: those that were found stored, those that were not.
    int stored() const;
    int not_stored() const;

   private:
    mutable std::mutex mutex_;
    std::condition_variable gate_;
    bool closed_ = false;
    int writes_under_way_ = 0, stored_ = 0, not_stored_ = 0;
    std::vector<Cut> cuts_;
    std::vector<Step> steps_;
    std::ofstream file_;
};

}  // namespace onewindow::demo
