#include "server/rooms.hpp"

#include "application/reasons.hpp"
#include "kernel/files/embedded_data.hpp"
#include "reference/api.hpp"
#include "server/housekeeping.hpp"

namespace onewindow::embedded {
std::vector<exchange::Matter> AllMatters();
std::vector<application::EntityType> AllEntityTypes();
}  // namespace onewindow::embedded

namespace onewindow::server {
namespace {

using application::CaseId;
using application::CaseView;
using application::State;

naming::NameTables LoadTables() {
    const std::vector<embedded::DataFile> files = embedded::AllData();
    auto tables = naming::LoadNameTables(files);
    // Our own data are right, or a test fails.
    OW_ASSERT(tables.has_value());
    return *std::move(tables);
}

progress::EventKinds AllEventKinds(const std::vector<exchange::Matter>& matters) {
    progress::EventKinds kinds;
    progress::RegisterEvents(kinds);
    application::RegisterEvents(kinds);
    signing::RegisterEvents(kinds);
    licence::RegisterEvents(kinds);
    review::RegisterEvents(kinds);
    handover::RegisterEvents(kinds);
    exchange::RegisterEvents(kinds, matters);
    return kinds;
}

std::vector<application::FormPart> FormPartsOf(const std::vector<exchange::Matter>& matters) {
    std::vector<application::FormPart> parts;
    for (const exchange::Matter& matter : matters) parts.push_back(matter.form);
    return parts;
}

}  // namespace

Rooms::Rooms(const Ground& ground)
    : ground_(ground),
      name_tables_(LoadTables()),
      examiner_(name_tables_),
      kinds_(AllEventKinds(embedded::AllMatters())),
      recorder_(ground.services, kinds_),
      feed_(ground.services, {}),
      clocks_(ground.services, reference_, recorder_) {
    const std::vector<exchange::Matter> matters = embedded::AllMatters();
    const files::BlobStore blobs(ground.settings.data + "/blobs");
    identity_ = std::make_unique<identity::Identity>(identity::Identity::Deps{
        ground.services, ground.outside, ground.settings.identity_url, ground.settings.identity_client, ground.settings.identity_secret});
    notices_ = std::make_unique<notice::Notices>(notice::Notices::Deps{
        ground.services, ground.outside, ground.mail, ground.settings.sms_url, ground.settings.smtp_url, ground.settings.mail_from,
        [this](db::Transaction& tx, std::string_view person) -> Result<std::pair<std::string, std::string>> {
            OW_TRY(const auto found, identity_->Find(tx, identity::PersonId(std::string(person))));
            // The number that the state holds, not one from a form (promises 6, threat 2).
            return std::pair<std::string, std::string>{found ? found->mobile : "", ""};
        }});
    application_ = std::make_unique<application::Application>(application::Deps{
        ground.services, reference_, recorder_, clocks_, embedded::AllEntityTypes(), FormPartsOf(matters), blobs, name_tables_, examiner_});
    signing_ = std::make_unique<signing::Signing>(signing::Signing::Deps{
        *application_, *identity_, *notices_, ground.outside, ground.settings.ca_url, ground.ca_certificate,
        http_signature::MakeSigner(ground.key_id, ground.key)});
    licences_ = std::make_unique<licence::Licences>(licence::Licences::Deps{
        *application_, blobs, ground.public_url, ground.key_id, ground.key, ground.settings.demo, ground.crash});
    const auto verify = [this](db::Transaction& tx, const CaseId& id) { return signing_->Verify(tx, id); };
    review_ = std::make_unique<review::Review>(review::Review::Deps{*application_, *licences_, verify, ground.crash});
    handover_ = std::make_unique<handover::Handover>(handover::Handover::Deps{*application_});
    auto exchange = exchange::Exchange::Make(
        {.application = *application_,
         .licence_of = [this](db::Transaction& tx, const CaseId& id) { return licences_->OfCase(tx, id); },
         .item_made = [this](db::Transaction& tx, const CaseId& id, const handover::ItemMade& item) -> Result<> {
             // A courier brings nothing into the kit: it takes the parcel away.
             if (item.kind == "parcel") return handover_->CourierAccepted(tx, id, item.number);
             return handover_->Made(tx, id, item);
         },
         .outside = ground.outside,
         .matters = matters,
         .connections = ground.settings.connections,
         .own_url = ground.public_url,
         .key_id = ground.key_id,
         .key = ground.key,
         .crash = ground.crash});
    OW_ASSERT(exchange.has_value());
    exchange_ = *std::move(exchange);
    guide_ = std::make_unique<guide::Guide>(guide::Deps{*application_, matters});
    Wire();
}

void Rooms::Wire() {
    recorder_.OnRecorded([this] { feed_.Wake(); });
    application_->on_signing = [this](db::Transaction& tx, const CaseView& view, const std::vector<application::Paper>& papers) {
        return signing_->OpenBoard(tx, view, papers);
    };
    application_->is_signed = [this](db::Transaction& tx, const CaseId& id) { return signing_->IsComplete(tx, id); };
    application_->on_submitted = [this](db::Transaction& tx, const CaseView& view) { return Submitted(tx, view); };
    application_->is_person = [this](db::Transaction& tx, const std::string& person) -> Result<bool> {
        OW_TRY(const auto found, identity_->Find(tx, identity::PersonId(person)));
        return found.has_value();
    };
    application_->on_withdrawn = [this](db::Transaction& tx, const CaseView& view) { return Withdrawn(tx, view); };
    application_->on_hold_ending = [this](db::Transaction& tx, const application::Case& the_case, int days_left) {
        return HoldEnding(tx, the_case, days_left);
    };
    handover_->on_unclaimed = [this](db::Transaction& tx, const CaseId& id, const std::string& hall, int days) {
        return Unclaimed(tx, id, hall, days);
    };
    signing_->on_complete = [this](db::Transaction& tx, const CaseId& id) -> Result<> {
        OW_TRY(application::Case the_case, application_->Lock(tx, id));
        if (!the_case.auto_submit || the_case.state != State::kSigning) return {};
        return application_->Submit(tx, the_case, "person:" + the_case.person);
    };
    licences_->on_issued = [this](db::Transaction& tx, const CaseView& view, const licence::LicenceFacts& facts) {
        return Issued(tx, view, facts);
    };
    licences_->on_recalled = [this](db::Transaction& tx, const CaseView& view, const std::vector<Fault>& faults) {
        return review_->Refer(tx, view, faults);
    };
    exchange_->on_all_final = [this](db::Transaction& tx, const CaseId& id) { return TryComplete(tx, id); };
    handover_->on_complete = [this](db::Transaction& tx, const CaseId& id) { return TryComplete(tx, id); };
    handover_->on_ready_for_post = [this](db::Transaction& tx, const CaseId& id) { return exchange_->Happened(tx, id, "kit"); };
    handover_->licence_of = [this](db::Transaction& tx, const CaseId& id) -> Result<std::optional<handover::PrintedLicence>> {
        OW_TRY(const auto facts, licences_->OfCase(tx, id));
        if (!facts) return std::optional<handover::PrintedLicence>{};
        return std::optional(handover::PrintedLicence{facts->uscc, facts->name});
    };
    handover_->licence_pdf = [this](const CaseId& id, std::string_view copy) -> Result<std::string> {
        OW_TRY(const auto file, ground_.services.database.Read([&](db::Transaction& tx) { return licences_->FileOf(tx, id, copy); }));
        if (!file) return Refuse(files::reasons::kCannotRead);
        return files::BlobStore(ground_.settings.data + "/blobs").Get(file->blob);
    };
}

Result<> Rooms::Withdrawn(db::Transaction& tx, const CaseView& view) {
    const CaseId& id = view.the_case.id;
    OW_CHECK(signing_->CloseBoard(tx, id));
    OW_CHECK(review_->Withdraw(tx, id));
    OW_CHECK(exchange_->CloseAll(tx, view, "system"));
    // A draft has no clocks yet.
    OW_TRY(const auto clocks, clocks_.Read(tx, id));
    for (const progress::ClockState& clock : clocks) OW_CHECK(clocks_.Stop(tx, id, clock.subject));
    return {};
}

Result<> Rooms::HoldEnding(db::Transaction& tx, const application::Case& the_case, int days_left) {
    const Date last = DateOf(*the_case.name_hold_until - std::chrono::seconds{1});
    return notices_->Send(tx, {.person = the_case.person,
                               .template_key = days_left == 0 ? "notice.hold_ended" : "notice.hold_ending",
                               .arguments = {{"name", the_case.business_name}, {"number", the_case.number}, {"last_day", FormatDate(last)}},
                               .case_id = the_case.id.value(),
                               .key = "hold_ending:" + the_case.name_hold + ":" + std::to_string(days_left)});
}

Result<> Rooms::Unclaimed(db::Transaction& tx, const CaseId& id, const std::string& hall, int days) {
    OW_TRY(const application::Case the_case, application_->Find(tx, id));
    OW_TRY(const auto ground, application_->GroundNow(tx));
    const reference::Hall* place = ground.snapshot->FindHall(hall);
    return notices_->Send(tx, {.person = the_case.person,
                               .template_key = "notice.unclaimed",
                               .arguments = {{"number", the_case.number}, {"days", std::to_string(days)},
                                             {"hall", place == nullptr ? hall : place->name}},
                               .case_id = id.value(),
                               .key = "unclaimed:" + id.value() + ":" + hall + ":" + std::to_string(days)});
}

Result<> Rooms::StartClock(db::Transaction& tx, const CaseView& view, const std::string& subject, const std::string& holder) {
    OW_TRY(const auto ground, application_->GroundOf(tx, view.the_case));
    const reference::Snapshot& reference = *ground.snapshot;
    const reference::Hall* hall = reference.HallOf(view.the_case.authority);
    const std::string hall_id = hall == nullptr ? "" : hall->id;
    const reference::Division* city = reference.CityOf(view.the_case.county);
    const reference::HallHours* hall_hours = reference.FindHours(hall_id);
    OW_ASSERT(hall_hours != nullptr);
    // Half a day is half of the day on which the clock begins to run: outside hours, the next opening.
    const Date begins = DateOf(reference.calendar().NextOpening(*hall_hours, ground.context.now).at);
    const auto limit = reference.LimitMinutes(subject, city == nullptr ? "" : city->code, hall_id, begins);
    OW_ASSERT(limit.has_value());
    progress::ClockOrder order;
    order.subject = subject;
    order.limit_minutes = *limit;
    order.hall = hall_id;
    order.holder = holder;
    order.from = ground.context.now;
    return clocks_.Start(tx, view.the_case.id, order);
}

Result<> Rooms::Submitted(db::Transaction& tx, const CaseView& view) {
    OW_TRY(const auto running, clocks_.Read(tx, view.the_case.id));
    const std::string authority = "authority:" + view.the_case.authority;
    // A resubmission finds its clocks paused; review gives them back to the authority.
    if (running.empty()) {
        OW_CHECK(StartClock(tx, view, "case", authority));
        OW_CHECK(StartClock(tx, view, "stage:1", authority));
        progress::ClockOrder law;
        law.subject = "law";
        law.limit_workdays = 3;  // 条例 19
        law.hall = running.empty() ? "" : running.front().hall;
        law.holder = authority;
        law.from = ground_.services.clock.Now();
        OW_CHECK(clocks_.Start(tx, view.the_case.id, law));
    }
    OW_CHECK(exchange_->OpenTracks(tx, view));
    return review_->Order(tx, view);
}

Result<> Rooms::Issued(db::Transaction& tx, const CaseView& view, const licence::LicenceFacts& facts) {
    OW_CHECK(clocks_.Stop(tx, view.the_case.id, "law"));
    OW_CHECK(StartClock(tx, view, "stage:2", "system"));
    OW_TRY(std::vector<std::string> kinds, exchange_->ExpectedItems(tx, view));
    OW_CHECK(handover_->OpenKit(tx, view, kinds));
    OW_CHECK(exchange_->Happened(tx, view.the_case.id, "licence"));
    return notices_->Send(tx, {.person = view.the_case.person,
                               .template_key = "notice.licence_issued",
                               .arguments = {{"name", facts.name}, {"uscc", facts.uscc}, {"number", view.the_case.number}},
                               .case_id = view.the_case.id.value(),
                               .key = "licence_issued:" + view.the_case.id.value()});
}

Result<> Rooms::TryComplete(db::Transaction& tx, const CaseId& id) {
    OW_TRY(const auto tracks, exchange_->AreFinal(tx, id));
    if (!tracks.all_final) return {};
    OW_TRY(const bool kit, handover_->IsComplete(tx, id));
    if (!kit) return {};
    OW_TRY(application::Case the_case, application_->Lock(tx, id));
    if (the_case.state != State::kCompleting && the_case.state != State::kCompleteWithOpenMatters) return {};
    const State to = tracks.open_matters ? State::kCompleteWithOpenMatters : State::kComplete;
    if (the_case.state == to) return {};
    OW_CHECK(application_->Move(tx, the_case, to, "system"));
    for (const char* subject : {"stage:2", "case"}) OW_CHECK(clocks_.Stop(tx, id, subject));
    return notices_->Send(tx, {.person = the_case.person,
                               .template_key = "notice.kit_complete",
                               .arguments = {{"number", the_case.number}},
                               .case_id = id.value(),
                               .key = "kit_complete:" + id.value()});
}

void Rooms::AddRoutes(api::Router& router) {
    auth::AddRoutes(router, ground_.services);
    reference::AddRoutes(router, reference_);
    identity_->AddRoutes(router);
    application_->AddRoutes(router);
    signing_->AddRoutes(router);
    review_->AddRoutes(router);
    licences_->AddRoutes(router);
    exchange_->AddRoutes(router);
    handover_->AddRoutes(router);
    guide_->AddRoutes(router);
    progress::AddRoutes(router, {.services = ground_.services,
                                 .clocks = clocks_,
                                 .reference = reference_,
                                 .feed = feed_,
                                 .may_see = [this](db::Transaction& tx, const auth::Principal& principal, const CaseId& id) -> Result<> {
                                     OW_TRY(const application::Case the_case, application_->Find(tx, id));
                                     return application_->MaySee(tx, principal, the_case);
                                 },
                                 .may_see_refuses = {&application::reasons::kNoCase}});
}

void Rooms::RegisterJobs(jobs::Runner& runner) {
    clocks_.RegisterJobs(runner);
    notices_->RegisterJobs(runner);
    identity_->RegisterJobs(runner);
    application_->RegisterJobs(runner);
    signing_->RegisterJobs(runner);
    licences_->RegisterJobs(runner);
    review_->RegisterJobs(runner);
    exchange_->RegisterJobs(runner);
    handover_->RegisterJobs(runner);
    RegisterPurge(runner, ground_.services);
}

Result<> Rooms::OrderRecurringJobs(db::Transaction& tx) {
    OW_CHECK(application_->OrderRecurringJobs(tx));
    OW_CHECK(exchange_->OrderRecurringJobs(tx));
    OW_CHECK(handover_->OrderRecurringJobs(tx));
    return OrderPurge(tx, ground_.services);
}

}  // namespace onewindow::server
