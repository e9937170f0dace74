#include "application/investors.hpp"

#include <set>

#include "application/common_reasons.hpp"

namespace onewindow::application::investors {
namespace {

constexpr std::int64_t kAmountMax = 900'000'000'000'000;  // 9 trillion yuan in fen: × 10,000 fits 64 bits.
constexpr int kYearsToPay = 5;                                  // 公司法 47
constexpr std::int64_t kExemptCapitalFen = 10'000'000LL * 100;  // 受益所有人信息管理办法 3

/// Derivation runs before validation, so a figure may be anything; the form's limit keeps it for valid ones.
std::int64_t AmountOf(const json::value& row) {
    return std::clamp<std::int64_t>(json::IntAt(row, "amount"), 0, kAmountMax);
}

std::int64_t SumOf(const json::object& facts) {
    std::int64_t sum = 0;
    for (const json::value& row : Rows(facts, "investors")) sum = std::min(sum + AmountOf(row), kAmountMax * 1000);
    return sum;
}

bool MayBeExempt(const json::object& facts) {
    return json::IntAt(facts, "capital.amount") <= kExemptCapitalFen && OnlyNaturalPersons(facts);
}

Fault OtherAuthority(const Context& context, const Reason& reason, std::string field,
                     const reference::RouteQuestion& question) {
    Fault fault{&reason, std::move(field), {{"where", ""}, {"phone", ""}}};
    const auto route = context.reference.AuthorityFor(question);
    if (route && route->authority != nullptr) {
        fault.arguments = {{"where", route->authority->name}, {"phone", route->authority->phone}};
    }
    return fault;
}

}  // namespace

void DeriveShares(json::object& facts) {
    json::value* node = facts.if_contains("investors");
    if (node == nullptr || !node->is_array()) return;
    json::array& rows = node->get_array();
    const std::int64_t total = SumOf(facts);
    if (total <= 0) return;
    std::vector<std::pair<std::int64_t, std::size_t>> remainders;
    std::int64_t given = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i].is_object()) return;
        const std::int64_t scaled = AmountOf(rows[i]) * 10'000;
        const std::int64_t share = scaled / total;
        rows[i].get_object()["share"] = share;
        given += share;
        remainders.emplace_back(-(scaled % total), i);
    }
    std::sort(remainders.begin(), remainders.end());
    for (std::size_t i = 0; given < 10'000 && i < remainders.size(); ++i, ++given) {
        json::value& share = rows[remainders[i].second].get_object()["share"];
        share = share.get_int64() + 1;
    }
}

void DeriveDue(const Context& context, json::object& facts) {
    json::value* rows = facts.if_contains("investors");
    if (rows == nullptr || !rows->is_array()) return;
    for (json::value& row : rows->get_array()) {
        if (row.is_object() && json::TextAt(row, "due").empty()) {
            row.get_object()["due"] = FormatDate(AddMonths(context.today, 12 * kYearsToPay));
        }
    }
}

void CheckAmounts(const json::object& facts, std::vector<Fault>& faults) {
    std::set<std::string> holders;
    std::size_t index = 0;
    for (const json::value& row : Rows(facts, "investors")) {
        const std::string field = "investors." + std::to_string(index++) + ".holder";
        const std::string holder = json::TextAt(row, "holder");
        if (HolderName(facts, holder).empty()) faults.push_back({&reasons::kUnknownHolder, field, {{"holder", holder}}});
        if (!holders.insert(holder).second) faults.push_back({&reasons::kHolderTwice, field, {{"holder", holder}}});
    }
    const std::int64_t sum = SumOf(facts);
    const std::int64_t total = json::IntAt(facts, "capital.amount");
    if (sum != total) {
        faults.push_back({&reasons::kCapitalMismatch, "capital.amount", {{"sum", WanYuan(sum)}, {"total", WanYuan(total)}}});
    }
}

void CheckServedHere(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    const std::string street = json::TextAt(facts, "address.street");
    std::int64_t provincial = 0;
    std::size_t index = 0;
    for (const json::value& row : Rows(facts, "investors")) {
        const std::string field = "investors." + std::to_string(index++) + ".holder";
        const std::string holder = json::TextAt(row, "holder");
        const json::value* person = FindPerson(facts, holder);
        if (person != nullptr && json::TextAt(*person, "id_type") != "resident_id") {
            faults.push_back(OtherAuthority(context, reasons::kForeignInvestor, field,
                                            {.entity_type = "foreign_invested", .division = street}));
        }
        const json::value* organisation = FindOrganisation(facts, holder);
        if (organisation != nullptr && json::TextAt(*organisation, "kind") == "provincial_state") provincial += AmountOf(row);
    }
    if (provincial > 0 && provincial * 2 >= SumOf(facts)) {
        faults.push_back(OtherAuthority(context, reasons::kProvincialState, "investors",
                                        {.entity_type = "corporate_company", .division = street, .owner = "state_province"}));
    }
}

bool OnlyNaturalPersons(const json::object& facts) {
    const json::array& rows = Rows(facts, "investors");
    // A holder whom nobody knows is refused by name; it must not ask for beneficial owners as well.
    return std::none_of(rows.begin(), rows.end(),
                        [&](const json::value& row) { return FindOrganisation(facts, json::TextAt(row, "holder")) != nullptr; });
}

void DeriveExemption(json::object& facts) {
    if (json::Find(facts, "beneficial_owners.exempt") == nullptr) {
        json::SetAt(facts, "beneficial_owners.exempt", MayBeExempt(facts));
    }
}

void CheckExemption(const json::object& facts, std::vector<Fault>& faults) {
    if (json::BoolAt(facts, "beneficial_owners.exempt") && !MayBeExempt(facts)) {
        faults.push_back({&reasons::kNotExempt, "beneficial_owners.exempt", {}});
    }
}

std::string MethodText(std::string_view method) {
    if (method == "in_kind") return "实物";
    if (method == "ip") return "知识产权";
    if (method == "land_use") return "土地使用权";
    if (method == "land_operation") return "土地经营权";
    if (method == "forest_right") return "林权";
    if (method == "equity") return "股权";
    if (method == "debt") return "债权";
    if (method == "data_or_virtual") return "数据、网络虚拟财产";
    if (method == "labour") return "劳务";
    if (method == "other") return "其他可以用货币估价并可以依法转让的非货币财产";
    return "货币";
}

}  // namespace onewindow::application::investors
