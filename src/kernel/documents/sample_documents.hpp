#pragma once

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "kernel/documents/page.hpp"

// Papers for tests and benchmarks: a certificate on A3 with all that a page can hold, and running
// text on A4. The persons and companies in them do not exist.
namespace onewindow::documents::samples {

inline constexpr Colour kGold{0.72, 0.53, 0.17}, kRed{0.80, 0.07, 0.10};

inline std::string Rectangle(double x, double y, double width, double height) {
    return fmt::format("M {} {} L {} {} L {} {} L {} {} Z", x, y, x + width, y, x + width,
                       y + height, x, y + height);
}

/// A circle as four Bézier curves.
inline std::string Circle(double x, double y, double radius) {
    const double arm = radius * 4 / 3 * (std::numbers::sqrt2 - 1);
    return fmt::format(
        "M {} {} C {} {} {} {} {} {} C {} {} {} {} {} {} C {} {} {} {} {} {} "
        "C {} {} {} {} {} {} Z",
        x, y - radius, x + arm, y - radius, x + radius, y - arm, x + radius, y, x + radius, y + arm,
        x + arm, y + radius, x, y + radius, x - arm, y + radius, x - radius, y + arm, x - radius, y,
        x - radius, y - arm, x - arm, y - radius, x, y - radius);
}

/// Frame, empty place of the national emblem, title, QR code and ten blocks of text, as the 2019
/// layout of 营业执照 (正本, 420 x 297 mm) has them; and a round imprint.
inline Document Certificate(std::string name = "济南星河灯具有限公司") {
    Page page{.width = 420, .height = 297};
    const auto add = [&page](Item item) { page.items.push_back(std::move(item)); };
    add(Path{.data = Rectangle(14, 14, 392, 269), .stroke_mm = 2.4, .colour = kGold});
    add(Path{.data = Rectangle(18, 18, 384, 261), .stroke_mm = 0.6, .colour = kGold});
    for (const double x : {18.0, 402.0}) {
        for (const double y : {18.0, 279.0}) {
            add(Path{.data = Rectangle(x - 6, y - 6, 12, 12), .stroke_mm = 0.6, .colour = kGold});
        }
    }
    add(Text{.x = 40,
             .y = 78,
             .width = 340,
             .text = "营业执照",
             .size_mm = 24,
             .bold = true,
             .align = Align::kCentre,
             .line_height = 1.2,
             .letter_spacing_mm = 12});
    add(Text{.x = 40,
             .y = 52,
             .width = 110,
             .text = "统一社会信用代码",
             .size_mm = 6,
             .face = Face::kSans});
    add(Text{.x = 40, .y = 61, .width = 110, .text = "91370100MA00000000", .size_mm = 5.6});
    add(QrCode{
        .x = 344, .y = 44, .size = 34, .content = "https://example.test/v/11100000MB0143028R001"});
    add(Text{.x = 300,
             .y = 50,
             .width = 42,
             .text = "扫描二维码登录“国家企业信用信息公示系统”了解更多登记、备案、许可、监管信息",
             .size_mm = 3.4,
             .face = Face::kSans,
             .align = Align::kJustify});

    struct Row {
        double x, y, width;
        const char* label;
        std::string value;
    };
    const std::vector<Row> rows = {
        {44, 128, 150, "名　　称", std::move(name)},
        {44, 143, 150, "类　　型", "有限责任公司（自然人投资或控股）"},
        {44, 158, 150, "法定代表人", "张𠮷䶮"},
        {44, 173, 150, "经营范围",
         "一般项目：照明器具制造；照明器具销售；灯具销售；电子元器件零售；技术服务、技术开发、技术"
         "咨询、"
         "技术交流、技术转让、技术推广；货物进出口。（除依法须经批准的项目外，凭营业执照依法自主开"
         "展经营活动）"
         "许可项目：建设工程施工；电气安装服务。（依法须经批准的项目，经相关部门批准后方可开展经营"
         "活动，"
         "具体经营项目以审批结果为准）"},
        {234, 128, 110, "注册资本", "壹佰万元整"},
        {234, 143, 110, "成立日期", "2026年03月10日"},
        {234, 158, 110, "住　　所", "山东省济南市历下区经十路1号星河大厦3层301室"},
    };
    for (const auto& row : rows) {
        add(Text{.x = row.x,
                 .y = row.y,
                 .width = 34,
                 .text = row.label,
                 .size_mm = 5.6,
                 .face = Face::kSans,
                 .align = Align::kJustify,
                 .line_height = 1.6,
                 .continues = true});
        add(Text{.x = row.x + 42,
                 .y = row.y,
                 .width = row.width - 8,
                 .text = row.value,
                 .size_mm = 5.6,
                 .align = Align::kJustify,
                 .line_height = 1.6});
    }
    add(Text{.x = 244,
             .y = 232,
             .width = 60,
             .text = "登记机关",
             .size_mm = 6,
             .face = Face::kSans,
             .letter_spacing_mm = 2});
    add(Text{.x = 300,
             .y = 262,
             .width = 80,
             .text = "2026年03月10日",
             .size_mm = 5.6,
             .align = Align::kCentre});

    add(Path{.data = Circle(340, 248, 21), .stroke_mm = 1, .colour = kRed});
    add(ArcText{.centre_x = 340,
                .centre_y = 248,
                .radius = 15,
                .text = "济南市样本区市场监督管理局",
                .size_mm = 4.6,
                .spread_degrees = 250,
                .colour = kRed});
    add(ArcText{.centre_x = 340,
                .centre_y = 248,
                .radius = 18.5,
                .text = "3701000000000",
                .size_mm = 2.4,
                .spread_degrees = 70,
                .bottom = true,
                .colour = kRed});
    std::string star;
    for (int i = 0; i < 10; ++i) {
        const double angle = std::numbers::pi * i / 5, radius = i % 2 == 0 ? 6.5 : 2.48;
        star += fmt::format("{} {} {} ", i == 0 ? "M" : "L", 340 + radius * std::sin(angle),
                            248 - radius * std::cos(angle));
    }
    add(Path{.data = star + "Z", .stroke_mm = 0, .fill = true, .colour = kRed});
    return {.title = "营业执照", .created = "2026-03-10T09:00:00+08:00", .pages = {page}};
}

/// Articles of association of three pages.
inline Document Articles() {
    std::vector<Paragraph> paragraphs = {{.text = "济南星河灯具有限公司章程", .heading = 1}};
    const char* chapters[] = {"总则", "公司名称和住所", "公司经营范围", "附则"};
    const char* numbers[] = {"一", "二", "三", "四"};
    for (int i = 0; i < 4; ++i) {
        paragraphs.push_back(
            {.text = fmt::format("第{}章　{}", numbers[i], chapters[i]), .heading = 2});
        for (int j = 0; j < 2; ++j) {
            paragraphs.push_back(
                {.text = fmt::format(
                     "第{}条　为维护公司、股东和债权人的合法权益，规范公司的组织和行为，"
                     "根据《中华人民共和国公司法》（以下简称“《公司法》”）和有关法律、行政法规的规"
                     "定，"
                     "制定本章程。本章程中的各项条款与法律、法规、规章不符的，以法律、法规、规章的"
                     "规定为准。"
                     "股东认缴的出资额应当自公司成立之日起5年内缴足，合计1,000,"
                     "000元（壹佰万元整）。",
                     2 * i + j + 1)});
        }
    }
    paragraphs.push_back({.text = "全体股东签字：", .align = Align::kRight});
    paragraphs.push_back({.text = "2026年03月10日", .align = Align::kRight});
    return FlowOnA4("济南星河灯具有限公司章程", "2026-03-10T09:00:00+08:00", paragraphs,
                    "一窗通　办件编号 37010220260310000001");
}

}  // namespace onewindow::documents::samples
