// Goal: nobody is registered without a fresh check and an own signature over the exact papers (I16,
// I17, P6), and every way out of signing: decline, withdrawal, "not me", replacement, deadline,
// edits.

#include "application/reasons.hpp"
#include "signing/testing/world.hpp"

namespace onewindow::signing {
namespace {

using std::chrono::hours;

constexpr db::Query kBoards{"test.boards", "SELECT * FROM signing_board ORDER BY case_id"};
constexpr db::Query kRequests{"test.requests", "SELECT * FROM signing_request ORDER BY id"};
constexpr db::Query kSignatures{"test.signatures", "SELECT * FROM signing_signature ORDER BY id"};
constexpr db::Query kForgeSignature{
    "test.forge_signature",
    "UPDATE signing_signature SET statement = statement || ' ' WHERE statement <> ''"};
constexpr db::Query kForgeEvidence{"test.forge_evidence",
                                   "UPDATE signing_signature SET evidence_sm3 = 'none'"};

class SigningTest : public SigningWorld {
 protected:
    std::vector<std::string> Verify(const std::string& case_id) {
        const auto faults = database().Read(
            [&](db::Transaction& tx) { return signing_.Verify(tx, CaseId(case_id)); });
        std::vector<std::string> codes;
        if (!faults) return {faults.error().Describe()};
        for (const Fault& fault : *faults) codes.emplace_back(fault.code());
        std::sort(codes.begin(), codes.end());
        return codes;
    }
    bool IsComplete(const std::string& case_id) {
        return database()
            .Read([&](db::Transaction& tx) { return signing_.IsComplete(tx, CaseId(case_id)); })
            .value();
    }
    json::value Board(const testing::TestClient& client, const std::string& case_id) {
        const auto answer = client.Get("/api/v1/cases/" + case_id + "/sign-board");
        EXPECT_EQ(answer.status, 200) << answer.text;
        return answer.body;
    }
    std::vector<std::string> KindsOf(const std::string& case_id) {
        const auto events = database().Read([&](db::Transaction& tx) {
            return progress::ReadTimeline(tx, CaseId(case_id), 0, 1000);
        });
        std::vector<std::string> kinds;
        for (const auto& stored : events.value()) kinds.push_back(stored.event.kind);
        return kinds;
    }
    int CountOf(const std::string& case_id, std::string_view kind) {
        const auto kinds = KindsOf(case_id);
        return static_cast<int>(std::count(kinds.begin(), kinds.end(), kind));
    }
    static std::vector<std::string> Dump(db::Database& from, const db::Query& query) {
        const auto rows = from.Read([&](db::Transaction& tx) { return tx.Run(query, {}); });
        OW_ASSERT(rows.has_value());
        std::vector<std::string> lines;
        for (const db::Row& row : *rows) {
            std::string line;
            for (const db::Value& value : row.values()) {
                if (const auto* number = std::get_if<std::int64_t>(&value))
                    line += std::to_string(*number);
                if (const auto* text = std::get_if<std::string>(&value)) line += "'" + *text + "'";
                if (const auto* blob = std::get_if<db::Bytes>(&value))
                    line += crypto::Hex(blob->bytes);
                line += "|";
            }
            lines.push_back(std::move(line));
        }
        return lines;
    }
};
OW_BOTH_ENGINES(SigningTest);

TEST_P(SigningTest, EverybodySignsAndTheCaseSubmitsItself) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    json::value board = Board(applicant, id);
    ASSERT_EQ(board.at("requests").as_array().size(), 4U);
    EXPECT_FALSE(json::BoolAt(board, "complete"));
    EXPECT_EQ(json::TextAt(board, "deadline"), "2026-12-07T17:00:00+08:00");  // Ten working days.
    EXPECT_EQ(json::TextAt(board, "requests.0.name"), "周岚");  // Own names are not masked,
    EXPECT_EQ(json::TextAt(board, "requests.2.name"), "钱*");   // others' are.
    EXPECT_TRUE(json::BoolAt(board, "requests.0.reached"));
    EXPECT_FALSE(json::BoolAt(board, "requests.2.reached"));
    // Before the first login nobody else may see the case; after it whoever is asked to sign may.
    const auto qian = ClientOf(qian_);
    EXPECT_EQ(qian.Get("/api/v1/cases/" + id).status, 200);
    EXPECT_EQ(Act(qian, RequestsOf(qian).at("shareholder"), "seen").status, 200);
    EXPECT_EQ(json::TextAt(Board(applicant, id), "requests.2.state"), "seen");

