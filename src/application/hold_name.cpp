#include "application/application.hpp"
#include "application/reasons.hpp"

// The name of a case: held when signing begins, kept while it stays the same, given up on withdrawal.
namespace onewindow::application {
namespace {

/// The naming room speaks of "name"; in the form it is the field name.full.
Failure OfTheForm(Error error) {
    std::vector<Fault> faults = error.faults();
    bool of_name = false;
    for (Fault& fault : faults) {
        of_name |= fault.field == "name";
        if (fault.field == "name") fault.field = "name.full";
    }
    if (of_name) return Refuse(std::move(faults));
    return Fail(std::move(error));
}

bool NeedsPriorApproval(const reference::Snapshot& reference, const json::object& facts) {
    const json::value root = facts;  // Find points into what it is given; an object alone would be a temporary value.
    const json::value* items = json::Find(root, "scope.items");
    if (items == nullptr || !items->is_array()) return false;
    return std::any_of(items->get_array().begin(), items->get_array().end(), [&](const json::value& id) {
        const reference::ScopeItem* item = id.is_string() ? reference.FindScopeItem(std::string_view(id.get_string())) : nullptr;
        return item != nullptr && item->stage == "before";
    });
}

}  // namespace

naming::NamingContext Application::NamingOf(const Ground& ground, const naming::RegionNames& regions) const {
    return {.tables = deps_.name_tables,
            .regions = regions,
            .examiner = deps_.examiner,
            .next_working_day = [snapshot = ground.snapshot](Date day) { return snapshot->calendar().WorkdayOnOrAfter(day); }};
}

std::shared_ptr<const naming::RegionNames> Application::RegionsOf(const Ground& ground) {
    return naming::IndexRegions(*ground.snapshot);
}

naming::NameRequest Application::NameRequestOf(const Ground&, const Case& the_case, const json::object& facts) const {
    return {.name = json::TextAt(facts, "name.full"),
            .kind = FindEntityType(the_case.entity_type)->org_kind,
            .authority_code = the_case.authority,
            .seat = the_case.county,
            .parent_name = json::TextAt(facts, "parent.name")};
}

Result<Case> Application::LockDraft(db::Transaction& tx, api::Call& call) const {
    OW_TRY(Case the_case, Lock(tx, CaseId(call.Path("case"))));
    call.subject = the_case.id.value();
    OW_CHECK(MayEdit(tx, call.principal, the_case));
    if (the_case.frozen) return Refuse(reasons::kFrozen);
    if (the_case.state != State::kDrafting && the_case.state != State::kReturned) return Refuse(reasons::kNotEditable);
    return the_case;
}

Result<> Application::HoldName(db::Transaction& tx, const Ground& ground, Case& the_case, const json::object& facts) const {
    const std::string wanted = json::TextAt(facts, "name.full");
    const bool still_held = the_case.name_hold_until && *the_case.name_hold_until > ground.context.now;
    if (still_held && the_case.business_name == wanted) return {};
    if (!still_held && the_case.business_name == wanted && !the_case.name_hold.empty()) {
        // A grant that came back has registered it for good.
        OW_TRY(const auto name, naming::FindName(tx, naming::NameId(the_case.name_hold)));
        if (name && name->status == naming::NameOf(naming::NameStatus::kRegistered)) return {};
    }
    if (still_held) OW_CHECK(ReleaseName(tx, the_case));
    if (wanted.empty()) return {};
    const auto regions = RegionsOf(ground);
    auto held = naming::HoldName(tx, NamingOf(ground, *regions), deps_.services.clock, deps_.services.random,
                            {.name = NameRequestOf(ground, the_case, facts),
                             .case_id = the_case.id.value(),
                             .needs_prior_approval = NeedsPriorApproval(*ground.snapshot, facts)});
    if (!held) return OfTheForm(std::move(held).error());
    const naming::Hold& hold = *held;
    the_case.business_name = hold.name;
    the_case.name_hold = hold.id.value();
    the_case.name_hold_until = hold.until;
    OW_CHECK(deps_.recorder.Record(tx, the_case.id,
                                   {.kind = "application.name_held",
                                    .actor = "system",
                                    .data = {{"name", hold.name}, {"hold", hold.id.value()}, {"until", EpochMs(hold.until)},
                                             {"last_day", FormatDate(hold.last_day)}}}));
    return {};
}

Result<> Application::ReleaseName(db::Transaction& tx, Case& the_case) const {
    if (the_case.name_hold.empty()) return {};
    const Instant now = deps_.services.clock.Now();
    OW_TRY(const auto name, naming::FindName(tx, naming::NameId(the_case.name_hold)));
    const bool ours = name && name->case_id == the_case.id.value();
    if (ours && name->status == naming::NameOf(naming::NameStatus::kHeld) && *name->until > now) {
        OW_CHECK(naming::ReleaseHold(tx, deps_.services.clock, name->id, name->case_id));
    } else if (ours && name->status == naming::NameOf(naming::NameStatus::kRegistered) && !the_case.licensed_at) {
        // A grant that no licence came of: there never was a business of that name whose end would block it for a year
        // (企业名称登记管理规定 17).
        OW_CHECK(naming::MoveName(tx, now, *name, naming::NameStatus::kReleased, now));
    }
    return ForgetName(tx, the_case, "given_up");
}

Result<> Application::ForgetName(db::Transaction& tx, Case& the_case, std::string_view cause) const {
    OW_CHECK(deps_.recorder.Record(tx, the_case.id,
                                   {.kind = "application.name_released",
                                    .actor = "system",
                                    .data = {{"name", ""}, {"hold", ""}, {"cause", json::value(cause)}}}));
    the_case.name_hold.clear();
    the_case.business_name.clear();
    the_case.name_hold_until.reset();
    return {};
}

}  // namespace onewindow::application
