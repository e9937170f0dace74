#include "naming/naming.hpp"
#include "review/catalogue.hpp"
#include "review/queries.gen.hpp"
#include "review/reasons.hpp"
#include "review/review.hpp"
#include "review/rows.hpp"

// A registrar's decision: grant, one complete notice (一次性告知), or a refusal with article and
// remedies.
namespace onewindow::review {
namespace {

using application::CaseView;
using application::State;

std::string ActorOf(const auth::Principal& officer) { return "registrar:" + officer.account; }

std::string ValueAt(const json::object& facts, std::string_view path) {
    const json::value root = facts;
    const json::value* found = json::Find(root, path);
    return found == nullptr ? "" : json::Canonical(*found);
}

/// Every reason is published, belongs where it points, and is given once; all faults together.
std::vector<Fault> CheckItems(const std::vector<Review::Decision::Item>& items, bool refusal) {
    std::vector<Fault> faults;
    if (items.empty()) faults.push_back({&reasons::kReasonsMissing, "reasons", {}});
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string path = "reasons." + std::to_string(i);
        const CatalogueReason* reason = FindReason(items[i].code);
        if (reason == nullptr || !Fits(*reason, items[i].field)) {
            faults.push_back({&reasons::kUnlistedReason,
                              path,
                              {{"code", items[i].code}, {"field", items[i].field}}});
        } else if (refusal && !reason->refusal) {
            faults.push_back({&reasons::kNotForRefusal, path, {{"code", items[i].code}}});
        }
    }
    return faults;
}

/// What an item of a later notice is: a fault of the first notice that was not mended, a new fact,
/// or neither.
std::string LabelOf(const Review::Decision::Item& item, const json::array& first_items,
                    const json::object& first_facts, const json::object& facts) {
    for (const json::value& earlier : first_items) {
        const bool same = json::TextAt(earlier, "field") == item.field &&
                          json::TextAt(earlier, "code") == item.code;
        if (same) return "not_mended";
    }
    return ValueAt(first_facts, item.field) == ValueAt(facts, item.field) ? "" : "new_fact";
}

}  // namespace

Result<> Review::Charge(db::Transaction& tx, const CaseId& case_id, std::string_view holder,
                        bool counts, std::string_view reason) const {
    const progress::Clocks& clocks = deps_.application.deps().clocks;
    OW_TRY(const auto states, clocks.Read(tx, case_id));
    for (const progress::ClockState& state : states) {
        const bool ours =
            state.subject == "case" || state.subject == "stage:1" || state.subject == "law";
        if (ours && !state.stopped)
            OW_CHECK(clocks.Charge(tx, case_id, state.subject, holder, counts, reason));
    }
    return {};
}

Result<> Review::Withdraw(db::Transaction& tx, const CaseId& case_id) const {
    OW_TRY(const auto task, tx.FindOne(queries::kFindOpenTask, case_id));
    if (!task) return {};
    OW_CHECK(deps_.application.deps().recorder.Record(
        tx, case_id,
        {.kind = "review.withdrawn", .actor = "system", .data = {{"task", task->Text("id")}}}));
    return {};
}

Result<> Review::StopClocks(db::Transaction& tx, const CaseId& case_id) const {
    const progress::Clocks& clocks = deps_.application.deps().clocks;
    OW_TRY(const auto states, clocks.Read(tx, case_id));
    for (const progress::ClockState& state : states)
        OW_CHECK(clocks.Stop(tx, case_id, state.subject));
    return {};
}

Result<> Review::DecideGrant(db::Transaction& tx, const auth::Principal& officer, const Task& task,
                             const CaseView& view) const {
    OW_TRY(const Examination examination, LastExamination(tx, view.the_case.id));
    std::string missing;
    for (const Finding& finding : examination.findings) {
        const Rule* rule = FindRule(finding.rule);
        if (finding.verdict == "refer" && rule != nullptr && rule->hard)
            missing += (missing.empty() ? "" : ", ") + finding.rule;
    }
    if (!missing.empty()) return Refuse(reasons::kCannotGrant, "decision", {{"rules", missing}});
    OW_CHECK(deps_.application.deps().recorder.Record(
        tx, view.the_case.id,
        {.kind = "review.granted",
         .actor = ActorOf(officer),
         .data = {{"task", task.id}, {"by", officer.account}, {"examination", examination.id}}}));
    return deps_.licences.Grant(tx, view, ActorOf(officer));
}

