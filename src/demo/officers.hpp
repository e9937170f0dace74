#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "demo/applicant.hpp"

namespace onewindow::demo {

/// The people behind the counters, as clients of their own: a registrar who decides what the rules referred, and a window
/// clerk who scans in what was made. They log in with the accounts of DIR/demo_accounts.json.
class Officers {
   public:
    static Result<std::unique_ptr<Officers>> Start(const World& world, const std::string& accounts_file, const Clock& clock);
    ~Officers();
    void Stop();

    /// The clerk looks after this case's kit from now on.
    void Watch(const Filed& filed);
    int decided() const { return decided_; }
    int scanned() const { return scanned_; }

   private:
    Officers(const World& world, const Clock& clock) : world_(world), clock_(clock) {}
    Result<> DecideNext(ApiClient& registrar, bool& found);
    Result<> ScanKits(ApiClient& clerk);
    Result<bool> ScanKit(ApiClient& clerk, Filed& filed);

    const World& world_;
    const Clock& clock_;
    std::atomic<int> decided_{0}, scanned_{0};
    std::mutex mutex_;
    std::vector<Filed> watched_;
    std::jthread registrar_, clerk_;
};

}  // namespace onewindow::demo
