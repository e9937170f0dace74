#pragma once

#include <functional>
#include <string>
#include <vector>

#include "application/application.hpp"
#include "handover/handover.hpp"
#include "licence/licence.hpp"

namespace onewindow::exchange {

/// Whether a matter concerns a case (data per matter × type × employees, domain.md J20).
enum class Applicability { kRequired, kNotApplicable, kDeferred };

/// What a matter's message and answer are built from.
struct MatterInput {
    /// For build_facts and build_people only the declared fact_paths are in it (promise I23).
    const application::CaseView& view;
    /// Absent before the licence. For build_facts and build_people only the declared fields are filled.
    const licence::LicenceFacts* licence = nullptr;
    const application::Context& context;
    /// What the matter's own steps wrote down for this track: the booked slot, the maker of the seals.
    const json::object& notes;
};

/// What an accepted answer means for the case.
struct MatterResult {
    std::string number;                     // The agency's own number, shown to the applicant.
    json::object shown;                     // Further results for the applicant: "insured_people", "invoice_mode", …
    std::vector<handover::ItemMade> items = {};  // Things that came into being: seals, invoices, device.
    std::string tracking = {};  // A courier has taken things over; its number.
};

/// A step that an agency reports before (or after) "done".
struct Step {
    std::string id;  // "engraved"
    /// Who is charged from then on: "agency", or "performer" for the one in notes.performer ("maker:M3701001").
    std::string holder_after = "agency";
    /// Whether the performer may report it in its own workbench (a seal maker does not file with the police).
    bool by_performer = false;
};

/// What a matter's own steps may use. They run inside the transaction of their cause.
struct StepInput {
    db::Transaction& tx;
    const MatterInput& matter;
    const progress::Recorder& recorder;
    const std::string& track;
    /// Fresh, for rows that the step makes.
    const std::string& id;
};

/// If `step` has not been reported these working minutes after the track became due, `act` is asked; it may write new
/// notes, and then the message goes out again as a new version.
struct Silence {
    std::int64_t minutes = 0;  // 0: never.
    std::string step;
    std::function<Result<std::optional<json::object>>(const StepInput&)> act;
};

/// A matter (事项): one thing that one agency does for a case. The engine knows no agency by name; adding one
/// touches one folder under departments/.
struct Matter {
    std::string id;       // "human_resources/social_insurance"
    std::string agency;   // "human_resources": key of the connection and of officers' grants
    int stage = 0;        // 1, 2; 0 beside the promise
    /// What must have happened: "submission", "licence", "kit", or matter ids (done), or "<matter>:<step>" (a step reported).
    std::vector<std::string> starts_after;
    /// Further prerequisites by the case's facts; may be empty.
    std::function<std::vector<std::string>(const MatterInput&)> starts_after_also = {};
    std::string limit;    // Row of the limits dataset; empty: no limit on the case.
    /// Licence facts that it may receive: "uscc", "name", "type", "person", "capital", "address", "scope", "date", "certificate".
    std::vector<std::string> licence_fields;
    /// Paths of the form that it may receive; build_facts and build_people see nothing else (I23).
    std::vector<std::string> fact_paths;
    application::FormPart form = {};   // Empty sections: nothing to ask.
    std::function<Applicability(const MatterInput&)> applies;
    /// Whether the applicant may close it; without it never.
    std::function<bool(const MatterInput&)> may_close = {};
    /// `facts` and `people` of the message (model.md section 5).
    std::function<json::object(const MatterInput&)> build_facts;
    std::function<json::array(const MatterInput&)> build_people;
    /// Checks the typed result of a "done" answer strictly; refused → the answer is not taken and a person is told.
    std::function<Result<MatterResult>(const MatterInput&, const json::object& result)> read_result;
    /// Steps that may be reported before "done", in order, and those that may come later (an account number).
    std::vector<Step> steps = {};
    std::vector<Step> late_steps = {};
    /// Checks the result of a step; what it gives is shown to the applicant. Needed where there are steps.
    std::function<Result<json::object>(const MatterInput&, const std::string& step, const json::object& result)> read_step = {};
    /// Published reason codes for needs_data and rejected: code → article. Anything else is refused (J1, policy 三).
    std::vector<std::pair<std::string, std::string>> reason_codes;

    /// At submission, for tracks that apply; gives the track's notes (a slot is booked here).
    std::function<Result<json::object>(const StepInput&)> at_opening = {};
    /// When the track becomes due; gives notes that are added (a maker is chosen here).
    std::function<Result<json::object>(const StepInput&)> at_due = {};
    /// When the track has ended, done or not (a booking is given back, a maker's order is closed).
    std::function<Result<>(const StepInput&, bool done)> at_end = {};
    Silence silence = {};
    /// Kinds of events of the matter's own tables.
    std::function<void(progress::EventKinds&)> register_events = {};
    /// Routes of its own (free slots, dispatch ledger).
    std::function<void(api::Router&, const application::Application&)> add_routes = {};
    /// Kinds of kit items that its result will bring, by the case's facts.
    std::function<std::vector<std::string>(const MatterInput&)> expected_items = {};
};

/// "tax/new_taxpayer" -> "matter.tax.new_taxpayer": prefix of its texts (".title", ".step.<step>", ".reason.<code>",
/// ".result.<name>").
std::string TextPrefix(const Matter& matter);

}  // namespace onewindow::exchange
