#include <algorithm>
#include <set>
#include <span>

#include "guide/guide.hpp"
#include "guide/texts.hpp"

// The questions. Their answers come from the kinds of business and the routing table.
namespace onewindow::guide {
namespace {

/// Founders that most people are, first; others follow by name.
constexpr std::string_view kUsual[] = {"alone", "together", "organisation", "company", "farmers"};
constexpr std::string_view kUsualLiability[] = {"limited", "unlimited", "mixed", "household"};

std::vector<std::string> Ordered(const std::set<std::string>& found,
                                 std::span<const std::string_view> usual) {
    std::vector<std::string> ids;
    for (const std::string_view id : usual) {
        if (found.contains(std::string(id))) ids.emplace_back(id);
    }
    for (const std::string& id : found) {
        if (std::find(usual.begin(), usual.end(), id) == usual.end()) ids.push_back(id);
    }
    return ids;
}

Question Ask(const messages::Messages& texts, std::string id, QuestionKind kind, bool required) {
    const std::string key = "guide.question." + id;
    return {.id = std::move(id),
            .kind = kind,
            .required = required,
            .text = Both(texts, key),
            .hint = Both(texts, key + ".hint"),
            .choices = {},
            .lookup = {}};
}

}  // namespace

bool Guide::IsServedKind(std::string_view kind) const {
    return deps_.application.FindEntityType(kind) != nullptr;
}

QuestionList Guide::Questions(const reference::Snapshot& reference) const {
    std::set<std::string> founders, liabilities, elsewhere;
    for (const application::EntityType& type : deps_.application.entity_types()) {
        for (const application::GuideFit& fit : type.fits) {
            founders.insert(fit.founder);
            if (!fit.liability.empty()) liabilities.insert(fit.liability);
        }
    }
    for (const reference::RouteRow& route : reference.records().routes) {
        if (!route.served && !IsServedKind(route.entity_type)) elsewhere.insert(route.entity_type);
    }
    Question founder = Ask(texts(), "founder", QuestionKind::kChoice, true);
    for (const std::string& id : Ordered(founders, kUsual))
        founder.choices.push_back({id, Both(texts(), "guide.founder." + id), true});
    for (const std::string& id : elsewhere)
        founder.choices.push_back({id, Both(texts(), "guide.founder." + id), false});
    Question liability = Ask(texts(), "liability", QuestionKind::kChoice, false);
    for (const std::string& id : Ordered(liabilities, kUsualLiability))
        liability.choices.push_back({id, Both(texts(), "guide.liability." + id), true});
    Question employees = Ask(texts(), "employees", QuestionKind::kChoice, false);
    for (const char* id : {"no", "yes"})
        employees.choices.push_back({id, Both(texts(), std::string("guide.employees.") + id), true});
    Question place = Ask(texts(), "place", QuestionKind::kCounty, true);
    place.lookup = "/api/v1/divisions";
    Question trade = Ask(texts(), "trade", QuestionKind::kScopeItems, false);
    trade.lookup = "/api/v1/scope-items";
    return {{std::move(founder), std::move(liability), std::move(employees), std::move(place),
             std::move(trade)}};
}

}  // namespace onewindow::guide
