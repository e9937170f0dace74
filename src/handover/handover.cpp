#include "handover/handover.hpp"

#include "application/reasons.hpp"
#include "application/sections.hpp"
#include "handover/kit.hpp"
#include "handover/policy_pack.hpp"
#include "handover/queries.gen.hpp"
#include "handover/reasons.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/text/text.hpp"

// The kit's life: opened at the licence, filled by makers and agencies, complete, taken by the
// courier.
namespace onewindow::handover {
namespace {

constexpr std::size_t kPickUpCodeLength = 6;

std::string SealPlace(const CaseId& id) { return "handover_kit.code:" + id.value(); }

/// One thing that is expected, as events carry it.
json::object Expected(std::string_view case_number, std::string_view kind, const Way& way) {
    return {{"kind", json::value(kind)},
            {"code", ItemCode(case_number, kind)},
            {"hall", way.hall},
            {"destination", way.destination},
            {"holder", MakerOf(kind, way.hall)}};
}

bool IsKind(std::string_view kind) {
    const auto& kinds = ItemKinds();
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

Result<> CheckKind(std::string_view kind) {
    if (IsKind(kind)) return {};
    return Refuse(reasons::kUnknownKind, "kind", {{"kind", std::string(kind)}});
}

Kit::Item ReadItem(const db::Row& row) {
    return {.kind = row.Text("kind"),
            .number = row.Text("number"),
            .state = row.Text("state"),
            .place = row.Text("place"),
            .holder = row.Text("holder"),
            .destination = row.Text("destination"),
            .hall = row.Text("hall"),
            .code = row.Text("code"),
            .parcel = row.Text("parcel"),
            .made_by = row.Text("made_by"),
            .since = row.Time("since")};
}

}  // namespace

Handover::Handover(Deps deps) : deps_(std::move(deps)) {}

Result<> Handover::Record(db::Transaction& tx, const CaseId& case_id, progress::Event event) const {
    OW_CHECK(deps_.application.deps().recorder.Record(tx, case_id, std::move(event)));
    return {};
}

Result<std::vector<std::string>> Handover::Recipe(db::Transaction& tx,
                                                  const application::CaseView& view) const {
    OW_TRY(const auto ground, deps_.application.GroundOf(tx, view.the_case));
    const application::EntityType* type =
        deps_.application.FindEntityType(view.the_case.entity_type);
    OW_ASSERT(type != nullptr);
    const reference::Division* city = ground.snapshot->CityOf(view.the_case.county);
    const auto rates =
        ground.snapshot->RateOf(city == nullptr ? "" : city->code, ground.context.today);
    RecipeFacts facts;
    facts.seals_taken = json::BoolAt(view.facts, "seals.take", true);
    facts.name_seal = !type->name_seal_of || !type->name_seal_of(view.facts).empty();
    // Where figures are missing nothing is expected: a device that comes all the same is added
    // (Made).
    if (rates) facts.invoices = rates->invoice_mode;
    return RecipeOf(facts);
}

Result<> Handover::OpenKit(db::Transaction& tx, const application::CaseView& view,
                           const std::vector<std::string>& kinds) const {
    const application::Case& the_case = view.the_case;
    OW_TRY(const auto existing, Read(tx, the_case.id));
    if (existing) return Refuse(reasons::kKitExists);
    OW_TRY(const auto ground, deps_.application.GroundOf(tx, the_case));
    OW_TRY(const Halls halls, HallsOf(*ground.snapshot, the_case, view.facts));
    const application::EntityType* type = deps_.application.FindEntityType(the_case.entity_type);
    OW_ASSERT(type != nullptr);

    json::array items;
    const Way base = WayOf(view.facts, halls, "licence_original");
    for (const std::string& kind : ItemKinds()) {
        const bool own = IsLicence(kind) || kind == "policy_pack";
        if (!own && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) continue;
        items.push_back(Expected(the_case.number, kind, WayOf(view.facts, halls, kind)));
    }
    for (const std::string& kind : kinds) OW_CHECK(CheckKind(kind));
    json::array policies;
    for (const reference::Policy* policy :
         ground.snapshot->Policies(PolicyFactsOf(*ground.snapshot, view, ground.context.today))) {
        policies.push_back(json::value(policy->id));
    }
    const std::int64_t fitting = static_cast<std::int64_t>(policies.size());
    // A rerun of the closure draws another code; only the stored one is ever shown.
    const std::string code = services().random.Readable(kPickUpCodeLength);
    OW_CHECK(Record(tx, the_case.id,
                    {.kind = "handover.kit_opened",
                     .actor = "system",
                     .data = {{"case_number", the_case.number},
                              {"business_name", type->licence(ground.context, view.facts).name},
                              {"authority", the_case.authority},
                              {"hall", base.hall},
                              {"count", static_cast<std::int64_t>(items.size())},
                              {"items", items},
                              {"fitting", fitting},
                              {"policies", policies}},
                     .sensitive = {{"code_sealed", crypto::Base64(services().sealer.Seal(
                                                       code, SealPlace(the_case.id)))}}}));
    return Made(tx, the_case.id,
                {.kind = "policy_pack", .number = "", .holder = "hall:" + base.hall});
}

Result<> Handover::Made(db::Transaction& tx, const CaseId& case_id, const ItemMade& made) const {
    OW_CHECK(CheckKind(made.kind));
    OW_TRY(Kit kit, LockKit(tx, case_id, false));
    const std::string actor = made.holder.empty() ? "system" : made.holder;
    if (FindItem(kit, made.kind) == nullptr) {
        OW_TRY(const application::CaseView view, deps_.application.View(tx, case_id));
        OW_TRY(const auto ground, deps_.application.GroundOf(tx, view.the_case));
        OW_TRY(const Halls halls, HallsOf(*ground.snapshot, view.the_case, view.facts));
        OW_CHECK(Record(
            tx, case_id,
            {.kind = "handover.item_expected",
             .actor = actor,
             .data = Expected(kit.case_number, made.kind, WayOf(view.facts, halls, made.kind))}));
        OW_TRY(const auto added, Read(tx, case_id));
        kit = *added;
    }
    const Kit::Item item = *FindItem(kit, made.kind);
    const bool there =
        item.state == "made" || item.state == "at_window" || item.state == "handed_over";
    if (there && item.number == made.number) return {};
    if (there && item.state != "made") {
        return Refuse(reasons::kAlreadyMade, "number",
                      {{"number", item.number}, {"other", made.number}});
    }
    const std::string holder = made.holder.empty() ? MakerOf(made.kind, item.hall) : made.holder;
    return Record(
        tx, case_id,
        {.kind = "handover.item_made",
         .actor = actor,
         .data = {
             {"kind", made.kind}, {"number", made.number}, {"place", holder}, {"holder", holder}}});
}

Result<std::optional<Kit>> Handover::Read(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindKit, case_id));
    if (!row) return std::optional<Kit>{};
    Kit kit{.case_id = case_id,
            .state = row->Text("state"),
            .hall = row->Text("hall"),
            .items = {},
            .case_number = row->Text("case_number"),
            .business_name = row->Text("business_name"),
            .authority = row->Text("authority"),
            .parcels = row->Int("parcels"),
            .completed_at = row->TimeIfAny("completed_at")};
    if (!row->Text("policies").empty()) kit.policies = text::Split(row->Text("policies"), ',');
    OW_TRY(const db::Rows rows, tx.Read(queries::kListItems, case_id));
    for (const db::Row& item : rows) kit.items.push_back(ReadItem(item));
    const auto order = [](const Kit::Item& item) {
        const auto& kinds = ItemKinds();
        return std::find(kinds.begin(), kinds.end(), item.kind) - kinds.begin();
    };
    std::sort(kit.items.begin(), kit.items.end(),
              [&](const auto& left, const auto& right) { return order(left) < order(right); });
    return std::optional(std::move(kit));
}

