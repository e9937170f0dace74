// Goal: the index finds every same and every similar name and no other, whatever the readings,
// lengths, scopes and states; proved against a comparison of every name with every name that is
// written from the rules alone.

#include "naming/engine/name_index.hpp"

#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "kernel/files/files.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "kernel/text/text.hpp"
#include "naming/generate_names.hpp"
#include "naming/index_regions.hpp"
#include "naming/reasons.hpp"
#include "naming/testdata/test_regions.hpp"

namespace onewindow::naming::engine {
namespace {

using namespace std::chrono_literals;

const Date kToday{2026y / 11 / 23};

/// The rules of comparison, read from domain.md B3 line by line; shares nothing with the index but
/// the parsed parts.
class Oracle {
 public:
    Oracle() {
        std::ifstream file(ONEWINDOW_SOURCE_DIR "/data/naming/pinyin.tsv");
        for (std::string line; std::getline(file, line);) {
            if (line.empty() || line[0] == '#') continue;
            const auto fields = text::Split(line, '\t');
            for (const std::string& syllable : text::Split(fields[1], ' ')) {
                readings_[text::ToCodePoints(fields[0]).front()].insert(syllable);
            }
        }
    }

    /// Characters, numbered; flat, because millions are looked at one after the other.
    struct Core {
        std::size_t count = 0;
        std::array<std::uint16_t, 28> characters{};
        std::size_t size() const { return count; }
        std::uint16_t operator[](std::size_t at) const { return characters[at]; }
        const std::uint16_t* begin() const { return characters.data(); }
        const std::uint16_t* end() const { return characters.data() + count; }
        bool operator==(const Core&) const = default;
    };
    struct Name {
        NameParts parts;
        std::string scope;
        std::uint32_t until_day;
        Core core;
        std::string industry_key;
    };

    Name Read(NameParts parts, std::string scope, std::uint32_t until_day) {
        Name name{std::move(parts), std::move(scope), until_day, {}, {}};
        for (const char32_t character : text::ToCodePoints(name.parts.core)) {
            OW_ASSERT(name.core.count < name.core.characters.size());
            name.core.characters[name.core.count++] = NumberOf(character);
        }
        name.industry_key = text::Join(name.parts.classes, ",") + "|" + name.parts.industry + "|" +
                            (name.parts.has_no_industry ? "none" : "") + name.parts.branch_suffix;
        return name;
    }

    /// "S", "N2" … "N5", "L1" … "L3" as one 字号 stands to the other; "" if they have nothing in
    /// common.
    std::string RuleOf(const Name& a, const Name& b) {
        const int relation = RelationOf(a.core, b.core);
        if (relation == 0) return "";
        if (!Meets(a.scope, b.scope) || b.until_day <= DayNumber(kToday)) return "";
        const bool branch = !a.parts.branch_suffix.empty() || !b.parts.branch_suffix.empty();
        if (branch) return relation == 1 && a.parts.name == b.parts.name ? "S" : "";
        const bool same_words = a.parts.industry == b.parts.industry;
        const bool none = a.parts.has_no_industry || b.parts.has_no_industry;
        if (!same_words && !none && !SharesClass(a, b)) return "";
        // Empty words are the same only where both name nothing.
        if (same_words && a.parts.industry.empty() && !none && !SharesClass(a, b)) return "";
        const bool unnamed =
            none && !(same_words && a.parts.has_no_industry && b.parts.has_no_industry);
        switch (relation) {
            case 1:
                return "S";
            case 2:
                return unnamed ? "N5" : "N2";
            case 3:
                return unnamed ? "N5" : "N3";
            case 4:
                return unnamed ? "N5" : "N4";
            case 5:
                return "L1";
            case 6:
                return "L2";
            default:
                return "L3";
        }
    }

    /// Whether the two 字号 have anything to do with each other.
    bool IsNear(const Core& a, const Core& b) const { return RelationOf(a, b) != 0; }

