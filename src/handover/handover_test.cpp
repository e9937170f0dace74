// Goal: every thing of a kit has one place and one holder at every moment; a kit is complete
// exactly when everything is at its destination; nothing that is not harmless is given away without
// the receiver's document; each blank is accounted for; replaying the events gives the same tables.

#include "handover/handover.hpp"

#include <atomic>
#include <set>
#include <thread>

#include "application/reasons.hpp"
#include "application/testing/filled_form.hpp"
#include "handover/reasons.hpp"
#include "kernel/crash/crash.hpp"
#include "kernel/testing/api_client.hpp"
#include "kernel/testing/databases.hpp"
#include "kernel/testing/expect_refused.hpp"

namespace onewindow::handover {
namespace {

using application::testing::Change;
using testing::ApiAnswer;
using testing::TestClient;
using Texts = std::vector<std::string>;

constexpr db::Query kKits{"", "SELECT * FROM handover_kit ORDER BY case_id"};
constexpr db::Query kItems{"", "SELECT * FROM handover_item ORDER BY case_id, kind"};
constexpr db::Query kParcels{"", "SELECT * FROM handover_parcel ORDER BY label"};
constexpr db::Query kUsedBlanks{
    "",
    "SELECT number, hall, state, authority, used_for, kind, void_reason, changed_at "
    "FROM handover_blank WHERE state <> 'free' ORDER BY number"};
constexpr db::Query kEvents{"", "SELECT kind, data FROM progress_event ORDER BY case_id, sequence"};
constexpr db::Query kReads{"",
                           "SELECT account, fields, reason FROM auth_unmasked_read ORDER BY id"};

const std::vector<reference::Dataset>& SharedSeed() {
    static const std::vector<reference::Dataset> seed = reference::SeedDatasets().value();
    return seed;
}
const reference::Store& SharedReference() {
    static const reference::Store store;
    return store;
}

const Texts kSeals{"seal_company", "seal_finance", "seal_invoice", "seal_person"};
const Texts kLicences{"licence_original", "licence_duplicate"};

class HandoverRoom : public testing::BothEngines {
 protected:
    HandoverRoom() {
        progress::RegisterEvents(kinds_);
        application::RegisterEvents(kinds_);
        handover::RegisterEvents(kinds_);
        const auto seeded = Write([&](db::Transaction& tx) -> Result<> {
            OW_CHECK(reference::SeedReference(tx, SharedSeed(), clock_.Now()));
            OW_CHECK(reference::KeepPolicy(tx, *reference::SeedSnapshot(), clock_.Now()));
            OW_CHECK(handover_.AddBlanks(tx, {"H370102", "JN", 1, 40}, "test"));
            return handover_.AddBlanks(tx, {"H370200", "QD", 7, 5}, "test");
        });
        OW_ASSERT(seeded.has_value());
        handover_.on_complete = [this](db::Transaction&, const CaseId& id) -> Result<> {
            completed_.push_back(id.value());
            return {};
        };
        handover_.on_ready_for_post = [this](db::Transaction&, const CaseId& id) -> Result<> {
            ready_.push_back(id.value());
            return {};
        };
        handover_.licence_of = [this](db::Transaction&,
                                      const CaseId&) -> Result<std::optional<PrintedLicence>> {
            if (!issued_) return std::optional<PrintedLicence>{};
            return std::optional(PrintedLicence{"91370102MX000000A1", "济南岚溪信息技术有限公司"});
        };
        handover_.licence_pdf = [](const CaseId&, std::string_view copy) -> Result<std::string> {
            return "%PDF " + std::string(copy);
        };
        handover_.AddRoutes(world_.router);
    }

    template <class F>
    std::invoke_result_t<F, db::Transaction&> Write(F&& closure) {
        return database().Write(std::forward<F>(closure));
    }
    template <class F>
    std::invoke_result_t<F, db::Transaction&> Read(F&& closure) {
        return database().Read(std::forward<F>(closure));
    }

    /// A case whose licence was issued, with its kit; the applicant is person "p-1".
    CaseId Open(const std::vector<Change>& changes = {},
                const std::string& sample = "one_person_company") {
        const CaseId id(NewUlid(clock_, chance_));
        const auto opened = Write([&](db::Transaction& tx) -> Result<> {
            using enum application::State;
            OW_CHECK(recorder_.Open(tx, id, "370102"));
            const int sequence = ++cases_;
            OW_TRY(const std::string number,
                   reference::MakeCaseNumber({"370102", clock_.Today(), sequence}));
            OW_CHECK(recorder_.Record(
                tx, id,
                {.kind = "application.opened",
                 .actor = "person:p-1",
                 .data = {{"number", number},
                          {"entity_type", sample},
                          {"county", "370102"},
                          {"authority", "370102"},
                          {"account", "a-1"},
                          {"person", "p-1"},
                          {"policy_version", reference::SeedSnapshot()->policy_version()}}}));
            OW_TRY(application::Case the_case, application_.Lock(tx, id));
            OW_CHECK(application_.SaveFacts(
                tx, the_case, application::testing::Filled(sample, changes), "person:p-1"));
            for (const auto state : {kSigning, kSubmitted, kReviewing, kLicensed, kCompleting}) {
                OW_CHECK(application_.Move(tx, the_case, state, "test"));
            }
            OW_TRY(const application::CaseView view, application_.View(tx, id));
            OW_TRY(const Texts kinds, handover_.Recipe(tx, view));
            return handover_.OpenKit(tx, view, kinds);
        });
        if (!opened) ADD_FAILURE() << opened.error().Describe();
        return id;
    }
    Kit KitOf(const CaseId& id) {
        return Read([&](db::Transaction& tx) { return handover_.Read(tx, id); }).value().value();
    }
    Kit::Item ItemOf(const CaseId& id, std::string_view kind) {
        for (const Kit::Item& item : KitOf(id).items) {
            if (item.kind == kind) return item;
        }
        ADD_FAILURE() << "no " << kind;
        return {};
    }
    bool IsComplete(const CaseId& id) {
        return Read([&](db::Transaction& tx) { return handover_.IsComplete(tx, id); }).value();
    }
    std::string NumberOf(const CaseId& id) { return KitOf(id).case_number; }
    Result<> Make(const CaseId& id, const ItemMade& made) {
        return Write([&](db::Transaction& tx) { return handover_.Made(tx, id, made); });
    }
    void MakeSeals(const CaseId& id) {
        int number = 3'701'020;
        for (const std::string& kind : kSeals) {
            const std::string seal = "370102" + std::to_string(number++) + std::to_string(cases_);
            ASSERT_OK(Make(id, {.kind = kind, .number = seal, .holder = "maker:M370100001"}));
        }
    }
    std::string ClerkToken(const std::string& hall) {
        return world_.LogInPost({{auth::Role::kWindowClerk, hall.substr(1), hall}});
    }
    TestClient Clerk(const std::string& hall) {
        return TestClient(world_.router, ClerkToken(hall));
    }
    TestClient Applicant() { return TestClient(world_.router, world_.LogInPerson("p-1")); }

