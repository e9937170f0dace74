#include "kernel/documents/path_data.hpp"

#include <charconv>
#include <cmath>

namespace onewindow::documents {
namespace {

std::string_view NextWord(std::string_view& rest) {
    constexpr std::string_view kSpace = " \n\t";
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    const auto word = rest.substr(0, rest.find_first_of(kSpace));
    rest.remove_prefix(word.size());
    return word;
}

int NumbersOf(std::string_view command) {
    if (command == "M" || command == "L") return 2;
    if (command == "C") return 6;
    return command == "Z" ? 0 : -1;
}

Failure Malformed(std::string_view word) {
    return Fail(Error(Fault{.reason = &reasons::kRendering})
                    .WithDetail(fmt::format("path data: unexpected \"{}\"", word)));
}

}  // namespace

Result<std::vector<PathStep>> ParsePath(std::string_view data) {
    std::vector<PathStep> steps;
    for (auto rest = data;;) {
        const auto command = NextWord(rest);
        if (command.empty()) break;
        const int count = NumbersOf(command);
        if (count < 0 || (steps.empty() && command != "M")) return Malformed(command);
        PathStep step{.command = command[0]};
        for (int i = 0; i < count; ++i) {
            const auto word = NextWord(rest);
            const auto* end = word.data() + word.size();
            const auto [stop, error] = std::from_chars(word.data(), end, step.numbers[i]);
            const bool is_number = error == std::errc() && stop == end;
            if (!is_number || !std::isfinite(step.numbers[i])) return Malformed(word);
        }
        steps.push_back(step);
    }
    if (steps.empty()) return Malformed("end");
    return steps;
}

}  // namespace onewindow::documents
