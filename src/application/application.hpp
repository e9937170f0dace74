#pragma once

#include <optional>

#include "application/entity_type.hpp"
#include "forms/forms.hpp"
#include "kernel/api/api.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/files/files.hpp"
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
    std::string county;         // Of the premises; chosen when the case is opened.
    std::string authority;      // Registration authority by routing (type × place × owner).
    std::string account;        // Who files it,
    std::string person;         // and the verified person behind the account.
    std::string policy_version; // The reference versions that it started with.
    State state = State::kDrafting;
    bool frozen = false;
    std::int64_t version = 0;   // Of the row; the ETag.
    std::int64_t revision = 0;  // Of the form.
    Instant opened_at;
    std::optional<Instant> submitted_at, licensed_at, completed_at;
    bool human_review_wanted = false;  // "请人工审查" (PIPL 24)
    bool auto_submit = true;           // Submit by itself after the last signature.
    std::string business_name;         // As held; empty before the hold and where there is none.
    std::string name_hold;             // Id of the hold.
    std::optional<Instant> name_hold_until;
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
    std::string blob;    // Name in the blob store; the bytes there are sealed (place "application_paper:<name of case>").
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
    files::BlobStore blobs;
    const naming::NameTables& name_tables;
    naming::Examiner& examiner;
};

struct PaperList;

/// Founders are told these days before the last day of a hold (domain.md J2.6).
inline constexpr int kHoldWarningDays[] = {14, 7, 1};

class Application {
   public:
    explicit Application(Deps deps);

    const EntityType* FindEntityType(std::string_view id) const;
    const std::vector<EntityType>& entity_types() const { return deps_.entity_types; }
    /// The whole form of an entity type: its own sections and those of all matters that apply.
    forms::Form FormOf(const EntityType& type) const;

    /// Locks the row for the rest of the transaction and reads it; refused with kNoCase.
    Result<Case> Lock(db::Transaction& tx, const CaseId& id) const;
    Result<Case> Find(db::Transaction& tx, const CaseId& id) const;
    Result<Case> FindByNumber(db::Transaction& tx, std::string_view number) const;
    Result<std::vector<Case>> CasesOf(db::Transaction& tx, std::string_view person) const;
    Result<CaseView> View(db::Transaction& tx, const CaseId& id) const;
    /// Refused unless the edge exists and the case is not frozen; records "application.state_changed".
    Result<> Move(db::Transaction& tx, Case& the_case, State to, std::string_view actor, json::object data = {}) const;
    /// A new revision of the form; records "application.saved".
    Result<> SaveFacts(db::Transaction& tx, Case& the_case, const json::object& facts, std::string_view actor) const;
    /// Identity complaint or court: nothing moves and nothing is pushed until it is lifted.
    Result<> Freeze(db::Transaction& tx, const CaseId& id, bool frozen, std::string_view reason, std::string_view actor) const;
    /// Gives the case's name up: its running hold, or the name that a grant registered and no licence came of. Without a
    /// name nothing happens.
    Result<> ReleaseName(db::Transaction& tx, Case& the_case) const;
    /// A person (id) who has a part: "co_founder" may edit, "signatory" may see.
    Result<> AddMember(db::Transaction& tx, const CaseId& id, std::string_view person, std::string_view capacity) const;

    /// The reference data and time that rules look at; of the policy version that the case started with.
    struct Ground {
        reference::SnapshotPointer snapshot;
        Context context;
    };
    Result<Ground> GroundOf(db::Transaction& tx, const Case& the_case) const;
    /// In force today; for what belongs to no case yet.
    Result<Ground> GroundNow(db::Transaction& tx) const;
    /// Everything wrong with completed facts, shape and rules, all at once, sorted by field and reason.
    std::vector<Fault> Check(const Ground& ground, const Case& the_case, const json::object& facts, bool complete) const;
    /// Facts with defaults and derived values.
    json::object Completed(const Ground& ground, const Case& the_case, json::object facts) const;
    /// Papers of the current revision, as made when signing began.
    Result<std::vector<Paper>> Papers(db::Transaction& tx, const CaseId& id) const;
    /// PDF bytes of a paper.
    Result<std::string> PaperBytes(const CaseId& id, const Paper& paper) const;
    /// Owner, member, or by office; refused with kNoCase, since who may not see may not know.
    Result<> MaySee(db::Transaction& tx, const auth::Principal& principal, const Case& the_case) const;
    Result<> MayEdit(db::Transaction& tx, const auth::Principal& principal, const Case& the_case) const;
    /// Re-runs every check and submits; for the owner's command and for the last signature.
    Result<> Submit(db::Transaction& tx, Case& the_case, std::string_view actor) const;

