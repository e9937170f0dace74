#include "naming/examiner.hpp"

#include "kernel/text/text.hpp"
#include "naming/queries.gen.hpp"

namespace onewindow::naming {

NameParts PartsOf(const db::Row& row) {
    NameParts parts;
    parts.name = row.Text("full_name");
    parts.core = row.Text("core");
    parts.industry = row.Text("industry");
    parts.has_no_industry = row.Bool("has_no_industry");
    parts.region = row.Text("region");
    parts.form = row.Text("form");
    parts.branch_suffix = row.Text("branch_suffix");
    const std::string& classes = row.Text("industry_class");
    if (!classes.empty()) parts.classes = text::Split(classes, ',');
    return parts;
}

namespace {

bool IsExempt(const std::string& name, const Candidate& candidate) {
    return std::any_of(candidate.consents.begin(), candidate.consents.end(), [&](const Consent& c) {
        return !c.evidence_id.empty() && NormaliseName(c.entity_name) == name;
    });
}

}  // namespace

Result<Hits> SqlExaminer::Find(db::Transaction& tx, const Candidate& candidate) {
    const std::string province = ProvinceOf(candidate.scope_code);
    // A name compared province-wide meets every city's names, and every city's name meets it.
    const bool province_wide = candidate.scope_code == province;
    const std::string last = province_wide ? province.substr(0, 2) + "9999" : candidate.scope_code;
    OW_TRY(const db::Rows rows,
           tx.Read(queries::kFindSameCore, candidate.parts.core, candidate.parts.name,
                   candidate.scope_code, last, province, candidate.now));
    Hits hits{.conflicts = {}, .count = 0, .counts = {}, .examined = "same"};
    for (const db::Row& row : rows) {
        const std::string& name = row.Text("full_name");
        if (row.Text("id") == candidate.own_id || IsExempt(name, candidate)) continue;
        const auto verdict = CompareNames(candidate.parts, PartsOf(row), candidate.switches);
        if (!verdict) continue;
        ++hits.counts[std::string(NameOf(verdict->rule))];
        hits.conflicts.push_back({.id = row.Text("id"),
                                  .name = name,
                                  .authority_code = row.Text("authority_code"),
                                  .rule = std::string(NameOf(verdict->rule)),
                                  .severity = verdict->severity,
                                  .status = row.Text("status"),
                                  .case_id = row.Text("case_id"),
                                  .until = row.TimeIfAny("until_ms")});
    }
    hits.count = static_cast<std::int64_t>(hits.conflicts.size());
    std::stable_sort(hits.conflicts.begin(), hits.conflicts.end(),
                     [](const auto& a, const auto& b) {
                         return std::tie(a.severity, a.rule) < std::tie(b.severity, b.rule);
                     });
    if (candidate.limit != 0 && hits.conflicts.size() > candidate.limit)
        hits.conflicts.resize(candidate.limit);
    return hits;
}

}  // namespace onewindow::naming
