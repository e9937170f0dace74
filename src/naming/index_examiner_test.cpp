// Goal: what one node commits the next check on any node sees, in order and without gaps; a
// snapshot of another store, a lost change or a restart never leaves an index that answers wrongly;
// names come in by file and conflicts fall by consent.

#include "naming/index_examiner.hpp"

#include <atomic>
#include <sstream>
#include <thread>

#include "kernel/files/files.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "kernel/text/text.hpp"
#include "naming/import_names.hpp"
#include "naming/suggest_names.hpp"
#include "naming/testdata/test_regions.hpp"

namespace onewindow::naming {
namespace {

class Node : public onewindow::testing::BothEngines {
 protected:
    NamingContext Context(IndexExaminer& examiner) {
        return {.tables = testing::Tables(),
                .regions = testing::Regions(),
                .examiner = examiner,
                .next_working_day = [](Date date) { return date; }};
    }
    Result<Hold> TryHold(IndexExaminer& examiner, const std::string& name,
                         const std::string& case_id) {
        return database().Write([&](db::Transaction& tx) {
            return HoldName(
                tx, Context(examiner), clock_, random_,
                {.name = {.name = name, .authority_code = "370102"}, .case_id = case_id});
        });
    }
    Examination Check(IndexExaminer& examiner, const NameRequest& request) {
        EXPECT_TRUE(examiner.Refresh(database()).has_value());
        auto answer = database().Read([&](db::Transaction& tx) {
            return CheckName(tx, Context(examiner), clock_.Now(), request);
        });
        EXPECT_TRUE(answer.has_value());
        return answer ? *answer : Examination{};
    }
    std::int64_t CountOf(IndexExaminer& examiner, const std::string& name) {
        return Check(examiner, {.name = name, .authority_code = "370102"}).hits.count;
    }
    Result<ImportReport> Import(IndexExaminer& examiner, const std::string& text) {
        std::istringstream in(text);
        return ImportNames(database(), Context(examiner), clock_, random_, in);
    }

