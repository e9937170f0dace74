// The made-up agency and case that the engine's tests share.

#include "exchange/testing/exchange_world.hpp"

#include "kernel/embedded.hpp"

namespace onewindow::exchange {
namespace {

constexpr std::string_view kOwnUrl = "http://onewindow.example";

struct StandResultBody {
    std::string permit;
    std::int64_t cups = 0;
};
BOOST_DESCRIBE_STRUCT(StandResultBody, (), (permit, cups))

}  // namespace

Matter LemonadeStand() {
    Matter matter;
    matter.id = "market/lemonade_stand";
    matter.agency = "market";
    matter.stage = 2;
    matter.starts_after = {"licence"};
    matter.limit = "tax/new_taxpayer";  // 120 minutes everywhere.
    matter.licence_fields = {"uscc", "name"};
    matter.fact_paths = {"lemonade.cups", "people.name"};
    matter.form.id = "lemonade";
    matter.form.sections = {{.id = "lemonade", .fields = {{.id = "cups", .type = forms::FieldType::kInteger, .min = 1, .max = 9}}}};
    matter.applies = [](const MatterInput& input) {
        return input.view.facts.contains("lemonade") ? Applicability::kRequired : Applicability::kNotApplicable;
    };
    // Deliberately greedy: it copies all it can see.
    matter.build_facts = [](const MatterInput& input) {
        json::object facts = input.view.facts;
        facts["uscc"] = input.licence == nullptr ? "" : input.licence->uscc;
        facts["place"] = input.licence == nullptr ? "" : input.licence->place;
        facts["performer"] = json::TextAt(input.notes, "performer");
        return facts;
    };
    matter.build_people = [](const MatterInput& input) {
        const json::value* people = input.view.facts.if_contains("people");
        return people == nullptr ? json::array{} : people->as_array();
    };
    matter.read_result = [](const MatterInput&, const json::object& result) -> Result<MatterResult> {
        OW_TRY(const auto body, json::Read<StandResultBody>(result));
        return MatterResult{.number = body.permit, .shown = {{"cups", body.cups}}, .items = {{"jug", body.permit}}};
    };
    matter.steps = {{.id = "squeezed", .holder_after = "performer", .by_performer = true}, {.id = "poured"}};
    matter.late_steps = {{.id = "tasted"}};
    matter.read_step = [](const MatterInput&, const std::string& step, const json::object& result) -> Result<json::object> {
        if (step != "tasted" && !result.empty()) return Refuse(json::reasons::kUnknownField, "anything");
        return result;
    };
    matter.reason_codes = {{"sour", "柠檬水管理办法 1"}, {"no_sugar", "柠檬水管理办法 2"}};
    matter.at_due = [](const StepInput&) -> Result<json::object> { return json::object{{"performer", "maker:L1"}}; };
    return matter;
}

Matter IceSupply() {
    Matter matter;
    matter.id = "frost/ice";
    matter.agency = "frost";
    matter.stage = 1;
    matter.starts_after = {"licence", "market/lemonade_stand:squeezed"};
    matter.limit = "human_resources/social_insurance";  // 60 minutes everywhere.
    matter.applies = [](const MatterInput& input) {
        return json::BoolAt(input.view.facts, "ice.wanted") ? Applicability::kRequired : Applicability::kDeferred;
    };
    matter.may_close = [](const MatterInput&) { return true; };
    matter.build_facts = [](const MatterInput&) { return json::object{}; };
    matter.build_people = [](const MatterInput&) { return json::array{}; };
    matter.read_result = [](const MatterInput&, const json::object&) -> Result<MatterResult> { return MatterResult{.number = "ICE", .shown = {}}; };
    matter.reason_codes = {{"melted", "制冰条例 1"}};
    return matter;
}

void ExchangeWorld::Reset(std::vector<Matter> matters, bool connected) {
    kinds_ = {};
    progress::RegisterEvents(kinds_);
    application::RegisterEvents(kinds_);
    RegisterEvents(kinds_, matters);
    recorder_ = std::make_unique<progress::Recorder>(api_.services, kinds_);
    clocks_ = std::make_unique<progress::Clocks>(api_.services, SharedStore(), *recorder_);
    application_ = std::make_unique<application::Application>(
        application::Deps{api_.services, SharedStore(), *recorder_, *clocks_, {}, {}, files::BlobStore(folder_.path()), tables_, examiner_});
    agency_ = std::make_unique<FakeAgency>(clock_);
    std::vector<Connection> connections;
    if (connected) {
        connections = {{.agency = "market", .region = "370100", .base_url = "http://market.example", .key_id = "market-1",
                        .algorithm = "sm2-sm3", .public_key = agency_key_.PublicKey().Pem(), .on_call = "王五 0531-1"},
                       {.agency = "frost", .region = "370000", .base_url = "http://frost.example", .key_id = "frost-1",
                        .algorithm = "sm2-sm3", .public_key = agency_key_.PublicKey().Pem()}};
    }
    exchange_ = Exchange::Make({.application = *application_,
                                .licence_of = [this](db::Transaction&, const CaseId&) -> Result<std::optional<licence::LicenceFacts>> {
                                    return licence_;
                                },
                                .item_made = [this](db::Transaction&, const CaseId&, const handover::ItemMade& item) -> Result<> {
                                    items_.push_back(item);
                                    return {};
                                },
                                .outside = *agency_,
                                .matters = std::move(matters),
                                .connections = std::move(connections),
                                .own_url = std::string(kOwnUrl),
                                .key_id = "onewindow-1",
                                .key = agency_->own_key,
                                .crash = crash_})
                    .value();
    exchange_->on_all_final = [this](db::Transaction&, const CaseId&) -> Result<> {
        ++all_final_;
        return {};
    };
    router_ = std::make_unique<api::Router>(api_.services, api_.authenticator.get());
    exchange_->AddRoutes(*router_);
    runner_ = jobs::MakeRunner({database(), clock_, random_, crash_, api_.log, "node-1"});
    exchange_->RegisterJobs(*runner_);
    clocks_->RegisterJobs(*runner_);
}

void ExchangeWorld::OpenCase(json::object facts) {
    static const std::vector<reference::Dataset> seed = reference::SeedDatasets().value();
    ASSERT_OK(Write([&](db::Transaction& tx) -> Result<> {
        OW_CHECK(reference::SeedReference(tx, seed, clock_.Now()));
        OW_TRY(const auto snapshot, SharedStore().On(tx, clock_.Today()));
        OW_CHECK(reference::KeepPolicy(tx, *snapshot, clock_.Now()));
        OW_CHECK(recorder_->Open(tx, case_, "370102"));
        OW_CHECK(recorder_->Record(tx, case_, {.kind = "application.opened",
                                               .actor = "person:zhou",
                                               .data = {{"number", number_}, {"entity_type", "one_person_company"},
                                                        {"county", "370102"}, {"authority", "370102"}, {"account", "a-1"},
                                                        {"person", "zhou"}, {"policy_version", snapshot->policy_version()}}}));
        OW_TRY(auto the_case, application_->Lock(tx, case_));
        OW_CHECK(application_->SaveFacts(tx, the_case, facts, "person:zhou"));
        using application::State;
        for (const State state : {State::kSigning, State::kSubmitted, State::kReviewing}) {
            OW_CHECK(application_->Move(tx, the_case, state, "person:zhou"));
        }
        return {};
    }));
}

void ExchangeWorld::Submit() {
    ASSERT_OK(Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const auto view, application_->View(tx, case_));
        return exchange_->OpenTracks(tx, view);
    }));
}

