#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "naming/name_tables.hpp"
#include "naming/region_names.hpp"

namespace onewindow::naming {

/// One division written in a name.
struct RegionElement {
    std::string text = {};                // "历下区", or "历下" as written.
    std::vector<std::string> codes = {};  // All that the name may mean there.
    bool is_short = false;                // The suffix 省, 市, 区, 县 was dropped.
};

/// A name taken apart: 行政区划 + 字号 + 行业或经营特点 + 组织形式 (企业名称登记管理规定 art. 6).
struct NameParts {
    std::string name = {};                     // Normalised as a whole.
    std::string region = {};                   // As written, without brackets; with a zone's name.
    std::vector<RegionElement> elements = {};  // Largest first.
    bool region_in_brackets = false;           // 红光（北京）酒业有限公司
    std::string zone = {};                     // 高新区 …, part of `region`.
    std::string core = {};                     // 字号
    bool is_core_disputed = false;          // The declared 字号 ends elsewhere than our words say.
    std::string industry = {};              // As worded; empty if none was found.
    std::vector<std::string> classes = {};  // GB/T 4754 codes of industry and form, sorted, unique.
    bool has_no_industry = true;            // Nothing, or generic words only.
    bool is_industry_unknown = false;       // Words of industry that no table has.
    std::string form = {};                  // "有限公司", "合伙企业（有限合伙）", "店"
    FormKind form_kind = FormKind::kNone;
    std::string variant = {};        // "（有限合伙）", "（个人独资）", … as at the form's end.
    bool has_group = false;          // 集团 or （集团） before the form.
    std::string parent = {};         // Of a branch: the full name it starts with.
    std::string branch_suffix = {};  // "历下分公司"
    std::vector<std::string> other_brackets = {};  // Bracketed texts that are none of the above.
};

/// NFKC, brackets to full width, blanks dropped. Names are stored and compared in this form.
std::string NormaliseName(std::string_view name);

/// Takes a name apart; never fails: what is not found stays empty and is for CheckStructure to
/// refuse. `declared_core` is the 字号 that the applicant named in a field of its own; it settles
/// where the industry starts when the words are not in our list. Pure.
NameParts ParseName(std::string_view name, const NameTables& tables, const RegionNames& regions,
                    std::string_view declared_core = {});

/// The code of the smallest division in the name that lies on the way to `seat` (six digits), else
/// its first code, else "".
std::string RegionCodeOf(const NameParts& parts, std::string_view seat);

/// The scope in which a name is compared, by the authority that registers it: its prefecture-level
/// city; the province for names that carry the province's name or none (domain.md J2.5). "" if the
/// code is unreadable.
std::string ScopeOf(const NameParts& parts, std::string_view authority_code);

/// "370000" for "370100".
std::string ProvinceOf(std::string_view scope_code);

/// Whether the words of industry are in no table: then only the same words are the same industry.
bool IsUnknownIndustry(std::string_view industry, const NameTables& tables);

/// Whether text is, as a whole, words of industry in our list.
bool IsIndustryWording(std::string_view text, const NameTables& tables);

}  // namespace onewindow::naming
