#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/documents/handles.hpp"
#include "kernel/documents/page.hpp"

// Breaks a text into lines; what measuring, flowing and drawing share.
namespace onewindow::documents {

inline constexpr double kPointsPerMm = 72.0 / 25.4;

/// A line: which bytes of the text it shows and where it starts, in points from the box's left
/// edge.
struct Line {
    PangoLayoutLine* line = nullptr;  // Belongs to the layout.
    std::size_t begin = 0, end = 0;
    double x = 0;
    double baseline = 0;  // From the top of the box.
};

/// A text laid out by Pango on the fonts that ChooseFonts named. Stays on its thread.
class TextLayout {
 public:
    /// The text must be valid UTF-8.
    explicit TextLayout(const Text& text);

    const std::vector<Line>& lines() const { return lines_; }
    /// Whether every glyph comes from a font that we chose and is drawn; false is our bug.
    bool IsFaithful() const;

 private:
    void SetFonts(const Text& text);
    void FindLines(const Text& text);
    void Justify(const Text& text);

    LayoutHandle layout_;
    std::vector<Line> lines_;
};

/// Attributes that give each run of `text` its font of `size_mm`.
AttributesHandle FontAttributes(std::string_view text, Face face, bool bold, double size_mm);

}  // namespace onewindow::documents
