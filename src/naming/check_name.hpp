#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "kernel/json/json.hpp"
#include "naming/check_structure.hpp"
#include "naming/examiner.hpp"

namespace onewindow::naming {

/// Numbers of the law, dated by whoever loads them.
struct NamingRules {
    int hold_months = 2;                 // 规定 art. 18
    int hold_months_with_approval = 12;  // 规定 art. 18
    int ended_block_months = 12;         // 规定 art. 17(2)(3)
};

/// What the use cases of this room rest on.
struct NamingContext {
    const NameTables& tables;
    const RegionNames& regions;
    Examiner& examiner;
    NamingRules rules = {};
    /// The day itself if it is a working day, else the next one (Civil Code art. 203).
    std::function<Date(Date)> next_working_day = {};
};

/// A name as somebody asks for it.
struct NameRequest {
    std::string name = {};
    std::string declared_core = {};  // The 字号 as the applicant states it; may be empty.
    OrgKind kind = OrgKind::kCompany;
    std::string authority_code = {};       // Registration authority's division, six digits.
    std::string seat = {};                 // Division of the place; empty: the authority's.
    std::string parent_name = {};          // Of a branch.
    std::set<std::string> approvals = {};  // Word groups with an approval on file.
    std::vector<Consent> consents = {};
    std::vector<std::string> industry =
        {};               // GB/T 4754 codes where the name's words of industry are new.
    std::string s4 = {};  // "block" or "warn" instead of the day's own; for replaying old verdicts.
    std::size_t limit = kConflictsMax;  // Conflicts named; 0 = all.
};

enum class Verdict { kPass, kSimilar, kSame, kRefused };

std::string_view NameOf(Verdict verdict);  // "pass", "similar", "same", "refused"

/// The answer to "may this name be held?". It informs: refusing a name is the authority's written
/// decision (规定 art. 20).
struct Examination {
    std::string name = {};
    NameParts parts = {};
    std::string scope_code = {};
    Verdict verdict = Verdict::kPass;
    std::vector<Finding> findings = {};
    Hits hits = {};
    std::map<std::string, std::string> versions = {};  // Of every table used.
};

/// The kind of business that a name's form speaks of.
OrgKind KindOf(const NameParts& parts);

/// The verdict that findings and hits give. Pure.
Verdict DecideVerdict(const std::vector<Finding>& findings, const Hits& hits);

/// Examines a name without holding it. Refused only with reasons::kAuthorityUnknown or kNotUtf8.
Result<Examination> CheckName(db::Transaction& tx, const NamingContext& context, Instant now,
                              const NameRequest& request, std::string_view own_id = {});

/// Looks up the sentence of a reason in the reader's language.
using TextOf = std::function<std::string(const Fault&)>;

/// {"name","parts":{…},"verdict","reasons":[…],"count","conflicts":[…],"examined","versions":{…}}
json::object ToJson(const Examination& examination, const TextOf& text_of);

}  // namespace onewindow::naming
