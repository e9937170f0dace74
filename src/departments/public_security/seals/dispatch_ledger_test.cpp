// Goal: whoever reads the public ledger of seal orders can decide each of a day's orders again, from the answer alone,
// and comes to the same maker; it names no case and no person.

#include <algorithm>
#include <tuple>

#include "application/testing/filled_form.hpp"
#include "departments/public_security/seals/dispatch.hpp"
#include "server/testing/house.hpp"

namespace onewindow::departments::public_security::seals {
namespace {

class DispatchLedger : public server::House {
 protected:
    DispatchLedger() { seals::RegisterEvents(kinds_); }

    /// An order for a case in that county, as the engine asks for it when the licence is there; gives its maker.
    std::string Order(const std::string& name, const std::string& county, json::object facts = {}) {
        application::CaseView view;
        view.the_case.id = application::CaseId(name);
        view.the_case.county = county;
        view.facts = std::move(facts);
        const application::Context context = application::testing::SeedContext();
        const json::object notes;
        const exchange::MatterInput input{view, nullptr, context, notes};
        const auto ordered = Write([&](db::Transaction& tx) -> Result<json::object> {
            OW_CHECK(recorder_.Open(tx, view.the_case.id, county));
            return OrderSeals({tx, input, recorder_, "track-" + name, NewUlid(clock_, random_)});
        });
        EXPECT_TRUE(ordered) << ordered.error().Describe();
        return json::TextAt(*ordered, "maker");
    }
    json::value Ledger(const std::string& query) {
        const auto answer = Anybody().Get("/api/v1/seal-dispatches?" + query);
        EXPECT_EQ(answer.status, 200) << answer.text;
        return answer.body;
    }

    progress::EventKinds kinds_;
    progress::Recorder recorder_{world_.services, kinds_};
};

/// The published sentence of the rule, written down a second time over nothing but the answer.
std::string DecideAgain(const json::value& dispatch) {
    using Rank = std::tuple<bool, std::int64_t, std::int64_t, std::string, std::string>;
    std::optional<Rank> best;
    for (const json::value& maker : dispatch.at("candidates").as_array()) {
        const std::int64_t capacity = json::IntAt(maker, "capacity");
        if (capacity == 0) continue;
        // 10^9 · open / capacity: fine enough for capacities below a thousand.
        const Rank rank{json::TextAt(maker, "district") != json::TextAt(dispatch, "district"),
                        json::IntAt(maker, "open") * 1'000'000'000 / capacity, -json::IntAt(maker, "score"),
                        crypto::Hex(crypto::Sm3(json::TextAt(dispatch, "seed") + ":" + json::TextAt(maker, "maker"))),
                        json::TextAt(maker, "maker")};
        if (!best || rank < *best) best = rank;
    }
    return best ? std::get<4>(*best) : "";
}

TEST_P(DispatchLedger, ADaysChoicesCanBeDecidedAgainFromTheAnswerAlone) {
    std::map<std::string, std::string> makers;  // By case.
    for (int i = 0; i < 60; ++i) {
        const std::string county = i % 3 == 0 ? "370102" : i % 3 == 1 ? "370103" : "370112";
        const std::string name = "case-" + std::to_string(i);
        makers[name] = Order(name, county);
        clock_.Advance(std::chrono::minutes{1});
    }
    Order("elsewhere", "370202");
    const json::value ledger = Ledger("city=370100&date=2026-11-23");
    const json::array& dispatches = ledger.at("dispatches").as_array();
    ASSERT_EQ(dispatches.size(), 60U);
    std::multiset<std::string> told, given;
    for (const json::value& dispatch : dispatches) {
        EXPECT_EQ(DecideAgain(dispatch), json::TextAt(dispatch, "maker")) << json::Text(dispatch);
        told.insert(json::TextAt(dispatch, "maker"));
    }
    for (const auto& [name, maker] : makers) given.insert(maker);
    EXPECT_EQ(told, given);
    EXPECT_GT(std::set<std::string>(told.begin(), told.end()).size(), 3U);
    // A maker that had been preferred would be found out.
    json::value forged = dispatches[0];
    forged.as_object()["candidates"].as_array()[1].as_object()["open"] = 0;
    for (json::value& maker : forged.as_object()["candidates"].as_array()) maker.as_object()["district"] = "370102";
    for (json::value& maker : forged.as_object()["candidates"].as_array()) {
        if (json::TextAt(maker, "maker") == json::TextAt(forged, "maker")) maker.as_object()["open"] = 9;
    }
    EXPECT_NE(DecideAgain(forged), json::TextAt(forged, "maker"));
}

TEST_P(DispatchLedger, ShowsWhatTheApplicantChoseAndNothingPersonal) {
    const json::object facts =
        json::Parse(R"({"seals":{"dispatch":"chosen","maker":"M3701003"},"people":[{"key":"p1","name":"周岚"}]})")->as_object();
    EXPECT_EQ(Order("case-of-somebody", "370102", facts), "M3701003");
    const json::value ledger = Ledger("city=370100");
    const std::string text = json::Text(ledger);
    EXPECT_EQ(json::TextAt(ledger, "dispatches.0.decided_by"), "applicant");
    EXPECT_EQ(json::TextAt(ledger, "dispatches.0.maker"), "M3701003");
    EXPECT_TRUE(ledger.at("dispatches").at(0).at("candidates").as_array().empty());
    EXPECT_EQ(text.find("周岚"), std::string::npos);
    EXPECT_EQ(text.find("case-of-somebody"), std::string::npos);
    EXPECT_NE(json::TextAt(ledger, "rule.zh"), "");
    EXPECT_TRUE(Ledger("city=370100&date=2026-11-24").at("dispatches").as_array().empty());
    EXPECT_TRUE(Ledger("city=370200").at("dispatches").as_array().empty());
    EXPECT_EQ(Anybody().Get("/api/v1/seal-dispatches?city=370102").Reason(), "seals.city_unknown");
    EXPECT_EQ(Anybody().Get("/api/v1/seal-dispatches").Reason(), "seals.city_missing");
    EXPECT_EQ(Anybody().Get("/api/v1/seal-dispatches?city=370100&date=yesterday").status, 400);
}

OW_BOTH_ENGINES(DispatchLedger);

}  // namespace
}  // namespace onewindow::departments::public_security::seals