    static ApiAnswer Post(const TestClient& client, const std::string& hall,
                          const std::string& what, const json::object& body) {
        return client.Post("/api/v1/halls/" + hall + "/" + what, json::Text(body));
    }
    static ApiAnswer Scan(const TestClient& clerk, const std::string& hall,
                          const std::string& code) {
        return Post(clerk, hall, "scans", {{"code", code}});
    }
    void ScanAll(const TestClient& clerk, const CaseId& id, const Texts& kinds,
                 const std::string& hall = "H370102") {
        for (const std::string& kind : kinds)
            EXPECT_EQ(Scan(clerk, hall, NumberOf(id) + "-" + kind).status, 200) << kind;
    }
    /// Prints, makes and scans everything of a kit that is picked up at one hall.
    void Fill(const TestClient& clerk, const CaseId& id) {
        EXPECT_EQ(Post(clerk, "H370102", "prints", {{"case_number", NumberOf(id)}}).status, 201);
        MakeSeals(id);
        ScanAll(clerk, id, kLicences);
        ScanAll(clerk, id, kSeals);
        ScanAll(clerk, id, {"policy_pack"});
    }
    std::string CodeOf(const CaseId& id) {
        return json::TextAt(Applicant().Get("/api/v1/cases/" + id.value() + "/kit").body,
                            "pick_up_code");
    }
    json::object PickUpOf(const CaseId& id, std::string_view last4 = "9025") {
        json::object body{{"case_number", NumberOf(id)}, {"code", CodeOf(id)}};
        if (!last4.empty())
            body["identity"] =
                json::object{{"method", "id_card_reader"}, {"last4", json::value(last4)}};
        return body;
    }
    static Texts Dump(db::Database& from, const db::Query& query) {
        const auto rows = from.Read([&](db::Transaction& tx) { return tx.Run(query, {}); }).value();
        Texts lines;
        for (const db::Row& row : rows) {
            std::string line;
            for (const db::Value& value : row.values()) {
                if (const auto* number = std::get_if<std::int64_t>(&value))
                    line += std::to_string(*number);
                if (const auto* text = std::get_if<std::string>(&value)) line += "'" + *text + "'";
                if (const auto* blob = std::get_if<db::Bytes>(&value))
                    line += "x" + crypto::Hex(blob->bytes);
                line += "|";
            }
            lines.push_back(std::move(line));
        }
        return lines;
    }
    int Count(const CaseId& id, std::string_view kind) {
        const auto events = Read([&](db::Transaction& tx) {
                                return progress::ReadTimeline(tx, id, 0, 1000);
                            }).value();
        return static_cast<int>(std::count_if(
            events.begin(), events.end(), [&](const auto& one) { return one.event.kind == kind; }));
    }

