#include "licence/face.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "kernel/text/text.hpp"

namespace onewindow::licence {
namespace {

using documents::Align;
using documents::ArcText;
using documents::Colour;
using documents::Document;
using documents::Page;
using documents::Path;
using documents::QrCode;
using documents::Text;
using FontFace = documents::Face;

constexpr Colour kGold{0.72, 0.53, 0.17}, kRed{0.80, 0.07, 0.10}, kPale{0.93, 0.90, 0.86};

std::string Rectangle(double x, double y, double width, double height) {
    return fmt::format("M {0} {1} L {2} {1} L {2} {3} L {0} {3} Z", x, y, x + width, y + height);
}

/// A circle as four Bézier curves.
std::string Circle(double x, double y, double r) {
    const double arm = r * 4 / 3 * (std::numbers::sqrt2 - 1);
    return fmt::format(
        "M {} {} C {} {} {} {} {} {} C {} {} {} {} {} {} C {} {} {} {} {} {} C {} {} {} {} {} {} Z",
        x, y - r, x + arm, y - r, x + r, y - arm, x + r, y, x + r, y + arm, x + arm, y + r, x,
        y + r, x - arm, y + r, x - r, y + arm, x - r, y, x - r, y - arm, x - arm, y - r, x, y - r);
}

std::string Star(double x, double y, double radius) {
    std::string data;
    for (int i = 0; i < 10; ++i) {
        const double angle = std::numbers::pi * i / 5, reach = i % 2 == 0 ? radius : radius * 0.382;
        data += fmt::format("{} {} {} ", i == 0 ? "M" : "L", x + reach * std::sin(angle),
                            y - reach * std::cos(angle));
    }
    return data + "Z";
}

/// Everything is laid out on the A3 page; the A4 page is the same at 1/√2 with its own additions.
class Drawing {
 public:
    explicit Drawing(double scale) : scale_(scale) {
        // Rounded: the ISO formats differ from each other by a little more than √2.
        page_ = {.width = std::round(420 * scale), .height = std::round(297 * scale), .items = {}};
    }

    void Add(Text text) {
        text.x *= scale_;
        text.y *= scale_;
        text.width *= scale_;
        text.size_mm *= scale_;
        text.letter_spacing_mm *= scale_;
        page_.items.emplace_back(std::move(text));
    }
    void Stroke(std::string data, double width, Colour colour) {
        page_.items.emplace_back(Path{
            .data = std::move(data), .stroke_mm = width * scale_, .fill = false, .colour = colour});
    }
    void Fill(std::string data, Colour colour) {
        page_.items.emplace_back(
            Path{.data = std::move(data), .stroke_mm = 0, .fill = true, .colour = colour});
    }
    void Add(ArcText text) {
        text.centre_x *= scale_;
        text.centre_y *= scale_;
        text.radius *= scale_;
        text.size_mm *= scale_;
        page_.items.emplace_back(std::move(text));
    }
    void Add(QrCode code) {
        code.x *= scale_;
        code.y *= scale_;
        code.size *= scale_;
        page_.items.emplace_back(std::move(code));
    }
    double At(double value) const { return value * scale_; }
    Page Take() { return std::move(page_); }