    IndexExaminer here_{testing::Tables()}, there_{testing::Tables()};
};

TEST_P(Node, TheNextCheckOnEveryNodeSeesWhatWasCommitted) {
    EXPECT_EQ(CountOf(here_, "济南洪广酒业有限公司"), 0);
    EXPECT_EQ(CountOf(there_, "济南洪广酒业有限公司"), 0);
    const auto hold = TryHold(here_, "济南红光酒业有限公司", "li");
    ASSERT_OK(hold);
    for (IndexExaminer* node : {&here_, &there_}) {
        const Examination seen =
            Check(*node, {.name = "济南洪广酒业有限公司", .authority_code = "370102"});
        EXPECT_EQ(seen.verdict, Verdict::kSimilar);
        ASSERT_EQ(seen.hits.conflicts.size(), 1U);
        EXPECT_EQ(seen.hits.conflicts[0].rule, "N2");
        EXPECT_EQ(seen.hits.conflicts[0].name, "济南红光酒业有限公司");
        EXPECT_EQ(seen.hits.conflicts[0].status, "held");
        EXPECT_EQ(seen.hits.conflicts[0].until, hold->until);
    }
    ASSERT_OK(database().Write(
        [&](db::Transaction& tx) -> Result<> { return ReleaseHold(tx, clock_, hold->id, "li"); }));
    EXPECT_EQ(CountOf(there_, "济南洪广酒业有限公司"), 0);
    EXPECT_EQ(CountOf(here_, "济南洪广酒业有限公司"), 0);
}

TEST_P(Node, SimilarNamesMeetInsideTheirCityOnlyHoweverTheyCameIn) {
    ASSERT_OK(Import(here_, "青岛红光酒业有限公司\t370202\n山东虹光酒业有限公司\t370102\n"));
    EXPECT_EQ(CountOf(here_, "济南洪广酒业有限公司"), 1);  // Loaded from the database.
    ASSERT_OK(Import(here_, "青岛鸿光酒业有限公司\t370202\n"));
    EXPECT_EQ(CountOf(here_, "济南洪广酒业有限公司"), 1);  // Followed by the feed.
    EXPECT_EQ(CountOf(here_, "山东洪广酒业有限公司"), 3);
}

TEST_P(Node, AHoldEndsByItsDateWithoutAnyChange) {
    const auto hold = TryHold(here_, "济南红光酒业有限公司", "li");
    ASSERT_OK(hold);
    EXPECT_EQ(CountOf(here_, "济南洪广酒业有限公司"), 1);
    clock_.Set(hold->until);
    EXPECT_EQ(CountOf(here_, "济南洪广酒业有限公司"), 0);
}

TEST_P(Node, ARestartContinuesFromTheSnapshotAndAForeignOneIsRefused) {
    const onewindow::testing::TemporaryFolder folder;
    const std::string path = folder.path() + "/names.snapshot";
    ASSERT_OK(TryHold(here_, "济南红光酒业有限公司", "li"));
    ASSERT_OK(here_.Refresh(database()));
    ASSERT_OK(here_.Save(path));
    ASSERT_OK(TryHold(here_, "济南绿野酒业有限公司", "wang"));
    IndexExaminer again(testing::Tables());
    const auto from = again.Start(database(), path);
    ASSERT_OK(from);
    EXPECT_EQ(*from, "snapshot");
    EXPECT_EQ(CountOf(again, "济南洪广酒业有限公司"), 1);
    EXPECT_EQ(CountOf(again, "济南绿业酒业有限公司"), 1);

    onewindow::testing::FreshDatabase other(GetParam());
    IndexExaminer foreign(testing::Tables());
    const auto refused = foreign.Start(*other, path);
    ASSERT_OK(refused);
    EXPECT_EQ(*refused, "database");
    EXPECT_EQ(foreign.index().stats().names, 0U);
}

TEST_P(Node, NamesComeInByFile) {
    const auto report = Import(here_,
                               "济南红光酒业有限公司\t370102\n"
                               "青岛红光酒业有限公司\t370202\tcancelled\t2027-01-31\tq-1\n"
                               "济南绿野酒业有限公司\t37\n"
                               "济南蓝海酒业有限公司\t370102\tgone\n"
                               "济南\xff酒业有限公司\t370102\n"
                               "有限公司\t370102\r\n");
    ASSERT_OK(report);
    EXPECT_EQ(report->lines, 6);
    EXPECT_EQ(report->recorded, 2);
    EXPECT_EQ(report->without_core, 1);
    EXPECT_EQ(report->refused, 3);
    ASSERT_EQ(report->first_refused.size(), 3U);
    EXPECT_EQ(report->first_refused[1].line, 4);
    EXPECT_EQ(report->first_refused[1].reason, "naming.status_unknown");
    EXPECT_EQ(CountOf(here_, "济南红光酒业有限公司"), 1);
    EXPECT_EQ(CountOf(here_, "山东红光酒业有限公司"), 2);
    // The same id again takes over its new state.
    const auto changed =
        Import(here_, "青岛红光酒业有限公司\t370202\tcancelled\t2026-01-31\tq-1\n");
    ASSERT_OK(changed);
    EXPECT_EQ(changed->changed, 1);
    EXPECT_EQ(CountOf(here_, "山东红光酒业有限公司"), 1);
}

TEST_P(Node, AConsentLiftsASimilarityToo) {
    ASSERT_OK(Import(here_, "济南红光酒业有限公司\t370102\n"));
    NameRequest request{.name = "济南洪广酒业有限公司", .authority_code = "370102"};
    EXPECT_EQ(Check(here_, request).verdict, Verdict::kSimilar);
    request.consents = {{"济南红光酒业有限公司", ""}};
    EXPECT_EQ(Check(here_, request).verdict, Verdict::kSimilar);
    request.consents = {{"济南红光酒业有限公司", "paper-1"}};
    EXPECT_EQ(Check(here_, request).verdict, Verdict::kPass);
}

TEST_P(Node, TheRulesOf2017WarnWhereThoseOf2023Ban) {
    ASSERT_OK(Import(here_, "济南万青地产有限公司\t370102\n"));
    NameRequest request{.name = "济南万青置业有限公司", .authority_code = "370102"};
    EXPECT_EQ(Check(here_, request).verdict, Verdict::kSame);
    request.s4 = "warn";
    EXPECT_EQ(Check(here_, request).verdict, Verdict::kSimilar);
    request.s4.clear();
    clock_.Set(At(Date{std::chrono::year{2023} / 9 / 30}, std::chrono::hours{12}));
    EXPECT_EQ(Check(here_, request).verdict, Verdict::kSimilar);
}

TEST_P(Node, ALostChangeIsNoticedAndTheIndexBuiltAgain) {
    ASSERT_OK(TryHold(here_, "济南红光酒业有限公司", "li"));
    ASSERT_OK(here_.Refresh(database()));
    ASSERT_OK(TryHold(here_, "济南绿野酒业有限公司", "wang"));
    ASSERT_OK(TryHold(here_, "济南蓝海酒业有限公司", "zhao"));
    static constexpr db::Query kLose{"", "DELETE FROM naming_change WHERE sequence = 2"};
    ASSERT_OK(database().Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(tx.Execute(kLose));
        return {};
    }));
    EXPECT_EQ(CountOf(here_, "济南绿业酒业有限公司"), 1);
    EXPECT_EQ(CountOf(here_, "济南兰海酒业有限公司"), 1);
}

