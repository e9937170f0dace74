// Goal: every rule of structure and every word list speaks, with its own reason, and all of them at
// once.

#include "kernel/random/random.hpp"
#include "kernel/text/text.hpp"
#include "naming/testdata/test_regions.hpp"

namespace onewindow::naming {
namespace {

using testing::Parse;
using namespace std::chrono_literals;

std::vector<Finding> Check(std::string_view name, OrgKind kind = OrgKind::kCompany,
                           StructureRequest request = {}) {
    request.kind = kind;
    if (request.seat.empty()) request.seat = "370102";
    if (!request.today.ok() || request.today == Date{}) request.today = 2026y / 11 / 23;
    return CheckStructure(Parse(name), request, testing::Tables(), testing::Regions());
}

std::vector<std::string> Codes(const std::vector<Finding>& findings) {
    std::vector<std::string> codes;
    for (const auto& finding : findings) codes.emplace_back(finding.fault.code());
    return codes;
}

using Strings = std::vector<std::string>;

TEST(CheckStructure, PassesOrdinaryNamesOfEveryKind) {
    const std::pair<const char*, OrgKind> names[] = {
        {"济南红光酒业有限公司", OrgKind::kLimitedCompany},
        {"山东红光软件股份有限公司", OrgKind::kJointStockCompany},
        {"济南远见企业管理合伙企业（有限合伙）", OrgKind::kLimitedPartnership},
        {"济南明德会计师事务所（普通合伙）", OrgKind::kGeneralPartnership},
        {"济南拾光设计工作室（个人独资）", OrgKind::kSoleProprietorship},
        {"济南市历下区绿野蔬菜种植专业合作社", OrgKind::kCooperative},
        {"济南市历下区老街坊便利店", OrgKind::kIndividual},
        {"济南市历下区福来超市", OrgKind::kIndividual},
        {"济南红光酒业有限公司历下分公司", OrgKind::kBranch},
        {"红光（济南）酒业有限公司", OrgKind::kCompany},
        {"济南高新区红光软件有限公司", OrgKind::kCompany},
    };
    for (const auto& [name, kind] : names) EXPECT_EQ(Codes(Check(name, kind)), Strings{}) << name;
}

TEST(CheckStructure, RefusesWithTheRulesOwnReason) {
    struct Case {
        const char* name;
        OrgKind kind;
        Strings codes;
    };
    const Case cases[] = {
        {"", OrgKind::kCompany, {"naming.empty"}},
        {"济南红光9A酒业有限公司", OrgKind::kCompany, {"naming.letter_or_digit"}},
        {"济南紅光酒业有限公司", OrgKind::kCompany, {"naming.not_standard_character"}},
        {"济南红光酒业（中国）有限公司", OrgKind::kCompany, {"naming.china_in_brackets"}},
        {"济南红光（大）酒业有限公司", OrgKind::kCompany, {"naming.brackets"}},
        {"红光酒业有限公司", OrgKind::kCompany, {"naming.region_missing"}},
        {"青岛红光酒业有限公司", OrgKind::kCompany, {"naming.region_elsewhere"}},
        {"历下区红光酒业有限公司", OrgKind::kCompany, {"naming.district_alone"}},
        {"山东历下区红光酒业有限公司", OrgKind::kCompany, {"naming.district_alone"}},
        {"高新区红光酒业有限公司", OrgKind::kCompany, {"naming.zone_alone"}},
        {"济南酒业有限公司",
         OrgKind::kCompany,
         {"naming.core_is_industry", "naming.industry_missing"}},
        {"济南红酒业有限公司", OrgKind::kCompany, {"naming.industry_missing"}},
        {"济南有限公司", OrgKind::kCompany, {"naming.core_missing", "naming.industry_missing"}},
        {"济南青岛酒业有限公司", OrgKind::kCompany, {"naming.core_is_region"}},
        {"济南天桥酒业有限公司", OrgKind::kCompany, {"naming.core_may_be_region"}},
        {"济南红光有限公司", OrgKind::kCompany, {"naming.industry_missing"}},
        {"济南红光酒业集团有限公司", OrgKind::kCompany, {"naming.group"}},
        {"济南红光酒业", OrgKind::kCompany, {"naming.form_missing"}},
        {"济南红光酒业公司", OrgKind::kCompany, {"naming.form_mismatch"}},
        {"济南红光酒业店", OrgKind::kCompany, {"naming.form_mismatch"}},
        {"济南红光酒业有限公司", OrgKind::kJointStockCompany, {"naming.form_mismatch"}},
        {"济南远见咨询中心（普通合伙）", OrgKind::kLimitedPartnership, {"naming.form_mismatch"}},
        {"济南红光酒业有限公司", OrgKind::kIndividual, {"naming.individual_word"}},
        {"济南红光酒业有限公司",
         OrgKind::kBranch,
         {"naming.branch_suffix", "naming.branch_parent"}},
        {"济南红光酒业有限公司历下分公司", OrgKind::kCompany, {"naming.not_a_branch"}},
    };
    for (const Case& expected : cases) {
        EXPECT_EQ(Codes(Check(expected.name, expected.kind)), expected.codes) << expected.name;
    }
    EXPECT_EQ(Codes(Check(std::string(400, 'a'))), Strings{"naming.too_long"});
}

TEST(CheckStructure, KeepsABranchToItsParent) {
    StructureRequest request;
    request.parent_name = "济南红光酒业有限公司";
    EXPECT_TRUE(Check("济南红光酒业有限公司历下分公司", OrgKind::kBranch, request).empty());
    EXPECT_EQ(Codes(Check("济南绿光酒业有限公司历下分公司", OrgKind::kBranch, request)),
              Strings{"naming.branch_parent"});
}

TEST(CheckStructure, NamesAllFaultsAtOnceInOrder) {
    EXPECT_EQ(Codes(Check("红光X第一酒业集团")),
              (Strings{"naming.letter_or_digit", "naming.region_missing", "naming.group",
                       "naming.form_missing", "naming.word_forbidden"}));
}

TEST(CheckWords, SpeaksByLevelWithTheGroupsCitation) {
    struct Case {
        const char* name;
        Strings codes;
    };
    const Case cases[] = {
        {"济南支那酒业有限公司", {"naming.word_forbidden"}},
        {"济南国家级酒业有限公司", {"naming.word_forbidden"}},
        {"中国家具有限公司", {"naming.region_missing", "naming.word_needs_approval"}},
        {"济南红光小额贷款有限公司", {"naming.word_needs_approval"}},
        {"济南博士眼镜有限公司", {"naming.word_review"}},
        {"济南德国酒业有限公司", {"naming.word_forbidden"}},
        {"济南小秘鲁酒业有限公司", {"naming.word_review"}},
        {"济南大麻花食品有限公司", {}},
        {"济南金牌保险柜销售有限公司", {}},
        {"济南大和平商贸有限公司", {}},
    };
    for (const Case& expected : cases) {
        auto codes = Codes(Check(expected.name));
        std::erase(codes, "naming.industry_missing");
        EXPECT_EQ(codes, expected.codes) << expected.name;
    }
    const auto findings = Check("济南支那酒业有限公司");
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].citation, "企业名称登记管理规定 art. 11(1)(2)");
    EXPECT_EQ(findings[0].fault.arguments.at("word"), "支那");
}

