#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/result/result.hpp"
#include "reference/calendar/calendar.hpp"
#include "reference/datasets/kinds.hpp"
#include "reference/records.hpp"

namespace onewindow::reference {

/// Which version of which dataset a snapshot was made of.
struct DatasetVersion {
    std::string name;
    std::int64_t version = 0;
    std::string digest = {};  // SM3 of the content, hex.
    bool operator==(const DatasetVersion&) const = default;
};

/// Who registers a business (细则 4).
struct RouteQuestion {
    std::string entity_type;    // "one_person_company", … or a type that is not served:
                                // "joint_stock_company", …
    std::string division;       // Of the address: county, functional zone or street.
    std::string owner = "any";  // "any" | "state_province" | "foreign"
};

/// `authority` decides if `served`; else it is the one to go to, and the texts and `phone` say so
/// ("go there").
struct Route {
    bool served = false;
    const Authority* authority = nullptr;
    std::string text_zh = {}, text_en = {}, phone = {}, citation = {};
};

/// What the policy pack is chosen by; empty strings match only policies for everybody.
struct PolicyFacts {
    std::string entity_type;
    std::string industry;  // GB/T 4754 code of the main item.
    std::string division;
    std::string size = {};                      // "micro" | "small" | "medium" | "large"
    std::set<std::string> founder_groups = {};  // "veteran", "graduate", "returning_worker", …
    Date today;
};

/// All reference data in force together: immutable, indexed, shared between threads. Pointers live
/// as long as it does.
class Snapshot {
 public:
    /// Takes over records whose references were checked.
    Snapshot(Records records, std::vector<DatasetVersion> parts);
    Snapshot(const Snapshot&) = delete;

    /// Short digest over names, versions and contents: the same data, the same policy version.
    const std::string& policy_version() const { return policy_version_; }
    const std::vector<DatasetVersion>& parts() const { return parts_; }
    const Records& records() const { return records_; }

    const WorkingCalendar& calendar() const { return calendar_; }
    /// The hall's hours with its closures; "" and "default" give DefaultHours; nullptr where the
    /// hall is unknown.
    const HallHours* FindHours(std::string_view hall) const;

    const Division* FindDivision(std::string_view code) const;
    const Division* ParentOf(const Division& division) const;
    /// The city that a street, county or city belongs to; nullptr above.
    const Division* CityOf(std::string_view code) const;
    /// The county or functional zone of a street or of itself; nullptr above.
    const Division* CountyOf(std::string_view code) const;
    /// "370102" -> "山东省济南市历下区"; levels without a division of their own are left out. ""
    /// where unknown.
    std::string FullDivisionName(std::string_view code) const;
    /// Codes of the divisions at county level and above whose official name is exactly `name`
    /// ("市中区" has several).
    std::vector<std::string> FindDivisionsByName(std::string_view name) const;
    /// Directly below, by code. An empty code gives the provinces.
    std::vector<const Division*> ChildrenOf(std::string_view code) const;
    std::vector<const Division*> StreetsOf(std::string_view county) const;

    const Authority* FindAuthority(std::string_view code) const;
    /// Refused where the division or the type is unknown, or nobody here is responsible for the
    /// place.
    Result<Route> AuthorityFor(const RouteQuestion& question) const;

    const EnterpriseType* FindEnterpriseType(std::string_view code) const;
    const Industry* FindIndustry(std::string_view code) const;
    const ScopeItem* FindScopeItem(std::string_view id) const;
    /// The best matches first, by Chinese words, everyday words, pinyin, initials, industry. At
    /// most `limit`.
    std::vector<const ScopeItem*> SearchScope(std::string_view text, std::size_t limit) const;
    /// The licence sentence (domain.md C3): the group of the first item, the main business, comes
    /// first. Refused with every unknown and repeated id.
    Result<std::string> ComposeScope(const std::vector<std::string>& ids) const;

    const Hall* FindHall(std::string_view id) const;
    /// The hall of an authority, or nullptr.
    const Hall* HallOf(std::string_view authority) const;
    std::vector<const Hall*> HallsOf(std::string_view city) const;
    const SealMaker* FindMaker(std::string_view id) const;
    std::vector<const SealMaker*> MakersOf(std::string_view city) const;
    const BankBranch* FindBranch(std::string_view cnaps) const;
    std::vector<const BankBranch*> BranchesOf(std::string_view city) const;
    const Courier* FindCourier(std::string_view id) const;
    const Office* FindOffice(std::string_view agency, std::string_view city) const;

    /// The city's rows before the province's. Refused where a figure is missing for that day.
    Result<Rates> RateOf(std::string_view city, Date date) const;
    /// The city's limit before the general one; nullptr where there is none.
    const Limit* LimitOf(std::string_view id, std::string_view city = {}) const;
    /// The same in working minutes of that hall on that day; nothing for limits in calendar days
    /// and months.
    std::optional<std::int64_t> LimitMinutes(std::string_view id, std::string_view city,
                                             std::string_view hall, Date date) const;
    std::vector<const Policy*> Policies(const PolicyFacts& facts) const;

    /// Does a form's look-up list have this code? Lists: province, city, county, street, division,
    /// authority, enterprise_type, industry, scope_item, hall, seal_maker, bank_branch, courier,
    /// country (ISO 3166 alpha-3).
    bool Knows(std::string_view list, std::string_view code) const;

 private:
    void IndexPlaces();

    Records records_;
    std::vector<DatasetVersion> parts_;
    std::string policy_version_;
    WorkingCalendar calendar_;
    HallHours default_hours_ = DefaultHours();
    std::map<std::string, std::vector<std::string>, std::less<>> divisions_by_name_;
    std::map<std::string, std::vector<const Division*>, std::less<>> children_;
    std::map<std::string, std::vector<const SealMaker*>, std::less<>> makers_of_city_;
    std::map<std::string, std::vector<const BankBranch*>, std::less<>> branches_of_city_;
    std::map<std::string, const Hall*, std::less<>> hall_of_authority_;
};

using SnapshotPointer = std::shared_ptr<const Snapshot>;

/// The policy version of a set of datasets, in any order.
std::string PolicyVersionOf(std::vector<DatasetVersion> parts);

}  // namespace onewindow::reference
