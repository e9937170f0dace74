#include "kernel/ids/ids.hpp"

#include <algorithm>

namespace onewindow {
namespace {
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
}

std::string NewUlid(const Clock& clock, Random& random) {
    std::string id(26, '0');
    auto time = static_cast<std::uint64_t>(EpochMs(clock.Now()));
    for (std::size_t i = 10; i-- > 0; time >>= 5) id[i] = kCrockford[time & 31U];
    unsigned char chance[16];
    random.Fill(chance);
    for (std::size_t i = 0; i < 16; ++i) id[10 + i] = kCrockford[chance[i] & 31U];
    return id;
}

bool IsUlid(std::string_view text) {
    return text.size() == 26 && std::all_of(text.begin(), text.end(), [](char character) {
               return kCrockford.find(character) != std::string_view::npos;
           });
}

}  // namespace onewindow
