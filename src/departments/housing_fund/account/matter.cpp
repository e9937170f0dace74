#include <algorithm>

#include "application/sections.hpp"
#include "departments/housing_fund/account/reasons.hpp"
#include "exchange/matter.hpp"
#include "kernel/json/described.hpp"

namespace onewindow::departments::housing_fund::account {
namespace {

using application::Context;
using exchange::Applicability;
using exchange::MatterInput;
using exchange::MatterResult;
using forms::FieldType;
using forms::Source;

constexpr std::int64_t kRateStepBp = 50;

struct AccountResult {
    std::string unit_account;
    std::int64_t people = 0;
};
BOOST_DESCRIBE_STRUCT(AccountResult, (), (unit_account, people))

/// Individual businesses and cooperatives are not among the units of 住房公积金管理条例 2.
bool IsOptional(const MatterInput& input) {
    const std::string& type = input.view.the_case.entity_type;
    return type == "individual_business" || type == "cooperative";
}

std::optional<reference::Rates> RatesAt(const Context& context, std::string_view division) {
    const reference::Division* city = context.reference.CityOf(division);
    if (city == nullptr) return std::nullopt;
    auto rates = context.reference.RateOf(city->code, context.today);
    if (!rates) return std::nullopt;
    return *rates;
}

forms::Section Section() {
    const auto rate = [](std::string id) {
        return forms::Field{.id = std::move(id),
                            .type = FieldType::kPercent,
                            .source = Source::kDerived,
                            .needed_by = {"housing_fund"},
                            .min = 0,
                            .max = 10'000,
                            .cite = "住房公积金管理条例 18"};
    };
    return {.id = "housing_fund",
            .fields = {{.id = "handler",
                        .type = FieldType::kPersonRef,
                        .source = Source::kDerived,
                        .needed_by = {"housing_fund"}},
                       rate("unit_rate"),
                       rate("person_rate"),
                       {.id = "pay_day",
                        .type = FieldType::kInteger,
                        .needed_by = {"housing_fund"},
                        .min = 1,
                        .max = 31,
                        .default_value = 15,
                        .cite = "住房公积金管理条例 19"}},
            .needed_by = {"housing_fund"},
            .cite = "住房公积金管理条例 14"};
}

/// The city's lowest rate: who wants to pay more says so.
void Derive(const Context& context, json::object& facts) {
    const std::string contact = json::TextAt(facts, "offices.contact");
    if (json::TextAt(facts, "housing_fund.handler").empty() && !contact.empty()) {
        json::SetAt(facts, "housing_fund.handler", json::value(contact));
    }
    const auto rates = RatesAt(context, json::TextAt(facts, "address.street"));
    if (!rates) return;
    for (const char* path : {"housing_fund.unit_rate", "housing_fund.person_rate"}) {
        if (json::Find(facts, path) == nullptr) json::SetAt(facts, path, json::value(rates->housing_min));
    }
}

void Check(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    const auto rates = RatesAt(context, json::TextAt(facts, "address.street"));
    if (!rates) return;
    for (const char* path : {"housing_fund.unit_rate", "housing_fund.person_rate"}) {
        const std::int64_t rate = json::IntAt(facts, path);
        if (rate < rates->housing_min || rate > rates->housing_max) {
            faults.push_back({&reasons::kRate,
                              path,
                              {{"min", std::to_string(rates->housing_min / 100)},
                               {"max", std::to_string(rates->housing_max / 100)}}});
        } else if (rate % kRateStepBp != 0) {
            faults.push_back({&reasons::kRateStep, path, {}});
        }
    }
}

json::object BuildFacts(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    json::object out{{"county", input.view.the_case.county},
                     {"phone", json::TextAt(facts, "address.phone")},
                     {"unit_rate", json::IntAt(facts, "housing_fund.unit_rate")},
                     {"person_rate", json::IntAt(facts, "housing_fund.person_rate")},
                     {"pay_day", json::IntAt(facts, "housing_fund.pay_day")},
                     {"employees", static_cast<std::int64_t>(application::Rows(facts, "employees").size())}};
    const json::value* handler =
        application::FindPerson(facts, json::TextAt(facts, "housing_fund.handler"));
    if (handler != nullptr) {
        json::object& person = out["handler"].emplace_object();
        for (const char* field : {"name", "id_type", "id_number", "mobile"}) {
            person[field] = json::TextAt(*handler, field);
        }
    }
    return out;
}

/// Whole yuan, half a yuan up.
std::int64_t DepositFen(std::int64_t base_fen, std::int64_t rate_bp) {
    const std::int64_t yuan = (base_fen * rate_bp + 500'000) / 1'000'000;
    return yuan * 100;
}

/// The first deposit is due in the second month of work (条例 16, 17), work begins at the licence or later.
std::string FirstMonth(const MatterInput& input, const json::value& row) {
    Date begins = input.context.today;
    if (input.licence != nullptr) begins = input.licence->established;
    const auto contract = ParseDate(json::TextAt(row, "contract_from"));
    if (contract && *contract > begins) begins = *contract;
    const Date first_of_month = begins.year() / begins.month() / std::chrono::day{1};
    return FormatDate(AddMonths(first_of_month, 1)).substr(0, 7);
}

json::array BuildPeople(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    const auto rates = RatesAt(input.context, input.view.the_case.county);
    json::array people;
    for (const json::value& row : application::Rows(facts, "employees")) {
        std::int64_t base = json::IntAt(row, "wage");
        if (rates) base = std::clamp(base, rates->housing_base_lower_fen, rates->housing_base_upper_fen);
        people.push_back(json::object{
            {"name", json::TextAt(row, "name")},
            {"id_number", json::TextAt(row, "id_number")},
            {"mobile", json::TextAt(row, "mobile")},
            {"base", base},
            {"unit_deposit", DepositFen(base, json::IntAt(facts, "housing_fund.unit_rate"))},
            {"person_deposit", DepositFen(base, json::IntAt(facts, "housing_fund.person_rate"))},
            {"first_month", FirstMonth(input, row)}});
    }
    return people;
}

Result<MatterResult> ReadResult(const MatterInput& input, const json::object& result) {
    OW_TRY(const AccountResult read, json::Read<AccountResult>(result));
    const auto sent = static_cast<std::int64_t>(application::Rows(input.view.facts, "employees").size());
    std::vector<Fault> faults;
    if (read.people != sent) {
        faults.push_back({&reasons::kPeople,
                          "people",
                          {{"sent", std::to_string(sent)}, {"opened", std::to_string(read.people)}}});
    }
    if (read.unit_account.size() < 4 || read.unit_account.size() > 40) {
        faults.push_back({&reasons::kAccount, "unit_account", {}});
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    return MatterResult{.number = read.unit_account, .shown = {{"people", read.people}}, .items = {}};
}

}  // namespace

exchange::Matter MakeMatter() {
    return {
        .id = "housing_fund/account",
        .agency = "housing_fund",
        .stage = 1,
        .starts_after = {"licence"},
        .limit = "housing_fund/account",
        .licence_fields = {"uscc", "name", "type", "person", "address", "date"},
        .fact_paths = {"housing_fund", "address.phone", "people.key", "people.name", "people.id_type",
                       "people.id_number", "people.mobile", "employees.name", "employees.id_number",
                       "employees.mobile", "employees.contract_from", "employees.wage"},
        .form = {.id = "housing_fund/account",
                 .sections = {Section()},
                 .applies = {},
                 .derive = Derive,
                 .check = Check},
        .applies =
            [](const MatterInput& input) {
                const bool employs = !application::Rows(input.view.facts, "employees").empty();
                return employs || !IsOptional(input) ? Applicability::kRequired : Applicability::kNotApplicable;
            },
        .may_close = IsOptional,
        .build_facts = BuildFacts,
        .build_people = BuildPeople,
        .read_result = ReadResult,
        .reason_codes = {{"employee_account_elsewhere", "住房公积金管理条例 15"},
                         {"identity_mismatch", "住房公积金管理条例 15"},
                         {"already_registered", "住房公积金管理条例 14"}},
    };
}

}  // namespace onewindow::departments::housing_fund::account
