// Goal: over HTTP a name is checked while it is typed, suggested, held before signing, kept as it
// is when asked again, and given up; robots are slowed and nobody else's case answers.

#include "licence/testing/world.hpp"
#include "naming/index_examiner.hpp"

namespace onewindow::licence {
namespace {

class NameApi : public OpeningWorld {
 protected:
    NameApi() { application_with_index_.AddRoutes(world_.router); }

    /// A draft of this person's with this name.
    application::CaseId Draft(const std::string& person, const std::string& name) {
        const application::CaseId id(NewUlid(clock_, locked_));
        const auto opened = Write([&](db::Transaction& tx) -> Result<> {
            OW_CHECK(recorder_.Open(tx, id, "370102"));
            OW_TRY(const std::string number,
                   reference::MakeCaseNumber({"370102", clock_.Today(), ++cases_}));
            OW_CHECK(recorder_.Record(
                tx, id,
                {.kind = "application.opened",
                 .actor = "person:" + person,
                 .data = {{"number", number},
                          {"entity_type", "one_person_company"},
                          {"county", "370102"},
                          {"authority", "370102"},
                          {"account", "a-1"},
                          {"person", person},
                          {"policy_version", reference::SeedSnapshot()->policy_version()}}}));
            OW_TRY(Case the_case, application_.Lock(tx, id));
            json::object facts = GoodFacts();
            json::SetAt(facts, "name.full", json::value(name));
            return application_.SaveFacts(tx, the_case, facts, "person:" + person);
        });
        if (!opened) ADD_FAILURE() << opened.error().Describe();
        return id;
    }
    static std::string Question(const std::string& name) {
        return json::Text(json::object{
            {"name", name}, {"county", "370102"}, {"entity_type", "one_person_company"}});
    }

    naming::IndexExaminer index_{SharedNameTables()};
    application::Application application_with_index_{{world_.services,
                                                      SharedReference(),
                                                      recorder_,
                                                      clocks_,
                                                      embedded::AllEntityTypes(),
                                                      {},
                                                      files::BlobStore(folder_.path() + "/blobs2"),
                                                      SharedNameTables(),
                                                      index_}};
};

TEST_P(NameApi, FromTypingToHoldingAndGivingUp) {
    const testing::TestClient anybody(world_.router), li(world_.router, world_.LogInPerson("li")),
        wang(world_.router, world_.LogInPerson("wang"));
    auto answer = anybody.Post("/api/v1/name-checks", Question("济南星河软件有限公司"));
    ASSERT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(json::TextAt(answer.body, "verdict"), "pass") << answer.text;

    const auto mine = Draft("li", "济南星河软件有限公司"),
               theirs = Draft("wang", "济南星河软件开发有限公司");
    const std::string hold = "/api/v1/cases/" + mine.value() + "/name-hold";
    answer = li.Post(hold);
    ASSERT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(json::TextAt(answer.body, "name"), "济南星河软件有限公司");
    const std::string until = json::TextAt(answer.body, "until");
    EXPECT_FALSE(until.empty());
    // Asking again renews nothing.
    clock_.Advance(std::chrono::minutes(10));
    answer = li.Post(hold);
    ASSERT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(json::TextAt(answer.body, "until"), until);

    EXPECT_EQ(wang.Post(hold).status, 404);
    EXPECT_EQ(wang.Post("/api/v1/cases/" + theirs.value() + "/name-hold").status, 422);
    answer = anybody.Post("/api/v1/name-checks", Question("济南兴和软件有限公司"));
    EXPECT_EQ(json::TextAt(answer.body, "verdict"), "similar") << answer.text;
    EXPECT_EQ(json::TextAt(answer.body, "conflicts.0.rule"), "N2") << answer.text;

    answer = anybody.Post("/api/v1/name-suggestions", Question("济南星河软件有限公司"));
    ASSERT_EQ(answer.status, 200) << answer.text;
    EXPECT_GE(json::Find(answer.body, "suggestions")->get_array().size(), 20U);

    answer = li.Post("/api/v1/cases/" + mine.value() + "/name-release");
    ASSERT_EQ(answer.status, 200) << answer.text;
    answer = wang.Post("/api/v1/cases/" + theirs.value() + "/name-hold");
    EXPECT_EQ(answer.status, 200) << answer.text;
}

TEST_P(NameApi, StrangeInputIsNamedAndNeverHarms) {
    const testing::TestClient anybody(world_.router);
    std::string thousand;
    for (int i = 0; i < 1000; ++i) thousand += "星";
    const std::pair<std::string, std::string> cases[] = {
        {"", "naming.empty"},
        {thousand, "naming.too_long"},
        {"济南😀😀软件有限公司", "naming.not_standard_character"},
        {"济南㐀㐁软件有限公司", "naming.not_standard_character"},
        {"济南ABC软件有限公司", "naming.letter_or_digit"},
        {"济南12软件有限公司", "naming.letter_or_digit"},
        {"济南\u200b星河软件有限公司", "naming.not_standard_character"},
        {"济南星河【山东】软件有限公司", "naming.not_standard_character"},
        {"济南", "naming.core_missing"},
        {"有限公司", "naming.core_missing"},
        {"青岛星河软件有限公司", "naming.region_elsewhere"},
        {"济南星河%'软件有限公司", "naming.not_standard_character"},
    };
    for (const auto& [name, reason] : cases) {
        const auto answer = anybody.Post("/api/v1/name-checks", Question(name));
        ASSERT_EQ(answer.status, 200) << name << answer.text;
        EXPECT_EQ(json::TextAt(answer.body, "verdict"), "refused") << name;
        EXPECT_NE(answer.text.find("\"" + reason + "\""), std::string::npos) << name << answer.text;
    }
}

TEST_P(NameApi, ARobotIsSlowed) {
    const testing::TestClient robot(world_.router);
    int slowed = 0;
    for (int i = 0; i < 400 && slowed == 0; ++i) {
        slowed += robot.Post("/api/v1/name-checks", Question("济南星河软件有限公司")).status == 429
                      ? 1
                      : 0;
    }
    EXPECT_EQ(slowed, 1);
}

OW_BOTH_ENGINES(NameApi);

}  // namespace
}  // namespace onewindow::licence
