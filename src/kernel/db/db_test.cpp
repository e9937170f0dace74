// Goal: what the face promises holds on both engines alike: commit and rollback, types, parameters
// by number, constraint names, savepoints, migrations, snapshots; and every statement of every room
// prepares on both.

#include "kernel/db/db.hpp"

#include <atomic>
#include <barrier>
#include <thread>

#include "kernel/db/engine.hpp"
#include "kernel/embedded.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::db {
namespace {

// Tables of the tests alone; no room owns them.
constexpr Migration kTables[] = {{"stand", 1, "0001_tables", R"(
-- Comments; with a semicolon and 'quotes'.
CREATE TABLE stand (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    street TEXT,
    house BIGINT,
    cups BIGINT NOT NULL,
    photo BLOB, /* a BLOB; here too */
    CONSTRAINT stand_cups_positive CHECK (cups >= 0)
);
CREATE UNIQUE INDEX stand_address ON stand (street, house);
CREATE TABLE stand_sale (
    id BIGINT PRIMARY KEY,
    stand_id TEXT NOT NULL REFERENCES stand (id),
    note TEXT NOT NULL DEFAULT 'a;b'
);
)"}};

constexpr Query kInsert{
    "t.insert",
    "INSERT INTO stand (cups, id, owner, street, house, photo) VALUES ($5, $1, $2, $3, $4, $6)"};
constexpr Query kInsertSale{"t.sale", "INSERT INTO stand_sale (id, stand_id) VALUES ($1, $2)"};
constexpr Query kFind{"t.find", "SELECT * FROM stand WHERE id = $1"};
constexpr Query kCount{"t.count", "SELECT COUNT(*) AS n, SUM(cups) AS cups FROM stand"};
constexpr Query kSell{"t.sell", "UPDATE stand SET cups = cups - $2 WHERE id = $1"};
constexpr Query kDelete{"t.delete", "DELETE FROM stand WHERE id = $1"};
const Reason kTaken{"t.address_taken", Kind::kRefused};

class DbTest : public testing::BothEngines {
 protected:
    void SetUp() override { ASSERT_OK(Migrate(database(), kTables)); }

    static Result<std::int64_t> Insert(Transaction& tx, std::string id,
                                       std::optional<std::string> street = {}, int cups = 1) {
        return tx.Execute(kInsert, id, "li", street, 1, cups, std::monostate{});
    }
    Result<std::int64_t> InsertOne(std::string id, std::optional<std::string> street = {}) {
        return database().Write([&](Transaction& tx) { return Insert(tx, id, street); });
    }
    std::int64_t Count() {
        auto row = database().Read([](Transaction& tx) { return tx.FindOne(kCount); });
        return row ? (*row)->Int("n") : -1;
    }
    /// The constraint that refuses the statement.
    template <class... Args>
    std::string ConstraintOf(const Query& query, Args... arguments) {
        const auto answer =
            database().Write([&](Transaction& tx) { return tx.Execute(query, arguments...); });
        if (answer) return "accepted";
        EXPECT_TRUE(answer.error().Is(reasons::kConstraint)) << answer.error().Describe();
        return answer.error().constraint();
    }
};
OW_BOTH_ENGINES(DbTest);

TEST_P(DbTest, StoresWhatWasCommittedAndNothingElse) {
    const auto before = database().counts();
    bool woken = false;
    ASSERT_OK(database().Write([&](Transaction& tx) -> Result<> {
        OW_CHECK(Insert(tx, "a"));
        OW_TRY(const auto own, tx.FindOne(kFind, "a"));
        EXPECT_TRUE(own.has_value()) << "a write sees its own rows";
        tx.AfterCommit([&] { woken = true; });
        EXPECT_FALSE(woken);
        return {};
    }));
    EXPECT_TRUE(woken);
    EXPECT_EQ(Count(), 1);

    bool woken_by_failure = false;
    EXPECT_REFUSED(database().Write([&](Transaction& tx) -> Result<> {
        OW_CHECK(Insert(tx, "b"));
        tx.AfterCommit([&] { woken_by_failure = true; });
        return Refuse(kTaken);
    }),
                   kTaken);
    EXPECT_FALSE(woken_by_failure);
    EXPECT_EQ(Count(), 1);

    EXPECT_THROW((void)database().Write([&](Transaction& tx) -> Result<> {
        OW_CHECK(Insert(tx, "c"));
        throw std::runtime_error("crash");
    }),
                 std::runtime_error);
    EXPECT_EQ(Count(), 1);
    ASSERT_OK(InsertOne("d"));
    EXPECT_EQ(database().counts().commits - before.commits, 2) << "a and d";
}

TEST_P(DbTest, KeepsValuesAndTheirTypes) {
    const std::string bytes("\0\xff\x80'\\x", 6);
    ASSERT_OK(database().Write([&](Transaction& tx) {
        return tx.Execute(kInsert, "一窗通 𠮷", "", std::monostate{}, std::int64_t{1} << 53, 0,
                          Bytes{bytes});
    }));
    const auto row =
        database().Read([](Transaction& tx) { return tx.FindOne(kFind, "一窗通 𠮷"); });
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->Text("owner"), "");
    EXPECT_TRUE((*row)->IsNull("street"));
    EXPECT_EQ((*row)->TextOr("street", "nowhere"), "nowhere");
    EXPECT_EQ((*row)->Int("house"), std::int64_t{1} << 53);
    EXPECT_EQ((*row)->Int("cups"), 0);
    EXPECT_EQ((*row)->Blob("photo"), bytes);
    const auto total = database().Read([](Transaction& tx) { return tx.FindOne(kCount); });
    ASSERT_OK(total);
    EXPECT_EQ((*total)->Int("cups"), 0) << "a SUM is an integer on both";

    EXPECT_REFUSED(
        database().Write([](Transaction& tx) { return Insert(tx, std::string("a\0b", 3)); }),
        reasons::kStatement);
}

TEST_P(DbTest, BindsParametersByNumber) {
    constexpr Query kOutOfOrder{"t.order",
                                "SELECT CAST($2 AS BIGINT) AS second, CAST($1 AS TEXT) AS first, "
                                "CAST($2 AS BIGINT) + 1 AS more"};
    const auto row =
        database().Read([&](Transaction& tx) { return tx.FindOne(kOutOfOrder, "one", 2); });
    ASSERT_OK(row);
    EXPECT_EQ((*row)->Text("first"), "one");
    EXPECT_EQ((*row)->Int("second"), 2);
    EXPECT_EQ((*row)->Int("more"), 3);
    const auto null = database().Read([&](Transaction& tx) {
        return tx.FindOne(kOutOfOrder, std::monostate{}, std::monostate{});
    });
    ASSERT_OK(null);
    EXPECT_TRUE((*null)->IsNull("more"));
}

TEST_P(DbTest, LikeHeedsCaseAndTextsSortByBytes) {
    for (const char* id : {"b", "A", "a", "一"}) ASSERT_OK(InsertOne(id));
    constexpr Query kLike{"t.like", "SELECT id FROM stand WHERE id LIKE $1"};
    constexpr Query kAll{"t.all", "SELECT id FROM stand ORDER BY id"};
    const auto like = database().Read([&](Transaction& tx) { return tx.Read(kLike, "A%"); });
    ASSERT_OK(like);
    EXPECT_EQ(like->size(), 1U);
    const auto all = database().Read([&](Transaction& tx) { return tx.Read(kAll); });
    ASSERT_OK(all);
    std::string order;
    for (const Row& row : *all) order += row.Text("id");
    EXPECT_EQ(order, "Aab一");
}

TEST_P(DbTest, CountsChangedRows) {
    ASSERT_OK(InsertOne("a"));
    ASSERT_OK(database().Write([&](Transaction& tx) -> Result<> {
        OW_TRY(const auto sold, tx.Execute(kSell, "a", 1));
        EXPECT_EQ(sold, 1);
        OW_TRY(const auto none, tx.Execute(kSell, "b", 1));
        EXPECT_EQ(none, 0);
        OW_TRY(const auto read, tx.Execute(kFind, "a"));
        EXPECT_EQ(read, 0);
        return {};
    }));
}

TEST_P(DbTest, NamesConstraintsAlike) {
    ASSERT_OK(InsertOne("a", "Main Street"));
    const std::monostate null;
    EXPECT_EQ(ConstraintOf(kInsert, "a", "li", "Side Street", 1, 1, null), "stand(id)");
    EXPECT_EQ(ConstraintOf(kInsert, "b", "li", "Main Street", 1, 1, null), "stand(street, house)");
    EXPECT_EQ(ConstraintOf(kInsert, "b", "li", "Side Street", 1, -1, null),
              "stand(stand_cups_positive)");
    EXPECT_EQ(ConstraintOf(kInsert, "b", null, "Side Street", 1, 1, null), "stand(owner not null)");
    EXPECT_EQ(ConstraintOf(kInsertSale, 1, "nobody"), "stand_sale(foreign key)");
    ASSERT_EQ(ConstraintOf(kInsertSale, 1, "a"), "accepted");
    EXPECT_EQ(ConstraintOf(kDelete, "a"), "stand(foreign key)");
    EXPECT_EQ(ConstraintOf(kSell, "a", 5), "stand(stand_cups_positive)");
    EXPECT_EQ(Count(), 1);
}

TEST_P(DbTest, MapsOneConstraintToAReason) {
    ASSERT_OK(InsertOne("a", "Main Street"));
    const auto refused = InsertOne("b", "Main Street");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().detail().find("Main"), std::string::npos)
        << "values stay out of logs";
    const Error mapped = MapConstraint(refused.error(), "stand(street, house)", kTaken, "address");
    EXPECT_TRUE(mapped.Is(kTaken));
    EXPECT_EQ(mapped.faults().front().field, "address");
    EXPECT_TRUE(MapConstraint(refused.error(), "stand(id)", kTaken).Is(reasons::kConstraint));
}

