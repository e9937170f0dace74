#include <array>

#include "kernel/sealing/sealing.hpp"

namespace onewindow::sealing {
namespace {

/// By UTF-8 character; a byte that starts none counts as one of its own.
std::vector<std::string_view> CharactersOf(std::string_view text) {
    std::vector<std::string_view> characters;
    while (!text.empty()) {
        const auto first = static_cast<unsigned char>(text.front());
        std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
        for (std::size_t i = 1; i < size; ++i) {
            if (i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U)
                size = i;
        }
        characters.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return characters;
}

std::string KeepEnds(std::string_view value, std::size_t front, std::size_t back) {
    const auto characters = CharactersOf(value);
    std::string masked;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        if (i < front || i + back >= characters.size()) {
            masked += characters[i];
        } else {
            masked += '*';
        }
    }
    return masked;
}

/// The length of the first part of `text` that ends with one of `endings`, if it is short and has
/// no sign of a street or house; 0 where there is none.
std::size_t DivisionAt(std::string_view text, std::initializer_list<std::string_view> endings) {
    constexpr std::size_t kCharactersMax =
        11;  // 双江拉祜族佤族布朗族傣族自治县 is written out by few.
    static constexpr std::array<std::string_view, 6> kLocal = {"路", "街", "号", "村", "镇", "乡"};
    std::size_t length = 0, count = 0;
    for (const std::string_view character : CharactersOf(text)) {
        if (character.size() != 3 || ++count > kCharactersMax) return 0;
        if (std::ranges::find(kLocal, character) != kLocal.end()) return 0;
        length += character.size();
        if (count < 2) continue;
        for (const std::string_view ending : endings) {
            if (text.substr(0, length).ends_with(ending)) return length;
        }
    }
    return 0;
}

}  // namespace

std::string MaskIdNumber(std::string_view value) {
    const std::size_t length = CharactersOf(value).size();
    if (length >= 15) return KeepEnds(value, 3, 4);  // 18 digits, or 15 of before 1999.
    return length >= 7 ? KeepEnds(value, 1, 2) : KeepEnds(value, 0, 0);
}

std::string MaskMobile(std::string_view value) {
    const std::size_t length = CharactersOf(value).size();
    if (length == 11) return KeepEnds(value, 3, 4);
    return length >= 7 ? KeepEnds(value, 0, 3) : KeepEnds(value, 0, 0);
}

std::string MaskName(std::string_view value) {
    return KeepEnds(value, CharactersOf(value).size() > 1 ? 1 : 0, 0);
}

std::string MaskAddress(std::string_view value) {
    std::size_t kept = 0;
    kept += DivisionAt(value.substr(kept), {"省", "自治区"});
    kept += DivisionAt(value.substr(kept), {"市", "自治州", "地区", "盟"});
    // Without a city before it, "区" may well be part of a street's name.
    if (kept > 0) kept += DivisionAt(value.substr(kept), {"区", "县", "市", "旗"});
    return std::string(value.substr(0, kept)) + "****";
}

}  // namespace onewindow::sealing
