// Goal: what has to happen again and again is in the schedule after a start, comes back after each run, and does what it
// is for: holds end with warnings before, things nobody fetches are chased, what is past its keeping goes.

#include <fstream>
#include <sstream>

#include "server/app.hpp"
#include "server/testing/house.hpp"

namespace onewindow::server {
namespace {

using Lines = std::vector<std::string>;

const Lines kRecurring = {"application.holds", "exchange.fetch", "exchange.reconcile", "handover.unclaimed", "server.purge"};
constexpr std::string_view kKinds = "SELECT DISTINCT kind FROM job_queue WHERE state IN ('ready', 'running') ORDER BY kind";

class Housekeeping : public House {
 protected:
    /// Opens a case and begins its signing, so that its name is held; gives its id.
    std::string HeldCase(const testing::TestClient& founder, const std::string& name = "") {
        std::ifstream file(std::string(ONEWINDOW_SOURCE_DIR) + "/samples/one_person_company.json");
        std::stringstream text;
        text << file.rdbuf();
        json::object sample = json::Parse(text.str()).value().as_object();
        json::object facts = sample.at("facts").as_object();
        if (!name.empty()) facts["name"] = json::object{{"full", name}};
        const auto opened = founder.Post("/api/v1/cases", json::Text(json::object{{"entity_type", sample.at("entity_type")},
                                                                                  {"county", sample.at("county")}}));
        EXPECT_EQ(opened.status, 201) << opened.text;
        const std::string path = "/api/v1/cases/" + json::TextAt(opened.body, "id");
        const auto saved = founder.Put(path + "/form", json::Text(json::object{{"facts", facts}}), {{"If-Match", "\"0\""}});
        EXPECT_EQ(saved.status, 200) << saved.text;
        const auto signing = founder.Post(path + "/signing", "{}");
        EXPECT_EQ(signing.status, 201) << signing.text;
        return json::TextAt(opened.body, "id");
    }
    application::Case CaseOf(const std::string& id) {
        return Read([&](db::Transaction& tx) { return rooms_->application().Find(tx, application::CaseId(id)); }).value();
    }
    void OrderJobs() {
        ASSERT_OK(Write([&](db::Transaction& tx) { return rooms_->OrderRecurringJobs(tx); }));
    }
    Lines Notices(const std::string& prefix) {
        return Texts("SELECT notice_key FROM notice_notice WHERE channel = 'sms' AND notice_key LIKE '" + prefix + "%' ORDER BY created_at, notice_key");
    }
    std::int64_t Count(const std::string& from) { return std::stoll(Texts("SELECT COUNT(*) FROM " + from).front()); }
};

TEST_P(Housekeeping, EverythingRecurringIsInTheScheduleOnceHoweverOftenItStarts) {
    OrderJobs();
    OrderJobs();
    EXPECT_EQ(Texts(kKinds), kRecurring);
    EXPECT_EQ(Count("job_queue"), static_cast<std::int64_t>(kRecurring.size()));
}

/// Who never gives up means to come back: such a worker must be in the schedule, and say when it runs next.
TEST_P(Housekeeping, EveryWorkerThatComesBackIsInTheSchedule) {
    KindsOfWorkers kinds;
    rooms_->RegisterJobs(kinds);
    Lines endless;
    for (const auto& [kind, worker] : kinds.workers) {
        if (worker.first.attempts_max >= 1'000'000) endless.push_back(kind);
    }
    EXPECT_EQ(endless, kRecurring);
    for (const char* kind : {"application.holds", "handover.unclaimed", "server.purge"}) {
        const jobs::Outcome outcome = kinds.workers.at(kind).second({});
        const auto* wait = std::get_if<jobs::Wait>(&outcome);
        ASSERT_NE(wait, nullptr) << kind;
        EXPECT_GT(wait->until, clock_.Now()) << kind;
        EXPECT_LE(wait->until, clock_.Now() + std::chrono::hours{24}) << kind;
    }
    // And nothing is ever ordered that nobody works off.
    for (const std::string& kind : Texts("SELECT DISTINCT kind FROM job_queue")) EXPECT_TRUE(kinds.workers.contains(kind)) << kind;
}

TEST_P(Housekeeping, AServiceThatHasStartedHasItsSchedule) {
    testing::FreshDatabase fresh(GetParam());
    std::ofstream(folder_.path() + "/ca.pem") << "no certificate is asked for here";
    Settings settings;
    settings.data = folder_.path();
    settings.listen = "127.0.0.1:0";
    settings.database = fresh.url();
    settings.demo = true;
    settings.ca_certificate = folder_.path() + "/ca.pem";
    settings.connections = settings_.connections;
    settings.job_threads = 1;
    auto app = App::Start(settings);
    ASSERT_OK(app);
    const auto kinds = fresh->Read([&](db::Transaction& tx) { return tx.Run(db::Query{"", std::string(kKinds)}, {}); });
    ASSERT_OK(kinds);
    Lines found;
    for (const db::Row& row : *kinds) found.push_back(row.Text("kind"));
    EXPECT_EQ(found, kRecurring);
    (*app)->Drain();
}

TEST_P(Housekeeping, WarnsBeforeAHoldEndsOnceEachAndEndsIt) {
    OrderJobs();
    const auto founder = Person("p-1");
    const std::string id = HeldCase(founder);
    const application::Case held = CaseOf(id);
    ASSERT_TRUE(held.name_hold_until.has_value());
    const std::string prefix = "hold_ending:" + held.name_hold + ":";
    const auto at = [&](std::chrono::hours before) {
        clock_.Set(*held.name_hold_until - before);
        runner_->RunDue();
        clock_.Advance(std::chrono::hours{1});
        runner_->RunDue();
    };
    using std::chrono::hours;
    at(hours{24 * 15});
    EXPECT_EQ(Notices(prefix), Lines{});
    at(hours{24 * 14});
    EXPECT_EQ(Notices(prefix), Lines{prefix + "14"});
    at(hours{24 * 7});
    EXPECT_EQ(Notices(prefix), (Lines{prefix + "14", prefix + "7"}));
    at(hours{24});
    EXPECT_EQ(Notices(prefix), (Lines{prefix + "14", prefix + "7", prefix + "1"}));
    EXPECT_EQ(CaseOf(id).business_name, held.business_name);
    at(hours{0});
    EXPECT_EQ(Notices(prefix).size(), 4U);
    EXPECT_EQ(Notices(prefix).back(), prefix + "0");
    EXPECT_EQ(CaseOf(id).business_name, "");
    EXPECT_EQ(Texts("SELECT status FROM naming_name WHERE id = '" + held.name_hold + "'"), Lines{"expired"});
    // Then everybody competes for it; the text says so.
    const auto timeline = Person("p-1").Get("/api/v1/cases/" + id + "/timeline");
    EXPECT_NE(timeline.text.find("its time is over"), std::string::npos) << timeline.text;
}

TEST_P(Housekeeping, AWithdrawnCaseFreesItsNameFromDraftAndFromSigning) {
    const auto founder = Person("p-1");
    const std::string id = HeldCase(founder);
    const std::string hold = CaseOf(id).name_hold;
    const auto withdrawn = founder.Post("/api/v1/cases/" + id + "/withdrawal", R"({"reason":"no"})");
    EXPECT_EQ(withdrawn.status, 200) << withdrawn.text;
    EXPECT_EQ(Texts("SELECT status FROM naming_name WHERE id = '" + hold + "'"), Lines{"released"});
    // A draft has neither name nor clocks, and may be withdrawn as well.
    const auto opened = founder.Post("/api/v1/cases", R"({"entity_type":"branch","county":"370102"})");
    const auto again = founder.Post("/api/v1/cases/" + json::TextAt(opened.body, "id") + "/withdrawal", R"({"reason":"no"})");
    EXPECT_EQ(again.status, 200) << again.text;
    // Nobody is warned about a hold that is over.
    OrderJobs();
    clock_.Advance(std::chrono::hours{24 * 60});
    runner_->RunDue();
    EXPECT_EQ(Notices("hold_ending:"), Lines{});
}

TEST_P(Housekeeping, PurgesWhatIsPastItsKeepingAndNothingElse) {
    OrderJobs();
    const auto founder = Person("p-1");
    ASSERT_EQ(founder.Post("/api/v1/cases", R"({"entity_type":"branch","county":"370102"})").status, 201);
    const auto run = [&](std::string_view sql) {
        ASSERT_OK(Write([&](db::Transaction& tx) { return tx.Run(db::Query{"", std::string(sql)}, {}); }));
    };
    const std::int64_t now = EpochMs(clock_.Now());
    const auto ago = [&](int days) { return std::to_string(now - days * 86'400'000LL); };
    run("INSERT INTO api_idempotency (account, key, operation, body_digest, status, subject, at) VALUES "
        "('a', 'old', 'o', 'd', 200, '', " + ago(31) + "), ('a', 'young', 'o', 'd', 200, '', " + ago(29) +
        "), ('a', 'of a case', 'o', 'd', 200, 'c', " + ago(900) + ")");
    run("INSERT INTO auth_session (token_digest, account, cookie, opened_at, last_seen_at, expires_at) SELECT 'old', id, 0, " +
        ago(200) + ", 0, " + ago(191) + " FROM auth_account");
    run("INSERT INTO auth_attempt (login_hash, failed, at) VALUES ('x', 3, " + ago(1) + ")");
    const auto job = [&](const std::string& id, const std::string& key, const std::string& state, int days) {
        run("INSERT INTO job_queue (id, kind, job_key, arguments, subject, state, attempt, fence, holder, problem, ordered_at, run_at, "
            "ended_at) VALUES ('" + id + "', 'k', " + (key.empty() ? "NULL" : "'" + key + "'") + ", '{}', '', '" + state +
            "', 1, 1, '', '', 0, 0, " + ago(days) + ")");
    };
    job("done-old", "", "done", 31);
    job("done-young", "", "done", 29);
    job("keyed-young", "k1", "done", 399);
    job("keyed-old", "k2", "cancelled", 401);
    job("dead-old", "", "dead", 900);
    runner_->RunDue();
    EXPECT_EQ(Texts("SELECT key FROM api_idempotency WHERE account = 'a' ORDER BY key"), (Lines{"of a case", "young"}));
    EXPECT_EQ(Count("auth_session WHERE token_digest = 'old'"), 0);
    EXPECT_EQ(Count("auth_session"), 1);  // The founder's.
    EXPECT_EQ(Count("auth_attempt"), 0);
    EXPECT_EQ(Texts("SELECT id FROM job_queue WHERE kind = 'k' ORDER BY id"), (Lines{"dead-old", "done-young", "keyed-young"}));
}

OW_BOTH_ENGINES(Housekeeping);

}  // namespace
}  // namespace onewindow::server
