#pragma once

#include "application/application.hpp"
#include "licence/licence.hpp"
#include "review/rules.hpp"

// Review (R1–R3): numbered rules with article, inputs, result, version; smart approval; registrar's
// queue and decision.
namespace onewindow::review {

using application::CaseId;

/// One registrar's look at one case. `kind`: decision, or recheck of an automatic grant.
struct Task {
    std::string id;
    CaseId case_id;
    std::string kind, authority, county, rules, state, preferred, officer;
    std::optional<Instant> locked_until;
    Instant referred_at;
};

/// An examination as stored: findings, and what they rest on.
struct Examination {
    std::string id, policy_version, pack_version, basis_sm3, outcome;
    std::int64_t revision = 0;
    json::object facts;
    Materials materials;
    std::vector<Finding> findings;
};

/// Automatic grants of which a human looks at afterwards (domain.md J1.2).
inline constexpr int kRecheckPercent = 2;
/// How long a dealt case stays an officer's without a decision.
inline constexpr std::chrono::minutes kLockTime{30};
/// How long a resubmitted case waits for the officer who returned it.
inline constexpr std::chrono::minutes kPreferredTime{60};

/// Automatic approval is off for a rule ("R012": that rule is not trusted, so nothing is granted by the machine), a
/// type or a place (prefix of a division); cases then go to people, never worse.
struct Switch {
    std::string id;
    std::string scope;  // rule | type | place
    std::string value;
    Instant from;
    std::optional<Instant> until;
    std::string reason, decided_by;
    std::string lifted_by, lifted_reason;  // Empty while it holds or when it ended by itself.
};

class Review {
 public:
    struct Deps {
        application::Application& application;
        licence::Licences& licences;
        /// Signing::Verify: from the stored bytes, every signature, and every identity check's
        /// freshness at the signing (I16); empty if all is well. Asked outside writes.
        std::function<Result<std::vector<Fault>>(db::Transaction&, const CaseId&)> verify;
        CrashPoints& crash;
        int recheck_percent = kRecheckPercent;
    };
    explicit Review(Deps deps);

    /// Orders the examination and gives the clocks back to the authority; in the transaction of the
    /// submission.
    Result<> Order(db::Transaction& tx, const application::CaseView& view) const;
    /// The grant came back on the day of issue (Licences::on_recalled): a registrar has to look.
    Result<> Refer(db::Transaction& tx, const application::CaseView& view,
                   const std::vector<Fault>& faults) const;

    /// The founders withdrew: nobody is dealt the case any more; for Application::on_withdrawn.
    Result<> Withdraw(db::Transaction& tx, const CaseId& case_id) const;

    void RegisterJobs(jobs::Runner& runner);  // review.examine
    void AddRoutes(
        api::Router& router);  // queue, deal, case file, decide, notice, re-run, unmask, catalogue

    /// What rules look at beside the facts, as of now. Slow; in a reading transaction.
    Result<Materials> Gather(db::Transaction& tx, const application::CaseView& view) const;
    /// The newest examination of a case; kNotExamined.
    Result<Examination> LastExamination(db::Transaction& tx, const CaseId& case_id) const;
    /// Runs today's rules over what an examination rested on; equal findings mean that it still
    /// stands.
    Result<std::vector<Finding>> Rerun(db::Transaction& tx, const CaseId& case_id,
                                       const Examination& examination) const;

    /// The system deals: the oldest free task of the officer's authorities, never one of his own;
    /// kNoTask. Asked again while he holds one he gets that one.
    Result<Task> Deal(db::Transaction& tx, const auth::Principal& officer) const;

    /// Takes effect at once: an event with a timeline of its own. Refused with kSwitchScope, kPurposeMissing,
    /// kSwitchPast.
    Result<Switch> SwitchOff(db::Transaction& tx, const auth::Principal& by, Switch wanted) const;
    /// Lets the machine grant again, by another person in the other of the two roles than the one who switched off;
    /// kNoSwitch, kSwitchEnded, kSecondPerson.
    Result<Switch> LiftSwitch(db::Transaction& tx, const auth::Principal& by, const std::string& id,
                              const std::string& reason) const;

    struct Decision {
        std::string kind;  // grant | return | refuse
        struct Item {
            std::string field, code;
        };
        std::vector<Item> reasons;
        std::string note;
    };
    /// By the officer who holds the case. Refused before anything changes.
    Result<> Decide(db::Transaction& tx, const auth::Principal& officer, const CaseId& case_id,
                    const Decision& decision) const;

 private:
    struct Made;
    jobs::Outcome Examine(const jobs::Job& job) const;
    Result<Made> Make(const CaseId& case_id) const;
    Result<> Store(db::Transaction& tx, const jobs::Job& job, const Made& made, bool drawn) const;
    Result<> OpenTask(db::Transaction& tx, const application::Case& the_case, std::string_view kind,
                      json::array rules, std::string_view event, std::string preferred = {}) const;
    Result<> CheckConflict(db::Transaction& tx, const auth::Principal& officer,
                           const application::CaseView& view) const;
    Result<> DecideGrant(db::Transaction& tx, const auth::Principal& officer, const Task& task,
                         const application::CaseView& view) const;
    Result<> DecideReturn(db::Transaction& tx, const auth::Principal& officer, const Task& task,
                          application::CaseView& view, const Decision& decision) const;
    Result<> DecideRefusal(db::Transaction& tx, const auth::Principal& officer, const Task& task,
                           application::CaseView& view, const Decision& decision) const;
    Result<> CloseRecheck(db::Transaction& tx, const auth::Principal& officer, const Task& task,
                          const Decision& decision) const;
    Result<> Charge(db::Transaction& tx, const CaseId& case_id, std::string_view holder,
                    bool counts, std::string_view reason) const;
    Result<> StopClocks(db::Transaction& tx, const CaseId& case_id) const;
    Result<std::string> Seal(const std::string& id, const json::object& facts,
                             const Materials& materials) const;
    Result<Examination> ReadExamination(db::Transaction& tx, const db::Row& row) const;
    void AddQueueRoutes(api::Router& router);
    void AddFileRoutes(api::Router& router);
    void AddRecordRoutes(api::Router& router);
    void AddDecisionRoutes(api::Router& router);
    void AddRuleRoutes(api::Router& router);
    void AddSwitchRoutes(api::Router& router);
    void AddRecheckRoute(api::Router& router);

    Deps deps_;
};

/// Somebody on an imported list (失信, 三年禁止, 公司法 178); the lists are empty until an operator
/// imports them.
struct ListEntry {
    std::string kind;  // dishonest | false_registration | disqualified
    std::string id_number;
    std::optional<Instant> until;
    std::string source;
};
Result<> PutListEntry(db::Transaction& tx, const api::Services& services, const ListEntry& entry);

/// Who an officer is, so that nobody decides about himself.
Result<> NameOfficer(db::Transaction& tx, const api::Services& services, std::string_view account,
                     std::string_view id_number);

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::review