void ExchangeWorld::License() {
    licence_ = licence::LicenceFacts{};
    licence_->id = "CERT-1";
    licence_->case_id = case_;
    licence_->uscc = "91370102MA00000000";
    licence_->name = "济南岚溪信息技术有限公司";
    licence_->place = "山东省济南市历下区";
    licence_->established = clock_.Today();
    licence_->issued_at = clock_.Now();
    licence_->state = "valid";
    ASSERT_OK(Write([&](db::Transaction& tx) { return exchange_->Happened(tx, case_, "licence"); }));
}

int ExchangeWorld::CountEvents(std::string_view kind) {
    const auto events = database().Read([&](db::Transaction& tx) { return progress::ReadTimeline(tx, case_, 0, 1000); }).value();
    return static_cast<int>(std::count_if(events.begin(), events.end(), [&](const auto& stored) { return stored.event.kind == kind; }));
}

progress::ClockState ExchangeWorld::ClockFor(std::string_view subject) {
    const auto clocks = database().Read([&](db::Transaction& tx) { return clocks_->Read(tx, case_); }).value();
    for (const auto& clock : clocks) {
        if (clock.subject == subject) return clock;
    }
    ADD_FAILURE() << "no clock " << subject;
    return {};
}

AnswerMessage ExchangeWorld::Answer(std::string_view matter, std::string state, std::string step, json::object result) {
    const Track track = TrackFor(matter);
    AnswerMessage answer{.schema = std::string(kAnswerSchema),
                         .delivery = track.delivery,
                         .case_number = track.case_number,
                         .matter = track.matter,
                         .version = track.version,
                         .state = std::move(state),
                         .step = {},
                         .receipt = track.receipt,
                         .result = std::move(result),
                         .reasons = {},
                         .officer = {},
                         .at = clock_.Now()};
    if (!step.empty()) answer.step = std::move(step);
    return answer;
}

testing::ApiAnswer ExchangeWorld::CallBackText(const std::string& body, std::string nonce, const crypto::Sm2PrivateKey* key) {
    http::Headers headers;
    headers.Set("Content-Type", "application/json");
    if (nonce.empty()) nonce = NewUlid(clock_, random_);
    const std::string target = std::string(kOwnUrl) + "/exchange/v1/results";
    EXPECT_TRUE(http_signature::SignRequest({"POST", target}, headers, body,
                                            http_signature::MakeSigner("market-1", key == nullptr ? agency_key_ : *key),
                                            clock_.Now(), nonce));
    testing::HeaderList list = headers.all();
    list.emplace_back("Idempotency-Key", "");
    return testing::TestClient(*router_).Post("/exchange/v1/results", body, list);
}

std::string ExchangeWorld::PayloadOf(std::string_view matter) {
    const Track track = TrackFor(matter);
    const auto message = database().Read([&](db::Transaction& tx) { return FindMessage(tx, api_.services.sealer, track.id, track.version); });
    return message && *message ? (*message)->payload_sm3 : "";
}

std::vector<std::string> ExchangeWorld::Dump(db::Database& from, const char* sql) {
    const db::Query query{"test.dump", sql};
    const auto rows = from.Read([&](db::Transaction& tx) { return tx.Run(query, {}); }).value();
    std::vector<std::string> lines;
    for (const db::Row& row : rows) {
        std::string line;
        for (const db::Value& value : row.values()) {
            if (const auto* number = std::get_if<std::int64_t>(&value)) line += std::to_string(*number);
            if (const auto* text = std::get_if<std::string>(&value)) line += "'" + *text + "'";
            if (const auto* blob = std::get_if<db::Bytes>(&value)) line += "x" + crypto::Hex(blob->bytes);
            line += "|";
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace onewindow::exchange
