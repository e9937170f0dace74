#include "identity/document.hpp"

#include <algorithm>

#include "kernel/text/text.hpp"
#include "reference/codes/codes.hpp"

namespace onewindow::identity {

char CheckCharacterMod11(std::string_view digits) {
    int sum = 0;
    for (const char digit : digits) sum = (sum + (digit - '0')) * 2 % 11;
    return "0123456789X"[(12 - sum) % 11];
}

std::string CanonicalIdNumber(std::string_view id_type, std::string_view id_number) {
    std::string number = reference::NormaliseCode(id_number);
    std::transform(number.begin(), number.end(), number.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    const bool old = id_type == "resident_id" && number.size() == 15 &&
                     number.find_first_not_of("0123456789") == std::string::npos;
    if (!old) return number;
    // Those born before 1900 got sequences 996 to 999 and are not among the living.
    number.insert(6, "19");
    number += CheckCharacterMod11(number);
    return number;
}

}  // namespace onewindow::identity
