#include "kernel/json/described.hpp"

#include <boost/core/demangle.hpp>

namespace onewindow::json {

std::string EnumText(std::string_view enumerator) {
    if (enumerator.size() > 1 && enumerator[0] == 'k') enumerator.remove_prefix(1);
    std::string out;
    for (const char character : enumerator) {
        if (character >= 'A' && character <= 'Z') {
            if (!out.empty()) out += '_';
            out += static_cast<char>(character - 'A' + 'a');
        } else {
            out += character;
        }
    }
    return out;
}

std::string ShortTypeName(const char* mangled) {
    const std::string full = boost::core::demangle(mangled);
    const std::size_t colons = full.rfind("::");
    return colons == std::string::npos ? full : full.substr(colons + 2);
}

}  // namespace onewindow::json
