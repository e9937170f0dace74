#include "handover/kit.hpp"

#include "application/sections.hpp"
#include "handover/reasons.hpp"

namespace onewindow::handover {

const std::vector<std::string>& ItemKinds() {
    static const std::vector<std::string> kKinds{
        "licence_original", "licence_duplicate", "seal_company", "seal_finance", "seal_invoice",
        "seal_person",      "invoices",          "tax_device",   "policy_pack"};
    return kKinds;
}

std::vector<std::string> RecipeOf(const RecipeFacts& facts) {
    std::vector<std::string> kinds{"licence_original", "licence_duplicate"};
    if (facts.seals_taken) {
        for (const char* kind : {"seal_company", "seal_finance", "seal_invoice"})
            kinds.emplace_back(kind);
        if (facts.name_seal) kinds.emplace_back("seal_person");
    }
    if (facts.invoices == reference::InvoiceMode::kTaxControl) {
        kinds.emplace_back("invoices");
        kinds.emplace_back("tax_device");
    }
    kinds.emplace_back("policy_pack");
    return kinds;
}

bool IsHarmless(std::string_view kind) { return kind == "policy_pack"; }
bool IsLicence(std::string_view kind) {
    return kind == "licence_original" || kind == "licence_duplicate";
}
bool IsSeal(std::string_view kind) { return kind.starts_with("seal_"); }

Way WayOf(const json::object& facts, const Halls& halls, std::string_view kind) {
    const bool seals_posted = IsSeal(kind) && json::TextAt(facts, "delivery.seals") == kPost;
    if (seals_posted || json::TextAt(facts, "delivery.collect") == kPost)
        return {std::string(kPost), halls.own};
    return {"hall:" + halls.chosen, halls.chosen};
}

Result<Halls> HallsOf(const reference::Snapshot& reference, const application::Case& the_case,
                      const json::object& facts) {
    const reference::Hall* own = reference.HallOf(the_case.authority);
    if (own == nullptr) {
        const reference::Division* city = reference.CityOf(the_case.county);
        const auto halls =
            city == nullptr ? std::vector<const reference::Hall*>{} : reference.HallsOf(city->code);
        if (halls.empty()) return Refuse(reasons::kNoHall, "", {{"hall", the_case.authority}});
        own = halls.front();
    }
    const std::string wanted = json::TextAt(facts, "delivery.hall");
    return Halls{.chosen = reference.FindHall(wanted) == nullptr ? own->id : wanted,
                 .own = own->id};
}

std::string MakerOf(std::string_view kind, std::string_view hall) {
    if (IsSeal(kind)) return "maker";
    if (kind == "invoices" || kind == "tax_device") return "agency:tax";
    return "hall:" + std::string(hall);
}

bool IsDelivered(const Kit::Item& item) {
    return item.state == "handed_over" || (item.state == "at_window" && item.destination != kPost);
}

const Kit::Item* FindItem(const Kit& kit, std::string_view kind) {
    for (const Kit::Item& item : kit.items) {
        if (item.kind == kind) return &item;
    }
    return nullptr;
}

std::string ItemCode(std::string_view case_number, std::string_view kind) {
    return std::string(case_number) + "-" + std::string(kind);
}

std::string NormalisePickUpCode(std::string_view text) {
    std::string code;
    for (char c : reference::NormaliseCode(text)) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c != ' ' && c != '-') code += c;
    }
    return code;
}

std::string ReceiverOf(const json::object& facts) {
    const std::string receiver = json::TextAt(facts, "delivery.receiver");
    return receiver.empty() ? application::HeadOf(facts) : receiver;
}

}  // namespace onewindow::handover