    SignAll({&zhou_, &qian_});
    EXPECT_FALSE(IsComplete(id));
    EXPECT_EQ(StateOf(id), "signing");
    SignAll({&sun_});
    EXPECT_TRUE(IsComplete(id));
    EXPECT_EQ(StateOf(id), "submitted");
    EXPECT_TRUE(json::BoolAt(Board(applicant, id), "complete"));
    EXPECT_EQ(Verify(id), std::vector<std::string>{});
}

TEST_P(SigningTest, WaitsForTheApplicantUnlessAskedToSubmit) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant, false);
    EXPECT_EQ(applicant.Post("/api/v1/cases/" + id + "/submission", "").Reason(),
              "application.not_signed");
    SignAll({&zhou_, &qian_, &sun_});
    EXPECT_EQ(StateOf(id), "signing");
    EXPECT_EQ(applicant.Post("/api/v1/cases/" + id + "/submission", "").status, 200);
    EXPECT_EQ(StateOf(id), "submitted");
}

TEST_P(SigningTest, ARefusedSubmissionKeepsTheSignatures) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    signing_.on_complete = [](db::Transaction&, const CaseId&) -> Result<> {
        return Refuse(application::reasons::kNotSigned);
    };
    SignAll({&zhou_, &qian_, &sun_});
    EXPECT_TRUE(IsComplete(id));
    EXPECT_EQ(StateOf(id), "signing");
    ASSERT_FALSE(outside_.texts.empty());
    EXPECT_EQ(outside_.texts.back().first, zhou_.mobile);
    EXPECT_NE(outside_.texts.back().second.find("自动提交未通过"), std::string::npos);
}

TEST_P(SigningTest, APaperThatIsNotTheListedOneIsNotedByTheClientAndByTheServer) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    const json::value request = RequestsOf(applicant).at("shareholder");
    const std::string request_id = json::TextAt(request, "id");
    const json::value certificate = Certify(applicant, zhou_, request_id);
    const std::string evidence = json::TextAt(certificate, "identity_evidence");
    tamper_paper_ = [](std::string& pdf) {
        pdf[pdf.size() / 2] = static_cast<char>(pdf[pdf.size() / 2] ^ 1);
    };
    EXPECT_EQ(BuildStatement(applicant, request, evidence), "");
    // A list that names the altered paper's digest: the signature is over something else than the
    // server keeps.
    tamper_paper_ = nullptr;
    std::string statement = BuildStatement(applicant, request, evidence);
    ASSERT_NE(statement, "");
    const std::string digest = json::TextAt(request, "papers.0.rendering_sm3");
    std::string forged = statement;
    forged.replace(forged.find(digest), 64, std::string(64, '0'));
    EXPECT_EQ(Send(applicant, request_id, forged, zhou_.sm2.Sign(forged)).Reason(),
              "signing.wrong_statement");
    EXPECT_EQ(
        Send(applicant, request_id, statement + " ", zhou_.sm2.Sign(statement + " ")).Reason(),
        "signing.wrong_statement");
    EXPECT_EQ(Send(applicant, request_id, statement, zhou_.sm2.Sign(forged)).Reason(),
              "signing.bad_signature");
    EXPECT_EQ(Send(applicant, request_id, statement, qian_.sm2.Sign(statement)).Reason(),
              "signing.bad_signature");
    EXPECT_EQ(Send(applicant, request_id, statement, "no signature").Reason(),
              "signing.bad_signature");
    EXPECT_EQ(CountOf(id, "signing.signed"), 0);
    EXPECT_EQ(Send(applicant, request_id, statement, zhou_.sm2.Sign(statement)).status, 200);
}

