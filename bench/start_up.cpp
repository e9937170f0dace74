#include "start_up.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <vector>

#include "counters.hpp"
#include "demo/api_client.hpp"
#include "kernel/db/db.hpp"
#include "kernel/process/process.hpp"

namespace onewindow::bench {
namespace {

constexpr int kIdleSeconds = 5;

/// A table whose rows belong to a case, and which of a case's rows are copied.
struct Copied {
    const char* table;
    const char* rows = "1 = 1";
};

// Histories, messages and papers beyond these would make a store of 20 GB, and nothing of them is read at a start.
constexpr Copied kCopied[] = {
    {"identity_person"},   {"application_case"},  {"application_revision", "revision = 1"},
    {"application_member"}, {"naming_name"},      {"naming_key"},
    {"licence_licence"},   {"licence_file"},      {"exchange_track"},
    {"handover_kit"},      {"handover_item"},     {"progress_timeline"},
    {"progress_clock"},    {"progress_event", "sequence <= 5"},
    {"signing_board"},     {"job_queue", "due_at IS NULL AND id IN (SELECT id FROM first.job_queue WHERE due_at IS NULL ORDER BY id LIMIT 200)"},
};

/// Names are unique by what they say, whatever they look like.
const std::set<std::string> kNames = {"full_name", "core", "word", "business_name"};

struct Closer {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Connection = std::unique_ptr<sqlite3, Closer>;
using Statement = std::unique_ptr<sqlite3_stmt, Finalizer>;

Failure Broken(sqlite3* connection, std::string_view what) {
    return Fail(Error(Fault{&db::reasons::kUnavailable}).WithDetail(std::string(what) + ": " + sqlite3_errmsg(connection)));
}

Result<Statement> Prepare(sqlite3* connection, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return Broken(connection, sql);
    return Statement(statement);
}

Result<std::int64_t> Number(sqlite3* connection, const std::string& sql) {
    OW_TRY(const Statement statement, Prepare(connection, sql));
    if (sqlite3_step(statement.get()) != SQLITE_ROW) return Broken(connection, sql);
    return sqlite3_column_int64(statement.get(), 0);
}

/// Ids, numbers and digests get the copy's number behind them, wherever they stand; words and sentences stay.
bool LooksLikeAnId(std::string_view text) {
    if (text.size() < 12) return false;
    bool digit = false;
    for (const char c : text) {
        const bool number = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!number && !letter && std::string_view("-._:/").find(c) == std::string_view::npos) return false;
        digit = digit || number;
    }
    return digit;
}

void Another(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (sqlite3_value_type(arguments[0]) != SQLITE_TEXT) return sqlite3_result_value(context, arguments[0]);
    const std::string text(reinterpret_cast<const char*>(sqlite3_value_text(arguments[0])), static_cast<std::size_t>(sqlite3_value_bytes(arguments[0])));
    const bool always = sqlite3_value_int(arguments[2]) == 1 && !text.empty();
    if (!always && !LooksLikeAnId(text)) return sqlite3_result_value(context, arguments[0]);
    const std::string another = text + "." + std::to_string(sqlite3_value_int64(arguments[1]));
    sqlite3_result_text(context, another.c_str(), static_cast<int>(another.size()), SQLITE_TRANSIENT);
}

Result<Statement> CopyStatement(sqlite3* connection, const Copied& copied) {
    OW_TRY(const Statement columns, Prepare(connection, std::string("SELECT name FROM pragma_table_info('") + copied.table + "')"));
    std::string values;
    while (sqlite3_step(columns.get()) == SQLITE_ROW) {
        const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(columns.get(), 0));
        values += (values.empty() ? "" : ", ") + ("another(" + name + ", ?1, " + (kNames.contains(name) ? "1)" : "0)"));
    }
    return Prepare(connection, std::string("INSERT INTO ") + copied.table + " SELECT " + values + " FROM first." + copied.table + " WHERE " + copied.rows);
}

/// Copies until there are enough; the first cases are read from a copy of the file, so that copies are not copied.
Result<> Multiply(const std::string& first, const std::string& store, std::int64_t cases, StartUp& start) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(store.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr);
    const Connection connection(handle);
    if (code != SQLITE_OK) return Broken(handle, store);
    const auto run = [&](const std::string& sql) -> Result<> {
        if (sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return Broken(handle, sql);
        return {};
    };
    OW_CHECK(run("PRAGMA synchronous=OFF"));
    OW_CHECK(run("PRAGMA foreign_keys=OFF"));
    OW_CHECK(run("PRAGMA cache_size=-400000"));
    OW_CHECK(run("ATTACH '" + first + "' AS first"));
    sqlite3_create_function(handle, "another", 3, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, &Another, nullptr, nullptr);
    OW_TRY(const std::int64_t there, Number(handle, "SELECT COUNT(*) FROM first.application_case"));
    OW_TRY(start.cases, Number(handle, "SELECT COUNT(*) FROM application_case"));
    OW_CHECK(run("BEGIN"));
    std::vector<Statement> statements;
    for (const Copied& copied : kCopied) {
        OW_TRY(Statement statement, CopyStatement(handle, copied));
        statements.push_back(std::move(statement));
    }
    for (std::int64_t copy = 1; start.cases < cases; ++copy, start.cases += there) {
        for (std::size_t i = 0; i < statements.size(); ++i) {
            sqlite3_bind_int64(statements[i].get(), 1, copy);
            if (sqlite3_step(statements[i].get()) != SQLITE_DONE) return Broken(handle, kCopied[i].table);
            sqlite3_reset(statements[i].get());
        }
    }
    statements.clear();
    OW_CHECK(run("COMMIT"));
    for (const Copied& copied : kCopied) {
        OW_TRY(const std::int64_t rows, Number(handle, std::string("SELECT COUNT(*) FROM ") + copied.table));
        start.rows += rows;
    }
    return run("PRAGMA wal_checkpoint(TRUNCATE)");
}

std::int64_t StatusKib(int pid, std::string_view key) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with(key)) return std::stoll(line.substr(key.size()));
    }
    return 0;
}

}  // namespace

