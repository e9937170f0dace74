#pragma once

#include <map>
#include <memory>

#include "demo/applicant.hpp"
#include "kernel/process/process.hpp"

namespace onewindow::demo {

/// How the reference agencies behave.
struct Manners {
    int slow_ms = 0, slow_percent = 100, lose_percent = 0, repeat_percent = 0, lie_percent = 0;
};

struct TownOptions {
    std::string binary;  // Our own, started again with other commands.
    std::string data;
    std::string database;  // URL; empty: SQLite under `data`.
    std::string listen = "127.0.0.1:0";
    std::chrono::milliseconds clock_shift{0};
    Manners manners;
};

/// The service and every reference agency, each a process of its own on loopback.
class Town {
   public:
    /// Starts the agencies, writes DIR/agencies.toml and DIR/onewindow.toml, starts the service and waits until it answers.
    static Result<std::unique_ptr<Town>> Start(const TownOptions& options);
    ~Town();

    const std::string& url() const { return url_; }
    const std::string& identity_url() const { return identity_url_; }
    /// The service first, so that it finishes what it has with its agencies still there.
    int Stop();
    /// SIGKILL for the service alone; StartService brings it back on the same port, with an order for a crash point
    /// ("name:n") if one is given. Both from the thread that started the town: children end with their parent's thread.
    void KillService();
    Result<> StartService(const std::string& crash_at = "");
    bool ServiceRuns();

   private:
    Town() = default;
    struct Started {
        std::string kind, url, key_id, algorithm, public_key;
    };
    Result<Started> StartAgency(const std::string& kind);
    Result<> WriteSettings(const std::vector<Started>& agencies, const std::string& ca_url, const std::string& sms_url);

    TownOptions options_;
    std::string url_, identity_url_, identity_secret_;
    int port_ = 0;
    std::vector<std::unique_ptr<process::Child>> agencies_;
    std::unique_ptr<process::Child> service_;
};

inline constexpr std::string_view kIdentityClient = "onewindow";

}  // namespace onewindow::demo
