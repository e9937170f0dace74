#include "kernel/documents/draw_page.hpp"

#include <pango/pangocairo.h>
#include <qrencode.h>

#include <numbers>

#include "kernel/documents/fonts.hpp"
#include "kernel/documents/handles.hpp"
#include "kernel/documents/path_data.hpp"
#include "kernel/documents/text_layout.hpp"

namespace onewindow::documents {
namespace {

using QrHandle = Handle<QRcode, QRcode_free>;

Failure Broken(std::string detail) {
    return Fail(Error(Fault{.reason = &reasons::kRendering}).WithDetail(std::move(detail)));
}

void SetColour(cairo_t* cairo, const Colour& colour) {
    cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue);
}

double Points(double mm) { return mm * kPointsPerMm; }

Result<void> Draw(cairo_t* cairo, const Text& text) {
    if (text.text.empty()) return {};
    if (text.width <= 0 || text.size_mm <= 0) return Broken("text without width or size");
    const TextLayout layout(text);
    if (!layout.IsFaithful()) return Broken("the text engine chose a font of its own");
    SetColour(cairo, text.colour);
    for (const auto& line : layout.lines()) {
        cairo_move_to(cairo, Points(text.x) + line.x, Points(text.y) + line.baseline);
        pango_cairo_show_layout_line(cairo, line.line);
    }
    return {};
}

Result<void> Draw(cairo_t* cairo, const Path& path) {
    OW_TRY(const auto steps, ParsePath(path.data));
    cairo_new_path(cairo);
    for (const auto& step : steps) {
        const auto at = [&step](int i) { return Points(step.numbers[i]); };
        if (step.command == 'M') cairo_move_to(cairo, at(0), at(1));
        if (step.command == 'L') cairo_line_to(cairo, at(0), at(1));
        if (step.command == 'C') {
            cairo_curve_to(cairo, at(0), at(1), at(2), at(3), at(4), at(5));
        }
        if (step.command == 'Z') cairo_close_path(cairo);
    }
    SetColour(cairo, path.colour);
    cairo_set_line_width(cairo, Points(path.stroke_mm));
    if (path.fill) cairo_fill_preserve(cairo);
    if (path.stroke_mm > 0) cairo_stroke_preserve(cairo);
    cairo_new_path(cairo);  // The path must not run into what is drawn next.
    return {};
}

std::vector<std::string> Characters(std::string_view text) {
    std::vector<std::string> characters;
    for (std::size_t at = 0; at < text.size();) {
        const auto* here = text.data() + at;
        const auto length = static_cast<std::size_t>(g_utf8_next_char(here) - here);
        characters.emplace_back(here, length);
        at += length;
    }
    return characters;
}

Result<void> Draw(cairo_t* cairo, const ArcText& arc) {
    if (arc.radius <= 0 || arc.size_mm <= 0) return Broken("arc text without radius or size");
    SetColour(cairo, arc.colour);
    const auto characters = Characters(arc.text);
    const double spread = arc.spread_degrees * std::numbers::pi / 180;
    const auto gaps = static_cast<double>(characters.size()) - 1;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        const double share = gaps > 0 ? static_cast<double>(i) / gaps - 0.5 : 0;
        const TextLayout glyph(Text{.width = arc.size_mm * 4,
                                    .text = characters[i],
                                    .size_mm = arc.size_mm,
                                    .align = Align::kCentre,
                                    .line_height = 1});
        if (!glyph.IsFaithful()) return Broken("the text engine chose a font of its own");
        if (glyph.lines().empty()) continue;
        cairo_save(cairo);
        cairo_new_path(cairo);
        cairo_translate(cairo, Points(arc.centre_x), Points(arc.centre_y));
        // Clockwise from the top; at the bottom the other way round, so that it reads left to
        // right.
        cairo_rotate(cairo, arc.bottom ? -share * spread : share * spread);
        cairo_move_to(cairo, glyph.lines()[0].x - Points(arc.size_mm * 2),
                      Points(arc.bottom ? arc.radius : -arc.radius));
        pango_cairo_show_layout_line(cairo, glyph.lines()[0].line);
        cairo_restore(cairo);
    }
    cairo_new_path(cairo);
    return {};
}

Result<void> Draw(cairo_t* cairo, const QrCode& code) {
    constexpr int kQuietZone = 4;  // Modules; ISO/IEC 18004 section 6.3.8.
    // Bytes rather than QRcode_encodeString: that one stops at a zero.
    const QrHandle modules(QRcode_encodeData(
        static_cast<int>(code.content.size()),
        reinterpret_cast<const unsigned char*>(code.content.data()), 0, QR_ECLEVEL_M));
    if (!modules || code.content.empty()) return Broken("QR content is empty or too long");

    const int width = modules->width;
    const double module = Points(code.size) / (width + 2 * kQuietZone);
    cairo_new_path(cairo);
    SetColour(cairo, {1, 1, 1});
    cairo_rectangle(cairo, Points(code.x), Points(code.y), Points(code.size), Points(code.size));
    cairo_fill(cairo);

    SetColour(cairo, {});
    const auto dark = [&](int row, int column) { return modules->data[row * width + column] & 1; };
    for (int row = 0; row < width; ++row) {
        for (int column = 0; column < width;) {
            int end = column;
            while (end < width && dark(row, end)) ++end;
            if (end > column) {
                cairo_rectangle(cairo, Points(code.x) + module * (kQuietZone + column),
                                Points(code.y) + module * (kQuietZone + row),
                                module * (end - column), module);
            }
            column = end + (end == column);
        }
    }
    // One fill for all rows: viewers would show seams between separate ones.
    cairo_fill(cairo);
    return {};
}

}  // namespace

Result<void> DrawPage(cairo_t* cairo, const Page& page) {
    for (const auto& item : page.items) {
        OW_CHECK(std::visit([cairo](const auto& each) { return Draw(cairo, each); }, item));
    }
    return {};
}

}  // namespace onewindow::documents