Result<> Review::DecideReturn(db::Transaction& tx, const auth::Principal& officer, const Task& task,
                              CaseView& view, const Decision& decision) const {
    OW_TRY(const Examination examination, LastExamination(tx, view.the_case.id));
    OW_TRY(const db::Rows notices, tx.Read(queries::kListNotices, view.the_case.id));
    json::array first_items;
    json::object first_facts;
    if (!notices.empty()) {
        OW_TRY(const json::value items, json::Parse(notices.front().Text("items")));
        first_items = items.as_array();
        OW_TRY(const auto row,
               tx.FindOne(queries::kFindExamination, notices.front().Text("examination")));
        OW_TRY(const Examination first, ReadExamination(tx, *row));
        first_facts = first.facts;
    }
    std::vector<Fault> faults;
    json::array items;
    for (std::size_t i = 0; i < decision.reasons.size(); ++i) {
        const Decision::Item& item = decision.reasons[i];
        const std::string label =
            notices.empty() ? "first" : LabelOf(item, first_items, first_facts, view.facts);
        // What was there to be seen at the first notice had to be said then (条例 19; promise 22).
        if (label.empty())
            faults.push_back({&reasons::kNoticeComplete,
                              "reasons." + std::to_string(i),
                              {{"field", item.field}}});
        items.push_back(json::object{{"field", item.field},
                                     {"code", item.code},
                                     {"citation", json::value(FindReason(item.code)->citation)},
                                     {"label", label}});
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    OW_CHECK(deps_.application.deps().recorder.Record(
        tx, view.the_case.id,
        {.kind = "review.returned",
         .actor = ActorOf(officer),
         .data = {{"task", task.id},
                  {"officer", officer.account},
                  {"notice", static_cast<std::int64_t>(notices.size() + 1)},
                  {"examination", examination.id},
                  {"items", items},
                  {"note", decision.note}}}));
    OW_CHECK(deps_.application.Move(tx, view.the_case, State::kReturned, ActorOf(officer)));
    return Charge(tx, view.the_case.id, "applicant", false, "returned_to_applicant");
}

Result<> Review::DecideRefusal(db::Transaction& tx, const auth::Principal& officer,
                               const Task& task, CaseView& view, const Decision& decision) const {
    if (decision.note.empty()) return Refuse(reasons::kNoteMissing, "note");
    const auto& deps = deps_.application.deps();
    json::array items;
    for (const Decision::Item& item : decision.reasons) {
        items.push_back(json::object{{"field", item.field},
                                     {"code", item.code},
                                     {"citation", json::value(FindReason(item.code)->citation)}});
    }
    // 行政复议法 20 and 行政诉讼法 46: the remedies stand in the decision itself.
    const json::object remedies{{"reconsideration_days", 60}, {"lawsuit_months", 6}};
    OW_CHECK(deps.recorder.Record(tx, view.the_case.id,
                                  {.kind = "review.refused",
                                   .actor = ActorOf(officer),
                                   .data = {{"task", task.id},
                                            {"officer", officer.account},
                                            {"items", items},
                                            {"note", decision.note},
                                            {"remedies", remedies}}}));
    OW_CHECK(deps_.application.ReleaseName(tx, view.the_case));
    OW_CHECK(deps_.application.Move(tx, view.the_case, State::kRefused, ActorOf(officer)));
    return StopClocks(tx, view.the_case.id);
}

/// A second look at an automatic grant decides nothing about the case: an objection opens a
/// correction (domain.md J32).
Result<> Review::CloseRecheck(db::Transaction& tx, const auth::Principal& officer, const Task& task,
                              const Decision& decision) const {
    if (decision.kind == "return") return Refuse(reasons::kRecheckOnly, "decision");
    const bool objects = decision.kind == "refuse";
    if (objects && decision.note.empty()) return Refuse(reasons::kNoteMissing, "note");
    OW_CHECK(deps_.application.deps().recorder.Record(
        tx, task.case_id,
        {.kind = "review.recheck_closed",
         .actor = ActorOf(officer),
         .data = {{"task", task.id},
                  {"officer", officer.account},
                  {"result", objects ? "objected" : "confirmed"},
                  {"note", decision.note}}}));
    return {};
}

Result<> Review::Decide(db::Transaction& tx, const auth::Principal& officer, const CaseId& case_id,
                        const Decision& decision) const {
    OW_TRY(application::Case the_case, deps_.application.Lock(tx, case_id));
    if (!officer.May(auth::Role::kRegistrar, the_case.county, the_case.authority))
        return Refuse(reasons::kNoTask);
    OW_TRY(CaseView view, deps_.application.View(tx, case_id));
    OW_CHECK(CheckConflict(tx, officer, view));
    OW_TRY(const auto row, tx.FindOne(queries::kLockOwnTask, case_id, officer.account,
                                      deps_.application.deps().services.clock.Now()));
    if (!row) return Refuse(reasons::kNotDealt);
    const Task task = ReadTask(*row);
    if (task.kind == "recheck") return CloseRecheck(tx, officer, task, decision);
    if (decision.kind == "grant") return DecideGrant(tx, officer, task, view);
    std::vector<Fault> faults = CheckItems(decision.reasons, decision.kind == "refuse");
    if (!faults.empty()) return Refuse(std::move(faults));
    if (decision.kind == "return") return DecideReturn(tx, officer, task, view, decision);
    return DecideRefusal(tx, officer, task, view, decision);
}

}  // namespace onewindow::review
