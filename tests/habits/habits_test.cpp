// Goal: the habits of docs and style hold for the whole tree, and each check turns red on a planted violation.

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "kernel/embedded.hpp"
#include "kernel/files/files.hpp"
#include "kernel/messages/messages.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/text/text.hpp"

namespace onewindow {
namespace {

namespace fs = std::filesystem;
using Findings = std::vector<std::string>;

struct Source {
    std::string path;  // Relative to the root: "src/naming/hold_name.cpp"
    std::vector<std::string> lines;
};

/// Files of the tree by extension, generated and installed ones left out.
std::vector<Source> ReadSources(const fs::path& root, const std::set<std::string>& extensions) {
    std::vector<Source> sources;
    for (const char* top : {"src", "tests", "bench", "tools", "docs", "samples"}) {
        if (!fs::exists(root / top)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const std::string path = fs::relative(entry.path(), root).string();
            if (!entry.is_regular_file() || path.find("node_modules") != std::string::npos) continue;
            if (!extensions.contains(entry.path().extension().string())) continue;
            std::ifstream in(entry.path());
            Source source{path, {}};
            for (std::string line; std::getline(in, line);) source.lines.push_back(line);
            sources.push_back(std::move(source));
        }
    }
    std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
    return sources;
}

bool IsTest(const std::string& path) {
    return path.find("_test.cpp") != std::string::npos || path.find("/testing/") != std::string::npos || path.starts_with("tests/");
}

/// "src/naming/hold_name.cpp" -> "naming"
std::string RoomOf(const std::string& path) {
    const auto parts = text::Split(path, '/');
    return parts.size() > 2 ? parts[1] : "";
}

Findings FindForbiddenIncludes(const fs::path& root) {
    std::map<std::string, std::set<std::string>> allowed;
    std::ifstream levels(root / "src/levels.txt");
    for (std::string line; std::getline(levels, line);) {
        if (line.empty() || line[0] == '#') continue;
        const std::size_t arrow = line.find("->");
        std::istringstream names(line.substr(arrow + 2));
        const std::string folder(text::Trim(line.substr(0, arrow)));
        allowed[folder].insert(folder);
        for (std::string name; names >> name;) {
            // An arrow may only point to a folder that stands above it: so there is no loop.
            if (!allowed.contains(name)) return {"levels.txt: " + folder + " -> " + name + " before it is listed"};
            allowed[folder].insert(name);
        }
    }
    Findings found;
    for (const Source& source : ReadSources(root, {".cpp", ".hpp"})) {
        const std::string room = RoomOf(source.path);
        if (!source.path.starts_with("src/") || room.empty() || IsTest(source.path)) continue;
        for (const std::string& line : source.lines) {
            if (!line.starts_with("#include \"")) continue;
            const std::string header = line.substr(10, line.find('"', 10) - 10);
            const std::string other = header.substr(0, header.find('/'));
            if (header.find('/') == std::string::npos || !allowed.contains(other)) continue;
            if (!allowed[room].contains(other)) found.push_back(source.path + " includes " + header);
        }
    }
    return found;
}

/// Reasons as they are written: Reason kName{"code", Kind::…
Findings FindReasonsWithoutText(const fs::path& root, const messages::Messages& texts) {
    Findings found;
    for (const Source& source : ReadSources(root, {".hpp"})) {
        if (!source.path.starts_with("src/")) continue;
        for (const std::string& line : source.lines) {
            const std::size_t at = line.find("constexpr Reason k");
            const std::size_t quote = at == std::string::npos ? at : line.find("{\"", at);
            if (quote == std::string::npos) continue;
            const std::string code = line.substr(quote + 2, line.find('"', quote + 2) - quote - 2);
            for (const auto language : {messages::Language::kChinese, messages::Language::kEnglish}) {
                if (!texts.Has(code, language)) found.push_back(source.path + ": " + code);
            }
        }
    }
    return found;
}

struct Ban {
    std::string words, why;
    std::set<std::string> except = {};  // Path prefixes.
    bool in_tests = false, in_code = true;
};

/// Words that code or tests must not use. Written in two parts, so that this file does not find itself.
std::vector<Ban> Bans() {
    const auto join = [](const char* a, const char* b) { return std::string(a) + b; };
    return {
        {join("system_clock::", "now"), "time is passed in", {"src/kernel/clock/", "src/kernel/testing/", "src/kernel/http/", "src/kernel/db/"}, false, true},
        {join("std::random_", "device"), "chance is passed in", {}, true, true},
        {join("std::", "rand("), "chance is passed in", {}, true, true},
        {join("sleep_", "for("), "tests do not sleep", {}, true, false},
        {join("GTEST_", "SKIP"), "tests are not skipped", {}, true, false},
        {join("DISABLED", "_"), "tests are not skipped", {}, true, false},
        {join("127.0.0.1:", "80"), "tests take free ports", {"src/kernel/config/"}, true, false},
    };
}

Findings FindBannedWords(const fs::path& root) {
    Findings found;
    for (const Source& source : ReadSources(root, {".cpp", ".hpp"})) {
        if (source.path.find("habits_test") != std::string::npos) continue;
        const bool test = IsTest(source.path);
        for (const Ban& ban : Bans()) {
            if (test ? !ban.in_tests : !ban.in_code) continue;
            const bool excepted = std::any_of(ban.except.begin(), ban.except.end(), [&](const std::string& prefix) { return source.path.starts_with(prefix); });
            if (excepted) continue;
            for (std::size_t i = 0; i < source.lines.size(); ++i) {
                if (source.lines[i].find(ban.words) != std::string::npos) {
                    found.push_back(source.path + ":" + std::to_string(i + 1) + ": " + ban.words + " (" + ban.why + ")");
                }
            }
        }
    }
    return found;
}

/// A room's SQL names only its own tables, known by their prefix.
Findings FindForeignTables(const fs::path& root) {
    static const std::set<std::string> kBefore = {"from", "join", "into", "update", "table", "references"};
    Findings found;
    for (const Source& source : ReadSources(root, {".sql"})) {
        // src/kernel/jobs/queries/x.sql -> job; departments/tax/new_taxpayer -> its last folder
        const auto parts = text::Split(source.path, '/');
        std::string prefix = parts[parts.size() - 3];
        std::string before;
        std::set<std::string> local;
        for (const std::string& line : source.lines) {
            if (line.starts_with("--")) continue;
            std::string word;
            for (const char character : line + " ") {
                const bool letter = std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
                if (letter) {
                    word += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
                    continue;
                }
                if (word.empty()) continue;
                if (character == ' ' && before == "as") local.insert(word);
                const bool table = kBefore.contains(before) && word.find('_') != std::string::npos;
                const std::string stem = prefix.back() == 's' ? prefix.substr(0, prefix.size() - 1) : prefix;
                const bool own = word.starts_with(prefix) || word.starts_with(stem) || word.starts_with("kernel_") || word.starts_with("sqlite_") || word.starts_with("pg_");
                if (table && !own && !local.contains(word)) found.push_back(source.path + ": " + word);
                before = word;
                word.clear();
            }
        }
    }
    return found;
}

/// Words about how the work is done, and paths of one machine, have no place in the repository.
Findings FindMachinePaths(const fs::path& root) {
    Findings found;
    const std::vector<std::string> banned = {std::string("/work") + "/main", std::string("/ho") + "me/", std::string("sub") + "agent"};
    for (const Source& source : ReadSources(root, {".cpp", ".hpp", ".md", ".py", ".sh", ".mjs", ".toml", ".sql", ".txt"})) {
        for (const std::string& line : source.lines) {
            for (const std::string& words : banned) {
                if (line.find(words) != std::string::npos) found.push_back(source.path + ": " + words);
            }
        }
    }
    return found;
}

/// Relative links of the documentation resolve.
Findings FindBrokenLinks(const fs::path& root) {
    Findings found;
    std::vector<Source> pages = ReadSources(root, {".md"});
    for (const char* page : {"README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CHANGELOG.md"}) {
        std::ifstream in(root / page);
        Source source{page, {}};
        for (std::string line; std::getline(in, line);) source.lines.push_back(line);
        pages.push_back(std::move(source));
    }
    for (const Source& page : pages) {
        for (const std::string& line : page.lines) {
            for (std::size_t at = line.find("]("); at != std::string::npos; at = line.find("](", at + 2)) {
                std::string link = line.substr(at + 2, line.find(')', at) - at - 2);
                link = link.substr(0, link.find('#'));
                if (link.empty() || link.find("://") != std::string::npos) continue;
                if (!fs::exists(root / fs::path(page.path).parent_path() / link)) found.push_back(page.path + ": " + link);
            }
        }
    }
    return found;
}

messages::Messages AllTexts() {
    const std::vector<messages::File> files = embedded::AllMessages();
    auto texts = messages::Messages::Load(files);
    EXPECT_TRUE(texts.has_value()) << texts.error().Describe();
    return texts ? *std::move(texts) : messages::Messages{};
}

std::string Join(const Findings& findings) { return text::Join(findings, "\n"); }

/// A small tree with one planted file.
class Planted {
   public:
    Planted(const std::string& path, const std::string& content) {
        Add("src/levels.txt", "kernel ->\nnaming -> kernel\nreview -> kernel naming\n");
        Add(path, content);
    }
    void Add(const std::string& path, const std::string& content) {
        const fs::path file = fs::path(folder_.path()) / path;
        fs::create_directories(file.parent_path());
        std::ofstream(file) << content;
    }
    fs::path root() const { return folder_.path(); }

