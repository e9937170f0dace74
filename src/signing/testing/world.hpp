#pragma once

#include <fmt/format.h>

#include "agencies/ca_service.hpp"
#include "agencies/identity_service.hpp"
#include "kernel/mail/mail.hpp"
#include "kernel/testing/api_client.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "progress/clocks.hpp"
#include "signing/reasons.hpp"
#include "signing/signing.hpp"

// For *_test.cpp only.
namespace onewindow::signing {

/// A made-up human and the key that only they hold.
struct Human {
    std::string key, name, id_number, mobile;
    crypto::Sm2PrivateKey sm2 = crypto::Sm2PrivateKey::Generate();
};

/// Messages that went out, by number.
class KeptOutside final : public http::Outside {
 public:
    Result<http::Answer> Send(const http::Call& call) override {
        if (call.url == "http://sms.test/send") {
            const json::value body = json::Parse(call.body).value();
            texts.emplace_back(json::TextAt(body, "to"), json::TextAt(body, "text"));
            return http::Answer{.status = 202, .headers = {}, .body = R"({"id":"1"})"};
        }
        if (down) return Refuse(http::reasons::kNoAnswer);
        auto answer = real_->Send(call);
        if (answer && tamper) tamper(call, *answer);
        return answer;
    }
    std::vector<std::pair<std::string, std::string>> texts;
    bool down = false;
    std::function<void(const http::Call&, http::Answer&)> tamper;

 private:
    std::unique_ptr<http::Outside> real_ = http::MakeOutside();
};

/// The lemonade stand: partners sign the articles and the application, the first of them the
/// commitment for the place, the last one is only verified. It borrows the name of a kind that is
/// served, since routing knows no other.
inline application::EntityType LemonadeStand() {
    using forms::FieldType;
    const auto paper = [](std::string id, std::string title, std::string text) {
        return application::PaperDraft{.id = std::move(id),
                                       .title = std::move(title),
                                       .paragraphs = {{.text = std::move(text)}}};
    };
    return {.id = "limited_company",
            .uscc_department = "91",
            .needs_name = false,
            .sections = {{.id = "people",
                          .fields = {{.id = "key"},
                                     {.id = "name"},
                                     {.id = "id_type"},
                                     {.id = "id_number"},
                                     {.id = "mobile"}},
                          .repeats = true,
                          .rows_min = 1,
                          .rows_max = 20},
                         {.id = "stand", .fields = {{.id = "terms"}, {.id = "place"}}}},
            .derive = [](const application::Context&, json::object&) {},
            .check = [](const application::Context&, const json::object&, std::vector<Fault>&) {},
            .licence = [](const application::Context&,
                          const json::object&) { return application::LicenceWording{}; },
            .papers =
                [paper](const application::Context&, const json::object& facts) {
                    return std::vector<application::PaperDraft>{
                        paper("articles", "章程", json::TextAt(facts, "stand.terms")),
                        paper("application", "申请书", "柠檬水摊"),
                        paper("commitment", "承诺书", json::TextAt(facts, "stand.place"))};
                },
            .signatories =
                [](const json::object& facts) {
                    std::vector<application::Signatory> all;
                    const json::array& people = facts.at("people").as_array();
                    for (std::size_t i = 0; i + 1 < people.size(); ++i) {
                        const std::string key = json::TextAt(people[i], "key");
                        all.push_back({.person = key,
                                       .capacity = "shareholder",
                                       .papers = {"articles", "application"}});
                        if (i == 0)
                            all.push_back({.person = key,
                                           .capacity = "legal_representative",
                                           .papers = {"commitment"}});
                    }
                    all.push_back({.person = json::TextAt(people.back(), "key"),
                                   .capacity = "contact",
                                   .verified_only = true});
                    return all;
                },
            .name_seal_of =
                [](const json::object& facts) { return json::TextAt(facts, "people.0.key"); }};
}

/// Everything from the form to the signatures over a fresh database of either engine, with the real
/// reference processes of the identity service and the certification authority on free ports.
class SigningWorld : public testing::BothEngines {
 protected:
    SigningWorld() {
        progress::RegisterEvents(kinds_);
        application::RegisterEvents(kinds_);
        signing::RegisterEvents(kinds_);
        const auto seeded = database().Write([&](db::Transaction& tx) {
            return reference::SeedReference(tx, *reference::SeedDatasets(), clock_.Now());
        });
        OW_ASSERT(seeded.has_value());
        application_.on_signing = [this](db::Transaction& tx, const application::CaseView& view,
                                         const std::vector<application::Paper>& papers) {
            return signing_.OpenBoard(tx, view, papers);
        };
        application_.is_signed = [this](db::Transaction& tx, const CaseId& id) {
            return signing_.IsComplete(tx, id);
        };
        application_.on_submitted = [](db::Transaction&, const application::CaseView&) -> Result<> {
            return {};
        };
        application_.on_withdrawn = [this](db::Transaction& tx, const application::CaseView& view) {
            return signing_.CloseBoard(tx, view.the_case.id);
        };
        signing_.on_complete = [this](db::Transaction& tx, const CaseId& id) -> Result<> {
            OW_TRY(application::Case the_case, application_.Lock(tx, id));
            if (!the_case.auto_submit) return {};
            return application_.Submit(tx, the_case, "system");
        };
        identity_.AddRoutes(api_.router);
        application_.AddRoutes(api_.router);
        signing_.AddRoutes(api_.router);
        identity_.RegisterJobs(*runner_);
        notices_.RegisterJobs(*runner_);
        signing_.RegisterJobs(*runner_);
    }

