#include "reference/snapshot.hpp"

#include <fmt/format.h>
#include <unicode/locid.h>

#include <algorithm>

#include "kernel/crypto/crypto.hpp"
#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

constexpr std::string_view kProvinceOfRates = "370000";

template <class Record>
const Record* FindIn(const ByCode<Record>& records, std::string_view code) {
    const auto found = records.find(code);
    return found == records.end() ? nullptr : &found->second;
}

template <class Record>
std::vector<const Record*> AllAt(
    const std::map<std::string, std::vector<const Record*>, std::less<>>& index,
    std::string_view key) {
    const auto found = index.find(key);
    return found == index.end() ? std::vector<const Record*>{} : found->second;
}

bool IsCountry(std::string_view code) {
    static const std::set<std::string, std::less<>> kCountries = [] {
        std::set<std::string, std::less<>> all;
        for (const char* const* two = icu::Locale::getISOCountries(); *two; ++two) {
            all.insert(icu::Locale("", *two).getISO3Country());
        }
        return all;
    }();
    return kCountries.contains(code);
}

bool MeetsOne(const std::vector<std::string>& wanted, std::string_view value) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

/// "370000" covers all of the province, "370100" the city: trailing pairs of zeros do not count.
bool Covers(std::string_view region, std::string_view division) {
    while (region.size() > 2 && region.ends_with("00")) region.remove_suffix(2);
    return division.starts_with(region);
}

bool Applies(const Policy& policy, const PolicyFacts& facts) {
    if (facts.today < policy.from || (policy.until && facts.today > *policy.until)) return false;
    if (!MeetsOne(policy.entity_types, facts.entity_type)) return false;
    if (!MeetsOne(policy.sizes, facts.size)) return false;
    const auto& groups = policy.founder_groups;
    const bool in_group = std::any_of(groups.begin(), groups.end(), [&](const std::string& group) {
        return facts.founder_groups.contains(group);
    });
    if (!groups.empty() && !in_group) return false;
    const auto& trades = policy.industries;
    const bool in_trade = std::any_of(trades.begin(), trades.end(), [&](const std::string& prefix) {
        return facts.industry.starts_with(prefix);
    });
    if (!trades.empty() && !in_trade) return false;
    const auto& regions = policy.regions;
    return regions.empty() ||
           std::any_of(regions.begin(), regions.end(),
                       [&](const std::string& region) { return Covers(region, facts.division); });
}

struct RateTarget {
    std::string_view item;
    int Rates::*rate = nullptr;
    std::int64_t Rates::*base = nullptr;
};

const std::vector<RateTarget>& RateTargets() {
    static const std::vector<RateTarget> kTargets{
        {.item = "pension_unit", .rate = &Rates::pension_unit},
        {.item = "pension_person", .rate = &Rates::pension_person},
        {.item = "unemployment_unit", .rate = &Rates::unemployment_unit},
        {.item = "unemployment_person", .rate = &Rates::unemployment_person},
        {.item = "medical_unit", .rate = &Rates::medical_unit},
        {.item = "medical_person", .rate = &Rates::medical_person},
        {.item = "housing_min", .rate = &Rates::housing_min},
        {.item = "housing_max", .rate = &Rates::housing_max},
        {.item = "base_lower", .base = &Rates::base_lower_fen},
        {.item = "base_upper", .base = &Rates::base_upper_fen},
        {.item = "housing_base_lower", .base = &Rates::housing_base_lower_fen},
        {.item = "housing_base_upper", .base = &Rates::housing_base_upper_fen},
    };
    return kTargets;
}

}  // namespace

