#include "demo/summary.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include <fmt/format.h>

namespace onewindow::demo {
namespace {

struct Tally {
    std::string title, limit;
    std::vector<std::int64_t> used_ms;
    int late = 0, resent = 0;
};

std::int64_t Quantile(std::vector<std::int64_t> values, int percent) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const std::size_t rank = (values.size() * static_cast<std::size_t>(percent) + 99) / 100;
    return values[std::max<std::size_t>(rank, 1) - 1];
}

std::vector<json::value> ListOf(const json::value& answer, std::string_view name) {
    const json::value* list = json::Find(answer, name);
    if (list == nullptr || !list->is_array()) return {};
    return {list->get_array().begin(), list->get_array().end()};
}

std::string LimitOf(const json::value& clock) {
    const std::int64_t workdays = json::IntAt(clock, "limit_workdays");
    if (workdays > 0) return fmt::format("{} 个工作日", workdays);
    return Spell(json::IntAt(clock, "limit_minutes") * 60'000);
}

/// Working time that the service charged, by clock; the tracks' further sends.
void Count(const Display& display, const Outcome& outcome, std::map<std::string, Tally>& tallies) {
    for (const json::value& clock : ListOf(outcome.clocks, "clocks")) {
        const std::string subject = json::TextAt(clock, "subject");
        Tally& tally = tallies[subject];
        tally.title = display.Text("clock." + subject);
        tally.limit = LimitOf(clock);
        tally.used_ms.push_back(json::IntAt(clock, "used_ms"));
        if (json::BoolAt(clock, "late")) ++tally.late;
    }
    for (const json::value& track : ListOf(outcome.tracks, "tracks")) {
        const auto found = tallies.find("track:" + json::TextAt(track, "matter"));
        if (found == tallies.end()) continue;  // Not applicable everywhere so far: no clock ran.
        found->second.title = json::TextAt(track, "title.zh");
        const std::int64_t attempts = json::IntAt(track, "attempts");
        if (attempts > 1) found->second.resent += static_cast<int>(attempts - 1);
    }
}

/// Why an outcome is not good; empty if it is.
std::string FaultOf(const Outcome& outcome) {
    if (!outcome.fault.empty()) return outcome.fault;
    // With open matters: what the applicant has put off himself (model.md section 2); the tracks below tell.
    const bool complete = outcome.state == "complete" || outcome.state == "complete_with_open_matters";
    if (!complete) return "state " + outcome.state;
    for (const json::value& clock : ListOf(outcome.clocks, "clocks")) {
        if (json::BoolAt(clock, "late")) return "late: " + json::TextAt(clock, "subject");
    }
    std::map<std::string, int> kinds;
    for (const json::value& item : ListOf(outcome.kit, "items")) {
        if (++kinds[json::TextAt(item, "kind")] > 1) return "doubled: " + json::TextAt(item, "kind");
    }
    for (const json::value& track : ListOf(outcome.tracks, "tracks")) {
        const std::string state = json::TextAt(track, "state");
        const bool ended = state == "done" || state == "not_applicable" || state == "deferred";
        if (!ended) return json::TextAt(track, "matter") + " " + state;
    }
    return "";
}

void PrintTimes(Display& display, const std::map<std::string, Tally>& tallies) {
    display.Print("\n" + Pad(display.Text("column.clock"), 38) + Pad(display.Text("column.count"), 8) +
                  Pad("p50", 14) + Pad("p99", 14) + Pad(display.Text("column.worst"), 14) +
                  Pad(display.Text("column.limit"), 18) + Pad(display.Text("column.late"), 6) +
                  display.Text("column.resent"));
    for (const auto& [subject, tally] : tallies) {
        display.Print(Pad(tally.title, 38) + Pad(std::to_string(tally.used_ms.size()), 8) +
                      Pad(Spell(Quantile(tally.used_ms, 50)), 14) +
                      Pad(Spell(Quantile(tally.used_ms, 99)), 14) +
                      Pad(Spell(Quantile(tally.used_ms, 100)), 14) + Pad(tally.limit, 18) +
                      Pad(std::to_string(tally.late), 6) + std::to_string(tally.resent));
    }
}

json::object TimesOf(const std::map<std::string, Tally>& tallies) {
    json::object times;
    for (const auto& [subject, tally] : tallies) {
        times[subject] = json::object{{"count", static_cast<std::int64_t>(tally.used_ms.size())},
                                      {"p50_ms", Quantile(tally.used_ms, 50)},
                                      {"p99_ms", Quantile(tally.used_ms, 99)},
                                      {"worst_ms", Quantile(tally.used_ms, 100)},
                                      {"late", tally.late},
                                      {"resent", tally.resent}};
    }
    return times;
}

}  // namespace

void PrintCase(Display& display, const Outcome& outcome, const std::string& folder, const std::string& data) {
    const auto line = [&](std::string_view key, const std::string& value) {
        display.Print("  " + Pad(display.Text(key), 20) + value);
    };
    display.Print("\n" + outcome.title);
    line("card.number", outcome.number);
    line("card.uscc", json::TextAt(outcome.licence, "uscc"));
    line("card.established", json::TextAt(outcome.licence, "established"));
    line("card.licence", folder + "/" + outcome.number + "-original.pdf");
    line("card.verify", display.Text("verify", {{"data", data}, {"file", folder + "/" + outcome.number + "-original.pdf"}}));
    for (const json::value& track : ListOf(outcome.tracks, "tracks")) {
        if (json::TextAt(track, "state") == "not_applicable") continue;
        display.Print("  " + Pad(json::TextAt(track, "title.zh"), 38) +
                      Pad(display.Text("track." + json::TextAt(track, "state")), 12) +
                      Pad(json::TextAt(track, "receipt"), 42) + json::TextAt(track, "number"));
    }
    for (const json::value& item : ListOf(outcome.kit, "items")) {
        display.Print("  " + Pad(json::TextAt(item, "title"), 20) + Pad(json::TextAt(item, "number"), 20) +
                      json::TextAt(item, "place"));
    }
}

bool PrintSummary(Display& display, const std::vector<Outcome>& outcomes, const std::string& folder) {
    std::map<std::string, Tally> tallies;
    std::map<std::string, int> codes;
    std::size_t good = 0;
    json::array lines;
    if (outcomes.size() > 1) {
        display.Print("\n" + Pad(display.Text("card.number"), 24) + Pad(display.Text("card.uscc"), 22) +
                      Pad(display.Text("column.type"), 24) + display.Text("column.outcome"));
    }
    for (const Outcome& outcome : outcomes) {
        std::string why = FaultOf(outcome);
        const std::string uscc = json::TextAt(outcome.licence, "uscc");
        if (!uscc.empty() && ++codes[uscc] > 1) why = "USCC issued twice";
        good += why.empty() ? 1 : 0;
        Count(display, outcome, tallies);
        if (outcomes.size() > 1) {
            display.Print(Pad(outcome.number.empty() ? "-" : outcome.number, 24) + Pad(uscc, 22) +
                          Pad(outcome.entity_type, 24) +
                          (why.empty() ? display.Text("case." + outcome.state) : "FAILED: " + why));
        }
        lines.push_back(json::object{{"case_number", outcome.number},
                                     {"entity_type", outcome.entity_type},
                                     {"uscc", uscc},
                                     {"state", outcome.state},
                                     {"fault", why},
                                     {"resent", outcome.resent}});
    }
    PrintTimes(display, tallies);
    display.Print("\n" + display.Text("summary", {{"good", std::to_string(good)},
                                                  {"all", std::to_string(outcomes.size())},
                                                  {"folder", folder}}));
    std::ofstream(folder + "/summary.json")
        << json::Text(json::object{{"applications", lines}, {"times", TimesOf(tallies)}}) << "\n";
    return good == outcomes.size();
}

}  // namespace onewindow::demo
