#include "review/catalogue.hpp"

#include <algorithm>

namespace onewindow::review {
namespace {

constexpr CatalogueReason kReasons[] = {
    {"name_unlawful", "name", "企业名称登记管理规定 11", true},
    {"name_misleading", "name", "企业名称登记管理规定 11", true},
    {"name_same", "name", "企业名称登记管理规定 17", true},
    {"name_industry_differs", "name", "企业名称登记管理规定 9"},
    {"address_unclear", "address", "市场主体登记管理条例 11"},
    {"address_not_usable", "address", "山东省市场主体住所（经营场所）登记管理办法 6", true},
    {"scope_item_unclear", "scope", "市场主体登记管理条例 14"},
    {"scope_forbidden", "scope", "市场主体登记管理条例 14", true},
    {"approval_unreadable", "approvals", "市场主体登记管理条例实施细则 22"},
    {"approval_not_valid", "approvals", "市场主体登记管理条例实施细则 22", true},
    {"capital_implausible", "capital", "公司法 47"},
    {"contribution_unlawful", "investors", "市场主体登记管理条例 13", true},
    {"contribution_due_wrong", "investors", "公司法 47"},
    {"investor_not_proven", "organisations", "市场监管总局令第88号"},
    {"person_details_differ", "people", "市场主体登记管理条例实施细则 16"},
    {"guardian_not_proven", "people", "民法典 23、27"},
    {"document_not_valid", "people", "市场主体登记管理条例实施细则 16"},
    {"office_not_permitted", "offices", "公司法 178", true},
    {"representative_barred", "offices", "市场主体登记管理条例 12", true},
    {"governance_incomplete", "offices", "公司法 46"},
    {"beneficial_owner_unclear", "beneficial_owners", "受益所有人信息管理办法 6"},
    {"term_unclear", "term", "市场主体登记管理条例 9"},
    {"false_materials", "", "市场主体登记管理条例 17", true},
    {"harms_public_interest", "", "市场主体登记管理条例 20", true},
};

}  // namespace

std::span<const CatalogueReason> Catalogue() { return kReasons; }

const CatalogueReason* FindReason(std::string_view code) {
    const auto* found = std::ranges::find(kReasons, code, &CatalogueReason::code);
    return found == std::end(kReasons) ? nullptr : found;
}

bool Fits(const CatalogueReason& reason, std::string_view field) {
    return reason.section.empty() || field.substr(0, field.find('.')) == reason.section;
}

}  // namespace onewindow::review