TEST_P(DbTest, AFailedStatementEndsTheClosure) {
    ASSERT_OK(InsertOne("a"));
    EXPECT_REFUSED(database().Write([&](Transaction& tx) -> Result<> {
        OW_CHECK(Insert(tx, "b"));
        EXPECT_FALSE(Insert(tx, "a").has_value());
        EXPECT_FALSE(Insert(tx, "c").has_value());
        return {};  // Claims success all the same.
    }),
                   reasons::kConstraint);
    EXPECT_EQ(Count(), 1);
}

TEST_P(DbTest, ReadersSeeASnapshotAndCannotWrite) {
    ASSERT_OK(InsertOne("a"));
    ASSERT_OK(database().Read([&](Transaction& tx) -> Result<> {
        OW_TRY(const auto before, tx.FindOne(kCount));
        std::thread([&] { ASSERT_OK(InsertOne("b")); }).join();
        OW_TRY(const auto after, tx.FindOne(kCount));
        EXPECT_EQ(before->Int("n"), 1);
        EXPECT_EQ(after->Int("n"), 1);
        return {};
    }));
    EXPECT_EQ(Count(), 2);
    EXPECT_REFUSED(database().Read([&](Transaction& tx) { return Insert(tx, "c"); }),
                   reasons::kStatement);
    EXPECT_EQ(Count(), 2);
}

