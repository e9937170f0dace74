// Goal: a repeat of a write gets the first answer and changes nothing, on both engines, also beside
// its twin.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "kernel/auth/queries.gen.hpp"
#include "kernel/testing/api_client.hpp"
#include "kernel/testing/databases.hpp"

namespace onewindow::api {
namespace {

using testing::ApiAnswer;
using testing::HeaderList;
using testing::TestClient;

constexpr Reason kSour{"test.sour", Kind::kRefused};

struct Note {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(Note, (), (text))

struct NoteAnswer {
    std::string text;
    std::int64_t nth = 0;
};
BOOST_DESCRIBE_STRUCT(NoteAnswer, (), (text, nth))

/// Loses the outcome of commits, as a database that goes away during COMMIT does.
class LosingDatabase final : public db::Database {
 public:
    enum class Loss { kNone, kStored, kNotStored };

    explicit LosingDatabase(db::Database& inner) : inner_(inner) {}
    Loss loss = Loss::kNone;

    db::Engine engine() const override { return inner_.engine(); }
    Counts counts() const override { return inner_.counts(); }
    bool broken() const override { return inner_.broken(); }
    Result<> Prepare(const db::Query& query) override { return inner_.Prepare(query); }

 protected:
    Result<> DoWrite(const std::function<Result<>(db::Transaction&)>& closure) override {
        if (loss == Loss::kNotStored) return Refuse(db::reasons::kOutcomeUnknown);
        Result<> outcome = inner_.Write([&](db::Transaction& tx) { return closure(tx); });
        if (outcome && loss == Loss::kStored) return Refuse(db::reasons::kOutcomeUnknown);
        return outcome;
    }
    Result<> DoRead(const std::function<Result<>(db::Transaction&)>& closure) override {
        return inner_.Read([&](db::Transaction& tx) { return closure(tx); });
    }

 private:
    db::Database& inner_;
};

class Idempotency : public testing::BothEngines {
 protected:
    Idempotency() {
        Operation note{.method = "POST",
                       .path = "/api/v1/notes",
                       .id = "writeNote",
                       .summary = "Writes a note",
                       .reasons = {&kSour},
                       .status = 201};
        world_.router.Add<Note, NoteAnswer>(
            note, [this](Call& call, const Note& in) -> Result<NoteAnswer> {
                return call.Command<NoteAnswer>([&](db::Transaction& tx) -> Result<NoteAnswer> {
                    OW_CHECK(
                        auth::RecordUnmaskedRead(tx, call.services, {"a", "p", in.text, "", ""}));
                    OW_TRY(const auto rows, tx.Read(auth::queries::kListUnmaskedReads, "", "", ""));
                    if (in.text == "sour" && sour_) return Refuse(kSour, "text");
                    call.SetVersion(static_cast<std::int64_t>(rows.size()));
                    call.subject = "case-1";
                    return NoteAnswer{in.text, static_cast<std::int64_t>(rows.size())};
                });
            });
        Operation forgetful{.method = "POST",
                            .path = "/api/v1/forgetful",
                            .id = "forget",
                            .summary = "Writes nothing"};
        world_.router.Add<Note, NoteAnswer>(
            forgetful, [](Call&, const Note&) { return Result<NoteAnswer>(NoteAnswer{}); });
    }

    std::int64_t Effects() {
        return database()
            .Read([](db::Transaction& tx) -> Result<std::int64_t> {
                OW_TRY(const auto rows, tx.Read(auth::queries::kListUnmaskedReads, "", "", ""));
                return static_cast<std::int64_t>(rows.size());
            })
            .value();
    }

