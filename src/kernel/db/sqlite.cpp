#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "kernel/db/engine.hpp"

namespace onewindow::db {
namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr int kCheckpointPages = 1000;  // About 4 MB of log.

/// "UNIQUE constraint failed: t.a, t.b" -> "t(a, b)", the same text that PostgreSQL's fields give.
std::string ConstraintOf(int code, std::string_view message, std::string_view sql) {
    const auto colon = message.find(": ");
    std::string_view names = colon == std::string_view::npos ? "" : message.substr(colon + 2);
    if (code == SQLITE_CONSTRAINT_FOREIGNKEY) return StatementTable(sql) + "(foreign key)";
    if (code == SQLITE_CONSTRAINT_CHECK) {
        return fmt::format("{}({})", StatementTable(sql), names);
    }
    const std::string table(names.substr(0, names.find('.')));
    std::string columns;
    while (!names.empty()) {
        const auto comma = names.find(", ");
        const std::string_view name = names.substr(0, comma);
        if (!columns.empty()) columns += ", ";
        columns += name.substr(name.find('.') + 1);
        names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 2);
    }
    if (code == SQLITE_CONSTRAINT_NOTNULL) columns += " not null";
    return fmt::format("{}({})", table, columns);
}

Error ErrorOf(sqlite3* connection, const Query& query) {
    const int code = sqlite3_extended_errcode(connection);
    const std::string message = sqlite3_errmsg(connection);
    const std::string detail = fmt::format("{}: {} ({})", query.name, message, code);
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT:
            return Error(Fault{&reasons::kConstraint})
                .WithDetail(detail)
                .WithConstraint(ConstraintOf(code, message, query.sql));
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_NOMEM:
        case SQLITE_INTERRUPT:
        case SQLITE_IOERR:
        case SQLITE_CORRUPT:
        case SQLITE_FULL:
        case SQLITE_CANTOPEN:
        case SQLITE_NOTADB:
            return Error(Fault{&reasons::kUnavailable}).WithDetail(detail);
        default:
            return Error(Fault{&reasons::kStatement}).WithDetail(detail);
    }
}

struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalizer>;

/// A statement with what is the same at each of its runs.
struct Prepared {
    Statement statement;
    std::vector<int> places;  // Of $1 to $n; SQLite numbers them as they first appear.
    std::shared_ptr<const std::vector<std::string>> columns;
};

/// Looks up by a view of the text, without a copy of it.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

struct Closer {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};

Value ColumnValue(sqlite3_stmt* statement, int column) {
    const auto text = [&](const void* start) {
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        return size == 0 ? std::string() : std::string(static_cast<const char*>(start), size);
    };
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_NULL:
            return std::monostate{};
        case SQLITE_INTEGER:
            return sqlite3_column_int64(statement, column);
        case SQLITE_BLOB:
            return Bytes{text(sqlite3_column_blob(statement, column))};
        default:
            return text(sqlite3_column_text(statement, column));
    }
}

