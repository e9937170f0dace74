#include "server/commands.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "kernel/auth/auth.hpp"
#include "kernel/embedded.hpp"
#include "kernel/files/files.hpp"
#include "kernel/text/text.hpp"
#include "licence/verify_file.hpp"
#include "progress/reasons.hpp"
#include "server/app.hpp"
#include "server/demo_posts.hpp"
#include "server/offline.hpp"
#include "server/storage.hpp"

namespace onewindow::server {
namespace {

int Report(const Error& error, std::ostream& err) {
    const messages::Messages& texts = Texts();
    for (const Fault& fault : error.faults()) {
        err << fault.code() << (fault.field.empty() ? "" : " (" + fault.field + ")") << ": "
            << texts.Get(fault.code(), messages::Language::kEnglish, fault.arguments) << "\n";
    }
    if (!error.detail().empty()) err << "  " << error.detail() << "\n";
    return error.kind() == Kind::kMalformed || error.kind() == Kind::kRefused ? kUsage : kFault;
}

void Indent(std::string& out, const json::value& node, std::size_t depth) {
    const std::string inner(2 * (depth + 1), ' ');
    if (node.is_object() && !node.get_object().empty()) {
        out += "{\n";
        bool first = true;
        for (const auto& member : node.get_object()) {
            if (!std::exchange(first, false)) out += ",\n";
            out += inner + boost::json::serialize(member.key()) + ": ";
            Indent(out, member.value(), depth + 1);
        }
        out += "\n" + std::string(2 * depth, ' ') + "}";
    } else if (node.is_array() && !node.get_array().empty()) {
        out += "[\n";
        bool first = true;
        for (const json::value& item : node.get_array()) {
            if (!std::exchange(first, false)) out += ",\n";
            out += inner;
            Indent(out, item, depth + 1);
        }
        out += "\n" + std::string(2 * depth, ' ') + "]";
    } else {
        out += json::Text(node);
    }
}

}  // namespace

std::string Pretty(const json::value& value) {
    std::string out;
    Indent(out, value, 0);
    return out;
}

int RunServe(const ServeArguments& arguments, std::ostream& out, std::ostream& err) {
    std::map<std::string, std::string> overrides;
    if (!arguments.listen.empty()) overrides["http.listen"] = arguments.listen;
    if (!arguments.database.empty()) overrides["database.url"] = arguments.database;
    if (arguments.demo) overrides["mode.demo"] = "true";
    if (arguments.real_clock) overrides["mode.real_clock"] = "true";
    const auto settings = LoadSettings(arguments.data, arguments.config, overrides);
    if (!settings) return Report(settings.error(), err);
    // Signals are waited for, not handled: nothing runs in a handler. Blocked before any thread
    // starts.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    auto app = App::Start(*settings);
    if (!app) return Report(app.error(), err);
    out << json::Text(json::object{{"port", (*app)->port()},
                                   {"url", "http://127.0.0.1:" + std::to_string((*app)->port())}})
        << std::endl;
    for (;;) {
        const timespec second{1, 0};
        const int signal = sigtimedwait(&signals, nullptr, &second);
        if (signal == SIGTERM || signal == SIGINT) break;
        if ((*app)->broken()) {
            // A failed fsync: only a fresh start tells what is stored. No drain: nothing may be
            // acknowledged any more.
            err << "the storage failed; stopping so that a fresh start can recover\n";
            std::_Exit(kFault);
        }
    }
    (*app)->Drain();
    return kOk;
}

int RunMigrate(const StorageArguments& arguments, std::ostream& out, std::ostream& err) {
    const auto applied = RunMigrations(DatabaseUrl(arguments.data, arguments.database));
    if (!applied) return Report(applied.error(), err);
    out << json::Text(json::object{{"applied", *applied}}) << "\n";
    return kOk;
}

int RunSeed(const StorageArguments& arguments, std::ostream& out, std::ostream& err) {
    const auto storage = OpenStorage(arguments.data, arguments.database, arguments.demo);
    if (!storage) return Report(storage.error(), err);
    if (arguments.demo) {
        const auto posts = SeedDemoPosts(**storage, arguments.data);
        if (!posts) return Report(posts.error(), err);
        out << json::Text(json::object{{"posts", *posts},
                                       {"accounts", arguments.data + "/demo_accounts.json"}})
            << "\n";
    }
    return kOk;
}

namespace {

/// What differs, table by table; nothing wrong is an empty answer.
Result<> CheckReplay(const StorageArguments& arguments, std::ostream& out) {
    OW_TRY(const ReplayReport report, App::Replay(arguments.data, DatabaseUrl(arguments.data, arguments.database)));
    std::size_t rows = 0;
    std::string wrong;
    for (const ReplayedTable& table : report.tables) {
        rows += table.rows;
        if (table.missing + table.added == 0) continue;
        wrong += fmt::format("\n        {}: of {} rows {} are not in the timeline, {} are only there: {}", table.name, table.rows, table.missing,
                             table.added, text::Join(table.examples, ", "));
    }
    out << fmt::format("        {} events replayed into {} tables, {} rows compared\n", report.events, report.tables.size(), rows);
    if (wrong.empty()) return {};
    return Fail(Error(Fault{&progress::reasons::kReplayDiffers}).WithDetail(wrong));
}

}  // namespace

int RunDoctor(const StorageArguments& arguments, std::ostream& out, std::ostream& err) {
    int wrong = 0;
    const auto say = [&](const char* what, const Result<>& answer, const char* advice) {
        if (answer) {
            out << "ok      " << what << "\n";
        } else {
            ++wrong;
            out << "WRONG   " << what << ": " << answer.error().Describe() << "\n        " << advice
                << "\n";
        }
    };
    SystemRandom random;
    const auto keys = sealing::LoadKeys(arguments.data, false, random);
    say("sealing keys", keys ? Result<>{} : Result<>(Failure(keys.error())),
        "Restore DIR/keys/sealing.toml from its backup, mode 600. Without it sealed personal data "
        "cannot be read, by anybody.");
    const std::string signing_key = arguments.data + "/keys/onewindow-1.key.pem";
    const auto pem = files::ReadFile(signing_key);
    say("signing key", pem ? Result<>{} : Result<>(Failure(pem.error())),
        "Restore it from its backup; licences cannot be issued without it.");
    const auto settings = LoadSettings(arguments.data, "", {});
    say("configuration", settings ? Result<>{} : Result<>(Failure(settings.error())),
        "Mend DIR/onewindow.toml.");
    const auto database = db::Open(DatabaseUrl(arguments.data, arguments.database));
    say("database", database ? Result<>{} : Result<>(Failure(database.error())),
        "Is the path or server right, and may this user open it?");
    if (database) {
        const std::vector<db::Migration> migrations = embedded::AllMigrations();
        const auto pending = db::Migrate(**database, migrations);
        say("schema", pending ? Result<>{} : Result<>(Failure(pending.error())),
            "Use the release that made this database, or restore.");
    }
    if (database && arguments.replay) {
        say("timeline", CheckReplay(arguments, out), "A table was changed past the events, or an event was. Restore, or ask for help before anything is issued.");
    }
    static_cast<void>(err);
    return wrong == 0 ? kOk : kRefused;
}

int RunVerify(const VerifyArguments& arguments, std::ostream& out, std::ostream& err) {
    const std::string folder =
        arguments.anchors.empty() ? arguments.data + "/keys/public" : arguments.anchors;
    const auto anchors = licence::LoadTrustAnchors(folder);
    // Without a trusted key nothing is valid; the steps still say what was looked at.
    if (!anchors) static_cast<void>(Report(anchors.error(), err));
    bool all = true;
    for (const std::string& file : arguments.files) {
        const auto bytes = files::ReadFile(file);
        const auto sidecar = files::ReadFile(file + ".sig.json");
        const licence::VerifyReport report =
            licence::VerifyFile(file, bytes ? *bytes : "", sidecar ? *sidecar : "",
                                anchors ? *anchors : std::vector<licence::TrustAnchor>{});
        all = all && report.valid;
        out << json::Text(json::Write(report)) << "\n";
    }
    return all ? kOk : kRefused;
}

}  // namespace onewindow::server
