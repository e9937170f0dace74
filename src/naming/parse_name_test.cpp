// Goal: names of every served kind come apart as a registrar would take them apart.

#include "naming/testdata/test_regions.hpp"

namespace onewindow::naming {
namespace {

using testing::Parse;

TEST(NameTables, AreCompleteAndVersioned) {
    const NameTables& tables = testing::Tables();
    EXPECT_EQ(tables.characters.size(), 8105U);
    std::size_t with_class = 0;
    for (const auto& [phrase, word] : tables.industry_words) with_class += word.classes.empty() ? 0 : 1;
    EXPECT_GE(with_class, 300U);
    EXPECT_TRUE(tables.industry_words.at(U"实业").is_generic);
    EXPECT_TRUE(tables.industry_words.at(U"发展").is_generic);
    for (const char* table : {"characters", "industry_words", "org_forms", "rule_words"}) {
        ASSERT_TRUE(tables.versions.contains(table)) << table;
        EXPECT_EQ(tables.versions.at(table).size(), 10U) << table;
    }
}

TEST(NameTables, NameTheirFaults) {
    const auto broken = LoadNameTables(std::vector<embedded::DataFile>{
        {"naming/hanzi.txt", "一乙"}, {"naming/industry_words.tsv", "酒业\tX99\n"}});
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().faults().size(), 3U);
}

struct Case {
    const char* name;
    const char* region;
    const char* core;
    const char* industry;
    const char* form;
};

TEST(ParseName, TakesEveryServedKindApart) {
    const Case cases[] = {
        {"济南红光酒业有限公司", "济南", "红光", "酒业", "有限公司"},
        {"山东省济南市历下区红光商贸有限责任公司", "山东省济南市历下区", "红光", "商贸", "有限责任公司"},
        {"青岛市市南区蓝海信息技术股份有限公司", "青岛市市南区", "蓝海", "信息技术", "股份有限公司"},
        {"红光(北京)酒业有限公司", "北京", "红光", "酒业", "有限公司"},
        {"红光酒业（北京）有限公司", "北京", "红光", "酒业", "有限公司"},
        {"寿光绿野蔬菜种植专业合作社", "寿光", "绿野", "蔬菜种植", "专业合作社"},
        {"寿光市绿野农民专业合作社联合社", "寿光市", "绿野", "", "农民专业合作社联合社"},
        {"济南远见企业管理合伙企业（有限合伙）", "济南", "远见", "企业管理", "合伙企业（有限合伙）"},
        {"济南明德会计师事务所（特殊普通合伙）", "济南", "明德", "", "会计师事务所（特殊普通合伙）"},
        {"济南拾光设计工作室（个人独资）", "济南", "拾光", "设计", "工作室（个人独资）"},
        {"济南市历下区老街坊便利店", "济南市历下区", "老街坊", "便利", "店"},
        {"济南市历下区福来经营部", "济南市历下区", "福来", "", "经营部"},
        {"济南市历下区张姐五金建材经营部", "济南市历下区", "张姐", "五金建材", "经营部"},
        {"平阴县玫瑰缘茶馆", "平阴县", "玫瑰缘", "", "茶馆"},
        {"北京红光酒厂", "北京", "红光", "酒", "厂"},
        {"济南天桥酒业有限公司", "济南", "天桥", "酒业", "有限公司"},
        {"济南市天桥区天桥酒业有限公司", "济南市天桥区", "天桥", "酒业", "有限公司"},
        {"济南华能源科技有限公司", "济南", "华能源", "科技", "有限公司"},
        {"济南高新区红光软件有限公司", "济南高新区", "红光", "软件", "有限公司"},
        {"内蒙古红光国际贸易有限公司", "内蒙古", "红光", "国际贸易", "有限公司"},
        {"ⅠＡ有限公司", "", "IA", "", "有限公司"},
    };
    for (const Case& expected : cases) {
        const NameParts parts = Parse(expected.name);
        EXPECT_EQ(parts.region, expected.region) << expected.name;
        EXPECT_EQ(parts.core, expected.core) << expected.name;
        EXPECT_EQ(parts.industry, expected.industry) << expected.name;
        EXPECT_EQ(parts.form, expected.form) << expected.name;
    }
}

TEST(ParseName, TakesABranchApart) {
    const NameParts parts = Parse("济南红光酒业有限公司历下分公司");
    EXPECT_EQ(parts.parent, "济南红光酒业有限公司");
    EXPECT_EQ(parts.branch_suffix, "历下分公司");
    EXPECT_EQ(parts.core, "红光");
    EXPECT_EQ(Parse("济南远见咨询中心（普通合伙）青岛分店").parent, "济南远见咨询中心（普通合伙）");
    EXPECT_EQ(Parse("红光分公司").parent, "");
}

TEST(ParseName, FindsGroupsAndStrangeBrackets) {
    EXPECT_TRUE(Parse("济南红光酒业集团有限公司").has_group);
    EXPECT_TRUE(Parse("济南红光酒业（集团）有限公司").has_group);
    EXPECT_EQ(Parse("济南红光酒业（中国）有限公司").other_brackets, std::vector<std::string>{"中国"});
}

TEST(ParseName, ReadsClassesFromIndustryAndForm) {
    EXPECT_TRUE(Parse("济南红光实业有限公司").has_no_industry);
    EXPECT_TRUE(Parse("济南红光国际有限公司").has_no_industry);
    EXPECT_FALSE(Parse("济南红光科技发展有限公司").has_no_industry);
    EXPECT_EQ(Parse("济南红光超市").classes, std::vector<std::string>{"5212"});
    EXPECT_EQ(Parse("济南红光药店").classes, (std::vector<std::string>{"5151", "5251"}));
}

TEST(ParseName, TheDeclaredCoreSettlesWhatTheWordsDoNot) {
    const NameParts parts = Parse("济南红光喵喵有限公司", "红光");
    EXPECT_EQ(parts.core, "红光");
    EXPECT_EQ(parts.industry, "喵喵");
    EXPECT_FALSE(parts.has_no_industry);
    EXPECT_FALSE(parts.is_core_disputed);
    EXPECT_TRUE(Parse("济南红光酒业有限公司", "红光酒").is_core_disputed);
    EXPECT_EQ(Parse("济南红光酒业有限公司", "别的").core, "红光");
}

TEST(ScopeOf, IsTheCityOrTheProvince) {
    EXPECT_EQ(ScopeOf(Parse("济南红光酒业有限公司"), "370102"), "370100");
    EXPECT_EQ(ScopeOf(Parse("济南市历下区红光酒业有限公司"), "370102"), "370100");
    EXPECT_EQ(ScopeOf(Parse("山东红光酒业有限公司"), "370102"), "370000");
    EXPECT_EQ(ScopeOf(Parse("红光酒业有限公司"), "370102"), "370000");
    EXPECT_EQ(ScopeOf(Parse("北京红光酒业有限公司"), "110105"), "110000");
    EXPECT_EQ(ScopeOf(Parse("山东红光酒业有限公司青岛分公司"), "370202"), "370200");
    EXPECT_EQ(ScopeOf(Parse("济南红光酒业有限公司"), "37"), "");
}

TEST(RegionCodeOf, PrefersTheOneOnTheWayToTheSeat) {
    EXPECT_EQ(RegionCodeOf(Parse("市中区红光酒业有限公司"), "370402"), "370402");
    EXPECT_EQ(RegionCodeOf(Parse("济南市市中区红光酒业有限公司"), "370402"), "370103");
}

}  // namespace
}  // namespace onewindow::naming