    int cases_ = 0;
    bool issued_ = true;
    Texts completed_, ready_;
    SystemRandom chance_;
    testing::ApiWorld world_{database(), clock_, chance_};
    testing::TemporaryFolder folder_;
    progress::EventKinds kinds_;
    progress::Recorder recorder_{world_.services, kinds_};
    progress::Clocks clocks_{world_.services, SharedReference(), recorder_};
    naming::SqlExaminer examiner_;
    application::Application application_{{world_.services,
                                           SharedReference(),
                                           recorder_,
                                           clocks_,
                                           embedded::AllEntityTypes(),
                                           {},
                                           files::BlobStore(folder_.path() + "/blobs"),
                                           application::testing::SeedNames(),
                                           examiner_}};
    Handover handover_{{application_}};
};

TEST_P(HandoverRoom, KitOpensByTheRecipe) {
    const CaseId id = Open();
    const Kit kit = KitOf(id);
    EXPECT_EQ(kit.state, "open");
    EXPECT_EQ(kit.hall, "H370102");
    EXPECT_EQ(kit.business_name, "济南岚溪信息技术有限公司");
    EXPECT_EQ(kit.items.size(), 7U);  // 数电: no invoices, no device.
    for (const Kit::Item& item : kit.items) {
        EXPECT_EQ(item.destination, "hall:H370102");
        EXPECT_EQ(item.code, kit.case_number + "-" + item.kind);
        EXPECT_EQ(item.state, item.kind == "policy_pack" ? "made" : "expected") << item.kind;
    }
    EXPECT_EQ(ItemOf(id, "seal_company").holder, "maker");
    EXPECT_EQ(ItemOf(id, "policy_pack").holder, "hall:H370102");
    EXPECT_FALSE(IsComplete(id));
    const auto again = Write([&](db::Transaction& tx) -> Result<> {
        OW_TRY(const application::CaseView view, application_.View(tx, id));
        return handover_.OpenKit(tx, view, {});
    });
    EXPECT_REFUSED(again, reasons::kKitExists);
    EXPECT_FALSE(IsComplete(CaseId("01JCASE0000000000000000009")));
}

TEST_P(HandoverRoom, WholeWayFromPrintToPickUp) {
    const CaseId id = Open();
    const TestClient clerk = Clerk("H370102");
    const std::string number = NumberOf(id);
    EXPECT_EQ(Scan(clerk, "H370102", number + "-licence_original").Reason(), "handover.not_made");

    const ApiAnswer printed = Post(clerk, "H370102", "prints", {{"case_number", number}});
    ASSERT_EQ(printed.status, 201) << printed.text;
    EXPECT_EQ(json::TextAt(printed.body, "uscc"), "91370102MX000000A1");
    EXPECT_EQ(printed.body.at("copies").as_array().size(), 2U);
    EXPECT_EQ(ItemOf(id, "licence_original").number, "JN00000001");
    EXPECT_EQ(ItemOf(id, "licence_duplicate").number, "JN00000002");
    EXPECT_EQ(clerk.Get("/api/v1/halls/H370102/prints/JN00000002").text, "%PDF duplicate");
    EXPECT_EQ(Post(clerk, "H370102", "prints", {{"case_number", number}}).Reason(),
              "handover.printed");

    MakeSeals(id);
    EXPECT_EQ(ItemOf(id, "seal_company").holder, "maker:M370100001");
    clock_.Advance(std::chrono::minutes{20});
    // By the number on the thing, then by the printed code: the second is a repeat.
    const ApiAnswer scanned = Scan(clerk, "H370102", ItemOf(id, "seal_company").number);
    EXPECT_EQ(json::TextAt(scanned.body, "title"), "公章");
    EXPECT_FALSE(json::BoolAt(scanned.body, "repeated", true));
    const ApiAnswer repeated = Scan(clerk, "H370102", " " + number + "-seal_company");
    EXPECT_EQ(repeated.status, 200);
    EXPECT_TRUE(json::BoolAt(repeated.body, "repeated"));
    EXPECT_EQ(Count(id, "handover.item_scanned"), 1);
    EXPECT_EQ(ItemOf(id, "seal_company").since, clock_.Now());
    EXPECT_EQ(ItemOf(id, "seal_company").place, "hall:H370102");

    ScanAll(clerk, id, kLicences);
    ScanAll(clerk, id, {"seal_finance", "seal_invoice", "seal_person"});
    EXPECT_FALSE(IsComplete(id));
    EXPECT_TRUE(completed_.empty());
    EXPECT_EQ(json::TextAt(Scan(clerk, "H370102", number + "-policy_pack").body, "kit_state"),
              "complete");
    EXPECT_TRUE(IsComplete(id));
    EXPECT_EQ(completed_, Texts{id.value()});
    EXPECT_EQ(KitOf(id).completed_at, clock_.Now());

    const ApiAnswer taken = Post(clerk, "H370102", "pick-ups", PickUpOf(id));
    ASSERT_EQ(taken.status, 200) << taken.text;
    EXPECT_EQ(json::TextAt(taken.body, "kit_state"), "handed_over");
    EXPECT_EQ(taken.body.at("handed_over").as_array().size(), 7U);
    EXPECT_EQ(ItemOf(id, "seal_company").holder, "receiver");
    EXPECT_TRUE(IsComplete(id));
    EXPECT_EQ(completed_.size(), 1U);
    EXPECT_EQ(Count(id, "handover.kit_complete"), 1);
    EXPECT_EQ(Scan(clerk, "H370102", number + "-seal_company").Reason(), "handover.handed_over");
    EXPECT_EQ(Post(clerk, "H370102", "pick-ups", PickUpOf(id)).Reason(), "handover.nothing_here");
}

TEST_P(HandoverRoom, NothingIsGivenWithoutCodeAndDocument) {
    const CaseId id = Open();
    const TestClient clerk = Clerk("H370102");
    const auto pick_up = [&](const json::object& body) {
        return Post(clerk, "H370102", "pick-ups", body).Reason();
    };
    json::object wrong_everything{{"case_number", NumberOf(id)}, {"code", "222222"}};
    EXPECT_EQ(pick_up(wrong_everything),
              "handover.wrong_code");  // Before anything is said about the kit.
    EXPECT_EQ(pick_up(PickUpOf(id)), "handover.not_all_here");
    Fill(clerk, id);
    EXPECT_EQ(pick_up(wrong_everything), "handover.wrong_code");
    EXPECT_EQ(pick_up(PickUpOf(id, "")), "handover.identity_needed");
    EXPECT_EQ(pick_up(PickUpOf(id, "9026")), "handover.identity_mismatch");
    EXPECT_EQ(pick_up(PickUpOf(id, "25")), "handover.identity_mismatch");
    EXPECT_EQ(Count(id, "handover.picked_up"), 0);
    // As people type it.
    json::object typed = PickUpOf(id);
    std::string code = json::TextAt(typed, "code");
    std::transform(code.begin(), code.end(), code.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    typed["code"] = code.substr(0, 3) + "-" + code.substr(3);
    EXPECT_EQ(pick_up(typed), "");
    // The digits of the document are in the sealed part only.
    for (const std::string& line : Dump(database(), kEvents))
        EXPECT_EQ(line.find("9025"), std::string::npos) << line;
}

TEST_P(HandoverRoom, CodeAloneOpensThePolicyPackAndAPartIsGivenOnRequest) {
    const CaseId id = Open();
    const TestClient clerk = Clerk("H370102");
    ScanAll(clerk, id, {"policy_pack"});
    json::object body = PickUpOf(id, "");
    body["items"] = json::array{"policy_pack"};
    const ApiAnswer taken = Post(clerk, "H370102", "pick-ups", body);
    ASSERT_EQ(taken.status, 200) << taken.text;
    EXPECT_EQ(taken.body.at("remaining").as_array().size(), 6U);
    EXPECT_EQ(KitOf(id).state, "open");

    MakeSeals(id);
    ScanAll(clerk, id, {"seal_company"});
    body["items"] = json::array{"seal_company"};
    EXPECT_EQ(Post(clerk, "H370102", "pick-ups", body).Reason(), "handover.identity_needed");
    body["items"] = json::array{"seal_company", "seal_finance"};
    EXPECT_EQ(Post(clerk, "H370102", "pick-ups", body).Reason(), "handover.not_all_here");
    body["items"] = json::array{"tax_device"};
    EXPECT_EQ(Post(clerk, "H370102", "pick-ups", body).Reason(), "handover.no_item");
    body = PickUpOf(id);
    body["items"] = json::array{"seal_company", "seal_company"};
    EXPECT_EQ(Post(clerk, "H370102", "pick-ups", body).body.at("handed_over").as_array().size(),
              1U);
    // The rest comes: what was given before counts as delivered.
    EXPECT_EQ(Post(clerk, "H370102", "prints", {{"case_number", NumberOf(id)}}).status, 201);
    ScanAll(clerk, id, kLicences);
    ScanAll(clerk, id, {"seal_finance", "seal_invoice", "seal_person"});
    EXPECT_EQ(completed_.size(), 1U);
}

TEST_P(HandoverRoom, LicenceInQingdaoSealsByPost) {
    const CaseId id = Open({{"delivery.hall", R"("H370200")"},
                            {"delivery.seals", R"("post")"},
                            {"delivery.post_address", R"("青岛市市南区示例路 9 号 1-101")"}});
    const TestClient qingdao = Clerk("H370200"), jinan = Clerk("H370102");
    const json::object the_case{{"case_number", NumberOf(id)}};
    EXPECT_EQ(ItemOf(id, "licence_original").destination, "hall:H370200");
    EXPECT_EQ(ItemOf(id, "seal_company").destination, "post");
    EXPECT_EQ(ItemOf(id, "seal_company").hall, "H370102");

    // Blanks of hall B carry authority A.
    EXPECT_EQ(Post(jinan, "H370102", "prints", the_case).Reason(), "handover.no_kit");
    const ApiAnswer printed = Post(qingdao, "H370200", "prints", the_case);
    ASSERT_EQ(printed.status, 201) << printed.text;
    EXPECT_EQ(json::TextAt(printed.body, "authority"), "370102");
    EXPECT_EQ(ItemOf(id, "licence_original").number, "QD00000007");
    ScanAll(qingdao, id, kLicences, "H370200");
    ScanAll(qingdao, id, {"policy_pack"}, "H370200");

    MakeSeals(id);
    ScanAll(jinan, id, {"seal_company", "seal_finance", "seal_invoice"});
    EXPECT_EQ(Post(jinan, "H370102", "labels", the_case).Reason(), "handover.not_all_here");
    EXPECT_EQ(Post(qingdao, "H370200", "labels", the_case).Reason(), "handover.no_kit");
    EXPECT_REFUSED(
        Write([&](db::Transaction& tx) { return handover_.CourierAccepted(tx, id, "EV1"); }),
        reasons::kNoParcel);
    ScanAll(jinan, id, {"seal_person"});
    EXPECT_FALSE(IsComplete(id));  // At the dispatching window is not at the destination.
    EXPECT_TRUE(completed_.empty());

    const ApiAnswer label = Post(jinan, "H370102", "labels", the_case);
    ASSERT_EQ(label.status, 201) << label.text;
    EXPECT_EQ(json::TextAt(label.body, "label"), NumberOf(id) + "-P1");
    EXPECT_EQ(json::TextAt(label.body, "receiver"), "周岚");
    EXPECT_EQ(json::TextAt(label.body, "receiver_address"), "青岛市市南区示例路 9 号 1-101");
    EXPECT_EQ(json::IntAt(label.body, "pieces"), 4);
    EXPECT_TRUE(json::BoolAt(Post(jinan, "H370102", "labels", the_case).body, "repeated"));
    EXPECT_EQ(ready_, Texts{id.value()});
    EXPECT_EQ(Dump(database(), kReads).size(), 2U);  // Each look at the address is on record.
    for (const std::string& line : Dump(database(), kEvents))
        EXPECT_EQ(line.find("示例路 9 号"), std::string::npos);

    const auto accept = [&](std::string_view tracking) {
        return Write([&](db::Transaction& tx) {
            return handover_.CourierAccepted(tx, id, tracking, "EMS");
        });
    };
    ASSERT_OK(accept("EV100"));
    ASSERT_OK(accept("EV100"));
    EXPECT_REFUSED(accept("EV101"), reasons::kNoParcel);
    EXPECT_EQ(Count(id, "handover.courier_accepted"), 1);
    EXPECT_EQ(completed_, Texts{id.value()});
    EXPECT_EQ(ItemOf(id, "seal_person").holder, "courier:EMS");
    const ApiAnswer kit = Applicant().Get("/api/v1/cases/" + id.value() + "/kit");
    EXPECT_EQ(json::TextAt(kit.body, "parcels.0.tracking"), "EV100");
    EXPECT_EQ(json::TextAt(kit.body, "hall_name"), "青岛市政务服务中心");

    // Only what lies in Qingdao is given there.
    const ApiAnswer taken = Post(qingdao, "H370200", "pick-ups", PickUpOf(id));
    ASSERT_EQ(taken.status, 200) << taken.text;
    EXPECT_EQ(taken.body.at("handed_over").as_array().size(), 3U);
    EXPECT_EQ(json::TextAt(taken.body, "kit_state"), "handed_over");
    EXPECT_EQ(Post(jinan, "H370102", "pick-ups", PickUpOf(id)).Reason(), "handover.no_kit");
}

TEST_P(HandoverRoom, OnlyTheOwnHall) {
    const CaseId id = Open();
    const std::string number = NumberOf(id);
    const TestClient own = Clerk("H370102"), other = Clerk("H370202"), applicant = Applicant();
    const TestClient anybody(world_.router);
    for (const char* path : {"items", "unclaimed-items", "blanks"}) {
        EXPECT_EQ(own.Get(std::string("/api/v1/halls/H370102/") + path).status, 200) << path;
        EXPECT_EQ(other.Get(std::string("/api/v1/halls/H370102/") + path).Reason(),
                  "handover.not_your_hall")
            << path;
        EXPECT_EQ(own.Get(std::string("/api/v1/halls/H000000/") + path).Reason(),
                  "handover.no_hall")
            << path;
        EXPECT_EQ(applicant.Get(std::string("/api/v1/halls/H370102/") + path).status, 403) << path;
        EXPECT_EQ(anybody.Get(std::string("/api/v1/halls/H370102/") + path).status, 401) << path;
    }
    const json::object trouble{{"code", number + "-policy_pack"}, {"reason", "missing"}},
        the_case{{"case_number", number}};
    const json::object returned{{"code", number + "-policy_pack"}, {"reason", "defective"}};
    const std::vector<std::pair<std::string, json::object>> posts{
        {"scans", {{"code", number + "-policy_pack"}}},
        {"pick-ups", PickUpOf(id)},
        {"labels", the_case},
        {"prints", the_case},
        {"losses", trouble},
        {"returns", returned},
        {"blanks", {{"prefix", "XX"}, {"from", 1}, {"count", 1}}},
        {"voided-blanks", {{"number", "JN00000001"}, {"reason", "x"}}}};
    for (const auto& [what, body] : posts) {
        EXPECT_EQ(Post(other, "H370102", what, body).Reason(), "handover.not_your_hall") << what;
        EXPECT_EQ(Post(own, "H000000", what, body).status, 404) << what;
        EXPECT_EQ(Post(applicant, "H370102", what, body).status, 403) << what;
    }
    // A thing that went astray: the clerk who holds it learns where it belongs; other cases stay
    // unknown.
    const ApiAnswer astray = Scan(other, "H370202", number + "-policy_pack");
    EXPECT_EQ(astray.Reason(), "handover.other_hall");
    EXPECT_NE(json::TextAt(astray.body, "title").find("济南市历下区政务服务中心"),
              std::string::npos);
    EXPECT_EQ(Post(other, "H370202", "pick-ups", PickUpOf(id)).status, 404);
    EXPECT_EQ(Post(other, "H370202", "prints", the_case).status, 404);
    EXPECT_EQ(Scan(own, "H370102", "370102202611239999991-policy_pack").Reason(),
              "handover.no_item");
    EXPECT_EQ(Scan(own, "H370102", "").Reason(), "handover.no_item");
    EXPECT_EQ(other.Get("/api/v1/halls/H370202/prints/JN00000001").status, 404);
    EXPECT_EQ(Count(id, "handover.item_scanned"), 0);
}

TEST_P(HandoverRoom, SerialsThatCoincideAreToldApart) {
    const CaseId here = Open(), there = Open({{"delivery.hall", R"("H370200")"}}), twin = Open();
    ASSERT_OK(Make(here, {.kind = "seal_company", .number = "S-1"}));
    ASSERT_OK(Make(there, {.kind = "seal_company", .number = "S-1"}));
    const TestClient clerk = Clerk("H370102");
    EXPECT_EQ(json::TextAt(Scan(clerk, "H370102", "S-1").body, "case_number"), NumberOf(here));
    ASSERT_OK(Make(twin, {.kind = "seal_company", .number = "S-1"}));
    EXPECT_EQ(Scan(clerk, "H370102", "S-1").Reason(), "handover.ambiguous_code");
    EXPECT_EQ(Scan(clerk, "H370102", NumberOf(twin) + "-seal_company").status, 200);
}

TEST_P(HandoverRoom, MadeIsSafeToRepeat) {
    const CaseId id = Open();
    const TestClient clerk = Clerk("H370102");
    ASSERT_OK(Make(id, {.kind = "seal_company", .number = "3701020000001"}));
    ASSERT_OK(Make(id, {.kind = "seal_company", .number = "3701020000001"}));
    EXPECT_EQ(Count(id, "handover.item_made"), 2);  // The policy pack and the seal.
    ASSERT_OK(Make(id, {.kind = "seal_company", .number = "3701020000002"}));  // A correction.
    ScanAll(clerk, id, {"seal_company"});
    ASSERT_OK(Make(id, {.kind = "seal_company", .number = "3701020000002"}));
    EXPECT_REFUSED(Make(id, {.kind = "seal_company", .number = "3701020000003"}),
                   reasons::kAlreadyMade);
    EXPECT_REFUSED(Make(id, {.kind = "balloon", .number = "1"}), reasons::kUnknownKind);
    EXPECT_REFUSED(Make(CaseId("nobody"), {.kind = "seal_company", .number = "1"}),
                   application::reasons::kNoCase);
}

TEST_P(HandoverRoom, ThingThatNobodyExpectedReopensTheKit) {
    const CaseId id = Open();
    const TestClient clerk = Clerk("H370102");
    Fill(clerk, id);
    EXPECT_TRUE(IsComplete(id));
    ASSERT_OK(Make(id, {.kind = "tax_device", .number = "TD-77", .holder = "agency:tax"}));
    EXPECT_FALSE(IsComplete(id));
    EXPECT_EQ(KitOf(id).state, "open");
    EXPECT_EQ(Count(id, "handover.item_expected"), 1);
    EXPECT_EQ(Scan(clerk, "H370102", "TD-77").status, 200);
    EXPECT_EQ(KitOf(id).state, "complete");
    EXPECT_EQ(completed_.size(), 2U);
}

TEST_P(HandoverRoom, LostAndBadThingsAreMadeAgain) {
    const CaseId id = Open();
    const TestClient clerk = Clerk("H370102");
    const std::string number = NumberOf(id);
    const auto lose = [&](const std::string& kind, const std::string& reason) {
        return Post(clerk, "H370102", "losses",
                    {{"code", number + "-" + kind}, {"reason", reason}});
    };
    const auto give_back = [&](const std::string& kind, const std::string& reason) {
        return Post(clerk, "H370102", "returns",
                    {{"code", number + "-" + kind}, {"reason", reason}});
    };
    EXPECT_EQ(lose("licence_original", "stolen").Reason(), "handover.not_here");
    EXPECT_EQ(lose("licence_original", "no reason").status, 400);
    Fill(clerk, id);
    EXPECT_EQ(json::TextAt(lose("licence_original", "stolen").body, "kit_state"), "open");
    EXPECT_EQ(lose("licence_original", "stolen").Reason(), "handover.not_here");
    EXPECT_FALSE(IsComplete(id));
    EXPECT_EQ(Scan(clerk, "H370102", number + "-licence_original").Reason(), "handover.not_made");
    EXPECT_EQ(json::TextAt(give_back("seal_finance", "defective").body, "state"), "returned");
    EXPECT_EQ(ItemOf(id, "seal_finance").holder, "maker:M370100001");
    EXPECT_EQ(give_back("licence_duplicate", "wrong_content").status, 200);

    const ApiAnswer printed = Post(clerk, "H370102", "prints", {{"case_number", number}});
    ASSERT_EQ(printed.status, 201) << printed.text;
    EXPECT_EQ(ItemOf(id, "licence_duplicate").number, "JN00000004");
    EXPECT_EQ(ItemOf(id, "licence_original").number, "JN00000003");
    ASSERT_OK(Make(
        id, {.kind = "seal_finance", .number = "3701020000099", .holder = "maker:M370100002"}));
    ScanAll(clerk, id, {"licence_original", "licence_duplicate", "seal_finance"});
    EXPECT_EQ(KitOf(id).state, "complete");
    EXPECT_EQ(completed_.size(), 2U);

    const ApiAnswer account = clerk.Get("/api/v1/halls/H370102/blanks");
    EXPECT_EQ(json::IntAt(account.body, "received"), 40);
    EXPECT_EQ(json::IntAt(account.body, "free"), 36);
    EXPECT_EQ(json::IntAt(account.body, "used"), 2);
    EXPECT_EQ(json::IntAt(account.body, "voided"), 2);
    EXPECT_EQ(json::TextAt(account.body, "blanks.0.void_reason"), "stolen");
    EXPECT_EQ(json::TextAt(account.body, "blanks.0.case_number"), number);
    EXPECT_EQ(json::TextAt(account.body, "blanks.1.void_reason"), "replaced");
    EXPECT_EQ(json::TextAt(account.body, "blanks.2.authority"), "370102");
    // What the receiver has is no longer ours to lose.
    EXPECT_EQ(Post(clerk, "H370102", "pick-ups", PickUpOf(id)).status, 200);
    EXPECT_EQ(lose("seal_company", "missing").Reason(), "handover.not_here");
}

TEST_P(HandoverRoom, ParcelThatCameBackIsPostedAgain) {
    const CaseId id = Open({{"delivery.collect", R"("post")"},
                            {"delivery.post_address", R"("济南市历下区示例路 8 号")"}});
    const TestClient clerk = Clerk("H370102");
    const json::object the_case{{"case_number", NumberOf(id)}};
    Fill(clerk, id);
    EXPECT_EQ(Post(clerk, "H370102", "labels", the_case).status, 201);
    ASSERT_OK(Write([&](db::Transaction& tx) { return handover_.CourierAccepted(tx, id, "EV1"); }));
    EXPECT_EQ(KitOf(id).state, "handed_over");
    for (const Kit::Item& item : KitOf(id).items) {
        const json::object body{{"code", item.code}, {"reason", "undeliverable"}};
        EXPECT_EQ(Post(clerk, "H370102", "returns", body).status, 200) << item.kind;
        EXPECT_EQ(ItemOf(id, item.kind).holder, "hall:H370102");
        EXPECT_EQ(Scan(clerk, "H370102", item.code).status, 200) << item.kind;
    }
    EXPECT_EQ(json::IntAt(clerk.Get("/api/v1/halls/H370102/blanks").body, "used"),
              2);  // The same licences.
    const ApiAnswer label = Post(clerk, "H370102", "labels", the_case);
    EXPECT_EQ(json::TextAt(label.body, "label"), NumberOf(id) + "-P2");
    ASSERT_OK(Write([&](db::Transaction& tx) { return handover_.CourierAccepted(tx, id, "EV2"); }));
    EXPECT_EQ(completed_.size(), 2U);
    EXPECT_EQ(ready_.size(), 2U);
}

TEST_P(HandoverRoom, FrozenCaseGivesNothingAway) {
    const CaseId id = Open({{"delivery.seals", R"("post")"},
                            {"delivery.post_address", R"("济南市历下区示例路 8 号")"}});
    const TestClient clerk = Clerk("H370102");
    Fill(clerk, id);
    ASSERT_OK(Write([&](db::Transaction& tx) {
        return application_.Freeze(tx, id, true, "identity", "person:x");
    }));
    const json::object the_case{{"case_number", NumberOf(id)}};
    for (const char* what : {"labels", "prints"}) {
        EXPECT_EQ(Post(clerk, "H370102", what, the_case).Reason(), "application.frozen") << what;
    }
    EXPECT_EQ(Post(clerk, "H370102", "pick-ups", PickUpOf(id)).Reason(), "application.frozen");
    ASSERT_OK(Write(
        [&](db::Transaction& tx) { return application_.Freeze(tx, id, false, "", "person:x"); }));
    EXPECT_EQ(Post(clerk, "H370102", "pick-ups", PickUpOf(id)).status, 200);
}

TEST_P(HandoverRoom, CodeIsShownToTheApplicantOnly) {
    const CaseId id = Open();
    ASSERT_OK(Write(
        [&](db::Transaction& tx) { return application_.AddMember(tx, id, "p-2", "signatory"); }));
    const std::string path = "/api/v1/cases/" + id.value() + "/kit";
    const std::string code = CodeOf(id);
    EXPECT_EQ(code.size(), 6U);
    const TestClient member(world_.router, world_.LogInPerson("p-2")),
        stranger(world_.router, world_.LogInPerson("p-3"));
    for (const TestClient& client : {member, Clerk("H370102")}) {
        const ApiAnswer seen = client.Get(path);
        EXPECT_EQ(seen.status, 200);
        EXPECT_EQ(seen.body.as_object().if_contains("pick_up_code"), nullptr);
        EXPECT_EQ(seen.text.find(code), std::string::npos);
    }
    EXPECT_EQ(stranger.Get(path).Reason(), "application.no_case");
    for (const auto& query : {kKits, kEvents}) {
        for (const std::string& line : Dump(database(), query))
            EXPECT_EQ(line.find("'" + code), std::string::npos);
    }
}

TEST_P(HandoverRoom, BlanksRunOutAndAreNeverUsedTwice) {
    const TestClient qingdao = Clerk("H370200");
    const auto receive = [&](const char* prefix, int from, int count) {
        return Post(qingdao, "H370200", "blanks",
                    {{"prefix", prefix}, {"from", from}, {"count", count}});
    };
    EXPECT_EQ(receive("QD", 11, 2).Reason(),
              "handover.blank_known");  // 11 is there, so 12 did not come either.
    EXPECT_EQ(receive("qd", 100, 1).Reason(), "handover.blank_block");
    EXPECT_EQ(receive("QD", 100, 0).Reason(), "handover.blank_block");
    EXPECT_EQ(receive("QD", 99'999'999, 2).Reason(), "handover.blank_block");
    EXPECT_EQ(json::IntAt(qingdao.Get("/api/v1/halls/H370200/blanks").body, "received"), 5);
    const auto spoil = [&](const char* number) {
        return Post(qingdao, "H370200", "voided-blanks", {{"number", number}, {"reason", "卡纸"}});
    };
    EXPECT_EQ(spoil("QD00000007").status, 201);
    EXPECT_EQ(spoil("QD00000007").Reason(), "handover.blank_used");
    EXPECT_EQ(spoil("JN00000001").Reason(), "handover.unknown_blank");

    const auto print = [&](const CaseId& id) {
        return Post(qingdao, "H370200", "prints", {{"case_number", NumberOf(id)}});
    };
    const std::vector<Change> to_qingdao{{"delivery.hall", R"("H370200")"}};
    issued_ = false;
    const CaseId first = Open(to_qingdao), second = Open(to_qingdao), third = Open(to_qingdao);
    EXPECT_EQ(print(first).Reason(), "handover.no_licence");
    issued_ = true;
    EXPECT_EQ(print(first).status, 201);
    EXPECT_EQ(ItemOf(first, "licence_original").number, "QD00000008");
    EXPECT_EQ(Post(qingdao, "H370200", "prints",
                   {{"case_number", NumberOf(second)}, {"copy", "licence_original"}})
                  .status,
              201);
    EXPECT_EQ(print(second).status, 201);
    EXPECT_EQ(print(third).Reason(), "handover.no_blank");
    EXPECT_EQ(ItemOf(third, "licence_original").state, "expected");
    EXPECT_EQ(json::IntAt(qingdao.Get("/api/v1/halls/H370200/blanks").body, "free"), 0);
    EXPECT_EQ(receive("QD", 12, 2).status, 201);
    EXPECT_EQ(print(third).status, 201);
}

TEST_P(HandoverRoom, ManyPrintersNeverShareABlank) {
    constexpr int kThreads = 4, kEach = 5;
    std::vector<CaseId> ids;
    for (int i = 0; i < kThreads * kEach; ++i) ids.push_back(Open());
    std::atomic<int> printed = 0;
    std::vector<std::thread> threads;
    const std::string token = ClerkToken("H370102");
    std::vector<std::string> bodies;
    for (const CaseId& id : ids)
        bodies.push_back(json::Text(json::object{{"case_number", NumberOf(id)}}));
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            const TestClient clerk(world_.router, token);
            for (int j = 0; j < kEach; ++j) {
                const auto& body = bodies[static_cast<std::size_t>(i * kEach + j)];
                printed += clerk.Post("/api/v1/halls/H370102/prints", body).status == 201 ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(printed, kThreads * kEach);
    std::set<std::string> numbers;
    for (const CaseId& id : ids) {
        for (const std::string& kind : kLicences) numbers.insert(ItemOf(id, kind).number);
    }
    EXPECT_EQ(numbers.size(), 40U);
    EXPECT_EQ(json::IntAt(Clerk("H370102").Get("/api/v1/halls/H370102/blanks").body, "used"), 40);
}

TEST_P(HandoverRoom, ListsShowWhatIsThereAndWhatIsForgotten) {
    const CaseId id = Open();
    Open({{"delivery.hall", R"("H370200")"}});
    const TestClient clerk = Clerk("H370102");
    const auto count = [&](const std::string& path) {
        return clerk.Get("/api/v1/halls/H370102/" + path).body.at("items").as_array().size();
    };
    EXPECT_EQ(count("items"), 7U);
    EXPECT_EQ(count("items?state=made"), 1U);
    EXPECT_EQ(count("items?state=at_window"), 0U);
    EXPECT_EQ(count("items?after=" + NumberOf(id) + "-seal_finance"), 2U);
    EXPECT_EQ(clerk.Get("/api/v1/halls/H370102/items?state=nowhere").Reason(),
              "handover.list_query");
    Fill(clerk, id);
    EXPECT_EQ(count("items?state=at_window"), 7U);
    EXPECT_EQ(count("unclaimed-items"), 0U);
    clock_.Advance(std::chrono::days{10});
    const TestClient later = Clerk("H370102");
    const auto unclaimed = [&](const std::string& query) {
        return later.Get("/api/v1/halls/H370102/unclaimed-items" + query)
            .body.at("items")
            .as_array()
            .size();
    };
    EXPECT_EQ(unclaimed(""), 0U);
    EXPECT_EQ(unclaimed("?days=10"), 7U);
    EXPECT_EQ(unclaimed("?days=11"), 0U);
    EXPECT_EQ(later.Get("/api/v1/halls/H370102/unclaimed-items?days=-1").Reason(),
              "handover.list_query");
}

TEST_P(HandoverRoom, ChasesWhatNobodyFetchesEveryFifteenDays) {
    std::vector<std::string> chased;
    handover_.on_unclaimed = [&](db::Transaction&, const CaseId& id, const std::string& hall,
                                 int days) -> Result<> {
        chased.push_back(id.value() + " " + hall + " " + std::to_string(days));
        return {};
    };
    NoCrashPoints crash;
    const auto runner =
        jobs::MakeRunner({database(), clock_, chance_, crash, log::Silent(), "node-1"});
    handover_.RegisterJobs(*runner);
    ASSERT_OK(Write([&](db::Transaction& tx) { return handover_.OrderRecurringJobs(tx); }));
    const TestClient clerk = Clerk("H370102");
    const CaseId fetched = Open();
    Fill(clerk, fetched);
    const CaseId waiting = Open();
    Fill(clerk, waiting);
    const CaseId unfinished = Open();
    ScanAll(clerk, unfinished, {"policy_pack"});  // Its kit is not complete: nobody was told to come.
    const auto after = [&](int days) {
        clock_.Advance(std::chrono::days{days});
        runner->RunDue();
        return std::exchange(chased, {});
    };
    EXPECT_EQ(after(1).size(), 0U);
    EXPECT_EQ(after(13).size(), 0U);
    ASSERT_EQ(Post(Clerk("H370102"), "H370102", "pick-ups", PickUpOf(fetched)).status, 200);
    EXPECT_EQ(after(1), Texts{waiting.value() + " H370102 15"});
    EXPECT_EQ(after(1), Texts{waiting.value() + " H370102 15"});  // The same: it is sent once.
    EXPECT_EQ(after(14), Texts{waiting.value() + " H370102 30"});
}

TEST_P(HandoverRoom, PolicyPackIsFixedAtTheLicence) {
    const CaseId id = Open({{"founder.group", R"("veteran")"}});
    const std::string path = "/api/v1/cases/" + id.value() + "/policy-pack";
    const ApiAnswer pack = Applicant().Get(path);
    ASSERT_EQ(pack.status, 200) << pack.text;
    EXPECT_EQ(json::TextAt(pack.body, "state"), "chosen");
    const json::array& policies = pack.body.at("policies").as_array();
    EXPECT_EQ(policies.size(), KitOf(id).policies.size());
    const auto loan = std::find_if(policies.begin(), policies.end(), [](const json::value& policy) {
        return json::TextAt(policy, "id") == "start_loan";
    });
    ASSERT_NE(loan, policies.end());
    EXPECT_EQ(json::TextAt(*loan, "why.0.text"), "创办人属于退役军人。");
    for (const json::value& policy : policies) {
        for (const char* member : {"title", "text", "legal_basis", "how_to_claim", "contact"}) {
            EXPECT_FALSE(json::TextAt(policy, member).empty()) << member;
        }
        for (const json::value& why : policy.at("why").as_array()) {
            const std::string text = json::TextAt(why, "text");
            EXPECT_EQ(text.find('{'), std::string::npos) << text;
            EXPECT_EQ(text.find("handover."), std::string::npos) << text;
        }
    }
    // Years later the pack says what it said, though some policies have ended.
    clock_.Advance(std::chrono::days{800});
    const ApiAnswer later = Applicant().Get(path, {{"Accept-Language", "en"}});
    EXPECT_EQ(later.body.at("policies").as_array().size(), policies.size());
    const TestClient stranger(world_.router, world_.LogInPerson("p-3"));
    EXPECT_EQ(stranger.Get(path).Reason(), "application.no_case");
}

TEST_P(HandoverRoom, SealsMayBeRefused) {
    const CaseId id = Open({{"seals.take", "false"}});
    EXPECT_EQ(KitOf(id).items.size(), 3U);
}

TEST_P(HandoverRoom, RepeatedCommandGivesTheFirstAnswer) {
    const CaseId id = Open();
    const TestClient clerk = Clerk("H370102");
    Fill(clerk, id);
    const std::string body = json::Text(PickUpOf(id));
    const ApiAnswer first =
        clerk.Post("/api/v1/halls/H370102/pick-ups", body, {{"Idempotency-Key", "pick-up-1"}});
    const ApiAnswer second =
        clerk.Post("/api/v1/halls/H370102/pick-ups", body, {{"Idempotency-Key", "pick-up-1"}});
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(second.text, first.text);
    EXPECT_EQ(Count(id, "handover.picked_up"), 1);
}

TEST_P(HandoverRoom, ReplayGivesTheSameTables) {
    const TestClient clerk = Clerk("H370102");
    const CaseId whole = Open(),
                 posted = Open({{"delivery.collect", R"("post")"},
                                {"delivery.post_address", R"("济南市历下区示例路 8 号")"}});
    Fill(clerk, whole);
    EXPECT_EQ(Post(clerk, "H370102", "losses",
                   {{"code", NumberOf(whole) + "-licence_original"}, {"reason", "destroyed"}})
                  .status,
              200);
    EXPECT_EQ(Post(clerk, "H370102", "returns",
                   {{"code", NumberOf(whole) + "-licence_duplicate"}, {"reason", "defective"}})
                  .status,
              200);
    EXPECT_EQ(Post(clerk, "H370102", "prints", {{"case_number", NumberOf(whole)}}).status, 201);
    ASSERT_OK(Make(whole, {.kind = "invoices", .number = "I-1"}));
    clock_.Advance(std::chrono::minutes{5});
    ScanAll(clerk, whole, kLicences);
    ScanAll(clerk, whole, {"invoices"});
    EXPECT_EQ(Post(clerk, "H370102", "pick-ups", PickUpOf(whole)).status, 200);
    Fill(clerk, posted);
    EXPECT_EQ(Post(clerk, "H370102", "labels", {{"case_number", NumberOf(posted)}}).status, 201);
    ASSERT_OK(Write(
        [&](db::Transaction& tx) { return handover_.CourierAccepted(tx, posted, "EV1", "EMS"); }));

    testing::FreshDatabase into(GetParam());
    ASSERT_OK(progress::Replay(database(), *into, world_.services, kinds_));
    for (const auto& query : {kKits, kItems, kParcels, kUsedBlanks}) {
        EXPECT_FALSE(Dump(*into, query).empty()) << query.sql;
        EXPECT_EQ(Dump(*into, query), Dump(database(), query)) << query.sql;
    }
}

OW_BOTH_ENGINES(HandoverRoom);

}  // namespace
}  // namespace onewindow::handover
