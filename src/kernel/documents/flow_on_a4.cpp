#include <glib.h>

#include "kernel/documents/page.hpp"
#include "kernel/documents/text_layout.hpp"

namespace onewindow::documents {
namespace {

// GB/T 9704-2012 section 5.2: A4, margins 37 mm above and 28 mm left, type area 156 x 225 mm,
// 22 lines of 28 characters (size 3, about 5.6 mm).
constexpr double kLeft = 28, kTop = 37, kWidth = 156, kHeight = 225;
constexpr double kLinesPerPage = 22, kCharactersPerLine = 28;
constexpr double kBodySize = kWidth / kCharactersPerLine, kPitch = kHeight / kLinesPerPage;
constexpr double kTitleSize = 7.76;  // Size 2, 22 pt.
constexpr double kFootY = 271, kFootSize = 3.5;
constexpr double kTolerance = 1e-6;

Text Style(const Paragraph& paragraph) {
    Text text{.x = kLeft, .width = kWidth, .text = paragraph.text, .align = paragraph.align};
    text.size_mm = kBodySize;
    if (paragraph.heading == 1) {
        text.size_mm = kTitleSize;
        text.bold = true;
        text.align = Align::kCentre;
    } else if (paragraph.heading == 2) {
        text.face = Face::kSans;
    } else if (paragraph.align == Align::kLeft) {
        text.align = Align::kJustify;
        text.first_line_indent_mm = 2 * kBodySize;
    }
    // A title stands on the grid of the body with room of its own.
    text.line_height = (paragraph.heading == 1 ? 1.25 : 1.0) * kPitch / text.size_mm;
    return text;
}

/// Puts paragraphs one below the other and opens pages as they fill.
class Flow {
 public:
    explicit Flow(Document& document) : document_(document) { OpenPage(); }

    /// `follow_height` is what must stay on the page with the paragraph's end.
    void Add(const Paragraph& paragraph, double follow_height) {
        auto text = Style(paragraph);
        const double pitch = text.size_mm * text.line_height;
        if (paragraph.text.empty()) {
            y_ += pitch;
            return;
        }
        const TextLayout layout(text);
        const auto& lines = layout.lines();
        for (std::size_t first = 0; first < lines.size();) {
            const auto count = CountThatFits(lines.size() - first, first, pitch, follow_height);
            if (count > 0) {
                Place(text, lines, first, count);
                y_ += pitch * static_cast<double>(count);
                first += count;
            }
            if (first < lines.size()) OpenPage();
        }
        if (paragraph.heading == 1) y_ += kPitch;
    }

 private:
    void OpenPage() {
        document_.pages.emplace_back();
        y_ = kTop;
    }

    /// How many of the `left` lines go on this page; 0: none, open another one.
    std::size_t CountThatFits(std::size_t left, std::size_t done, double pitch,
                              double follow_height) const {
        const bool page_is_empty = y_ <= kTop;
        const double room = kTop + kHeight - y_ + kTolerance;
        auto fitting = static_cast<std::size_t>(std::max(0.0, room) / pitch);
        if (page_is_empty) fitting = std::max<std::size_t>(fitting, 1);
        if (fitting >= left) {
            const bool with_next = static_cast<double>(left) * pitch + follow_height <= room;
            return with_next || page_is_empty || follow_height == 0 ? left : 0;
        }
        // No single line is left behind, here or on the next page.
        if (left - fitting == 1 && fitting > 1) --fitting;
        const bool lonely = fitting == 1 && done == 0 && left > 1;
        return lonely && !page_is_empty ? 0 : fitting;
    }

    void Place(Text text, const std::vector<Line>& lines, std::size_t first, std::size_t count) {
        const auto begin = lines[first].begin, end = lines[first + count - 1].end;
        text.continues =
            first + count < lines.size() && !lines[first + count].line->is_paragraph_start;
        if (!lines[first].line->is_paragraph_start) text.first_line_indent_mm = 0;
        text.text = text.text.substr(begin, end - begin);
        text.y = y_;
        document_.pages.back().items.emplace_back(std::move(text));
    }

    Document& document_;
    double y_ = kTop;
};

void AddFoot(Page& page, const std::string& footer, std::size_t number, std::size_t count) {
    page.items.emplace_back(Path{
        .data = fmt::format("M {} {} L {} {}", kLeft, kFootY - 1.5, kLeft + kWidth, kFootY - 1.5),
        .stroke_mm = 0.15,
        .colour = {0.45, 0.45, 0.45}});
    Text text{
        .x = kLeft, .y = kFootY, .width = kWidth * 0.75, .text = footer, .size_mm = kFootSize};
    text.colour = {0.3, 0.3, 0.3};
    if (!footer.empty()) page.items.emplace_back(text);
    text.x = kLeft + kWidth * 0.75;
    text.width = kWidth * 0.25;
    text.align = Align::kRight;
    text.text = fmt::format("第 {} 页 共 {} 页", number, count);
    page.items.emplace_back(text);
}

/// What must stay on one page with the heading at `index`: further headings, and as many lines of
/// the text below that at least two of them can stay without leaving one alone overleaf.
double HeightKeptBelow(const std::vector<Paragraph>& paragraphs, std::size_t index) {
    double height = paragraphs[index].heading == 1 ? kPitch : 0;
    for (++index; index < paragraphs.size(); ++index) {
        if (paragraphs[index].heading == 0) return height + 3 * kPitch;
        height += MeasureHeight(Style(paragraphs[index]));
    }
    return height;
}

}  // namespace

Document FlowOnA4(std::string title, std::string created, const std::vector<Paragraph>& paragraphs,
                  std::string footer) {
    Document document{.title = std::move(title), .created = std::move(created)};
    Flow flow(document);
    for (std::size_t i = 0; i < paragraphs.size(); ++i) {
        const auto& paragraph = paragraphs[i];
        // What is no text cannot be broken into lines; RenderPdf refuses it as it stands.
        const bool is_text =
            g_utf8_validate_len(paragraph.text.data(), paragraph.text.size(), nullptr);
        if (!is_text) {
            document.pages.back().items.emplace_back(Style(paragraph));
            continue;
        }
        flow.Add(paragraph, paragraph.heading > 0 ? HeightKeptBelow(paragraphs, i) : 0);
    }
    for (std::size_t i = 0; i < document.pages.size(); ++i) {
        AddFoot(document.pages[i], footer, i + 1, document.pages.size());
    }
    return document;
}

}  // namespace onewindow::documents
