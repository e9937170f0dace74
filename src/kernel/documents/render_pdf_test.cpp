// Goal: what we render is a sound PDF in the eyes of other programs, always the same bytes, and
// never shows an empty box for a character.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "kernel/documents/page.hpp"
#include "kernel/documents/pdf_catalogue.hpp"
#include "kernel/documents/pdf_tools.hpp"
#include "kernel/documents/sample_documents.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::documents {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::PdfFile;

Document OnePage(std::vector<Item> items) {
    return {.title = "试样",
            .created = "2026-03-10T09:00:00+08:00",
            .pages = {Page{.items = std::move(items)}}};
}

TEST(RenderPdf, HasThePagesTheTextAndTheDescription) {
    const auto bytes = RenderPdf(samples::Articles());
    ASSERT_OK(bytes);
    const PdfFile pdf(*bytes);
    const auto info = pdf.Info();
    EXPECT_THAT(info, HasSubstr("Title:           济南星河灯具有限公司章程\n"));
    EXPECT_THAT(info, HasSubstr("Author:          OneWindow\n"));
    EXPECT_THAT(info, HasSubstr("Pages:           3\n"));
    EXPECT_THAT(info, HasSubstr("Page size:       595.276 x 841.89 pts (A4)\n"));
    // 09:00 in Shanghai; the file says so with its offset.
    EXPECT_THAT(*bytes, HasSubstr("/CreationDate (20260310090000+08'00)"));
    EXPECT_THAT(*bytes, HasSubstr("/Lang (zh-CN)"));

    const auto text = pdf.Characters();
    EXPECT_THAT(text, HasSubstr("第1条为维护公司、股东和债权人的合法权益，规范公司的组织和行为"));
    EXPECT_THAT(text, HasSubstr("全体股东签字：2026年03月10日"));
    EXPECT_THAT(text, HasSubstr("第1页共3页"));
    EXPECT_THAT(text, HasSubstr("第3页共3页"));
}

TEST(RenderPdf, IsSoundAndEmbedsEveryFont) {
    for (const auto& document : {samples::Certificate(), samples::Articles()}) {
        const auto bytes = RenderPdf(document);
        ASSERT_OK(bytes);
        const PdfFile pdf(*bytes);
        EXPECT_THAT(pdf.Check(), HasSubstr("No syntax or stream encoding errors found"));
        std::istringstream fonts(pdf.Fonts());
        std::string line;
        int count = 0;
        while (std::getline(fonts, line)) {
            if (line.find('+') == std::string::npos) continue;
            ++count;
            EXPECT_THAT(line, HasSubstr("CJKsc"));
            EXPECT_THAT(line, HasSubstr("yes yes yes"));  // Embedded, a subset, with Unicode.
        }
        EXPECT_EQ(count, 3);  // Serif, serif bold and sans, once each.
    }
}

TEST(RenderPdf, DrawsAQrCodeThatScans) {
    auto bytes = RenderPdf(samples::Certificate());
    ASSERT_OK(bytes);
    EXPECT_EQ(PdfFile(*bytes).DecodeQr(), "https://example.test/v/11100000MB0143028R001\n");

    const std::string chinese = "一窗通：" + std::string(300, 'x');
    bytes = RenderPdf(OnePage({QrCode{.x = 20, .y = 20, .size = 60, .content = chinese}}));
    ASSERT_OK(bytes);
    EXPECT_EQ(PdfFile(*bytes).DecodeQr(), chinese + "\n");
}

TEST(RenderPdf, GivesTheSameBytesWhateverWasRenderedBefore) {
    const auto first = RenderPdf(samples::Certificate());
    ASSERT_OK(first);
    EXPECT_EQ(*first, RenderPdf(samples::Certificate()));
    ASSERT_OK(RenderPdf(samples::Articles()));
    ASSERT_OK(RenderPdf(OnePage({Text{.width = 100, .text = "𠀁龘靐 Abc", .size_mm = 9}})));
    EXPECT_EQ(*first, RenderPdf(samples::Certificate()));

    EXPECT_NE(*first, RenderPdf(samples::Certificate("济南星汉灯具有限公司")));
}

TEST(RenderPdf, GivesTheSameBytesOnEveryThread) {
    const auto certificate = *RenderPdf(samples::Certificate());
    const auto articles = *RenderPdf(samples::Articles());
    std::vector<std::thread> threads;
    std::atomic<int> equal = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 2; ++round) {
                const bool odd = (i + round) % 2 == 1;
                const auto bytes = RenderPdf(odd ? samples::Certificate() : samples::Articles());
                equal += bytes && *bytes == (odd ? certificate : articles);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(equal, 8);
}

/// FNV-1a: short enough to pass between processes, and no digest of ours is under test.
std::string Fingerprint(const std::string& bytes) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return fmt::format("fingerprint {:016x} of {} bytes", hash, bytes.size());
}

