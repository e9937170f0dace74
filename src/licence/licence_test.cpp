// Goal: a code is never given twice; what is granted becomes one signed, dated licence; an altered
// file or code shows; replaying the events gives the same licences.

#include "licence/licence.hpp"

#include <atomic>
#include <set>
#include <thread>

#include "application/reasons.hpp"
#include "kernel/text/text.hpp"
#include "licence/reasons.hpp"
#include "licence/testing/world.hpp"
#include "licence/token.hpp"
#include "naming/reasons.hpp"
#include "reference/codes/codes.hpp"

namespace onewindow::licence {
namespace {

constexpr db::Query kLicences{"", "SELECT * FROM licence_licence ORDER BY case_id"};
constexpr db::Query kFiles{"", "SELECT * FROM licence_file ORDER BY case_id, kind"};
constexpr db::Query kBlocks{
    "",
    "SELECT prefix, from_number, next_number FROM licence_pool_block ORDER BY prefix, from_number"};

TEST(PoolBody, CountsInBase31BehindThePrefix) {
    EXPECT_EQ(BodyOf("MA", 0), "MA000000");
    EXPECT_EQ(BodyOf("MA", 30), "MA00000Y");
    EXPECT_EQ(BodyOf("MA", 31), "MA000010");
    EXPECT_EQ(BodyOf("MA3", 28'629'150), "MA3YYYYY");
    EXPECT_EQ(BodyOf("MA3", 28'629'151), "");
    EXPECT_EQ(BodyOf("MA", -1), "");
}

class Licence : public OpeningWorld {
 protected:
    application::CaseId Issue() {
        const auto id = OpenSubmitted(GoodFacts());
        const auto granted = GrantCase(id);
        EXPECT_TRUE(granted) << granted.error().Describe();
        runner_->RunDue();
        return id;
    }
    std::string Bytes(const application::CaseId& id, std::string_view kind) {
        return licences_.deps().blobs.Get(FileOf(id, kind).blob).value();
    }
    std::string SidecarOf(const application::CaseId& id, std::string_view kind) {
        const LicenceFile file = FileOf(id, kind);
        return json::Text(json::Write(Sidecar{.schema = std::string(kSidecarSchema),
                                              .kind = "licence_" + std::string(kind),
                                              .sm3 = file.sm3,
                                              .key_id = file.key_id,
                                              .signature = file.signature}));
    }
    std::vector<TrustAnchor> Anchors() { return {{"demo-1", key_.PublicKey()}}; }
};

TEST_P(Licence, PoolGivesEachNumberOnceToManyThreads) {
    ASSERT_OK(Write([](db::Transaction& tx) -> Result<> {
        // Several blocks, so that threads also race over the end of one.
        for (std::int64_t i = 0; i < 20; ++i)
            OW_CHECK(AddPoolBlock(tx, "370103", "MX", 10'000 + i * 100, 10'100 + i * 100));
        return {};
    }));
    constexpr int kThreads = 32, kEach = 63;  // 2,016 asked for, 2,000 there.
    std::vector<std::vector<std::string>> taken(kThreads);
    std::atomic<int> refused = 0, surprises = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            for (int j = 0; j < kEach; ++j) {
                const auto number =
                    database().Write([](db::Transaction& tx) { return TakeNumber(tx, "370103"); });
                if (number)
                    taken[static_cast<std::size_t>(i)].push_back(number->body);
                else
                    ++(number.error().Is(reasons::kPoolEmpty) ? refused : surprises);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    std::multiset<std::string> all;
    for (const auto& some : taken) all.insert(some.begin(), some.end());
    EXPECT_EQ(all.size(), 2'000U);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 2'000U);
    EXPECT_EQ(refused, kThreads * kEach - 2'000);
    EXPECT_EQ(surprises, 0);
}

TEST_P(Licence, PoolBlocksNeverMeetAndAGenerationRetiresTheOldOnes) {
    const auto add = [&](std::string_view authority, std::string_view prefix, std::int64_t from,
                         std::int64_t until) {
        return Write(
            [&](db::Transaction& tx) { return AddPoolBlock(tx, authority, prefix, from, until); });
    };
    ASSERT_OK(add("370103", "MA", 0, 10));
    EXPECT_REFUSED(add("370104", "MA", 9, 20), reasons::kBlockOverlaps);
    EXPECT_REFUSED(add("370104", "MI", 0, 10), reasons::kBlockMalformed);
    EXPECT_REFUSED(add("370104", "MA", 10, 10), reasons::kBlockMalformed);
    EXPECT_REFUSED(add("370104", "MA12345", 0, 32), reasons::kBlockMalformed);
    ASSERT_OK(Write([](db::Transaction& tx) { return TakeNumber(tx, "370103"); }));
    ASSERT_OK(Write([](db::Transaction& tx) { return StartPoolGeneration(tx, "370103"); }));
    EXPECT_REFUSED(Write([](db::Transaction& tx) { return TakeNumber(tx, "370103"); }),
                   reasons::kPoolEmpty);
    EXPECT_REFUSED(add("370103", "MA", 5, 15), reasons::kBlockOverlaps);
    ASSERT_OK(add("370103", "MA", 10, 20));
    const auto next = Write([](db::Transaction& tx) { return TakeNumber(tx, "370103"); });
    ASSERT_OK(next);
    EXPECT_EQ(next->body, "MA00000A");
    // A rollback gives the number back.
    const auto undone = Write([](db::Transaction& tx) -> Result<> {
        OW_CHECK(TakeNumber(tx, "370103"));
        return Refuse(reasons::kNoLicence);
    });
    EXPECT_FALSE(undone);
    EXPECT_EQ(Write([](db::Transaction& tx) { return TakeNumber(tx, "370103"); }).value().body,
              "MA00000B");
    ASSERT_OK(
        Write([](db::Transaction& tx) { return SeedDemoPools(tx, *reference::SeedSnapshot()); }));
    ASSERT_OK(
        Write([](db::Transaction& tx) { return SeedDemoPools(tx, *reference::SeedSnapshot()); }));
    EXPECT_EQ(Read([](db::Transaction& tx) { return CountPool(tx, "371082"); }).value(), 20'000);
}

TEST_P(Licence, GrantBecomesASignedLicence) {
    std::vector<std::string> told;
    licences_.on_issued = [&](db::Transaction&, const application::CaseView& view,
                              const LicenceFacts& facts) -> Result<> {
        EXPECT_EQ(view.the_case.state, State::kCompleting);
        told.push_back(facts.uscc);
        return {};
    };
    const auto id = OpenSubmitted(GoodFacts());
    ASSERT_OK(GrantCase(id));
    EXPECT_FALSE(LicenceOf(id).has_value());  // Granted is not issued.
    EXPECT_REFUSED(GrantCase(id), reasons::kAlreadyGranted);
    clock_.Set(
        *ParseInstant("2026-11-23T23:59:30"));  // Still the 23rd in Beijing, the 23rd also by UTC.
    runner_->RunDue();
    const auto facts = LicenceOf(id);
    ASSERT_TRUE(facts.has_value()) << Story(id);
    EXPECT_EQ(told, std::vector<std::string>{facts->uscc});
    EXPECT_TRUE(reference::CheckUscc(facts->uscc).valid);
    EXPECT_EQ(facts->uscc.substr(0, 16), "91370102MX000000");
    EXPECT_TRUE(reference::CheckCert(facts->id).valid) << facts->id;
    EXPECT_EQ(FormatDate(facts->established), "2026-11-23");
    EXPECT_EQ(facts->capital_text, "伍拾万元整");
    EXPECT_EQ(facts->type_code, "1151");
    EXPECT_EQ(facts->state, "valid");
    EXPECT_EQ(CaseOf(id).state, State::kCompleting);
    // A case that was decided cannot be granted again, and its name is registered for good.
    EXPECT_REFUSED(GrantCase(id), reasons::kNotInReview);
    EXPECT_EQ(NameStatusOf(id), "registered");
}

TEST_P(Licence, FoundedOnTheBeijingDateOfIssue) {
    const auto id = OpenSubmitted(GoodFacts());
    clock_.Set(*ParseInstant("2026-11-23T23:59:59"));
    ASSERT_OK(GrantCase(id));
    clock_.Set(*ParseInstant("2026-11-24T00:00:01"));  // 16:00 of the 23rd by UTC.
    runner_->RunDue();
    EXPECT_EQ(FormatDate(LicenceOf(id)->established), "2026-11-24");
    EXPECT_NE(
        documents::testing::PdfFile(Bytes(id, "original")).Characters().find("2026年11月24日"),
        std::string::npos);
}

TEST_P(Licence, ARuleThatNoLongerHoldsAtIssueSendsTheCaseToARegistrar) {
    json::object facts = GoodFacts();
    facts["investors"] = json::array{json::object{
        {"holder", "p1"}, {"amount", 50'000'000}, {"method", "currency"}, {"due", "2026-12-01"}}};
    const auto id = OpenSubmitted(facts);
    ASSERT_OK(GrantCase(id));
    std::vector<std::string> faults;
    licences_.on_recalled = [&](db::Transaction&, const application::CaseView&,
                                const std::vector<Fault>& found) -> Result<> {
        for (const Fault& fault : found) faults.emplace_back(fault.code());
        return {};
    };
    clock_.Set(*ParseInstant(
        "2026-12-02T09:00:00"));  // The contribution is overdue before the company exists.
    runner_->RunDue();
    EXPECT_EQ(faults, std::vector<std::string>{"application.contribution_in_past"});
    EXPECT_FALSE(LicenceOf(id).has_value());
    EXPECT_EQ(CaseOf(id).state, State::kReviewing);
    // Granted again after the registrar's look, the code stays what it was.
    clock_.Set(*ParseInstant("2026-12-01T09:00:00"));
    ASSERT_OK(GrantCase(id));
    runner_->RunDue();
    EXPECT_EQ(LicenceOf(id)->uscc.substr(0, 16), "91370102MX000000");
}

TEST_P(Licence, ASignatureTakenBackBeforeTheLicenceStopsIt) {
    bool all_signed = false;
    application_.is_signed = [&](db::Transaction&, const CaseId&) -> Result<bool> {
        return all_signed;
    };
    const auto id = OpenSubmitted(GoodFacts());
    EXPECT_REFUSED(GrantCase(id), application::reasons::kNotSigned);
    all_signed = true;
    ASSERT_OK(GrantCase(id));
    all_signed = false;
    runner_->RunDue();
    EXPECT_FALSE(LicenceOf(id).has_value());
    EXPECT_EQ(CountEvents(id, "licence.recalled"), 1);
    EXPECT_EQ(CaseOf(id).state, State::kReviewing);
}

TEST_P(Licence, NothingIsIssuedWhileFrozenAndNothingWithoutAPool) {
    const auto id = OpenSubmitted(GoodFacts());
    ASSERT_OK(GrantCase(id));
    ASSERT_OK(Write([&](db::Transaction& tx) {
        return application_.Freeze(tx, id, true, "identity", "person:x");
    }));
    runner_->RunDue();
    EXPECT_FALSE(LicenceOf(id).has_value());
    ASSERT_OK(Write(
        [&](db::Transaction& tx) { return application_.Freeze(tx, id, false, "", "person:x"); }));
    clock_.Advance(std::chrono::minutes{6});
    runner_->RunDue();
    EXPECT_TRUE(LicenceOf(id).has_value());

    json::object other = GoodFacts();
    other["name"] = json::object{{"full", "济南泉韵软件有限公司"}};
    const auto second = OpenSubmitted(other);
    ASSERT_OK(Write([](db::Transaction& tx) { return StartPoolGeneration(tx, "370102"); }));
    EXPECT_REFUSED(GrantCase(second), reasons::kPoolEmpty);
    EXPECT_EQ(CountEvents(second, "licence.granted"), 0);
}

TEST_P(Licence, AWithdrawalBetweenGrantAndIssueFreesTheName) {
    application_.AddRoutes(world_.router);
    application_.on_withdrawn = [](db::Transaction&, const application::CaseView&) -> Result<> {
        return {};
    };
    const auto withdraw = [&](const CaseId& id) {
        return testing::TestClient(world_.router, world_.LogInPerson("p-1"))
            .Post("/api/v1/cases/" + id.value() + "/withdrawal", R"({"reason":"changed my mind"})");
    };
    const auto id = OpenSubmitted(GoodFacts());
    ASSERT_OK(GrantCase(id));
    EXPECT_EQ(NameStatusOf(id), "registered");
    const naming::NameId name(CaseOf(id).name_hold);
    // Also while somebody says that an identity was misused: the founders may always withdraw.
    ASSERT_OK(Write([&](db::Transaction& tx) {
        return application_.Freeze(tx, id, true, "identity", "person:x");
    }));
    EXPECT_EQ(withdraw(id).status, 200);
    EXPECT_EQ(CaseOf(id).state, State::kWithdrawn);
    EXPECT_EQ(CaseOf(id).name_hold, "");
    const auto stored = Read([&](db::Transaction& tx) { return naming::FindName(tx, name); });
    EXPECT_EQ(stored.value()->status, "released");
    runner_->RunDue();
    EXPECT_FALSE(LicenceOf(id).has_value());
    EXPECT_EQ(CountEvents(id, "licence.recalled"), 1);
    // Nobody is kept waiting for a year, as behind a business that has ended.
    const auto next = OpenSubmitted(GoodFacts());
    ASSERT_OK(GrantCase(next));
    runner_->RunDue();
    EXPECT_TRUE(LicenceOf(next).has_value());
    // After the licence there is nothing to withdraw any more.
    EXPECT_EQ(withdraw(next).status, 409);
    EXPECT_EQ(NameStatusOf(next), "registered");
}

TEST_P(Licence, FacesSayWhatTheLawWantsAndTheCodeVerifies) {
    const auto id = Issue();
    const LicenceFacts facts = LicenceOf(id).value();
    for (const std::string kind : {"original", "duplicate"}) {
        const documents::testing::PdfFile pdf(Bytes(id, kind));
        const std::string text = pdf.Characters();
        for (const std::string& expected :
             {std::string("营业执照"), facts.uscc, facts.name, std::string("周岚"),
              std::string("法定代表人"), std::string("伍拾万元整"), std::string("2026年11月23日"),
              std::string("登记机关"), std::string("一般项目：软件开发"), std::string("样本"),
              std::string("扫描二维码登录"), std::string("有限责任公司（自然人独资）")}) {
            EXPECT_NE(text.find(expected), std::string::npos)
                << kind << " lacks " << expected << "\n"
                << text;
        }
        EXPECT_EQ(text.find("报送公示年度报告") != std::string::npos, kind == "duplicate");
        std::string code(text::Trim(pdf.DecodeQr()));
        const std::string prefix = "https://onewindow.example/v/" + facts.id + "?t=";
        ASSERT_TRUE(code.starts_with(prefix)) << code;
        const auto token = ReadToken(code.substr(prefix.size()), "demo-1", key_.PublicKey());
        ASSERT_OK(token);
        EXPECT_EQ(*token, (TokenFacts{facts.id, facts.uscc, crypto::Hex(crypto::Sm3(facts.name)),
                                      "2026-11-23"}));
    }
    EXPECT_NE(documents::testing::PdfFile(Bytes(id, "original")).Info().find("1190.55 x 841.89"),
              std::string::npos);
    EXPECT_NE(documents::testing::PdfFile(Bytes(id, "duplicate")).Info().find("841.89 x 595.276"),
              std::string::npos);
}

TEST_P(Licence, EveryFlippedByteIsRefused) {
    const auto id = Issue();
    const std::string bytes = Bytes(id, "original"), sidecar = SidecarOf(id, "original");
    const VerifyReport good = VerifyFile("x.pdf", bytes, sidecar, Anchors());
    EXPECT_TRUE(good.valid) << json::Text(json::Write(good));
    EXPECT_EQ(good.kind, "licence_original");
    int refused = 0;
    for (std::size_t i = 0; i < 200; ++i) {
        std::string flipped = bytes;
        const std::size_t at = i * (bytes.size() - 1) / 199;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << (i % 8)));
        const VerifyReport report = VerifyFile("x.pdf", flipped, sidecar, Anchors());
        refused += report.valid ? 0 : 1;
        // The signature alone would tell, not only the digest beside it.
        EXPECT_FALSE(report.steps.back().ok);
    }
    EXPECT_EQ(refused, 200);
    EXPECT_FALSE(VerifyFile("x.pdf", bytes + "\n", sidecar, Anchors()).valid);
    EXPECT_FALSE(VerifyFile("x.pdf", bytes, "", Anchors()).valid);
    EXPECT_FALSE(VerifyFile("x.pdf", bytes, SidecarOf(id, "duplicate"), Anchors()).valid);
    EXPECT_FALSE(VerifyFile("x.pdf", bytes, sidecar, {}).valid);
    EXPECT_FALSE(VerifyFile("x.pdf", bytes, sidecar,
                            {{"demo-1", crypto::Sm2PrivateKey::Generate().PublicKey()}})
                     .valid);

    ASSERT_OK(files::WriteFile(folder_.path() + "/demo-1.pem", key_.PublicKey().Pem()));
    const auto anchors = LoadTrustAnchors(folder_.path());
    ASSERT_OK(anchors);
    EXPECT_TRUE(VerifyFile("x.pdf", bytes, sidecar, *anchors).valid);
}

TEST_P(Licence, PublicPageAndRoutes) {
    licences_.AddRoutes(world_.router);
    const auto id = Issue();
    const LicenceFacts facts = LicenceOf(id).value();
    const std::string token = FileOf(id, "original").token;
    const testing::TestClient anybody(world_.router),
        owner(world_.router, world_.LogInPerson("p-1")),
        other(world_.router, world_.LogInPerson("p-2"));

    const auto as_json =
        anybody.Get("/v/" + facts.id + "?t=" + token, {{"Accept", "application/json"}});
    EXPECT_EQ(as_json.status, 200);
    EXPECT_EQ(json::TextAt(as_json.body, "token"), "valid");
    EXPECT_EQ(json::TextAt(as_json.body, "licence.uscc"), facts.uscc);
    const auto page = anybody.Get("/v/" + facts.id + "?t=" + token, {{"Accept", "text/html"}});
    EXPECT_NE(page.text.find(facts.name), std::string::npos);
    EXPECT_NE(page.text.find("二维码真实"), std::string::npos);
    EXPECT_NE(page.headers.Get("Content-Security-Policy").find("sha256-"), std::string_view::npos);
    std::string altered = token;
    altered[5] = altered[5] == 'A' ? 'B' : 'A';
    const auto red = anybody.Get("/v/" + facts.id + "?t=" + altered,
                                 {{"Accept", "text/html"}, {"Accept-Language", "en"}});
    EXPECT_NE(red.text.find("not genuine"), std::string::npos);
    EXPECT_NE(red.text.find("state bad"), std::string::npos);
    EXPECT_EQ(anybody.Get("/v/nothing").status, 404);

    EXPECT_EQ(anybody.Get("/api/v1/cases/" + id.value() + "/licence").status, 401);
    EXPECT_EQ(other.Get("/api/v1/cases/" + id.value() + "/licence").status, 404);
    EXPECT_EQ(
        json::TextAt(owner.Get("/api/v1/cases/" + id.value() + "/licence").body, "established"),
        "2026-11-23");
    const auto pdf = owner.Get("/api/v1/cases/" + id.value() + "/licence/original");
    EXPECT_EQ(pdf.headers.Get("Content-Type"), "application/pdf");
    EXPECT_EQ(pdf.text, Bytes(id, "original"));
    const auto sidecar = owner.Get("/api/v1/cases/" + id.value() + "/licence/original/signature");
    EXPECT_TRUE(VerifyFile("x", pdf.text, sidecar.text, Anchors()).valid);

    const auto verified = anybody.Post("/api/v1/licences/verification", pdf.text,
                                       {{"Content-Type", "application/pdf"}});
    EXPECT_TRUE(json::BoolAt(verified.body, "valid")) << verified.text;
    std::string damaged = pdf.text;
    damaged[1000] = static_cast<char>(damaged[1000] ^ 1);
    const auto rejected = anybody.Post("/api/v1/licences/verification", damaged,
                                       {{"Content-Type", "application/pdf"}});
    EXPECT_EQ(rejected.status, 200);
    EXPECT_FALSE(json::BoolAt(rejected.body, "valid", true));
}

TEST_P(Licence, ReplayGivesTheSameTables) {
    Issue();
    testing::FreshDatabase into(GetParam());
    ASSERT_OK(into->Write(
        [](db::Transaction& tx) { return AddPoolBlock(tx, "370102", "MX", 0, 1'000); }));
    ASSERT_OK(progress::Replay(database(), *into, world_.services, kinds_));
    for (const auto& query : {kLicences, kFiles, kBlocks}) {
        EXPECT_FALSE(Dump(*into, query).empty());
        EXPECT_EQ(Dump(*into, query), Dump(database(), query));
    }
}

OW_BOTH_ENGINES(Licence);

}  // namespace
}  // namespace onewindow::licence