TEST_P(SigningTest, NobodyActsForAnotherPerson) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    const auto qian = ClientOf(qian_);
    const json::value of_qian = RequestsOf(qian).at("shareholder");
    const json::value certificate = Certify(qian, qian_, json::TextAt(of_qian, "id"));
    const std::string statement =
        BuildStatement(qian, of_qian, json::TextAt(certificate, "identity_evidence"));
    const std::string signature = qian_.sm2.Sign(statement),
                      path = "/api/v1/signature-requests/" + json::TextAt(of_qian, "id");
    EXPECT_EQ(Send(applicant, json::TextAt(of_qian, "id"), statement, signature).Reason(),
              "signing.no_request");
    for (const std::string step : {"seen", "withdrawal", "not-me", "confirmation"}) {
        EXPECT_EQ(Act(applicant, of_qian, step).Reason(), "signing.no_request") << step;
    }
    EXPECT_EQ(Act(applicant, of_qian, "decline", R"({"reason":"other"})").Reason(),
              "signing.no_request");
    EXPECT_EQ(applicant.Get(path + "/papers/articles").Reason(), "signing.no_request");
    EXPECT_EQ(applicant.Get(path + "/certificate").Reason(), "signing.no_request");
    EXPECT_EQ(testing::TestClient(api_.router).Get("/api/v1/me/signature-requests").status, 401);
    const Human stranger{
        .key = "li", .name = "李舟", .id_number = "370102198001019036", .mobile = "13800000004"};
    EXPECT_EQ(ClientOf(stranger).Get("/api/v1/cases/" + id + "/sign-board").Reason(),
              "application.no_case");
    // A key that was certified to one person is nobody else's.
    const std::string body =
        json::Text(json::object{{"public_key", crypto::Base64(qian_.sm2.PublicKey().Point())}});
    EXPECT_EQ(Act(applicant, RequestsOf(applicant).at("shareholder"), "certificate", body).Reason(),
              "signing.key_of_another");
    EXPECT_EQ(Act(applicant, RequestsOf(applicant).at("shareholder"), "certificate",
                  R"({"public_key":"AAAA"})")
                  .Reason(),
              "signing.key_malformed");
}

TEST_P(SigningTest, AVerificationIsFreshForADay) {
    const auto applicant = ClientOf(zhou_);
    OpenCase(applicant);
    const json::value request = RequestsOf(applicant).at("shareholder");
    const json::value certificate = Certify(applicant, zhou_, json::TextAt(request, "id"));
    const std::string statement =
        BuildStatement(applicant, request, json::TextAt(certificate, "identity_evidence"));
    clock_.Advance(hours{25});
    const auto later = OldSessionOf(zhou_);
    const auto stale =
        Send(later, json::TextAt(request, "id"), statement, zhou_.sm2.Sign(statement));
    EXPECT_EQ(stale.Reason(), "signing.verification_not_fresh");
    const std::string body =
        json::Text(json::object{{"public_key", crypto::Base64(zhou_.sm2.PublicKey().Point())}});
    EXPECT_EQ(Act(later, request, "certificate", body).Reason(), "signing.verification_not_fresh");
    // A fresh check alone does not help the old certificate, which binds the old evidence; a new
    // one does.
    const auto asked = later.Post("/api/v1/identity/verifications",
                                  json::Text(json::object{{"code", CodeFor(zhou_)}}));
    ASSERT_EQ(asked.status, 202) << asked.text;
    runner_->RunDue();
    EXPECT_EQ(
        Send(later, json::TextAt(request, "id"), statement, zhou_.sm2.Sign(statement)).Reason(),
        "signing.verification_not_fresh");
    EXPECT_EQ(Sign(later, zhou_, request).status, 200);

    const auto sun = ClientOf(sun_);
    const json::value contact = RequestsOf(sun).at("contact");
    clock_.Advance(hours{25});
    EXPECT_EQ(Act(OldSessionOf(sun_), contact, "confirmation").Reason(),
              "signing.verification_not_fresh");
    EXPECT_EQ(Act(ClientOf(sun_), contact, "confirmation").status, 200);
}

TEST_P(SigningTest, RepeatsChangeNothing) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    const json::value request = RequestsOf(applicant).at("shareholder");
    const std::string request_id = json::TextAt(request, "id");
    const json::value certificate = Certify(applicant, zhou_, request_id);
    EXPECT_EQ(Certify(applicant, zhou_, request_id),
              certificate);  // The same key gets the same certificate.
    const std::string statement =
        BuildStatement(applicant, request, json::TextAt(certificate, "identity_evidence"));
    const std::string signature = zhou_.sm2.Sign(statement);
    const auto first = Send(applicant, request_id, statement, signature,
                            {{"Idempotency-Key", "sign-1-0123456789"}});
    const auto second = Send(applicant, request_id, statement, signature,
                             {{"Idempotency-Key", "sign-1-0123456789"}});
    EXPECT_EQ(first.status, 200) << first.text;
    EXPECT_EQ(second.text, first.text);
    EXPECT_EQ(Send(applicant, request_id, statement, signature).Reason(), "signing.not_open");
    EXPECT_EQ(CountOf(id, "signing.signed"), 1);
    EXPECT_EQ(Act(applicant, request, "seen").status, 200);  // Says what is so.
    EXPECT_EQ(CountOf(id, "signing.seen"), 0);
}

