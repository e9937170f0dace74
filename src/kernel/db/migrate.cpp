#include <openssl/evp.h>

#include "kernel/db/engine.hpp"
#include "kernel/db/queries.gen.hpp"

namespace onewindow::db {
namespace {

constexpr std::int64_t kMigrationLock = 0x6F77'6D69'6772;  // "owmigr"

/// SHA-256 in hexadecimal digits.
std::string ChecksumOf(std::string_view text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    OW_ASSERT(EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr) == 1);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
    return hex;
}

std::vector<Migration> InOrder(std::span<const Migration> migrations) {
    std::vector<std::string_view> rooms;
    for (const Migration& migration : migrations) {
        if (std::find(rooms.begin(), rooms.end(), migration.room) == rooms.end()) {
            rooms.push_back(migration.room);
        }
    }
    std::vector<Migration> ordered(migrations.begin(), migrations.end());
    const auto place = [&](const Migration& migration) {
        return std::pair(std::find(rooms.begin(), rooms.end(), migration.room), migration.number);
    };
    std::stable_sort(ordered.begin(), ordered.end(),
                     [&](const Migration& a, const Migration& b) { return place(a) < place(b); });
    return ordered;
}

/// 1 if it was applied, 0 if it had landed before.
Result<int> Apply(Transaction& tx, const Migration& migration) {
    OW_CHECK(tx.Read(queries::kLockMigrations, kMigrationLock));
    const std::string checksum = ChecksumOf(migration.sql);
    OW_TRY(const auto landed,
           tx.FindOne(queries::kFindMigration, migration.room, migration.number));
    if (landed) {
        if (landed->Text("checksum") == checksum) return 0;
        return Fail(Error(Fault{&reasons::kMigrationChanged})
                        .WithDetail(fmt::format("{} {}", migration.room, migration.name)));
    }
    const auto* const blob = tx.engine() == Engine::kPostgres ? "BYTEA" : "BLOB";
    for (const std::string& statement : SplitStatements(migration.sql, blob)) {
        auto done = tx.Change(Query{"", statement}, {});
        if (!done) {
            return Fail(std::move(done).error().While(
                fmt::format("applying {} {}", migration.room, migration.name)));
        }
    }
    OW_CHECK(tx.Execute(queries::kInsertMigration, migration.room, migration.number, migration.name,
                        checksum));
    return 1;
}

}  // namespace

Result<int> Migrate(Database& database, std::span<const Migration> migrations) {
    OW_CHECK(database.Write([&](Transaction& tx) -> Result<> {
        OW_CHECK(tx.Read(queries::kLockMigrations, kMigrationLock));
        OW_CHECK(tx.Execute(queries::kCreateMigrationTable));
        return {};
    }));
    int applied = 0;
    for (const Migration& migration : InOrder(migrations)) {
        OW_TRY(const int one,
               database.Write([&](Transaction& tx) { return Apply(tx, migration); }));
        applied += one;
    }
    return applied;
}

}  // namespace onewindow::db
