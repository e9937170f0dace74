#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/result/result.hpp"

// A document is described once, as pages in millimetres; PDF is the first back end.
namespace onewindow::documents {

struct Colour {
    double red = 0, green = 0, blue = 0;
};

enum class Face { kSerif, kSans };  // Noto Serif CJK SC, Noto Sans CJK SC; embedded as subsets.
/// kJustify fills every line but a paragraph's last to the width, evenly between the characters.
enum class Align { kLeft, kCentre, kRight, kJustify };

/// A paragraph in a box: wraps at the width; `y` is the top. The height is the number of lines
/// times `line_height` times `size_mm`, whatever the fonts. "\n" starts a new line.
struct Text {
    double x = 0, y = 0, width = 0;  // mm
    std::string text = {};
    double size_mm = 4;  // Height of the em square.
    Face face = Face::kSerif;
    bool bold = false;
    Align align = Align::kLeft;
    double line_height = 1.5;  // Of the size.
    Colour colour = {};
    double first_line_indent_mm = 0;  // Two em in Chinese running text.
    double letter_spacing_mm = 0;     // After each character; spreads out short titles.
    bool continues = false;  // The paragraph goes on elsewhere: kJustify fills the last line too.
};

/// A path: "M x y L x y C x1 y1 x2 y2 x y Z", absolute, in mm. Filled by the non-zero rule.
struct Path {
    std::string data = {};
    double stroke_mm = 0.2;  // 0: no stroke.
    bool fill = false;
    Colour colour = {};
};

/// Text set along a circle, centred at the top and reading clockwise (or, with `bottom`, centred at
/// the bottom and upright there, reading left to right): seal imprints. The first and the last
/// character stand `spread_degrees` apart, the others evenly between them.
struct ArcText {
    double centre_x = 0, centre_y = 0, radius = 0;  // mm, to the baseline
    std::string text = {};
    double size_mm = 4;
    double spread_degrees = 240;
    bool bottom = false;
    Colour colour = {};
};

/// A QR code, error correction M, drawn as one path on a white ground. `size` includes the quiet
/// zone of four modules on each side.
struct QrCode {
    double x = 0, y = 0, size = 25;  // mm
    std::string content = {};
};

using Item = std::variant<Text, Path, ArcText, QrCode>;

struct Page {
    double width = 210, height = 297;  // mm
    std::vector<Item> items = {};
};

struct Document {
    std::string title = {}, author = "OneWindow";
    std::string language = "zh-CN";  // BCP 47; stands in the file for screen readers.
    /// ISO 8601 with offset, "2026-03-10T09:00:00+08:00" or "…Z", given by the caller: a document
    /// has no other time, so that its bytes are deterministic.
    std::string created = {};
    std::vector<Page> pages = {};
};

/// `heading` 1 is the title (centred, large), 2 a chapter; 0 is running text, which is justified
/// and indented by two characters where `align` is kLeft.
struct Paragraph {
    std::string text = {};
    int heading = 0;
    Align align = Align::kLeft;
};

/// Lays paragraphs out on A4 pages: the body of generated papers. The type area is that of
/// GB/T 9704-2012 section 5.2 (156 x 225 mm, 22 lines of 28 characters). A heading stays with the
/// text below it, and no single line of a longer paragraph stands alone on a page. Every page
/// carries `footer` at the left of its foot and "第 1 页 共 n 页" at the right. `title` is the
/// file's title and is not drawn.
Document FlowOnA4(std::string title, std::string created, const std::vector<Paragraph>& paragraphs,
                  std::string footer);

/// The characters, each once and in order of appearance, that no installed font of ours can draw.
/// For checks before a document is made; RenderPdf refuses them.
std::vector<std::string> MissingGlyphs(const Document& document);

/// PDF bytes; the same document gives the same bytes, in any process and on any thread, as long as
/// the same fonts are installed. All fonts are embedded as subsets, text can be searched and
/// copied. Slow (tens of ms): never in a transaction. May be called from several threads at once.
/// Refuses with kMissingGlyphs, never draws an empty box; kRendering means our own fault: fonts not
/// installed, text that is not UTF-8, a malformed path or time, a QR code that holds too much.
Result<std::string> RenderPdf(const Document& document);

/// Height in mm that a text takes; for layouts that depend on it. 0 if the fonts are not installed.
double MeasureHeight(const Text& text);

/// Loads the fonts, so that the first document is not slow. What is loaded is per thread for the
/// greater part: a worker calls it as it starts.
void WarmUp();

namespace reasons {
inline constexpr Reason kRendering{"documents.rendering", Kind::kBug};
inline constexpr Reason kMissingGlyphs{"documents.missing_glyphs", Kind::kRefused};
}  // namespace reasons

}  // namespace onewindow::documents