TEST_P(SigningTest, AnEditVoidsOnlyWhatItTouched) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant, false);
    SignAll({&zhou_, &qian_, &sun_});
    ASSERT_TRUE(IsComplete(id));
    Save(applicant, id, Facts("一杯五元", "湖边", {&zhou_, &qian_, &sun_}));
    EXPECT_FALSE(IsComplete(id));
    EXPECT_EQ(Act(applicant, RequestsOf(applicant).at("shareholder"), "confirmation").Reason(),
              "signing.not_open");
    BeginSigning(applicant, id, false);
    std::map<std::string, std::string> states;
    const json::value board = Board(applicant, id);
    for (const json::value& request : board.at("requests").as_array()) {
        states[json::TextAt(request, "person") + " " + json::TextAt(request, "capacity")] =
            json::TextAt(request, "state");
    }
    const std::map<std::string, std::string> expected = {{"zhou shareholder", "open"},
                                                         {"zhou legal_representative", "signed"},
                                                         {"qian shareholder", "open"},
                                                         {"sun contact", "signed"}};
    EXPECT_EQ(states, expected);
    EXPECT_FALSE(IsComplete(id));
    SignAll({&zhou_, &qian_});
    EXPECT_TRUE(IsComplete(id));
    EXPECT_EQ(Verify(id), std::vector<std::string>{});
    // An edit that changes no paper voids nothing.
    Save(applicant, id, Facts("一杯五元", "湖边", {&zhou_, &qian_, &sun_}));
    BeginSigning(applicant, id, false);
    EXPECT_TRUE(IsComplete(id));
}

TEST_P(SigningTest, DecliningIsToldToTheApplicantAndBlocks) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    const auto qian = ClientOf(qian_);
    const json::value request = RequestsOf(qian).at("shareholder");
    EXPECT_EQ(Act(qian, request, "decline", R"({"reason":"because"})").status,
              400);  // Not a published reason.
    outside_.texts.clear();
    EXPECT_EQ(Act(qian, request, "decline", R"({"reason":"terms_not_agreed"})").status, 200);
    runner_->RunDue();
    ASSERT_EQ(outside_.texts.size(), 1U);
    EXPECT_EQ(outside_.texts[0].first, zhou_.mobile);
    EXPECT_EQ(json::TextAt(Board(applicant, id), "requests.2.state"), "declined");
    EXPECT_EQ(json::TextAt(Board(applicant, id), "requests.2.reason"), "terms_not_agreed");
    SignAll({&zhou_, &sun_});
    EXPECT_FALSE(IsComplete(id));
    EXPECT_EQ(StateOf(id), "signing");
    // Opened again, it is asked again.
    Save(applicant, id, Facts("一杯两元", "湖边", {&zhou_, &qian_, &sun_}));
    BeginSigning(applicant, id);
    SignAll({&zhou_, &qian_, &sun_});
    EXPECT_EQ(StateOf(id), "submitted");
}

TEST_P(SigningTest, ASignatureMayBeTakenBackUntilTheLicence) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    SignAll({&qian_});
    const auto qian = ClientOf(qian_);
    json::value request = RequestsOf(qian).at("shareholder");
    EXPECT_EQ(Act(qian, request, "withdrawal").status, 200);
    EXPECT_EQ(Act(qian, request, "withdrawal").Reason(), "signing.not_open");
    SignAll({&zhou_, &sun_});
    EXPECT_FALSE(IsComplete(id));
    EXPECT_EQ(Sign(qian, qian_, request).status, 200);  // And given again.
    runner_->RunDue();
    EXPECT_EQ(StateOf(id), "submitted");
    EXPECT_EQ(Act(qian, request, "withdrawal").status,
              200);  // Also while the registrar looks at it.
    EXPECT_FALSE(IsComplete(id));
    EXPECT_EQ(Verify(id), std::vector<std::string>{"signing.missing"});
    ASSERT_OK(database().Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(application::Case the_case, application_.Lock(tx, CaseId(id)));
        OW_CHECK(application_.Move(tx, the_case, application::State::kReviewing, "system"));
        return application_.Move(tx, the_case, application::State::kLicensed, "system");
    }));
    const json::value late = RequestsOf(ClientOf(zhou_)).at("shareholder");
    EXPECT_EQ(Act(ClientOf(zhou_), late, "withdrawal").Reason(), "signing.too_late");
}

