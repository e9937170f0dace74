#include "kernel/testing/databases.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <stdexcept>

#include "kernel/embedded.hpp"

namespace onewindow::testing {
namespace {

namespace fs = std::filesystem;

/// A fixture that cannot be built fails its tests; GoogleTest turns the exception into a failure.
void Require(bool condition, const std::string& what) {
    if (!condition) throw std::runtime_error(what);
}

template <class T>
T MustSucceed(Result<T> result, const char* what) {
    Require(result.has_value(), result ? "" : std::string(what) + ": " + result.error().Describe());
    return *std::move(result);
}

void MigrateAll(db::Database& database) {
    const auto migrations = embedded::AllMigrations();
    MustSucceed(db::Migrate(database, migrations), "migrations");
}

/// A real server of this test program alone. Its data lives in a folder that goes away with it.
class PostgresServer {
 public:
    static PostgresServer& Get() {
        static PostgresServer server;
        return server;
    }

    std::string Url(const std::string& database) const {
        return "host=" + folder_.path() + " user=postgres dbname=" + database;
    }

    /// Runs one statement outside any transaction.
    void Command(const std::string& sql) {
        const std::lock_guard lock(mutex_);
        PGresult* const result = PQexec(admin_, sql.c_str());
        const ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        Require(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, sql + ": " + PQerrorMessage(admin_));
    }

    /// A database like the template. Making one copies a thousand files, so one that an ended test left is emptied and
    /// taken again.
    std::string Take() {
        {
            const std::lock_guard lock(mutex_);
            if (!free_.empty()) {
                std::string name = std::move(free_.back());
                free_.pop_back();
                return name;
            }
        }
        const std::string name = "ow_test_" + std::to_string(++created_);
        Command("CREATE DATABASE " + name + " TEMPLATE ow_template");
        return name;
    }

