#pragma once

#include <span>
#include <string_view>

// The published catalogue: what a registrar may ask to be corrected, or refuse for, and by which
// article. Nothing else may be asked of anybody (优化营商环境条例 35; promise 22). The text is
// "review.reason.<code>".
namespace onewindow::review {

struct CatalogueReason {
    std::string_view code;
    std::string_view section;  // Of the form; the field of an item has to lie in it.
    std::string_view citation;
    bool refusal = false;  // May also carry a refusal (不予登记).
};

std::span<const CatalogueReason> Catalogue();
/// Null where nobody published it.
const CatalogueReason* FindReason(std::string_view code);
/// "scope.items.0" lies in section "scope".
bool Fits(const CatalogueReason& reason, std::string_view field);

}  // namespace onewindow::review
