#pragma once

#include <mutex>

#include "kernel/crash/crash.hpp"
#include "kernel/documents/pdf_tools.hpp"
#include "kernel/embedded.hpp"
#include "kernel/testing/api_client.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "licence/licence.hpp"

namespace onewindow::embedded {
std::vector<application::EntityType> AllEntityTypes();
}

// For *_test.cpp only: cases in review over a fresh database of either engine, with the built-in
// reference data.
namespace onewindow::licence {

inline const naming::NameTables& SharedNameTables() {
    static const naming::NameTables tables = naming::LoadNameTables(embedded::AllData()).value();
    return tables;
}
/// Read once a process: the contents are the same in every test's database.
inline const reference::Store& SharedReference() {
    static const reference::Store store;
    return store;
}
inline const std::vector<reference::Dataset>& SharedSeed() {
    static const std::vector<reference::Dataset> seed = reference::SeedDatasets().value();
    return seed;
}

/// A number of the documented unused range (sequence 900–999), with its right check character.
inline std::string SampleId(std::string_view birth, int sequence = 901) {
    std::string number = "370102" + std::string(birth) + std::to_string(sequence);
    static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i) sum += (number[i] - '0') * kWeights[i];
    return number + "10X98765432"[sum % 11];
}

/// A repeatable source that many threads may use.
class LockedRandom final : public Random {
 public:
    explicit LockedRandom(Random& inner) : inner_(inner) {}
    void Fill(std::span<unsigned char> bytes) override {
        const std::lock_guard lock(mutex_);
        inner_.Fill(bytes);
    }

 private:
    std::mutex mutex_;
    Random& inner_;
};

class OpeningWorld : public testing::BothEngines {
 protected:
    using Case = application::Case;
    using State = application::State;

    template <class F>
    auto Write(F&& closure) {
        return database().Write(std::forward<F>(closure));
    }
    template <class F>
    auto Read(F&& closure) {
        return database().Read(std::forward<F>(closure));
    }

