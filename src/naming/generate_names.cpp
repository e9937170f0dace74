#include "naming/generate_names.hpp"

#include <map>

#include "kernel/text/text.hpp"

namespace onewindow::naming {
namespace {

// 字号 repeat as in the register: the Pitman-Yor process with these two figures gives 8,250
// distinct of 10,000, 59,800 of 100,000 and 311,000 of 730,000; counted were 8,374, 62,072 and
// 318,605.
constexpr double kDiscount = 0.82, kStrength = 2200;

// Share of 字号 by length (counted over 729,824).
constexpr double kTwo = 0.697, kThree = kTwo + 0.096, kFour = kThree + 0.148, kFive = kFour + 0.031;

// New companies take 有限公司 nearly always; the counted forms are of decades ago.
const std::map<std::string, double> kForms{{"有限公司", 70.0},    {"有限责任公司", 6.0},
                                           {"股份有限公司", 1.5}, {"合伙企业（有限合伙）", 1.5},
                                           {"专业合作社", 2.0},   {"店", 5.0},
                                           {"经营部", 4.0},       {"商行", 2.0},
                                           {"厂", 2.5},           {"中心", 1.5},
                                           {"工作室", 1.5},       {"服务部", 1.0},
                                           {"超市", 1.0},         {"养殖场", 0.5},
                                           {"集团有限公司", 0.5}, {"药店", 0.3}};

}  // namespace

void NameGenerator::Weighted::Add(std::string text, double weight) {
    texts_.push_back(std::move(text));
    weights_.push_back(weight);
}

/// Vose's alias method.
void NameGenerator::Weighted::Prepare() {
    const std::size_t size = texts_.size();
    double sum = 0;
    for (const double weight : weights_) sum += weight;
    other_.resize(size);
    keep_.resize(size);
    std::vector<std::uint32_t> small, large;
    std::vector<double> scaled(size);
    for (std::uint32_t i = 0; i < size; ++i) {
        scaled[i] = weights_[i] * static_cast<double>(size) / sum;
        (scaled[i] < 1 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
        const std::uint32_t less = small.back(), more = large.back();
        small.pop_back(), large.pop_back();
        keep_[less] = scaled[less];
        other_[less] = more;
        scaled[more] -= 1 - scaled[less];
        (scaled[more] < 1 ? small : large).push_back(more);
    }
    for (const auto* rest : {&small, &large}) {
        for (const std::uint32_t i : *rest) keep_[i] = 1;
    }
}

const std::string& NameGenerator::Weighted::Pick(std::uint64_t random) const {
    const auto at = static_cast<std::size_t>((random >> 32U) * texts_.size() >> 32U);
    const double chance = static_cast<double>(random & 0xFFFFFFFFU) * 0x1.0p-32;
    return texts_[chance < keep_[at] ? at : other_[at]];
}

NameGenerator::NameGenerator(std::span<const embedded::DataFile> files,
                             const reference::Snapshot& reference, std::string_view province,
                             std::uint64_t seed)
    : state_(seed * 0x9E3779B97F4A7C15U + 1) {
    const auto load = [&](std::string_view name, Weighted& to) {
        for (const auto& file : files) {
            if (file.name != name) continue;
            for (const std::string& line : text::Split(file.bytes, '\n')) {
                const auto fields = text::Split(line, '\t');
                if (line.empty() || line[0] == '#' || fields.size() != 2) continue;
                to.Add(fields[0], std::stod(fields[1]));
            }
        }
        OW_ASSERT(!to.empty());
        to.Prepare();
    };
    load("naming/statistics/characters.tsv", characters_);
    load("naming/statistics/industry_phrases.tsv", phrases_);
    for (const auto& [form, weight] : kForms) forms_.Add(form, weight);
    forms_.Prepare();
    // Cities by their weight in the register; the others share the rest.
    static const std::map<std::string, std::uint32_t, std::less<>> kCities{
        {"370100", 12}, {"370200", 15}, {"370300", 5}, {"370600", 8},
        {"370700", 9},  {"370800", 6},  {"371300", 9}};
    for (const auto& [code, division] : reference.records().divisions) {
        const bool here = code.substr(0, 2) == province.substr(0, 2);
        if (!here || division.level != "county" || division.basis != "standard") continue;
        const reference::Division* const city = reference.CityOf(code);
        if (city == nullptr) continue;
        const auto weight = kCities.find(city->code);
        for (std::uint32_t i = 0; i < (weight == kCities.end() ? 4 : weight->second); ++i) {
            county_by_weight_.push_back(static_cast<std::uint32_t>(counties_.size()));
        }
        counties_.push_back({code, city->code, division.name, city->name});
    }
    OW_ASSERT(!counties_.empty());
    province_ = reference.FindDivision(std::string(province.substr(0, 2)) + "0000")->name;
}

/// SplitMix64.
std::uint64_t NameGenerator::Random() {
    std::uint64_t x = state_ += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
}

std::string NameGenerator::NewCore() {
    const double chance = Chance();
    const int size = chance < kTwo     ? 2
                     : chance < kThree ? 3
                     : chance < kFour  ? 4
                     : chance < kFive  ? 5
                                       : 6;
    std::string core;
    for (int i = 0; i < size; ++i) core += characters_.Pick(Random());
    return core;
}

std::uint32_t NameGenerator::PickCore() {
    const auto taken = static_cast<double>(taken_.size()),
               distinct = static_cast<double>(cores_.size());
    if (Chance() < (kStrength + kDiscount * distinct) / (kStrength + taken)) {
        cores_.push_back(NewCore());
        core_counts_.push_back(0);
        return static_cast<std::uint32_t>(cores_.size() - 1);
    }
    while (true) {
        const std::uint32_t core = taken_[(Random() >> 32U) * taken_.size() >> 32U];
        const double count = core_counts_[core];
        if (Chance() < (count - kDiscount) / count) return core;
    }
}

std::string NameGenerator::RegionOf(const County& county) {
    const auto without = [](const std::string& name) {
        // 市, 区 and 县 are three bytes; what would be left must still be a name.
        return text::Length(name) > 2 ? name.substr(0, name.size() - 3) : name;
    };
    const bool district = county.name.ends_with("区");
    const double chance = Chance();
    if (chance < 0.09) return chance < 0.03 ? province_ : without(province_);
    if (chance < 0.40) return without(county.city_name);
    if (chance < 0.70) return county.city_name;
    if (district) return county.city_name + county.name;
    return chance < 0.85 ? county.name : without(county.name);
}

GeneratedName NameGenerator::Compose(const std::string& core) {
    const County& county =
        counties_[county_by_weight_[(Random() >> 32U) * county_by_weight_.size() >> 32U]];
    const std::string region = RegionOf(county);
    const std::string industry = Chance() < 0.063 ? "" : phrases_.Pick(Random());
    const std::string& form = forms_.Pick(Random());
    GeneratedName generated{.name = {}, .authority = county.code};
    const double chance = Chance();
    if (chance < 0.94) {
        generated.name = region + core + industry + form;
    } else if (chance < 0.97) {
        generated.name = core + "（" + region + "）" + industry + form;
    } else {
        generated.name = core + industry + "（" + region + "）" + form;
    }
    return generated;
}

GeneratedName NameGenerator::Next() {
    const std::uint32_t core = PickCore();
    ++core_counts_[core];
    taken_.push_back(core);
    return Compose(cores_[core]);
}

GeneratedName NameGenerator::NextQuestion() {
    const double chance = Chance();
    std::string core =
        taken_.empty() ? NewCore() : cores_[taken_[(Random() >> 32U) * taken_.size() >> 32U]];
    if (chance < 0.3) {
        std::u32string wide = text::ToCodePoints(core);
        wide[Random() % wide.size()] = text::ToCodePoints(characters_.Pick(Random())).front();
        core = text::FromCodePoints(wide);
    } else if (chance < 0.5) {
        core += characters_.Pick(Random());
    } else if (chance < 0.6) {
        core = NewCore();
    }
    return Compose(core);
}

}  // namespace onewindow::naming
