#pragma once

#include <string>
#include <vector>

#include "exchange/matter.hpp"

// Which maker gets an order, and the ledger of orders.
namespace onewindow::departments::public_security::seals {

/// A maker as the rule sees it at the moment of the decision.
struct MakerLoad {
    std::string id, district;
    std::int64_t open = 0;      // Orders not yet ended.
    std::int64_t capacity = 0;  // Seal sets a working day; without capacity it gets nothing.
    std::int64_t score = 0;     // 0–100
};

/// The fair rule: makers of the case's district first, then the fewest open orders for their capacity, then the better
/// score; of equals the one with the smallest SM3 of "<seed>:<id>", so that no name is preferred. Empty where nobody can
/// take it. Pure.
std::string DecideMaker(const std::vector<MakerLoad>& makers, std::string_view district, std::string_view seed);

/// The basis of a decision as it stands in the ledger, and back.
json::array WriteBasis(const std::vector<MakerLoad>& makers);
std::vector<MakerLoad> ReadBasis(const json::array& basis);

/// Orders the seals: the maker that the founder chose, else the rule's. Gives the track's notes; without any maker they are
/// empty and the police name one.
Result<json::object> OrderSeals(const exchange::StepInput& step);
/// The maker is silent: another one, never one that had the order before. Nothing where the founder chose the maker or
/// nobody else is left.
Result<std::optional<json::object>> OrderAgain(const exchange::StepInput& step);
/// Ends the open order of the track, if there is one.
Result<> EndOrder(const exchange::StepInput& step, std::string_view state);

void RegisterEvents(progress::EventKinds& kinds);
/// GET /api/v1/seal-dispatches: every order of a city's day with what its maker was decided on, for everybody to decide
/// again. Names no case and no person.
void AddRoutes(api::Router& router, const application::Application& application);

}  // namespace onewindow::departments::public_security::seals