TEST_P(Node, TwentySuggestionsPassWhenAskedAgain) {
    std::string register_text;
    for (const char* core :
         {"红光", "洪广", "虹光", "红星", "红华", "金光", "天光", "东光", "阳光", "春光"}) {
        register_text += std::string("济南") + core + "酒业有限公司\t370102\n";
    }
    ASSERT_OK(Import(here_, register_text));
    ASSERT_OK(here_.Refresh(database()));
    const NameRequest wish{.name = "济南红光酒业有限公司",
                           .kind = OrgKind::kLimitedCompany,
                           .authority_code = "370102"};
    const auto suggestions = SuggestNames(here_.index(), Context(here_), clock_.Today(), wish);
    EXPECT_GE(suggestions.size(), 20U);
    std::set<std::string> cores;
    for (const Suggestion& suggestion : suggestions) {
        cores.insert(suggestion.core);
        const Examination examination = Check(here_, {.name = suggestion.name,
                                                      .kind = OrgKind::kLimitedCompany,
                                                      .authority_code = "370102"});
        EXPECT_EQ(examination.verdict, Verdict::kPass) << suggestion.name;
        EXPECT_TRUE(examination.findings.empty()) << suggestion.name;
    }
    EXPECT_EQ(cores.size(), suggestions.size());
}

/// 64 threads on two nodes: of every pair of conflicting names one is held, never both.
TEST_P(Node, ConflictingHoldsNeverBothWin) {
    constexpr int kThreads = 64, kPairs = 320;
    std::atomic<int> next{0}, both{0}, none{0};
    std::array<std::atomic<int>, kPairs> won{};
    const std::vector<char32_t> characters(testing::Tables().characters.begin(),
                                           testing::Tables().characters.end());
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            SeededRandom random(static_cast<std::uint64_t>(9000 + thread));
            IndexExaminer& node = thread % 2 == 0 ? here_ : there_;
            for (int turn = next++; turn < kPairs * 2; turn = next++) {
                const int pair = turn / 2;
                const std::u32string core{characters[static_cast<std::size_t>(pair) * 7], U'光'};
                // Each the other's homonym by another rule: S3, S4 or S5.
                static const char* const kOthers[] = {"酒业股份有限公司", "白酒有限公司",
                                                      "实业有限公司"};
                const std::string name = "济南" + text::FromCodePoints(core) +
                                         (turn % 2 == 0 ? "酒业有限公司" : kOthers[pair % 3]);
                const auto held = database().Write([&](db::Transaction& tx) {
                    HoldRequest request{.name = {.name = name,
                                                 .declared_core = text::FromCodePoints(core),
                                                 .authority_code = "370102",
                                                 .approvals = {}},
                                        .case_id = "case-" + std::to_string(turn)};
                    return HoldName(tx, Context(node), clock_, random, request);
                });
                if (held) ++won[static_cast<std::size_t>(pair)];
            }
        });
    }
    for (auto& thread : threads) thread.join();
    for (const auto& count : won) both += count > 1 ? 1 : 0, none += count == 0 ? 1 : 0;
    EXPECT_EQ(both, 0);
    // A word that may not be used keeps a few from both.
    EXPECT_LT(none, kPairs / 10);
}

OW_BOTH_ENGINES(Node);

}  // namespace
}  // namespace onewindow::naming