// A threadsafe death test runs its statement in a fresh process that has rendered nothing before.
TEST(RenderPdfDeathTest, GivesTheSameBytesInAnotherProcess) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto is_ours = [](const std::string& said) {
        const auto warm = RenderPdf(samples::Articles());
        const auto ours = RenderPdf(samples::Certificate());
        return warm && ours && said.find(Fingerprint(*ours)) != std::string::npos;
    };
    EXPECT_EXIT(
        {
            std::cerr << Fingerprint(RenderPdf(samples::Certificate()).value_or("")) << std::endl;
            std::_Exit(0);
        },
        ::testing::ExitedWithCode(0), ::testing::Truly(is_ours));
}

TEST(RenderPdfDeathTest, RefusesWhereTheFontsAreNotInstalled) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(
        {
            // A machine that has other fonts, but not ours.
            const testing::ScratchFolder folder;
            std::ofstream(folder.File("fonts.conf"))
                << "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig>"
                << "<dir>/usr/share/fonts/truetype</dir><cachedir>" << folder.File("cache")
                << "</cachedir></fontconfig>";
            ::setenv("FONTCONFIG_FILE", folder.File("fonts.conf").c_str(), 1);
            const auto answer = RenderPdf(samples::Certificate());
            std::cerr << (answer ? "drawn" : answer.error().Describe()) << std::endl;
            std::_Exit(!answer && answer.error().Is(reasons::kRendering) ? 0 : 1);
        },
        ::testing::ExitedWithCode(0), "font not installed: Noto Serif CJK SC");
}

TEST(RenderPdf, DrawsRareCharacters) {
    const std::string rare = "𬭎㛃䶮𠮷";
    auto document = OnePage({Text{.x = 20, .y = 20, .width = 100, .text = rare},
                             Text{.x = 20, .y = 30, .width = 100, .text = rare, .bold = true}});
    EXPECT_THAT(MissingGlyphs(document), ::testing::IsEmpty());
    auto bytes = RenderPdf(document);
    ASSERT_OK(bytes);
    EXPECT_EQ(PdfFile(*bytes).Characters(), rare + rare);

    // U+9FEB is in Noto Sans only: the serif text borrows it, and it alone.
    document = OnePage({Text{.x = 20, .y = 20, .width = 100, .text = "石\u9FEB石"}});
    bytes = RenderPdf(document);
    ASSERT_OK(bytes);
    const PdfFile pdf(*bytes);
    EXPECT_EQ(pdf.Characters(), "石\u9FEB石");
    EXPECT_THAT(pdf.Fonts(), HasSubstr("NotoSansCJKsc-Regular"));
    EXPECT_THAT(pdf.Fonts(), HasSubstr("NotoSerifCJKsc-Regular"));
}

TEST(RenderPdf, RefusesCharactersThatNoFontHas) {
    const auto document = OnePage(
        {Text{.width = 100, .text = "灯\U00013000具\U00012000\n\U00013000"},
         ArcText{.radius = 20, .text = "章\U00010900"}, Text{.width = 100, .text = "铃\u0007"}});
    EXPECT_EQ(MissingGlyphs(document),
              (std::vector<std::string>{"\U00013000", "\U00012000", "\U00010900", "\u0007"}));
    const auto answer = RenderPdf(document);
    EXPECT_REFUSED(answer, reasons::kMissingGlyphs);
    EXPECT_THAT(answer.error().faults()[0].arguments.at("characters"),
                HasSubstr("\U00013000 \U00012000 \U00010900"));
}

TEST(RenderPdf, RefusesWhatIsNoDocument) {
    auto bad_time = OnePage({});
    bad_time.created = "yesterday";
    auto bad_language = OnePage({});
    bad_language.language = "zh) /OpenAction (";
    auto flat = OnePage({});
    flat.pages[0].height = 0;
    const Document cases[] = {
        {.created = "2026-03-10T09:00:00Z"},  // No pages.
        bad_time,
        bad_language,
        flat,
        OnePage({Text{.width = 100, .text = "\xff\xfe"}}),
        OnePage({Text{.width = 0, .text = "灯"}}),
        OnePage({Path{.data = "L 1 1"}}),
        OnePage({QrCode{.content = ""}}),
        OnePage({QrCode{.content = std::string(2332, 'x')}}),  // Version 40-M holds 2331 bytes.
        OnePage({ArcText{.radius = 0, .text = "章"}}),
    };
    for (const auto& document : cases) EXPECT_REFUSED(RenderPdf(document), reasons::kRendering);
    ASSERT_OK(RenderPdf(OnePage({})));
}

