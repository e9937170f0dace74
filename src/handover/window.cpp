#include "application/sections.hpp"
#include "handover/api_types.hpp"
#include "handover/kit.hpp"
#include "handover/queries.gen.hpp"
#include "handover/reasons.hpp"
#include "kernel/auth/auth.hpp"
#include "kernel/crypto/crypto.hpp"

// What a clerk does at a window: scan in, hand over, post, report a loss or a return.
namespace onewindow::handover {
namespace {

ScanAnswer AnswerOf(const Kit& kit, const Kit::Item& item, bool repeated) {
    return {.case_number = kit.case_number,
            .kind = item.kind,
            .title = "",  // The route fills it in, in the reader's language.
            .number = item.number,
            .state = item.state,
            .destination = item.destination,
            .kit_state = kit.state,
            .repeated = repeated};
}

json::array KindsOf(const std::vector<Kit::Item>& items) {
    json::array kinds;
    for (const Kit::Item& item : items) kinds.push_back(json::value(item.kind));
    return kinds;
}

std::string Joined(const std::vector<Kit::Item>& items) {
    std::string kinds;
    for (const Kit::Item& item : items) kinds += (kinds.empty() ? "" : ", ") + item.kind;
    return kinds;
}

/// What is chosen for a hand-over, of the things that this window gives out.
Result<std::vector<Kit::Item>> Choose(const std::vector<Kit::Item>& here,
                                      const PickUpRequest& request) {
    std::vector<Kit::Item> chosen;
    if (request.items) {
        for (std::size_t i = 0; i < request.items->size(); ++i) {
            const std::string& kind = (*request.items)[i];
            const auto of_kind = [&](const Kit::Item& item) { return item.kind == kind; };
            const auto found = std::find_if(here.begin(), here.end(), of_kind);
            if (found == here.end()) return Refuse(reasons::kNoItem, "items." + std::to_string(i));
            if (std::none_of(chosen.begin(), chosen.end(), of_kind)) chosen.push_back(*found);
        }
    } else {
        for (const Kit::Item& item : here) {
            if (item.state != "handed_over") chosen.push_back(item);
        }
    }
    if (chosen.empty()) return Refuse(reasons::kNothingHere);
    std::vector<Kit::Item> missing;
    for (const Kit::Item& item : chosen) {
        if (item.state != "at_window") missing.push_back(item);
    }
    if (!missing.empty())
        return Refuse(reasons::kNotAllHere, "items", {{"items", Joined(missing)}});
    return chosen;
}

std::string LastFour(std::string_view document) {
    const std::string code = NormalisePickUpCode(document);
    return code.size() < 4 ? code : code.substr(code.size() - 4);
}

}  // namespace

Result<Window> Handover::OwnWindow(db::Transaction& tx, api::Call& call) const {
    OW_TRY(const auto ground, deps_.application.GroundNow(tx));
    const reference::Hall* hall = ground.snapshot->FindHall(call.Path("hall"));
    if (hall == nullptr) return Refuse(reasons::kNoHall, "", {{"hall", call.Path("hall")}});
    const reference::Authority* authority = ground.snapshot->FindAuthority(hall->authority);
    const std::string place = authority == nullptr ? hall->city : authority->division;
    if (!call.principal.May(auth::Role::kWindowClerk, place, hall->id))
        return Refuse(reasons::kNotYourHall);
    return Window{hall->id, hall->name, call.principal.account};
}

Result<std::pair<Kit, Kit::Item>> Handover::Scanned(db::Transaction& tx, const Window& window,
                                                    std::string_view code) const {
    const std::string read = reference::NormaliseCode(code);
    if (read.empty()) return Refuse(reasons::kNoItem, "code");
    OW_TRY(const db::Rows rows, tx.Read(queries::kFindItemsByCode, read));
    if (rows.empty()) return Refuse(reasons::kNoItem, "code");
    // Serial numbers of several agencies may coincide; the one that this window waits for is meant.
    std::vector<const db::Row*> here;
    for (const db::Row& row : rows) {
        if (row.Text("hall") == window.hall) here.push_back(&row);
    }
    if (here.size() > 1) return Refuse(reasons::kAmbiguous, "code");
    if (here.empty()) {
        OW_TRY(const auto ground, deps_.application.GroundNow(tx));
        const reference::Hall* other = ground.snapshot->FindHall(rows.front().Text("hall"));
        return Refuse(reasons::kOtherHall, "code",
                      {{"hall", other == nullptr ? rows.front().Text("hall") : other->name}});
    }
    OW_TRY(Kit kit, LockKit(tx, here.front()->As<CaseId>("case_id"), false));
    const Kit::Item item = *FindItem(kit, here.front()->Text("kind"));
    return std::pair(std::move(kit), item);
}

Result<ScanAnswer> Handover::ScanIn(db::Transaction& tx, const Window& window,
                                    std::string_view code) const {
    OW_TRY(const auto found, Scanned(tx, window, code));
    const auto& [kit, item] = found;
    if (item.state == "at_window") return AnswerOf(kit, item, true);
    if (item.state == "handed_over") return Refuse(reasons::kHandedOver, "code");
    // What nobody has reported as made (a seal that is not filed, a licence without a blank) may
    // not be given out.
    if (item.state != "made" && item.state != "returned") return Refuse(reasons::kNotMade, "code");
    OW_CHECK(Record(tx, kit.case_id,
                    {.kind = "handover.item_scanned",
                     .actor = window.Actor(),
                     .data = {{"kind", item.kind},
                              {"hall", window.hall},
                              {"hall_name", window.hall_name},
                              {"place", window.Place()},
                              {"holder", window.Place()}}}));
    OW_CHECK(Settle(tx, kit, window.Actor()));
    OW_TRY(const auto after, Read(tx, kit.case_id));
    return AnswerOf(*after, *FindItem(*after, item.kind), false);
}

Result<> Handover::CheckIdentity(db::Transaction& tx, const Kit& kit,
                                 const PickUpRequest& request) const {
    if (!request.identity) return Refuse(reasons::kIdentityNeeded, "identity");
    OW_TRY(const application::CaseView view, deps_.application.View(tx, kit.case_id));
    const json::value* receiver = application::FindPerson(view.facts, ReceiverOf(view.facts));
    const std::string expected =
        receiver == nullptr ? "" : LastFour(json::TextAt(*receiver, "id_number"));
    const std::string shown = NormalisePickUpCode(request.identity->last4);
    if (expected.size() != 4 || shown != expected)
        return Refuse(reasons::kIdentityMismatch, "identity.last4");
    return {};
}

/// The order of the checks is the contract: the case, the code, what is asked for, who asks.
Result<PickUpAnswer> Handover::PickUp(db::Transaction& tx, const Window& window,
                                      const PickUpRequest& request) const {
    OW_TRY(const Kit kit, LockKitByNumber(tx, request.case_number, true));
    std::vector<Kit::Item> here;
    for (const Kit::Item& item : kit.items) {
        if (item.destination == window.Place()) here.push_back(item);
    }
    if (here.empty()) return Refuse(reasons::kNoKit, "case_number");
    OW_TRY(const std::string code, CodeOf(tx, kit.case_id));
    if (!crypto::SameBytes(NormalisePickUpCode(request.code), code))
        return Refuse(reasons::kWrongCode, "code");
    OW_TRY(const std::vector<Kit::Item> chosen, Choose(here, request));
    const bool harmless = std::all_of(chosen.begin(), chosen.end(),
                                      [](const auto& item) { return IsHarmless(item.kind); });
    if (!harmless) OW_CHECK(CheckIdentity(tx, kit, request));

    const std::string method = harmless || !request.identity
                                   ? "code"
                                   : std::string(json::Write(request.identity->method).as_string());
    json::object sensitive;
    if (!harmless) sensitive["last4"] = NormalisePickUpCode(request.identity->last4);
    OW_CHECK(Record(tx, kit.case_id,
                    {.kind = "handover.picked_up",
                     .actor = window.Actor(),
                     .data = {{"hall", window.hall},
                              {"hall_name", window.hall_name},
                              {"method", method},
                              {"count", static_cast<std::int64_t>(chosen.size())},
                              {"items", KindsOf(chosen)},
                              {"place", ""},
                              {"holder", "receiver"}},
                     .sensitive = std::move(sensitive)}));
    OW_CHECK(Settle(tx, kit, window.Actor()));
    OW_TRY(const auto after, Read(tx, kit.case_id));
    PickUpAnswer answer{.case_number = kit.case_number,
                        .handed_over = {},
                        .remaining = {},
                        .kit_state = after->state};
    for (const Kit::Item& item : chosen) answer.handed_over.push_back(item.kind);
    for (const Kit::Item& item : after->items) {
        if (item.destination == window.Place() && item.state != "handed_over")
            answer.remaining.push_back(item.kind);
    }
    return answer;
}

Result<LabelAnswer> Handover::Label(db::Transaction& tx, const Window& window,
                                    std::string_view case_number) const {
    OW_TRY(const Kit kit, LockKitByNumber(tx, case_number, true));
    std::vector<Kit::Item> all, to_send, missing;
    for (const Kit::Item& item : kit.items) {
        if (item.destination != kPost || item.hall != window.hall) continue;
        all.push_back(item);
        if (item.state == "handed_over") continue;
        (item.state == "at_window" ? to_send : missing).push_back(item);
    }
    if (all.empty()) return Refuse(reasons::kNoKit, "case_number");
    if (!missing.empty())
        return Refuse(reasons::kNotAllHere, "case_number", {{"items", Joined(missing)}});
    if (to_send.empty()) return Refuse(reasons::kNothingHere, "case_number");

    // A second press, or a label that tore: the same label again, as long as the same things are in
    // the parcel.
    const std::string& label_so_far = to_send.front().parcel;
    const bool repeated = !label_so_far.empty() &&
                          std::all_of(to_send.begin(), to_send.end(), [&](const Kit::Item& item) {
                              return item.parcel == label_so_far;
                          });
    const std::string label =
        repeated ? label_so_far : kit.case_number + "-P" + std::to_string(kit.parcels + 1);
    OW_TRY(const application::CaseView view, deps_.application.View(tx, kit.case_id));
    OW_TRY(const auto ground, deps_.application.GroundNow(tx));
    const reference::Hall* hall = ground.snapshot->FindHall(window.hall);
    const json::value* receiver = application::FindPerson(view.facts, ReceiverOf(view.facts));
    OW_ASSERT(hall != nullptr);
    LabelAnswer answer{
        .label = label,
        .sender = hall->name,
        .sender_address = hall->address,
        .sender_phone = hall->phone,
        .receiver = receiver == nullptr ? "" : json::TextAt(*receiver, "name"),
        .receiver_mobile = receiver == nullptr ? "" : json::TextAt(*receiver, "mobile"),
        .receiver_address = json::TextAt(view.facts, "delivery.post_address"),
        .pieces = static_cast<std::int64_t>(to_send.size()),
        .repeated = repeated};
    OW_CHECK(auth::RecordUnmaskedRead(tx, services(),
                                      {.account = window.account,
                                       .person = view.the_case.person,
                                       .fields = "receiver, receiver_mobile, receiver_address",
                                       .case_id = kit.case_id.value(),
                                       .reason = "courier_label"}));
    if (repeated) return answer;
    OW_CHECK(Record(tx, kit.case_id,
                    {.kind = "handover.label_made",
                     .actor = window.Actor(),
                     .data = {{"label", label},
                              {"hall", window.hall},
                              {"hall_name", window.hall_name},
                              {"count", answer.pieces},
                              {"items", KindsOf(to_send)}}}));
    if (on_ready_for_post) OW_CHECK(on_ready_for_post(tx, kit.case_id));
    return answer;
}

Result<ScanAnswer> Handover::Lose(db::Transaction& tx, const Window& window, std::string_view code,
                                  std::string_view reason) const {
    OW_TRY(const auto found, Scanned(tx, window, code));
    const auto& [kit, item] = found;
    // What was handed to its receiver is the receiver's to lose; what the courier has may still be
    // lost by us.
    const bool with_receiver = item.state == "handed_over" && item.parcel.empty();
    if (item.state == "expected" || item.state == "lost" || with_receiver)
        return Refuse(reasons::kNotHere, "code");
    json::object data{{"kind", item.kind},
                      {"hall", window.hall},
                      {"reason", json::value(reason)},
                      {"place", ""},
                      {"holder", ""}};
    if (IsLicence(item.kind)) data["voided_blank"] = item.number;
    OW_CHECK(
        Record(tx, kit.case_id,
               {.kind = "handover.item_lost", .actor = window.Actor(), .data = std::move(data)}));
    OW_TRY(const auto after, Read(tx, kit.case_id));
    return AnswerOf(*after, *FindItem(*after, item.kind), false);
}

Result<ScanAnswer> Handover::Return(db::Transaction& tx, const Window& window,
                                    std::string_view code, std::string_view reason) const {
    OW_TRY(const auto found, Scanned(tx, window, code));
    const auto& [kit, item] = found;
    const bool with_courier = item.state == "handed_over" && !item.parcel.empty();
    if (item.state != "made" && item.state != "at_window" && !with_courier)
        return Refuse(reasons::kNotHere, "code");
    // A parcel that came back lies here; a bad piece goes back to whoever made it.
    const bool came_back = reason == "undeliverable" || reason == "unclaimed";
    const std::string holder = came_back || item.made_by.empty() ? window.Place() : item.made_by;
    OW_CHECK(Record(tx, kit.case_id,
                    {.kind = "handover.item_returned",
                     .actor = window.Actor(),
                     .data = {{"kind", item.kind},
                              {"hall", window.hall},
                              {"reason", json::value(reason)},
                              {"place", holder},
                              {"holder", holder}}}));
    OW_TRY(const auto after, Read(tx, kit.case_id));
    return AnswerOf(*after, *FindItem(*after, item.kind), false);
}

}  // namespace onewindow::handover