    /// A code, as the person's own app gets it.
    std::string CodeFor(const Human& human) {
        http::Call call;
        call.method = "POST";
        call.url = idp_url_ + "/authorize";
        call.body = json::Text(json::object{{"client_id", "onewindow"},
                                            {"id_type", "resident_id"},
                                            {"id_number", human.id_number},
                                            {"name", human.name},
                                            {"mobile", human.mobile}});
        const auto answer = plain_outside_->Send(call);
        OW_ASSERT(answer.has_value() && answer->status == 200);
        return json::TextAt(json::Parse(answer->body).value(), "code");
    }
    /// Logs in through the identity service; gives the bearer token.
    std::string LogIn(const Human& human) {
        const testing::TestClient anybody(api_.router);
        const auto asked = anybody.Post("/api/v1/identity/logins",
                                        json::Text(json::object{{"code", CodeFor(human)}}));
        EXPECT_EQ(asked.status, 202) << asked.text;
        runner_->RunDue();
        const auto polled =
            anybody.Get("/api/v1/identity/logins/" + json::TextAt(asked.body, "id"));
        EXPECT_EQ(json::TextAt(polled.body, "state"), "verified") << polled.text;
        persons_[human.key] = json::TextAt(polled.body, "person");
        return json::TextAt(polled.body, "token");
    }
    testing::TestClient ClientOf(const Human& human) {
        return testing::TestClient(api_.router, LogIn(human));
    }
    /// A session without a fresh check, as somebody has who logged in long ago.
    testing::TestClient OldSessionOf(const Human& human) {
        return testing::TestClient(api_.router, api_.LogInPerson(persons_.at(human.key)));
    }

    json::object Facts(const std::string& terms, const std::string& place,
                       const std::vector<const Human*>& people) {
        json::array rows;
        for (const Human* human : people) {
            rows.push_back(json::object{{"key", human->key},
                                        {"name", human->name},
                                        {"id_type", "resident_id"},
                                        {"id_number", human->id_number},
                                        {"mobile", human->mobile}});
        }
        return {{"people", rows}, {"stand", json::object{{"terms", terms}, {"place", place}}}};
    }
    void Save(const testing::TestClient& applicant, const std::string& case_id,
              const json::object& facts) {
        const std::string path = "/api/v1/cases/" + case_id;
        const auto read = applicant.Get(path);
        const std::string etag = "\"" + std::to_string(json::IntAt(read.body, "revision")) + "\"";
        const auto saved = applicant.Put(path + "/form", json::Text(json::object{{"facts", facts}}),
                                         {{"If-Match", etag}});
        ASSERT_EQ(saved.status, 200) << saved.text;
    }
    void BeginSigning(const testing::TestClient& applicant, const std::string& case_id,
                      bool auto_submit = true) {
        const auto begun =
            applicant.Post("/api/v1/cases/" + case_id + "/signing",
                           json::Text(json::object{{"submit_by_itself", auto_submit}}));
        ASSERT_EQ(begun.status, 201) << begun.text;
    }
    /// Opens a case of the three founders with its board.
    std::string OpenCase(const testing::TestClient& applicant, bool auto_submit = true) {
        const auto opened = applicant.Post(
            "/api/v1/cases", R"({"entity_type":"limited_company","county":"370102"})");
        EXPECT_EQ(opened.status, 201) << opened.text;
        const std::string id = json::TextAt(opened.body, "id");
        Save(applicant, id, Facts("一杯三元", "湖边", {&zhou_, &qian_, &sun_}));
        BeginSigning(applicant, id, auto_submit);
        return id;
    }