TEST_P(DbTest, ACallersErrorUndoesOnlyItsOwnWork) {
    constexpr int kThreads = 16, kRounds = 25;
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < kRounds; ++i) {
                const std::string id = fmt::format("{}-{}", t, i);
                const auto answer = database().Write([&](Transaction& tx) -> Result<> {
                    OW_CHECK(Insert(tx, id));
                    if (i % 5 == 4) return Refuse(kTaken);
                    return {};
                });
                if (!answer) ++refused;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(refused, kThreads * kRounds / 5);
    EXPECT_EQ(Count(), kThreads * kRounds * 4 / 5);
    EXPECT_EQ(database().counts().unknown, 0);
}

TEST_P(DbTest, MigratesOnceAndRefusesAChangedText) {
    const auto again = Migrate(database(), kTables);
    ASSERT_OK(again);
    EXPECT_EQ(*again, 0);
    Migration changed[] = {kTables[0]};
    changed[0].sql = "CREATE TABLE stand (id TEXT PRIMARY KEY)";
    EXPECT_REFUSED(Migrate(database(), changed), reasons::kMigrationChanged);
    const Migration broken[] = {
        kTables[0],
        {"stand", 2, "0002_wrong", "CREATE TABLE stand_b (id TEXT); CREATE TABLE stand (id TEXT)"}};
    EXPECT_REFUSED(Migrate(database(), broken), reasons::kStatement);
    const Migration healed[] = {{"stand", 2, "0002_right", "CREATE TABLE stand_b (id TEXT)"},
                                kTables[0],
                                {"other", 1, "0001_other",
                                 "ALTER TABLE stand_b ADD COLUMN more BIGINT NOT NULL DEFAULT 0"}};
    const auto applied = Migrate(database(), healed);
    ASSERT_OK(applied);
    EXPECT_EQ(*applied, 2) << "nothing of the broken one had stayed";
}

