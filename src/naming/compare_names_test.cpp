// Goal: the official and derived examples of the comparison rules, and each rule by name.

#include <fstream>

#include "kernel/text/text.hpp"
#include "naming/testdata/test_regions.hpp"

namespace onewindow::naming {
namespace {

using testing::Parse;

/// The authority that the name's own region points to, else the other's, else one of Jinan.
std::string AuthorityOf(const NameParts& parts, const NameParts& other) {
    for (const NameParts* name : {&parts, &other}) {
        const std::string code = RegionCodeOf(*name, "");
        if (code == "110000") return "110105";
        if (code == "370200") return "370202";
        if (!code.empty()) return code;
    }
    return "370102";
}

bool ScopesMeet(const std::string& a, const std::string& b) {
    return a == b || a == ProvinceOf(b) || b == ProvinceOf(a);
}

// Every case that the rules call SAME is found, and no case that is only SIMILAR or OK is called same.
TEST(CompareNames, AgreesWithTheExamplesOfTheRules) {
    std::ifstream file(ONEWINDOW_SOURCE_DIR "/src/naming/testdata/name_compare_cases.csv");
    std::string line;
    std::getline(file, line);
    int cases = 0;
    while (std::getline(file, line)) {
        const auto fields = text::Split(line, ',');
        const NameParts applied = Parse(fields[0]), existing = Parse(fields[1]);
        const bool meet = ScopesMeet(ScopeOf(applied, AuthorityOf(applied, existing)),
                                     ScopeOf(existing, AuthorityOf(existing, applied)));
        const bool same = meet && CompareNames(applied, existing).has_value();
        EXPECT_EQ(same, fields[2] == "SAME") << line;
        EXPECT_EQ(CompareNames(applied, existing), CompareNames(existing, applied)) << line;
        ++cases;
    }
    EXPECT_EQ(cases, 15);
}

TEST(CompareNames, NamesTheRule) {
    struct Case {
        const char* a;
        const char* b;
        const char* rule;  // "" if not the same.
    };
    const Case cases[] = {
        {"北京红光酒业发展有限公司", "北京红光酒业发展有限公司", "S1"},
        {"红光（北京）酒业发展有限公司", "北京红光酒业发展有限公司", "S2"},
        {"红光酒业有限公司", "北京红光酒业有限公司", "S3"},
        {"济南红光酒业股份有限公司", "济南红光酒业有限公司", "S3"},
        {"北京红光酒厂", "北京红光酒业有限公司", "S4"},
        {"万青置业有限公司", "万青地产有限公司", "S4"},
        {"济南红光网络科技有限公司", "济南红光信息技术有限公司", "S4"},
        {"济南红光有限公司", "济南红光酒业有限公司", "S5"},
        {"济南红光实业有限公司", "济南红光酒业有限公司", "S5"},
        {"济南红光实业有限公司", "济南红光实业股份有限公司", "S3"},
        {"济南红光软件有限公司", "济南红光酒业有限公司", ""},
        {"济南红光建材有限公司", "济南红光医疗器械有限公司", ""},
        {"济南红光酒业有限公司", "济南绿光酒业有限公司", ""},
        {"济南红光酒业有限公司历下分公司", "济南红光酒业有限公司", ""},
    };
    for (const Case& expected : cases) {
        const auto verdict = CompareNames(Parse(expected.a), Parse(expected.b));
        EXPECT_EQ(verdict ? NameOf(verdict->rule) : "", expected.rule) << expected.a << ' ' << expected.b;
        if (verdict) {
            EXPECT_EQ(verdict->severity, Severity::kBlock) << expected.a;
        }
    }
}

TEST(CompareNames, S4IsASwitch) {
    const auto verdict = CompareNames(Parse("万青置业有限公司"), Parse("万青地产有限公司"),
                                      {.s4 = Severity::kWarn});
    EXPECT_EQ(verdict, (SameVerdict{SameRule::kS4, Severity::kWarn}));
}

TEST(CompareNames, ANameWithoutCoreIsTheSameAsNone) {
    EXPECT_EQ(CompareNames(Parse("济南有限公司"), Parse("济南有限公司")), std::nullopt);
}

}  // namespace
}  // namespace onewindow::naming
