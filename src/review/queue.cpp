#include "application/sections.hpp"
#include "review/queries.gen.hpp"
#include "review/reasons.hpp"
#include "review/review.hpp"
#include "review/rows.hpp"

// The queue deals; officers do not choose.
namespace onewindow::review {

using application::CaseView;

/// Nobody decides about himself: by the person behind the account, or as one of the case's own
/// people.
Result<> Review::CheckConflict(db::Transaction& tx, const auth::Principal& officer,
                               const CaseView& view) const {
    if (officer.account == view.the_case.account) return Refuse(reasons::kConflict);
    if (!officer.person.empty() && officer.person == view.the_case.person)
        return Refuse(reasons::kConflict);
    OW_TRY(const auto row, tx.FindOne(queries::kFindOfficer, officer.account));
    if (!row) return {};
    const sealing::Sealer& sealer = deps_.application.deps().services.sealer;
    for (const json::value& person : application::Rows(view.facts, "people")) {
        if (DocumentHash(sealer, json::TextAt(person, "id_number")) == row->Text("document_hash"))
            return Refuse(reasons::kConflict);
    }
    return {};
}

Result<Task> Review::Deal(db::Transaction& tx, const auth::Principal& officer) const {
    const auto& deps = deps_.application.deps();
    const Instant now = deps.services.clock.Now();
    OW_TRY(const auto held, tx.FindOne(queries::kFindHeldTask, officer.account, now));
    if (held) return ReadTask(*held);
    std::vector<Task> candidates;
    for (const auth::Grant& grant : officer.grants) {
        if (grant.role != auth::Role::kRegistrar) continue;
        const auto [low, high] = RegionBounds(grant.region);
        OW_TRY(const db::Rows rows, tx.Read(queries::kListFreeTasks, now, low, high, grant.unit,
                                            officer.account, now - kPreferredTime));
        for (const db::Row& row : rows) candidates.push_back(ReadTask(row));
    }
    std::sort(candidates.begin(), candidates.end(), [](const Task& left, const Task& right) {
        return std::tie(left.referred_at, left.id) < std::tie(right.referred_at, right.id);
    });
    for (const Task& candidate : candidates) {
        OW_TRY(const CaseView view, deps_.application.View(tx, candidate.case_id));
        if (!CheckConflict(tx, officer, view)) continue;
        // Another officer may have been dealt it since we looked; the row's lock decides.
        OW_TRY(const auto locked, tx.FindOne(queries::kLockFreeTask, candidate.id, now));
        if (!locked) continue;
        OW_CHECK(deps.recorder.Record(tx, candidate.case_id,
                                      {.kind = "review.dealt",
                                       .actor = "registrar:" + officer.account,
                                       .data = {{"task", candidate.id},
                                                {"officer", officer.account},
                                                {"locked_until_at", EpochMs(now + kLockTime)}}}));
        OW_TRY(const auto dealt,
               tx.FindOne(queries::kFindOwnTask, candidate.case_id, officer.account, now));
        OW_ASSERT(dealt.has_value());
        return ReadTask(*dealt);
    }
    return Refuse(reasons::kNoTask);
}

std::pair<std::string, std::string> RegionBounds(std::string_view region) {
    std::string low(region), high(region);
    const std::size_t last = region.find_last_not_of('0');
    const std::size_t digits = last == std::string_view::npos ? 0 : (last / 2 + 1) * 2;
    if (digits == 0 || region.size() != 6) return {"", ""};
    const int next = std::stoi(high.substr(0, digits)) + 1;
    high = std::to_string(next);
    high.resize(6, '0');
    return {low, high};
}

}  // namespace onewindow::review
