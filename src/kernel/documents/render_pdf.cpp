#include <cairo-pdf.h>
#include <glib.h>

#include <array>
#include <charconv>

#include "kernel/documents/draw_page.hpp"
#include "kernel/documents/fonts.hpp"
#include "kernel/documents/handles.hpp"
#include "kernel/documents/page.hpp"
#include "kernel/documents/pdf_catalogue.hpp"
#include "kernel/documents/text_layout.hpp"

namespace onewindow::documents {
namespace {

Failure Broken(std::string detail) {
    return Fail(Error(Fault{.reason = &reasons::kRendering}).WithDetail(std::move(detail)));
}

bool IsUtf8(std::string_view text) {
    return g_utf8_validate_len(text.data(), text.size(), nullptr);
}

/// "2026-03-10T09:00:00Z" or "…+08:00". cairo would take the present time for anything else.
bool IsTime(std::string_view text) {
    constexpr std::string_view kShape = "0000-00-00T00:00:00";
    if (text.size() < kShape.size()) return false;
    const auto matches = [](std::string_view given, std::string_view shape) {
        return std::equal(given.begin(), given.end(), shape.begin(), shape.end(),
                          [](char is, char wanted) {
                              return wanted == '0' ? is >= '0' && is <= '9' : is == wanted;
                          });
    };
    const auto zone = text.substr(kShape.size());
    return matches(text.substr(0, kShape.size()), kShape) &&
           (zone == "Z" || matches(zone, "+00:00") || matches(zone, "-00:00"));
}

/// Calls visit(text, face, bold) for everything that is drawn as text.
template <class Visit>
void ForEachText(const Document& document, Visit visit) {
    for (const auto& page : document.pages) {
        for (const auto& item : page.items) {
            if (const auto* text = std::get_if<Text>(&item)) {
                visit(text->text, text->face, text->bold);
            } else if (const auto* arc = std::get_if<ArcText>(&item)) {
                visit(arc->text, Face::kSerif, false);
            }
        }
    }
}

Result<void> CheckDocument(const Document& document) {
    bool valid = IsUtf8(document.title) && IsUtf8(document.author);
    ForEachText(document, [&](const std::string& text, Face, bool) { valid &= IsUtf8(text); });
    if (!valid) return Broken("text is not UTF-8");
    if (document.pages.empty()) return Broken("no pages");
    if (!IsTime(document.created)) return Broken("created is no ISO time: " + document.created);
    OW_CHECK(CheckFonts());

    const auto missing = MissingGlyphs(document);
    if (missing.empty()) return {};
    return Refuse(reasons::kMissingGlyphs, {},
                  {{"characters", fmt::format("{}", fmt::join(missing, " "))}});
}

cairo_status_t Append(void* bytes, const unsigned char* data, unsigned length) {
    static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

void SetMetadata(cairo_surface_t* surface, const Document& document) {
    const auto set = [surface](cairo_pdf_metadata_t key, const std::string& value) {
        cairo_pdf_surface_set_metadata(surface, key, value.c_str());
    };
    set(CAIRO_PDF_METADATA_TITLE, document.title);
    set(CAIRO_PDF_METADATA_AUTHOR, document.author);
    set(CAIRO_PDF_METADATA_CREATOR, "OneWindow");
    set(CAIRO_PDF_METADATA_CREATE_DATE, document.created);
}

}  // namespace

std::vector<std::string> MissingGlyphs(const Document& document) {
    std::vector<std::string> missing;
    ForEachText(document, [&](const std::string& text, Face face, bool bold) {
        if (!IsUtf8(text)) return;  // RenderPdf says so.
        for (const auto& run : ChooseFonts(text, face, bold)) {
            if (run.family) continue;
            auto character = text.substr(run.begin, run.end - run.begin);
            const bool known =
                std::find(missing.begin(), missing.end(), character) != missing.end();
            if (!known) missing.push_back(std::move(character));
        }
    });
    return missing;
}

Result<std::string> RenderPdf(const Document& document) {
    OW_CHECK(CheckDocument(document));
    std::string bytes;
    SurfaceHandle surface(cairo_pdf_surface_create_for_stream(&Append, &bytes, 1, 1));
    cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_5);
    SetMetadata(surface.get(), document);
    CairoHandle cairo(cairo_create(surface.get()));
    for (const auto& page : document.pages) {
        if (page.width <= 0 || page.height <= 0) return Broken("page without size");
        cairo_pdf_surface_set_size(surface.get(), page.width * kPointsPerMm,
                                   page.height * kPointsPerMm);
        OW_CHECK(DrawPage(cairo.get(), page));
        cairo_show_page(cairo.get());
    }
    const auto drawing = cairo_status(cairo.get());
    cairo.reset();
    cairo_surface_finish(surface.get());
    for (const auto status : {drawing, cairo_surface_status(surface.get())}) {
        if (status != CAIRO_STATUS_SUCCESS) return Broken(cairo_status_to_string(status));
    }
    return AddToCatalogue(std::move(bytes), document.language);
}

void WarmUp() {
    if (!CheckFonts()) return;  // The first document will say so.
    Page page;
    for (const auto face : {Face::kSerif, Face::kSans}) {
        for (const bool bold : {false, true}) {
            page.items.push_back(Text{.width = 100, .text = "一窗通", .face = face, .bold = bold});
        }
    }
    (void)RenderPdf({.created = "2000-01-01T00:00:00Z", .pages = {page}});
}

}  // namespace onewindow::documents
