#include <algorithm>
#include <set>

#include "exchange/api_types.hpp"
#include "exchange/engine.hpp"
#include "exchange/queries.gen.hpp"
#include "exchange/reasons.hpp"

// The own workbench of agencies and performers (D3), and the red list (D2). Answers go through the same transitions as
// those of connected systems.
namespace onewindow::exchange {
namespace {

using api::Access;
using api::Call;
using api::Empty;
using auth::Grant;
using auth::Role;

const std::vector<const Reason*> kAnswerReasons = {
    &reasons::kNoTrack, &reasons::kNotAsked, &reasons::kNotYours, &reasons::kSchema, &reasons::kDelivery, &reasons::kVersion,
    &reasons::kDiffers, &reasons::kState, &reasons::kStep, &reasons::kNotOpen, &reasons::kReasonUnpublished,
    &reasons::kReasonMissing, &reasons::kResult, &reasons::kResultUnexpected, &reasons::kReceiptMissing, &reasons::kPerformerOnly};

std::string MakerOf(const Grant& grant) { return "maker:" + grant.unit; }

/// Who the principal is for this track; refused as unknown where it is nobody.
Result<AnswerSource> SourceFor(const auth::Principal& principal, const Track& track) {
    if (principal.May(Role::kAgencyOfficer, track.place, track.agency)) {
        return AnswerSource{.actor = "officer:" + principal.account, .agency = track.agency, .region = track.place};
    }
    const std::string performer = json::TextAt(track.notes, "performer");
    for (const Grant& grant : principal.grants) {
        if (grant.role == Role::kSealMaker && !grant.unit.empty() && MakerOf(grant) == performer) {
            return AnswerSource{.actor = performer, .agency = {}, .region = {}, .performer = true};
        }
    }
    return Refuse(reasons::kNoTrack);
}

std::string BusinessName(const std::optional<licence::LicenceFacts>& licence, const application::Case& the_case) {
    return licence ? licence->name : the_case.business_name;
}

}  // namespace

Result<TaskView> Exchange::TaskOf(db::Transaction& tx, const Track& track) const {
    const Matter* matter = FindMatter(track.matter);
    OW_ASSERT(matter != nullptr);
    const auto& messages = services().messages;
    OW_TRY(const auto the_case, deps_.application.Find(tx, track.case_id));
    OW_TRY(const auto licence, deps_.licence_of(tx, track.case_id));
    TaskView view{.track = track.id,
                  .case_number = track.case_number,
                  .business_name = BusinessName(licence, the_case),
                  .matter = track.matter,
                  .place = track.place,
                  .title = Texts(messages, TextPrefix(*matter) + ".title"),
                  .state = track.state,
                  .version = track.version,
                  .receipt = track.receipt,
                  .officer = track.officer,
                  .reasons = track.reasons,
                  .steps = StepsOf(messages, *matter, track),
                  .in_doubt = track.in_doubt,
                  .stuck = track.stuck,
                  .due = {},
                  .due_since = track.due_at,
                  .colour = {}};
    OW_TRY(const auto clocks, deps_.application.deps().clocks.Read(tx, track.case_id));
    for (const auto& clock : clocks) {
        if (clock.subject != ClockOf(track)) continue;
        view.due = clock.due;
        view.colour = clock.colour;
    }
    return view;
}

Result<std::vector<Track>> Exchange::TasksFor(db::Transaction& tx, const auth::Principal& principal) const {
    std::vector<Track> tasks;
    std::set<std::string> seen;
    for (const Grant& grant : principal.grants) {
        const bool officer = grant.role == Role::kAgencyOfficer;
        if (!officer && grant.role != Role::kSealMaker) continue;
        const auto [from, until] = PlacesOf(grant.region);
        std::set<std::string> agencies;
        for (const Matter& matter : deps_.matters) {
            if (!officer || grant.unit.empty() || matter.agency == grant.unit) agencies.insert(matter.agency);
        }
        for (const std::string& agency : agencies) {
            OW_TRY(const db::Rows rows, tx.Read(queries::kListTracksOfAgency, agency, from, until));
            for (const db::Row& row : rows) {
                Track track = ReadTrack(row);
                if (FindMatter(track.matter) == nullptr || !SourceFor(principal, track) || !seen.insert(track.id).second) continue;
                tasks.push_back(std::move(track));
            }
        }
    }
    return tasks;
}

/// A person for every red line: whoever worked on it last, the connection's on-call, the agency's office.
std::string Exchange::PersonFor(const Track& track) const {
    if (!track.officer.empty()) return track.officer;
    const Connection* connection = ConnectionFor(track);
    if (connection != nullptr && !connection->on_call.empty()) return connection->on_call;
    const auto snapshot = deps_.application.deps().reference.Current();
    const reference::Division* city = snapshot->CityOf(track.place);
    const reference::Office* office = city == nullptr ? nullptr : snapshot->FindOffice(track.agency, city->code);
    if (office != nullptr) return office->name + " " + office->phone;
    // Banks, the post, the registry: the registration authority of the place looks after it.
    for (const auto& [code, authority] : snapshot->records().authorities) {
        if (authority.division == track.place) return authority.name + " " + authority.phone;
    }
    return city == nullptr ? track.agency : city->name + " " + track.agency;
}

void Exchange::AddOfficerRoutes(api::Router& router) {
    const std::vector<Role> workers = {Role::kAgencyOfficer, Role::kSealMaker};
    router.Add<Empty, TaskList>(
        {.method = "GET", .path = "/api/v1/agency/tasks", .id = "listAgencyTasks",
         .summary = "What lies before my agency in my region, or before my shop; the longest waiting first",
         .access = Access::kRole, .roles = workers, .tag = "agency"},
        [this](Call& call, const Empty&) -> Result<TaskList> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<TaskList> {
                OW_TRY(const std::vector<Track> tracks, TasksFor(tx, call.principal));
                TaskList list;
                for (const Track& track : tracks) {
                    OW_TRY(TaskView view, TaskOf(tx, track));
                    list.tasks.push_back(std::move(view));
                }
                return list;
            });
        });
    router.Add<Empty, TaskFile>(
        {.method = "GET", .path = "/api/v1/agency/tasks/{track}", .id = "readAgencyTask",
         .summary = "A task with the message of its version, unmasked (the read is audited), and the reasons that may be given",
         .access = Access::kRole, .roles = workers, .reasons = {&reasons::kNoTrack}, .tag = "agency"},
        [this](Call& call, const Empty&) -> Result<TaskFile> {
            return call.services.database.Write([&](db::Transaction& tx) -> Result<TaskFile> {
                OW_TRY(const auto track, FindTrack(tx, call.Path("track")));
                if (!track || FindMatter(track->matter) == nullptr) return Refuse(reasons::kNoTrack);
                OW_CHECK(SourceFor(call.principal, *track));
                OW_TRY(const auto message, FindMessage(tx, services().sealer, track->id, track->version));
                OW_TRY(const auto the_case, deps_.application.Find(tx, track->case_id));
                OW_CHECK(auth::RecordUnmaskedRead(tx, services(), {.account = call.principal.account, .person = the_case.person,
                                                                   .fields = "message:" + track->matter,
                                                                   .case_id = track->case_id.value(), .reason = "agency_task"}));
                TaskFile file;
                OW_TRY(file.task, TaskOf(tx, *track));
                if (message) {
                    OW_TRY(const json::value body, json::Parse(message->body));
                    file.message = body.as_object();
                }
                const Matter& matter = *FindMatter(track->matter);
                for (const auto& [code, article] : matter.reason_codes) file.reasons.push_back(ReasonOf(services().messages, matter, code));
                return file;
            });
        });
    router.Add<AnswerTaskRequest, TaskView>(
        {.method = "POST", .path = "/api/v1/agency/tasks/{track}/answers", .id = "answerAgencyTask",
         .summary = "Accepts, reports a step, ends, asks for data or rejects: by published reasons only",
         .access = Access::kRole, .roles = workers, .reasons = kAnswerReasons, .tag = "agency"},
        [this](Call& call, const AnswerTaskRequest& request) { return AnswerTask(call, request); });
    router.Add<Empty, TaskView>(
        {.method = "POST", .path = "/api/v1/agency/tasks/{track}/resend", .id = "resendAgencyTask",
         .summary = "Sends the message again: the same one where it may not have arrived, a new version after a rejection",
         .access = Access::kRole, .roles = {Role::kAgencyOfficer}, .reasons = {&reasons::kNoTrack, &reasons::kCannotResend},
         .tag = "agency"},
        [this](Call& call, const Empty&) -> Result<TaskView> {
            return call.Command<TaskView>([&](db::Transaction& tx) -> Result<TaskView> {
                OW_TRY(Track track, LockTrack(tx, deps_.application, call.Path("track")));
                call.subject = track.case_id.value();
                OW_TRY(const AnswerSource source, SourceFor(call.principal, track));
                const bool doubtful = track.state == TrackState::kDone && track.in_doubt;
                if (!doubtful && !IsEdge(track.state, TrackState::kDue)) return Refuse(reasons::kCannotResend);
                if (track.version == 0 || (IsFinal(track.state) && !doubtful)) return Refuse(reasons::kCannotResend);
                OW_TRY(const Ground ground, Look(tx, track.case_id));
                const bool refused = track.state == TrackState::kRejected || track.state == TrackState::kNeedsData;
                OW_CHECK(MakeDue(tx, ground, track, refused ? Send::kNewVersion : Send::kAgain, source.actor));
                OW_TRY(const auto sent, FindTrack(tx, track.id));
                return TaskOf(tx, *sent);
            });
        });
    router.Add<Empty, RedList>(
        {.method = "GET", .path = "/api/v1/exchange/red-list", .id = "listRedTracks",
         .summary = "Tracks past their limit, stuck, rejected or in doubt, each with the person who has to act",
         .access = Access::kRole, .roles = {Role::kAgencyOfficer, Role::kSupervisor, Role::kRegistrar}, .tag = "agency"},
        [this](Call& call, const Empty&) -> Result<RedList> {
            return call.services.database.Read([&](db::Transaction& tx) { return RedLinesFor(tx, call.principal); });
        });
}

