#include <libpq-fe.h>

#include <atomic>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <unordered_map>

#include "kernel/db/engine.hpp"

namespace onewindow::db {
namespace {

constexpr int kRerunsMax = 20;

// Type numbers from the server's pg_type; they never change.
constexpr Oid kBoolType = 16, kByteaType = 17, kInt8Type = 20, kInt2Type = 21, kInt4Type = 23,
              kTextType = 25, kNumericType = 1700;

struct Clearer {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Reply = std::unique_ptr<PGresult, Clearer>;

struct Closer {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};

std::string FieldOf(const PGresult* result, int field) {
    const char* const text = PQresultErrorField(result, field);
    return text ? text : "";
}

bool Succeeded(const Reply& reply) {
    const auto status = PQresultStatus(reply.get());
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/// The server's fields as "table(column, column)".
std::string ConstraintOf(const PGresult* result, std::string_view state, std::string_view sql) {
    const std::string table = FieldOf(result, PG_DIAG_TABLE_NAME);
    if (state == "23503") return StatementTable(sql) + "(foreign key)";
    if (state == "23502") {
        return fmt::format("{}({} not null)", table, FieldOf(result, PG_DIAG_COLUMN_NAME));
    }
    if (state == "23505") {
        // "Key (a, b)=(1, 2) already exists.", in the language of the server.
        const std::string detail = FieldOf(result, PG_DIAG_MESSAGE_DETAIL);
        const auto start = detail.find('(');
        const auto end = detail.find(")=(");
        if (start < end && end != std::string::npos) {
            std::string columns = detail.substr(start + 1, end - start - 1);
            std::erase(columns, '"');
            return fmt::format("{}({})", table, columns);
        }
    }
    return fmt::format("{}({})", table, FieldOf(result, PG_DIAG_CONSTRAINT_NAME));
}

Error ErrorOf(const PGresult* result, const Query& query) {
    const std::string state = FieldOf(result, PG_DIAG_SQLSTATE);
    // Class 22 (data) quotes the value, and the detail field holds keys: neither may reach the log.
    const std::string message =
        state.starts_with("22") ? "wrong data" : FieldOf(result, PG_DIAG_MESSAGE_PRIMARY);
    const std::string detail = fmt::format("{}: {} ({})", query.name, message, state);
    if (state.starts_with("23")) {
        return Error(Fault{&reasons::kConstraint})
            .WithDetail(detail)
            .WithConstraint(ConstraintOf(result, state, TextFor(Engine::kPostgres, query)));
    }
    const auto unavailable_classes = {"", "08", "40", "53", "55", "57", "58", "XX"};
    const bool unavailable = std::any_of(
        unavailable_classes.begin(), unavailable_classes.end(), [&](std::string_view start) {
            return start.empty() ? state.empty() : state.starts_with(start);
        });
    return Error(Fault{unavailable ? &reasons::kUnavailable : &reasons::kStatement})
        .WithDetail(detail);
}

/// Whether the same closure may well succeed when it runs again.
bool IsWorthRerun(std::string_view state) {
    return state == "40001" || state == "40P01" ||
           // The tables changed under a prepared statement (see FailWith), or a pooler gave us
           // another server.
           state == "26000";
}

enum class CommitOutcome { kCommitted, kUnknown, kRerun, kFailed };

/// One connection with its prepared statements. Used by one thread at a time.
class Connection {
 public:
    static Result<std::unique_ptr<Connection>> Open(const std::string& url);

    Result<Answer> Run(const Query& query, const std::vector<Value>& parameters);
    Result<> Control(const char* sql);
    Result<> Prepare(const Query& query);
    CommitOutcome Commit(Error& error);

    bool lost() const { return PQstatus(handle_.get()) != CONNECTION_OK; }
    /// The state of the last error.
    const std::string& state() const { return state_; }

 private:
    struct Bound;
    Result<std::string> Name(const Query& query, const Bound& bound);
    Failure FailWith(const Reply& reply, const Query& query);
    static void Notice(void* self, const PGresult* notice);

    std::unique_ptr<PGconn, Closer> handle_;
    std::unordered_map<std::string, std::string> names_;
    std::string state_;
    bool committing_ = false;
    bool commit_doubtful_ = false;
};

/// The values as libpq wants them; texts in binary, because a text parameter would end at a NUL.
struct Connection::Bound {
    explicit Bound(const std::vector<Value>& values) {
        numbers.reserve(values.size());
        for (const Value& value : values) Add(value);
    }

    void Add(const Value& value) {
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            numbers.push_back(std::to_string(*number));
            Add(kInt8Type, 'i', numbers.back(), 0);
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            Add(kTextType, 't', *text, 1);
        } else if (const auto* blob = std::get_if<Bytes>(&value)) {
            Add(kByteaType, 'b', blob->bytes, 1);
        } else {
            types.push_back(0);  // The server finds the type.
            signature += 'n';
            pointers.push_back(nullptr);
            lengths.push_back(0);
            formats.push_back(0);
        }
    }
    void Add(Oid type, char letter, const std::string& bytes, int format) {
        types.push_back(type);
        signature += letter;
        pointers.push_back(bytes.c_str());
        lengths.push_back(static_cast<int>(bytes.size()));
        formats.push_back(format);
    }
    int count() const { return static_cast<int>(pointers.size()); }

    std::vector<std::string> numbers;
    std::vector<Oid> types;
    std::string signature;
    std::vector<const char*> pointers;
    std::vector<int> lengths, formats;
};

Result<std::unique_ptr<Connection>> Connection::Open(const std::string& url) {
    // What stands before dbname may be overridden by the URL, what follows may not.
    const char* const keywords[] = {"connect_timeout",
                                    "tcp_user_timeout",
                                    "target_session_attrs",
                                    "application_name",
                                    "dbname",
                                    "client_encoding",
                                    nullptr};
    const char* const values[] = {"5",         "10000", "read-write", "onewindow",
                                  url.c_str(), "UTF8",  nullptr};
    auto connection = std::make_unique<Connection>();
    connection->handle_.reset(PQconnectdbParams(keywords, values, 1));
    PGconn* const handle = connection->handle_.get();
    const auto wrong = [](std::string detail) {
        return Fail(Error(Fault{&reasons::kUnavailable}).WithDetail(std::move(detail)));
    };
    if (connection->lost()) return wrong(handle ? PQerrorMessage(handle) : "no memory");
    PQsetNoticeReceiver(handle, &Connection::Notice, connection.get());
    const char* const encoding = PQparameterStatus(handle, "server_encoding");
    if (!encoding || std::string_view(encoding) != "UTF8") return wrong("the database is not UTF8");
    OW_CHECK(connection->Control("SET default_transaction_isolation = 'read committed'"));
    OW_TRY(const Answer durability, connection->Run(Query{"", "SHOW synchronous_commit"}, {}));
    if (durability.rows.front().Text("synchronous_commit") == "off") {
        return wrong("synchronous_commit is off: commits would not be durable");
    }
    return connection;
}

void Connection::Notice(void* self, const PGresult* notice) {
    auto* const connection = static_cast<Connection*>(self);
    // "canceling wait for synchronous replication": COMMIT then answers as if all were well, but
    // the rows may vanish with this server. The text may be in any language, so every warning
    // during COMMIT counts.
    if (connection->committing_ && FieldOf(notice, PG_DIAG_SEVERITY_NONLOCALIZED) == "WARNING") {
        connection->commit_doubtful_ = true;
    }
}

Failure Connection::FailWith(const Reply& reply, const Query& query) {
    state_ = FieldOf(reply.get(), PG_DIAG_SQLSTATE);
    // "cached plan must not change result type" has no state of its own.
    if (FieldOf(reply.get(), PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery") state_ = "26000";
    return Failure(ErrorOf(reply.get(), query));
}

Result<> Connection::Control(const char* sql) {
    const Reply reply(PQexec(handle_.get(), sql));
    if (!Succeeded(reply)) return FailWith(reply, Query{sql, sql});
    return {};
}

Result<> Connection::Prepare(const Query& query) {
    const std::string sql(TextFor(Engine::kPostgres, query));
    const Reply reply(PQprepare(handle_.get(), "", sql.c_str(), 0, nullptr));
    if (!Succeeded(reply)) return FailWith(reply, query);
    return {};
}

Result<std::string> Connection::Name(const Query& query, const Bound& bound) {
    const std::string sql(TextFor(Engine::kPostgres, query));
    const std::string key = bound.signature + ' ' + sql;
    const auto found = names_.find(key);
    if (found != names_.end()) return found->second;
    std::string name = query.name.empty() ? "" : fmt::format("s{}", names_.size());
    const Reply reply(
        PQprepare(handle_.get(), name.c_str(), sql.c_str(), bound.count(), bound.types.data()));
    if (!Succeeded(reply)) return FailWith(reply, query);
    if (!name.empty()) names_.emplace(key, name);
    return name;
}

Value CellValue(const PGresult* result, int row, int column) {
    if (PQgetisnull(result, row, column)) return std::monostate{};
    const std::string_view text(PQgetvalue(result, row, column),
                                static_cast<std::size_t>(PQgetlength(result, row, column)));
    const Oid type = PQftype(result, column);
    switch (type) {
        case kBoolType:
            return std::int64_t{text == "t"};
        case kInt2Type:
        case kInt4Type:
        case kInt8Type:
        case kNumericType: {  // SUM of BIGINT is NUMERIC here, an integer on SQLite.
            std::int64_t number = 0;
            const auto end = text.data() + text.size();
            const auto parsed = std::from_chars(text.data(), end, number);
            if (parsed.ec == std::errc() && parsed.ptr == end) return number;
            OW_ASSERT(type == kNumericType);
            return std::string(text);
        }
        case kByteaType: {
            std::size_t size = 0;
            const std::unique_ptr<unsigned char, decltype(&PQfreemem)> bytes(
                PQunescapeBytea(reinterpret_cast<const unsigned char*>(text.data()), &size),
                &PQfreemem);
            OW_ASSERT(bytes != nullptr);
            return Bytes{std::string(reinterpret_cast<const char*>(bytes.get()), size)};
        }
        default:
            return std::string(text);
    }
}

Result<Answer> Connection::Run(const Query& query, const std::vector<Value>& parameters) {
    const Bound bound(parameters);
    OW_TRY(const std::string name, Name(query, bound));
    const Reply reply(PQexecPrepared(handle_.get(), name.c_str(), bound.count(),
                                     bound.pointers.data(), bound.lengths.data(),
                                     bound.formats.data(), 0));
    if (!Succeeded(reply)) return FailWith(reply, query);
    Answer answer;
    auto columns = std::make_shared<std::vector<std::string>>();
    for (int i = 0; i < PQnfields(reply.get()); ++i) columns->push_back(PQfname(reply.get(), i));
    for (int row = 0; row < PQntuples(reply.get()); ++row) {
        std::vector<Value> values;
        for (int i = 0; i < PQnfields(reply.get()); ++i) {
            values.push_back(CellValue(reply.get(), row, i));
        }
        answer.rows.emplace_back(columns, std::move(values));
    }
    const std::string_view command = PQcmdStatus(reply.get());
    const std::string_view changed = PQcmdTuples(reply.get());
    if (!command.starts_with("SELECT")) {
        std::from_chars(changed.data(), changed.data() + changed.size(), answer.changed);
    }
    return answer;
}

/// Never cancelled, whatever it takes: a cancelled COMMIT may be stored here and lost at the next
/// fail-over.
CommitOutcome Connection::Commit(Error& error) {
    committing_ = true;
    commit_doubtful_ = false;
    const Reply reply(PQexec(handle_.get(), "COMMIT"));
    committing_ = false;
    if (!Succeeded(reply)) {
        error = FailWith(reply, Query{"COMMIT", "COMMIT"}).value();
        // 40003: the server itself does not know. Without a state nobody answered.
        if (lost() || state_.empty() || state_ == "40003") return CommitOutcome::kUnknown;
        if (error.Is(reasons::kConstraint)) {
            error = Error(std::move(error))
                        .WithConstraint("(foreign key)");  // Only these are deferred.
        }
        return IsWorthRerun(state_) ? CommitOutcome::kRerun : CommitOutcome::kFailed;
    }
    if (commit_doubtful_) return CommitOutcome::kUnknown;
    // COMMIT of a failed transaction succeeds, and says what it really did.
    const bool committed = std::string_view(PQcmdStatus(reply.get())) == "COMMIT";
    return committed ? CommitOutcome::kCommitted : CommitOutcome::kFailed;
}

class PostgresTransaction final : public BaseTransaction {
 public:
    explicit PostgresTransaction(Connection& connection) : connection_(connection) {}
    Engine engine() const override { return Engine::kPostgres; }
    bool worth_rerun() const { return worth_rerun_; }

 private:
    Result<Answer> Do(const Query& query, const std::vector<Value>& parameters) override {
        auto answer = connection_.Run(query, parameters);
        if (!answer) worth_rerun_ = connection_.lost() || IsWorthRerun(connection_.state());
        return answer;
    }

    Connection& connection_;
    bool worth_rerun_ = false;
};

class PostgresDatabase final : public Database {
 public:
    explicit PostgresDatabase(const PostgresOptions& options)
        : url_(options.url), free_(std::max(options.connections, 1)) {}

    Engine engine() const override { return Engine::kPostgres; }
    Counts counts() const override {
        return {
            .commits = commits_, .group_commits = commits_, .reruns = reruns_, .unknown = unknown_};
    }
    bool broken() const override { return false; }  // The server looks after its own disks.

    Result<> Prepare(const Query& query) override {
        Lease lease(*this);
        OW_CHECK(lease.Connect());
        lease.MarkClean();
        return lease->Prepare(query);
    }

 protected:
    Result<> DoWrite(const std::function<Result<>(Transaction&)>& closure) override {
        return UntilSettled("BEGIN", closure);
    }
    Result<> DoRead(const std::function<Result<>(Transaction&)>& closure) override {
        return UntilSettled("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", closure);
    }

 private:
    /// A place in the pool; the connection goes back unless it is lost or in the midst of a
    /// transaction.
    class Lease {
     public:
        explicit Lease(PostgresDatabase& database) : database_(database) { database_.Enter(); }
        ~Lease() {
            database_.Leave(clean_ && !connection_->lost() ? std::move(connection_) : nullptr);
        }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;

        Result<> Connect();
        void MarkClean() { clean_ = true; }
        Connection* operator->() { return connection_.get(); }
        Connection& operator*() { return *connection_; }

     private:
        PostgresDatabase& database_;
        std::unique_ptr<Connection> connection_;
        bool clean_ = false;
    };

    Result<> UntilSettled(const char* begin, const std::function<Result<>(Transaction&)>& closure);
    /// Nothing if the closure is worth another run; `last` is why.
    std::optional<Result<>> RunOnce(const char* begin, PostgresTransaction& transaction,
                                    Lease& lease,
                                    const std::function<Result<>(Transaction&)>& closure,
                                    Error& last);
    void Enter();
    void Leave(std::unique_ptr<Connection> connection);
    void ForgetIdle();

    const std::string url_;
    std::mutex mutex_;
    std::condition_variable freed_;
    int free_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::atomic<std::int64_t> commits_ = 0, reruns_ = 0, unknown_ = 0;
};

void PostgresDatabase::Enter() {
    OW_ASSERT(!InsideClosure());
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return free_ > 0; });
    --free_;
}

void PostgresDatabase::Leave(std::unique_ptr<Connection> connection) {
    {
        const std::lock_guard lock(mutex_);
        ++free_;
        if (connection) idle_.push_back(std::move(connection));
    }
    freed_.notify_one();
}

/// After one connection was lost the others are likely to be dead too.
void PostgresDatabase::ForgetIdle() {
    std::vector<std::unique_ptr<Connection>> forgotten;
    const std::lock_guard lock(mutex_);
    forgotten.swap(idle_);
}

Result<> PostgresDatabase::Lease::Connect() {
    {
        const std::lock_guard lock(database_.mutex_);
        if (!database_.idle_.empty()) {
            connection_ = std::move(database_.idle_.back());
            database_.idle_.pop_back();
            return {};
        }
    }
    OW_TRY(connection_, Connection::Open(database_.url_));
    return {};
}

std::optional<Result<>> PostgresDatabase::RunOnce(
    const char* begin, PostgresTransaction& transaction, Lease& lease,
    const std::function<Result<>(Transaction&)>& closure, Error& last) {
    if (auto begun = lease->Control(begin); !begun) {
        last = begun.error();
        if (lease->lost()) return std::nullopt;
        return begun;
    }
    const Result<> completed = transaction.Complete(closure);
    if (!completed) {
        last = completed.error();
        if (!lease->lost() && lease->Control("ROLLBACK")) {
            // A statement that no longer fits its tables is prepared anew on a new connection.
            const std::string& state = lease->state();
            if (!transaction.worth_rerun() || state.starts_with("40")) lease.MarkClean();
        }
        if (transaction.worth_rerun()) return std::nullopt;
        return completed;
    }
    switch (lease->Commit(last)) {
        case CommitOutcome::kCommitted:
            lease.MarkClean();
            return Result<>{};
        case CommitOutcome::kUnknown:
            ++unknown_;
            return Result<>(
                Fail(Error(Fault{&reasons::kOutcomeUnknown}).WithDetail(last.detail())));
        case CommitOutcome::kRerun:
            lease.MarkClean();
            return std::nullopt;
        case CommitOutcome::kFailed:
            lease.MarkClean();
            break;
    }
    return Result<>(Fail(last));
}

Result<> PostgresDatabase::UntilSettled(const char* begin,
                                        const std::function<Result<>(Transaction&)>& closure) {
    Error last(Fault{&reasons::kUnavailable});
    for (int run = 0; run <= kRerunsMax; ++run) {
        if (run > 0) ++reruns_;
        std::vector<std::function<void()>> actions;
        {
            Lease lease(*this);
            OW_CHECK(lease.Connect());
            PostgresTransaction transaction(*lease);
            auto settled = RunOnce(begin, transaction, lease, closure, last);
            if (lease->lost()) ForgetIdle();
            if (!settled) continue;
            OW_CHECK(*std::move(settled));
            actions = transaction.TakeActions();
        }
        if (std::string_view(begin) == "BEGIN") ++commits_;
        for (const auto& action : actions) action();
        return {};
    }
    return Fail(Error(Fault{&reasons::kUnavailable}).WithDetail(last.detail()));
}

}  // namespace

Result<std::unique_ptr<Database>> OpenPostgres(const PostgresOptions& options) {
    auto database = std::make_unique<PostgresDatabase>(options);
    // A wrong address is told now, not at the first request.
    OW_CHECK(database->Prepare(Query{"", "SELECT 1"}));
    return database;
}

}  // namespace onewindow::db
