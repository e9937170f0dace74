// Goal: each rule refers what it is for, by its number; what all rules pass becomes a licence
// without an officer; officers are dealt cases without races, decide by the published catalogue,
// and tell an applicant everything at once.

#include "review/review.hpp"

#include <atomic>
#include <set>
#include <thread>

#include "application/reasons.hpp"
#include "kernel/log/log.hpp"
#include "licence/reasons.hpp"
#include "licence/testing/world.hpp"
#include "review/catalogue.hpp"
#include "review/reasons.hpp"
#include "review/rows.hpp"
#include "signing/reasons.hpp"

namespace onewindow::review {
namespace {

constexpr db::Query kTables[] = {{"", "SELECT * FROM review_examination ORDER BY id"},
                                 {"", "SELECT * FROM review_finding ORDER BY examination, rule"},
                                 {"", "SELECT * FROM review_task ORDER BY id"},
                                 {"", "SELECT * FROM review_notice ORDER BY case_id, number"},
                                 {"", "SELECT * FROM review_subject ORDER BY kind, hash, case_id"}};

TEST(ReviewCatalogue, EveryRuleAndReasonHasItsTextAndArticle) {
    const auto messages = messages::Messages::Load(embedded::AllMessages()).value();
    std::set<std::string_view> seen;
    const auto expect_text = [&](const std::string& key) {
        EXPECT_TRUE(messages.Has(key, messages::Language::kChinese)) << key;
        EXPECT_TRUE(messages.Has(key, messages::Language::kEnglish)) << key;
    };
    for (const Rule& rule : AllRules()) {
        EXPECT_TRUE(seen.insert(rule.id).second) << rule.id;
        EXPECT_FALSE(rule.citation.empty()) << rule.id;
        expect_text("review.rule." + std::string(rule.id));
    }
    for (const CatalogueReason& reason : Catalogue()) {
        EXPECT_TRUE(seen.insert(reason.code).second) << reason.code;
        EXPECT_FALSE(reason.citation.empty()) << reason.code;
        expect_text("review.reason." + std::string(reason.code));
    }
}

TEST(ReviewRules, KnowWhoHeadsEachKindOfBusiness) {
    const application::Context context{*reference::SeedSnapshot(), *ParseInstant("2026-11-23T09:00:00"),
                                       Date{std::chrono::year{2026} / 11 / 23}};
    Materials materials;
    materials.at = context.now;
    materials.listed = {"dishonest:p2"};
    const auto refers = [&](std::string_view facts) {
        for (const Finding& finding : RunRules({json::Parse(facts)->as_object(), context, materials})) {
            if (finding.rule == "R015") return finding.verdict == "refer";
        }
        return false;
    };
    for (const char* office : {"legal_representative", "investor", "operator", "head"}) {
        const std::string facts = R"({"people":[{"key":"p1"},{"key":"p2"}],"offices":{")" + std::string(office) + R"(":"p2"}})";
        EXPECT_TRUE(refers(facts)) << office;
    }
    EXPECT_TRUE(refers(R"({"people":[{"key":"p2"}],"investors":[{"holder":"p2","executive":true}]})"));
    EXPECT_FALSE(refers(R"({"people":[{"key":"p2"}],"investors":[{"holder":"p2"}],"offices":{"legal_representative":"p1"}})"));
}

TEST(ReviewQueue, RegionBounds) {
    using Bounds = std::pair<std::string, std::string>;
    EXPECT_EQ(RegionBounds("370000"), (Bounds{"370000", "380000"}));
    EXPECT_EQ(RegionBounds("370100"), (Bounds{"370100", "370200"}));
    EXPECT_EQ(RegionBounds("370102"), (Bounds{"370102", "370103"}));
    EXPECT_EQ(RegionBounds("371000"), (Bounds{"371000", "371100"}));
    EXPECT_EQ(RegionBounds("370110"), (Bounds{"370110", "370111"}));
    EXPECT_EQ(RegionBounds(""), (Bounds{"", ""}));
}

class ReviewRoom : public licence::OpeningWorld {
 protected:
    ReviewRoom() {
        review::RegisterEvents(kinds_);
        review_.RegisterJobs(*runner_);
        on_submitted_ = [this](db::Transaction& tx, const application::CaseView& view) {
            return review_.Order(tx, view);
        };
        licences_.on_recalled = [this](db::Transaction& tx, const application::CaseView& view,
                                       const std::vector<Fault>& faults) {
            return review_.Refer(tx, view, faults);
        };
    }
    Examination Examined(const CaseId& id) {
        return Read([&](db::Transaction& tx) { return review_.LastExamination(tx, id); }).value();
    }
    /// Numbers of the rules that refer.
    std::vector<std::string> Referring(const CaseId& id) {
        std::vector<std::string> rules;
        for (const Finding& finding : Examined(id).findings) {
            if (finding.verdict == "refer") rules.push_back(finding.rule);
        }
        return rules;
    }
    CaseId Submit(json::object facts, const std::string& type = "one_person_company") {
        const CaseId id = OpenSubmitted(std::move(facts), type);
        runner_->RunDue();
        return id;
    }
    auth::Principal Officer(std::string account, std::string unit = "370102") {
        return {.account = std::move(account),
                .person = {},
                .session = {},
                .csrf = {},
                .grants = {{auth::Role::kRegistrar, "370102", std::move(unit)}}};
    }
    static auth::Principal Staff(std::string account, auth::Role role) {
        return {.account = std::move(account), .person = {}, .session = {}, .csrf = {}, .grants = {{role, "370000", ""}}};
    }
    Result<Task> Deal(const auth::Principal& officer) {
        return Write([&](db::Transaction& tx) { return review_.Deal(tx, officer); });
    }
    Result<> Decide(const auth::Principal& officer, const CaseId& id,
                    const Review::Decision& decision) {
        return Write(
            [&](db::Transaction& tx) { return review_.Decide(tx, officer, id, decision); });
    }
    /// A case that only asks for a human.
    CaseId SubmitForHuman(json::object facts) {
        facts["capital"] = json::object{{"amount", kCapitalLookFen}};
        facts["beneficial_owners"] = json::object{{"exempt", false}, {"owners", json::array{"p1"}}};
        return Submit(std::move(facts));
    }
    static json::object Named(std::string_view name) {
        json::object facts = GoodFacts();
        facts["name"] = json::object{{"full", json::value(name)}};
        return facts;
    }