TEST(CheckWords, AnApprovalOnFileAndTheGroupsDateLiftThem) {
    StructureRequest request;
    request.approvals = {"finance_restricted"};
    EXPECT_TRUE(Check("济南红光小额贷款有限公司", OrgKind::kCompany, request).empty());
    request = {};
    request.today = 2021y / 2 / 28;
    EXPECT_TRUE(Check("济南支那酒业有限公司", OrgKind::kCompany, request).empty());
}

// Any bytes may arrive: nothing crashes, and parts are made of the name's own text.
TEST(CheckStructure, SurvivesTenThousandRandomTexts) {
    const std::u32string alphabet =
        U"济南山东市历下区红光酒业科技发展有限公司股份（）()"
        U"合伙集团分店普通个人独资中国国家级第一高新企"
        U"合作社专业农民店馆A9 ·　紅𠀀\u0301\u200b\uFFFD\U0010FFFF";
    SeededRandom random(7);
    for (int i = 0; i < 10'000; ++i) {
        std::u32string wide;
        const auto length = random.Below(i % 100 == 0 ? 300 : 24);
        for (std::uint64_t n = 0; n < length; ++n) wide += alphabet[random.Below(alphabet.size())];
        std::string name = text::FromCodePoints(wide);
        if (i % 10 == 0) name += random.Bytes(random.Below(12));  // Broken UTF-8 too.
        const NameParts parts = Parse(name, i % 3 == 0 ? name.substr(0, random.Below(9)) : "");
        for (const std::string* part : {&parts.core, &parts.industry, &parts.region}) {
            ASSERT_TRUE(text::IsUtf8(*part)) << name;
        }
        ASSERT_EQ(parts.name, NormaliseName(parts.name)) << name;
        const auto kind = static_cast<OrgKind>(i % (static_cast<int>(OrgKind::kBranch) + 1));
        const StructureRequest request{.kind = kind, .seat = "370102", .today = 2026y / 11 / 23};
        const bool passes =
            !Blocks(CheckStructure(parts, request, testing::Tables(), testing::Regions()));
        // Whatever passes has a 字号 of two characters, except that a branch repeats its parent's.
        if (passes && kind != OrgKind::kBranch) {
            ASSERT_GE(text::Length(parts.core), 2U) << name;
        }
        const auto self = CompareNames(parts, parts);
        ASSERT_EQ(self.has_value(), !parts.core.empty()) << name;
    }
}

}  // namespace
}  // namespace onewindow::naming