void Bind(sqlite3_stmt* statement, int index, const Value& value) {
    const auto size = [](const std::string& text) {
        return static_cast<sqlite3_uint64>(text.size());
    };
    // Static: the values outlive the one run of the statement.
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        sqlite3_bind_int64(statement, index, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        sqlite3_bind_text64(statement, index, text->c_str(), size(*text), SQLITE_STATIC,
                            SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<Bytes>(&value)) {
        sqlite3_bind_blob64(statement, index, blob->bytes.c_str(), size(blob->bytes),
                            SQLITE_STATIC);
    } else {
        sqlite3_bind_null(statement, index);
    }
}

/// One connection with its prepared statements. Used by one thread at a time.
class Connection {
 public:
    static Result<std::unique_ptr<Connection>> Open(const SqliteOptions& options, bool reader);

    Result<Answer> Run(const Query& query, const std::vector<Value>& parameters);
    /// BEGIN, SAVEPOINT, COMMIT, PRAGMA ...
    Result<> Control(std::string_view sql) {
        OW_CHECK(Run(Query{sql, sql}, {}));
        return {};
    }
    Result<Prepared> Prepare(const Query& query, bool keep);
    /// SQLite ends a transaction by itself after some errors.
    bool InTransaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
    bool HasOpenForeignKeys() const;
    int last_code() const { return sqlite3_extended_errcode(handle_.get()); }
    sqlite3* handle() const { return handle_.get(); }

 private:
    Result<> Configure(bool reader);
    Result<> Expect(std::string_view pragma, std::string_view value);
    Result<Prepared*> Find(const Query& query, Prepared& temporary);

    std::unique_ptr<sqlite3, Closer> handle_;
    // Declared after the handle: statements are finalized before it closes.
    std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> statements_;
};

Result<std::unique_ptr<Connection>> Connection::Open(const SqliteOptions& options, bool reader) {
    auto connection = std::make_unique<Connection>();
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(
        options.path.c_str(), &handle,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        options.vfs.empty() ? nullptr : options.vfs.c_str());
    connection->handle_.reset(handle);
    if (code != SQLITE_OK) {
        return Fail(Error(Fault{&reasons::kUnavailable})
                        .WithDetail("cannot open " + options.path + ": " + sqlite3_errstr(code)));
    }
    OW_CHECK(connection->Configure(reader));
    return connection;
}

Result<> Connection::Expect(std::string_view pragma, std::string_view value) {
    const std::string text = fmt::format("PRAGMA {}", pragma);
    OW_TRY(const Answer answer, Run(Query{"", text}, {}));
    std::string found = "nothing";
    if (!answer.rows.empty()) {
        const Value& first = answer.rows.front().values().front();
        if (const auto* number = std::get_if<std::int64_t>(&first)) found = std::to_string(*number);
        if (const auto* word = std::get_if<std::string>(&first)) found = *word;
    }
    if (found == value) return {};
    return Fail(Error(Fault{&reasons::kUnavailable})
                    .WithDetail(fmt::format("PRAGMA {} is {}, not {}", pragma, found, value)));
}

Result<> Connection::Configure(bool reader) {
    sqlite3* const handle = handle_.get();
    sqlite3_busy_timeout(handle, kBusyTimeoutMs);
    // "text" in double quotes is a name, as on PostgreSQL.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    OW_CHECK(Expect("journal_mode=WAL", "wal"));
    for (const char* const setting :
         // LIKE as on PostgreSQL; no personal data in temporary files; checkpoints are ours (see
         // Checkpoint).
         {"PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA case_sensitive_like=ON",
          "PRAGMA temp_store=MEMORY", "PRAGMA trusted_schema=OFF", "PRAGMA wal_autocheckpoint=0"}) {
        OW_CHECK(Control(setting));
    }
    // Durability rests on these; a setting that did not take must not pass unseen.
    OW_CHECK(Expect("synchronous", "2"));
    OW_CHECK(Expect("foreign_keys", "1"));
    OW_CHECK(Expect("wal_autocheckpoint", "0"));
    if (reader) {
        OW_CHECK(Control("PRAGMA query_only=ON"));
        OW_CHECK(Expect("query_only", "1"));
    }
    return {};
}

Result<Prepared> Connection::Prepare(const Query& query, bool keep) {
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    const int code =
        sqlite3_prepare_v3(handle_.get(), query.sql.data(), static_cast<int>(query.sql.size()),
                           keep ? SQLITE_PREPARE_PERSISTENT : 0, &statement, &tail);
    Prepared prepared{Statement(statement), {}, {}};
    if (code != SQLITE_OK) return Failure(ErrorOf(handle_.get(), query));
    const auto wrong = [&](std::string_view why) {
        return Fail(
            Error(Fault{&reasons::kStatement}).WithDetail(fmt::format("{}: {}", query.name, why)));
    };
    const std::string_view rest(
        tail, static_cast<std::size_t>(query.sql.data() + query.sql.size() - tail));
    if (!statement || !SplitStatements(rest, "BLOB").empty()) return wrong("not one statement");
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i) {
        // SQLite takes $1 for a name.
        prepared.places.push_back(
            sqlite3_bind_parameter_index(statement, fmt::format("${}", i).c_str()));
        if (prepared.places.back() == 0) return wrong("parameters are not $1 to $n");
    }
    return prepared;
}

Result<Prepared*> Connection::Find(const Query& query, Prepared& temporary) {
    if (query.name.empty()) {
        OW_TRY(temporary, Prepare(query, false));
        return &temporary;
    }
    const auto found = statements_.find(query.sql);
    if (found != statements_.end()) return &found->second;
    OW_TRY(Prepared prepared, Prepare(query, true));
    return &statements_.emplace(query.sql, std::move(prepared)).first->second;
}