TEST_P(SigningTest, NotMeFreezesTheCaseAtOnce) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    const auto qian = ClientOf(qian_);
    const json::value request = RequestsOf(qian).at("shareholder");
    EXPECT_EQ(Act(qian, request, "not-me").status, 200);
    EXPECT_EQ(Act(qian, request, "not-me").status, 200);
    EXPECT_EQ(CountOf(id, "signing.not_me"), 1);
    EXPECT_EQ(CountOf(id, "application.frozen_changed"), 1);
    const auto the_case =
        database().Read([&](db::Transaction& tx) { return application_.Find(tx, CaseId(id)); });
    EXPECT_TRUE(the_case->frozen);
    const json::value own = RequestsOf(applicant).at("shareholder");
    const std::string body =
        json::Text(json::object{{"public_key", crypto::Base64(zhou_.sm2.PublicKey().Point())}});
    EXPECT_EQ(Act(applicant, own, "certificate", body).Reason(), "application.frozen");
    EXPECT_EQ(Act(applicant, own, "decline", R"({"reason":"other"})").Reason(),
              "application.frozen");
    // Nothing moves while it is frozen, the deadline neither; it passes as soon as the case is free
    // again.
    clock_.Advance(hours{24 * 20});
    runner_->RunDue();
    EXPECT_EQ(StateOf(id), "signing");
    ASSERT_OK(database().Write([&](db::Transaction& tx) {
        return application_.Freeze(tx, CaseId(id), false, "", "system");
    }));
    clock_.Advance(hours{2});
    runner_->RunDue();
    EXPECT_EQ(StateOf(id), "drafting");
}

TEST_P(SigningTest, ASignerIsReplacedThroughTheForm) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    const Human li{
        .key = "li", .name = "李舟", .id_number = "370102198001019036", .mobile = "13800000004"};
    const std::string of_qian = json::TextAt(Board(applicant, id), "requests.2.id");
    const std::string path =
        "/api/v1/cases/" + id + "/signature-requests/" + of_qian + "/replacement";
    EXPECT_EQ(ClientOf(qian_).Post(path, R"({"person":"li"})").Reason(), "application.no_case");
    EXPECT_EQ(applicant.Post(path, R"({"person":"li"})").status, 200);
    EXPECT_EQ(applicant.Post(path, R"({"person":"li"})").Reason(), "signing.not_missing");
    EXPECT_TRUE(RequestsOf(ClientOf(qian_)).empty());
    SignAll({&zhou_, &sun_});
    EXPECT_FALSE(IsComplete(id));
    Save(applicant, id, Facts("一杯三元", "湖边", {&zhou_, &li, &sun_}));
    BeginSigning(applicant, id);
    SignAll({&li});
    EXPECT_EQ(StateOf(id), "submitted");
}

TEST_P(SigningTest, RemindsAndEndsAtTheDeadline) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    SignAll({&qian_});
    runner_->RunDue();
    const auto count = [&](std::string_view words) {
        return std::count_if(outside_.texts.begin(), outside_.texts.end(), [&](const auto& text) {
            return text.second.find(words) != std::string::npos;
        });
    };
    EXPECT_EQ(count("登录签署设立文书"),
              2);  // Zhou in two capacities; Qian and Sun were not known yet.
    for (int day = 0; day < 13; ++day) {
        clock_.Advance(hours{24});
        runner_->RunDue();
    }
    EXPECT_EQ(count("仍待您签署"), 6);  // Three times for each of the two.
    EXPECT_EQ(StateOf(id), "signing");
    const json::value request = RequestsOf(ClientOf(zhou_)).at("shareholder");
    clock_.Advance(hours{48});
    const auto later = ClientOf(zhou_);  // Runs the jobs.
    EXPECT_EQ(StateOf(id), "drafting");
    EXPECT_EQ(CountOf(id, "signing.deadline_passed"), 1);
    EXPECT_EQ(count("签署期限已过"), 1);
    const std::string body =
        json::Text(json::object{{"public_key", crypto::Base64(zhou_.sm2.PublicKey().Point())}});
    EXPECT_EQ(Act(later, request, "certificate", body).Reason(), "signing.deadline_passed");
    // What was signed stands when the applicant opens it again.
    BeginSigning(later, id);
    SignAll({&zhou_, &sun_});
    EXPECT_EQ(StateOf(id), "submitted");
}

