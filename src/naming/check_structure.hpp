#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "naming/parse_name.hpp"

namespace onewindow::naming {

/// What is being named. kCompany and kPartnership stand for any of theirs.
enum class OrgKind {
    kCompany,
    kLimitedCompany,
    kJointStockCompany,
    kPartnership,
    kGeneralPartnership,
    kSpecialPartnership,
    kLimitedPartnership,
    kSoleProprietorship,
    kCooperative,
    kIndividual,
    kBranch,
};

/// By the id that entity types use: "company", "limited_company", "joint_stock_company", "partnership",
/// "general_partnership", "special_partnership", "limited_partnership", "sole_proprietorship", "cooperative",
/// "individual", "branch".
std::optional<OrgKind> ParseOrgKind(std::string_view id);

/// One thing that stands against a name.
struct Finding {
    Fault fault = {};
    Level level = Level::kBlock;
    std::string citation = {};  // The reason's, or the word group's own.
};

struct StructureRequest {
    OrgKind kind = OrgKind::kCompany;
    std::string seat = {};                  // Division of the registered place, six digits; empty: not checked.
    std::string parent_name = {};           // Of a branch, if known.
    std::set<std::string> approvals = {};   // Word groups ("finance_restricted") for which an approval is on file.
    Date today = {};                        // Word groups are dated.
};

/// All that the rules of structure (domain.md B1) and the word lists (B2) say against a name, in the order of
/// reasons.hpp; empty if nothing. Pure.
std::vector<Finding> CheckStructure(const NameParts& parts, const StructureRequest& request,
                                    const NameTables& tables, const RegionNames& regions);

/// Whether any of them blocks.
bool Blocks(const std::vector<Finding>& findings);

/// Only the word lists, on the same terms.
std::vector<Finding> CheckWords(const NameParts& parts, const StructureRequest& request,
                                const NameTables& tables);

}  // namespace onewindow::naming
