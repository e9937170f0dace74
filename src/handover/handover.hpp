#pragma once

#include "application/application.hpp"

// The unified window: kits, items, scanning in, pick-up, courier (H1, H2).
namespace onewindow::handover {

using application::CaseId;

/// A thing that an agency, a maker or a printer has made for a case.
struct ItemMade {
    std::string kind;    // "licence_original", "licence_duplicate", "seal_company", "seal_finance", "seal_invoice", "seal_person",
                         // "invoices", "tax_device", "policy_pack"
    std::string number;  // Serial, seal number, blank number; empty where there is none.
};

struct Kit {
    CaseId case_id;
    std::string state;   // open | complete | handed_over
    std::string hall;
    struct Item {
        std::string kind, number, state, place, holder, destination;  // state: expected|made|at_window|handed_over|lost|returned
    };
    std::vector<Item> items;
};

class Handover {
   public:
    struct Deps {
        application::Application& application;
    };
    explicit Handover(Deps deps);

    /// Expected items by entity type and modes, each with its destination from the form. At the licence.
    Result<> OpenKit(db::Transaction& tx, const application::CaseView& view, const std::vector<std::string>& kinds) const;
    /// An expected item came into being; a kind that is not expected is added.
    Result<> Made(db::Transaction& tx, const CaseId& case_id, const ItemMade& item) const;
    Result<std::optional<Kit>> Read(db::Transaction& tx, const CaseId& case_id) const;
    Result<bool> IsComplete(db::Transaction& tx, const CaseId& case_id) const;

    void AddRoutes(api::Router& router);  // scan in, list of a hall, pick-up, courier
    /// Called in the transaction in which the kit becomes complete at its windows (or accepted by the courier).
    std::function<Result<>(db::Transaction&, const CaseId&)> on_complete;

   private:
    Deps deps_;
};

void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::handover