/// The names of a row's columns. They change with the schema, which the engine follows by itself.
std::shared_ptr<const std::vector<std::string>> ColumnsOf(Prepared& prepared) {
    sqlite3_stmt* const statement = prepared.statement.get();
    const int count = sqlite3_column_count(statement);
    const auto same = [&] {
        if (!prepared.columns || static_cast<int>(prepared.columns->size()) != count) return false;
        for (int i = 0; i < count; ++i) {
            if ((*prepared.columns)[static_cast<std::size_t>(i)] != sqlite3_column_name(statement, i)) return false;
        }
        return true;
    };
    if (!same()) {
        std::vector<std::string> names;
        for (int i = 0; i < count; ++i) names.emplace_back(sqlite3_column_name(statement, i));
        prepared.columns = std::make_shared<const std::vector<std::string>>(std::move(names));
    }
    return prepared.columns;
}

Result<Answer> Connection::Run(const Query& query, const std::vector<Value>& parameters) {
    Prepared temporary;
    OW_TRY(Prepared* const prepared, Find(query, temporary));
    sqlite3_stmt* const statement = prepared->statement.get();
    if (parameters.size() != prepared->places.size()) {
        return Fail(
            Error(Fault{&reasons::kStatement})
                .WithDetail(fmt::format("{}: {} parameters given", query.name, parameters.size())));
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        Bind(statement, prepared->places[i], parameters[i]);
    }
    Answer answer;
    const auto changes_before = sqlite3_total_changes64(handle_.get());
    std::shared_ptr<const std::vector<std::string>> columns;
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!columns) columns = ColumnsOf(*prepared);
        const int count = static_cast<int>(columns->size());
        std::vector<Value> values;
        values.reserve(columns->size());
        for (int i = 0; i < count; ++i) values.push_back(ColumnValue(statement, i));
        answer.rows.emplace_back(columns, std::move(values));
    }
    // The count of changes is that of the last writing statement; this one may not have been one.
    if (sqlite3_total_changes64(handle_.get()) != changes_before) {
        answer.changed = sqlite3_changes64(handle_.get());
    }
    std::optional<Error> error;
    if (code != SQLITE_DONE) error = ErrorOf(handle_.get(), query);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (error) return Failure(*std::move(error));
    return answer;
}

bool Connection::HasOpenForeignKeys() const {
    int open = 0;
    int highest = 0;
    sqlite3_db_status(handle_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0);
    return open != 0;
}

class SqliteTransaction final : public BaseTransaction {
 public:
    explicit SqliteTransaction(Connection& connection) : connection_(connection) {}
    Engine engine() const override { return Engine::kSqlite; }

 private:
    Result<Answer> Do(const Query& query, const std::vector<Value>& parameters) override {
        return connection_.Run(query, parameters);
    }

    Connection& connection_;
};

/// One caller of Write, waiting on its own stack.
struct Task {
    explicit Task(const std::function<Result<>(Transaction&)>& work) : closure(work) {}

    const std::function<Result<>(Transaction&)>& closure;
    Result<> outcome;
    std::exception_ptr thrown;
    std::vector<std::function<void()>> actions;

    bool Succeeded() const { return outcome.has_value() && !thrown; }
    // Notified under the lock: the waiter may destroy the task at once.
    void Finish() {
        const std::lock_guard lock(mutex_);
        finished_ = true;
        done_.notify_one();
    }
    void Await() {
        std::unique_lock lock(mutex_);
        done_.wait(lock, [&] { return finished_; });
    }

 private:
    std::mutex mutex_;
    std::condition_variable done_;
    bool finished_ = false;
};

class SqliteDatabase final : public Database {
 public:
    SqliteDatabase(const SqliteOptions& options, std::unique_ptr<Connection> writer,
                   std::vector<std::unique_ptr<Connection>> readers)
        : batch_max_(static_cast<std::size_t>(std::max(options.batch_max, 1))),
          writer_(std::move(writer)),
          readers_(std::move(readers)) {
        sqlite3_wal_hook(
            writer_->handle(),
            [](void* self, sqlite3*, const char*, int pages) {
                static_cast<SqliteDatabase*>(self)->wal_pages_ = pages;
                return SQLITE_OK;
            },
            this);
        thread_ = std::thread([this] { WriteUntilStopped(); });
    }

