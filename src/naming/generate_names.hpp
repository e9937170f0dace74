#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kernel/files/embedded_data.hpp"
#include "reference/reference.hpp"

namespace onewindow::naming {

struct GeneratedName {
    std::string name = {};
    std::string authority = {};  // Six digits, of a county.
};

/// Invented names that are distributed like real ones: regions of one province, 字号 that repeat as
/// those of a register do, industries and forms by their counts. The same seed gives the same
/// names.
class NameGenerator {
 public:
    /// Reads naming/statistics/*.tsv.
    NameGenerator(std::span<const embedded::DataFile> files, const reference::Snapshot& reference,
                  std::string_view province, std::uint64_t seed);

    GeneratedName Next();

    /// A name near the last ones: a 字号 that stands already, sounds like one, or is longer by a
    /// character.
    GeneratedName NextQuestion();

 private:
    /// Picks by weight in constant time.
    class Weighted {
     public:
        void Add(std::string text, double weight);
        void Prepare();
        const std::string& Pick(std::uint64_t random) const;
        bool empty() const { return texts_.empty(); }

     private:
        std::vector<std::string> texts_;
        std::vector<double> weights_;
        std::vector<std::uint32_t> other_;
        std::vector<double> keep_;
    };
    struct County {
        std::string code, city, name, city_name;
    };

    std::uint64_t Random();
    double Chance() { return static_cast<double>(Random() >> 11U) * 0x1.0p-53; }
    std::string NewCore();
    std::uint32_t PickCore();
    std::string RegionOf(const County& county);
    GeneratedName Compose(const std::string& core);

    std::uint64_t state_;
    std::string province_;
    Weighted characters_, phrases_, forms_;
    std::vector<County> counties_;
    std::vector<std::uint32_t> county_by_weight_;
    std::vector<std::string> cores_;          // Distinct 字号.
    std::vector<std::uint32_t> core_counts_;  // How often each was taken.
    std::vector<std::uint32_t> taken_;        // All that was taken, in order.
};

}  // namespace onewindow::naming
