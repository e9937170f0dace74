#include "server/app.hpp"

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "kernel/documents/page.hpp"
#include "kernel/embedded.hpp"
#include "kernel/files/files.hpp"
#include "kernel/ledger/ledger.hpp"
#include "server/contract.hpp"
#include "server/demo_clock.hpp"
#include "server/first_page.hpp"
#include "server/name_commands.hpp"
#include "server/rooms.hpp"
#include "server/storage.hpp"

namespace onewindow::server {
namespace {

/// Numbers the ledger's leaves and wakes waiting jobs' readers; not in requests (architecture
/// decision 8).
class Sequencer {
 public:
    Sequencer(db::Database& database, log::Log& log)
        : thread_(
              [this, &database, &log](const std::stop_token& stop) { Run(database, log, stop); }) {}
    ~Sequencer() { Stop(); }
    void Stop() {
        thread_.request_stop();
        changed_.notify_all();
        if (thread_.joinable()) thread_.join();
    }

 private:
    void Run(db::Database& database, log::Log& log, const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
            const auto numbered = ledger::Sequence(database);
            if (!numbered)
                log.Warn("ledger_not_sequenced", {{"detail", numbered.error().Describe()}});
            changed_.wait_for(lock, std::chrono::seconds(1), [&] { return stop.stop_requested(); });
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::jthread thread_;
};

/// Reference data and code blocks that a fresh database lacks.
Result<> Seed(db::Database& database, const Clock& clock, bool demo) {
    OW_TRY(const std::vector<reference::Dataset> seed, reference::SeedDatasets());
    OW_CHECK(database.Write(
        [&](db::Transaction& tx) { return reference::SeedReference(tx, seed, clock.Now()); }));
    if (!demo) return {};
    const reference::SnapshotPointer snapshot = reference::SeedSnapshot();
    return database.Write(
        [&](db::Transaction& tx) -> Result<> { return licence::SeedDemoPools(tx, *snapshot); });
}

}  // namespace

struct App::Parts {
    Settings settings;
    SystemClock machine_clock;
    std::unique_ptr<SystemClock> clock;
    SystemRandom random;
    std::unique_ptr<log::Log> log;
    std::unique_ptr<metrics::Metrics> metrics = metrics::MakeMetrics();
    const messages::Messages& messages = Texts();
    std::unique_ptr<db::Database> database;
    std::unique_ptr<sealing::Sealer> sealer;
    std::unique_ptr<EnvironmentCrashPoints> crash;
    std::unique_ptr<http::Outside> outside = http::MakeOutside();
    std::unique_ptr<mail::Sender> mail = mail::MakeSmtpSender();
    std::unique_ptr<api::Services> services;
    std::unique_ptr<Ground> ground;
    std::unique_ptr<Rooms> rooms;
    std::unique_ptr<api::Authenticator> authenticator;
    std::unique_ptr<api::Router> router;
    std::unique_ptr<jobs::Runner> runner;
    std::unique_ptr<Sequencer> sequencer;
    std::unique_ptr<http::Server> server;
    std::string public_url;

