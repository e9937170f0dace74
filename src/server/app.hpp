#pragma once

#include <memory>

#include "kernel/http/server.hpp"
#include "server/replay.hpp"
#include "server/settings.hpp"

namespace onewindow::server {

/// The whole service: rooms wired together, listening, working off jobs. Everything that it needs
/// is started by Start and stopped by Drain or the destructor.
class App {
 public:
    /// Opens and migrates the database, loads keys (made in demo mode only), seeds reference data
    /// in demo mode, listens.
    static Result<std::unique_ptr<App>> Start(const Settings& settings);
    /// The OpenAPI document; needs neither data nor network.
    static Result<json::object> OpenApi();
    /// Rebuilds the tables of all cases from the timeline and compares them with the store's; nobody may be writing.
    static Result<ReplayReport> Replay(const std::string& data, const std::string& database_url);
    ~App();

    int port() const;
    /// The storage can no longer be trusted; the process has to end and be started again.
    bool broken() const;
    /// Finishes what is in flight, accepts no more.
    void Drain();

 private:
    struct Parts;
    explicit App(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// Creates the schema.
Result<int> RunMigrations(const std::string& database_url);

}  // namespace onewindow::server
