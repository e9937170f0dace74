#include "demo/summary.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include <fmt/format.h>

namespace onewindow::demo {
namespace {

struct Tally {
    std::vector<std::int64_t> used_ms;
    int late = 0, attempts_more = 0, open = 0;
};

std::string Minutes(std::int64_t ms) { return fmt::format("{:.1f}", static_cast<double>(ms) / 60'000.0); }

std::int64_t Quantile(std::vector<std::int64_t> values, int percent) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const std::size_t rank = (values.size() * static_cast<std::size_t>(percent) + 99) / 100;
    return values[std::max<std::size_t>(rank, 1) - 1];
}

/// Working time that the service charged, by clock; the tracks' further sends.
void Count(const Outcome& outcome, std::map<std::string, Tally>& tallies) {
    if (const json::value* clocks = json::Find(outcome.clocks, "clocks"); clocks != nullptr && clocks->is_array()) {
        for (const json::value& clock : clocks->get_array()) {
            Tally& tally = tallies[json::TextAt(clock, "subject")];
            tally.used_ms.push_back(json::IntAt(clock, "used_ms"));
            if (json::BoolAt(clock, "late")) ++tally.late;
            if (json::TextAt(clock, "state") != "stopped") ++tally.open;
        }
    }
    if (const json::value* tracks = json::Find(outcome.tracks, "tracks"); tracks != nullptr && tracks->is_array()) {
        for (const json::value& track : tracks->get_array()) {
            const auto attempts = json::IntAt(track, "attempts");
            if (attempts > 1) tallies["track:" + json::TextAt(track, "matter")].attempts_more += static_cast<int>(attempts - 1);
        }
    }
}

bool IsGood(const Outcome& outcome, std::string& why) {
    if (!outcome.fault.empty()) why = outcome.fault;
    else if (outcome.state != "complete" && outcome.state != "complete_with_open_matters") why = "state " + outcome.state;
    if (const json::value* clocks = json::Find(outcome.clocks, "clocks"); why.empty() && clocks != nullptr && clocks->is_array()) {
        for (const json::value& clock : clocks->get_array()) {
            if (json::BoolAt(clock, "late")) why = "late: " + json::TextAt(clock, "subject");
        }
    }
    if (const json::value* items = json::Find(outcome.kit, "items"); why.empty() && items != nullptr && items->is_array()) {
        std::map<std::string, int> kinds;
        for (const json::value& item : items->get_array()) {
            if (++kinds[json::TextAt(item, "kind")] > 1) why = "doubled: " + json::TextAt(item, "kind");
        }
    }
    return why.empty();
}

}  // namespace

bool PrintSummary(const std::vector<Outcome>& outcomes, const std::string& folder, std::ostream& out) {
    std::map<std::string, Tally> tallies;
    std::map<std::string, int> codes;
    int good = 0;
    json::array lines;
    out << "\n申报号 / case             统一社会信用代码      主体类型             结果\n";
    for (const Outcome& outcome : outcomes) {
        std::string why;
        const bool fine = IsGood(outcome, why);
        const std::string uscc = json::TextAt(outcome.licence, "uscc");
        if (!uscc.empty() && ++codes[uscc] > 1) why = "USCC issued twice";
        good += fine && why.empty() ? 1 : 0;
        Count(outcome, tallies);
        out << fmt::format("{:<24} {:<20} {:<20} {}\n", outcome.number.empty() ? "-" : outcome.number, uscc, outcome.entity_type,
                           why.empty() ? outcome.state : "FAILED: " + why);
        if (outcomes.size() == 1) {
            for (const json::value& item : outcome.kit.as_object().at("items").as_array()) {
                out << fmt::format("  {:<22} {:<16} {:<12} {}\n", json::TextAt(item, "title", json::TextAt(item, "kind")), json::TextAt(item, "number"),
                                   json::TextAt(item, "state"), json::TextAt(item, "place"));
            }
        }
        lines.push_back(json::object{{"case_number", outcome.number}, {"entity_type", outcome.entity_type}, {"uscc", uscc},
                                     {"state", outcome.state}, {"fault", why}, {"resent", outcome.resent}});
    }
    out << "\n计时 / clock                               件数   p50(分)  p99(分)  最长(分)  超时  重发\n";
    json::object times;
    for (const auto& [subject, tally] : tallies) {
        out << fmt::format("{:<42} {:>5} {:>9} {:>8} {:>9} {:>5} {:>5}\n", subject, tally.used_ms.size(), Minutes(Quantile(tally.used_ms, 50)),
                           Minutes(Quantile(tally.used_ms, 99)), Minutes(Quantile(tally.used_ms, 100)), tally.late, tally.attempts_more);
        times[subject] = json::object{{"count", static_cast<std::int64_t>(tally.used_ms.size())}, {"p50_ms", Quantile(tally.used_ms, 50)},
                                      {"p99_ms", Quantile(tally.used_ms, 99)}, {"worst_ms", Quantile(tally.used_ms, 100)},
                                      {"late", tally.late}, {"resent", tally.attempts_more}};
    }
    out << fmt::format("\n{} / {} 件全部办结且未超时 (complete and in time). 文件 / files: {}\n", good, outcomes.size(), folder) << std::flush;
    std::ofstream(folder + "/summary.json") << json::Text(json::object{{"applications", lines}, {"times", times}}) << "\n";
    return good == static_cast<int>(outcomes.size());
}

}  // namespace onewindow::demo
