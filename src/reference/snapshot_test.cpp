// Goal: the built-in data are whole, and every look-up gives what the law and the tables say.

#include "reference/snapshot.hpp"

#include <gtest/gtest.h>

#include "kernel/testing/expect_refused.hpp"
#include "reference/codes/codes.hpp"
#include "reference/datasets/datasets.hpp"
#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

const Date kToday{std::chrono::year{2026} / 11 / 22};

const Snapshot& Seed() {
    static const SnapshotPointer kSnapshot = SeedSnapshot();
    return *kSnapshot;
}

std::vector<std::string> TextsOf(const std::vector<const ScopeItem*>& items) {
    std::vector<std::string> texts;
    for (const ScopeItem* item : items) texts.push_back(item->text);
    return texts;
}

bool Finds(std::string_view question, std::string_view text) {
    const auto texts = TextsOf(Seed().SearchScope(question, 10));
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

TEST(Snapshot, HoldsShandongWhole) {
    int counties = 0, zones = 0, streets = 0;
    for (const auto& [code, division] : Seed().records().divisions) {
        if (!code.starts_with("37")) continue;
        counties += division.level == "county" && division.basis == "standard";
        zones += division.basis == "functional";
        streets += division.level == "street";
    }
    EXPECT_EQ(Seed().ChildrenOf("370000").size(), 16u);
    EXPECT_EQ(counties, 136);
    EXPECT_EQ(zones, 15);
    EXPECT_EQ(streets, 1853);
    EXPECT_EQ(Seed().ChildrenOf("").size(), 31u);
    EXPECT_EQ(Seed().records().authorities.size(), 1u + 16 + 136 + 15);
    EXPECT_EQ(Seed().records().scope_items.size(), 378u);
}

TEST(Snapshot, EveryPlaceIsServed) {
    for (const auto& [code, authority] : Seed().records().authorities) {
        if (authority.level == "province") continue;
        EXPECT_NE(Seed().HallOf(code), nullptr) << code;
        // A functional zone may not appear in a credit code.
        EXPECT_NE(Seed().FindDivision(authority.uscc_division)->basis, "functional") << code;
        EXPECT_TRUE(MakeUscc({"91", authority.uscc_division, "MA3C0001"})) << code;
    }
    for (const Division* city : Seed().ChildrenOf("370000")) {
        EXPECT_GE(Seed().MakersOf(city->code).size(), 3u) << city->name;
        std::set<std::string> banks;
        for (const BankBranch* branch : Seed().BranchesOf(city->code)) banks.insert(branch->bank);
        EXPECT_GE(banks.size(), 4u) << city->name;
        for (const char* agency :
             {"human_resources", "medical_insurance", "housing_fund", "tax", "public_security"}) {
            EXPECT_NE(Seed().FindOffice(agency, city->code), nullptr) << agency << city->name;
        }
        EXPECT_TRUE(Seed().RateOf(city->code, kToday)) << city->name;
    }
}

TEST(Snapshot, InventedRowsSaySo) {
    for (const auto& [id, hall] : Seed().records().halls) EXPECT_EQ(hall.origin, "demo");
    for (const auto& [id, maker] : Seed().records().makers) EXPECT_EQ(maker.origin, "demo");
    for (const auto& [cnaps, branch] : Seed().records().branches) EXPECT_EQ(branch.origin, "demo");
}

TEST(Snapshot, NamesDivisionsInFull) {
    EXPECT_EQ(Seed().FullDivisionName("370102"), "山东省济南市历下区");
    EXPECT_EQ(Seed().FullDivisionName("370100"), "山东省济南市");
    EXPECT_EQ(Seed().FullDivisionName("110101"), "北京市东城区");  // No "市辖区" between.
    EXPECT_EQ(Seed().FullDivisionName("999999"), "");
    EXPECT_EQ(Seed().CityOf("370102")->code, "370100");
    EXPECT_EQ(Seed().CityOf("370000"), nullptr);
    const auto streets = Seed().StreetsOf("370102");
    ASSERT_FALSE(streets.empty());
    EXPECT_EQ(streets.front()->parent, "370102");
    EXPECT_EQ(Seed().CountyOf(streets.front()->code)->code, "370102");
    EXPECT_TRUE(Seed().StreetsOf("370100").empty());
}

TEST(Snapshot, RoutesByTypePlaceAndOwner) {
    const auto own =
        Seed().AuthorityFor({.entity_type = "one_person_company", .division = "370102"});
    ASSERT_OK(own);
    EXPECT_TRUE(own->served);
    EXPECT_EQ(own->authority->name, "济南市历下区行政审批服务局");

    const auto street = Seed().StreetsOf("370881").front()->code;
    const auto by_street = Seed().AuthorityFor({.entity_type = "branch", .division = street});
    ASSERT_OK(by_street);
    EXPECT_EQ(by_street->authority->code, "370881");

    const auto zone = Seed().AuthorityFor({.entity_type = "limited_company", .division = "370176"});
    ASSERT_OK(zone);
    EXPECT_EQ(zone->authority->level, "zone");
    EXPECT_EQ(zone->authority->uscc_division, "370100");

    const auto state = Seed().AuthorityFor(
        {.entity_type = "limited_company", .division = "370102", .owner = "state_province"});
    ASSERT_OK(state);
    EXPECT_FALSE(state->served);
    EXPECT_EQ(state->authority->code, "370000");
}

TEST(Snapshot, SendsThoseWeDoNotServeSomewhere) {
    for (const char* type :
         {"joint_stock_company", "foreign_invested", "enterprise_group", "cooperative_union"}) {
        const auto route = Seed().AuthorityFor({.entity_type = type, .division = "370202"});
        ASSERT_OK(route);
        EXPECT_FALSE(route->served) << type;
        EXPECT_EQ(route->authority->code, "370200");
        EXPECT_FALSE(route->phone.empty());
        EXPECT_FALSE(route->text_zh.empty() || route->text_en.empty()) << type;
    }
    EXPECT_REFUSED(Seed().AuthorityFor({.entity_type = "lemonade_stand", .division = "370202"}),
                   reasons::kRouteUnknown);
    EXPECT_REFUSED(Seed().AuthorityFor({.entity_type = "branch", .division = "370200"}),
                   reasons::kDivisionUnknown);
    EXPECT_REFUSED(Seed().AuthorityFor({.entity_type = "branch", .division = "110101"}),
                   reasons::kRouteUnknown);
}

TEST(Scope, IsFoundByWhatPeopleType) {
    EXPECT_EQ(TextsOf(Seed().SearchScope("软件开发", 3)).front(), "软件开发");
    EXPECT_TRUE(Finds("奶茶", "餐饮服务"));
    EXPECT_TRUE(Finds("我想开奶茶店", "餐饮服务"));
    EXPECT_TRUE(Finds("网店", "互联网销售（除销售需要许可的商品）"));
    EXPECT_TRUE(Finds("KTV", "歌舞娱乐活动"));
    EXPECT_TRUE(Finds("ｋｔｖ", "歌舞娱乐活动"));
    EXPECT_TRUE(Finds("ruanjian", "软件开发"));
    EXPECT_TRUE(Finds("ruan jian", "软件销售"));
    EXPECT_TRUE(Finds("ruanj", "软件开发"));
    EXPECT_TRUE(Finds("cyfw", "餐饮服务"));
    EXPECT_TRUE(Finds("6513", "软件开发"));
    EXPECT_TRUE(Finds("软件 销售", "软件销售"));
    EXPECT_EQ(Seed().SearchScope("服务", 7).size(), 7u);
    EXPECT_TRUE(Seed().SearchScope("", 5).empty());
    EXPECT_TRUE(Seed().SearchScope("qqqq", 5).empty());
}

TEST(Scope, ComposesTheLicenceSentence) {
    const std::string general =
        "一般项目：软件开发；软件销售。（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）";
    const std::string licensed =
        "许可项目：餐饮服务。（依法须经批准的项目，经相关部门批准后方可开展经营活动，"
        "具体经营项目以审批结果为准）";
    const auto only = Seed().ComposeScope({"G0001", "G0006"});
    ASSERT_OK(only);
    EXPECT_EQ(*only, general);
    EXPECT_EQ(*Seed().ComposeScope({"G0001", "P0004", "G0006"}), general + licensed);
    EXPECT_EQ(*Seed().ComposeScope({"P0004", "G0001", "G0006"}), licensed + general);
}

TEST(Scope, RefusesEveryWrongItemAtOnce) {
    EXPECT_REFUSED(Seed().ComposeScope({}), reasons::kScopeEmpty);
    const auto wrong = Seed().ComposeScope({"X1", "G0001", "G0001", "X2"});
    ASSERT_FALSE(wrong);
    ASSERT_EQ(wrong.error().faults().size(), 3u);
    EXPECT_EQ(wrong.error().faults()[0].field, "scope.0");
    EXPECT_EQ(wrong.error().faults()[1].code(), "reference.scope_repeated");
    EXPECT_EQ(wrong.error().faults()[2].field, "scope.3");
}

TEST(Snapshot, LimitsFollowTheHallsDay) {
    EXPECT_EQ(Seed().LimitMinutes("case", "370100", "", kToday), 420);
    EXPECT_EQ(Seed().LimitMinutes("stage:1", "370100", "H370102", kToday), 210);
    EXPECT_EQ(Seed().LimitMinutes("stage:2", "370100", "H370102", kToday), 210);
    EXPECT_EQ(Seed().LimitMinutes("tax/new_taxpayer", "370100", "", kToday), 120);
    EXPECT_EQ(Seed().LimitMinutes("public_security/seals", "370100", "", kToday), 120);
    EXPECT_EQ(Seed().LimitMinutes("public_security/seals", "370600", "", kToday), 30);
    EXPECT_EQ(Seed().LimitMinutes("registration/publicity", "370100", "", kToday), 420);
    EXPECT_EQ(Seed().LimitMinutes("law/name_hold", "370100", "", kToday), std::nullopt);
    EXPECT_EQ(Seed().LimitMinutes("nothing", "370100", "", kToday), std::nullopt);
    EXPECT_EQ(Seed().LimitOf("law/name_hold")->amount, 2);
    // The parts of the first stage fit into it: insurance and fund run side by side.
    const auto minutes = [](std::string_view id) { return Seed().LimitOf(id)->amount; };
    EXPECT_EQ(minutes("registration/licence") + minutes("human_resources/social_insurance") +
                  minutes("stage:1/reserve"),
              210);
}

TEST(Snapshot, RatesAreThoseOfCityAndDay) {
    const auto jinan = Seed().RateOf("370100", kToday);
    ASSERT_OK(jinan);
    EXPECT_EQ(jinan->pension_unit, 1600);
    EXPECT_EQ(jinan->injury_unit[7], 190);
    EXPECT_EQ(jinan->medical_unit, 700);
    EXPECT_EQ(Seed().RateOf("371600", kToday)->medical_unit, 800);
    EXPECT_EQ(jinan->invoice_mode, InvoiceMode::kDigital);
    EXPECT_TRUE(jinan->demo);
    const auto before = Seed().RateOf("370100", Date{std::chrono::year{2024} / 11 / 30});
    ASSERT_OK(before);
    EXPECT_EQ(before->invoice_mode, InvoiceMode::kTaxControl);
    EXPECT_EQ(before->base_lower_fen, 420'000);
    EXPECT_REFUSED(Seed().RateOf("370100", Date{std::chrono::year{2019} / 1 / 1}),
                   reasons::kDatasetMissing);
}

TEST(Snapshot, PolicyPackFitsTheFounder) {
    const auto ids = [](const PolicyFacts& facts) {
        std::set<std::string> found;
        for (const Policy* policy : Seed().Policies(facts)) found.insert(policy->id);
        return found;
    };
    const auto veteran = ids({.entity_type = "individual_business",
                              .industry = "6210",
                              .division = "370102",
                              .size = "micro",
                              .founder_groups = {"veteran"},
                              .today = kToday});
    EXPECT_TRUE(veteran.contains("veteran_start"));
    EXPECT_TRUE(veteran.contains("free_kit"));
    EXPECT_FALSE(veteran.contains("key_groups_start"));
    EXPECT_FALSE(veteran.contains("software_vat"));
    const PolicyFacts software{.entity_type = "one_person_company",
                               .industry = "6513",
                               .division = "370102",
                               .size = "micro",
                               .today = kToday};
    EXPECT_TRUE(ids(software).contains("software_vat"));
    EXPECT_FALSE(ids(software).contains("veteran_start"));
    PolicyFacts later = software;
    later.today = Date{std::chrono::year{2028} / 1 / 1};
    EXPECT_FALSE(ids(later).contains("six_taxes"));
    PolicyFacts elsewhere = software;
    elsewhere.division = "410102";
    EXPECT_FALSE(ids(elsewhere).contains("free_kit"));
}

TEST(Snapshot, CalendarIsTheOfficialOne) {
    const WorkingCalendar& calendar = Seed().calendar();
    EXPECT_EQ(calendar.version(), "calendar@1");
    int off = 0, work = 0;
    for (Date date{std::chrono::year{2026} / 1 / 1}; date.year() == std::chrono::year{2026};
         date = AddDays(date, 1)) {
        const SpecialDay* special = calendar.FindSpecialDay(date);
        off += special && !special->work;
        work += special && special->work;
    }
    EXPECT_EQ(off, 33);
    EXPECT_EQ(work, 6);
    EXPECT_FALSE(calendar.IsProvisional(kToday));
    EXPECT_TRUE(calendar.IsProvisional(Date{std::chrono::year{2027} / 5 / 1}));
}

TEST(Snapshot, KnowsTheFormsLists) {
    EXPECT_TRUE(Seed().Knows("county", "370102"));
    EXPECT_FALSE(Seed().Knows("county", "370100"));
    EXPECT_TRUE(Seed().Knows("street", Seed().StreetsOf("370102").front()->code));
    EXPECT_TRUE(Seed().Knows("hall", "H370102"));
    EXPECT_TRUE(Seed().Knows("scope_item", "G0001"));
    EXPECT_TRUE(Seed().Knows("country", "CHN"));
    EXPECT_FALSE(Seed().Knows("country", "XXX"));
    EXPECT_FALSE(Seed().Knows("planet", "CHN"));
}

}  // namespace
}  // namespace onewindow::reference
