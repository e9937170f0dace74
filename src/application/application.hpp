#pragma once

#include <optional>

#include "application/entity_type.hpp"
#include "forms/forms.hpp"
#include "kernel/api/api.hpp"
#include "kernel/jobs/jobs.hpp"
#include "naming/naming.hpp"
#include "progress/clocks.hpp"
#include "reference/reference.hpp"

// The case: one opening from draft to complete; the form's facts and revisions; the papers made from them.
namespace onewindow::application {

using progress::CaseId;

enum class State {
    kDrafting, kSigning, kSubmitted, kReviewing, kReturned, kRefused, kWithdrawn, kExpired,
    kLicensed, kCompleting, kComplete, kCompleteWithOpenMatters,
};
BOOST_DESCRIBE_ENUM(State, kDrafting, kSigning, kSubmitted, kReviewing, kReturned, kRefused, kWithdrawn, kExpired,
                    kLicensed, kCompleting, kComplete, kCompleteWithOpenMatters)

/// May the case go from one state to another? The edges of model.md section 2.
bool IsEdge(State from, State to);

struct Case {
    CaseId id;
    std::string number;         // 申报号
    std::string entity_type;
    std::string authority;      // Registration authority by routing; empty until the address is known.
    std::string account;        // Who files it.
    std::string policy_version; // The reference versions that it started with.
    State state = State::kDrafting;
    bool frozen = false;
    std::int64_t version = 0;   // Of the row; the ETag.
    std::int64_t revision = 0;  // Of the form.
    std::optional<Instant> submitted_at, licensed_at, completed_at;
    bool human_review_wanted = false;
};

/// A case with its facts, as other rooms see it. Facts are unmasked: for rules, papers and messages, never for answers.
struct CaseView {
    Case the_case;
    json::object facts;
};

struct Paper {
    std::string id;      // "articles"
    std::string title;
    std::string data_sm3, rendering_sm3;  // Hex; of the canonical data and of the PDF.
    std::string blob;    // Name in the blob store.
    std::string text;    // The same text that the PDF shows.
};

/// A part of the one form: an entity type's own or a matter's.
struct FormPart {
    std::string id;
    std::vector<forms::Section> sections;
    std::function<bool(const std::string& entity_type)> applies;
    std::function<void(const Context&, json::object& facts)> derive;
    std::function<void(const Context&, const json::object& facts, std::vector<Fault>& faults)> check;
};

/// What the room needs; made once at start.
struct Deps {
    api::Services& services;
    const reference::Store& reference;
    const progress::Recorder& recorder;
    const progress::Clocks& clocks;
    std::vector<EntityType> entity_types;
    std::vector<FormPart> matter_parts;
};

class Application {
   public:
    explicit Application(Deps deps);

    const EntityType* FindEntityType(std::string_view id) const;
    const std::vector<EntityType>& entity_types() const { return deps_.entity_types; }
    /// The whole form of an entity type: its own sections and those of all matters that apply.
    forms::Form FormOf(const EntityType& type) const;
    Context ContextOf(const reference::Snapshot& snapshot) const;

    /// Locks the row (version + 1) and reads it; refused with kNotFound.
    Result<Case> Lock(db::Transaction& tx, const CaseId& id) const;
    Result<Case> Find(db::Transaction& tx, const CaseId& id) const;
    Result<CaseView> View(db::Transaction& tx, const CaseId& id) const;
    /// Refused unless the edge exists and the case is not frozen; records "application.state_changed".
    Result<> Move(db::Transaction& tx, Case& the_case, State to, std::string_view actor, json::object data = {}) const;
    /// Everything wrong with the facts, shape and rules, all at once.
    std::vector<Fault> Check(const Case& the_case, const json::object& facts) const;
    /// Facts with defaults and derived values.
    json::object Completed(const Case& the_case, json::object facts) const;
    /// Papers of the current revision, as made when signing began.
    Result<std::vector<Paper>> Papers(db::Transaction& tx, const CaseId& id) const;
    /// May this principal see the case as its own (owner, co-founder, signatory), or by office?
    Result<> MaySee(db::Transaction& tx, const auth::Principal& principal, const Case& the_case) const;

    /// Called with the case in kSigning when the papers stand, inside the transaction; the signing room opens its board.
    std::function<Result<>(db::Transaction&, const CaseView&, const std::vector<Paper>&)> on_signing;
    /// Called when the case becomes submitted, inside the transaction.
    std::function<Result<>(db::Transaction&, const CaseView&)> on_submitted;

    void AddRoutes(api::Router& router);
    const Deps& deps() const { return deps_; }

   private:
    Deps deps_;
};

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::application
