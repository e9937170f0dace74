// Goal: what the documents say of states, and of what is not there yet, is what the code has.

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "kernel/embedded.hpp"
#include "kernel/text/text.hpp"
#include "server/app.hpp"
#include "server/testing/house.hpp"

namespace onewindow::server {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;
using Pairs = std::set<std::pair<std::string, std::string>>;

const fs::path kRoot = ONEWINDOW_SOURCE_DIR;

std::string ReadAll(const fs::path& path) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

/// Cells of the table below a heading, without its head.
std::vector<Lines> TableOf(const std::string& page, const std::string& heading) {
    std::vector<Lines> rows;
    const auto at = page.find("\n## " + heading);
    if (at == std::string::npos) return rows;
    std::istringstream lines(page.substr(at + 4, page.find("\n## ", at + 4) - at - 4));
    int seen = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("|") || ++seen <= 2) continue;
        Lines cells;
        for (const std::string& cell : text::Split(line.substr(1, line.size() - 2), '|')) cells.emplace_back(text::Trim(cell));
        rows.push_back(std::move(cells));
    }
    return rows;
}

/// Edges of a table "from | to, to".
Pairs ListedEdges(const std::string& page, const std::string& heading) {
    Pairs edges;
    for (const Lines& row : TableOf(page, heading)) {
        edges.emplace(row.at(0), "");
        for (const std::string& to : text::Split(row.at(1), ',')) {
            if (!text::Trim(to).empty()) edges.emplace(row.at(0), std::string(text::Trim(to)));
        }
    }
    return edges;
}

template <class State, class Edge>
Pairs EdgesInCode(Edge is_edge) {
    Pairs edges;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<State>>([&](auto from) {
        edges.emplace(json::EnumText(from.name), "");
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<State>>([&](auto to) {
            if (is_edge(from.value, to.value)) edges.emplace(json::EnumText(from.name), json::EnumText(to.name));
        });
    });
    return edges;
}

const std::string& StatePage() {
    static const std::string kPage = ReadAll(kRoot / "docs/state-machines.md");
    return kPage;
}

TEST(StateMachines, CaseAndTrackHaveTheEdgesOfTheCode) {
    const Pairs cases = ListedEdges(StatePage(), "Case"), tracks = ListedEdges(StatePage(), "Track");
    EXPECT_EQ(cases, EdgesInCode<application::State>(application::IsEdge));
    EXPECT_EQ(tracks, EdgesInCode<exchange::TrackState>([](auto from, auto to) { return exchange::IsEdge(from, to); }));
    EXPECT_GT(cases.size(), 20U);
    EXPECT_GT(tracks.size(), 40U);
}

/// The states that a table's CHECK allows: the words in quotes after "CHECK (<column> IN (".
std::set<std::string> StatesOfTable(const std::string& constraint) {
    std::set<std::string> states;
    for (const db::Migration& migration : embedded::AllMigrations()) {
        const std::string sql(migration.sql);
        const auto at = sql.find("CONSTRAINT " + constraint + " CHECK");
        if (at == std::string::npos) continue;
        const std::string list = sql.substr(at, sql.find("))", at) - at);
        for (std::size_t quote = list.find('\''); quote != std::string::npos; quote = list.find('\'', quote)) {
            const auto end = list.find('\'', quote + 1);
            states.insert(list.substr(quote + 1, end - quote - 1));
            quote = end + 1;
        }
    }
    return states;
}

class EventKindsOfAll : public House {};

TEST_P(EventKindsOfAll, OtherMachinesHaveTheStatesOfTheirTablesAndKnownEvents) {
    const std::pair<const char*, const char*> machines[] = {{"Signature request", "signing_request_state"},
                                                            {"Thing of a kit", "handover_item_state"},
                                                            {"Kit", "handover_kit_state"},
                                                            {"Seal order", "seals_order_state"},
                                                            {"Name", "naming_name_status"}};
    for (const auto& [heading, constraint] : machines) {
        std::set<std::string> listed;
        for (const Lines& row : TableOf(StatePage(), heading)) {
            ASSERT_EQ(row.size(), 3U) << heading;
            listed.insert(row[0]);
            listed.insert(row[2]);
            if (row[1].empty()) continue;
            EXPECT_TRUE(rooms_->event_kinds().Knows(row[1].substr(1, row[1].size() - 2))) << heading << " " << row[1];
        }
        EXPECT_EQ(listed, StatesOfTable(constraint)) << heading;
        EXPECT_FALSE(listed.empty()) << heading;
    }
}

OW_BOTH_ENGINES(EventKindsOfAll);

/// What the service and its command line have, as far as anybody can see from outside.
struct Surface {
    std::string api, commands, targets;

    bool HasPath(std::string_view part) const { return api.find(part) != std::string::npos; }
    bool HasCommand(const std::string& name) const {
        return std::regex_search(commands, std::regex("app\\.add_subcommand\\(\\s*\"" + name + "\""));
    }
    bool HasTarget(const std::string& name) const { return targets.find("\n" + name + ":") != std::string::npos; }
};

