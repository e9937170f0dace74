#include "replay.hpp"

#include <sqlite3.h>

#include <memory>

#include "counters.hpp"

namespace onewindow::bench {
namespace {

constexpr int kCheckpointPages = 1000;  // As kernel/db has it.

struct Closer {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

Failure Broken(sqlite3* connection, std::string_view what) {
    return Fail(Error(Fault{&db::reasons::kUnavailable}).WithDetail(std::string(what) + ": " + sqlite3_errmsg(connection)));
}

/// One connection and its prepared statements, by their number in the recording.
class Bare {
   public:
    Result<> Open(const std::string& path, std::size_t statements) {
        sqlite3* handle = nullptr;
        const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
        handle_.reset(handle);
        if (code != SQLITE_OK) return Broken(handle, path);
        sqlite3_busy_timeout(handle, 5000);
        for (const char* const setting : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA case_sensitive_like=ON",
                                          "PRAGMA temp_store=MEMORY", "PRAGMA trusted_schema=OFF", "PRAGMA wal_autocheckpoint=0"}) {
            if (sqlite3_exec(handle, setting, nullptr, nullptr, nullptr) != SQLITE_OK) return Broken(handle, setting);
        }
        sqlite3_wal_hook(handle, [](void* self, sqlite3*, const char*, int pages) {
            static_cast<Bare*>(self)->wal_pages_ = pages;
            return SQLITE_OK;
        }, this);
        statements_.resize(statements);
        return {};
    }

    Result<sqlite3_stmt*> Prepared(std::uint32_t number, const std::string& sql) {
        auto& statement = statements_[number];
        if (statement) return statement.get();
        sqlite3_stmt* prepared = nullptr;
        const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
        if (code != SQLITE_OK) return Broken(handle_.get(), sql);
        statement.reset(prepared);
        // $1 to $n may appear in any order; the engine numbers them as they appear.
        auto& places = places_[number];
        for (int i = 1; i <= sqlite3_bind_parameter_count(prepared); ++i) {
            places.push_back(sqlite3_bind_parameter_index(prepared, ("$" + std::to_string(i)).c_str()));
        }
        return prepared;
    }

    /// Rows read or changed; -1 if the statement failed, as it may have then.
    Result<std::int64_t> Run(const Operation& operation, const std::string& sql) {
        OW_TRY(sqlite3_stmt* const statement, Prepared(operation.statement, sql));
        const std::vector<int>& places = places_[operation.statement];
        for (std::size_t i = 0; i < operation.parameters.size(); ++i) Bind(statement, places[i], operation.parameters[i]);
        const sqlite3_int64 before = sqlite3_total_changes64(handle_.get());
        std::int64_t rows = 0;
        int code = SQLITE_OK;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            ++rows;
            Touch(statement);
        }
        sqlite3_reset(statement);
        if (code != SQLITE_DONE) return -1;
        if (operation.kind == Operation::Kind::kRead) return rows;
        return sqlite3_total_changes64(handle_.get()) == before ? 0 : sqlite3_changes64(handle_.get());
    }

    Result<> Control(const char* sql) {
        if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return Broken(handle_.get(), sql);
        return {};
    }

    void CheckpointIfDue() {
        if (wal_pages_ < kCheckpointPages) return;
        sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        wal_pages_ = 0;
    }

   private:
    static void Bind(sqlite3_stmt* statement, int place, const db::Value& value) {
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            sqlite3_bind_int64(statement, place, *number);
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            sqlite3_bind_text64(statement, place, text->c_str(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
        } else if (const auto* blob = std::get_if<db::Bytes>(&value)) {
            sqlite3_bind_blob64(statement, place, blob->bytes.c_str(), blob->bytes.size(), SQLITE_STATIC);
        } else {
            sqlite3_bind_null(statement, place);
        }
    }

    /// Whoever asks reads what he gets.
    static void Touch(sqlite3_stmt* statement) {
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            switch (sqlite3_column_type(statement, i)) {
                case SQLITE_INTEGER: static_cast<void>(sqlite3_column_int64(statement, i)); break;
                case SQLITE_BLOB: static_cast<void>(sqlite3_column_blob(statement, i)); break;
                case SQLITE_TEXT: static_cast<void>(sqlite3_column_text(statement, i)); break;
                default: break;
            }
            static_cast<void>(sqlite3_column_bytes(statement, i));
        }
    }

