#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "agencies/agency.hpp"
#include "agencies/ca_service.hpp"
#include "agencies/identity_service.hpp"
#include "agencies/sms_sink.hpp"
#include "demo/run_demo.hpp"
#include "kernel/files/files.hpp"
#include "server/commands.hpp"
#include "server/demo_clock.hpp"
#include "server/demo_posts.hpp"
#include "server/offline.hpp"

// `agency` and `demo`: the processes beside the service.
namespace onewindow::server {
namespace {

struct AgencyArguments {
    std::string kind, listen = "127.0.0.1:0", directory, onewindow, onewindow_key, client;
    std::int64_t clock_shift = 0, slow = 0;
    int slow_percent = 100, lose = 0, lie = 0, repeat = 0;
};

void Announce(const json::object& facts) { std::cout << json::Text(facts) << std::endl; }

void WaitForStop() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    int signal = 0;
    sigwait(&signals, &signal);
}

std::string UrlOf(int port) { return "http://127.0.0.1:" + std::to_string(port); }

/// The identity service, the CA and the SMS sink have interfaces of their own.
Result<bool> RunAdapter(const AgencyArguments& arguments, const Clock& clock, Random& random, log::Log& log) {
    std::unique_ptr<http::Server> server;
    json::object facts{{"kind", arguments.kind}};
    if (arguments.kind == "identity") {
        const std::size_t colon = arguments.client.find(':');
        std::map<std::string, std::string> clients;
        if (colon != std::string::npos) clients[arguments.client.substr(0, colon)] = arguments.client.substr(colon + 1);
        OW_TRY(server, agencies::StartIdentityService({.listen = arguments.listen, .directory = arguments.directory, .clock = clock,
                                                       .random = random, .log = log, .clients = clients}));
    } else if (arguments.kind == "ca") {
        OW_TRY(const std::string root, agencies::CaRoot(arguments.directory, clock, random));
        facts["public_key"] = crypto::Base64(root);
        OW_TRY(server, agencies::StartCaService({.listen = arguments.listen, .directory = arguments.directory, .clock = clock,
                                                 .random = random, .log = log, .base_url = "", .clients = {}}));
    } else if (arguments.kind == "sms") {
        OW_TRY(server, agencies::StartSmsSink({.listen = arguments.listen, .directory = arguments.directory}));
    } else {
        return false;
    }
    facts["port"] = server->port();
    facts["url"] = UrlOf(server->port()) + (arguments.kind == "sms" ? "/messages" : "");
    Announce(facts);
    WaitForStop();
    server->Drain();
    return true;
}

Result<> RunAgency(const AgencyArguments& arguments) {
    // Blocked before any thread starts, so that only WaitForStop takes them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const SystemClock clock{std::chrono::milliseconds(arguments.clock_shift)};
    SystemRandom random;
    const auto log = log::MakeLog(2, log::Level::kInfo, clock);
    OW_CHECK(files::MakeDirectory(arguments.directory, 0700));
    OW_TRY(const bool adapter, RunAdapter(arguments, clock, random, *log));
    if (adapter) return {};
    OW_TRY(const std::string key, files::ReadFile(arguments.onewindow_key));
    OW_TRY(const auto agency, agencies::Agency::Start({.kind = arguments.kind,
                                                       .listen = arguments.listen,
                                                       .directory = arguments.directory,
                                                       .onewindow_url = arguments.onewindow,
                                                       .onewindow_public_key = key,
                                                       .slow = std::chrono::milliseconds(arguments.slow),
                                                       .slow_percent = arguments.slow_percent,
                                                       .lose_percent = arguments.lose,
                                                       .lie_percent = arguments.lie,
                                                       .repeat_percent = arguments.repeat,
                                                       .clock = clock,
                                                       .random = random,
                                                       .log = *log}));
    Announce({{"kind", arguments.kind}, {"port", agency->port()}, {"url", UrlOf(agency->port())}, {"key_id", agency->key_id()},
              {"algorithm", agency->algorithm()}, {"public_key", agency->public_key()}});
    WaitForStop();
    agency->Stop();
    return {};
}

struct DemoArguments {
    std::string data = "var/demo/data", database, listen = "127.0.0.1:0", samples = "samples", out;
    int applications = 0, slow = 0, slow_percent = 100, lose = 0, lie = 0, repeat = 0, parallel = 8, kill_rounds = 0;
    std::vector<std::string> crash_at;
    std::uint64_t seed = 1;
    bool stay = false, quiet = false, bare = false, real_clock = false;
};

Result<int> RunDemoCommand(const DemoArguments& arguments) {
    {
        // Keys, reference data, posts: closed again before the service opens the database.
        OW_TRY(const auto storage, OpenStorage(arguments.data, arguments.database, true));
        OW_CHECK(LoadSigningKey(arguments.data, true));
        OW_CHECK(SeedDemoPosts(*storage, arguments.data));
    }
    const SystemClock machine;
    const reference::SnapshotPointer reference = reference::SeedSnapshot();
    OW_TRY(const auto shift, DemoShift(arguments.data, machine, *reference, arguments.real_clock));
    const SystemClock clock{shift};
    demo::DemoOptions options;
    options.town.binary = std::filesystem::read_symlink("/proc/self/exe").string();
    options.town.data = arguments.data;
    options.town.database = arguments.database;
    options.town.listen = arguments.listen;
    options.town.clock_shift = shift;
    options.town.manners = {arguments.slow, arguments.slow_percent, arguments.lose, arguments.repeat, arguments.lie};
    options.samples = arguments.samples;
    options.out = arguments.out;
    options.applications = arguments.applications;
    options.one_sample = arguments.stay;
    options.stay = arguments.stay;
    options.quiet = arguments.quiet;
    options.bare = arguments.bare;
    options.parallel = arguments.parallel;
    options.outages = {arguments.kill_rounds, arguments.crash_at, arguments.seed};
    return demo::RunDemo(options, clock, *reference, Texts(), std::cout, std::cerr);
}

}  // namespace