    Result<> OpenStorage();
    Result<> Stand(const std::string& data, const std::string& database_url, bool make_keys);
    Result<> WireRooms();
    Result<> Listen();
    http::Response Handle(http::Request& request);
};

Result<> App::Parts::OpenStorage() {
    OW_CHECK(files::MakeDirectory(settings.data, 0750));
    OW_CHECK(files::MakeDirectory(settings.data + "/keys", 0700));
    OW_CHECK(files::MakeDirectory(settings.data + "/blobs", 0750));
    OW_TRY(const auto shift, DemoShift(settings.data, machine_clock, *reference::SeedSnapshot(),
                                       !settings.demo || settings.real_clock));
    clock = std::make_unique<SystemClock>(shift);
    log = log::MakeLog(2, log::Level::kInfo, *clock);
    OW_TRY(sealing::Sealer::Keys keys, sealing::LoadKeys(settings.data, settings.demo, random));
    sealer = std::make_unique<sealing::Sealer>(std::move(keys), random);
    const char* const order = std::getenv("ONEWINDOW_CRASH_AT");
    crash = std::make_unique<EnvironmentCrashPoints>(order == nullptr ? "" : order);
    OW_TRY(database, db::Open(settings.database));
    const std::vector<db::Migration> migrations = embedded::AllMigrations();
    OW_CHECK(db::Migrate(*database, migrations));
    return Seed(*database, *clock, settings.demo);
}

Result<> App::Parts::WireRooms() {
    OW_TRY(crypto::Sm2PrivateKey key, LoadSigningKey(settings.data, settings.demo));
    OW_TRY(std::string ca_root, files::ReadFile(settings.ca_certificate));
    services = std::make_unique<api::Services>(
        api::Services{*database, *clock, random, *sealer, messages, *log, *metrics});
    public_url = settings.public_url.empty() ? "http://" + settings.listen : settings.public_url;
    ground = std::make_unique<Ground>(Ground{*services, *crash, *outside, *mail, settings,
                                             std::string(kKeyId), std::move(key),
                                             std::move(ca_root), public_url});
    rooms = std::make_unique<Rooms>(*ground);
    OW_TRY(const std::string names_from,
           rooms->names().Start(*database, NameSnapshotPath(settings.data)));
    log->Info("names_loaded",
              {{"from", names_from},
               {"names", static_cast<std::int64_t>(rooms->names().index().stats().names)}});
    rooms->names().Watch(100, [this](const std::string& name) {
        log->Error("name_index_differs", {{"name", name}});
    });
    authenticator = auth::MakeAuthenticator(*services);
    router = std::make_unique<api::Router>(*services, authenticator.get());
    router->arguments_of = [this](const Fault& fault, messages::Language language) {
        return forms::ArgumentsOf(messages, language, fault);
    };
    rooms->AddRoutes(*router);
    AddFirstPage(*router, *services, settings.demo);
    runner = jobs::MakeRunner({*database, *clock, random, *crash, *log, "node-1"});
    rooms->RegisterJobs(*runner);
    OW_CHECK(database->Write([&](db::Transaction& tx) { return rooms->OrderRecurringJobs(tx); }));
    metrics->BeforeScrape([this] { SetGauges(*metrics, *database, *server, *runner); });
    return {};
}

Result<> App::Parts::Listen() {
    http::ServerOptions options;
    options.listen = settings.listen;
    options.workers = static_cast<int>(settings.workers);
    options.public_hosts = settings.public_hosts;
    options.on_bug = [this](std::string_view what) {
        log->Error("handler_threw", {{"detail", what}});
    };
    OW_TRY(server, http::StartServer(
                       options, [this](http::Request& request) { return Handle(request); },
                       [this](const Reason& reason) {
                           return router->Problem(Error(Fault{&reason, {}, {}}),
                                                  messages::Language::kChinese, "");
                       }));
    sequencer = std::make_unique<Sequencer>(*database, *log);
    rooms->feed().Start();
    runner->Start(static_cast<int>(settings.job_threads));
    // The first document of a thread is slow: fonts are loaded here, not while somebody waits for a
    // licence.
    documents::WarmUp();
    log->Info("started", {{"port", server->port()}, {"demo", settings.demo}});
    return {};
}

http::Response App::Parts::Handle(http::Request& request) {
    // A store that failed an fsync answers nothing more: unknown outcomes would pile up (promises
    // 1, finding 2).
    http::Response response = router->Handle(request);
    if (response.status < 300 && request.method != "GET" && request.method != "HEAD")
        runner->Wake();
    return response;
}

App::App(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

App::~App() { Drain(); }

Result<std::unique_ptr<App>> App::Start(const Settings& settings) {
    auto parts = std::make_unique<Parts>();
    parts->settings = settings;
    OW_CHECK(parts->OpenStorage());
    OW_CHECK(parts->WireRooms());
    OW_CHECK(parts->Listen());
    return std::unique_ptr<App>(new App(std::move(parts)));
}

int App::port() const { return parts_->server->port(); }

bool App::broken() const { return parts_->database->broken(); }

void App::Drain() {
    if (parts_ == nullptr || parts_->server == nullptr) return;
    parts_->server->Drain();
    parts_->runner->Stop();
    parts_->rooms->feed().Stop();
    parts_->sequencer->Stop();
    parts_->log->Info("stopped", {});
    parts_->server.reset();
}

/// Rooms that stand on a store without listening or working off jobs.
Result<> App::Parts::Stand(const std::string& data, const std::string& database_url,
                           bool make_keys) {
    settings.data = data;
    log = log::MakeLog(2, log::Level::kError, machine_clock);
    OW_TRY(database, db::Open(database_url));
    OW_TRY(sealing::Sealer::Keys keys, sealing::LoadKeys(data, make_keys, random));
    sealer = std::make_unique<sealing::Sealer>(std::move(keys), random);
    services = std::make_unique<api::Services>(
        api::Services{*database, machine_clock, random, *sealer, messages, *log, *metrics});
    crash = std::make_unique<EnvironmentCrashPoints>("");
    ground = std::make_unique<Ground>(Ground{*services, *crash, *outside, *mail, settings,
                                             std::string(kKeyId), crypto::Sm2PrivateKey::Generate(),
                                             "", ""});
    rooms = std::make_unique<Rooms>(*ground);
    return {};
}

namespace {

/// Calls with a fresh folder that goes away afterwards.
template <class F>
auto InTemporaryFolder(F&& use) -> std::invoke_result_t<F, const std::string&> {
    std::string folder = std::filesystem::temp_directory_path() / "onewindow-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) return Refuse(files::reasons::kCannotWrite);
    auto answer = use(std::as_const(folder));
    std::filesystem::remove_all(folder);
    return answer;
}

}  // namespace

Result<json::object> App::OpenApi() {
    // Routes are declared by living rooms; these stand on an empty store that nobody asks.
    return InTemporaryFolder([](const std::string& folder) -> Result<json::object> {
        Parts parts;
        OW_CHECK(files::MakeDirectory(folder + "/keys", 0700));
        OW_CHECK(parts.Stand(folder, "sqlite:" + folder + "/empty.db", true));
        parts.router = std::make_unique<api::Router>(*parts.services, nullptr);
        parts.rooms->AddRoutes(*parts.router);
        AddFirstPage(*parts.router, *parts.services, false);
        return DescribeContract(*parts.router);
    });
}

Result<ReplayReport> App::Replay(const std::string& data, const std::string& database_url) {
    return InTemporaryFolder([&](const std::string& folder) -> Result<ReplayReport> {
        Parts parts;
        OW_CHECK(parts.Stand(data, database_url, false));
        return ReplayAndCompare(*parts.services, parts.rooms->event_kinds(), folder);
    });
}

Result<int> RunMigrations(const std::string& database_url) {
    OW_TRY(const auto database, db::Open(database_url));
    const std::vector<db::Migration> migrations = embedded::AllMigrations();
    return db::Migrate(*database, migrations);
}

}  // namespace onewindow::server
