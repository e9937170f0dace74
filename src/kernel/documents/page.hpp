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
enum class Align { kLeft, kCentre, kRight };

/// A paragraph in a box: wraps at the width; `y` is the top. Height comes from the back end's layout.
struct Text {
    double x = 0, y = 0, width = 0;  // mm
    std::string text;
    double size_mm = 4;  // Height of the em square.
    Face face = Face::kSerif;
    bool bold = false;
    Align align = Align::kLeft;
    double line_height = 1.5;  // Of the size.
    Colour colour = {};
};

/// A path: "M x y L x y C x1 y1 x2 y2 x y Z", in mm.
struct Path {
    std::string data;
    double stroke_mm = 0.2;  // 0: no stroke.
    bool fill = false;
    Colour colour = {};
};

/// Text set along a circle, reading clockwise and centred at the top (or bottom): seal imprints.
struct ArcText {
    double centre_x = 0, centre_y = 0, radius = 0;  // mm, to the baseline
    std::string text;
    double size_mm = 4;
    double spread_degrees = 240;
    bool bottom = false;
    Colour colour = {};
};

/// A QR code, error correction M, drawn as paths with its quiet zone.
struct QrCode {
    double x = 0, y = 0, size = 25;  // mm
    std::string content;
};

using Item = std::variant<Text, Path, ArcText, QrCode>;

struct Page {
    double width = 210, height = 297;  // mm
    std::vector<Item> items;
};

struct Document {
    std::string title, author = "OneWindow", language = "zh-CN";
    std::string created;  // ISO time, given by the caller: bytes are deterministic.
    std::vector<Page> pages;
};

/// Lays paragraphs out on A4 pages with page breaks: the body of generated papers.
/// `heading` 1 is the title (centred), 2 a chapter; 0 is running text.
struct Paragraph {
    std::string text;
    int heading = 0;
    Align align = Align::kLeft;
};
Document FlowOnA4(std::string title, std::string created, const std::vector<Paragraph>& paragraphs,
                  std::string footer);

/// PDF bytes; the same document gives the same bytes. Fonts embedded. Slow (tens of ms): never in a transaction.
Result<std::string> RenderPdf(const Document& document);

/// Height in mm that a text takes; for layouts that depend on it.
double MeasureHeight(const Text& text);

/// Loads the fonts, so that the first document is not slow.
void WarmUp();

namespace reasons {
inline constexpr Reason kRendering{"documents.rendering", Kind::kBug};
}

}  // namespace onewindow::documents
