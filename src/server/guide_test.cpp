// Goal: the guide leads from plain answers to every kind of business and to every "go there", out of
// the declarations of kinds and matters alone; what it says agrees with the form and the limits; its
// print is the same bytes each time.

#include <set>

#include "kernel/documents/pdf_tools.hpp"
#include "server/testing/house.hpp"

namespace onewindow::embedded {
std::vector<exchange::Matter> AllMatters();
std::vector<application::EntityType> AllEntityTypes();
}  // namespace onewindow::embedded

namespace onewindow::server {
namespace {

using Lines = std::vector<std::string>;

class GuideRoutes : public House {
 protected:
    json::value Get(const std::string& path, int status = 200) {
        const auto answer = Anybody().Get(path);
        EXPECT_EQ(answer.status, status) << path << answer.text;
        return answer.body;
    }
    json::value Ask(const std::string& query) {
        return Get("/api/v1/guide/answers?place=370102&" + query);
    }
    static std::string Kind(const json::value& plan) { return json::TextAt(plan, "kind.id"); }
    static Lines Ids(const json::value& list, const char* name = "id") {
        Lines ids;
        for (const json::value& row : list.as_array()) ids.push_back(json::TextAt(row, name));
        return ids;
    }
    static const json::value* Step(const json::value& plan, std::string_view id) {
        for (const json::value& step : plan.at("steps").as_array()) {
            if (json::TextAt(step, "id") == id) return &step;
        }
        return nullptr;
    }
};

TEST_P(GuideRoutes, EveryPairOfAnswersLeadsToAKindAndEveryKindIsReached) {
    const json::value questions = Get("/api/v1/guide/questions").at("questions");
    ASSERT_EQ(Ids(questions), (Lines{"founder", "liability", "employees", "place", "trade"}));
    std::set<std::string> reached, elsewhere;
    for (const json::value& founder : questions.at(0).at("choices").as_array()) {
        for (const json::value& liability : questions.at(1).at("choices").as_array()) {
            const json::value plan = Ask("founder=" + json::TextAt(founder, "id") +
                                         "&liability=" + json::TextAt(liability, "id"));
            EXPECT_EQ(json::BoolAt(plan, "served"), json::BoolAt(founder, "served"));
            (json::BoolAt(plan, "served") ? reached : elsewhere).insert(Kind(plan));
        }
    }
    std::set<std::string> kinds, routed;
    for (const auto& type : embedded::AllEntityTypes()) kinds.insert(type.id);
    for (const auto& route : reference::SeedSnapshot()->records().routes) {
        if (!route.served && !kinds.contains(route.entity_type)) routed.insert(route.entity_type);
    }
    EXPECT_EQ(reached, kinds);
    EXPECT_EQ(elsewhere, routed);
    EXPECT_FALSE(routed.empty());
}

TEST_P(GuideRoutes, EachPathOfAnswers) {
    struct Case {
        std::string answers, kind;
        bool exact;
        Lines also;
    };
    const Case cases[] = {
        {"founder=alone", "one_person_company", true, {"individual_business", "sole_proprietorship"}},
        {"founder=alone&liability=limited", "one_person_company", true, {}},
        {"founder=alone&liability=unlimited", "sole_proprietorship", true, {}},
        {"founder=alone&liability=household", "individual_business", true, {}},
        {"founder=alone&liability=mixed", "one_person_company", false,
         {"individual_business", "sole_proprietorship"}},
        {"founder=together&liability=limited", "limited_company", true, {}},
        {"founder=together&liability=unlimited", "partnership", true, {}},
        {"founder=together&liability=mixed", "partnership", true, {}},
        {"founder=together&liability=household", "individual_business", true, {}},
        {"founder=organisation&liability=limited", "corporate_company", true, {}},
        {"founder=organisation&liability=household", "corporate_company", false, {"partnership"}},
        {"founder=company&liability=unlimited", "branch", true, {}},
        {"founder=farmers", "cooperative", true, {}},
    };
    for (const Case& one : cases) {
        const json::value plan = Ask(one.answers);
        EXPECT_EQ(Kind(plan), one.kind) << one.answers;
        EXPECT_EQ(json::BoolAt(plan, "exact"), one.exact) << one.answers;
        EXPECT_EQ(Ids(plan.at("also")), one.also) << one.answers;
    }
}

TEST_P(GuideRoutes, SaysWhereToGoForWhatIsNotServedHere) {
    const json::value plan = Ask("founder=joint_stock_company");
    EXPECT_FALSE(json::BoolAt(plan, "served"));
    EXPECT_EQ(json::TextAt(plan, "authority.code"), "370100");
    EXPECT_NE(json::TextAt(plan, "go_there.zh").find("股份有限公司"), std::string::npos);
    EXPECT_NE(json::TextAt(plan, "go_there.en").find("Joint-stock"), std::string::npos);
    EXPECT_NE(json::TextAt(plan, "authority.phone"), "");
    EXPECT_TRUE(plan.at("steps").as_array().empty());
    // Owners for whom somebody else is responsible, of a kind that is served.
    EXPECT_EQ(Ids(Ask("founder=together").at("elsewhere"), "owner"), (Lines{"state_province", "foreign"}));
    EXPECT_EQ(json::TextAt(Ask("founder=together"), "elsewhere.0.authority.code"), "370000");
}

TEST_P(GuideRoutes, OrdersTheStepsWithWhoActsAndUntilWhen) {
    const json::value plan = Ask("founder=alone&liability=limited");
    const Lines ids = Ids(plan.at("steps"));
    const auto at = [&](std::string_view id) {
        return std::find(ids.begin(), ids.end(), id) - ids.begin();
    };
    EXPECT_LT(at("form"), at("sign"));
    EXPECT_LT(at("sign"), at("licence"));
    EXPECT_LT(at("licence"), at("human_resources/social_insurance"));
    EXPECT_LT(at("human_resources/social_insurance"), at("tax/new_taxpayer"));
    EXPECT_LT(at("tax/new_taxpayer"), at("bank/appointment"));
    EXPECT_EQ(ids.back(), "collect");
    EXPECT_EQ(json::TextAt(*Step(plan, "tax/new_taxpayer"), "who.zh"), "国家税务总局济南市税务局");
    EXPECT_EQ(json::IntAt(*Step(plan, "tax/new_taxpayer"), "limit.minutes"), 120);
    EXPECT_EQ(json::TextAt(*Step(plan, "bank/appointment"), "need"), "not_needed");
    EXPECT_EQ(json::TextAt(*Step(plan, "public_security/seals"), "need"), "required");
    for (const json::value& step : plan.at("steps").as_array()) {
        for (const char* text : {"title.zh", "title.en", "who.zh", "who.en"}) {
            const std::string shown = json::TextAt(step, text);
            EXPECT_NE(shown, "");
            // A key shows through where a text is missing.
            EXPECT_FALSE(shown.starts_with("matter.") || shown.starts_with("guide.")) << shown;
        }
    }
    EXPECT_EQ(json::IntAt(plan, "limits.0.minutes"), 420);
    EXPECT_EQ(json::TextAt(plan, "limits.1.text.en"), "0.5 working day (210 working minutes)");
    EXPECT_EQ(json::IntAt(plan, "cost_fen", 7), 0);
    EXPECT_TRUE(plan.at("papers_to_bring").as_array().empty());
}

TEST_P(GuideRoutes, EmployeesAndTradeChangeWhatIsNeeded) {
    const std::string shop = "founder=alone&liability=household";
    const json::value alone = Ask(shop), employer = Ask(shop + "&employees=yes");
    const char* insurance = "human_resources/social_insurance";
    EXPECT_EQ(json::TextAt(*Step(alone, insurance), "need"), "deferred");
    EXPECT_EQ(json::TextAt(*Step(employer, insurance), "need"), "required");
    const auto has = [](const json::value& plan, std::string_view section) {
        const Lines sections = Ids(plan.at("at_hand"), "section");
        return std::find(sections.begin(), sections.end(), section) != sections.end();
    };
    EXPECT_FALSE(has(alone, "employees"));
    EXPECT_TRUE(has(employer, "employees"));
    std::string before, after;
    for (const auto& item : reference::SeedSnapshot()->records().scope_items) {
        if (item.second.stage == "before" && before.empty()) before = item.first;
        if (item.second.stage == "after" && after.empty()) after = item.first;
    }
    ASSERT_FALSE(before.empty() || after.empty());
    const json::value plan = Ask("founder=alone&trade=" + before + "," + after);
    EXPECT_EQ(Ids(plan.at("permits"), "item"), (Lines{before, after}));
    EXPECT_TRUE(json::BoolAt(plan, "permits.0.before"));
    EXPECT_FALSE(json::BoolAt(plan, "permits.1.before", true));
    EXPECT_NE(json::TextAt(plan, "permits.0.department"), "");
    EXPECT_EQ(plan.at("papers_to_bring").as_array().size(), 1U);
    EXPECT_NE(Step(plan, "registration/licence_notice"), nullptr);
    EXPECT_EQ(Step(alone, "registration/licence_notice"), nullptr);
}

TEST_P(GuideRoutes, WhatToHaveAtHandAreTheTypedFieldsOfTheForm) {
    const json::value plan = Ask("founder=alone&liability=limited");
    int shown = 0;
    for (const json::value& part : plan.at("at_hand").as_array())
        shown += static_cast<int>(part.at("fields").as_array().size());
    // As the form counts them for a draft with one blank person.
    const auto& application = rooms_->application();
    const auto counted = Read([&](db::Transaction& tx) -> Result<int> {
        OW_TRY(const auto ground, application.GroundNow(tx));
        application::Case the_case;
        the_case.entity_type = "one_person_company";
        the_case.county = the_case.authority = "370102";
        const json::object facts =
            application.Completed(ground, the_case, {{"people", json::array{json::object{}}}});
        return forms::CountTypedFields(
            application.FormOf(*application.FindEntityType("one_person_company")), facts);
    });
    ASSERT_OK(counted);
    EXPECT_EQ(shown, *counted);
    EXPECT_GT(shown, 8);
    EXPECT_EQ(Ids(plan.at("papers_made")).size(), 5U);
}

TEST_P(GuideRoutes, NamesEveryFaultOfTheAnswersAtOnce) {
    const auto answer = Anybody().Get(
        "/api/v1/guide/answers?founder=nobody&liability=none&employees=maybe&place=370100&trade=G0001,X9");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(Ids(answer.body.at("errors"), "field"),
              (Lines{"employees", "founder", "liability", "place", "trade.1"}));
    const auto missing = Anybody().Get("/api/v1/guide/answers");
    EXPECT_EQ(missing.status, 400);
    EXPECT_EQ(Ids(missing.body.at("errors"), "field"), (Lines{"founder", "place"}));
    EXPECT_EQ(Anybody().Get("/api/v1/guide/answers?founder=alone&place=110101").status, 404);
}

TEST_P(GuideRoutes, PrintsEveryKindInBothLanguagesAndAlwaysTheSameBytes) {
    std::set<std::string> kinds;
    for (const auto& route : reference::SeedSnapshot()->records().routes)
        kinds.insert(route.entity_type);
    for (const std::string& kind : kinds) {
        const std::string path = "/api/v1/guide/" + kind + "/370102/guide.pdf";
        for (const char* language : {"zh-CN", "en"}) {
            const auto answer = Anybody().Get(path, {{"Accept-Language", language}});
            ASSERT_EQ(answer.status, 200) << path << answer.text;
            EXPECT_EQ(answer.headers.Get("Content-Type"), "application/pdf");
            EXPECT_TRUE(answer.text.starts_with("%PDF-"));
            EXPECT_EQ(Anybody().Get(path, {{"Accept-Language", language}}).text, answer.text);
        }
    }
    EXPECT_EQ(Anybody().Get("/api/v1/guide/circus/370102/guide.pdf").Reason(), "guide.kind_unknown");
    EXPECT_EQ(Anybody().Get("/api/v1/guide/branch/999999/guide.pdf").Reason(), "guide.place_unknown");
}

TEST_P(GuideRoutes, ThePrintHasWhatTheAnswerHas) {
    const auto print = [&](const char* language) {
        return documents::testing::PdfFile(
            Anybody().Get("/api/v1/guide/one_person_company/370102/guide.pdf",
                          {{"Accept-Language", language}}).text);
    };
    const auto chinese = print("zh-CN"), english = print("en");
    EXPECT_EQ(chinese.Check().find("WARNING"), std::string::npos);
    const std::string zh = chinese.Characters(), en = english.Characters();
    for (const char* part : {"办事指南", "济南市历下区行政审批服务局", "国家税务总局济南市税务局",
                             "210个工作分钟", "0元", "2026-11-23"}) {
        EXPECT_NE(zh.find(part), std::string::npos) << part;
    }
    for (const char* part : {"Howtoopen:Limitedcompanyofonenaturalperson", "0yuan", "420workingminutes"})
        EXPECT_NE(en.find(part), std::string::npos) << part << en;
}

OW_BOTH_ENGINES(GuideRoutes);

/// The guide names no kind and no matter: a new one changes no file of it.
TEST(GuideRoom, KnowsNoKindAndNoMatterByName) {
    std::string code;
    for (const char* file : {"questions.cpp", "plan.cpp", "print.cpp", "api.cpp", "guide.hpp", "plan.hpp"})
        code += files::ReadFile(std::string(ONEWINDOW_SOURCE_DIR) + "/src/guide/" + file).value();
    for (const auto& type : embedded::AllEntityTypes())
        EXPECT_EQ(code.find('"' + type.id + '"'), std::string::npos) << type.id;
    for (const auto& matter : embedded::AllMatters())
        EXPECT_EQ(code.find('"' + matter.id + '"'), std::string::npos) << matter.id;
}

}  // namespace
}  // namespace onewindow::server