    /// With a founder and an address of its own, so that the signals stay quiet.
    json::object Fresh(std::string_view name) {
        json::object facts = Named(name);
        ++founders_;
        facts["address"].as_object()["detail"] = "样本路" + std::to_string(100 + founders_) + "号";
        facts["people"] =
            json::array{Person("周岚", licence::SampleId("19900101", 910 + founders_))};
        return facts;
    }

    int founders_ = 0;
    std::vector<Fault> unproven_;
    int recheck_percent_ = 0;
    Review review_{{application_, licences_,
                    [this](db::Transaction&, const CaseId&) -> Result<std::vector<Fault>> {
                        return unproven_;
                    },
                    crash_, recheck_percent_}};
};

TEST_P(ReviewRoom, AllRulesPassAndTheMachineGrants) {
    const CaseId id = Submit(GoodFacts());
    EXPECT_EQ(Referring(id), std::vector<std::string>{});
    EXPECT_EQ(Examined(id).findings.size(), AllRules().size());
    ASSERT_TRUE(LicenceOf(id).has_value());
    EXPECT_EQ(CaseOf(id).state, State::kCompleting);
    EXPECT_EQ(CountEvents(id, "review.examined"), 1);
    EXPECT_EQ(CountEvents(id, "review.granted"), 1);
    EXPECT_EQ(CountEvents(id, "licence.issued"), 1);
    EXPECT_REFUSED(Deal(Officer("o-1")), reasons::kNoTask);
    // Nothing of the sealed basis stands in what people of the case may see.
    for (const auto& stored : EventsOf(id))
        EXPECT_EQ(json::Text(stored.event.data).find(licence::SampleId("19900101")),
                  std::string::npos);
}

TEST_P(ReviewRoom, EachRuleRefersWhatItIsFor) {
    const auto expect = [&](const CaseId& id, std::string_view rule) {
        const auto rules = Referring(id);
        EXPECT_NE(std::find(rules.begin(), rules.end(), rule), rules.end()) << rule;
        EXPECT_EQ(CaseOf(id).state, State::kReviewing) << rule;
        EXPECT_FALSE(LicenceOf(id).has_value()) << rule;
        EXPECT_EQ(CountEvents(id, "review.referred"), 1) << rule;
    };
    const auto only = [&](const CaseId& id, std::string_view rule) {
        expect(id, rule);
        EXPECT_EQ(Referring(id), std::vector<std::string>{std::string(rule)});
    };
    unproven_ = {{&signing::reasons::kMissing, "p1", {}}};
    only(Submit(Fresh("济南星一软件有限公司")), "R001");
    unproven_ = {{&signing::reasons::kNoEvidence, "p1", {}}};
    only(Submit(Fresh("济南星二软件有限公司")), "R002");
    unproven_.clear();

    json::object facts = Fresh("济南星三软件有限公司");
    facts["people"].as_array()[0].as_object().erase("residence");
    only(Submit(facts), "R003");

    facts = Fresh("济南星港软件有限公司");
    facts["scope"] = json::object{{"items", json::array{"G0001", "P0058"}}};
    facts["approvals"] = json::array{
        json::object{{"item", "P0058"}, {"number", "鲁邮20260001"}, {"date", "2026-11-01"}}};
    only(Submit(facts), "R004");

    facts = Fresh("济南星五食品有限公司");
    facts["scope"] = json::object{{"items", json::array{"P0001"}}};
    expect(Submit(facts), "R005");

    facts = Fresh("济南星六软件有限公司");
    facts["organisations"] = json::array{json::object{{"key", "o1"},
                                                      {"name", "济南样本投资有限公司"},
                                                      {"uscc", "91370102MX0000018T"},
                                                      {"kind", "private_company"},
                                                      {"representative", "p1"}}};
    facts["investors"] =
        json::array{json::object{{"holder", "o1"}, {"amount", 50'000'000}, {"method", "currency"}}};
    expect(Submit(facts, "corporate_company"), "R006");

    facts = Fresh("济南星七软件有限公司");
    facts["people"].as_array().push_back(
        Person("周小", licence::SampleId("20150101"), "13800000902"));
    facts["people"].as_array()[1].as_object()["guardian"] = "p1";
    facts["investors"] =
        json::array{json::object{{"holder", "p1"}, {"amount", 30'000'000}, {"method", "currency"}},
                    json::object{{"holder", "p2"}, {"amount", 20'000'000}, {"method", "currency"}}};
    expect(Submit(facts, "limited_company"), "R007");

    facts = Fresh("济南星八软件有限公司");
    json::object& foreigner = facts["people"].as_array()[0].as_object();
    foreigner["id_type"] = "passport";
    foreigner["id_number"] = "E12345678";
    foreigner["birth_date"] = "1990-01-01";
    expect(Submit(facts), "R008");

    expect(Submit(Fresh("济南星自贸软件有限公司")), "R010");

    facts = Fresh("济南星宇食品有限公司");
    only(Submit(facts), "R011");

    facts = Fresh("济南星柏软件有限公司");
    expect(SubmitForHuman(facts), "R012");
}

TEST_P(ReviewRoom, SignalsRefer) {
    const auto only = [&](const CaseId& id, std::string_view rule) {
        EXPECT_EQ(Referring(id), std::vector<std::string>{std::string(rule)});
    };
    // The same address and the same person in other live cases: counted, and only from a number on
    // worth a look.
    const char* numerals = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉";
    std::vector<CaseId> earlier;
    for (int i = 0; i < kSameAddressLook; ++i) {
        json::object facts = Named("济南" + std::string(numerals + 3 * i, 3) + "泉软件有限公司");
        facts["people"] = json::array{Person("周岚", licence::SampleId("19900101", 901 + i))};
        earlier.push_back(OpenSubmitted(facts));
    }
    runner_->RunDue();
    EXPECT_EQ(Referring(earlier.back()),
              std::vector<std::string>{});  // The 19 others are not yet many.
    json::object facts = Named("济南星宙软件有限公司");
    facts["people"] = json::array{Person("李默", licence::SampleId("19800101"))};
    only(Submit(facts), "R013");

    const std::string busy = licence::SampleId("19750101");
    for (int i = 0; i <= kSamePersonLook; ++i) {
        facts = Fresh("济南" + std::string(numerals + 3 * i, 3) + "湖软件有限公司");
        facts["people"] = json::array{Person("周岚", busy)};
        const CaseId id = Submit(facts);
        if (i < kSamePersonLook)
            EXPECT_EQ(Referring(id), std::vector<std::string>{}) << i;
        else
            only(id, "R014");
    }
}

TEST_P(ReviewRoom, ListsAndSwitchesRefer) {
    const auto only = [&](const CaseId& id, std::string_view rule) {
        EXPECT_EQ(Referring(id), std::vector<std::string>{std::string(rule)});
    };
    json::object facts;
    const auto listed = [&](std::string_view kind, std::string_view name, std::string_view rule) {
        facts = Fresh(name);
        const std::string number = json::TextAt(facts, "people.0.id_number");
        ASSERT_OK(Write([&](db::Transaction& tx) {
            return PutListEntry(
                tx, world_.services,
                {.kind = std::string(kind), .id_number = number, .until = {}, .source = "test"});
        }));
        only(Submit(facts), rule);
    };
    listed("dishonest", "济南星辰软件有限公司", "R015");
    listed("false_registration", "济南星云软件有限公司", "R016");
    listed("disqualified", "济南星火软件有限公司", "R017");
    // An entry that has ended stands in nobody's way.
    facts = Fresh("济南星光软件有限公司");
    ASSERT_OK(Write([&](db::Transaction& tx) {
        return PutListEntry(tx, world_.services,
                            {.kind = "dishonest",
                             .id_number = json::TextAt(facts, "people.0.id_number"),
                             .until = clock_.Now(),
                             .source = "test"});
    }));
    EXPECT_EQ(Referring(Submit(facts)), std::vector<std::string>{});

    const auto put = [&](const char* scope, const char* value, std::optional<Instant> until = {}) {
        Switch setting;
        setting.scope = scope;
        setting.value = value;
        setting.until = until;
        setting.reason = "例行检查";
        return Write([&](db::Transaction& tx) {
            return review_.SwitchOff(tx, Staff("admin", auth::Role::kAdministrator), setting);
        });
    };
    EXPECT_REFUSED(put("rule", "R999"), reasons::kSwitchScope);
    EXPECT_REFUSED(put("type", "circus"), reasons::kSwitchScope);
    EXPECT_REFUSED(put("place", "37"), reasons::kSwitchScope);
    const Instant hour_later = clock_.Now() + std::chrono::hours{1};
    ASSERT_OK(put("place", "370100", hour_later));
    only(Submit(Fresh("济南星海软件有限公司")), "R020");
    clock_.Set(hour_later);
    ASSERT_OK(put("type", "limited_company"));
    EXPECT_EQ(Referring(Submit(Fresh("济南星山软件有限公司"))), std::vector<std::string>{});
    ASSERT_OK(put("rule", "R012"));
    only(Submit(Fresh("济南星川软件有限公司")), "R020");
}

TEST_P(ReviewRoom, ASwitchSendsCasesToPeopleUntilASecondPersonInTheOtherRoleLiftsIt) {
    review_.AddRoutes(world_.router);
    const auto client = [&](auth::Role role, const std::string& region = "370000") {
        return testing::TestClient(world_.router, world_.LogInPost({{role, region, ""}}));
    };
    const auto admin = client(auth::Role::kAdministrator);
    const auto security = client(auth::Role::kSecurityOfficer);
    const std::string path = "/api/v1/review/switches";
    const auto made = admin.Post(path, R"({"scope":"rule","value":"R013","reason":"地址库有误"})");
    ASSERT_EQ(made.status, 201) << made.text;
    EXPECT_TRUE(json::BoolAt(made.body, "holds"));
    const std::string id = json::TextAt(made.body, "id");
    const CaseId stopped = Submit(Fresh("济南星桥软件有限公司"));
    // A machine never refuses: the case waits for a person.
    EXPECT_EQ(Referring(stopped), std::vector<std::string>{"R020"});
    EXPECT_EQ(CaseOf(stopped).state, State::kReviewing);

    const auto lift = [&](const testing::TestClient& who, const std::string& which) {
        return who.Post(path + "/" + which + "/lifting", R"({"reason":"地址库已更正"})");
    };
    EXPECT_EQ(lift(admin, id).Reason(), "review.second_person");
    EXPECT_EQ(lift(client(auth::Role::kAdministrator), id).Reason(), "review.second_person");
    EXPECT_EQ(lift(client(auth::Role::kSecurityOfficer, "370100"), id).status, 403);
    EXPECT_EQ(lift(client(auth::Role::kRegistrar), id).status, 403);
    EXPECT_EQ(lift(security, "nothing").Reason(), "review.no_switch");
    EXPECT_EQ(Referring(Submit(Fresh("济南星泉软件有限公司"))), std::vector<std::string>{"R020"});
    const auto lifted = lift(security, id);
    ASSERT_EQ(lifted.status, 200) << lifted.text;
    EXPECT_FALSE(json::BoolAt(lifted.body, "holds", true));
    EXPECT_EQ(lift(security, id).Reason(), "review.switch_ended");
    EXPECT_EQ(Referring(Submit(Fresh("济南星湖软件有限公司"))), std::vector<std::string>{});

    // Who, what, why and when stand in events and in the ledger of the switch.
    const auto events = EventsOf(CaseId(id));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].event.kind, "review.switched_off");
    EXPECT_EQ(events[1].event.kind, "review.switched_on");
    EXPECT_EQ(json::TextAt(events[1].event.data, "by"), json::TextAt(lifted.body, "lifted_by"));
    const auto listed = client(auth::Role::kAuditor).Get(path);
    ASSERT_EQ(listed.body.at("switches").as_array().size(), 1U);
    EXPECT_EQ(json::TextAt(listed.body, "switches.0.lifted_reason"), "地址库已更正");
    EXPECT_EQ(testing::TestClient(world_.router).Get(path).status, 401);