    ~SqliteDatabase() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        arrived_.notify_all();
        thread_.join();
        // What a failed fsync left behind is for recovery at the next open, not for a last
        // checkpoint.
        for (const auto& reader : readers_) KeepLogIfBroken(*reader);
        KeepLogIfBroken(*writer_);
    }

    Engine engine() const override { return Engine::kSqlite; }

    Counts counts() const override {
        return {.commits = commits_,
                .group_commits = group_commits_,
                .reruns = reruns_,
                .unknown = unknown_};
    }

    bool broken() const override { return broken_; }

    Result<> Prepare(const Query& query) override {
        return WithReader([&](Connection& reader) -> Result<> {
            OW_CHECK(reader.Prepare(query, false));
            return {};
        });
    }

 protected:
    Result<> DoWrite(const std::function<Result<>(Transaction&)>& closure) override;
    Result<> DoRead(const std::function<Result<>(Transaction&)>& closure) override;

 private:
    void WriteUntilStopped();
    Task* Take();
    void PutBack(const std::vector<Task*>& tasks);
    void RunBatch();
    bool RunTask(Task& task);
    void CommitBatch(const std::vector<Task*>& batch);
    void FailBatch(const std::vector<Task*>& batch, const Error& error);
    void Checkpoint();
    void KeepLogIfBroken(Connection& connection) const {
        if (broken_) {
            sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        }
    }
    Result<> WithReader(const std::function<Result<>(Connection&)>& use);

    const std::size_t batch_max_;
    std::unique_ptr<Connection> writer_;
    int wal_pages_ = 0;  // Writer thread only.

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Task*> queue_;
    bool stopping_ = false;

    std::mutex readers_mutex_;
    std::condition_variable reader_free_;
    std::vector<std::unique_ptr<Connection>> readers_;

    std::atomic<bool> broken_ = false;
    std::atomic<std::int64_t> commits_ = 0, group_commits_ = 0, reruns_ = 0, unknown_ = 0;
    std::thread thread_;
};

Error Broken() {
    return Error(Fault{&reasons::kUnavailable}).WithDetail("storage failed; to be started again");
}

Result<> SqliteDatabase::DoWrite(const std::function<Result<>(Transaction&)>& closure) {
    OW_ASSERT(!InsideClosure());
    Task task(closure);
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(&task);
    }
    arrived_.notify_one();
    task.Await();
    if (task.thrown) std::rethrow_exception(task.thrown);
    OW_CHECK(std::move(task.outcome));
    for (const auto& action : task.actions) action();
    return {};
}

Result<> SqliteDatabase::WithReader(const std::function<Result<>(Connection&)>& use) {
    OW_ASSERT(!InsideClosure());
    if (broken_) return Failure(Broken());
    std::unique_lock lock(readers_mutex_);
    reader_free_.wait(lock, [&] { return !readers_.empty(); });
    std::unique_ptr<Connection> reader = std::move(readers_.back());
    readers_.pop_back();
    lock.unlock();
    const auto give_back = [&](void*) {
        {
            const std::lock_guard again(readers_mutex_);
            readers_.push_back(std::move(reader));
        }
        reader_free_.notify_one();
    };
    const std::unique_ptr<void, decltype(give_back)> guard(this, give_back);
    return use(*reader);
}

Result<> SqliteDatabase::DoRead(const std::function<Result<>(Transaction&)>& closure) {
    return WithReader([&](Connection& reader) -> Result<> {
        OW_CHECK(reader.Control("BEGIN"));
        const auto end = [&](void*) {
            if (reader.InTransaction()) static_cast<void>(reader.Control("ROLLBACK"));
        };
        const std::unique_ptr<void, decltype(end)> guard(&reader, end);
        SqliteTransaction transaction(reader);
        return transaction.Complete(closure);
    });
}

void SqliteDatabase::WriteUntilStopped() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
        }
        RunBatch();
    }
}

Task* SqliteDatabase::Take() {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return nullptr;
    Task* const task = queue_.front();
    queue_.pop_front();
    return task;
}

void SqliteDatabase::PutBack(const std::vector<Task*>& tasks) {
    const std::lock_guard lock(mutex_);
    queue_.insert(queue_.begin(), tasks.begin(), tasks.end());
}

void SqliteDatabase::FailBatch(const std::vector<Task*>& batch, const Error& error) {
    for (Task* const task : batch) {
        // Also for those that were refused: they may have been refused because of rows that are
        // gone.
        if (task->Succeeded() && error.Is(reasons::kOutcomeUnknown)) ++unknown_;
        task->outcome = Failure(error);
        task->Finish();
    }
}