TEST_P(DbTest, SeveralNodesMayMigrateAtOnce) {
    const Migration more[] = {{"race", 1, "0001_race", "CREATE TABLE race (id TEXT)"},
                              {"race", 2, "0002_race", "ALTER TABLE race ADD COLUMN more TEXT"}};
    std::atomic<int> applied = 0;
    std::vector<std::thread> nodes;
    for (int i = 0; i < 4; ++i) {
        nodes.emplace_back([&] {
            const auto own = Open(fresh_.url());
            ASSERT_OK(own);
            const auto count = Migrate(**own, more);
            ASSERT_OK(count);
            applied += *count;
        });
    }
    for (std::thread& node : nodes) node.join();
    EXPECT_EQ(applied, 2);
}

TEST_P(DbTest, AStatementSurvivesAChangeOfItsTable) {
    ASSERT_OK(InsertOne("a"));
    const auto find = [&] {
        return database().Read([](Transaction& tx) { return tx.FindOne(kFind, "a"); });
    };
    ASSERT_OK(find());
    const Migration wider[] = {
        {"stand", 2, "0002_wider", "ALTER TABLE stand ADD COLUMN sign TEXT"}};
    ASSERT_OK(Migrate(database(), wider));
    const auto row = find();
    ASSERT_OK(row);
    EXPECT_TRUE((*row)->IsNull("sign"));
}

TEST_P(DbTest, PreparesEveryStatementOfEveryRoom) {
    const auto queries = embedded::AllQueries();
    ASSERT_FALSE(queries.empty());
    for (const Query* query : queries) {
        const auto prepared = database().Prepare(*query);
        EXPECT_TRUE(prepared.has_value()) << prepared.error().Describe();
    }
    EXPECT_REFUSED(database().Prepare(Query{"t.wrong", "SELECT no_such_column FROM stand"}),
                   reasons::kStatement);
    EXPECT_REFUSED(database().Prepare(Query{"t.two", "SELECT 1; SELECT 2"}), reasons::kStatement);
}

TEST(DbOpen, RefusesWhatItCannotServe) {
    EXPECT_REFUSED(Open("mysql://x"), reasons::kUrl);
    EXPECT_REFUSED(Open("sqlite::memory:"), reasons::kUrl);
    EXPECT_REFUSED(Open("sqlite:/no/such/folder/x.db"), reasons::kUnavailable);
    EXPECT_REFUSED(Open("host=/no/such/folder dbname=x"), reasons::kUnavailable);
}

TEST(DbStatements, SplitsAndSpellsForTheEngine) {
    const auto parts = SplitStatements(
        "-- a BLOB; here\nCREATE TABLE a (x BLOB, y TEXT DEFAULT 'BLOB;');/* ; */\nSELECT "
        "\"BLOB\", blob;\n",
        "BYTEA");
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_NE(parts[0].find("(x BYTEA, y TEXT DEFAULT 'BLOB;')"), std::string::npos) << parts[0];
    EXPECT_NE(parts[1].find("SELECT \"BLOB\", blob"), std::string::npos) << parts[1];
}

TEST(DbStatements, KnowsTheTableThatChanges) {
    EXPECT_EQ(StatementTable(
                  "-- UPDATE x\nINSERT INTO a (b) VALUES ($1) ON CONFLICT (b) DO UPDATE SET c = 1"),
              "a");
    EXPECT_EQ(StatementTable("update a SET b = (SELECT c FROM d FOR UPDATE SKIP LOCKED)"), "a");
    EXPECT_EQ(StatementTable("DELETE FROM a WHERE b = 'INTO x'"), "a");
    EXPECT_EQ(StatementTable("SELECT a FROM b FOR UPDATE"), "");
}

}  // namespace
}  // namespace onewindow::db
