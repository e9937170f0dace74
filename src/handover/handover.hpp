#pragma once

#include "application/application.hpp"

// The unified window: kits, items, scanning in, pick-up, courier (H1, H2), paper licences, policy
// pack (D8).
namespace onewindow::handover {

using application::CaseId;

/// A thing that an agency, a maker or a printer has made for a case.
struct ItemMade {
    std::string kind;         // One of ItemKinds().
    std::string number;       // Serial, seal number, blank number; empty where there is none.
    std::string holder = {};  // Who has it: "maker:M0012", "agency:tax"; empty: by its kind.
};

/// "licence_original", "licence_duplicate", "seal_company", "seal_finance", "seal_invoice",
/// "seal_person", "invoices", "tax_device", "policy_pack".
const std::vector<std::string>& ItemKinds();

/// What one applicant gets.
struct Kit {
    CaseId case_id;
    std::string state;  // open | complete | handed_over
    std::string hall;   // Where it is picked up, or dispatched if all of it is posted.
    struct Item {
        std::string kind, number, state, place, holder,
            destination;  // state: expected|made|at_window|handed_over|lost|returned
        std::string hall =
            {};  // Whose window scans it in: the one of its destination, or the dispatching one.
        std::string code = {};    // "<case number>-<kind>", as printed on the thing.
        std::string parcel = {};  // Label of its parcel.
        std::string made_by = {};
        Instant since = {};  // In its state.
    };
    std::vector<Item> items;
    std::string case_number = {}, business_name = {}, authority = {};
    std::vector<std::string> policies = {};  // Ids of the policy pack, as chosen at the licence.
    std::int64_t parcels = 0;                // Labels made so far.
    std::optional<Instant> completed_at = {};
};

/// What stands on a paper licence, from the licence room.
struct PrintedLicence {
    std::string uscc, name;
};

/// Empty forms for paper licences that a hall received: `count` of them, numbered prefix + 8 digits
/// from `from`.
struct BlankBlock {
    std::string hall;
    std::string prefix;
    std::int64_t from = 0, count = 0;
};

struct Window;
struct ScanAnswer;
struct PickUpRequest;
struct PickUpAnswer;
struct LabelAnswer;
struct PrintAnswer;

/// After so many days at a window a thing counts as unclaimed, and is chased.
inline constexpr int kUnclaimedDays = 15;

class Handover {
 public:
    struct Deps {
        application::Application& application;
    };
    explicit Handover(Deps deps);

    /// The whole recipe by the entity type, the form and the invoice mode in force: both copies of
    /// the licence, the seals (unless the set was refused), invoices and device in tax-control mode
    /// only, the policy pack.
    Result<std::vector<std::string>> Recipe(db::Transaction& tx,
                                            const application::CaseView& view) const;
    /// Opens the kit at the licence: what is expected, each thing with its destination from the
    /// form; the pick-up code; the policy pack, which is made at once. `kinds` is what others will
    /// make (Recipe, or what the open matters announce); both copies of the licence and the policy
    /// pack belong to every kit. Refused with kKitExists.
    Result<> OpenKit(db::Transaction& tx, const application::CaseView& view,
                     const std::vector<std::string>& kinds) const;
    /// An expected item came into being; a kind that is not expected is added. Safe to repeat with
    /// the same number; another number is a correction until the thing lies at the window, then it
    /// is refused (kAlreadyMade). A lost or returned item is replaced.
    Result<> Made(db::Transaction& tx, const CaseId& case_id, const ItemMade& item) const;
    /// Nothing before the licence.
    Result<std::optional<Kit>> Read(db::Transaction& tx, const CaseId& case_id) const;
    /// Does every item lie at its destination's window, or was it handed over or accepted by the
    /// courier? No without a kit.
    Result<bool> IsComplete(db::Transaction& tx, const CaseId& case_id) const;
    /// The courier's acceptance scan of the case's labelled parcel. Safe to repeat with the same
    /// tracking number; refused with kNoParcel.
    Result<> CourierAccepted(db::Transaction& tx, const CaseId& case_id, std::string_view tracking,
                             std::string_view courier = {}) const;
    /// Blanks arrive at a hall; refused with kBlankKnown if one of them was received before, or
    /// kBlankBlock.
    Result<> AddBlanks(db::Transaction& tx, const BlankBlock& block, std::string_view by) const;

