#include "naming/check_name.hpp"

#include "kernel/text/text.hpp"
#include "naming/reasons.hpp"

namespace onewindow::naming {
namespace {

constexpr std::string_view kParserVersion = "2";

const Reason& WhyOf(std::string_view rule) {
    static const std::map<std::string_view, const Reason*> kWhy{
        {"S4", &reasons::kWhyN1}, {"N2", &reasons::kWhyN2}, {"N3", &reasons::kWhyN3},
        {"N4", &reasons::kWhyN4}, {"N5", &reasons::kWhyN5}, {"L1", &reasons::kWhyL1},
        {"L2", &reasons::kWhyL2}, {"L3", &reasons::kWhyL3}};
    const auto found = kWhy.find(rule);
    return found == kWhy.end() ? reasons::kSimilar : *found->second;
}

/// The sentence about all conflicts of one rule, by its first.
Fault ConflictFault(const NameConflict& conflict, std::int64_t count, const TextOf& text_of) {
    if (conflict.severity == Severity::kBlock) {
        return Fault{&reasons::kSame, "name", {{"name", conflict.name}, {"rule", conflict.rule}}};
    }
    const Reason& reason =
        conflict.rule.starts_with('L') ? reasons::kNearInShape : reasons::kSimilar;
    return Fault{&reason,
                 "name",
                 {{"name", conflict.name},
                  {"rule", conflict.rule},
                  {"count", std::to_string(count)},
                  {"why", text_of(Fault{&WhyOf(conflict.rule), {}, {}})}}};
}

json::object ReasonToJson(const Fault& fault, std::string_view citation, std::string_view level,
                          const TextOf& text_of) {
    return {
        {"code", fault.code()}, {"citation", citation}, {"text", text_of(fault)}, {"level", level}};
}

}  // namespace

std::string_view NameOf(Verdict verdict) {
    switch (verdict) {
        case Verdict::kPass:
            return "pass";
        case Verdict::kSimilar:
            return "similar";
        case Verdict::kSame:
            return "same";
        case Verdict::kRefused:
            return "refused";
    }
    return "";
}

OrgKind KindOf(const NameParts& parts) {
    if (!parts.branch_suffix.empty()) return OrgKind::kBranch;
    if (parts.variant.ends_with("合伙）")) return OrgKind::kPartnership;
    if (!parts.variant.empty()) return OrgKind::kSoleProprietorship;
    switch (parts.form_kind) {
        case FormKind::kLimitedCompany:
            return OrgKind::kLimitedCompany;
        case FormKind::kJointStockCompany:
            return OrgKind::kJointStockCompany;
        case FormKind::kPartnership:
            return OrgKind::kPartnership;
        case FormKind::kFirm:
            return OrgKind::kSoleProprietorship;
        case FormKind::kTrade:
            return OrgKind::kIndividual;
        case FormKind::kCooperative:
            return OrgKind::kCooperative;
        case FormKind::kNone:
            break;
    }
    return OrgKind::kCompany;
}

Verdict DecideVerdict(const std::vector<Finding>& findings, const Hits& hits) {
    if (Blocks(findings)) return Verdict::kRefused;
    if (hits.conflicts.empty()) return Verdict::kPass;
    // The gravest stands first.
    return hits.conflicts.front().severity == Severity::kBlock ? Verdict::kSame : Verdict::kSimilar;
}

Result<Examination> CheckName(db::Transaction& tx, const NamingContext& context, Instant now,
                              const NameRequest& request, std::string_view own_id) {
    if (!text::IsUtf8(request.name) || !text::IsUtf8(request.declared_core)) {
        return Refuse(reasons::kNotUtf8, "name");
    }
    Examination answer;
    answer.parts = ParseName(request.name, context.tables, context.regions, request.declared_core);
    answer.name = answer.parts.name;
    // New words are the industry that the applicant says they are.
    if (answer.parts.is_industry_unknown && answer.parts.classes.empty()) {
        answer.parts.classes = request.industry;
        std::sort(answer.parts.classes.begin(), answer.parts.classes.end());
    }
    answer.scope_code = ScopeOf(answer.parts, request.authority_code);
    if (answer.scope_code.empty()) return Refuse(reasons::kAuthorityUnknown, "authority_code");

    const StructureRequest structure{
        .kind = request.kind,
        .seat = request.seat.empty() ? request.authority_code : request.seat,
        .parent_name = request.parent_name,
        .approvals = request.approvals,
        .today = DateOf(now)};
    answer.findings = CheckStructure(answer.parts, structure, context.tables, context.regions);
    const std::string_view s4 =
        request.s4.empty() ? SwitchOn(context.tables, "s4", DateOf(now)) : request.s4;
    OW_TRY(answer.hits,
           context.examiner.Find(
               tx, {.parts = answer.parts,
                    .scope_code = answer.scope_code,
                    .own_id = std::string(own_id),
                    .consents = request.consents,
                    .now = now,
                    .switches = {.s4 = s4 == "warn" ? Severity::kWarn : Severity::kBlock},
                    .limit = request.limit}));
    answer.verdict = DecideVerdict(answer.findings, answer.hits);
    answer.versions = context.tables.versions;
    answer.versions["parser"] = kParserVersion;
    answer.versions["regions"] = context.regions.Version();
    return answer;
}

json::object ToJson(const Examination& examination, const TextOf& text_of) {
    const NameParts& parts = examination.parts;
    json::array reason_list, conflicts;
    for (const Finding& finding : examination.findings) {
        const auto level = finding.level == Level::kBlock ? "block" : "review";
        reason_list.push_back(ReasonToJson(finding.fault, finding.citation, level, text_of));
    }
    for (const NameConflict& conflict : examination.hits.conflicts) {
        json::object entry{{"name", conflict.name},
                           {"authority", conflict.authority_code},
                           {"rule", conflict.rule},
                           {"severity", NameOf(conflict.severity)}};
        if (conflict.until) entry["until"] = FormatInstant(*conflict.until);
        conflicts.push_back(std::move(entry));
    }
    std::set<std::string> rules;
    for (const NameConflict& conflict : examination.hits.conflicts) {
        if (!rules.insert(conflict.rule).second) continue;
        const auto count = examination.hits.counts.find(conflict.rule);
        const Fault fault = ConflictFault(
            conflict, count == examination.hits.counts.end() ? 1 : count->second, text_of);
        const auto level = conflict.severity == Severity::kBlock ? "block" : "warn";
        reason_list.push_back(ReasonToJson(fault, fault.reason->citation, level, text_of));
    }
    json::object versions;
    for (const auto& [table, version] : examination.versions) versions[table] = version;
    return {{"name", examination.name},
            {"parts",
             {{"region", parts.region},
              {"core", parts.core},
              {"industry", parts.industry},
              {"form", parts.form}}},
            {"verdict", NameOf(examination.verdict)},
            {"reasons", std::move(reason_list)},
            {"count", examination.hits.count},
            {"conflicts", std::move(conflicts)},
            {"examined", examination.hits.examined},
            {"versions", std::move(versions)}};
}

}  // namespace onewindow::naming