    SystemRandom system_random_;  // Twins run in threads.
    LosingDatabase losing_{database()};
    testing::ApiWorld world_{losing_, clock_, system_random_};
    TestClient client_{world_.router, world_.LogInPerson("p-1")};
    bool sour_ = true;
    const HeaderList key_ = {{"Idempotency-Key", "key-000001"}};
};
OW_BOTH_ENGINES(Idempotency);

TEST_P(Idempotency, WritesNeedAWellFormedKey) {
    EXPECT_EQ(client_.Post("/api/v1/notes", R"({"text":"a"})", {{"Idempotency-Key", ""}}).status,
              428);
    const std::string long_key(129, 'k');
    for (const std::string& wrong :
         {std::string("short"), std::string("with blank"), std::string("täglich-1"), long_key}) {
        const ApiAnswer answer =
            client_.Post("/api/v1/notes", R"({"text":"a"})", {{"Idempotency-Key", wrong}});
        EXPECT_EQ(answer.Reason(), "api.idempotency_key_malformed") << wrong;
        EXPECT_EQ(answer.status, 400);
    }
    EXPECT_EQ(Effects(), 0);
}

TEST_P(Idempotency, ARepeatGetsTheFirstAnswer) {
    const ApiAnswer first = client_.Post("/api/v1/notes", R"({"text":"a"})", key_);
    const ApiAnswer second = client_.Post("/api/v1/notes", R"({"text":"a"})", key_);
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(second.text, first.text);
    EXPECT_EQ(second.headers.Get("ETag"), "\"1\"");
    EXPECT_FALSE(first.headers.Has("Idempotency-Replayed"));
    EXPECT_TRUE(second.headers.Has("Idempotency-Replayed"));
    EXPECT_EQ(Effects(), 1);
    EXPECT_EQ(client_.Post("/api/v1/notes", R"({"text":"a"})").status, 201);
    EXPECT_EQ(Effects(), 2);
}

TEST_P(Idempotency, AnotherBodyOrPathIsRefused) {
    client_.Post("/api/v1/notes", R"({"text":"a"})", key_);
    const ApiAnswer other = client_.Post("/api/v1/notes", R"({"text":"b"})", key_);
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.Reason(), "api.idempotency_key_reused");
    EXPECT_EQ(client_.Post("/api/v1/forgetful", R"({"text":"a"})", key_).Reason(),
              "api.idempotency_key_reused");
    EXPECT_EQ(Effects(), 1);
}

TEST_P(Idempotency, KeysOfOthersAreOthers) {
    client_.Post("/api/v1/notes", R"({"text":"a"})", key_);
    const TestClient other(world_.router, world_.LogInPerson("p-2"));
    EXPECT_EQ(json::IntAt(other.Post("/api/v1/notes", R"({"text":"a"})", key_).body, "nth"), 2);
}

TEST_P(Idempotency, RefusalsAreNotStored) {
    EXPECT_EQ(client_.Post("/api/v1/notes", R"({"text":"sour"})", key_).Reason(), "test.sour");
    EXPECT_EQ(Effects(), 0);
    sour_ = false;
    EXPECT_EQ(client_.Post("/api/v1/notes", R"({"text":"sour"})", key_).status, 201);
    EXPECT_EQ(Effects(), 1);
}

TEST_P(Idempotency, TwinsHaveOneEffectAndOneAnswer) {
    std::vector<ApiAnswer> answers(8);
    {
        std::vector<std::jthread> twins;
        for (ApiAnswer& answer : answers) {
            twins.emplace_back(
                [&] { answer = client_.Post("/api/v1/notes", R"({"text":"a"})", key_); });
        }
    }
    for (const ApiAnswer& answer : answers) {
        EXPECT_EQ(answer.status, 201) << answer.text;
        EXPECT_EQ(answer.text, answers.front().text);
    }
    EXPECT_EQ(Effects(), 1);
}

TEST_P(Idempotency, TwinsWithOtherBodiesHaveOneEffect) {
    std::vector<ApiAnswer> answers(8);
    {
        std::vector<std::jthread> twins;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            twins.emplace_back([&, i] {
                answers[i] =
                    client_.Post("/api/v1/notes", R"({"text":")" + std::to_string(i) + "\"}", key_);
            });
        }
    }
    int accepted = 0;
    for (const ApiAnswer& answer : answers) {
        accepted += answer.status == 201 ? 1 : 0;
        EXPECT_EQ(answer.Reason(), answer.status == 201 ? "" : "api.idempotency_key_reused");
    }
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(Effects(), 1);
}

TEST_P(Idempotency, AnUnknownOutcomeIsSettledByTheSameKey) {
    for (const auto loss : {LosingDatabase::Loss::kStored, LosingDatabase::Loss::kNotStored}) {
        const std::string key = "key-of-loss-" + std::to_string(static_cast<int>(loss));
        const std::int64_t before = Effects();
        losing_.loss = loss;
        const ApiAnswer lost = client_.Post("/api/v1/notes", R"({"text":"a"})",
                                            {{"Idempotency-Key", key}, {"Accept-Language", "en"}});
        EXPECT_EQ(lost.status, 503);
        EXPECT_EQ(lost.Reason(), "db.outcome_unknown");
        EXPECT_TRUE(lost.headers.Has("Retry-After"));
        EXPECT_THAT(json::TextAt(lost.body, "title"), ::testing::HasSubstr("same"));
        losing_.loss = LosingDatabase::Loss::kNone;
        EXPECT_EQ(
            client_.Post("/api/v1/notes", R"({"text":"a"})", {{"Idempotency-Key", key}}).status,
            201);
        EXPECT_EQ(Effects(), before + 1);
    }
}

TEST_P(Idempotency, AWriteThatWasNotRememberedIsReported) {
    world_.log.Tolerate();
    EXPECT_EQ(client_.Post("/api/v1/forgetful", R"({"text":"a"})").status, 200);
    EXPECT_THAT(
        world_.log.lines(),
        ::testing::Contains(::testing::HasSubstr("write_not_remembered operation=\"forget\"")));
}

TEST_P(Idempotency, KeysLiveAsLongAsTheirCase) {
    client_.Post("/api/v1/notes", R"({"text":"a"})", key_);
    ASSERT_TRUE(database().Write([](db::Transaction& tx) { return ForgetAnswers(tx, "case-1"); }));
    EXPECT_EQ(json::IntAt(client_.Post("/api/v1/notes", R"({"text":"b"})", key_).body, "nth"), 2);
}

}  // namespace
}  // namespace onewindow::api
