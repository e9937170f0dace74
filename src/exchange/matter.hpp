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
    const application::CaseView& view;
    const licence::LicenceFacts* licence = nullptr;  // Absent before the licence (bank booking).
    const application::Context& context;
};

/// What an accepted answer means for the case.
struct MatterResult {
    std::string number;                     // The agency's own number, shown to the applicant.
    json::object shown;                     // Further results for the applicant: "insured_people", "invoice_mode", …
    std::vector<handover::ItemMade> items;  // Things that came into being: seals, invoices, device.
};

/// A matter (事项): one thing that one agency does for a case. The engine knows no agency by name; adding one
/// touches one folder under departments/.
struct Matter {
    std::string id;       // "human_resources/social_insurance"
    std::string agency;   // "human_resources": key of the connection and of officers' grants
    int stage = 0;        // 1, 2; 0 beside the promise
    /// What must have happened: "submission", "licence", or matter ids (done), or "<matter>:<step>" (a step reported).
    std::vector<std::string> starts_after;
    std::string limit;    // Row of the limits dataset; empty: no limit on the case.
    /// Paths of the licence facts that it may receive: "uscc", "name", "type", "person", "capital", "address", "scope", "date", "certificate".
    std::vector<std::string> licence_fields;
    /// Paths of the form that it may receive, for FieldsAllowed checks (I23).
    std::vector<std::string> fact_paths;
    application::FormPart form = {};   // Empty sections: nothing to ask.
    std::function<Applicability(const MatterInput&)> applies;
    /// `facts` and `people` of the message (model.md section 5).
    std::function<json::object(const MatterInput&)> build_facts;
    std::function<json::array(const MatterInput&)> build_people;
    /// Checks the typed result of a "done" answer strictly; refused → the answer is not taken and a person is told.
    std::function<Result<MatterResult>(const MatterInput&, const json::object& result)> read_result;
    /// Steps that may be reported before "done", in order, each charged to a holder ("engraved", "filed", "delivered").
    std::vector<std::string> steps = {};
    /// Published reason codes for needs_data and rejected: code → article. Anything else is refused (J1, policy 三).
    std::vector<std::pair<std::string, std::string>> reason_codes;
};

}  // namespace onewindow::exchange