Result<TaskView> Exchange::AnswerTask(api::Call& call, const AnswerTaskRequest& request) const {
    AnswerSource source;
    AnswerMessage answer;
    auto taken = call.Command<TaskView>([&](db::Transaction& tx) -> Result<TaskView> {
        OW_TRY(const auto track, FindTrack(tx, call.Path("track")));
        if (!track || FindMatter(track->matter) == nullptr) return Refuse(reasons::kNoTrack);
        call.subject = track->case_id.value();
        OW_TRY(source, SourceFor(call.principal, *track));
        answer = {.schema = std::string(kAnswerSchema),
                  .delivery = track->delivery,
                  .case_number = track->case_number,
                  .matter = track->matter,
                  .version = track->version,
                  .state = request.state,
                  .step = request.step,
                  .receipt = request.receipt,
                  .result = request.result,
                  .reasons = request.reasons,
                  .officer = call.principal.account,
                  .at = {}};
        OW_CHECK(Take(tx, source, answer));
        OW_TRY(const auto moved, FindTrack(tx, track->id));
        return TaskOf(tx, *moved);
    });
    // An attempt to ask for what is not published is on record, and visible one level up.
    if (!taken && !answer.matter.empty()) TellRefusal(source, answer, taken.error());
    return taken;
}

Result<RedList> Exchange::RedLinesFor(db::Transaction& tx, const auth::Principal& principal) const {
    RedList list;
    std::set<std::string> seen;
    const Instant now = services().clock.Now();
    for (const Grant& grant : principal.grants) {
        const bool watches = grant.role == Role::kSupervisor || grant.role == Role::kRegistrar;
        if (!watches && grant.role != Role::kAgencyOfficer) continue;
        const auto [from, until] = PlacesOf(grant.region);
        OW_TRY(const db::Rows rows, tx.Read(queries::kListOpenTracks, from, until));
        for (const db::Row& row : rows) {
            const Track track = ReadTrack(row);
            const bool visible = watches || grant.unit.empty() || grant.unit == track.agency;
            if (!visible || FindMatter(track.matter) == nullptr || !seen.insert(track.id).second) continue;
            OW_TRY(TaskView view, TaskOf(tx, track));
            std::string why;
            if (track.in_doubt) why = "in_doubt";
            else if (!track.stuck.empty()) why = "stuck";
            else if (track.state == TrackState::kRejected) why = "rejected";
            else if (view.due && *view.due < now) why = "overdue";
            if (!why.empty()) list.lines.push_back({std::move(view), std::move(why), PersonFor(track)});
        }
    }
    return list;
}

}  // namespace onewindow::exchange