    EXPECT_EQ(admin.Post(path, R"({"scope":"place","value":"370102","reason":"x"})").Reason(), "review.purpose_missing");
    EXPECT_EQ(admin.Post(path, R"({"scope":"place","value":"370102","reason":"地址库有误","until":"2020-01-01T00:00:00+08:00"})").Reason(),
              "review.switch_past");
    EXPECT_EQ(client(auth::Role::kAdministrator, "370200").Post(path, R"({"scope":"place","value":"370102","reason":"地址库有误"})").status, 403);
    EXPECT_EQ(client(auth::Role::kAdministrator, "370102").Post(path, R"({"scope":"place","value":"370102","reason":"地址库有误"})").status, 201);
    EXPECT_EQ(client(auth::Role::kAuditor).Post(path, R"({"scope":"place","value":"370102","reason":"地址库有误"})").status, 403);
}

TEST_P(ReviewRoom, ServesItsRulesWithWhatTheyLookAt) {
    review_.AddRoutes(world_.router);
    const auto answer = testing::TestClient(world_.router).Get("/api/v1/review/rules");
    ASSERT_EQ(answer.status, 200) << answer.text;
    const json::array& rules = answer.body.at("rules").as_array();
    ASSERT_EQ(rules.size(), AllRules().size());
    // What a rule says it looks at is what its findings show.
    const CaseId id = Submit(GoodFacts());
    const auto findings = Examined(id).findings;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        std::set<std::string> declared, looked_at;
        for (const json::value& input : rules[i].at("inputs").as_array()) {
            declared.insert(json::TextAt(input, "name"));
            EXPECT_FALSE(json::TextAt(input, "text.zh").starts_with("review.")) << json::Text(input);
            EXPECT_FALSE(json::TextAt(input, "text.en").starts_with("review.")) << json::Text(input);
        }
        for (const auto& entry : findings[i].inputs) looked_at.insert(std::string(std::string_view(entry.key())));
        EXPECT_EQ(declared, looked_at) << findings[i].rule;
        EXPECT_EQ(json::TextAt(rules[i], "id"), findings[i].rule);
        EXPECT_NE(json::TextAt(rules[i], "citation"), "");
    }
    EXPECT_TRUE(json::BoolAt(rules[0], "hard"));
}