void SqliteDatabase::RunBatch() {
    std::vector<Task*> batch;
    const auto begun = broken_ ? Result<>(Failure(Broken())) : writer_->Control("BEGIN IMMEDIATE");
    while (batch.size() < batch_max_) {
        Task* const task = Take();
        if (!task) break;
        if (begun && !RunTask(*task)) {
            // The transaction went with this caller's error; the others have done nothing wrong.
            reruns_ += static_cast<std::int64_t>(batch.size());
            PutBack(batch);
            task->Finish();
            return;
        }
        batch.push_back(task);
    }
    if (!begun) return FailBatch(batch, begun.error());
    CommitBatch(batch);
    Checkpoint();
}

/// Runs one caller's closure within its savepoint; false if the whole transaction is gone.
bool SqliteDatabase::RunTask(Task& task) {
    task.thrown = nullptr;
    task.outcome = writer_->Control("SAVEPOINT caller");
    if (!task.outcome) return writer_->InTransaction();
    SqliteTransaction transaction(*writer_);
    try {
        task.outcome = transaction.Complete(task.closure);
    } catch (...) {
        task.thrown = std::current_exception();
    }
    task.actions = transaction.TakeActions();
    if (!writer_->InTransaction()) return false;
    if (task.Succeeded() && writer_->HasOpenForeignKeys()) {
        // SQLite would only notice at COMMIT, and then blame all callers.
        task.outcome = Fail(Error(Fault{&reasons::kConstraint}).WithConstraint("(foreign key)"));
    }
    if (!task.Succeeded()) {
        const auto undone = writer_->Control("ROLLBACK TO caller");
        if (!undone) {
            static_cast<void>(writer_->Control("ROLLBACK"));
            return false;
        }
    }
    const auto released = writer_->Control("RELEASE caller");
    if (!released) {
        task.outcome = released;
        static_cast<void>(writer_->Control("ROLLBACK"));
        return false;
    }
    return true;
}

void SqliteDatabase::CommitBatch(const std::vector<Task*>& batch) {
    const auto succeeded = std::count_if(batch.begin(), batch.end(),
                                         [](const Task* task) { return task->Succeeded(); });
    const auto ended = writer_->Control(succeeded == 0 ? "ROLLBACK" : "COMMIT");
    if (ended) {
        commits_ += succeeded;
        group_commits_ += succeeded == 0 ? 0 : 1;
        for (Task* const task : batch) task->Finish();
        return;
    }
    const int code = writer_->last_code() & 0xff;
    if (code == SQLITE_BUSY && writer_->InTransaction() && writer_->Control("ROLLBACK")) {
        return FailBatch(batch,
                         ended.error());  // Another process kept the lock: nothing was stored.
    }
    // The log's last page may or may not have reached the disk. A full disk heals when there is
    // room again; after any other error the kernel may have dropped pages that later fsyncs report
    // as written.
    if (code != SQLITE_FULL || writer_->InTransaction()) broken_ = true;
    FailBatch(batch, Error(Fault{&reasons::kOutcomeUnknown}).WithDetail(ended.error().detail()));
}

/// SQLite's own automatic checkpoint drops errors, and a dropped fsync error loses acknowledged
/// rows once the log starts anew. Therefore done here, after the callers have their answers.
void SqliteDatabase::Checkpoint() {
    if (broken_ || wal_pages_ < kCheckpointPages) return;
    const int code = sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr,
                                               SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    wal_pages_ = 0;
    if ((code & 0xff) == SQLITE_IOERR) broken_ = true;
}

}  // namespace

Result<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options) {
    if (options.path.empty() || options.path.starts_with(":memory:")) {
        return Refuse(reasons::kUrl, "db");
    }
    OW_TRY(auto writer, Connection::Open(options, false));
    // Moves what recovery found in the log into the file and syncs it: after a failed fsync the log
    // may be in the page cache only, and nothing but a write would bring it to the disk.
    OW_CHECK(writer->Control("PRAGMA wal_checkpoint(TRUNCATE)"));
    std::vector<std::unique_ptr<Connection>> readers;
    for (int i = 0; i < std::max(options.readers, 1); ++i) {
        OW_TRY(auto reader, Connection::Open(options, true));
        readers.push_back(std::move(reader));
    }
    return std::make_unique<SqliteDatabase>(options, std::move(writer), std::move(readers));
}

}  // namespace onewindow::db