/// A thing that is either there or named in the list; `words` are how the list names it.
struct Missing {
    std::string words;
    bool there;
};

std::vector<Missing> Things(const Surface& has) {
    const auto exists = [](const char* path) { return fs::exists(kRoot / path); };
    return {
        {"there is an API, no portal", has.HasPath("\"/portal") || has.HasPath("\"/assets") || exists("web")},
        {"suggestions", has.HasPath("suggestion")},
        {"PAdES and OFD", has.HasPath("application/ofd")},
        {"checkpoints, witnesses", has.HasCommand("ledger") || has.HasPath("checkpoint")},
        {"Archive packages", has.HasPath("/archive")},
        {"complaints", has.HasPath("/complaints")},
        {"ratings", has.HasPath("/ratings")},
        {"deregistration", has.HasPath("/deregistrations") || has.HasPath("/closings")},
        {"mobile", exists("web/mobile")},
        {"kiosk", has.HasPath("/kiosk")},
        {"The simulation", has.HasCommand("simulate")},
        {"backup", has.HasCommand("backup")},
        {"restore", has.HasCommand("restore")},
        {"import", has.HasCommand("import")},
        {"export", has.HasCommand("export")},
        {"make bench", has.HasTarget("bench")},
        {"make lint", has.HasTarget("lint")},
        {"Contract tests", exists("tests/contract")},
        {"tests/bad", exists("tests/bad")},
        {"make sanitize", has.HasTarget("sanitize")},
        {"famous 字号", exists("data/naming/famous.tsv")},
    };
}

/// The section's text, and how many points it has.
std::pair<std::string, int> NotThereYet(const std::string& readme) {
    const auto at = readme.find("## Not there yet");
    if (at == std::string::npos) return {"", 0};
    const std::string section = readme.substr(at, readme.find("\nLicence:", at) - at);
    int points = 0;
    for (auto dash = section.find("\n- "); dash != std::string::npos; dash = section.find("\n- ", dash + 1)) ++points;
    return {section, points};
}

Lines Untrue(const std::string& section, const std::vector<Missing>& things) {
    Lines untrue;
    for (const Missing& thing : things) {
        const bool listed = section.find(thing.words) != std::string::npos;
        if (listed && thing.there) untrue.push_back("listed, but there: " + thing.words);
        if (!listed && !thing.there) untrue.push_back("neither there nor listed: " + thing.words);
    }
    return untrue;
}

TEST(NotThereYet, TheReadmeListsExactlyWhatTheServiceAndItsCommandsDoNotHave) {
    const auto document = App::OpenApi();
    ASSERT_OK(document);
    const Surface surface{.api = json::Text(*document),
                          .commands = ReadAll(kRoot / "src/main.cpp") + ReadAll(kRoot / "src/server/processes.cpp"),
                          .targets = ReadAll(kRoot / "Makefile")};
    // The probes see what is there.
    ASSERT_TRUE(surface.HasPath("/api/v1/cases") && surface.HasCommand("serve") && surface.HasTarget("test"));
    const auto [section, points] = NotThereYet(ReadAll(kRoot / "README.md"));
    EXPECT_GT(points, 0);
    EXPECT_EQ(Untrue(section, Things(surface)), Lines{});
    // And turn red where the list is wrong in either direction.
    Surface grown = surface;
    grown.commands += "app.add_subcommand(\"simulate\"";
    EXPECT_EQ(Untrue("The simulation", {Things(grown)[10]}), Lines{"listed, but there: The simulation"});
    EXPECT_EQ(Untrue("", {{"kiosk", false}}), Lines{"neither there nor listed: kiosk"});
    // Every command that the design names is there or listed.
    for (const char* command : {"serve", "demo", "migrate", "seed", "agency", "check", "deadline", "name", "verify", "openapi", "doctor"})
        EXPECT_TRUE(surface.HasCommand(command)) << command;
}

/// Each point of the list is held by a probe, or is one of the two that say what kind of thing is there.
TEST(NotThereYet, NoPointIsWithoutAProbe) {
    const auto [section, points] = NotThereYet(ReadAll(kRoot / "README.md"));
    std::istringstream lines(section);
    Lines bullets;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("- ")) bullets.push_back(line);
        else if (line.starts_with("  ") && !bullets.empty()) bullets.back() += " " + line;
    }
    ASSERT_EQ(bullets.size(), static_cast<std::size_t>(points));
    for (const std::string& bullet : bullets) {
        bool held = bullet.find("reference processes") != std::string::npos;
        for (const Missing& thing : Things({"", "", ""})) held |= bullet.find(thing.words) != std::string::npos;
        EXPECT_TRUE(held) << bullet;
    }
}

}  // namespace
}  // namespace onewindow::server