Result<bool> Handover::IsComplete(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const auto kit, Read(tx, case_id));
    return kit && std::all_of(kit->items.begin(), kit->items.end(), IsDelivered);
}

Result<Kit> Handover::LockKit(db::Transaction& tx, const CaseId& case_id,
                              bool refuse_frozen) const {
    OW_TRY(const application::Case the_case, deps_.application.Lock(tx, case_id));
    // While somebody says that this is not his business, nothing of it is given away.
    if (refuse_frozen && the_case.frozen) return Refuse(application::reasons::kFrozen);
    OW_TRY(auto kit, Read(tx, case_id));
    if (!kit) return Refuse(reasons::kNoKit);
    return *std::move(kit);
}

Result<Kit> Handover::LockKitByNumber(db::Transaction& tx, std::string_view case_number,
                                      bool refuse_frozen) const {
    OW_TRY(const auto row,
           tx.FindOne(queries::kFindKitByNumber, reference::NormaliseCode(case_number)));
    if (!row) return Refuse(reasons::kNoKit, "case_number");
    return LockKit(tx, row->As<CaseId>("case_id"), refuse_frozen);
}

Result<std::string> Handover::CodeOf(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const auto row, tx.FindOne(queries::kFindKit, case_id));
    OW_ASSERT(row.has_value());
    return services().sealer.Open(row->Blob("code"), SealPlace(case_id));
}

Result<> Handover::Settle(db::Transaction& tx, const Kit& before, const std::string& actor) const {
    OW_TRY(const auto after, Read(tx, before.case_id));
    if (before.state != "open" || after->state == "open") return {};
    OW_CHECK(
        Record(tx, before.case_id,
               {.kind = "handover.kit_complete", .actor = actor, .data = {{"hall", before.hall}}}));
    if (!on_complete) return {};
    return on_complete(tx, before.case_id);
}

Result<> Handover::CourierAccepted(db::Transaction& tx, const CaseId& case_id,
                                   std::string_view tracking, std::string_view courier) const {
    OW_TRY(const Kit kit, LockKit(tx, case_id, false));
    OW_TRY(const db::Rows parcels, tx.Read(queries::kListParcels, case_id));
    const db::Row* waiting = nullptr;
    for (const db::Row& parcel : parcels) {
        if (parcel.Text("state") == "accepted" && parcel.Text("tracking") == tracking) return {};
        if (parcel.Text("state") == "labelled") waiting = &parcel;
    }
    if (waiting == nullptr) return Refuse(reasons::kNoParcel);
    json::array kinds;
    for (const Kit::Item& item : kit.items) {
        if (item.parcel == waiting->Text("label") && item.state == "at_window")
            kinds.push_back(json::value(item.kind));
    }
    const std::string holder = courier.empty() ? "courier" : "courier:" + std::string(courier);
    OW_CHECK(Record(tx, case_id,
                    {.kind = "handover.courier_accepted",
                     .actor = holder,
                     .data = {{"label", waiting->Text("label")},
                              {"tracking", json::value(tracking)},
                              {"courier", json::value(courier)},
                              {"count", static_cast<std::int64_t>(kinds.size())},
                              {"items", kinds},
                              {"place", "courier"},
                              {"holder", holder}}}));
    return Settle(tx, kit, holder);
}

}  // namespace onewindow::handover