TEST(RenderPdf, WrapsAndAlignsInsideTheBox) {
    const std::string scope =
        "一般项目：照明器具制造；照明器具销售；灯具销售；电子元器件零售；技术服务、技术开发。";
    const auto words_of = [&](Align align) {
        const auto bytes = RenderPdf(OnePage(
            {Text{.x = 30, .y = 50, .width = 64, .text = scope, .size_mm = 5, .align = align}}));
        return PdfFile(bytes.value_or("")).Words();
    };
    const double step = 5 * 1.5;
    for (const auto align : {Align::kLeft, Align::kCentre, Align::kRight, Align::kJustify}) {
        const auto words = words_of(align);
        ASSERT_EQ(words.size(), 4U);  // 12 characters of 5 mm a line; a line is one word here.
        for (std::size_t i = 0; i < words.size(); ++i) {
            EXPECT_GE(words[i].left, 30 - 0.1);
            EXPECT_LE(words[i].right, 94 + 0.1);
            EXPECT_NEAR(words[i].top - words[0].top, step * static_cast<double>(i), 0.01);
            // No line begins with a mark that closes.
            EXPECT_FALSE(words[i].text.starts_with("；") || words[i].text.starts_with("、"));
        }
        const auto& full = words[1];
        const bool at_left = align == Align::kLeft || align == Align::kJustify;
        const bool at_right = align == Align::kRight || align == Align::kJustify;
        if (at_left) {
            EXPECT_NEAR(full.left, 30, 0.05);
        }
        if (at_right) {
            EXPECT_NEAR(full.right, 94, 0.05);
        }
        if (align == Align::kCentre) {
            EXPECT_NEAR(full.left + full.right, 30 + 94, 0.05);
        }
        if (align == Align::kJustify) {  // The last line.
            EXPECT_LT(words[3].right, 94 - 5);
        }
    }
}

TEST(RenderPdf, SetsTextAlongACircle) {
    const auto bytes = RenderPdf(OnePage({Path{.data = "M 10 10 L 20 10"},
                                          ArcText{.centre_x = 100,
                                                  .centre_y = 100,
                                                  .radius = 30,
                                                  .text = "田田田",
                                                  .size_mm = 6,
                                                  .spread_degrees = 180},
                                          ArcText{.centre_x = 100,
                                                  .centre_y = 100,
                                                  .radius = 33,
                                                  .text = "田",
                                                  .size_mm = 6,
                                                  .bottom = true}}));
    ASSERT_OK(bytes);
    const auto picture = PdfFile(*bytes).Draw();
    // Characters stand outward at the top, inward at the bottom.
    for (const auto& [x, y] :
         {std::pair{67.7, 100.0}, {100.0, 67.7}, {132.3, 100.0}, {100.0, 130.7}}) {
        EXPECT_TRUE(picture.IsInked(x, y, 2.5)) << x << " " << y;
    }
    // Nothing in between: no stray line from one item to the next.
    EXPECT_FALSE(picture.IsInked(100, 100, 26));
    EXPECT_FALSE(picture.IsInked(45, 45, 24));
}

TEST(RenderPdf, SpeaksOfEveryReasonInBothLanguages) {
    const std::string folder = ONEWINDOW_SOURCE_DIR "/src/kernel/documents/";
    for (const auto* file : {"messages.zh.toml", "messages.en.toml"}) {
        std::ifstream stream(folder + file);
        const std::string text(std::istreambuf_iterator<char>(stream), {});
        EXPECT_THAT(text, HasSubstr(fmt::format("\"{}\" = ", reasons::kRendering.code)));
        EXPECT_THAT(text, HasSubstr(fmt::format("\"{}\" = ", reasons::kMissingGlyphs.code)));
    }
}

TEST(AddToCatalogue, RefusesAFileThatCairoDidNotWrite) {
    EXPECT_REFUSED(AddToCatalogue("%PDF-1.5\n%%EOF\n", "zh-CN"), reasons::kRendering);
    EXPECT_REFUSED(AddToCatalogue("", "zh-CN"), reasons::kRendering);
    EXPECT_REFUSED(AddToCatalogue("<< /Type /Catalog\n>>\nendobj\n1 0 obj\n1\nendobj\nxref\n"
                                  "trailer\nstartxref\n50\n%%EOF\n",
                                  "zh-CN"),
                   reasons::kRendering);
}

TEST(MeasureHeight, IsTheLinesTimesTheirHeight) {
    Text text{.width = 50, .text = "十个字占五十毫米正好", .size_mm = 5, .line_height = 2};
    EXPECT_DOUBLE_EQ(MeasureHeight(text), 10);
    text.text += "啊";
    EXPECT_DOUBLE_EQ(MeasureHeight(text), 20);
    text.text = "一\n二\n\n四";
    EXPECT_DOUBLE_EQ(MeasureHeight(text), 40);
    text.text = "";
    EXPECT_DOUBLE_EQ(MeasureHeight(text), 0);
    // A fallback font does not push lines apart.
    text.text = "石\u9FEB\n\u9FEB石";
    EXPECT_DOUBLE_EQ(MeasureHeight(text), 20);
}

}  // namespace
}  // namespace onewindow::documents
