#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/db/db.hpp"

// What both engines share; not a face.
namespace onewindow::db {

/// What a statement gave.
struct Answer {
    Rows rows;
    std::int64_t changed = 0;
};

/// A transaction that ends with its first failed statement, as PostgreSQL's do; SQLite's would go
/// on.
class BaseTransaction : public Transaction {
 public:
    Result<Rows> Run(const Query& query, std::vector<Value> parameters) final;
    Result<std::int64_t> Change(const Query& query, std::vector<Value> parameters) final;
    void AfterCommit(std::function<void()> action) final { actions_.push_back(std::move(action)); }

    /// Runs the closure; an error that the closure swallowed is its answer all the same.
    Result<> Complete(const std::function<Result<>(Transaction&)>& closure);
    std::vector<std::function<void()>> TakeActions() { return std::move(actions_); }

 protected:
    virtual Result<Answer> Do(const Query& query, const std::vector<Value>& parameters) = 0;

 private:
    Result<Answer> DoOnce(const Query& query, const std::vector<Value>& parameters);

    std::optional<Error> failure_;
    std::vector<std::function<void()>> actions_;
};

/// The text for this engine.
inline std::string_view TextFor(Engine engine, const Query& query) {
    return engine == Engine::kPostgres && !query.postgres.empty() ? query.postgres : query.sql;
}

/// The table that an INSERT, UPDATE or DELETE changes; empty where there is none.
std::string StatementTable(std::string_view sql);

/// Single statements of a migration, without comments; the word BLOB in capitals as `blob_word`.
std::vector<std::string> SplitStatements(std::string_view sql, std::string_view blob_word);

/// Whether this thread runs a closure now. A closure that opened another transaction could wait for
/// itself.
bool InsideClosure();

}  // namespace onewindow::db
