#pragma once

#include "kernel/testing/api_client.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "server/rooms.hpp"

// For *_test.cpp only: every room, wired as the service wires them, over a fresh database of either
// engine; nobody answers outside.
namespace onewindow::server {

class NobodyOutside final : public http::Outside {
 public:
    Result<http::Answer> Send(const http::Call&) override {
        return Refuse(http::reasons::kNoAnswer);
    }
};
class NoMail final : public mail::Sender {
 public:
    Result<> Send(const mail::Letter&, const std::string&) override {
        return Refuse(mail::reasons::kNoAnswer);
    }
};

/// Remembers which kinds of jobs have a worker, and runs none.
class KindsOfWorkers final : public jobs::Runner {
 public:
    void Register(std::string kind, jobs::WorkerOptions options, jobs::Worker worker) override {
        EXPECT_TRUE(workers.emplace(kind, std::pair(options, std::move(worker))).second) << kind;
    }
    void Start(int) override {}
    void Stop() override {}
    void Wake() override {}
    int RunDue() override { return 0; }
    Result<std::vector<jobs::KindState>> States() override {
        return std::vector<jobs::KindState>{};
    }

    std::map<std::string, std::pair<jobs::WorkerOptions, jobs::Worker>> workers;
};

class House : public testing::BothEngines {
 protected:
    House() {
        const auto seeded = Write([&](db::Transaction& tx) -> Result<> {
            static const std::vector<reference::Dataset> kSeed = reference::SeedDatasets().value();
            OW_CHECK(reference::SeedReference(tx, kSeed, clock_.Now()));
            OW_CHECK(reference::KeepPolicy(tx, *reference::SeedSnapshot(), clock_.Now()));
            return licence::AddPoolBlock(tx, "370102", "MX", 0, 1'000);
        });
        if (!seeded) ADD_FAILURE() << seeded.error().Describe();
        settings_.data = folder_.path();
        settings_.demo = true;
        settings_.connections = {{.agency = "tax",
                                  .region = "370000",
                                  .base_url = "http://agency.invalid",
                                  .key_id = "tax-1",
                                  .algorithm = "sm2-sm3",
                                  .public_key = agency_key_.PublicKey().Pem()}};
        rooms_ = std::make_unique<Rooms>(ground_);
        rooms_->AddRoutes(world_.router);
        rooms_->RegisterJobs(*runner_);
    }

    template <class F>
    std::invoke_result_t<F, db::Transaction&> Write(F&& closure) {
        return database().Write(std::forward<F>(closure));
    }
    template <class F>
    std::invoke_result_t<F, db::Transaction&> Read(F&& closure) {
        return database().Read(std::forward<F>(closure));
    }
    testing::TestClient Anybody() { return testing::TestClient(world_.router); }
    testing::TestClient Person(std::string_view id) {
        return testing::TestClient(world_.router, world_.LogInPerson(id));
    }
    testing::TestClient Post(std::vector<auth::Grant> grants) {
        return testing::TestClient(world_.router, world_.LogInPost(std::move(grants)));
    }
    /// Rows of a statement of one column.
    std::vector<std::string> Texts(std::string_view sql) {
        const std::string text(sql);
        const db::Query query{"", text};
        const auto rows = Read([&](db::Transaction& tx) { return tx.Run(query, {}); }).value();
        std::vector<std::string> out;
        for (const db::Row& row : rows) {
            const db::Value& value = row.values().front();
            if (const auto* found = std::get_if<std::string>(&value)) out.push_back(*found);
            if (const auto* number = std::get_if<std::int64_t>(&value))
                out.push_back(std::to_string(*number));
        }
        return out;
    }

    testing::TemporaryFolder folder_;
    testing::ApiWorld world_{database(), clock_, random_};
    crypto::Sm2PrivateKey agency_key_ = crypto::Sm2PrivateKey::Generate();
    NobodyOutside outside_;
    NoMail mail_;
    NoCrashPoints crash_;
    Settings settings_;
    Ground ground_{world_.services, crash_,       outside_, mail_,
                   settings_,       "demo-1",     crypto::Sm2PrivateKey::Generate(),
                   "",              "https://onewindow.example"};
    std::unique_ptr<Rooms> rooms_;
    std::unique_ptr<jobs::Runner> runner_ =
        jobs::MakeRunner({database(), clock_, random_, crash_, log::Silent(), "node-1"});
};

}  // namespace onewindow::server
