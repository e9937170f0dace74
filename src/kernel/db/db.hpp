#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/clock/clock.hpp"
#include "kernel/ids/ids.hpp"
#include "kernel/result/result.hpp"

namespace onewindow::db {

enum class Engine { kSqlite, kPostgres };

/// One statement from a `queries/*.sql` file. `postgres` is empty unless the engines must differ.
struct Query {
    std::string_view name;  // "naming.find_holder": labels logs. Without a name it is not kept prepared.
    std::string_view sql;
    std::string_view postgres = {};
};

/// One file of a room's `migrations/`. Forward only; never changes once landed (checksum).
struct Migration {
    std::string_view room;
    int number;
    std::string_view name;
    std::string_view sql;
};

struct Bytes {
    std::string bytes;
    bool operator==(const Bytes&) const = default;
};

/// NULL, integer (also times as epoch ms and booleans), text, bytes.
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

inline Value ToValue(std::monostate) { return std::monostate{}; }
inline Value ToValue(std::int64_t value) { return value; }
inline Value ToValue(int value) { return std::int64_t{value}; }
inline Value ToValue(bool value) { return std::int64_t{value ? 1 : 0}; }
inline Value ToValue(std::string value) { return value; }
inline Value ToValue(std::string_view value) { return std::string(value); }
inline Value ToValue(const char* value) { return std::string(value); }
inline Value ToValue(Bytes value) { return value; }
inline Value ToValue(Instant value) { return EpochMs(value); }
inline Value ToValue(Date value) { return FormatDate(value); }
template <class Tag>
Value ToValue(const Id<Tag>& value) {
    return value.value();
}
template <class T>
Value ToValue(const std::optional<T>& value) {
    return value ? ToValue(*value) : Value{std::monostate{}};
}

/// One row of an answer; columns by name. A wrong name or type is our bug and asserts.
class Row {
   public:
    Row(std::shared_ptr<const std::vector<std::string>> columns, std::vector<Value> values);

    bool IsNull(std::string_view column) const;
    std::int64_t Int(std::string_view column) const;
    bool Bool(std::string_view column) const { return Int(column) != 0; }
    const std::string& Text(std::string_view column) const;
    const std::string& Blob(std::string_view column) const;
    Instant Time(std::string_view column) const { return FromEpochMs(Int(column)); }
    Date Day(std::string_view column) const;

    std::string TextOr(std::string_view column, std::string_view fallback = {}) const;
    std::optional<std::int64_t> IntIfAny(std::string_view column) const;
    std::optional<Instant> TimeIfAny(std::string_view column) const;
    template <class IdType>
    IdType As(std::string_view column) const {
        return IdType(Text(column));
    }

    const std::vector<std::string>& columns() const { return *columns_; }
    const std::vector<Value>& values() const { return values_; }

   private:
    const Value& At(std::string_view column) const;

    std::shared_ptr<const std::vector<std::string>> columns_;
    std::vector<Value> values_;
};

using Rows = std::vector<Row>;

/// What a closure works with. A refused constraint makes the statement fail with reasons::kConstraint and
/// Error::constraint() = "table(column, column)", and ends the closure: pass the error up (Map… it first).
class Transaction {
   public:
    virtual ~Transaction() = default;

    virtual Engine engine() const = 0;
    virtual Result<Rows> Run(const Query& query, std::vector<Value> parameters) = 0;
    /// Rows changed by the statement.
    virtual Result<std::int64_t> Change(const Query& query, std::vector<Value> parameters) = 0;
    /// Runs after a successful commit, never after a rollback; for waking readers, not for effects.
    virtual void AfterCommit(std::function<void()> action) = 0;

    template <class... Args>
    Result<Rows> Read(const Query& query, Args&&... arguments) {
        return Run(query, {ToValue(std::forward<Args>(arguments))...});
    }
    /// The first row, or nothing.
    template <class... Args>
    Result<std::optional<Row>> FindOne(const Query& query, Args&&... arguments) {
        OW_TRY(Rows rows, Run(query, {ToValue(std::forward<Args>(arguments))...}));
        if (rows.empty()) return std::optional<Row>{};
        return std::optional<Row>{std::move(rows.front())};
    }
    /// Changes rows and says how many.
    template <class... Args>
    Result<std::int64_t> Execute(const Query& query, Args&&... arguments) {
        return Change(query, {ToValue(std::forward<Args>(arguments))...});
    }
};

/// If `error` came from this constraint ("table(column, column)"), the named reason, else the error unchanged.
Error MapConstraint(Error error, std::string_view constraint, const Reason& reason,
                    std::string_view field = {});

/// A database of either engine. Safe from many threads.
///
/// Write runs the closure in one transaction and commits durably when it returns a value; an error rolls
/// back. Closures may run again (serialization, group commit): no effects outside the transaction, no crypto,
/// no rendering, no calls. The answer is three-valued: a value (committed), an error (not stored), or an error
/// with reasons::kOutcomeUnknown: may or may not be stored; the caller answers 503 "retry with the same key".
class Database {
   public:
    virtual ~Database() = default;

