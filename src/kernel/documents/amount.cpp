#include "kernel/documents/amount.hpp"

#include <array>
#include <string_view>

namespace onewindow::documents {
namespace {

constexpr std::array<std::string_view, 10> kDigits = {"零", "壹", "贰", "叁", "肆",
                                                      "伍", "陆", "柒", "捌", "玖"};

/// 1 to 9999.
std::string Group(std::uint64_t number) {
    static constexpr std::array<std::string_view, 4> kUnits = {"仟", "佰", "拾", ""};
    std::string text;
    bool zero_pending = false;
    std::uint64_t divisor = 1000;
    for (const auto unit : kUnits) {
        const auto digit = number / divisor % 10;
        divisor /= 10;
        if (digit == 0) {
            zero_pending = !text.empty();
            continue;
        }
        // Several zeros in a row are written once, those at the end of a group not at all.
        if (zero_pending) text += kDigits[0];
        zero_pending = false;
        text += kDigits[digit];
        text += unit;
    }
    return text;
}

std::string Number(std::uint64_t number);

/// number = high * base + low, with the name of the base between them.
std::string Join(std::uint64_t number, std::uint64_t base, std::string_view name) {
    const auto low = number % base;
    std::string text = Number(number / base);
    text += name;
    if (low == 0) return text;
    if (low < base / 10) text += kDigits[0];  // Its highest place is empty: 壹拾万零伍佰.
    return text + Number(low);
}

std::string Number(std::uint64_t number) {
    constexpr std::uint64_t kTenThousand = 10'000, kHundredMillion = 100'000'000;
    if (number >= kHundredMillion) return Join(number, kHundredMillion, "亿");
    if (number >= kTenThousand) return Join(number, kTenThousand, "万");
    return Group(number);
}

}  // namespace

std::string UpperCaseAmount(std::int64_t fen) {
    // Negating the smallest number would overflow a signed one.
    const auto size =
        fen < 0 ? 0 - static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
    const auto yuan = size / 100, jiao = size / 10 % 10, cents = size % 10;
    if (size == 0) return "零元整";

    std::string text = fen < 0 ? "负" : "";
    if (yuan > 0) text += Number(yuan) + "元";
    if (jiao == 0 && cents == 0) return text + "整";
    if (jiao > 0) {
        text += kDigits[jiao];
        text += "角";
    } else if (yuan > 0) {
        text += kDigits[0];
    }
    if (cents == 0) return text + "整";
    text += kDigits[cents];
    return text + "分";
}

}  // namespace onewindow::documents
