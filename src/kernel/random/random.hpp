#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace onewindow {

/// The only source of chance; passed in, so that the simulation owns it.
class Random {
   public:
    virtual ~Random() = default;
    virtual void Fill(std::span<unsigned char> bytes) = 0;

    std::uint64_t Next();
    /// Uniform in [0, bound); bound > 0.
    std::uint64_t Below(std::uint64_t bound);
    /// `count` random bytes.
    std::string Bytes(std::size_t count);
    /// A code without letters that people confuse; for pick-up codes and passwords.
    std::string Readable(std::size_t length);
};

/// getrandom(2). Safe from many threads.
class SystemRandom final : public Random {
   public:
    void Fill(std::span<unsigned char> bytes) override;
};

/// Repeatable; for tests and the simulation only. Not safe from many threads.
class SeededRandom final : public Random {
   public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
    void Fill(std::span<unsigned char> bytes) override;

   private:
    std::uint64_t state_;
};

}  // namespace onewindow