    virtual Engine engine() const = 0;

    template <class F>
    auto Write(F&& closure) -> std::invoke_result_t<F, Transaction&> {
        using Answer = std::invoke_result_t<F, Transaction&>;
        std::optional<Answer> answer;
        Result<> outcome = DoWrite([&](Transaction& tx) -> Result<> {
            answer.emplace(closure(tx));
            if (!*answer) return Failure(answer->error());
            return {};
        });
        if (!outcome) return Failure(std::move(outcome).error());
        return *std::move(answer);
    }

    /// A snapshot; of the primary. Writing statements are refused.
    template <class F>
    auto Read(F&& closure) -> std::invoke_result_t<F, Transaction&> {
        using Answer = std::invoke_result_t<F, Transaction&>;
        std::optional<Answer> answer;
        Result<> outcome = DoRead([&](Transaction& tx) -> Result<> {
            answer.emplace(closure(tx));
            if (!*answer) return Failure(answer->error());
            return {};
        });
        if (!outcome) return Failure(std::move(outcome).error());
        return *std::move(answer);
    }

    struct Counts {
        std::int64_t commits = 0;        // Durable closures.
        std::int64_t group_commits = 0;  // COMMIT statements that carried them (SQLite: fsyncs).
        std::int64_t reruns = 0;
        std::int64_t unknown = 0;
    };
    virtual Counts counts() const = 0;

    /// Whether the storage failed in such a way that only a fresh start is safe (an fsync that failed): everything
    /// is refused from then on, and the process has to stop and be started again.
    virtual bool broken() const = 0;

    /// Whether this engine understands the statement, with all types of parameters left to the engine;
    /// runs nothing. Refused with reasons::kStatement.
    virtual Result<> Prepare(const Query& query) = 0;

   protected:
    virtual Result<> DoWrite(const std::function<Result<>(Transaction&)>& closure) = 0;
    virtual Result<> DoRead(const std::function<Result<>(Transaction&)>& closure) = 0;
};

struct SqliteOptions {
    std::string path;  // ":memory:" is not served: tests use a file of their own.
    int readers = 4;
    int batch_max = 64;  // Callers whose closures share one COMMIT.
    std::string vfs = {};  // SQLite's file layer; empty: the system's. For tests of failing disks.
};

struct PostgresOptions {
    std::string url;  // libpq connection string or URI, several hosts allowed.
    int connections = 8;
};

/// WAL, synchronous=FULL, foreign_keys=ON; asserts that the settings took. One writer thread, group commit.
Result<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options);
/// READ COMMITTED, prepared statements, reconnects; a lost connection during COMMIT is an unknown outcome.
Result<std::unique_ptr<Database>> OpenPostgres(const PostgresOptions& options);
/// By URL: "sqlite:PATH" or "postgres://…" / "postgresql://…" / "host=…".
Result<std::unique_ptr<Database>> Open(std::string_view url);

/// Applies what is missing, in order of rooms' first appearance, one transaction a migration; refuses
/// a landed migration whose text changed. Returns how many were applied.
Result<int> Migrate(Database& database, std::span<const Migration> migrations);

namespace reasons {
inline constexpr Reason kConstraint{"db.constraint", Kind::kBug};
inline constexpr Reason kUnavailable{"db.unavailable", Kind::kUnavailable};
inline constexpr Reason kOutcomeUnknown{"db.outcome_unknown", Kind::kUnknownOutcome};
inline constexpr Reason kStatement{"db.statement", Kind::kBug};
inline constexpr Reason kMigrationChanged{"db.migration_changed", Kind::kBug};
inline constexpr Reason kUrl{"db.url", Kind::kMalformed};
}  // namespace reasons

}  // namespace onewindow::db
