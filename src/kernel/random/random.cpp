#include "kernel/random/random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <limits>

#include "kernel/result/result.hpp"

namespace onewindow {

std::uint64_t Random::Next() {
    unsigned char bytes[8];
    Fill(bytes);
    std::uint64_t value = 0;
    for (const unsigned char byte : bytes) value = value << 8 | byte;
    return value;
}

std::uint64_t Random::Below(std::uint64_t bound) {
    OW_ASSERT(bound > 0);
    // Values above the last whole multiple would favour small results.
    const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() / bound * bound;
    for (;;) {
        const std::uint64_t value = Next();
        if (value < limit) return value % bound;
    }
}

std::string Random::Bytes(std::size_t count) {
    std::string bytes(count, '\0');
    Fill({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
    return bytes;
}

std::string Random::Readable(std::size_t length) {
    static constexpr std::string_view kAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    std::string text(length, ' ');
    for (char& character : text) character = kAlphabet[Below(kAlphabet.size())];
    return text;
}

void SystemRandom::Fill(std::span<unsigned char> bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = getrandom(bytes.data() + done, bytes.size() - done, 0);
        if (got < 0 && errno == EINTR) continue;
        OW_ASSERT(got > 0);
        done += static_cast<std::size_t>(got);
    }
}

void SeededRandom::Fill(std::span<unsigned char> bytes) {
    for (unsigned char& byte : bytes) {
        // splitmix64: small, and the same on every library.
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
        byte = static_cast<unsigned char>(mixed ^ (mixed >> 31));
    }
}

}  // namespace onewindow
