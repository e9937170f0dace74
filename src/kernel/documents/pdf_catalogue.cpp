#include "kernel/documents/pdf_catalogue.hpp"

namespace onewindow::documents {
namespace {

bool IsLanguageTag(std::string_view text) {
    return !text.empty() && text.size() <= 35 &&
           text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
               std::string_view::npos;
}

}  // namespace

Result<std::string> AddToCatalogue(std::string pdf, std::string_view language) {
    const auto refuse = [](std::string detail) {
        return Fail(Error(Fault{.reason = &reasons::kRendering}).WithDetail(std::move(detail)));
    };
    if (!IsLanguageTag(language)) return refuse("language is no BCP 47 tag");

    // The catalogue is the last object before the cross-reference table: growing it moves only the
    // table, whose place stands at the end of the file.
    constexpr std::string_view kCatalogue = "<< /Type /Catalog\n";
    const auto table = pdf.rfind("\nxref\n");
    const auto place = pdf.rfind("startxref\n");
    const auto catalogue = table == std::string::npos ? table : pdf.rfind(kCatalogue, table);
    if (catalogue == std::string::npos || place == std::string::npos || place < table) {
        return refuse("unknown PDF tail");
    }
    const auto object_end = pdf.find("endobj\n", catalogue);
    if (object_end + 6 != table) return refuse("the catalogue is not the last object");

    const auto addition =
        fmt::format("   /Lang ({})\n   /ViewerPreferences << /DisplayDocTitle true >>\n", language);
    const auto table_moved = table + 1 + addition.size();
    pdf.resize(place);
    pdf += fmt::format("startxref\n{}\n%%EOF\n", table_moved);
    pdf.insert(catalogue + kCatalogue.size(), addition);
    return pdf;
}

}  // namespace onewindow::documents