TEST_P(ReviewRoom, ReportsTheSampleOfAutomaticGrants) {
    Review drawing{{application_, licences_,
                    [](db::Transaction&, const CaseId&) { return Result<std::vector<Fault>>(std::vector<Fault>{}); },
                    crash_, 100}};
    const auto runner = jobs::MakeRunner({database(), clock_, locked_, crash_, log::Silent(), "node-1"});
    drawing.RegisterJobs(*runner);
    review_.AddRoutes(world_.router);
    std::vector<CaseId> cases;
    for (const char* name : {"济南星桥软件有限公司", "济南星泉软件有限公司", "济南星湖软件有限公司"}) {
        cases.push_back(OpenSubmitted(Fresh(name)));
        runner->RunDue();
    }
    const auto report = [&](auth::Role role, const std::string& region) {
        const auto answer = testing::TestClient(world_.router, world_.LogInPost({{role, region, ""}})).Get("/api/v1/review/rechecks");
        EXPECT_EQ(answer.status, 200) << answer.text;
        return answer.body;
    };
    for (const char* kind : {"grant", "refuse"}) {
        const auto task = Deal(Officer("o-1"));
        ASSERT_OK(task);
        ASSERT_EQ(task->kind, "recheck");
        ASSERT_OK(Decide(Officer("o-1"), task->case_id,
                         {.kind = kind, .reasons = {{"scope.items", std::string(Catalogue()[0].code)}}, .note = "地址与事实不符"}));
    }
    // What a person decides is no grant of the machine.
    const CaseId referred = OpenSubmitted(Named("济南星港软件有限公司"));
    ASSERT_OK(Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(recorder_.Record(tx, referred, {.kind = "application.flags_set", .actor = "person:p-1",
                                                 .data = {{"human_review", true}, {"auto_submit", true}}}));
        return {};
    }));
    runner->RunDue();
    const json::value all = report(auth::Role::kAuditor, "370000");
    EXPECT_EQ(json::IntAt(all, "granted_by_machine"), 3);
    EXPECT_EQ(json::IntAt(all, "drawn"), 3);
    EXPECT_EQ(json::IntAt(all, "open"), 1);
    EXPECT_EQ(json::IntAt(all, "confirmed"), 1);
    EXPECT_EQ(json::IntAt(all, "objected"), 1);
    EXPECT_EQ(all.at("rechecks").as_array().size(), 3U);
    // The figures are everybody's, the rows those of one's own region.
    const json::value elsewhere = report(auth::Role::kSupervisor, "370200");
    EXPECT_EQ(json::IntAt(elsewhere, "drawn"), 3);
    EXPECT_TRUE(elsewhere.at("rechecks").as_array().empty());
}

