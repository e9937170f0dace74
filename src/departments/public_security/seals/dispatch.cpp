#include "departments/public_security/seals/dispatch.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "departments/public_security/seals/queries.gen.hpp"

namespace onewindow::departments::public_security::seals {
namespace {

constexpr std::string_view kOrdered = "seals.ordered";
constexpr std::string_view kOrderEnded = "seals.order_ended";

/// Is `a` to be preferred to `b`?
bool IsBefore(const MakerLoad& a, const MakerLoad& b, std::string_view district, std::string_view seed) {
    const bool near_a = a.district == district, near_b = b.district == district;
    if (near_a != near_b) return near_a;
    // open/capacity compared without division.
    const std::int64_t load_a = a.open * b.capacity, load_b = b.open * a.capacity;
    if (load_a != load_b) return load_a < load_b;
    if (a.score != b.score) return a.score > b.score;
    const auto lot = [&](const MakerLoad& maker) { return crypto::Sm3(std::string(seed) + ":" + maker.id); };
    return lot(a) < lot(b);
}

Result<std::vector<MakerLoad>> LoadsOf(const exchange::StepInput& step, const std::set<std::string>& except) {
    OW_TRY(const db::Rows rows, step.tx.Read(queries::kCountOpenOrders));
    std::map<std::string, std::int64_t> open;
    for (const db::Row& row : rows) open[row.Text("maker")] = row.Int("orders");
    std::vector<MakerLoad> loads;
    const auto& reference = step.matter.context.reference;
    const reference::Division* city = reference.CityOf(step.matter.view.the_case.county);
    if (city == nullptr) return loads;
    for (const reference::SealMaker* maker : reference.MakersOf(city->code)) {
        if (except.contains(maker->id)) continue;
        loads.push_back({maker->id, maker->district, open[maker->id], maker->capacity, maker->score});
    }
    return loads;
}

Result<json::object> Order(const exchange::StepInput& step, const reference::SealMaker& maker, std::string_view decided_by,
                           const std::vector<MakerLoad>& basis) {
    OW_CHECK(EndOrder(step, "reassigned"));
    const application::Case& the_case = step.matter.view.the_case;
    OW_CHECK(step.recorder.Record(step.tx, the_case.id,
                                  {.kind = std::string(kOrdered),
                                   .actor = "system",
                                   .data = {{"order", step.id},
                                            {"track", step.track},
                                            {"maker", maker.id},
                                            {"maker_name", maker.name},
                                            {"decided_by", json::value(decided_by)},
                                            {"district", the_case.county},
                                            {"basis", WriteBasis(basis)}}}));
    return json::object{{"maker", maker.id}, {"maker_name", maker.name}, {"performer", "maker:" + maker.id}};
}

Result<> ApplyOrdered(db::Transaction& tx, const progress::StoredEvent& event) {
    const json::object& data = event.event.data;
    OW_CHECK(tx.Execute(queries::kInsertOrder, json::TextAt(data, "order"), event.case_id, json::TextAt(data, "track"),
                        json::TextAt(data, "maker"), json::TextAt(data, "decided_by"), json::TextAt(data, "district"),
                        json::Canonical(data.at("basis")), event.at));
    return {};
}

Result<> ApplyOrderEnded(db::Transaction& tx, const progress::StoredEvent& event) {
    const json::object& data = event.event.data;
    OW_CHECK(tx.Execute(queries::kEndOrder, json::TextAt(data, "track"), json::TextAt(data, "state"), event.at));
    return {};
}

}  // namespace

std::string DecideMaker(const std::vector<MakerLoad>& makers, std::string_view district, std::string_view seed) {
    const MakerLoad* best = nullptr;
    for (const MakerLoad& maker : makers) {
        if (maker.capacity <= 0) continue;
        if (best == nullptr || IsBefore(maker, *best, district, seed)) best = &maker;
    }
    return best == nullptr ? "" : best->id;
}

json::array WriteBasis(const std::vector<MakerLoad>& makers) {
    json::array basis;
    for (const MakerLoad& maker : makers) {
        basis.push_back(json::object{{"maker", maker.id},
                                     {"district", maker.district},
                                     {"open", maker.open},
                                     {"capacity", maker.capacity},
                                     {"score", maker.score}});
    }
    return basis;
}

std::vector<MakerLoad> ReadBasis(const json::array& basis) {
    std::vector<MakerLoad> makers;
    for (const json::value& row : basis) {
        makers.push_back({json::TextAt(row, "maker"), json::TextAt(row, "district"), json::IntAt(row, "open"),
                          json::IntAt(row, "capacity"), json::IntAt(row, "score")});
    }
    return makers;
}

Result<json::object> OrderSeals(const exchange::StepInput& step) {
    const auto& reference = step.matter.context.reference;
    const json::object& facts = step.matter.view.facts;
    if (json::TextAt(facts, "seals.dispatch") == "chosen") {
        // A maker that left the list since then cannot be given an order; the rule finds another.
        const reference::SealMaker* chosen = reference.FindMaker(json::TextAt(facts, "seals.maker"));
        if (chosen != nullptr) return Order(step, *chosen, "applicant", {});
    }
    OW_TRY(const auto loads, LoadsOf(step, {}));
    const reference::SealMaker* maker = reference.FindMaker(DecideMaker(loads, step.matter.view.the_case.county, step.id));
    if (maker == nullptr) return json::object{};
    return Order(step, *maker, "rule", loads);
}

Result<std::optional<json::object>> OrderAgain(const exchange::StepInput& step) {
    using Answer = std::optional<json::object>;
    OW_TRY(const db::Rows orders, step.tx.Read(queries::kListOrdersOfTrack, step.track));
    std::set<std::string> had;
    for (const db::Row& row : orders) {
        if (row.Text("state") == "open" && row.Text("decided_by") == "applicant") return Answer{};
        had.insert(row.Text("maker"));
    }
    OW_TRY(const auto loads, LoadsOf(step, had));
    const auto& reference = step.matter.context.reference;
    const reference::SealMaker* maker = reference.FindMaker(DecideMaker(loads, step.matter.view.the_case.county, step.id));
    if (maker == nullptr) return Answer{};
    OW_TRY(json::object notes, Order(step, *maker, "rule", loads));
    return Answer{std::move(notes)};
}

Result<> EndOrder(const exchange::StepInput& step, std::string_view state) {
    OW_TRY(const db::Rows orders, step.tx.Read(queries::kListOrdersOfTrack, step.track));
    for (const db::Row& row : orders) {
        if (row.Text("state") != "open") continue;
        const reference::SealMaker* maker = step.matter.context.reference.FindMaker(row.Text("maker"));
        OW_CHECK(step.recorder.Record(step.tx, step.matter.view.the_case.id,
                                      {.kind = std::string(kOrderEnded),
                                       .actor = "system",
                                       .data = {{"order", row.Text("id")},
                                                {"track", step.track},
                                                {"maker", row.Text("maker")},
                                                {"maker_name", maker == nullptr ? row.Text("maker") : maker->name},
                                                {"state", json::value(state)}}}));
    }
    return {};
}

void RegisterEvents(progress::EventKinds& kinds) {
    kinds.Register(std::string(kOrdered), ApplyOrdered);
    kinds.Register(std::string(kOrderEnded), ApplyOrderEnded);
}

}  // namespace onewindow::departments::public_security::seals
