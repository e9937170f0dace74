// make bench: measures the service against its bare parts, in one run, and prints ratios. The same binary serves as the
// measured service and as the reference agencies, each a process of its own.
#include <csignal>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>

#include "instruments.hpp"
#include "kernel/files/files.hpp"
#include "report.hpp"
#include "server/commands.hpp"

namespace onewindow::bench {
namespace {

struct Arguments {
    std::string data = "var/bench", json = "var/bench.json";
    int applications = 40, cases = 100'000;
    bool keep = false;
};

int RunAll(const Arguments& arguments) {
    // A run begins on an empty store of its own.
    std::error_code ignored;
    std::filesystem::create_directories(arguments.data, ignored);
    std::string folder = arguments.data + "/run-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) {
        std::cerr << "cannot make a folder under " << arguments.data << "\n";
        return 1;
    }
    const Result<> done = MeasureAndReport({.folder = folder, .json = arguments.json, .applications = arguments.applications, .cases = arguments.cases},
                                           std::cout);
    if (!done) std::cerr << done.error().Describe() << "\n  see " << folder << "\n";
    if (done && !arguments.keep) std::filesystem::remove_all(folder, ignored);
    return done ? 0 : 1;
}

int Serve(const server::ServeArguments& arguments) {
    const Result<> installed = InstallInstruments();
    if (!installed) return 1;
    const int status = server::RunServe(arguments, std::cout, std::cerr);
    const Result<> finished = FinishInstruments();
    if (!finished) std::cerr << finished.error().Describe() << "\n";
    return finished ? status : 1;
}

}  // namespace
}  // namespace onewindow::bench

int main(int argc, char** argv) {
    using namespace onewindow;
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app{"Measures OneWindow against its bare parts", "onewindow_bench"};
    bench::Arguments arguments;
    app.add_option("--data", arguments.data, "where folders of runs are made")->capture_default_str();
    app.add_option("--json", arguments.json, "the figures, for machines")->capture_default_str();
    app.add_option("--applications", arguments.applications, "openings that are measured")->capture_default_str();
    app.add_option("--cases", arguments.cases, "in the store of the start")->capture_default_str();
    app.add_flag("--keep", arguments.keep, "leave the run's folder behind");
    int status = 0;
    server::ServeArguments serve;
    CLI::App* const command = app.add_subcommand("serve", "The measured service");
    command->add_option("--data", serve.data);
    command->callback([&] { status = bench::Serve(serve); });
    server::AddProcesses(app, status);
    CLI11_PARSE(app, argc, argv);
    return app.get_subcommands().empty() ? bench::RunAll(arguments) : status;
}
