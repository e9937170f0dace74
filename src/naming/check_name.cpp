#include "naming/check_name.hpp"

#include "kernel/text/text.hpp"
#include "naming/reasons.hpp"

namespace onewindow::naming {
namespace {

constexpr std::string_view kParserVersion = "1";

Fault ConflictFault(const NameConflict& conflict) {
    return Fault{&reasons::kSame, "name", {{"name", conflict.name}, {"rule", conflict.rule}}};
}

json::object ReasonToJson(const Fault& fault, std::string_view citation, std::string_view level,
                          const TextOf& text_of) {
    return {{"code", fault.code()}, {"citation", citation}, {"text", text_of(fault)}, {"level", level}};
}

}  // namespace

std::string_view NameOf(Verdict verdict) {
    switch (verdict) {
        case Verdict::kPass: return "pass";
        case Verdict::kSimilar: return "similar";
        case Verdict::kSame: return "same";
        case Verdict::kRefused: return "refused";
    }
    return "";
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
    answer.parts =
        ParseName(request.name, context.tables, context.regions, request.declared_core);
    answer.name = answer.parts.name;
    answer.scope_code = ScopeOf(answer.parts, request.authority_code);
    if (answer.scope_code.empty()) return Refuse(reasons::kAuthorityUnknown, "authority_code");

    const StructureRequest structure{
        .kind = request.kind,
        .seat = request.seat.empty() ? request.authority_code : request.seat,
        .parent_name = request.parent_name,
        .approvals = request.approvals,
        .today = DateOf(now)};
    answer.findings = CheckStructure(answer.parts, structure, context.tables, context.regions);
    OW_TRY(answer.hits, context.examiner.Find(tx, {.parts = answer.parts,
                                                   .scope_code = answer.scope_code,
                                                   .own_id = std::string(own_id),
                                                   .consents = request.consents,
                                                   .now = now}));
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
    if (!examination.hits.conflicts.empty()) {
        const NameConflict& gravest = examination.hits.conflicts.front();
        const Fault fault = ConflictFault(gravest);
        const auto level = gravest.severity == Severity::kBlock ? "block" : "review";
        reason_list.push_back(ReasonToJson(fault, reasons::kSame.citation, level, text_of));
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
