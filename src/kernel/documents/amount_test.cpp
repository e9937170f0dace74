// Goal: upper-case amounts by the rules of 支付结算办法 annex 1, and round trips over many numbers.

#include "kernel/documents/amount.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onewindow::documents {
namespace {

TEST(UpperCaseAmount, FollowsTheTable) {
    const std::pair<std::int64_t, std::string_view> cases[] = {
        {0, "零元整"},
        {1, "壹分"},
        {10, "壹角整"},
        {11, "壹角壹分"},
        {100, "壹元整"},
        {105, "壹元零伍分"},
        {150, "壹元伍角整"},
        {10'00, "壹拾元整"},
        {10'50, "壹拾元伍角整"},
        {15'00, "壹拾伍元整"},
        {101'00, "壹佰零壹元整"},
        {325'04, "叁佰贰拾伍元零肆分"},        // The rules' own example.
        {1'409'50, "壹仟肆佰零玖元伍角整"},    // The rules' own example.
        {1'680'32, "壹仟陆佰捌拾元叁角贰分"},  // The rules' own example, without the optional 零.
        {6'007'14, "陆仟零柒元壹角肆分"},      // The rules' own example.
        {16'409'02, "壹万陆仟肆佰零玖元零贰分"},  // The rules' own example.
        {107'000'53, "壹拾万柒仟元伍角叁分"},  // The rules' own example, without the optional 零.
        {10'000'00, "壹万元整"},
        {10'001'00, "壹万零壹元整"},
        {100'500'00, "壹拾万零伍佰元整"},
        {1'000'000'00, "壹佰万元整"},
        {50'000'000'00, "伍仟万元整"},
        {20'304'050'00, "贰仟零叁拾万肆仟零伍拾元整"},
        {100'000'000'00, "壹亿元整"},
        {100'000'001'00, "壹亿零壹元整"},
        {100'001'000'00, "壹亿零壹仟元整"},
        {101'000'000'00, "壹亿零壹佰万元整"},
        {110'000'000'00, "壹亿壹仟万元整"},
        {1'050'000'000'00, "壹拾亿伍仟万元整"},
        {100'500'000'000'00, "壹仟零伍亿元整"},
        {1'000'000'000'000'00, "壹万亿元整"},
        {1'000'050'000'006'07, "壹万亿伍仟万零陆元零柒分"},
        {-100, "负壹元整"},
        {std::numeric_limits<std::int64_t>::max(),
         "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分"},
        {std::numeric_limits<std::int64_t>::min(),
         "负玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零捌分"},
    };
    for (const auto& [fen, text] : cases) EXPECT_EQ(UpperCaseAmount(fen), text) << fen;
}

/// Reads the numerals back, each by its unit; written apart from the code under test.
std::uint64_t Read(std::string_view text) {
    const std::vector<std::string_view> digits = {"零", "壹", "贰", "叁", "肆",
                                                  "伍", "陆", "柒", "捌", "玖"};
    std::uint64_t fen = 0, yuan = 0, below_100m = 0, group = 0, digit = 0;
    for (std::size_t at = 0; at < text.size(); at += 3) {
        const auto sign = text.substr(at, 3);
        const auto found = std::find(digits.begin(), digits.end(), sign);
        if (found != digits.end()) {
            digit = static_cast<std::uint64_t>(found - digits.begin());
            continue;
        }
        if (sign == "拾") group += digit * 10;
        if (sign == "佰") group += digit * 100;
        if (sign == "仟") group += digit * 1000;
        if (sign == "万") below_100m += (group + digit) * 10'000, group = 0;
        if (sign == "亿") yuan = (below_100m + group + digit) * 100'000'000, below_100m = group = 0;
        if (sign == "元") fen = (yuan + below_100m + group + digit) * 100;
        if (sign == "角") fen += digit * 10;
        if (sign == "分") fen += digit;
        digit = 0;
    }
    return fen;
}

TEST(UpperCaseAmount, CanBeReadBack) {
    // Steps that walk through every digit pattern; below 万亿 the numerals have one reading.
    for (std::int64_t fen = 0; fen < 300'000; fen += 7) {
        ASSERT_EQ(Read(UpperCaseAmount(fen)), fen) << UpperCaseAmount(fen);
    }
    for (std::int64_t fen = 1; fen < 90'000'000'000'000; fen = fen * 11 / 10 + 100) {
        for (const std::int64_t scale : {1, 10, 1000, 100'000}) {
            const auto round = fen / scale * scale;
            ASSERT_EQ(Read(UpperCaseAmount(round)), round) << UpperCaseAmount(round);
            ASSERT_EQ(UpperCaseAmount(round).find("零零"), std::string::npos) << round;
        }
    }
}

}  // namespace
}  // namespace onewindow::documents