TEST_P(SigningTest, AWithdrawnCaseAsksNobodyAnyMore) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    SignAll({&qian_});
    ASSERT_EQ(
        applicant.Post("/api/v1/cases/" + id + "/withdrawal", R"({"reason":"no lemons"})").status,
        200);
    EXPECT_TRUE(RequestsOf(ClientOf(qian_)).empty());
    EXPECT_FALSE(IsComplete(id));
    clock_.Advance(hours{24 * 20});
    runner_->RunDue();
    EXPECT_EQ(CountOf(id, "signing.deadline_passed"), 0);
}

TEST_P(SigningTest, AnAuthorityIsBelievedOnlyWhatWasAskedOfIt) {
    const auto applicant = ClientOf(zhou_);
    OpenCase(applicant);
    const json::value request = RequestsOf(applicant).at("shareholder");
    const std::string path =
        "/api/v1/signature-requests/" + json::TextAt(request, "id") + "/certificate";
    const std::string body =
        json::Text(json::object{{"public_key", crypto::Base64(zhou_.sm2.PublicKey().Point())}});
    // Another authority's certificate, and one for somebody else's key.
    const auto other = crypto::Sm2PrivateKey::Generate();
    const Instant now = clock_.Now();
    const std::string root = crypto::IssueRoot(other, {.common_name = "other",
                                                       .serial = "\x01",
                                                       .from = now - hours{1},
                                                       .until = now + hours{9},
                                                       .authority = true});
    outside_.tamper = [&](const http::Call& call, http::Answer& answer) {
        if (!call.url.ends_with("/certificates")) return;
        const json::value sent = json::Parse(call.body).value();
        const auto key = crypto::Sm2PublicKey::FromPoint(
                             crypto::FromBase64(json::TextAt(sent, "public_key")).value())
                             .value();
        const std::string der =
            crypto::IssueCertificate(other, root, key,
                                     {.common_name = json::TextAt(sent, "subject"),
                                      .serial = "\x02",
                                      .from = now - hours{1},
                                      .until = now + hours{9},
                                      .binding = json::TextAt(sent, "binding")});
        answer.body = json::Text(
            json::object{{"certificate", crypto::Base64(der)}, {"issuer", crypto::Base64(root)}});
    };
    EXPECT_EQ(applicant.Post(path, body).status, 202);
    runner_->RunDue();
    EXPECT_EQ(json::TextAt(applicant.Get(path).body, "state"), "refused");
    std::string earlier;
    outside_.tamper = [&](const http::Call& call, http::Answer& answer) {
        if (!call.url.ends_with("/certificates")) return;
        if (earlier.empty()) earlier = answer.body;
        answer.body = earlier;
    };
    const json::value commitment = RequestsOf(applicant).at("legal_representative");
    Certify(applicant, zhou_, json::TextAt(commitment, "id"));
    EXPECT_EQ(applicant.Post(path, body).status,
              202);  // Gets the certificate of the other request: another binding.
    runner_->RunDue();
    EXPECT_EQ(json::TextAt(applicant.Get(path).body, "state"), "refused");
    EXPECT_EQ(Send(applicant, json::TextAt(request, "id"), "x", "y").Reason(),
              "signing.no_certificate");
    // Out of reach, it is asked again later.
    outside_.tamper = nullptr;
    outside_.down = true;
    EXPECT_EQ(applicant.Post(path, body).status, 202);
    runner_->RunDue();
    EXPECT_EQ(json::TextAt(applicant.Get(path).body, "state"), "pending");
    outside_.down = false;
    clock_.Advance(std::chrono::minutes{5});
    runner_->RunDue();
    EXPECT_EQ(json::TextAt(applicant.Get(path).body, "state"), "issued");
}