TEST_P(ReviewRoom, AWithdrawnCaseIsDealtToNobody) {
    const CaseId id = SubmitForHuman(GoodFacts());
    ASSERT_OK(Deal(Officer("o-1")));
    ASSERT_OK(Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(Case the_case, application_.Lock(tx, id));
        OW_CHECK(application_.Move(tx, the_case, State::kWithdrawn, "person:p-1"));
        return review_.Withdraw(tx, id);
    }));
    EXPECT_REFUSED(Deal(Officer("o-1")), reasons::kNoTask);
    clock_.Advance(kLockTime);
    EXPECT_REFUSED(Deal(Officer("o-2")), reasons::kNoTask);
}

TEST_P(ReviewRoom, ARefusedCaseGivesItsNameBackAlsoAfterARecalledGrant) {
    application_.is_signed = [](db::Transaction&, const CaseId&) -> Result<bool> { return true; };
    json::object facts = GoodFacts();
    facts["investors"] = json::array{json::object{{"holder", "p1"}, {"amount", 50'000'000}, {"method", "currency"}, {"due", "2026-12-01"}}};
    const CaseId id = OpenSubmitted(facts);
    ASSERT_OK(GrantCase(id));
    const naming::NameId name(CaseOf(id).name_hold);
    clock_.Set(*ParseInstant("2026-12-02T09:00:00"));
    runner_->RunDue();  // The grant comes back: the contribution is overdue.
    ASSERT_OK(Deal(Officer("o-1")));
    const CatalogueReason* reason = nullptr;
    for (const CatalogueReason& one : Catalogue()) {
        if (one.refusal && reason == nullptr) reason = &one;
    }
    ASSERT_NE(reason, nullptr);
    ASSERT_OK(Decide(Officer("o-1"), id, {.kind = "refuse", .reasons = {{std::string(reason->section), std::string(reason->code)}}, .note = "出资期限已过"}));
    EXPECT_EQ(Read([&](db::Transaction& tx) { return naming::FindName(tx, name); }).value()->status, "released");
    EXPECT_EQ(CaseOf(id).name_hold, "");
}