    std::unique_ptr<sqlite3, Closer> handle_;
    std::vector<std::unique_ptr<sqlite3_stmt, Finalizer>> statements_;
    std::map<std::uint32_t, std::vector<int>> places_;
    int wal_pages_ = 0;
};

Result<> RunBlock(const Recording& recording, const Block& block, Bare& connection, Replayed& replayed) {
    if (!block.writes) OW_CHECK(connection.Control("BEGIN"));
    Replayed seen;
    ++seen.closures;
    for (const Operation& operation : block.operations) {
        OW_TRY(const std::int64_t outcome, connection.Run(operation, recording.statements[operation.statement]));
        if (operation.kind == Operation::Kind::kControl) {
            if (recording.statements[operation.statement] == "COMMIT") ++seen.commits;
            continue;
        }
        ++seen.statements;
        if (operation.kind == Operation::Kind::kRead) seen.rows_read += outcome;
        if (operation.kind == Operation::Kind::kChange) seen.rows_changed += outcome;
        if (outcome == operation.outcome) continue;
        ++replayed.differences;
        if (operation.kind == Operation::Kind::kChange) ++replayed.changes_that_differ;
    }
    if (!block.writes) OW_CHECK(connection.Control("ROLLBACK"));
    if (block.writes) connection.CheckpointIfDue();
    if (!block.in_window) return {};
    replayed.closures += seen.closures;
    replayed.commits += seen.commits;
    replayed.statements += seen.statements;
    replayed.rows_read += seen.rows_read;
    replayed.rows_changed += seen.rows_changed;
    return {};
}

}  // namespace

Result<Replayed> ReplayBare(const Recording& recording, const std::string& path) {
    Bare writer, reader;
    OW_CHECK(writer.Open(path, recording.statements.size()));
    OW_CHECK(reader.Open(path, recording.statements.size()));
    Replayed replayed;
    for (const Block& block : recording.blocks) {
        const std::int64_t cpu = ThreadNs(), wall = WallNs();
        OW_CHECK(RunBlock(recording, block, block.writes ? writer : reader, replayed));
        if (!block.in_window) continue;
        replayed.cpu_ns += ThreadNs() - cpu;
        replayed.wall_ns += WallNs() - wall;
    }
    return replayed;
}

Result<std::map<std::string, std::int64_t>> CountRows(const std::string& path) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, Closer> connection(handle);
    if (code != SQLITE_OK) return Broken(handle, path);
    const auto numbers = [&](const std::string& sql, auto&& row) -> Result<> {
        sqlite3_stmt* raw = nullptr;
        if (sqlite3_prepare_v2(handle, sql.c_str(), -1, &raw, nullptr) != SQLITE_OK) return Broken(handle, sql);
        const std::unique_ptr<sqlite3_stmt, Finalizer> statement(raw);
        while (sqlite3_step(raw) == SQLITE_ROW) row(raw);
        return {};
    };
    std::map<std::string, std::int64_t> counts;
    OW_CHECK(numbers("SELECT name FROM sqlite_master WHERE type = 'table'",
                     [&](sqlite3_stmt* row) { counts[reinterpret_cast<const char*>(sqlite3_column_text(row, 0))] = 0; }));
    for (auto& [table, count] : counts) {
        OW_CHECK(numbers("SELECT COUNT(*) FROM " + table, [&](sqlite3_stmt* row) { count = sqlite3_column_int64(row, 0); }));
    }
    return counts;
}

}  // namespace onewindow::bench