std::string PolicyVersionOf(std::vector<DatasetVersion> parts) {
    std::sort(parts.begin(), parts.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    std::string text;
    for (const DatasetVersion& part : parts) {
        text += fmt::format("{}@{}:{}\n", part.name, part.version, part.digest);
    }
    return "P" + crypto::Hex(crypto::Sm3(text)).substr(0, 16);
}

Snapshot::Snapshot(Records records, std::vector<DatasetVersion> parts)
    : records_(std::move(records)), parts_(std::move(parts)) {
    policy_version_ = PolicyVersionOf(parts_);
    std::string calendar_version = "calendar@0";
    for (const DatasetVersion& part : parts_) {
        if (part.name == "calendar") calendar_version = fmt::format("calendar@{}", part.version);
    }
    calendar_ = WorkingCalendar(records_.days, calendar_version);
    for (const Closure& closure : records_.closures) {
        const auto hall = records_.halls.find(closure.hall);
        if (hall != records_.halls.end()) hall->second.hours.closed.insert(closure.date);
    }
    IndexPlaces();
}

void Snapshot::IndexPlaces() {
    for (const auto& [code, division] : records_.divisions) {
        children_[division.parent].push_back(&division);
        if (division.level != "street") divisions_by_name_[division.name].push_back(code);
    }
    for (const auto& [id, maker] : records_.makers) makers_of_city_[maker.city].push_back(&maker);
    for (const auto& [cnaps, branch] : records_.branches) {
        branches_of_city_[branch.city].push_back(&branch);
    }
    for (const auto& [id, hall] : records_.halls) hall_of_authority_.emplace(hall.authority, &hall);
}

const HallHours* Snapshot::FindHours(std::string_view hall) const {
    if (hall.empty() || hall == default_hours_.hall) return &default_hours_;
    const Hall* found = FindHall(hall);
    return found ? &found->hours : nullptr;
}

const Division* Snapshot::FindDivision(std::string_view code) const {
    return FindIn(records_.divisions, code);
}

std::vector<std::string> Snapshot::FindDivisionsByName(std::string_view name) const {
    const auto found = divisions_by_name_.find(name);
    return found == divisions_by_name_.end() ? std::vector<std::string>{} : found->second;
}

const Division* Snapshot::ParentOf(const Division& division) const {
    return FindDivision(division.parent);
}

const Division* Snapshot::CityOf(std::string_view code) const {
    const Division* division = FindDivision(code);
    while (division && division->level != "city") division = ParentOf(*division);
    return division;
}

const Division* Snapshot::CountyOf(std::string_view code) const {
    const Division* division = FindDivision(code);
    while (division && division->level != "county") division = ParentOf(*division);
    return division;
}

std::string Snapshot::FullDivisionName(std::string_view code) const {
    std::string name;
    for (const Division* division = FindDivision(code); division; division = ParentOf(*division)) {
        if (division->basis != "placeholder") name = division->name + name;
    }
    return name;
}

std::vector<const Division*> Snapshot::ChildrenOf(std::string_view code) const {
    return AllAt(children_, code);
}

std::vector<const Division*> Snapshot::StreetsOf(std::string_view county) const {
    const Division* division = FindDivision(county);
    if (!division || division->level != "county") return {};
    return ChildrenOf(county);
}

const Authority* Snapshot::FindAuthority(std::string_view code) const {
    return FindIn(records_.authorities, code);
}

Result<Route> Snapshot::AuthorityFor(const RouteQuestion& question) const {
    const Division* county = CountyOf(question.division);
    if (!county) {
        return Refuse(reasons::kDivisionUnknown, "division", {{"division", question.division}});
    }
    const RouteRow* row = nullptr;
    for (const RouteRow& candidate : records_.routes) {
        if (candidate.entity_type != question.entity_type) continue;
        if (candidate.owner == question.owner) row = &candidate;
        if (candidate.owner == "any" && !row) row = &candidate;
    }
    if (!row) {
        return Refuse(reasons::kRouteUnknown, "entity_type",
                      {{"entity_type", question.entity_type}});
    }
    const Division* place = county;
    if (row->level != "county") place = ParentOf(*place);
    if (row->level == "province" && place) place = ParentOf(*place);
    const Authority* authority = place ? FindAuthority(place->code) : nullptr;
    if (!authority) {
        return Refuse(reasons::kRouteUnknown, "division", {{"entity_type", question.entity_type}});
    }
    return Route{.served = row->served,
                 .authority = authority,
                 .text_zh = row->text_zh,
                 .text_en = row->text_en,
                 .phone = authority->phone,
                 .citation = row->citation};
}

const EnterpriseType* Snapshot::FindEnterpriseType(std::string_view code) const {
    return FindIn(records_.enterprise_types, code);
}

const Industry* Snapshot::FindIndustry(std::string_view code) const {
    return FindIn(records_.industries, code);
}

const ScopeItem* Snapshot::FindScopeItem(std::string_view id) const {
    return FindIn(records_.scope_items, id);
}

const Hall* Snapshot::FindHall(std::string_view id) const { return FindIn(records_.halls, id); }

const Hall* Snapshot::HallOf(std::string_view authority) const {
    const auto found = hall_of_authority_.find(authority);
    return found == hall_of_authority_.end() ? nullptr : found->second;
}

std::vector<const Hall*> Snapshot::HallsOf(std::string_view city) const {
    std::vector<const Hall*> halls;
    for (const auto& [id, hall] : records_.halls) {
        if (hall.city == city) halls.push_back(&hall);
    }
    return halls;
}

const SealMaker* Snapshot::FindMaker(std::string_view id) const {
    return FindIn(records_.makers, id);
}

std::vector<const SealMaker*> Snapshot::MakersOf(std::string_view city) const {
    return AllAt(makers_of_city_, city);
}

const BankBranch* Snapshot::FindBranch(std::string_view cnaps) const {
    return FindIn(records_.branches, cnaps);
}

std::vector<const BankBranch*> Snapshot::BranchesOf(std::string_view city) const {
    return AllAt(branches_of_city_, city);
}

const Courier* Snapshot::FindCourier(std::string_view id) const {
    return FindIn(records_.couriers, id);
}

const Office* Snapshot::FindOffice(std::string_view agency, std::string_view city) const {
    for (const auto& [id, office] : records_.offices) {
        if (office.agency == agency && office.city == city) return &office;
    }
    return nullptr;
}

Result<Rates> Snapshot::RateOf(std::string_view city, Date date) const {
    Rates rates;
    std::vector<Fault> missing;
    const auto find = [&](std::string_view item) -> std::int64_t {
        for (const std::string_view place : {city, kProvinceOfRates}) {
            for (const RateRow& row : records_.rates) {
                if (row.city != place || row.item != item || date < row.from) continue;
                if (row.until && date > *row.until) continue;
                rates.demo |= row.origin == "demo";
                return row.value;
            }
        }
        missing.push_back({&reasons::kDatasetMissing, std::string(item), {{"name", "rates"}}});
        return 0;
    };
    for (const RateTarget& target : RateTargets()) {
        const std::int64_t value = find(target.item);
        if (target.rate) rates.*target.rate = static_cast<int>(value);
        if (target.base) rates.*target.base = value;
    }
    for (int danger = 1; danger <= 8; ++danger) {
        rates.injury_unit[danger - 1] =
            static_cast<int>(find(fmt::format("injury_unit_{}", danger)));
    }
    const bool tax_control = find("invoice_mode") == 1;
    rates.invoice_mode = tax_control ? InvoiceMode::kTaxControl : InvoiceMode::kDigital;
    if (!missing.empty()) return Refuse(std::move(missing));
    return rates;
}

const Limit* Snapshot::LimitOf(std::string_view id, std::string_view city) const {
    const Limit* general = nullptr;
    for (const Limit& limit : records_.limits) {
        if (limit.id != id) continue;
        if (limit.city == city) return &limit;
        if (limit.city == kProvinceOfRates) general = &limit;
    }
    return general;
}

std::optional<std::int64_t> Snapshot::LimitMinutes(std::string_view id, std::string_view city,
                                                   std::string_view hall, Date date) const {
    const Limit* limit = LimitOf(id, city);
    const HallHours* hours = FindHours(hall);
    if (!limit || !hours) return std::nullopt;
    // A limit that starts on a free day runs on the next working day, with that day's hours.
    const Date worked = calendar_.WorkdayOnOrAfter(date);
    switch (limit->unit) {
        case LimitUnit::kMinute:
            return limit->amount;
        case LimitUnit::kHalfDay:
            return limit->amount * DayMinutes(*hours, worked).count() / 2;
        case LimitUnit::kWorkday:
            return limit->amount * DayMinutes(*hours, worked).count();
        case LimitUnit::kCalendarDay:
        case LimitUnit::kMonth:
            return std::nullopt;
    }
    return std::nullopt;
}

std::vector<const Policy*> Snapshot::Policies(const PolicyFacts& facts) const {
    std::vector<const Policy*> policies;
    for (const Policy& policy : records_.policies) {
        if (Applies(policy, facts)) policies.push_back(&policy);
    }
    return policies;
}

bool Snapshot::Knows(std::string_view list, std::string_view code) const {
    const Division* division = FindDivision(code);
    if (list == "division") return division != nullptr;
    if (list == "province" || list == "city" || list == "county" || list == "street") {
        return division && division->level == list;
    }
    if (list == "authority") return FindAuthority(code) != nullptr;
    if (list == "enterprise_type") return FindEnterpriseType(code) != nullptr;
    if (list == "industry") return FindIndustry(code) != nullptr;
    if (list == "scope_item") return FindScopeItem(code) != nullptr;
    if (list == "hall") return FindHall(code) != nullptr;
    if (list == "seal_maker") return FindMaker(code) != nullptr;
    if (list == "bank_branch") return FindBranch(code) != nullptr;
    if (list == "courier") return FindCourier(code) != nullptr;
    if (list == "country") return IsCountry(code);
    return false;
}

}  // namespace onewindow::reference