TEST_P(ReviewRoom, ALostNameAndAWishForAHumanRefer) {
    CaseId id = OpenSubmitted(GoodFacts());
    clock_.Advance(std::chrono::hours{24 * 90});  // The hold of two months is over.
    runner_->RunDue();
    const auto rules = Referring(id);
    EXPECT_NE(std::find(rules.begin(), rules.end(), "R009"), rules.end());
    // No officer can grant over a lost name.
    ASSERT_OK(Deal(Officer("o-1")));
    EXPECT_REFUSED(Decide(Officer("o-1"), id, {.kind = "grant", .reasons = {}, .note = {}}),
                   reasons::kCannotGrant);

    id = OpenSubmitted(Named("济南星愿软件有限公司"));
    ASSERT_OK(Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(recorder_.Record(tx, id,
                                  {.kind = "application.flags_set",
                                   .actor = "person:p-1",
                                   .data = {{"human_review", true}, {"auto_submit", true}}}));
        return {};
    }));
    runner_->RunDue();
    EXPECT_EQ(Referring(id), std::vector<std::string>{"R018"});
}

TEST(ReviewRules, TypesForHumansRefer) {
    const application::Context context{*reference::SeedSnapshot(), Instant{},
                                       Date{std::chrono::year{2026} / 11 / 23}};
    Materials materials;
    materials.name_held = true;
    const json::object facts{{"name", json::object{{"full", "x"}}}};
    const auto verdict = [&](std::string_view rule) {
        for (const Finding& finding : RunRules({facts, context, materials})) {
            if (finding.rule == rule) return finding.verdict;
        }
        return std::string("absent");
    };
    EXPECT_EQ(verdict("R019"), "refer");
    materials.smart_type = true;
    EXPECT_EQ(verdict("R019"), "pass");
}

TEST_P(ReviewRoom, RerunYearsLaterFindsTheSame) {
    const CaseId id = SubmitForHuman(GoodFacts());
    clock_.Advance(std::chrono::hours{24 * 365 * 3});
    const Examination stored = Examined(id);
    const auto again = Read([&](db::Transaction& tx) { return review_.Rerun(tx, id, stored); });
    ASSERT_OK(again);
    EXPECT_EQ(*again, stored.findings);
    // A changed basis would show.
    Examination tampered = stored;
    tampered.facts["capital"] = json::object{{"amount", 100}};
    EXPECT_NE(Read([&](db::Transaction& tx) { return review_.Rerun(tx, id, tampered); }).value(),
              stored.findings);
}

TEST_P(ReviewRoom, ASampleOfAutomaticGrantsIsLookedAtAgain) {
    Review always{{application_, licences_,
                   [](db::Transaction&, const CaseId&) -> Result<std::vector<Fault>> {
                       return std::vector<Fault>{};
                   },
                   crash_, 100}};
    auto runner = jobs::MakeRunner({database(), clock_, locked_, crash_, log::Silent(), "node-2"});
    always.RegisterJobs(*runner);
    licences_.RegisterJobs(*runner);
    const CaseId id = OpenSubmitted(GoodFacts());
    runner->RunDue();
    EXPECT_EQ(CaseOf(id).state, State::kCompleting);
    EXPECT_EQ(CountEvents(id, "review.recheck_drawn"), 1);
    const auto task = Deal(Officer("o-1"));
    ASSERT_OK(task);
    EXPECT_EQ(task->kind, "recheck");
    EXPECT_REFUSED(Decide(Officer("o-1"), id, {.kind = "return", .reasons = {}, .note = {}}),
                   reasons::kRecheckOnly);
    ASSERT_OK(Decide(Officer("o-1"), id, {.kind = "grant", .reasons = {}, .note = {}}));
    EXPECT_EQ(CaseOf(id).state, State::kCompleting);  // It decides nothing about the case.
    EXPECT_REFUSED(Deal(Officer("o-1")), reasons::kNoTask);
}

TEST_P(ReviewRoom, ManyOfficersNeverHoldTheSameCase) {
    const char* numerals = "甲乙丙丁戊己庚辛壬癸";
    for (int i = 0; i < 10; ++i)
        SubmitForHuman(Named("济南" + std::string(numerals + 3 * i, 3) + "山软件有限公司"));
    std::vector<std::string> dealt(16);
    std::atomic<int> without = 0, surprises = 0;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < dealt.size(); ++i) {
        threads.emplace_back([&, i] {
            const auto task = Deal(Officer("o-" + std::to_string(i)));
            if (task)
                dealt[i] = task->case_id.value();
            else
                ++(task.error().Is(reasons::kNoTask) ? without : surprises);
        });
    }
    for (auto& thread : threads) thread.join();
    std::multiset<std::string> cases;
    for (const std::string& id : dealt) {
        if (!id.empty()) cases.insert(id);
    }
    EXPECT_EQ(cases.size(), 10U);
    EXPECT_EQ(std::set<std::string>(cases.begin(), cases.end()).size(), 10U);
    EXPECT_EQ(without, 6);
    EXPECT_EQ(surprises, 0);
}

