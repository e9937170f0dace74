// Goal: of many who want one name exactly one gets it, on either engine; a hold ends by its date
// and is never renewed; whatever stands in the way by art. 17 does, and nothing else.

#include <atomic>
#include <mutex>
#include <thread>

#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "naming/testdata/test_regions.hpp"

namespace onewindow::naming {
namespace {

using namespace std::chrono_literals;

TEST(DecideLastDay, CountsMonthsAndMovesToAWorkingDay) {
    // Weekends only, which is enough of a calendar here.
    const auto next_working_day = [](Date date) {
        while (std::chrono::weekday(std::chrono::sys_days(date)).iso_encoding() > 5)
            date = AddDays(date, 1);
        return date;
    };
    struct Case {
        Date today;
        bool needs_prior_approval;
        Date last_day;
    };
    const Case cases[] = {
        {2026y / 3 / 10, false, 2026y / 5 / 11},   // 10 May 2026 is a Sunday.
        {2026y / 11 / 23, false, 2027y / 1 / 25},  // 23 January 2027 is a Saturday.
        {2026y / 11 / 23, true, 2027y / 11 / 23},
        {2025y / 12 / 31, false, 2026y / 3 / 2},   // 28 February 2026 is a Saturday.
        {2027y / 12 / 29, false, 2028y / 2 / 29},  // Leap year.
    };
    for (const Case& expected : cases) {
        EXPECT_EQ(
            DecideLastDay({}, next_working_day, expected.today, expected.needs_prior_approval),
            expected.last_day);
    }
}

class Naming : public onewindow::testing::BothEngines {
 protected:
    NamingContext Context() {
        return {.tables = testing::Tables(),
                .regions = regions_,
                .examiner = examiner_,
                .next_working_day = [](Date date) { return date; }};
    }

    static HoldRequest Request(std::string name, std::string case_id,
                               std::string authority = "370102") {
        return {.name = {.name = std::move(name), .authority_code = std::move(authority)},
                .case_id = std::move(case_id)};
    }

    Result<Hold> TryHold(const HoldRequest& request) {
        return database().Write(
            [&](db::Transaction& tx) { return HoldName(tx, Context(), clock_, random_, request); });
    }
    Result<Hold> TryHold(const std::string& name, const std::string& case_id,
                         const std::string& authority = "370102") {
        return TryHold(Request(name, case_id, authority));
    }

    Result<> TryRegister(const Hold& hold) {
        const RegisterRequest request{.hold_id = hold.id, .case_id = hold.case_id};
        return database().Write(
            [&](db::Transaction& tx) { return RegisterName(tx, Context(), clock_, request); });
    }

    Result<std::optional<NameId>> Record(const RegisterEntry& entry) {
        return database().Write(
            [&](db::Transaction& tx) { return RecordName(tx, Context(), clock_, random_, entry); });
    }

    Result<Examination> Check(const NameRequest& request) {
        return database().Read(
            [&](db::Transaction& tx) { return CheckName(tx, Context(), clock_.Now(), request); });
    }
    Verdict VerdictOf(const std::string& name, const std::string& authority = "370102") {
        const auto answer = Check({.name = name, .authority_code = authority});
        EXPECT_TRUE(answer) << answer.error().Describe();
        return answer ? answer->verdict : Verdict::kRefused;
    }

    std::vector<NameChange> Changes(const std::string& scope) {
        auto changes =
            database().Read([&](db::Transaction& tx) { return ListChanges(tx, scope, 0, 1000); });
        EXPECT_TRUE(changes);
        return changes ? *changes : std::vector<NameChange>{};
    }

