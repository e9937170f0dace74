// Goal: paragraphs flow over pages without loss, and break where a typesetter would break them.

#include <gtest/gtest.h>

#include "kernel/documents/page.hpp"
#include "kernel/documents/sample_documents.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::documents {
namespace {

constexpr double kAreaTop = 37, kAreaBottom = 37 + 225, kPitch = 225.0 / 22;

std::string Repeated(const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
}

Document Flow(const std::vector<Paragraph>& paragraphs) {
    return FlowOnA4("试样", "2026-03-10T09:00:00+08:00", paragraphs, "页脚");
}

/// The texts of a page without its foot.
std::vector<Text> Body(const Page& page) {
    std::vector<Text> body;
    for (const auto& item : page.items) {
        const auto* text = std::get_if<Text>(&item);
        if (text && text->y < kAreaBottom) body.push_back(*text);
    }
    return body;
}

int LinesOf(const Text& text) {
    return static_cast<int>(std::lround(MeasureHeight(text) / (text.size_mm * text.line_height)));
}

TEST(FlowOnA4, Sets22LinesOf28CharactersOnAPage) {
    const auto document = Flow({{.text = Repeated("国", 28 * 44 - 2)}});
    ASSERT_EQ(document.pages.size(), 2U);
    for (const auto& page : document.pages) {
        ASSERT_EQ(Body(page).size(), 1U);
        EXPECT_EQ(LinesOf(Body(page)[0]), 22);
    }
    EXPECT_EQ(Flow({{.text = Repeated("国", 28 * 44 - 1)}}).pages.size(), 3U);
}

TEST(FlowOnA4, LosesNothingAndStaysInItsArea) {
    for (int length = 1; length < 1500; length += 67) {
        std::vector<Paragraph> paragraphs = {{.text = "章程", .heading = 1}};
        std::string expected = "章程";
        for (int i = 0; i < 4; ++i) {
            paragraphs.push_back({.text = "第一章", .heading = 2});
            paragraphs.push_back({.text = Repeated("灯", length + i * 28)});
            expected += "第一章" + paragraphs.back().text;
        }
        const auto document = Flow(paragraphs);
        std::string drawn;
        for (const auto& page : document.pages) {
            double y = kAreaTop;
            for (const auto& text : Body(page)) {
                drawn += text.text;
                EXPECT_GE(text.y, y - 1e-6);
                y = text.y + MeasureHeight(text);
                EXPECT_LE(y, kAreaBottom + 1e-6);
            }
        }
        EXPECT_EQ(drawn, expected) << length;
    }
}

TEST(FlowOnA4, LeavesNoHeadingAndNoSingleLineAlone) {
    for (int before = 0; before < 24; ++before) {
        for (int lines = 1; lines < 8; ++lines) {
            std::vector<Paragraph> paragraphs;
            for (int i = 0; i < before; ++i) paragraphs.push_back({.text = "行"});
            paragraphs.push_back({.text = "第一章", .heading = 2});
            paragraphs.push_back({.text = "第一节", .heading = 2});
            paragraphs.push_back({.text = Repeated("灯", 28 * lines - 2)});
            const auto document = Flow(paragraphs);
            for (const auto& page : document.pages) {
                const auto body = Body(page);
                ASSERT_FALSE(body.empty());
                EXPECT_NE(body.back().face, Face::kSans) << before << " " << lines;
                for (const auto* edge : {&body.front(), &body.back()}) {
                    const bool whole = LinesOf(*edge) == lines || edge->text == "行";
                    const bool heading = edge->face == Face::kSans;
                    EXPECT_TRUE(whole || heading || LinesOf(*edge) > 1) << before << " " << lines;
                }
            }
        }
    }
}

TEST(FlowOnA4, GoesOnOverleafAsOneParagraph) {
    const auto document = Flow({{.text = Repeated("灯具", 28 * 15)}});
    ASSERT_EQ(document.pages.size(), 2U);
    const auto first = Body(document.pages[0])[0], second = Body(document.pages[1])[0];
    EXPECT_TRUE(first.continues);
    EXPECT_GT(first.first_line_indent_mm, 0);
    EXPECT_FALSE(second.continues);
    EXPECT_EQ(second.first_line_indent_mm, 0);
}

TEST(FlowOnA4, NumbersEveryPage) {
    const auto document = samples::Articles();
    for (std::size_t i = 0; i < document.pages.size(); ++i) {
        const auto& last = std::get<Text>(document.pages[i].items.back());
        EXPECT_EQ(last.text, fmt::format("第 {} 页 共 {} 页", i + 1, document.pages.size()));
        EXPECT_GT(last.y, kAreaBottom);
    }
}

TEST(FlowOnA4, KeepsBlankLinesAndHoldsUpOddInput) {
    EXPECT_EQ(Flow({}).pages.size(), 1U);
    const auto document = Flow({{.text = "一"}, {.text = ""}, {.text = "二"}});
    const auto body = Body(document.pages[0]);
    ASSERT_EQ(body.size(), 2U);
    EXPECT_NEAR(body[1].y - body[0].y, 2 * kPitch, 1e-9);
    // What is not UTF-8 is refused when it is rendered, not lost on the way.
    EXPECT_REFUSED(RenderPdf(Flow({{.text = "\xff"}})), reasons::kRendering);
}

}  // namespace
}  // namespace onewindow::documents