TEST_P(SigningTest, VerifyFindsWhatWasAltered) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    EXPECT_EQ(Verify(id), (std::vector<std::string>(4, "signing.missing")));
    SignAll({&zhou_, &qian_, &sun_});
    ASSERT_EQ(Verify(id), std::vector<std::string>{});
    ASSERT_OK(database().Write([](db::Transaction& tx) { return tx.Change(kForgeSignature, {}); }));
    const std::vector<std::string> altered = {"signing.bad_signature",   "signing.bad_signature",
                                              "signing.bad_signature",   "signing.wrong_statement",
                                              "signing.wrong_statement", "signing.wrong_statement"};
    EXPECT_EQ(Verify(id), altered);
    ASSERT_OK(database().Write([](db::Transaction& tx) { return tx.Change(kForgeEvidence, {}); }));
    const std::vector<std::string> faults = Verify(id);
    EXPECT_EQ(std::count(faults.begin(), faults.end(), "signing.no_evidence"), 4);
    EXPECT_EQ(std::count(faults.begin(), faults.end(), "signing.certificate_invalid"), 3);
    // Bytes of a paper in the store.
    const auto papers =
        database().Read([&](db::Transaction& tx) { return application_.Papers(tx, CaseId(id)); });
    for (const application::Paper& paper : papers.value()) {
        const std::string path =
            folder_.path() + "/blobs/" + paper.blob.substr(0, 2) + "/" + paper.blob.substr(2);
        ASSERT_OK(files::WriteFile(path, "something else"));
    }
    const std::vector<std::string> more = Verify(id);
    EXPECT_EQ(std::count(more.begin(), more.end(), "signing.paper_altered"), 5);
}

TEST_P(SigningTest, ReplaysToEqualTables) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant, false);
    const auto qian = ClientOf(qian_);
    Act(qian, RequestsOf(qian).at("shareholder"), "seen");
    SignAll({&zhou_, &qian_, &sun_});
    Act(ClientOf(qian_), RequestsOf(ClientOf(qian_)).at("shareholder"), "withdrawal");
    Save(applicant, id, Facts("一杯五元", "湖边", {&zhou_, &qian_, &sun_}));
    BeginSigning(applicant, id, false);
    Act(applicant, RequestsOf(applicant).at("shareholder"), "decline",
        R"({"reason":"data_wrong"})");
    Act(qian, RequestsOf(qian).at("shareholder"), "not-me");
    testing::FreshDatabase into(GetParam());
    ASSERT_OK(progress::Replay(database(), *into, api_.services, kinds_));
    for (const auto& query : {kBoards, kRequests, kSignatures}) {
        EXPECT_FALSE(Dump(*into, query).empty()) << query.name;
        EXPECT_EQ(Dump(*into, query), Dump(database(), query)) << query.name;
    }
}

TEST_P(SigningTest, NoNameOrNumberOfASignerLiesOpen) {
    const auto applicant = ClientOf(zhou_);
    const std::string id = OpenCase(applicant);
    SignAll({&zhou_, &qian_, &sun_});
    for (const auto& query : {kRequests, kSignatures,
                              db::Query{"test.certificates", "SELECT * FROM signing_certificate"},
                              db::Query{"test.events", "SELECT * FROM progress_event"},
                              db::Query{"test.jobs", "SELECT * FROM job_queue"}}) {
        const auto rows = database().Read([&](db::Transaction& tx) { return tx.Run(query, {}); });
        ASSERT_OK(rows);
        for (const db::Row& row : *rows) {
            for (const db::Value& value : row.values()) {
                const auto* blob = std::get_if<db::Bytes>(&value);
                const auto* text = std::get_if<std::string>(&value);
                const std::string bytes = blob ? blob->bytes : text ? *text : std::string{};
                for (const std::string& secret : {qian_.name, qian_.id_number, qian_.mobile}) {
                    EXPECT_EQ(bytes.find(secret), std::string::npos) << query.name;
                }
            }
        }
    }
    for (const std::string& line : api_.log.lines())
        EXPECT_EQ(line.find(qian_.id_number), std::string::npos);
}

}  // namespace
}  // namespace onewindow::signing