TEST_P(ReviewRoom, TheLockEndsAndNobodyDecidesAboutHimself) {
    const CaseId id = SubmitForHuman(GoodFacts());
    EXPECT_REFUSED(Deal(Officer("o-9", "370103")), reasons::kNoTask);  // Another authority's.
    ASSERT_OK(Write([&](db::Transaction& tx) {
        return NameOfficer(tx, world_.services, "o-1", licence::SampleId("19900101"));
    }));
    EXPECT_REFUSED(Deal(Officer("o-1")), reasons::kNoTask);
    const auto task = Deal(Officer("o-2"));
    ASSERT_OK(task);
    EXPECT_EQ(Deal(Officer("o-2"))->id, task->id);  // Asked again, the same one.
    EXPECT_REFUSED(Decide(Officer("o-1"), id, {.kind = "grant", .reasons = {}, .note = {}}),
                   reasons::kConflict);
    EXPECT_REFUSED(Decide(Officer("o-3"), id, {.kind = "grant", .reasons = {}, .note = {}}),
                   reasons::kNotDealt);
    clock_.Advance(kLockTime);
    EXPECT_REFUSED(Decide(Officer("o-2"), id, {.kind = "grant", .reasons = {}, .note = {}}),
                   reasons::kNotDealt);
    ASSERT_OK(Deal(Officer("o-3")));
    ASSERT_OK(Decide(Officer("o-3"), id, {.kind = "grant", .reasons = {}, .note = {}}));
    runner_->RunDue();
    EXPECT_TRUE(LicenceOf(id).has_value());
}

TEST_P(ReviewRoom, ANoticeIsGivenOnceAndCompletely) {
    json::object facts = GoodFacts();
    const CaseId id = SubmitForHuman(facts);
    ASSERT_OK(Write([&](db::Transaction& tx) {
        return clocks_.Start(tx, id,
                             {.subject = "stage:1",
                              .limit_minutes = 210,
                              .hall = "",
                              .holder = "authority:370102",
                              .from = clock_.Now()});
    }));
    const auth::Principal officer = Officer("o-1");
    ASSERT_OK(Deal(officer));
    EXPECT_REFUSED(Decide(officer, id, {.kind = "return", .reasons = {}, .note = {}}),
                   reasons::kReasonsMissing);
    EXPECT_REFUSED(
        Decide(
            officer, id,
            {.kind = "return", .reasons = {{"address.detail", "bring_the_landlord"}}, .note = {}}),
        reasons::kUnlistedReason);
    EXPECT_REFUSED(
        Decide(officer, id,
               {.kind = "return", .reasons = {{"capital.amount", "address_unclear"}}, .note = {}}),
        reasons::kUnlistedReason);
    ASSERT_OK(Decide(officer, id,
                     {.kind = "return",
                      .reasons = {{"address.detail", "address_unclear"},
                                  {"capital.amount", "capital_implausible"}},
                      .note = {}}));
    EXPECT_EQ(CaseOf(id).state, State::kReturned);
    const auto clocks = Read([&](db::Transaction& tx) { return clocks_.Read(tx, id); }).value();
    EXPECT_EQ(clocks.front().state, "paused");
    EXPECT_EQ(clocks.front().holder, "applicant");

    // The applicant mends one of two and changes the scope; the case comes back to the same
    // officer.
    facts["capital"] = json::object{{"amount", kCapitalLookFen}};
    facts["beneficial_owners"] = json::object{{"exempt", false}, {"owners", json::array{"p1"}}};
    facts["address"].as_object()["detail"] = "样本路1号2单元101室";
    facts["scope"] = json::object{{"items", json::array{"G0001"}}};
    Resubmit(id, facts);
    runner_->RunDue();
    EXPECT_EQ(
        Read([&](db::Transaction& tx) { return clocks_.Read(tx, id); }).value().front().holder,
        "authority:370102");
    EXPECT_EQ(Referring(id), (std::vector<std::string>{"R012", "R021"}));
    EXPECT_REFUSED(Deal(Officer("o-2")), reasons::kNoTask);
    ASSERT_OK(Deal(officer));
    EXPECT_REFUSED(Decide(officer, id,
                          {.kind = "return",
                           .reasons = {{"people.0.id_number", "document_not_valid"}},
                           .note = {}}),
                   reasons::kNoticeComplete);
    ASSERT_OK(Decide(officer, id,
                     {.kind = "return",
                      .reasons = {{"capital.amount", "capital_implausible"},
                                  {"scope.items", "scope_item_unclear"}},
                      .note = {}}));
    const auto events = EventsOf(id);
    const auto last = std::find_if(events.rbegin(), events.rend(), [](const auto& stored) {
        return stored.event.kind == "review.returned";
    });
    EXPECT_EQ(json::TextAt(last->event.data, "items.0.label"), "not_mended");
    EXPECT_EQ(json::TextAt(last->event.data, "items.1.label"), "new_fact");
    EXPECT_EQ(json::TextAt(last->event.data, "items.1.citation"), "市场主体登记管理条例 14");
}

TEST_P(ReviewRoom, OnlyAHumanRefusesAndSaysWhy) {
    const CaseId id = SubmitForHuman(GoodFacts());
    const naming::NameId name(CaseOf(id).name_hold);
    const auth::Principal officer = Officer("o-1");
    ASSERT_OK(Deal(officer));
    EXPECT_REFUSED(Decide(officer, id,
                          {.kind = "refuse",
                           .reasons = {{"capital.amount", "capital_implausible"}},
                           .note = "x"}),
                   reasons::kNotForRefusal);
    EXPECT_REFUSED(
        Decide(officer, id,
               {.kind = "refuse", .reasons = {{"name.full", "name_unlawful"}}, .note = ""}),
        reasons::kNoteMissing);
    ASSERT_OK(Decide(officer, id,
                     {.kind = "refuse",
                      .reasons = {{"name.full", "name_unlawful"}},
                      .note = "名称含有损害国家尊严的内容。"}));
    EXPECT_EQ(CaseOf(id).state, State::kRefused);
    // The name is free for others.
    EXPECT_EQ(Read([&](db::Transaction& tx) { return naming::FindName(tx, name); }).value()->status,
              "released");
    const auto refused = EventsOf(id);
    const auto found = std::find_if(refused.begin(), refused.end(), [](const auto& stored) {
        return stored.event.kind == "review.refused";
    });
    ASSERT_NE(found, refused.end());
    EXPECT_EQ(found->event.actor, "registrar:o-1");
    EXPECT_EQ(json::IntAt(found->event.data, "remedies.reconsideration_days"), 60);
}

