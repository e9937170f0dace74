#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/result/result.hpp"
#include "reference/datasets/table.hpp"
#include "reference/records.hpp"

// The kinds of dataset: columns, and how rows become records.
namespace onewindow::reference {

template <class Record>
using ByCode = std::map<std::string, Record, std::less<>>;

/// All records of one set of datasets, before and after their cross-references were checked.
struct Records {
    ByCode<Division> divisions;
    std::vector<SpecialDay> days;
    ByCode<Authority> authorities;
    ByCode<EnterpriseType> enterprise_types;
    ByCode<Industry> industries;
    ByCode<ScopeItem> scope_items;
    ByCode<Hall> halls;
    ByCode<SealMaker> makers;
    ByCode<BankBranch> branches;
    ByCode<Courier> couriers;
    ByCode<Office> offices;
    std::vector<RateRow> rates;
    std::vector<Limit> limits;
    std::vector<RouteRow> routes;
    std::vector<Policy> policies;
    std::vector<Closure> closures;
};

struct DatasetKind {
    std::string_view name;  // "divisions"
    std::vector<std::string_view> columns;
    std::function<void(RowReader&, Records&)> read;
    bool may_be_empty = false;
};

/// Every kind, in an order in which each comes after those it refers to.
const std::vector<DatasetKind>& DatasetKinds();
const DatasetKind* FindDatasetKind(std::string_view name);

/// Reads one dataset into `records`; all faults at once, with their lines.
Result<> ReadDataset(std::string_view name, std::string_view content, Records& records);

/// Checks what one dataset says of another (a hall's authority exists …); all faults at once.
Result<> CheckReferences(const Records& records);

}  // namespace onewindow::reference