 private:
    double scale_;
    Page page_;
};

void DrawFrame(Drawing& drawing) {
    const auto frame = [&](double inset, double width) {
        drawing.Stroke(Rectangle(drawing.At(inset), drawing.At(inset), drawing.At(420 - 2 * inset),
                                 drawing.At(297 - 2 * inset)),
                       width, kGold);
    };
    frame(13, 2.6);
    frame(17, 0.6);
    frame(24, 0.4);
    for (const double x : {20.5, 399.5}) {
        for (const double y : {20.5, 276.5})
            drawing.Fill(Star(drawing.At(x), drawing.At(y), drawing.At(2.4)), kGold);
    }
    // Between the inner lines, a row of lozenges.
    std::string row;
    const auto lozenge = [&](double x, double y) {
        row += fmt::format("M {} {} L {} {} L {} {} L {} {} Z ", drawing.At(x), drawing.At(y - 1.5),
                           drawing.At(x + 1.5), drawing.At(y), drawing.At(x), drawing.At(y + 1.5),
                           drawing.At(x - 1.5), drawing.At(y));
    };
    for (double x = 30; x < 394; x += 8) {
        lozenge(x, 20.5);
        lozenge(x, 276.5);
    }
    for (double y = 30; y < 272; y += 8) {
        lozenge(20.5, y);
        lozenge(399.5, y);
    }
    drawing.Stroke(row, 0.3, kGold);
}

/// The place of the national emblem, which is pre-printed on the blanks and not ours to draw: a
/// ring with five stars.
void DrawEmblemPlace(Drawing& drawing) {
    const double x = 210, y = 52;
    drawing.Stroke(Circle(drawing.At(x), drawing.At(y), drawing.At(17)), 1.0, kRed);
    drawing.Stroke(Circle(drawing.At(x), drawing.At(y), drawing.At(15)), 0.4, kGold);
    drawing.Fill(Star(drawing.At(x), drawing.At(y - 4), drawing.At(5.2)), kGold);
    for (const auto& [dx, dy] :
         {std::pair{-9.0, 0.5}, std::pair{-4.2, 6.5}, std::pair{4.2, 6.5}, std::pair{9.0, 0.5}}) {
        drawing.Fill(Star(drawing.At(x + dx), drawing.At(y + dy), drawing.At(2)), kGold);
    }
}

void DrawWatermark(Drawing& drawing) {
    for (const double y : {112.0, 180.0}) {
        for (const double x : {40.0, 165.0, 290.0}) {
            drawing.Add(Text{.x = x,
                             .y = y,
                             .width = 110,
                             .text = "样本",
                             .size_mm = 34,
                             .face = FontFace::kSans,
                             .bold = true,
                             .line_height = 1.2,
                             .colour = kPale,
                             .letter_spacing_mm = 6});
        }
    }
}

void DrawHead(Drawing& drawing, const Face& face, bool duplicate) {
    drawing.Add(Text{.x = 40,
                     .y = 76,
                     .width = 340,
                     .text = duplicate ? "营业执照（副本）" : "营业执照",
                     .size_mm = duplicate ? 20.0 : 25.0,
                     .bold = true,
                     .align = Align::kCentre,
                     .line_height = 1.2,
                     .letter_spacing_mm = duplicate ? 3.0 : 14.0});
    drawing.Add(Text{.x = 36,
                     .y = 38,
                     .width = 120,
                     .text = "统一社会信用代码",
                     .size_mm = 6.2,
                     .face = FontFace::kSans,
                     .bold = true});
    drawing.Add(Text{.x = 36, .y = 48, .width = 120, .text = face.uscc, .size_mm = 6.8});
    if (duplicate) {
        drawing.Add(Text{.x = 36,
                         .y = 59,
                         .width = 120,
                         .text = "副本编号：1-1",
                         .size_mm = 4.6,
                         .face = FontFace::kSans});
    }
    drawing.Add(QrCode{.x = 328, .y = 34, .size = 58, .content = face.qr});
    drawing.Add(
        Text{.x = 290,
             .y = 42,
             .width = 36,
             .text = "扫描二维码登录“国家企业信用信息公示系统”了解更多登记、备案、许可、监管信息",
             .size_mm = 3.6,
             .face = FontFace::kSans,
             .line_height = 1.45});
}

struct Entry {
    std::string label, value;
};

/// Labels are spread over five characters, as on the printed form: "名　　称".
std::string Spread(const std::string& label) {
    std::vector<std::string> characters;
    for (std::size_t i = 0; i < label.size();) {
        std::size_t next = i + 1;
        while (next < label.size() && (static_cast<unsigned char>(label[next]) & 0xC0) == 0x80)
            ++next;
        characters.push_back(label.substr(i, next - i));
        i = next;
    }
    if (characters.size() == 2) return characters[0] + "　　" + characters[1];
    return label;
}

/// One column of labels and values from `y` down; the last value shrinks until all fits above
/// `bottom`: of the items only the scope has no natural end.
void DrawColumn(Drawing& drawing, double x, double y, double width, double bottom,
                const std::vector<Entry>& entries) {
    constexpr double kLabelWidth = 42, kGap = 4.5, kSize = 6.2, kSmallest = 2.4, kLabelSize = 5.8;
    const auto value_text = [&](const Entry& entry, double size, double top) {
        return Text{.x = x + kLabelWidth,
                    .y = top,
                    .width = width - kLabelWidth,
                    .text = entry.value,
                    .size_mm = size,
                    .line_height = 1.5};
    };
    for (std::size_t i = 0; i < entries.size(); ++i) {
        double size = kSize;
        if (i + 1 == entries.size()) {
            while (size > kSmallest &&
                   y + documents::MeasureHeight(value_text(entries[i], size, y)) > bottom)
                size -= 0.2;
        }

        drawing.Add(Text{.x = x,
                         .y = y,
                         .width = kLabelWidth,
                         .text = Spread(entries[i].label),
                         .size_mm = kLabelSize,
                         .face = FontFace::kSans,
                         .bold = true,
                         .line_height = 1.5 * size / kLabelSize});
        Text value = value_text(entries[i], size, y);
        y += documents::MeasureHeight(value) + kGap;
        drawing.Add(std::move(value));
    }
}

void DrawItems(Drawing& drawing, const Face& face) {
    DrawColumn(drawing, 36, 118, 196, 262,
               {{"名称", face.name},
                {"类型", face.type_text},
                {face.person_label, face.person},
                {"经营范围", face.scope}});
    std::vector<Entry> right;
    if (!face.capital_label.empty()) right.push_back({face.capital_label, face.capital_text});
    right.push_back({"成立日期", face.date});
    right.push_back({face.place_label, face.place});
    DrawColumn(drawing, 244, 118, 142, 212, right);
}

/// A sample imprint. In production the authority's seal comes from the national system (domain.md
/// J27); nothing is drawn.
void DrawImprint(Drawing& drawing, const Face& face) {
    const double x = 340, y = 240;
    drawing.Stroke(Circle(drawing.At(x), drawing.At(y), drawing.At(21)), 1.1, kRed);
    constexpr double kRadius = 14.6, kSpread = 250;
    const double characters = static_cast<double>(text::Length(face.authority_name));
    const double size = std::min(4.6, kRadius * kSpread / 180 * std::numbers::pi / characters);
    drawing.Add(ArcText{.centre_x = x,
                        .centre_y = y,
                        .radius = kRadius + (4.6 - size) / 2,
                        .text = face.authority_name,
                        .size_mm = size,
                        .spread_degrees = kSpread,
                        .colour = kRed});
    drawing.Fill(Star(drawing.At(x), drawing.At(y), drawing.At(6)), kRed);
    drawing.Add(Text{.x = x - 21,
                     .y = y + 7.5,
                     .width = 42,
                     .text = "样本",
                     .size_mm = 5.4,
                     .face = FontFace::kSans,
                     .bold = true,
                     .align = Align::kCentre,
                     .line_height = 1.2,
                     .colour = kRed});
}

void DrawFoot(Drawing& drawing, const Face& face, bool duplicate) {
    drawing.Add(Text{.x = 250,
                     .y = 228,
                     .width = 60,
                     .text = "登记机关",
                     .size_mm = 6.4,
                     .face = FontFace::kSans,
                     .bold = true,
                     .letter_spacing_mm = 2});
    drawing.Add(Text{.x = 250,
                     .y = 240,
                     .width = 62,
                     .text = face.authority_name,
                     .size_mm = 4,
                     .line_height = 1.4});
    if (face.demo) DrawImprint(drawing, face);
    drawing.Add(Text{.x = 300,
                     .y = 262,
                     .width = 80,
                     .text = face.date,
                     .size_mm = 5.6,
                     .align = Align::kCentre});
    if (duplicate) {
        drawing.Add(Text{
            .x = 36,
            .y = 263,
            .width = 250,
            .text =
                "市场主体应当于每年1月1日至6月30日通过国家企业信用信息公示系统报送公示年度报告。",
            .size_mm = 4,
            .face = FontFace::kSans});
    }
    drawing.Add(Text{.x = 17,
                     .y = 285.5,
                     .width = 190,
                     .text = "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn",
                     .size_mm = 3.6,
                     .face = FontFace::kSans});
    const std::string right =
        face.demo ? "样本　演示系统生成，不具法律效力" : "国家市场监督管理总局监制";
    drawing.Add(Text{.x = 223,
                     .y = 285.5,
                     .width = 180,
                     .text = right,
                     .size_mm = 3.6,
                     .face = FontFace::kSans,
                     .align = Align::kRight});
}

Document Make(const Face& face, bool duplicate) {
    Drawing drawing(duplicate ? 297.0 / 420.0 : 1.0);
    if (face.demo) DrawWatermark(drawing);
    DrawFrame(drawing);
    DrawEmblemPlace(drawing);
    DrawHead(drawing, face, duplicate);
    DrawItems(drawing, face);
    DrawFoot(drawing, face, duplicate);
    return {.title = (duplicate ? "营业执照（副本） " : "营业执照 ") + face.name,
            .created = face.created,
            .pages = {drawing.Take()}};
}

}  // namespace

Document MakeOriginal(const Face& face) { return Make(face, false); }
Document MakeDuplicate(const Face& face) { return Make(face, true); }

}  // namespace onewindow::licence