    /// The open requests of whoever asks, by capacity.
    std::map<std::string, json::value> RequestsOf(const testing::TestClient& client) {
        std::map<std::string, json::value> all;
        const auto list = client.Get("/api/v1/me/signature-requests");
        EXPECT_EQ(list.status, 200) << list.text;
        for (const json::value& request : list.body.at("requests").as_array())
            all[json::TextAt(request, "capacity")] = request;
        return all;
    }
    std::string StateOf(const std::string& case_id) {
        const auto found = database().Read(
            [&](db::Transaction& tx) { return application_.Find(tx, CaseId(case_id)); });
        OW_ASSERT(found.has_value());
        return std::string(json::Write(found->state).as_string());
    }

    // What the browser does; written again from the contract, not from the room's code.

    /// Orders a certificate for the human's key and waits for it; gives the answer.
    json::value Certify(const testing::TestClient& client, const Human& human,
                        const std::string& request) {
        const std::string path = "/api/v1/signature-requests/" + request + "/certificate";
        const auto asked = client.Post(
            path, json::Text(
                      json::object{{"public_key", crypto::Base64(human.sm2.PublicKey().Point())}}));
        EXPECT_EQ(asked.status, 202) << asked.text;
        runner_->RunDue();
        const auto answer = client.Get(path);
        EXPECT_EQ(json::TextAt(answer.body, "state"), "issued") << answer.text;
        return answer.body;
    }
    /// Downloads the papers and builds the statement; empty where a paper is not what the list
    /// says.
    std::string BuildStatement(const testing::TestClient& client, const json::value& request,
                               const std::string& evidence) {
        json::array papers;
        for (const json::value& listed : request.at("papers").as_array()) {
            const std::string id = json::TextAt(listed, "id");
            auto pdf = client.Get("/api/v1/signature-requests/" + json::TextAt(request, "id") +
                                  "/papers/" + id);
            if (tamper_paper_) tamper_paper_(pdf.text);
            const std::string digest = crypto::Hex(crypto::Sm3(pdf.text));
            if (digest != json::TextAt(listed, "rendering_sm3")) return {};
            papers.push_back(json::object{{"data_sm3", json::TextAt(listed, "data_sm3")},
                                          {"id", id},
                                          {"rendering_sm3", digest}});
        }
        return json::Canonical(json::object{{"capacity", json::TextAt(request, "capacity")},
                                            {"case_number", json::TextAt(request, "case_number")},
                                            {"identity_evidence", evidence},
                                            {"papers", papers},
                                            {"person", json::TextAt(request, "person")},
                                            {"principal", json::TextAt(request, "principal")},
                                            {"schema", "onewindow.signature.v1"}});
    }
    testing::ApiAnswer Send(const testing::TestClient& client, const std::string& request,
                            const std::string& statement, const std::string& signature,
                            const testing::HeaderList& headers = {}) {
        return client.Post("/api/v1/signature-requests/" + request + "/signature",
                           json::Text(json::object{{"statement", statement},
                                                   {"signature", crypto::Base64(signature)}}),
                           headers);
    }
    /// The whole way of one signature.
    testing::ApiAnswer Sign(const testing::TestClient& client, const Human& human,
                            const json::value& request) {
        const std::string id = json::TextAt(request, "id");
        const json::value certificate = Certify(client, human, id);
        const std::string statement =
            BuildStatement(client, request, json::TextAt(certificate, "identity_evidence"));
        return Send(client, id, statement, human.sm2.Sign(statement));
    }
    testing::ApiAnswer Act(const testing::TestClient& client, const json::value& request,
                           const std::string& step, std::string body = "{}") {
        return client.Post("/api/v1/signature-requests/" + json::TextAt(request, "id") + "/" + step,
                           std::move(body));
    }
    /// Everybody signs or confirms what is open for them.
    void SignAll(const std::vector<const Human*>& humans) {
        for (const Human* human : humans) {
            const testing::TestClient client = ClientOf(*human);
            for (const auto& [capacity, request] : RequestsOf(client)) {
                if (json::TextAt(request, "state") == "signed") continue;
                const auto answer = json::BoolAt(request, "verified_only")
                                        ? Act(client, request, "confirmation")
                                        : Sign(client, *human, request);
                ASSERT_EQ(answer.status, 200)
                    << human->key << " " << capacity << " " << answer.text;
            }
        }
        runner_->RunDue();
    }