    /// What the naming room needs to examine names by a case's reference data. The regions must outlive the use.
    naming::NamingContext NamingOf(const Ground& ground, const naming::RegionNames& regions) const;
    static std::shared_ptr<const naming::RegionNames> RegionsOf(const Ground& ground);
    /// How a case asks for its name.
    naming::NameRequest NameRequestOf(const Ground& ground, const Case& the_case, const json::object& facts) const;

    /// Has this person been verified here? Asked before somebody lets them into a case.
    std::function<Result<bool>(db::Transaction&, const std::string& person)> is_person;
    /// Called with the case in kSigning when the papers stand, inside the transaction; the signing room opens its board.
    std::function<Result<>(db::Transaction&, const CaseView&, const std::vector<Paper>&)> on_signing;
    /// Is every required signature there? Asked before a submission.
    std::function<Result<bool>(db::Transaction&, const CaseId&)> is_signed;
    /// Called when the case has become submitted, inside the transaction.
    std::function<Result<>(db::Transaction&, const CaseView&)> on_submitted;
    /// Called when the founders withdraw, inside the transaction: holds are released, boards closed.
    std::function<Result<>(db::Transaction&, const CaseView&)> on_withdrawn;

    /// Called in a transaction some days before a hold ends (kHoldWarningDays), and with 0 when it has ended.
    std::function<Result<>(db::Transaction&, const Case&, int days_left)> on_hold_ending;

    /// "application.holds": ends holds whose time is over and tells their founders before.
    void RegisterJobs(jobs::Runner& runner) const;
    /// Orders what runs again and again; in every start's transaction.
    Result<> OrderRecurringJobs(db::Transaction& tx) const;

    /// The answer of `name check`, for anybody who asks.
    Result<json::object> ExamineName(db::Transaction& tx, const std::string& name, const std::string& county,
                                     const std::string& entity_type, messages::Language language) const;
    void AddRoutes(api::Router& router);
    const Deps& deps() const { return deps_; }

   private:
    /// Renders the papers of completed facts and stores their sealed bytes; slow, outside transactions.
    Result<std::vector<Paper>> MakePapers(const Ground& ground, const Case& the_case, const json::object& facts) const;
    /// Holds the name of the form for the case; nothing where there is none (个体工商户 may go without).
    /// The case of a call about its name, locked: its own people's, still editable, not frozen.
    Result<Case> LockDraft(db::Transaction& tx, api::Call& call) const;
    Result<> HoldName(db::Transaction& tx, const Ground& ground, Case& the_case, const json::object& facts) const;
    Result<> ForgetName(db::Transaction& tx, Case& the_case, std::string_view cause) const;
    Result<> WatchHolds() const;
    Result<> WatchHold(db::Transaction& tx, const CaseId& id) const;
    Result<> SetFlags(db::Transaction& tx, const CaseId& id, bool human_review, bool auto_submit, const std::string& actor) const;
    Result<> CheckRoute(const reference::Snapshot& reference, const std::string& entity_type, const std::string& county,
                        reference::Authority& authority) const;
    Result<PaperList> BeginSigning(api::Call& call, bool submit_by_itself);
    void AddNameRoutes(api::Router& router);
    void AddFormRoutes(api::Router& router);
    void AddCaseRoutes(api::Router& router);
    void AddStepRoutes(api::Router& router);
    void AddPaperRoutes(api::Router& router);

    Deps deps_;
};

/// All cases, those with a licence, those complete.
struct CaseCounts {
    std::int64_t cases = 0, licensed = 0, complete = 0;
};
Result<CaseCounts> CountCases(db::Transaction& tx);

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::application
