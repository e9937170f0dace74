#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "kernel/json/json.hpp"

namespace CLI {
class App;
}

// Commands that touch data or start the service.
namespace onewindow::server {

struct ServeArguments {
    std::string data = "var", listen, config, database;
    bool demo = false, real_clock = false;
};
/// Runs until SIGTERM or SIGINT, then drains. Prints {"url", "port"} when it answers.
int RunServe(const ServeArguments& arguments, std::ostream& out, std::ostream& err);

struct StorageArguments {
    std::string data = "var", database;
    bool demo = false, replay = false;
};
int RunMigrate(const StorageArguments& arguments, std::ostream& out, std::ostream& err);
int RunSeed(const StorageArguments& arguments, std::ostream& out, std::ostream& err);
int RunDoctor(const StorageArguments& arguments, std::ostream& out, std::ostream& err);

struct VerifyArguments {
    std::vector<std::string> files;
    std::string anchors, data = "var";
    bool json = false;
};
int RunVerify(const VerifyArguments& arguments, std::ostream& out, std::ostream& err);

/// Indented JSON with keys in their order: for files that people read and compare.
std::string Pretty(const json::value& value);

/// `agency` and `demo`: processes beside the service.
void AddProcesses(CLI::App& app, int& status);

}  // namespace onewindow::server
