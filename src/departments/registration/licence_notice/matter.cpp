#include "application/sections.hpp"
#include "departments/registration/licence_notice/reasons.hpp"
#include "exchange/matter.hpp"
#include "kernel/json/described.hpp"

namespace onewindow::departments::registration::licence_notice {
namespace {

using exchange::Applicability;
using exchange::MatterInput;
using exchange::MatterResult;

struct NoticeResult {
    std::string receipt;
};
BOOST_DESCRIBE_STRUCT(NoticeResult, (), (receipt))

std::vector<const reference::ScopeItem*> LicensedItems(const MatterInput& input) {
    std::vector<const reference::ScopeItem*> items;
    for (const std::string& id : application::Texts(input.view.facts, "scope.items")) {
        const reference::ScopeItem* item = input.context.reference.FindScopeItem(id);
        if (item != nullptr && item->licensed) items.push_back(item);
    }
    return items;
}

json::object BuildFacts(const MatterInput& input) {
    json::array items;
    for (const reference::ScopeItem* item : LicensedItems(input)) {
        json::object line{{"id", item->id},
                          {"text", item->text},
                          {"permit", item->permit},
                          {"department", item->department},
                          {"stage", item->stage}};
        // For what must be permitted first, the authority compares the approval that the founders gave.
        for (const json::value& approval : application::Rows(input.view.facts, "approvals")) {
            if (json::TextAt(approval, "item") == item->id) line["approval"] = json::TextAt(approval, "number");
        }
        items.push_back(std::move(line));
    }
    return {{"county", input.view.the_case.county}, {"items", std::move(items)}};
}

Result<MatterResult> ReadResult(const MatterInput&, const json::object& result) {
    OW_TRY(const NoticeResult read, json::Read<NoticeResult>(result));
    if (read.receipt.empty() || read.receipt.size() > 64) return Refuse(reasons::kReceipt, "receipt");
    return MatterResult{.number = read.receipt, .shown = {}, .items = {}};
}

}  // namespace

exchange::Matter MakeMatter() {
    return {
        .id = "registration/licence_notice",
        .agency = "registration",
        .stage = 0,
        .starts_after = {"licence"},
        .limit = "registration/licence_notice",
        .licence_fields = {"uscc", "name", "type", "person", "address", "scope", "date"},
        .fact_paths = {"scope.items", "approvals.item", "approvals.number"},
        .applies =
            [](const MatterInput& input) {
                return LicensedItems(input).empty() ? Applicability::kNotApplicable : Applicability::kRequired;
            },
        .build_facts = BuildFacts,
        .build_people = [](const MatterInput&) { return json::array{}; },
        .read_result = ReadResult,
        .reason_codes = {{"wrong_authority", "国务院关于“先照后证”改革后加强事中事后监管的意见（国发〔2015〕62号）"}},
    };
}

}  // namespace onewindow::departments::registration::licence_notice
