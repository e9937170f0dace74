// The command line: parses arguments, calls the room, gives the exit status. Statuses: 0 ok, 1
// refused or invalid, 2 usage, 3 fault.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "kernel/files/files.hpp"
#include "licence/verify_file.hpp"
#include "server/app.hpp"
#include "server/commands.hpp"
#include "server/name_commands.hpp"
#include "server/offline.hpp"

namespace onewindow::server {
namespace {

int Report(const Error& error) {
    std::cerr << error.Describe() << "\n";
    return error.kind() == Kind::kMalformed || error.kind() == Kind::kRefused ? kUsage : kFault;
}

void AddOffline(CLI::App& app, int& status) {
    auto check = std::make_shared<CheckArguments>();
    CLI::App* command =
        app.add_subcommand("check", "Checks a code: uscc, id, regno, bank, seal, cert, case");
    command->add_option("kind", check->kind)->required();
    command->add_option("code", check->code);
    command->add_option("--batch", check->batch,
                        "a file with one code a line; - is standard input");
    command->add_flag("--json");  // Answers are JSON anyway.
    command->callback([check, command, &status] {
        if (check->code.empty() && check->batch.empty())
            throw CLI::RequiredError(command->get_name() + ": CODE or --batch");
        status = RunCheck(*check, std::cout, std::cerr);
    });

    auto deadline = std::make_shared<DeadlineArguments>();
    command = app.add_subcommand("deadline", "When working time is used up");
    command->add_option("--from", deadline->from, "2026-11-22T21:40; without offset Asia/Shanghai");
    command->add_option("--minutes", deadline->minutes);
    command->add_option("--workdays", deadline->workdays);
    command->add_option("--hall", deadline->hall);
    command->add_option("--batch", deadline->batch, "lines of start, tab, minutes");
    command->add_flag("--json");  // Answers are JSON anyway.
    command->callback(
        [deadline, &status] { status = RunDeadline(*deadline, std::cout, std::cerr); });

    auto verify = std::make_shared<VerifyArguments>();
    command =
        app.add_subcommand("verify", "Verifies files offline: licence PDFs with their .sig.json");
    command->add_option("files", verify->files)->required();
    command->add_option("--anchors", verify->anchors,
                        "folder of trusted public keys; default DIR/keys/public");
    command->add_option("--data", verify->data)->capture_default_str();
    command->add_flag("--json", verify->json);
    command->callback([verify, &status] { status = RunVerify(*verify, std::cout, std::cerr); });

    command = app.add_subcommand("openapi", "Prints the API description");
    command->callback([&status] {
        const auto document = App::OpenApi();
        if (!document) {
            status = Report(document.error());
            return;
        }
        std::cout << Pretty(*document) << "\n";
    });
}

void AddService(CLI::App& app, int& status) {
    auto serve = std::make_shared<ServeArguments>();
    CLI::App* command = app.add_subcommand("serve", "Runs the service until it is stopped");
    command->add_option("--data", serve->data)->capture_default_str();
    command->add_option("--listen", serve->listen);
    command->add_option("--config", serve->config);
    command->add_option("--db", serve->database);
    command->add_flag("--demo", serve->demo);
    command->add_flag("--real-clock", serve->real_clock);
    command->callback([serve, &status] { status = RunServe(*serve, std::cout, std::cerr); });

    auto migrate = std::make_shared<StorageArguments>();
    command = app.add_subcommand("migrate", "Brings the database's schema up to date");
    command->add_option("--data", migrate->data)->capture_default_str();
    command->add_option("--db", migrate->database);
    command->callback([migrate, &status] { status = RunMigrate(*migrate, std::cout, std::cerr); });

    auto seed = std::make_shared<StorageArguments>();
    command = app.add_subcommand(
        "seed",
        "Installs reference data; with --demo keys, code blocks and posts with random passwords");
    command->add_option("--data", seed->data)->capture_default_str();
    command->add_option("--db", seed->database);
    command->add_flag("--demo", seed->demo);
    command->callback([seed, &status] { status = RunSeed(*seed, std::cout, std::cerr); });

    auto doctor = std::make_shared<StorageArguments>();
    command = app.add_subcommand("doctor", "Says what is wrong and what to do");
    command->add_option("--data", doctor->data)->capture_default_str();
    command->add_option("--db", doctor->database);
    command->add_flag("--replay", doctor->replay, "rebuild all cases from the timeline and compare; while the service is stopped");
    command->callback([doctor, &status] { status = RunDoctor(*doctor, std::cout, std::cerr); });

    auto name = std::make_shared<NameArguments>();
    CLI::App* names = app.add_subcommand("name", "Enterprise names");
    names->require_subcommand(1);
    command = names->add_subcommand("check", "Examines a name");
    command->add_option("name", name->name);
    command->add_option("--region", name->region, "division code of the registration authority");
    command->add_option("--type", name->entity_type,
                        "kind of business; by default what the name's form says");
    command->add_option("--industry", name->industry, "GB/T 4754 codes, where the words are new");
    command
        ->add_option("--s4", name->s4,
                     "block, or warn as under the rules of 2017; by default what holds today")
        ->check(CLI::IsMember({"block", "warn"}));
    command->add_option("--batch", name->batch, "lines of name, tab, region; - is standard input");
    command->add_option("--limit", name->limit, "conflicts named; 0 = all")->capture_default_str();
    command->add_option("--data", name->data)->capture_default_str();
    command->add_option("--db", name->database);
    command->add_flag("--json");  // Answers are JSON anyway.
    command->callback([name, &status] { status = RunNameCheck(*name, std::cout, std::cerr); });

    auto import = std::make_shared<NameImportArguments>();
    command = names->add_subcommand("import",
                                    "Records a register: lines of full name, authority code, and "
                                    "where wanted status, until, id");
    command->add_option("file", import->file, "tab-separated; - is standard input")->required();
    command->add_option("--data", import->data)->capture_default_str();
    command->add_option("--db", import->database);
    command->callback([import, &status] { status = RunNameImport(*import, std::cout, std::cerr); });

    auto stats = std::make_shared<NameImportArguments>();
    command =
        names->add_subcommand("stats", "Size and origin of the index, versions of its tables");
    command->add_option("--data", stats->data)->capture_default_str();
    command->add_option("--db", stats->database);
    command->callback([stats, &status] { status = RunNameStats(*stats, std::cout, std::cerr); });

    auto generate = std::make_shared<NameGenerateArguments>();
    command =
        names->add_subcommand("generate", "Invents names that are distributed like a register's");
    command->add_option("count", generate->count)->required();
    command->add_option("--seed", generate->seed)->capture_default_str();
    command->add_option("--province", generate->province)->capture_default_str();
    command->callback(
        [generate, &status] { status = RunNameGenerate(*generate, std::cout, std::cerr); });
}

}  // namespace
}  // namespace onewindow::server

int main(int argc, char** argv) {
    using namespace onewindow::server;
    // A peer that hangs up must not end the process.
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app{"OneWindow 一窗通: one login and one form to start a business", "onewindow"};
    app.require_subcommand(1);
    app.set_version_flag("--version", "0.1.0");
    int status = kOk;
    AddOffline(app, status);
    AddService(app, status);
    AddProcesses(app, status);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? kOk : kUsage;
    }
    return status;
}