 private:
    std::uint16_t NumberOf(char32_t character) {
        const auto [at, is_new] =
            numbers_.try_emplace(character, static_cast<std::uint16_t>(characters_.size()));
        if (!is_new) return at->second;
        OW_ASSERT(characters_.size() < kCharacters);
        characters_.push_back(character);
        for (std::size_t i = 0; i < characters_.size(); ++i) {
            const bool alike = Alike(characters_[i], character);
            alike_[i * kCharacters + at->second] = alike;
            alike_[at->second * kCharacters + i] = alike;
        }
        return at->second;
    }
    bool Alike(char32_t a, char32_t b) {
        if (a == b) return true;
        const auto &x = readings_[a], &y = readings_[b];
        return std::any_of(x.begin(), x.end(),
                           [&](const std::string& syllable) { return y.contains(syllable); });
    }
    bool SoundsLikeAt(const Core& shorter, const Core& longer, std::size_t at) const {
        for (std::size_t i = 0; i < shorter.size(); ++i) {
            if (alike_[shorter[i] * kCharacters + longer[at + i]] == 0) return false;
        }
        return true;
    }
    static bool Edited(const Core& a, const Core& b) {
        // Wagner and Fischer.
        std::vector<std::size_t> before(b.size() + 1), now(b.size() + 1);
        for (std::size_t j = 0; j <= b.size(); ++j) before[j] = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            now[0] = i;
            for (std::size_t j = 1; j <= b.size(); ++j) {
                now[j] = std::min({before[j] + 1, now[j - 1] + 1,
                                   before[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            }
            std::swap(before, now);
        }
        return before.back() <= 1;
    }
    int RelationOf(const Core& a, const Core& b) const {
        if (a == b) return 1;
        const Core& shorter = a.size() <= b.size() ? a : b;
        const Core& longer = a.size() <= b.size() ? b : a;
        if (shorter.size() < 2) return 0;
        bool sounds = false, contains = false;
        for (std::size_t at = 0; at + shorter.size() <= longer.size(); ++at) {
            if (!SoundsLikeAt(shorter, longer, at)) continue;
            sounds = true;
            contains |= std::equal(shorter.begin(), shorter.end(), longer.begin() + at);
        }
        if (sounds && shorter.size() == longer.size()) return 2;
        if (sounds) return contains ? 3 : 4;
        if (shorter.size() == longer.size()) {
            std::size_t differ = 0, last = 0;
            std::int64_t sum = 0;
            for (std::size_t i = 0; i < shorter.size(); ++i) {
                sum += std::int64_t{a[i]} - std::int64_t{b[i]};
                if (a[i] != b[i]) ++differ, last = i;
            }
            if (differ == 1) {
                const char32_t x = characters_[a[last]], y = characters_[b[last]];
                if (naming::testing::Tables().sounds.LookAlike(x, y)) return 5;
                return shorter.size() >= 3 ? 7 : 0;
            }
            if (sum != 0) return 0;
            Core x = a, y = b;
            std::sort(x.characters.begin(), x.characters.begin() + x.count),
                std::sort(y.characters.begin(), y.characters.begin() + y.count);
            return x == y ? 6 : 0;
        }
        const bool near = shorter.size() >= 3 && longer.size() == shorter.size() + 1;
        return near && Edited(shorter, longer) ? 7 : 0;
    }
    static bool Meets(const std::string& a, const std::string& b) {
        if (a.substr(0, 2) != b.substr(0, 2)) return false;
        return a == b || a.ends_with("0000") || b.ends_with("0000");
    }
    bool SharesClass(const Name& a, const Name& b) {
        const auto [at, is_new] = shared_.try_emplace({a.industry_key, b.industry_key}, false);
        if (is_new) {
            at->second = std::any_of(
                a.parts.classes.begin(), a.parts.classes.end(), [&](const std::string& code) {
                    return std::find(b.parts.classes.begin(), b.parts.classes.end(), code) !=
                           b.parts.classes.end();
                });
        }
        return at->second;
    }

    std::map<char32_t, std::set<std::string>> readings_;
    static constexpr std::size_t kCharacters = 6000;
    std::map<char32_t, std::uint16_t> numbers_;
    std::vector<char32_t> characters_;
    std::vector<char> alike_ = std::vector<char>(kCharacters * kCharacters);
    std::map<std::pair<std::string, std::string>, bool> shared_;
};

using Counts = std::map<std::string, std::int64_t>;

Counts CountsOf(const Answer& answer) {
    Counts counts;
    for (std::size_t i = 0; i < kRules; ++i) {
        const auto rule = static_cast<Rule>(i);
        if (answer.counts[i] != 0)
            counts[IsSame(rule) ? "S" : std::string(NameOf(rule))] += answer.counts[i];
    }
    return counts;
}

const RegionNames& AllRegions() {
    static const auto regions = IndexRegions(*reference::SeedSnapshot());
    return *regions;
}

NameParts ParseHere(std::string_view name) {
    return ParseName(name, naming::testing::Tables(), AllRegions());
}

Answer Ask(NameIndex& index, const NameParts& parts, const std::string& scope,
           std::size_t limit = 0) {
    return index.Find({.parts = parts,
                       .scope = scope,
                       .today = kToday,
                       .own_id = 0,
                       .exempt = {},
                       .limit = limit,
                       .only_law = false});
}

NameParts PartsWithCore(const std::string& core) {
    NameParts parts;
    parts.name = "济南" + core + "酒业有限公司";
    parts.region = "济南";
    parts.core = core;
    parts.industry = "酒业";
    parts.classes = {"151"};
    parts.has_no_industry = false;
    parts.form = "有限公司";
    return parts;
}

/// All 字号 of two to six characters out of four, whose readings overlap: every way in which
/// readings can cross.
TEST(NameIndex, ASmallWorldIsFoundWhole) {
    const std::vector<std::string> characters{"行", "航", "星",
                                              "恒"};  // xing hang heng; hang; xing; heng
    std::vector<std::string> cores, last{""};
    for (int size = 1; size <= 5; ++size) {
        std::vector<std::string> next;
        for (const std::string& core : last) {
            for (const std::string& character : characters) next.push_back(core + character);
        }
        if (size >= 2) cores.insert(cores.end(), next.begin(), next.end());
        last = next;
    }
    // And longer ones than a window.
    for (std::size_t i = 0; i < cores.size(); i += 37) {
        cores.push_back(cores[i] + cores[(i * 7 + 3) % cores.size()]);
        cores.push_back(cores[i] + cores[(i * 7 + 3) % cores.size()] + "星");
    }
    std::sort(cores.begin(), cores.end());
    cores.erase(std::unique(cores.begin(), cores.end()), cores.end());
    NameIndex index(naming::testing::Tables());
    Oracle oracle;
    std::vector<Oracle::Name> names;
    ASSERT_TRUE(index.Load([&](NameIndex::Bulk& bulk) -> Result<> {
        for (const std::string& core : cores) {
            bulk.Add(PartsWithCore(core), "370102", Row::kForever, 1, 0);
            names.push_back(oracle.Read(PartsWithCore(core), "370100", Row::kForever));
        }
        return {};
    }));
    for (const auto& name : names) {
        std::map<std::string, std::string> expected, found;
        for (const auto& other : names) {
            const std::string rule = oracle.RuleOf(name, other);
            if (!rule.empty()) expected[other.parts.name] = rule;
        }
        const Answer answer = Ask(index, name.parts, "370100");
        for (const Hit& hit : answer.hits)
            found[hit.name] = IsSame(hit.rule) ? "S" : std::string(NameOf(hit.rule));
        ASSERT_EQ(found, expected) << name.parts.name;
        ASSERT_EQ(answer.count(), static_cast<std::int64_t>(expected.size())) << name.parts.name;
    }
}

/// Invented names like those of a register: 100,000 names, 10,000 questions, every count by every
/// rule.
TEST(NameIndex, AgreesWithTheComparisonOfEveryNameWithEveryName) {
    constexpr std::size_t kNames = 100000, kQuestions = 10000;
    const auto files = embedded::AllData();
    const auto reference = reference::SeedSnapshot();
    NameGenerator generator(files, *reference, "370000", 7);
    NameIndex index(naming::testing::Tables());
    Oracle oracle;
    // Names of one 字号 stand together: the relation of two 字号 is asked once.
    std::map<std::string, std::vector<Oracle::Name>> by_core;
    std::size_t added = 0;
    const auto add = [&](const auto& put) {
        const GeneratedName generated = generator.Next();
        const NameParts parts = ParseHere(generated.name);
        if (parts.core.empty()) return;
        // One in ten has ended, one in twenty is over.
        const std::uint32_t until = added % 20 == 3 ? Row::kOver
                                    : added % 10 == 1
                                        ? DayNumber(kToday) + static_cast<std::uint32_t>(added % 3)
                                        : Row::kForever;
        ++added;
        put(parts, generated.authority, until);
        by_core[parts.core].push_back(
            oracle.Read(parts, ScopeOf(parts, generated.authority), until));
    };
    ASSERT_TRUE(index.Load([&](NameIndex::Bulk& bulk) -> Result<> {
        for (std::size_t i = 0; i < kNames * 95 / 100; ++i) {
            add([&](const NameParts& parts, const std::string& authority, std::uint32_t until) {
                bulk.Add(parts, authority, until, 1, 0);
            });
        }
        return {};
    }));
    // The rest comes one by one: delta, tails and merges answer as the whole does.
    for (std::size_t i = 0; i < kNames * 5 / 100; ++i) {
        add([&](const NameParts& parts, const std::string& authority, std::uint32_t until) {
            index.Apply({parts, authority, until, 1, 0});
        });
    }
    std::vector<std::pair<Oracle::Core, const std::vector<Oracle::Name>*>> groups;
    for (const auto& [core, names] : by_core) groups.emplace_back(names.front().core, &names);
    std::int64_t hits = 0, wrong = 0;
    for (std::size_t i = 0; i < kQuestions; ++i) {
        const GeneratedName asked = generator.NextQuestion();
        const NameParts parts = ParseHere(asked.name);
        const std::string scope = ScopeOf(parts, asked.authority);
        if (parts.core.empty()) continue;
        const Oracle::Name name = oracle.Read(parts, scope, Row::kForever);
        Counts expected;
        for (const auto& [core, group] : groups) {
            if (!oracle.IsNear(name.core, core)) continue;
            for (const Oracle::Name& other : *group) {
                const std::string rule = oracle.RuleOf(name, other);
                if (!rule.empty()) ++expected[rule], ++hits;
            }
        }
        const Answer answer = Ask(index, parts, scope, i % 20 == 0 ? 0 : 50);
        if (i % 20 == 0) {
            ASSERT_EQ(static_cast<std::int64_t>(answer.hits.size()), answer.count());
        }
        if (CountsOf(answer) != expected && ++wrong <= 5) {
            EXPECT_EQ(CountsOf(answer), expected) << asked.name;
        }
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(hits, 10000);  // The world is no desert.
}

TEST(NameIndex, ShowsEachChangeToTheNextQuestion) {
    NameIndex index(naming::testing::Tables());
    const NameParts parts = naming::testing::Parse("济南红光酒业有限公司");
    const NameParts asked = naming::testing::Parse("济南虹光白酒有限公司");
    const auto count = [&] { return Ask(index, asked, "370100").count(); };
    EXPECT_EQ(count(), 0);
    index.Apply({parts, "370102", DayNumber(kToday) + 5, 0, HashOf("a")});
    EXPECT_EQ(count(), 1);
    index.Apply({parts, "370102", Row::kOver, 2, HashOf("a")});
    EXPECT_EQ(count(), 0);
    index.Apply({parts, "370102", Row::kForever, 1, HashOf("a")});
    EXPECT_EQ(count(), 1);
    index.Merge();
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(index.stats().segments, 1U);
    index.Apply(
        {parts, "370102", DayNumber(kToday), 4, HashOf("a")});  // Ended today: free from today.
    EXPECT_EQ(count(), 0);
}

TEST(NameIndex, AnswersAsItsOwnComparisonOfAllNames) {
    const auto files = embedded::AllData();
    NameGenerator generator(files, *reference::SeedSnapshot(), "370000", 11);
    NameIndex index(naming::testing::Tables());
    for (int i = 0; i < 5000; ++i) {
        const GeneratedName name = generator.Next();
        index.Apply({ParseHere(name.name), name.authority, Row::kForever, 1, 0});
    }
    for (int i = 0; i < 200; ++i) {
        const GeneratedName name = generator.NextQuestion();
        const NameParts parts = ParseHere(name.name);
        const auto both = index.Compare(
            {.parts = parts, .scope = ScopeOf(parts, name.authority), .today = kToday});
        ASSERT_TRUE(both.has_value());
        ASSERT_EQ(both->found, both->compared) << name.name;
    }
}

TEST(NameIndex, NamesTheGravestFirstAndCountsAll) {
    NameIndex index(naming::testing::Tables());
    for (const char* name :
         {"济南红光酒业有限公司", "济南红光白酒有限公司", "济南洪广酒业有限公司",
          "济南大红光酒业有限公司", "济南大洪广酒业有限公司", "济南光红酒业有限公司",
          "青岛红光酒业有限公司", "山东红光酒业有限公司", "济南红光有限公司",
          "济南红光软件有限公司", "济南红光酒业有限公司历下分公司"}) {
        const NameParts parts = naming::testing::Parse(name);
        index.Apply({parts, parts.region == "青岛" ? "370202" : "370102", Row::kForever, 1, 0});
    }
    const NameParts asked = naming::testing::Parse("济南市红光酒业有限公司");
    std::vector<std::string> rules;
    for (const Hit& hit : Ask(index, asked, "370100").hits)
        rules.push_back(std::string(NameOf(hit.rule)) + " " + hit.name);
    EXPECT_EQ(rules,
              (std::vector<std::string>{"S3 济南红光酒业有限公司", "S3 山东红光酒业有限公司",
                                        "S4 济南红光白酒有限公司", "S5 济南红光有限公司",
                                        "N2 济南洪广酒业有限公司", "L2 济南光红酒业有限公司",
                                        "N3 济南大红光酒业有限公司", "N4 济南大洪广酒业有限公司"}));
    const Answer two = Ask(index, asked, "370100", 2);
    EXPECT_EQ(two.hits.size(), 2U);
    EXPECT_EQ(two.count(), 8);
}

TEST(NameIndex, TraditionalFormsAreFoundAndStrangeOnesHarmNothing) {
    NameIndex index(naming::testing::Tables());
    index.Apply({naming::testing::Parse("济南华龙酒业有限公司"), "370102", Row::kForever, 1, 0});
    EXPECT_EQ(Ask(index, PartsWithCore("華龍"), "370100").count(), 1);
    std::string longest;
    for (int i = 0; i < 90; ++i) longest += "行";
    for (const std::string& core :
         {std::string("😀😀"), std::string("%'"), std::string("A1"), std::string("\u200b\u200b"),
          std::string("𠮷野"), longest, std::string("龍"), std::string("㐀㐁")}) {
        index.Apply({PartsWithCore(core), "370102", Row::kForever, 1, 0});
        EXPECT_GE(Ask(index, PartsWithCore(core), "370100").count(), 1) << core;
    }
    index.Merge();
    for (const std::string& core : {std::string("😀😀"), std::string("𠮷野"), longest}) {
        EXPECT_GE(Ask(index, PartsWithCore(core), "370100").count(), 1) << core;
    }
}

TEST(Snapshot, OpensAsItWasAndRefusesWhatItIsNot) {
    const onewindow::testing::TemporaryFolder folder;
    const std::string path = folder.path() + "/names";
    const auto files = embedded::AllData();
    NameGenerator generator(files, *reference::SeedSnapshot(), "370000", 3);
    NameIndex index(naming::testing::Tables());
    std::vector<std::pair<NameParts, std::string>> asked;
    for (int i = 0; i < 3000; ++i) {
        const GeneratedName name = generator.Next();
        index.Apply({ParseHere(name.name), name.authority, Row::kForever, 1, HashOf(name.name)});
    }
    for (int i = 0; i < 300; ++i) {
        const GeneratedName name = generator.NextQuestion();
        asked.emplace_back(ParseHere(name.name), name.authority);
    }
    ASSERT_OK(index.SaveSnapshot(path, "here"));
    NameIndex other(naming::testing::Tables());
    const auto note = other.OpenSnapshot(path);
    ASSERT_OK(note);
    EXPECT_EQ(*note, "here");
    for (const auto& [parts, authority] : asked) {
        const std::string scope = ScopeOf(parts, authority);
        const Answer a = Ask(index, parts, scope), b = Ask(other, parts, scope);
        ASSERT_EQ(a.counts, b.counts);
        for (std::size_t i = 0; i < a.hits.size(); ++i) ASSERT_EQ(a.hits[i].name, b.hits[i].name);
    }
    const auto bytes = files::ReadFile(path);
    ASSERT_OK(bytes);
    SeededRandom random(5);
    for (int i = 0; i < 200; ++i) {
        std::string bad = *bytes;
        const std::size_t at = static_cast<std::size_t>(i * 7919) % bad.size();
        if (i % 3 == 0) {
            bad.resize(at);
        } else {
            bad[at] = static_cast<char>(bad[at] ^ (1 << (i % 8)));
        }
        ASSERT_OK(files::WriteFile(path, bad));
        EXPECT_REFUSED(other.OpenSnapshot(path), reasons::kSnapshot);
    }
    EXPECT_REFUSED(other.OpenSnapshot(folder.path() + "/absent"), reasons::kSnapshot);
    // What was open stays open.
    EXPECT_EQ(other.stats().names, index.stats().names);
}

/// Readers never wait and never see half a change while names come in, change and are merged.
TEST(NameIndex, ManyReadWhileOneWrites) {
    NameIndex index(naming::testing::Tables());
    const NameParts parts = naming::testing::Parse("济南红光酒业有限公司");
    index.Apply({parts, "370102", Row::kForever, 1, HashOf("fixed")});
    std::atomic<bool> stop{false};
    std::atomic<std::int64_t> wrong{0}, asked{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
            std::int64_t last = 0;
            while (!stop) {
                const Answer answer = Ask(index, parts, "370100", 5);
                const std::int64_t same = answer.counts[static_cast<std::size_t>(Rule::kS1)];
                // Names are only added here: nobody sees one vanish.
                if (same < 1 || same < last) ++wrong;
                last = same;
                ++asked;
            }
        });
    }
    for (int i = 0; i < 6000; ++i)
        index.Apply({parts, "370102", Row::kForever, 1, HashOf("n" + std::to_string(i))});
    stop = true;
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(asked, 0);
    EXPECT_EQ(Ask(index, parts, "370100", 1).counts[static_cast<std::size_t>(Rule::kS1)], 6001);
}

}  // namespace
}  // namespace onewindow::naming::engine