    /// Empties the database for the next test, or drops it if the test changed its schema.
    void GiveBack(const std::string& name) {
        Command("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
        if (Empty(name)) {
            const std::lock_guard lock(mutex_);
            free_.push_back(name);
        } else {
            Command("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }

 private:
    PostgresServer() {
        FindUser();
        Require(chown(folder_.path().c_str(), user_, group_) == 0, "chown");
        const std::string data = folder_.path() + "/data";
        const std::string binaries = FindBinaries();
        const pid_t initdb = Spawn({binaries + "/initdb", "-D", data, "-U", "postgres", "-A",
                                    "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"});
        int status = 0;
        Require(waitpid(initdb, &status, 0) == initdb && status == 0, "initdb: " + Output());
        // Socket only. A test server need not survive a power cut; deadlocks should be found soon.
        server_ = Spawn({binaries + "/postgres", "-D", data, "-c", "listen_addresses=", "-c",
                         "unix_socket_directories=" + folder_.path(), "-c", "fsync=off", "-c",
                         "full_page_writes=off", "-c", "max_connections=100", "-c",
                         "deadlock_timeout=20ms", "-c", "shared_buffers=32MB"});
        Connect();
        try {
            Command("CREATE DATABASE ow_template");
            const auto database =
                MustSucceed(db::OpenPostgres({.url = Url("ow_template")}), "template");
            MigrateAll(*database);
            schema_ = Ask(Url("ow_template"), kSchema);
        } catch (...) {
            Stop();
            throw;
        }
    }
    ~PostgresServer() { Stop(); }

    /// Tables, columns, indices and applied migrations as one text.
    static constexpr const char* kSchema =
        "SELECT md5(string_agg(line, ',' ORDER BY line)) FROM ("
        " SELECT table_name || '.' || column_name || ' ' || data_type AS line"
        "  FROM information_schema.columns WHERE table_schema = 'public'"
        " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " UNION ALL SELECT row(m.*)::text FROM kernel_migration m) AS lines";

    /// One value; empty if there is none or the question fails.
    static std::string Ask(const std::string& url, const char* sql) {
        PGconn* const connection = PQconnectdb(url.c_str());
        PGresult* const result = PQexec(connection, sql);
        std::string value;
        if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1) value = PQgetvalue(result, 0, 0);
        PQclear(result);
        PQfinish(connection);
        return value;
    }

    /// Whether the database is as the template now.
    bool Empty(const std::string& name) const {
        PGconn* const connection = PQconnectdb(Url(name).c_str());
        PGresult* const result = PQexec(connection,
                                        "SET session_replication_role = replica;"
                                        "DO $$ DECLARE t text; BEGIN"
                                        " FOR t IN SELECT quote_ident(tablename) FROM pg_tables"
                                        " WHERE schemaname = 'public' AND tablename <> 'kernel_migration'"
                                        " LOOP EXECUTE 'DELETE FROM ' || t; END LOOP; END $$");
        const bool emptied = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        PQfinish(connection);
        return emptied && Ask(Url(name), kSchema) == schema_;
    }

    void FindUser() {
        user_ = geteuid();
        group_ = getegid();
        if (user_ != 0) return;
        // The server refuses to run as root.
        const passwd* const entry = getpwnam("postgres");
        Require(entry != nullptr, "root needs a user postgres to run the server as");
        user_ = entry->pw_uid;
        group_ = entry->pw_gid;
    }

    static std::string FindBinaries() {
        std::string newest;
        if (fs::exists("/usr/lib/postgresql")) {
            for (const auto& version : fs::directory_iterator("/usr/lib/postgresql")) {
                const std::string folder = version.path() / "bin";
                if (fs::exists(folder + "/initdb")) newest = std::max(newest, folder);
            }
        }
        Require(!newest.empty(), "no PostgreSQL under /usr/lib/postgresql (package postgresql-15)");
        return newest;
    }

    pid_t Spawn(const std::vector<std::string>& words) const {
        std::vector<char*> arguments;
        for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        const std::string output = folder_.path() + "/output";
        const pid_t child = fork();
        Require(child >= 0, "fork");
        if (child > 0) return child;
        // Only calls that are safe after fork from here on.
        const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
        const bool changed = geteuid() != 0 || (setgid(group_) == 0 && setuid(user_) == 0);
        // The server must not outlive a test program that was killed.
        if (changed && chdir("/") == 0 && prctl(PR_SET_PDEATHSIG, SIGQUIT) == 0) {
            execv(arguments.front(), arguments.data());
        }
        _exit(127);
    }

    void Connect() {
        const std::string url = Url("postgres");
        for (;;) {
            admin_ = PQconnectdb(url.c_str());
            if (PQstatus(admin_) == CONNECTION_OK) return;
            PQfinish(admin_);
            admin_ = nullptr;
            int status = 0;
            const bool ended = waitpid(server_, &status, WNOHANG) == server_;
            if (ended) server_ = 0;
            Require(!ended, "postgres ended: " + Output());
            usleep(10'000);  // Waits for the server's start, not for a result of a test.
        }
    }

    std::string Output() const {
        std::string text;
        if (std::FILE* const file = std::fopen((folder_.path() + "/output").c_str(), "r")) {
            char buffer[4096];
            text.assign(buffer, std::fread(buffer, 1, sizeof buffer, file));
            std::fclose(file);
        }
        return text;
    }

    void Stop() {
        if (admin_) PQfinish(admin_);
        admin_ = nullptr;
        if (server_ == 0) return;
        kill(server_, SIGQUIT);
        waitpid(server_, nullptr, 0);
        server_ = 0;
    }

    TemporaryFolder folder_;
    uid_t user_ = 0;
    gid_t group_ = 0;
    pid_t server_ = 0;
    PGconn* admin_ = nullptr;
    std::mutex mutex_;
    std::atomic<int> created_{0};
    std::vector<std::string> free_;
    std::string schema_;
};

/// A migrated SQLite file to copy.
const std::string& SqliteTemplate() {
    static const TemporaryFolder folder;
    static const std::string path = [] {
        const std::string file = folder.path() + "/template.db";
        const auto database = MustSucceed(db::OpenSqlite({.path = file}), "template");
        MigrateAll(*database);
        return file;  // Closing leaves all in one file.
    }();
    return path;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string pattern = fs::temp_directory_path() / "ow-test-XXXXXX";
    Require(mkdtemp(pattern.data()) != nullptr, "mkdtemp");
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

FreshDatabase::FreshDatabase(db::Engine engine) {
    if (engine == db::Engine::kSqlite) {
        const std::string& original = SqliteTemplate();
        std::string pattern = fs::temp_directory_path() / "ow-test-XXXXXX";
        Require(mkdtemp(pattern.data()) != nullptr, "mkdtemp");
        folder_ = pattern;
        fs::copy_file(original, folder_ + "/test.db");
        url_ = "sqlite:" + folder_ + "/test.db";
    } else {
        PostgresServer& server = PostgresServer::Get();
        name_ = server.Take();
        url_ = server.Url(name_);
    }
    database_ = MustSucceed(db::Open(url_), "open");
}

FreshDatabase::~FreshDatabase() {
    database_.reset();
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
    if (name_.empty()) return;
    try {
        PostgresServer::Get().GiveBack(name_);
    } catch (const std::exception& problem) {
        ADD_FAILURE() << problem.what();
    }
}

}  // namespace onewindow::testing
