#include "kernel/documents/text_layout.hpp"

#include <pango/pangocairo.h>

#include <cmath>

#include "kernel/documents/fonts.hpp"

namespace onewindow::documents {
namespace {

// Where the baseline runs in the em square of Noto CJK; so that lines keep their distance whatever
// font draws them.
constexpr double kEmAscent = 0.88;

int PangoUnits(double mm) { return pango_units_from_double(mm * kPointsPerMm); }

/// Widens every cluster of the line but the last by the same share of `slack`.
void Spread(PangoLayoutLine* line, int slack) {
    std::vector<PangoGlyphInfo*> stops;
    for (GSList* node = line->runs; node; node = node->next) {
        auto* glyphs = static_cast<PangoGlyphItem*>(node->data)->glyphs;
        for (int i = 0; i < glyphs->num_glyphs; ++i) {
            const bool cluster_ends = i + 1 == glyphs->num_glyphs ||
                                      glyphs->log_clusters[i + 1] != glyphs->log_clusters[i];
            // A space at the line's end has no width and gets none.
            if (cluster_ends && glyphs->glyphs[i].geometry.width > 0) {
                stops.push_back(&glyphs->glyphs[i]);
            }
        }
    }
    if (stops.size() < 2) return;
    const auto gaps = static_cast<int>(stops.size()) - 1;
    for (int i = 0; i < gaps; ++i) {
        stops[static_cast<std::size_t>(i)]->geometry.width +=
            slack * (i + 1) / gaps - slack * i / gaps;
    }
}

}  // namespace

AttributesHandle FontAttributes(std::string_view text, Face face, bool bold, double size_mm) {
    AttributesHandle attributes(pango_attr_list_new());
    pango_attr_list_insert(attributes.get(), pango_attr_fallback_new(FALSE));
    for (const auto& run : ChooseFonts(text, face, bold)) {
        if (!run.family) continue;
        DescriptionHandle description(pango_font_description_new());
        pango_font_description_set_family(description.get(), run.family);
        pango_font_description_set_weight(description.get(),
                                          run.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        pango_font_description_set_absolute_size(description.get(), PangoUnits(size_mm));
        auto* attribute = pango_attr_font_desc_new(description.get());
        attribute->start_index = static_cast<guint>(run.begin);
        attribute->end_index = static_cast<guint>(run.end);
        pango_attr_list_insert(attributes.get(), attribute);
    }
    return attributes;
}

TextLayout::TextLayout(const Text& text) : layout_(pango_layout_new(ThreadContext())) {
    pango_layout_set_text(layout_.get(), text.text.data(), static_cast<int>(text.text.size()));
    SetFonts(text);
    pango_layout_set_width(layout_.get(), PangoUnits(text.width));
    pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_auto_dir(layout_.get(), FALSE);
    pango_layout_set_indent(layout_.get(), PangoUnits(text.first_line_indent_mm));
    pango_layout_set_alignment(layout_.get(), text.align == Align::kCentre  ? PANGO_ALIGN_CENTER
                                              : text.align == Align::kRight ? PANGO_ALIGN_RIGHT
                                                                            : PANGO_ALIGN_LEFT);
    FindLines(text);
    if (text.align == Align::kJustify) Justify(text);
}

void TextLayout::SetFonts(const Text& text) {
    auto attributes = FontAttributes(text.text, text.face, text.bold, text.size_mm);
    if (text.letter_spacing_mm != 0) {
        pango_attr_list_insert(attributes.get(),
                               pango_attr_letter_spacing_new(PangoUnits(text.letter_spacing_mm)));
    }
    pango_layout_set_attributes(layout_.get(), attributes.get());
    // The font of the layout itself; seen only where a text is empty.
    DescriptionHandle description(pango_font_description_from_string("Noto Serif CJK SC"));
    pango_font_description_set_absolute_size(description.get(), PangoUnits(text.size_mm));
    pango_layout_set_font_description(layout_.get(), description.get());
}

void TextLayout::FindLines(const Text& text) {
    if (text.text.empty()) return;
    const double size = text.size_mm * kPointsPerMm, pitch = size * text.line_height;
    IteratorHandle iterator(pango_layout_get_iter(layout_.get()));
    do {
        auto* line = pango_layout_iter_get_line(iterator.get());
        PangoRectangle extents{};
        pango_layout_iter_get_line_extents(iterator.get(), nullptr, &extents);
        const auto begin = static_cast<std::size_t>(line->start_index);
        lines_.push_back({
            .line = line,
            .begin = begin,
            .end = begin + static_cast<std::size_t>(line->length),
            .x = pango_units_to_double(extents.x),
            .baseline =
                pitch * static_cast<double>(lines_.size()) + (pitch - size) / 2 + kEmAscent * size,
        });
    } while (pango_layout_iter_next_line(iterator.get()));
}

void TextLayout::Justify(const Text& text) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        // The last line of a paragraph stays as it is.
        const bool last = i + 1 == lines_.size();
        if (last && !text.continues) continue;
        if (!last && lines_[i + 1].line->is_paragraph_start) continue;
        PangoRectangle extents{};
        pango_layout_line_get_extents(lines_[i].line, nullptr, &extents);
        const int indent =
            lines_[i].line->is_paragraph_start ? PangoUnits(text.first_line_indent_mm) : 0;
        const int slack = PangoUnits(text.width) - indent - extents.width;
        // A long unbreakable word leaves a gap that no spacing should fill.
        if (slack > 0 && slack < PangoUnits(text.size_mm) * 4) Spread(lines_[i].line, slack);
    }
}

bool TextLayout::IsFaithful() const {
    for (const auto& line : lines_) {
        for (GSList* node = line.line->runs; node; node = node->next) {
            const auto* item = static_cast<const PangoGlyphItem*>(node->data);
            DescriptionHandle description(pango_font_describe(item->item->analysis.font));
            const std::string_view family = pango_font_description_get_family(description.get());
            const bool ours = family.starts_with("Noto Serif CJK SC") ||
                              family.starts_with("Noto Sans CJK SC") ||
                              family.starts_with("HanaMin");
            if (!ours) return false;
            for (int i = 0; i < item->glyphs->num_glyphs; ++i) {
                const auto glyph = item->glyphs->glyphs[i].glyph;
                // Glyph 0 is the font's own empty box.
                const bool unknown = glyph == 0 || (glyph != PANGO_GLYPH_EMPTY &&
                                                    (glyph & PANGO_GLYPH_UNKNOWN_FLAG));
                if (unknown) return false;
            }
        }
    }
    return true;
}

double MeasureHeight(const Text& text) {
    if (!CheckFonts() || !g_utf8_validate_len(text.text.data(), text.text.size(), nullptr))
        return 0;
    return static_cast<double>(TextLayout(text).lines().size()) * text.size_mm * text.line_height;
}

}  // namespace onewindow::documents