    /// Windows (scan, pick-up, label, print, blanks, lists), the applicant's kit and policy pack.
    void AddRoutes(api::Router& router);
    /// "handover.unclaimed": chases things that nobody has fetched.
    void RegisterJobs(jobs::Runner& runner) const;
    /// Orders what runs again and again; in every start's transaction.
    Result<> OrderRecurringJobs(db::Transaction& tx) const;

    /// Called in the transaction in which the kit becomes complete at its windows (or accepted by
    /// the courier); again when a lost, returned or added item has come, so look at the case's
    /// state.
    std::function<Result<>(db::Transaction&, const CaseId&)> on_complete;
    /// Called in the transaction in which a parcel got its label: it waits for the courier. Again
    /// for a further parcel.
    std::function<Result<>(db::Transaction&, const CaseId&)> on_ready_for_post;
    /// Called for a case of which things have waited at a window for `days` days, each time that kUnclaimedDays have
    /// passed again; may be called twice with the same days.
    std::function<Result<>(db::Transaction&, const CaseId&, const std::string& hall, int days)> on_unclaimed;
    /// The issued licence, for printing; nothing before it is issued.
    std::function<Result<std::optional<PrintedLicence>>(db::Transaction&, const CaseId&)>
        licence_of;
    /// PDF of a copy, "original" or "duplicate".
    std::function<Result<std::string>(const CaseId&, std::string_view copy)> licence_pdf;

 private:
    api::Services& services() const { return deps_.application.deps().services; }
    Result<> Record(db::Transaction& tx, const CaseId& case_id, progress::Event event) const;
    /// Records that the kit has become complete, if it was not before.
    Result<> Settle(db::Transaction& tx, const Kit& before, const std::string& actor) const;
    Result<Kit> LockKit(db::Transaction& tx, const CaseId& case_id, bool refuse_frozen) const;
    Result<Kit> LockKitByNumber(db::Transaction& tx, std::string_view case_number,
                                bool refuse_frozen) const;
    Result<std::string> CodeOf(db::Transaction& tx, const CaseId& case_id) const;
    /// The item that a scanner read, with its kit locked; at the clerk's hall only.
    Result<std::pair<Kit, Kit::Item>> Scanned(db::Transaction& tx, const Window& window,
                                              std::string_view code) const;

    Result<> ChaseUnclaimed() const;
    Result<Window> OwnWindow(db::Transaction& tx, api::Call& call) const;
    Result<ScanAnswer> ScanIn(db::Transaction& tx, const Window& window,
                              std::string_view code) const;
    Result<PickUpAnswer> PickUp(db::Transaction& tx, const Window& window,
                                const PickUpRequest& request) const;
    Result<> CheckIdentity(db::Transaction& tx, const Kit& kit, const PickUpRequest& request) const;
    Result<LabelAnswer> Label(db::Transaction& tx, const Window& window,
                              std::string_view case_number) const;
    Result<ScanAnswer> Lose(db::Transaction& tx, const Window& window, std::string_view code,
                            std::string_view reason) const;
    Result<ScanAnswer> Return(db::Transaction& tx, const Window& window, std::string_view code,
                              std::string_view reason) const;
    Result<PrintAnswer> Print(db::Transaction& tx, const Window& window,
                              std::string_view case_number,
                              const std::optional<std::string>& copy) const;

    void AddWindowRoutes(api::Router& router);
    void AddTroubleRoutes(api::Router& router);
    void AddListRoutes(api::Router& router);
    void AddBlankRoutes(api::Router& router);
    void AddCaseRoutes(api::Router& router);

    Deps deps_;
};

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::handover
