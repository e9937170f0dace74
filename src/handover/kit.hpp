#pragma once

#include "handover/handover.hpp"

// The room's rules without a database: recipes, destinations, what counts as delivered. Pure.
namespace onewindow::handover {

inline constexpr std::string_view kPost = "post";

/// What a recipe rests on.
struct RecipeFacts {
    bool seals_taken = true;  // Refusing the free set is possible (domain.md J23).
    bool name_seal = true;  // Somebody stands for the business, whose name seal belongs to the set.
    reference::InvoiceMode invoices = reference::InvoiceMode::kDigital;
};

std::vector<std::string> RecipeOf(const RecipeFacts& facts);

/// A code alone opens only harmless items; all others need the receiver's identity (domain.md J26).
bool IsHarmless(std::string_view kind);
bool IsLicence(std::string_view kind);
bool IsSeal(std::string_view kind);

/// Where a thing goes and whose window scans it in. `hall` of a posted one is the dispatching hall.
struct Way {
    std::string destination;  // "hall:H370102" or "post"
    std::string hall;
};

/// The halls of a case: `chosen` by the applicant (any in the province), `own` of the authority.
struct Halls {
    std::string chosen, own;
};

/// By the form's delivery section: the seals may be posted while the rest is picked up.
Way WayOf(const json::object& facts, const Halls& halls, std::string_view kind);
/// Refused with kNoHall where neither the authority nor its city has one.
Result<Halls> HallsOf(const reference::Snapshot& reference, const application::Case& the_case,
                      const json::object& facts);
/// Who has to make a thing, until somebody says more exactly.
std::string MakerOf(std::string_view kind, std::string_view hall);

/// At its destination's window, handed over, or accepted by the courier.
bool IsDelivered(const Kit::Item& item);
const Kit::Item* FindItem(const Kit& kit, std::string_view kind);
std::string ItemCode(std::string_view case_number, std::string_view kind);
/// As the applicant may type it: "k7-3 mx9" is "K73MX9".
std::string NormalisePickUpCode(std::string_view text);

/// Key in people[] of whoever may get seals, device and licence.
std::string ReceiverOf(const json::object& facts);

}  // namespace onewindow::handover