Result<StartUp> MeasureStartUp(const std::string& data, std::int64_t cases) {
    namespace fs = std::filesystem;
    StartUp start;
    const std::string store = data + "/onewindow.db", first = data + "/first.db";
    fs::copy_file(store, first);
    OW_CHECK(Multiply(first, store, cases, start));
    start.file_bytes = static_cast<std::int64_t>(fs::file_size(store));
    // The agencies of the openings are gone.
    fs::remove(data + "/agencies.toml");

    const std::int64_t from = WallNs();
    const std::string self = fs::read_symlink("/proc/self/exe").string();
    OW_TRY(const auto service, process::Child::Start({self, "serve", "--data", data}, data + "/start_up.jsonl"));
    OW_TRY(const std::string line, service->ReadLine());
    OW_TRY(const json::value said, json::Parse(line));
    SystemRandom random;
    const auto outside = http::MakeOutside();
    demo::ApiClient client(*outside, random, json::TextAt(said, "url"));
    OW_CHECK(client.GetBytes("/readyz"));
    start.wall_ns = WallNs() - from;
    start.cpu_ns = ProcessNs(service->pid());
    demo::Pause(std::chrono::seconds(kIdleSeconds));
    const std::int64_t idle_from = ProcessNs(service->pid());
    demo::Pause(std::chrono::seconds(kIdleSeconds));
    start.idle_cpu_percent = static_cast<double>(ProcessNs(service->pid()) - idle_from) / (kIdleSeconds * 1e7);
    start.idle_rss_kib = StatusKib(service->pid(), "VmRSS:");
    start.idle_anonymous_kib = StatusKib(service->pid(), "RssAnon:");
    const int status = service->Stop();
    if (status != 0) return Fail(Error(Fault{&db::reasons::kUnavailable}).WithDetail("the service ended with " + std::to_string(status)));
    return start;
}

}  // namespace onewindow::bench
