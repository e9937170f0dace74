#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "kernel/db/db.hpp"
#include "kernel/random/random.hpp"

// For *_test.cpp only: each test gets a fresh database of its engine with all migrations applied.
namespace onewindow::testing {

/// A fresh, migrated database; its storage goes away with it. PostgreSQL is a real server that the test program
/// starts by itself (initdb as a user who is not root, socket only, C.UTF-8) and stops at exit.
class FreshDatabase {
   public:
    explicit FreshDatabase(db::Engine engine);
    ~FreshDatabase();
    db::Database& operator*() { return *database_; }
    db::Database* operator->() { return database_.get(); }
    const std::string& url() const { return url_; }

   private:
    std::string url_, folder_, name_;
    std::unique_ptr<db::Database> database_;
};

class BothEngines : public ::testing::TestWithParam<db::Engine> {
   protected:
    BothEngines() : fresh_(GetParam()) {}
    db::Database& database() { return *fresh_; }

    FreshDatabase fresh_;
    ManualClock clock_{At(Date{std::chrono::year{2026} / 11 / 23}, std::chrono::hours{9} + std::chrono::minutes{5})};
    SeededRandom random_{1};
};

/// A folder that goes away with the object.
class TemporaryFolder {
   public:
    TemporaryFolder();
    ~TemporaryFolder();
    const std::string& path() const { return path_; }

   private:
    std::string path_;
};

}  // namespace onewindow::testing

/// Runs the suite's tests on both engines, by name and number the same.
#define OW_BOTH_ENGINES(Suite)                                                                    \
    INSTANTIATE_TEST_SUITE_P(Engines, Suite,                                                      \
                             ::testing::Values(onewindow::db::Engine::kSqlite,                    \
                                               onewindow::db::Engine::kPostgres),                 \
                             [](const ::testing::TestParamInfo<onewindow::db::Engine>& engine) {  \
                                 return engine.param == onewindow::db::Engine::kSqlite ? "Sqlite"   \
                                                                                     : "Postgres"; \
                             })
