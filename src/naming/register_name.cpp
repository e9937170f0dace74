#include "naming/register_name.hpp"

#include "naming/queries.gen.hpp"
#include "naming/reasons.hpp"

namespace onewindow::naming {

Result<> DecideRegistration(const StoredName& hold, const Examination& examination, Instant now) {
    const bool running = hold.status == NameOf(NameStatus::kHeld) && hold.until && now < *hold.until;
    if (!running) return Refuse(reasons::kHoldEnded, "hold");
    return DecideHold(examination, hold.case_id);
}

Result<> RegisterName(db::Transaction& tx, const NamingContext& context, const Clock& clock,
                      const RegisterRequest& request) {
    const Instant now = clock.Now();
    OW_TRY(const auto found, FindName(tx, request.hold_id));
    if (!found || found->case_id != request.case_id) return Refuse(reasons::kHoldUnknown, "hold");
    OW_CHECK(LockName(tx, found->scope_code, found->core, found->name));
    OW_TRY(const auto hold, FindName(tx, request.hold_id));  // As it is under the lock.

    OW_TRY(const db::Rows consents, tx.Read(queries::kListConsents, request.hold_id));
    NameRequest name{.name = hold->name,
                     .declared_core = hold->declared_core,
                     .kind = request.kind,
                     .authority_code = hold->authority_code,
                     .seat = request.seat,
                     .parent_name = request.parent_name,
                     .approvals = request.approvals,
                     .consents = {}};
    for (const db::Row& row : consents) {
        name.consents.push_back({row.Text("entity_name"), row.Text("evidence_id")});
    }
    OW_TRY(const Examination examination, CheckName(tx, context, now, name, hold->id.value()));
    OW_CHECK(DecideRegistration(*hold, examination, now));
    return MoveName(tx, now, *hold, NameStatus::kRegistered, std::nullopt);
}

}  // namespace onewindow::naming