TEST_P(ReviewRoom, RoutesOfTheDesk) {
    review_.AddRoutes(world_.router);
    const CaseId id = SubmitForHuman(GoodFacts());
    const testing::TestClient officer(
        world_.router, world_.LogInPost({{auth::Role::kRegistrar, "370102", "370102"}}));
    const testing::TestClient other(world_.router,
                                    world_.LogInPost({{auth::Role::kRegistrar, "370200", ""}}));
    const testing::TestClient owner(world_.router, world_.LogInPerson("p-1"));
    const std::string file = "/api/v1/review/cases/" + id.value();

    EXPECT_EQ(owner.Get("/api/v1/review/queue").status, 403);
    EXPECT_EQ(officer.Get("/api/v1/review/queue").body.at("tasks").as_array().size(), 1U);
    EXPECT_EQ(other.Get("/api/v1/review/queue").body.at("tasks").as_array().size(), 0U);
    EXPECT_EQ(other.Get(file).status, 404);
    EXPECT_EQ(
        officer.Post(file + "/unmasking", R"({"field":"people.0.id_number","reason":"与原件核对"})")
            .Reason(),
        "review.not_dealt");
    EXPECT_EQ(officer.Post("/api/v1/review/tasks/next").status, 200);
    const auto read = officer.Get(file);
    EXPECT_EQ(read.status, 200) << read.text;
    EXPECT_EQ(read.text.find(licence::SampleId("19900101")), std::string::npos);
    EXPECT_EQ(read.body.at("findings").as_array().size(), AllRules().size());
    EXPECT_EQ(officer.Post(file + "/unmasking", R"({"field":"people.0.id_number","reason":"看"})")
                  .Reason(),
              "review.purpose_missing");
    const auto value = officer.Post(file + "/unmasking",
                                    R"({"field":"people.0.id_number","reason":"与原件核对"})");
    EXPECT_EQ(json::TextAt(value.body, "value"), licence::SampleId("19900101"));
    const testing::TestClient auditor(world_.router,
                                      world_.LogInPost({{auth::Role::kAuditor, "370000", ""}}));
    EXPECT_TRUE(json::BoolAt(auditor.Post(file + "/rerun").body, "equal"));

    const auto attempt =
        officer.Post(file + "/decision",
                     R"({"decision":"return",)"
                     R"("reasons":[{"field":"address.detail","code":"bring_the_landlord"}]})");
    EXPECT_EQ(attempt.Reason(), "review.unlisted_reason");
    EXPECT_EQ(CountEvents(id, "review.added_condition_attempt"), 1);
    const auto returned = officer.Post(
        file + "/decision",
        R"({"decision":"return","reasons":[{"field":"address.detail","code":"address_unclear"}]})");
    EXPECT_EQ(json::TextAt(returned.body, "state"), "returned") << returned.text;
    json::object facts = GoodFacts();
    facts["address"].as_object()["detail"] = "样本路1号2单元101室";
    Resubmit(id, facts);
    runner_->RunDue();
    const auto again = officer.Get(file);
    std::set<std::string> changed;
    for (const json::value& path : again.body.at("differences").as_array())
        changed.emplace(std::string_view(path.as_string()));
    EXPECT_TRUE(changed.contains("address.detail"));
    EXPECT_TRUE(changed.contains("capital.amount"));
    EXPECT_FALSE(changed.contains("name.full"));
    EXPECT_EQ(again.body.at("notices").as_array().size(), 1U);
    EXPECT_GT(testing::TestClient(world_.router)
                  .Get("/api/v1/review/reasons")
                  .body.at("reasons")
                  .as_array()
                  .size(),
              20U);
}

TEST_P(ReviewRoom, ReplayGivesTheSameTables) {
    const CaseId id = SubmitForHuman(GoodFacts());
    ASSERT_OK(Deal(Officer("o-1")));
    ASSERT_OK(
        Decide(Officer("o-1"), id,
               {.kind = "return", .reasons = {{"address.detail", "address_unclear"}}, .note = {}}));
    Submit(Named("济南星明软件有限公司"));
    testing::FreshDatabase into(GetParam());
    ASSERT_OK(progress::Replay(database(), *into, world_.services, kinds_));
    for (const auto& query : kTables) {
        EXPECT_FALSE(Dump(*into, query).empty()) << query.sql;
        EXPECT_EQ(Dump(*into, query), Dump(database(), query)) << query.sql;
    }
}

OW_BOTH_ENGINES(ReviewRoom);

}  // namespace
}  // namespace onewindow::review