    const RegionIndex& regions_ = testing::Regions();
    SqlExaminer examiner_;
};

/// Runs one call for each request at the same time; how many were granted. Every refusal must be
/// `reason`.
int Race(db::Database& database, const NamingContext& context, const Clock& clock,
         const std::vector<HoldRequest>& requests, const Reason& reason) {
    std::atomic<int> granted = 0;
    std::mutex mutex;
    std::vector<std::string> surprises;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        threads.emplace_back([&, i] {
            SeededRandom random(1000 + i);
            const auto held = database.Write([&](db::Transaction& tx) {
                return HoldName(tx, context, clock, random, requests[i]);
            });
            if (held) {
                ++granted;
            } else if (!held.error().Is(reason)) {
                const std::lock_guard lock(mutex);
                surprises.push_back(held.error().Describe());
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(surprises, std::vector<std::string>{});
    return granted;
}

TEST_P(Naming, OfManyWhoWantOneNameOneWins) {
    std::vector<HoldRequest> requests;
    // All the same by one rule or another, in one scope or in two that meet.
    const char* names[] = {"济南红光酒业有限公司", "济南市红光酒业有限公司",
                           "济南红光白酒股份有限公司", "山东红光酒业有限公司"};
    for (int i = 0; i < 32; ++i)
        requests.push_back(Request(names[i % 4], "case-" + std::to_string(i)));
    EXPECT_EQ(Race(*fresh_, Context(), clock_, requests, reasons::kSame), 1);
    const auto city = Changes("370100"), province = Changes("370000");
    EXPECT_EQ(city.size() + province.size(), 1U);
}

TEST_P(Naming, OneNameWithSeveralDeclaredCoresIsStillOneName) {
    std::vector<HoldRequest> requests;
    for (int i = 0; i < 32; ++i) {
        requests.push_back(Request("济南红光喵喵汪汪有限公司", "case-" + std::to_string(i)));
        requests.back().name.declared_core = i % 2 == 0 ? "红光" : "红光喵喵";
    }
    EXPECT_EQ(Race(*fresh_, Context(), clock_, requests, reasons::kSame), 1);
}

TEST_P(Naming, DifferentIndustriesAndCitiesAllWinAndTheFeedHasNoGaps) {
    std::vector<HoldRequest> requests;
    for (const char* industry :
         {"酒业", "软件", "医疗器械", "物流", "家政", "建材", "酒店管理", "养殖"}) {
        for (const auto& [city, authority] : {std::pair("济南", "370102"), {"青岛", "370202"}}) {
            requests.push_back(Request(std::string(city) + "红光" + industry + "有限公司",
                                       std::string("case-") + industry + city, authority));
        }
    }
    EXPECT_EQ(Race(*fresh_, Context(), clock_, requests, reasons::kSame), 16);
    for (const char* scope : {"370100", "370200"}) {
        const auto changes = Changes(scope);
        ASSERT_EQ(changes.size(), 8U);
        for (std::size_t i = 0; i < changes.size(); ++i) {
            EXPECT_EQ(changes[i].sequence, static_cast<std::int64_t>(i + 1));
            EXPECT_EQ(changes[i].kind, "held");
            EXPECT_FALSE(changes[i].parts.classes.empty());
        }
    }
}

TEST_P(Naming, NobodyRenewsAHoldAndThenEverybodyCompetes) {
    const auto hold = TryHold("济南红光酒业有限公司", "li");
    ASSERT_OK(hold);
    EXPECT_EQ(hold->last_day, Date{2027y / 1 / 23});
    EXPECT_EQ(FormatInstant(hold->until), "2027-01-24T00:00:00+08:00");
    EXPECT_REFUSED(TryHold("济南红光酒业有限公司", "li"), reasons::kAlreadyYours);
    EXPECT_REFUSED(TryHold("济南红光酒业有限公司", "wang"), reasons::kSame);

    clock_.Set(hold->until - 1ms);
    EXPECT_REFUSED(TryHold("济南红光酒业有限公司", "li"), reasons::kAlreadyYours);
    clock_.Set(hold->until);
    EXPECT_REFUSED(TryRegister(*hold), reasons::kHoldEnded);
    ASSERT_OK(TryHold("济南红光酒业有限公司", "wang"));  // Before any job has run.
    EXPECT_REFUSED(TryHold("济南红光酒业有限公司", "li"), reasons::kSame);
}

TEST_P(Naming, AYearWherePriorApprovalIsDue) {
    HoldRequest request = Request("济南红光酒业有限公司", "li");
    request.needs_prior_approval = true;
    const auto hold = TryHold(request);
    ASSERT_OK(hold);
    EXPECT_EQ(hold->last_day, Date{2027y / 11 / 23});
}

TEST_P(Naming, ExpiryMarksWhatIsOverOnce) {
    ASSERT_OK(TryHold("济南红光酒业有限公司", "li"));
    ASSERT_OK(TryHold("青岛红光酒业有限公司", "wang", "370202"));
    const auto expire = [&] {
        return database().Write([&](db::Transaction& tx) { return ExpireHolds(tx, clock_.Now()); });
    };
    EXPECT_TRUE(expire()->empty());
    clock_.Advance(std::chrono::days(63));
    const auto expired = expire();
    ASSERT_OK(expired);
    EXPECT_EQ(expired->size(), 2U);
    EXPECT_TRUE(expire()->empty());
    const auto changes = Changes("370100");
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[1].kind, "expired");
    EXPECT_EQ(changes[1].status, "expired");
}

TEST_P(Naming, AReleasedNameIsFreeAndOnlyItsCaseReleasesIt) {
    const auto hold = TryHold("济南红光酒业有限公司", "li");
    ASSERT_OK(hold);
    const auto release = [&](const std::string& case_id) {
        return database().Write([&](db::Transaction& tx) -> Result<> {
            return ReleaseHold(tx, clock_, hold->id, case_id);
        });
    };
    EXPECT_REFUSED(release("wang"), reasons::kHoldUnknown);
    ASSERT_OK(release("li"));
    EXPECT_REFUSED(release("li"), reasons::kHoldEnded);
    ASSERT_OK(TryHold("济南红光酒业有限公司", "wang"));
}

TEST_P(Naming, RegistrationExaminesAgain) {
    const auto hold = TryHold("济南红光酒业有限公司", "li");
    ASSERT_OK(hold);
    // A row from elsewhere: a register import brings the same name while the hold runs.
    ASSERT_OK(Record({.name = "济南红光酒业股份有限公司", .authority_code = "370103"}));
    EXPECT_REFUSED(TryRegister(*hold), reasons::kSame);

    const auto other = TryHold("济南绿野酒业有限公司", "li");
    ASSERT_OK(other);
    ASSERT_OK(TryRegister(*other));
    EXPECT_REFUSED(TryRegister(*other), reasons::kHoldEnded);
    EXPECT_EQ(VerdictOf("济南绿野白酒有限公司"), Verdict::kSame);
    clock_.Advance(std::chrono::days(400));
    EXPECT_EQ(VerdictOf("济南绿野白酒有限公司"), Verdict::kSame);
}

TEST_P(Naming, EndedNamesBlockForAYear) {
    const auto id = Record({.name = "济南红光酒业有限公司", .authority_code = "370102"});
    ASSERT_OK(id);
    ASSERT_TRUE(id->has_value());
    ASSERT_OK(database().Write([&](db::Transaction& tx) -> Result<> {
        return EndName(tx, Context(), clock_, **id, NameStatus::kCancelled, clock_.Today());
    }));
    clock_.Set(At(2027y / 11 / 23, 23h));
    EXPECT_EQ(VerdictOf("济南红光酒业有限公司"), Verdict::kSame);
    clock_.Set(At(2027y / 11 / 24, 0h));
    EXPECT_EQ(VerdictOf("济南红光酒业有限公司"), Verdict::kPass);
    ASSERT_OK(Record({.name = "济南绿光酒业有限公司",
                      .authority_code = "370102",
                      .status = NameStatus::kRevoked,
                      .ended_on = clock_.Today()}));
    EXPECT_EQ(VerdictOf("济南绿光酒业有限公司"), Verdict::kSame);
}

TEST_P(Naming, ConsentLiftsTheConflictAndIsKept) {
    ASSERT_OK(Record({.name = "济南红光酒业有限公司", .authority_code = "370102"}));
    HoldRequest request = Request("济南红光白酒有限公司", "li");
    EXPECT_REFUSED(TryHold(request), reasons::kSame);
    request.name.consents = {{"济南红光酒业有限公司", ""}};  // Without evidence it is none.
    EXPECT_REFUSED(TryHold(request), reasons::kSame);
    request.name.consents = {{"济南红光酒业有限公司", "paper-1"}};
    const auto hold = TryHold(request);
    ASSERT_OK(hold);
    ASSERT_OK(TryRegister(*hold));  // By the kept consent.
}

TEST_P(Naming, ComparesInsideTheScopeOnly) {
    ASSERT_OK(Record({.name = "济南红光酒业有限公司", .authority_code = "370102"}));
    EXPECT_EQ(VerdictOf("济南市红光酒业有限公司", "370103"), Verdict::kSame);
    EXPECT_EQ(VerdictOf("青岛红光酒业有限公司", "370202"), Verdict::kPass);
    EXPECT_EQ(VerdictOf("山东红光酒业有限公司", "370202"), Verdict::kSame);
    ASSERT_OK(Record({.name = "山东蓝海酒业有限公司", .authority_code = "370102"}));
    EXPECT_EQ(VerdictOf("青岛蓝海酒业有限公司", "370202"), Verdict::kSame);
}

TEST_P(Naming, ARowWithoutCoreIsSkipped) {
    const auto none = Record({.name = "", .authority_code = "370102"});
    ASSERT_OK(none);
    EXPECT_FALSE(none->has_value());
    EXPECT_TRUE(Changes("370100").empty());
}

TEST_P(Naming, RefusesWithAllFaultsAndHoldsNothing) {
    const auto answer = TryHold("青岛红光第一酒业集团有限公司", "li");
    EXPECT_REFUSED(answer, reasons::kRegionElsewhere);
    EXPECT_REFUSED(answer, reasons::kGroup);
    EXPECT_REFUSED(answer, reasons::kWordForbidden);
    EXPECT_TRUE(Changes("370100").empty());
    EXPECT_REFUSED(TryHold("济南红光酒业有限公司", "li", "37"), reasons::kAuthorityUnknown);
    EXPECT_REFUSED(TryHold("济南\xff红光酒业有限公司", "li"), reasons::kNotUtf8);
}

TEST_P(Naming, AnswersInTheAgreedShape) {
    ASSERT_OK(Record({.name = "济南红光酒业有限公司", .authority_code = "370102"}));
    const auto answer = Check({.name = "济南红光白酒有限公司", .authority_code = "370102"});
    ASSERT_OK(answer);
    const json::object out =
        ToJson(*answer, [](const Fault& fault) { return "text of " + std::string(fault.code()); });
    EXPECT_EQ(boost::json::serialize(out.at("parts")),
              R"({"region":"济南","core":"红光","industry":"白酒","form":"有限公司"})");
    EXPECT_EQ(out.at("verdict"), "same");
    EXPECT_EQ(
        boost::json::serialize(out.at("reasons")),
        R"([{"code":"naming.same","citation":"企业名称登记管理规定 art. 17","text":"text of naming.same","level":"block"}])");
    EXPECT_EQ(out.at("count"), 1);
    EXPECT_EQ(
        boost::json::serialize(out.at("conflicts")),
        R"([{"name":"济南红光酒业有限公司","authority":"370102","rule":"S4","severity":"block"}])");
    EXPECT_EQ(out.at("examined"), "same");
    for (const char* table : {"parser", "regions", "rule_words", "industry_words", "characters"}) {
        EXPECT_TRUE(out.at("versions").as_object().contains(table)) << table;
    }
}

OW_BOTH_ENGINES(Naming);

}  // namespace
}  // namespace onewindow::naming