void AddProcesses(CLI::App& app, int& status) {
    auto agency = std::make_shared<AgencyArguments>();
    CLI::App* command = app.add_subcommand("agency", "Runs one reference agency until it is stopped");
    command->add_option("--kind", agency->kind, "social_insurance, medical_insurance, housing_fund, seals, tax, bank, post, registration, identity, ca, sms")->required();
    command->add_option("--listen", agency->listen)->capture_default_str();
    command->add_option("--directory", agency->directory, "its key and ledger")->required();
    command->add_option("--onewindow", agency->onewindow, "address of the service");
    command->add_option("--onewindow-key", agency->onewindow_key, "file with the service's public key (PEM)");
    command->add_option("--client", agency->client, "identity only: name:secret of the service");
    command->add_option("--clock-shift", agency->clock_shift, "milliseconds");
    command->add_option("--slow", agency->slow, "milliseconds before it works");
    command->add_option("--slow-percent", agency->slow_percent, "per cent of messages that are slow")->check(CLI::Range(0, 100));
    command->add_option("--lose", agency->lose, "per cent of answers lost")->check(CLI::Range(0, 100));
    command->add_option("--lie", agency->lie, "per cent of 202 without effect")->check(CLI::Range(0, 100));
    command->add_option("--repeat", agency->repeat, "per cent of results sent twice")->check(CLI::Range(0, 100));
    command->callback([agency, &status] {
        const auto done = RunAgency(*agency);
        if (!done) std::cerr << done.error().Describe() << "\n";
        status = done ? kOk : kFault;
    });

    auto demo = std::make_shared<DemoArguments>();
    command = app.add_subcommand("demo", "Starts service and agencies, files real applications, prints a summary");
    command->add_option("--data", demo->data)->capture_default_str();
    command->add_option("--db", demo->database, "the service's database; default SQLite under --data");
    command->add_option("--listen", demo->listen)->capture_default_str();
    command->add_option("--samples", demo->samples)->capture_default_str();
    command->add_option("--out", demo->out, "folder for licences and the summary");
    command->add_option("--applications", demo->applications, "generated ones beside the samples");
    command->add_option("--parallel", demo->parallel, "applicants at the same time");
    command->add_option("--slow", demo->slow, "milliseconds before an agency works");
    command->add_option("--slow-percent", demo->slow_percent, "per cent of messages that are slow");
    command->add_option("--lose", demo->lose, "per cent of receipts lost");
    command->add_option("--lie", demo->lie, "per cent of receipts for nothing");
    command->add_option("--repeat", demo->repeat, "per cent of answers sent twice");
    command->add_option("--kill-rounds", demo->kill_rounds, "how often the service is killed (SIGKILL) while applications are filed");
    command->add_option("--crash-at", demo->crash_at, "crash points (name:n) at which it ends itself, one after the other");
    command->add_option("--seed", demo->seed, "of the moments at which it is killed")->capture_default_str();
    command->add_flag("--stay", demo->stay, "file one sample, then stay up");
    command->add_flag("--bare", demo->bare, "file nothing, leave the desks empty, stay up");
    command->add_flag("--quiet", demo->quiet);
    command->add_flag("--real-clock", demo->real_clock);
    command->callback([demo, &status] {
        const auto done = RunDemoCommand(*demo);
        if (!done) std::cerr << done.error().Describe() << "\n";
        status = done ? *done : kFault;
    });
}

}  // namespace onewindow::server