   private:
    testing::TemporaryFolder folder_;
};

const fs::path kRoot = ONEWINDOW_SOURCE_DIR;

TEST(Habits, IncludesFollowTheLevels) {
    EXPECT_EQ(Join(FindForbiddenIncludes(kRoot)), "");
    EXPECT_NE(Join(FindForbiddenIncludes(Planted("src/naming/a.cpp", "#include \"review/review.hpp\"\n").root())), "");
    EXPECT_EQ(Join(FindForbiddenIncludes(Planted("src/review/a.cpp", "#include \"naming/naming.hpp\"\n").root())), "");
    Planted loop("src/a.cpp", "");
    loop.Add("src/levels.txt", "naming -> review\nreview -> naming\n");
    EXPECT_NE(Join(FindForbiddenIncludes(loop.root())), "");
}

TEST(Habits, EveryReasonHasBothLanguages) {
    const messages::Messages texts = AllTexts();
    EXPECT_EQ(Join(FindReasonsWithoutText(kRoot, texts)), "");
    const Planted planted("src/naming/reasons.hpp", "inline constexpr Reason kX{\"naming.never_written\", Kind::kRefused};\n");
    EXPECT_NE(Join(FindReasonsWithoutText(planted.root(), texts)), "");
}

TEST(Habits, BothLanguagesHaveTheSameKeys) {
    const messages::Messages texts = AllTexts();
    EXPECT_EQ(texts.Keys(messages::Language::kChinese), texts.Keys(messages::Language::kEnglish));
}

TEST(Habits, BannedWordsStayOut) {
    EXPECT_EQ(Join(FindBannedWords(kRoot)), "");
    for (const Ban& ban : Bans()) {
        const std::string path = ban.in_code ? "src/naming/a.cpp" : "src/naming/a_test.cpp";
        EXPECT_NE(Join(FindBannedWords(Planted(path, "x = " + ban.words + ";\n").root())), "") << ban.words;
    }
}

TEST(Habits, RoomsNameOnlyTheirOwnTables) {
    EXPECT_EQ(Join(FindForeignTables(kRoot)), "");
    EXPECT_NE(Join(FindForeignTables(Planted("src/naming/queries/a.sql", "SELECT x FROM application_case\n").root())), "");
}

TEST(Habits, NoPathsOfAMachine) {
    EXPECT_EQ(Join(FindMachinePaths(kRoot)), "");
    EXPECT_NE(Join(FindMachinePaths(Planted("docs/a.md", std::string("see /work") + "/main\n").root())), "");
}

TEST(Habits, LinksResolve) {
    EXPECT_EQ(Join(FindBrokenLinks(kRoot)), "");
    EXPECT_NE(Join(FindBrokenLinks(Planted("docs/a.md", "[gone](gone.md)\n").root())), "");
}

}  // namespace
}  // namespace onewindow