    const Human zhou_{
        .key = "zhou", .name = "周岚", .id_number = "370102198001019001", .mobile = "13800000001"};
    const Human qian_{
        .key = "qian", .name = "钱溪", .id_number = "37010219800101901X", .mobile = "13800000002"};
    const Human sun_{
        .key = "sun", .name = "孙禾", .id_number = "370102198001019028", .mobile = "13800000003"};

    testing::TemporaryFolder folder_;
    SystemRandom server_random_;
    KeptOutside outside_;
    std::unique_ptr<http::Outside> plain_outside_ = http::MakeOutside();
    std::unique_ptr<http::Server> idp_ =
        agencies::StartIdentityService({.listen = "127.0.0.1:0",
                                        .directory = folder_.path() + "/idp",
                                        .clock = clock_,
                                        .random = server_random_,
                                        .log = log::Silent(),
                                        .clients = {{"onewindow", "secret"}}})
            .value();
    std::unique_ptr<http::Server> ca_ =
        agencies::StartCaService({.listen = "127.0.0.1:0",
                                  .directory = folder_.path() + "/ca",
                                  .clock = clock_,
                                  .random = server_random_,
                                  .log = log::Silent()})
            .value();
    const std::string idp_url_ = fmt::format("http://127.0.0.1:{}", idp_->port());
    const std::string ca_url_ = fmt::format("http://127.0.0.1:{}", ca_->port());

    testing::ApiWorld api_{database(), clock_, random_};
    NoCrashPoints crash_;
    std::unique_ptr<jobs::Runner> runner_ =
        jobs::MakeRunner({database(), clock_, random_, crash_, api_.log, "node-1"});
    reference::Store reference_;
    progress::EventKinds kinds_;
    progress::Recorder recorder_{api_.services, kinds_};
    progress::Clocks clocks_{api_.services, reference_, recorder_};
    naming::NameTables tables_;
    naming::SqlExaminer examiner_;
    identity::Identity identity_{{api_.services, outside_, idp_url_, "onewindow", "secret"}};
    application::Application application_{{.services = api_.services,
                                           .reference = reference_,
                                           .recorder = recorder_,
                                           .clocks = clocks_,
                                           .entity_types = {LemonadeStand()},
                                           .matter_parts = {},
                                           .blobs = files::BlobStore(folder_.path() + "/blobs"),
                                           .name_tables = tables_,
                                           .examiner = examiner_}};
    std::unique_ptr<mail::Sender> mail_ = mail::MakeSmtpSender();
    notice::Notices notices_{{api_.services, outside_, *mail_, "http://sms.test/send", "",
                              "service@onewindow.test",
                              [this](db::Transaction& tx, std::string_view person) {
                                  return identity_.AddressOf(tx, person);
                              }}};
    Signing signing_{
        {.application = application_,
         .identity = identity_,
         .notices = notices_,
         .outside = outside_,
         .ca_url = ca_url_,
         .ca_certificate =
             agencies::CaRoot(folder_.path() + "/ca", clock_, server_random_).value()}};
    std::map<std::string, std::string> persons_;  // Person ids by the human's key.
    std::function<void(std::string&)> tamper_paper_;
};

}  // namespace onewindow::signing
