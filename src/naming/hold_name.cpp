#include "naming/hold_name.hpp"

#include "kernel/text/text.hpp"
#include "naming/changes.hpp"
#include "naming/queries.gen.hpp"
#include "naming/reasons.hpp"
#include "naming/record_name.hpp"

namespace onewindow::naming {

Instant EndOf(Date day) { return At(AddDays(day, 1), std::chrono::milliseconds{0}); }

Date DecideLastDay(const NamingRules& rules, const std::function<Date(Date)>& next_working_day, Date today,
                   bool needs_prior_approval) {
    const int months = needs_prior_approval ? rules.hold_months_with_approval : rules.hold_months;
    return next_working_day(AddMonths(today, months));
}

Result<> DecideHold(const Examination& examination, const std::string& case_id) {
    std::vector<Fault> faults;
    for (const Finding& finding : examination.findings) {
        if (finding.level == Level::kBlock) faults.push_back(finding.fault);
    }
    for (const NameConflict& conflict : examination.hits.conflicts) {
        if (conflict.severity != Severity::kBlock) continue;
        const bool own = conflict.status == "held" && conflict.case_id == case_id && !case_id.empty();
        faults.push_back({own ? &reasons::kAlreadyYours : &reasons::kSame, "name",
                          {{"name", conflict.name}, {"rule", conflict.rule}}});
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    return {};
}

Result<> LockName(db::Transaction& tx, const std::string& scope_code, const std::string& core,
                  const std::string& full_name) {
    // The lock is wider than the scope: a name compared province-wide meets the names of every city. The full
    // name is locked too, because two applicants may declare different 字号 for one name. In order of text, so
    // that no two callers wait for each other.
    const std::string province = ProvinceOf(scope_code);
    OW_CHECK(tx.Execute(queries::kLockKey, province, std::min(core, full_name)));
    if (core != full_name) {
        OW_CHECK(tx.Execute(queries::kLockKey, province, std::max(core, full_name)));
    }
    return {};
}

Result<Hold> HoldName(db::Transaction& tx, const NamingContext& context, const Clock& clock, Random& random,
                      const HoldRequest& request) {
    const Instant now = clock.Now();
    const NameRequest& name = request.name;
    if (!text::IsUtf8(name.name) || !text::IsUtf8(name.declared_core)) {
        return Refuse(reasons::kNotUtf8, "name");
    }
    const NameParts parts = ParseName(name.name, context.tables, context.regions, name.declared_core);
    const std::string scope = ScopeOf(parts, name.authority_code);
    if (scope.empty()) return Refuse(reasons::kAuthorityUnknown, "authority_code");
    OW_CHECK(LockName(tx, scope, parts.core, parts.name));

    OW_TRY(Examination examination, CheckName(tx, context, now, name));
    OW_CHECK(DecideHold(examination, request.case_id));

    const Date last_day = DecideLastDay(context.rules, context.next_working_day, DateOf(now),
                                        request.needs_prior_approval);
    const Instant until = EndOf(last_day);
    OW_TRY(const NameId id, InsertName(tx, clock, random,
                                       {.parts = parts,
                                        .declared_core = name.declared_core,
                                        .scope_code = scope,
                                        .authority_code = name.authority_code,
                                        .status = NameStatus::kHeld,
                                        .until = until,
                                        .case_id = request.case_id}));
    for (const Consent& consent : name.consents) {
        OW_CHECK(tx.Execute(queries::kInsertConsent, id, NormaliseName(consent.entity_name),
                            consent.evidence_id));
    }
    return Hold{.id = id,
                .name = parts.name,
                .case_id = request.case_id,
                .last_day = last_day,
                .until = until,
                .examination = std::move(examination)};
}

}  // namespace onewindow::naming
