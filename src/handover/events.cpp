#include "handover/kit.hpp"
#include "handover/queries.gen.hpp"
#include "handover/reasons.hpp"
#include "kernel/text/text.hpp"

// The room's tables, written from events only. The state of a kit follows from its things
// (refresh_kit).
namespace onewindow::handover {
namespace {

using progress::StoredEvent;

Result<> InsertItem(db::Transaction& tx, const StoredEvent& stored, const json::value& item) {
    OW_CHECK(tx.Execute(queries::kInsertItem, stored.case_id, json::TextAt(item, "kind"),
                        json::TextAt(item, "code"), json::TextAt(item, "hall"),
                        json::TextAt(item, "destination"), json::TextAt(item, "holder"),
                        stored.at));
    return {};
}

Result<> Refresh(db::Transaction& tx, const StoredEvent& stored) {
    OW_CHECK(tx.Execute(queries::kRefreshKit, stored.case_id));
    return {};
}

/// Another state for one thing; `how` is empty unless it was handed over.
Result<> MoveItem(db::Transaction& tx, const StoredEvent& stored, std::string_view kind,
                  std::string_view state, std::string_view how = {}) {
    const json::object& data = stored.event.data;
    OW_TRY(const auto moved,
           tx.Execute(queries::kMoveItem, stored.case_id, kind, state, json::TextAt(data, "place"),
                      json::TextAt(data, "holder"), how, stored.at));
    OW_ASSERT(moved == 1);
    return {};
}

Result<> VoidBlank(db::Transaction& tx, const StoredEvent& stored) {
    const std::string number = json::TextAt(stored.event.data, "voided_blank");
    if (number.empty()) return {};
    OW_CHECK(tx.Execute(queries::kVoidBlank, number,
                        json::TextAt(stored.event.data, "reason", "replaced"), stored.at));
    return {};
}

Result<> ApplyKitOpened(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    OW_TRY(const std::string code,
           crypto::FromBase64(json::TextAt(stored.event.sensitive, "code_sealed")));
    std::vector<std::string> policies;
    for (const json::value& id : data.at("policies").as_array())
        policies.emplace_back(id.as_string());
    OW_CHECK(tx.Execute(queries::kInsertKit, stored.case_id, json::TextAt(data, "case_number"),
                        json::TextAt(data, "business_name"), json::TextAt(data, "authority"),
                        json::TextAt(data, "hall"), db::Bytes{code}, text::Join(policies, ","),
                        stored.at));
    for (const json::value& item : data.at("items").as_array())
        OW_CHECK(InsertItem(tx, stored, item));
    return {};
}

Result<> ApplyItemExpected(db::Transaction& tx, const StoredEvent& stored) {
    OW_CHECK(InsertItem(tx, stored, stored.event.data));
    return Refresh(tx, stored);
}

Result<> ApplyItemMade(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    const std::string kind = json::TextAt(data, "kind"), number = json::TextAt(data, "number");
    OW_CHECK(VoidBlank(tx, stored));
    if (json::BoolAt(data, "blank")) {
        OW_TRY(const auto used,
               tx.Execute(queries::kUseBlank, number, json::TextAt(data, "hall"),
                          json::TextAt(data, "authority"), stored.case_id, kind, stored.at));
        if (used == 0) return Refuse(reasons::kNoBlank);
    }
    OW_TRY(const auto made,
           tx.Execute(queries::kMakeItem, stored.case_id, kind, number, json::TextAt(data, "place"),
                      json::TextAt(data, "holder"), stored.at));
    OW_ASSERT(made == 1);
    return Refresh(tx, stored);
}

Result<> ApplyItemScanned(db::Transaction& tx, const StoredEvent& stored) {
    OW_CHECK(MoveItem(tx, stored, json::TextAt(stored.event.data, "kind"), "at_window"));
    return Refresh(tx, stored);
}

Result<> ApplyKitComplete(db::Transaction& tx, const StoredEvent& stored) {
    OW_CHECK(tx.Execute(queries::kCompleteKit, stored.case_id, stored.at));
    return {};
}

Result<> ApplyPickedUp(db::Transaction& tx, const StoredEvent& stored) {
    const std::string how = "window:" + json::TextAt(stored.event.data, "method");
    for (const json::value& kind : stored.event.data.at("items").as_array()) {
        OW_CHECK(MoveItem(tx, stored, std::string_view(kind.as_string()), "handed_over", how));
    }
    return Refresh(tx, stored);
}

Result<> ApplyLabelMade(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    const std::string label = json::TextAt(data, "label");
    const json::array& kinds = data.at("items").as_array();
    OW_CHECK(tx.Execute(queries::kReplaceParcels, stored.case_id));
    OW_CHECK(tx.Execute(queries::kInsertParcel, label, stored.case_id, json::TextAt(data, "hall"),
                        static_cast<std::int64_t>(kinds.size()), stored.at));
    OW_CHECK(tx.Execute(queries::kCountParcel, stored.case_id));
    for (const json::value& kind : kinds) {
        OW_CHECK(tx.Execute(queries::kLabelItem, stored.case_id, std::string_view(kind.as_string()),
                            label));
    }
    return {};
}

Result<> ApplyCourierAccepted(db::Transaction& tx, const StoredEvent& stored) {
    const json::object& data = stored.event.data;
    const std::string tracking = json::TextAt(data, "tracking");
    OW_CHECK(tx.Execute(queries::kAcceptParcel, json::TextAt(data, "label"), tracking,
                        json::TextAt(data, "courier"), stored.at));
    for (const json::value& kind : data.at("items").as_array()) {
        OW_CHECK(MoveItem(tx, stored, std::string_view(kind.as_string()), "handed_over",
                          "post:" + tracking));
    }
    return Refresh(tx, stored);
}

Result<> ApplyItemLost(db::Transaction& tx, const StoredEvent& stored) {
    OW_CHECK(MoveItem(tx, stored, json::TextAt(stored.event.data, "kind"), "lost"));
    OW_CHECK(VoidBlank(tx, stored));
    return Refresh(tx, stored);
}

Result<> ApplyItemReturned(db::Transaction& tx, const StoredEvent& stored) {
    OW_CHECK(MoveItem(tx, stored, json::TextAt(stored.event.data, "kind"), "returned"));
    return Refresh(tx, stored);
}

}  // namespace

void RegisterEvents(progress::EventKinds& kinds) {
    kinds.Register("handover.kit_opened", ApplyKitOpened);
    kinds.Register("handover.item_expected", ApplyItemExpected);
    kinds.Register("handover.item_made", ApplyItemMade);
    kinds.Register("handover.item_scanned", ApplyItemScanned);
    kinds.Register("handover.kit_complete", ApplyKitComplete);
    kinds.Register("handover.picked_up", ApplyPickedUp);
    kinds.Register("handover.label_made", ApplyLabelMade);
    kinds.Register("handover.courier_accepted", ApplyCourierAccepted);
    kinds.Register("handover.item_lost", ApplyItemLost);
    kinds.Register("handover.item_returned", ApplyItemReturned);
}

}  // namespace onewindow::handover