    OpeningWorld() {
        progress::RegisterEvents(kinds_);
        application::RegisterEvents(kinds_);
        licence::RegisterEvents(kinds_);
        const auto seeded = Write([&](db::Transaction& tx) -> Result<> {
            OW_CHECK(reference::SeedReference(tx, SharedSeed(), clock_.Now()));
            OW_CHECK(reference::KeepPolicy(tx, *reference::SeedSnapshot(), clock_.Now()));
            return AddPoolBlock(tx, "370102", "MX", 0, 1'000);
        });
        OW_ASSERT(seeded.has_value());
        licences_.RegisterJobs(*runner_);
    }

    static json::object Person(std::string_view name, std::string_view id_number,
                               std::string_view mobile = "13800000901") {
        return {{"name", json::value(name)},
                {"id_type", "resident_id"},
                {"id_number", json::value(id_number)},
                {"mobile", json::value(mobile)},
                {"residence", "济南市历下区样本路1号"}};
    }
    /// A one-person company that every rule passes.
    static json::object GoodFacts() {
        return {{"name", json::object{{"full", "济南星河软件有限公司"}}},
                {"address", json::object{{"street", "370102001"},
                                         {"detail", "样本路1号101室"},
                                         {"ownership", "lease"}}},
                {"scope", json::object{{"items", json::array{"G0001", "G0004"}}}},
                {"capital", json::object{{"amount", 50'000'000}}},
                {"people", json::array{Person("周岚", SampleId("19900101"))}}};
    }

    /// Opens a case with these facts, holds its name and brings it to `submitted` (without papers
    /// or signatures).
    application::CaseId OpenSubmitted(json::object facts,
                                      const std::string& entity_type = "one_person_company") {
        const application::CaseId id(NewUlid(clock_, locked_));
        const auto opened = Write([&](db::Transaction& tx) -> Result<> {
            OW_CHECK(recorder_.Open(tx, id, "370102"));
            const int sequence = ++cases_;
            OW_TRY(const std::string number,
                   reference::MakeCaseNumber({"370102", clock_.Today(), sequence}));
            OW_CHECK(recorder_.Record(
                tx, id,
                {.kind = "application.opened",
                 .actor = "person:p-1",
                 .data = {{"number", number},
                          {"entity_type", entity_type},
                          {"county", "370102"},
                          {"authority", "370102"},
                          {"account", "a-1"},
                          {"person", "p-1"},
                          {"policy_version", reference::SeedSnapshot()->policy_version()}}}));
            return SaveAndSubmit(tx, id, facts);
        });
        if (!opened) ADD_FAILURE() << opened.error().Describe();
        return id;
    }
    /// A further revision of a returned case.
    void Resubmit(const application::CaseId& id, json::object facts) {
        const auto done = Write([&](db::Transaction& tx) { return SaveAndSubmit(tx, id, facts); });
        if (!done) ADD_FAILURE() << done.error().Describe();
    }
    Result<> SaveAndSubmit(db::Transaction& tx, const application::CaseId& id,
                           const json::object& facts) {
        OW_TRY(Case the_case, application_.Lock(tx, id));
        OW_TRY(const auto ground, application_.GroundOf(tx, the_case));
        OW_CHECK(application_.SaveFacts(
            tx, the_case, application_.Completed(ground, the_case, facts), "person:p-1"));
        if (the_case.name_hold.empty() && !json::TextAt(facts, "name.full").empty())
            OW_CHECK(HoldName(tx, ground, the_case, facts));
        OW_CHECK(application_.Move(tx, the_case, State::kSigning, "person:p-1"));
        OW_CHECK(application_.Move(tx, the_case, State::kSubmitted, "person:p-1"));
        if (!on_submitted_) return {};
        OW_TRY(const application::CaseView view, application_.View(tx, id));
        return on_submitted_(tx, view);
    }
    Result<> HoldName(db::Transaction& tx, const application::Application::Ground& ground,
                      const Case& the_case, const json::object& facts) {
        const auto regions = application::Application::RegionsOf(ground);
        OW_TRY(const naming::Hold hold,
               naming::HoldName(tx, application_.NamingOf(ground, *regions), clock_, locked_,
                                {.name = application_.NameRequestOf(ground, the_case, facts),
                                 .case_id = the_case.id.value()}));
        OW_CHECK(recorder_.Record(tx, the_case.id,
                                  {.kind = "application.name_held",
                                   .actor = "system",
                                   .data = {{"name", hold.name},
                                            {"hold", hold.id.value()},
                                            {"until", EpochMs(hold.until)},
                                            {"last_day", FormatDate(hold.last_day)}}}));
        return {};
    }
    /// As the review room does before it grants.
    Result<> GrantCase(const application::CaseId& id) {
        return Write([&](db::Transaction& tx) -> Result<> {
            OW_TRY(Case the_case, application_.Lock(tx, id));
            if (the_case.state == State::kSubmitted)
                OW_CHECK(application_.Move(tx, the_case, State::kReviewing, "machine"));
            OW_TRY(const application::CaseView view, application_.View(tx, id));
            return licences_.Grant(tx, view, "machine");
        });
    }
    Case CaseOf(const application::CaseId& id) {
        return Read([&](db::Transaction& tx) { return application_.Find(tx, id); }).value();
    }
    std::string NameStatusOf(const application::CaseId& id) {
        const naming::NameId hold(CaseOf(id).name_hold);
        return Read([&](db::Transaction& tx) { return naming::FindName(tx, hold); })
            .value()
            ->status;
    }
    std::optional<LicenceFacts> LicenceOf(const application::CaseId& id) {
        return Read([&](db::Transaction& tx) { return licences_.OfCase(tx, id); }).value();
    }
    LicenceFile FileOf(const application::CaseId& id, std::string_view kind) {
        return Read([&](db::Transaction& tx) { return licences_.FileOf(tx, id, kind); })
            .value()
            .value();
    }
    std::vector<progress::StoredEvent> EventsOf(const application::CaseId& id) {
        return Read([&](db::Transaction& tx) { return progress::ReadTimeline(tx, id, 0, 1000); })
            .value();
    }
    int CountEvents(const application::CaseId& id, std::string_view kind) {
        const auto events = EventsOf(id);
        return static_cast<int>(
            std::count_if(events.begin(), events.end(),
                          [&](const auto& stored) { return stored.event.kind == kind; }));
    }
    /// What happened to a case and to the jobs, for the message of a failed expectation.
    std::string Story(const application::CaseId& id) {
        std::string story;
        for (const auto& stored : EventsOf(id))
            story += stored.event.kind + " " + json::Text(stored.event.data) + "\n";
        static constexpr db::Query kJobs{"",
                                         "SELECT kind, state, problem FROM job_queue ORDER BY id"};
        for (const std::string& line : Dump(database(), kJobs)) story += line + "\n";
        return story;
    }
    /// Rows of a statement as text, for comparing tables of two databases.
    static std::vector<std::string> Dump(db::Database& from, const db::Query& query) {
        const auto rows = from.Read([&](db::Transaction& tx) { return tx.Run(query, {}); }).value();
        std::vector<std::string> lines;
        for (const db::Row& row : rows) {
            std::string line;
            for (const db::Value& value : row.values()) {
                if (const auto* number = std::get_if<std::int64_t>(&value))
                    line += std::to_string(*number);
                if (const auto* text = std::get_if<std::string>(&value)) line += "'" + *text + "'";
                if (const auto* blob = std::get_if<db::Bytes>(&value))
                    line += "x" + crypto::Hex(blob->bytes);
                line += "|";
            }
            lines.push_back(std::move(line));
        }
        return lines;
    }

    int cases_ = 0;
    std::function<Result<>(db::Transaction&, const application::CaseView&)> on_submitted_;
    LockedRandom locked_{random_};
    testing::ApiWorld world_{database(), clock_, locked_};
    testing::TemporaryFolder folder_;
    progress::EventKinds kinds_;
    progress::Recorder recorder_{world_.services, kinds_};
    progress::Clocks clocks_{world_.services, SharedReference(), recorder_};
    naming::SqlExaminer examiner_;
    application::Application application_{{world_.services,
                                           SharedReference(),
                                           recorder_,
                                           clocks_,
                                           embedded::AllEntityTypes(),
                                           {},
                                           files::BlobStore(folder_.path() + "/blobs"),
                                           SharedNameTables(),
                                           examiner_}};
    NoCrashPoints crash_;
    crypto::Sm2PrivateKey key_ = crypto::Sm2PrivateKey::Generate();
    Licences licences_{{application_, files::BlobStore(folder_.path() + "/blobs"),
                        "https://onewindow.example", "demo-1", key_, true, crash_}};
    std::unique_ptr<jobs::Runner> runner_ =
        jobs::MakeRunner({database(), clock_, locked_, crash_, log::Silent(), "node-1"});
};

}  // namespace onewindow::licence
