#include "exchange/matter.hpp"

#include <algorithm>

#include "application/sections.hpp"
#include "departments/human_resources/social_insurance/reasons.hpp"
#include "kernel/json/described.hpp"

// 社会保险登记, 就业登记 and 劳动用工备案 through one door (domain.md D9).
namespace onewindow::departments::human_resources::social_insurance {
namespace {

using exchange::Applicability;
using exchange::MatterInput;
using exchange::MatterResult;

struct SocialInsuranceResult {
    std::string unit_number;
    std::int64_t insured_people = 0;
};
BOOST_DESCRIBE_STRUCT(SocialInsuranceResult, (), (unit_number, insured_people))

/// Enterprises register even without employees (征缴条例 8); for these it is free until they employ somebody (J20).
bool IsOptionalFor(const std::string& entity_type) {
    return entity_type == "individual_business" || entity_type == "cooperative";
}

const json::array& EmployeesOf(const MatterInput& input) {
    return application::Rows(input.view.facts, "employees");
}

Applicability Applies(const MatterInput& input) {
    const bool later = IsOptionalFor(input.view.the_case.entity_type) && EmployeesOf(input).empty();
    return later ? Applicability::kDeferred : Applicability::kRequired;
}

bool MayClose(const MatterInput& input) { return IsOptionalFor(input.view.the_case.entity_type); }

void Derive(const application::Context&, json::object& facts) {
    const std::string contact = json::TextAt(facts, "offices.contact");
    if (contact.empty() || json::Find(facts, "social_insurance.handler") != nullptr) return;
    json::SetAt(facts, "social_insurance.handler", json::value(contact));
}

application::FormPart Form() {
    return {.id = "human_resources/social_insurance",
            .sections = {{.id = "social_insurance",
                          .fields = {{.id = "handler",
                                      .type = forms::FieldType::kPersonRef,
                                      .source = forms::Source::kDerived,
                                      .needed_by = {"human_resources"},
                                      .cite = "社会保险法 57"}},
                          .needed_by = {"human_resources"},
                          .cite = "社会保险法 57"}},
            .applies = nullptr,
            .derive = Derive,
            .check = nullptr};
}

const reference::Division* CityOf(const MatterInput& input) {
    return input.context.reference.CityOf(input.view.the_case.county);
}

json::object BuildFacts(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    json::object out{{"registrations", json::array{"social_insurance", "employment", "labour_contracts"}},
                     {"insurances", json::array{"pension", "unemployment", "work_injury"}},
                     {"employees", static_cast<std::int64_t>(EmployeesOf(input).size())},
                     {"postcode", json::TextAt(facts, "address.postcode")},
                     {"phone", json::TextAt(facts, "address.phone")},
                     {"main_item", json::TextAt(facts, "scope.main")}};
    const std::string key = json::TextAt(facts, "social_insurance.handler");
    if (const json::value* handler = application::FindPerson(facts, key)) {
        out["handler"] = json::object{{"name", json::TextAt(*handler, "name")},
                                      {"id_type", json::TextAt(*handler, "id_type")},
                                      {"id_number", json::TextAt(*handler, "id_number")},
                                      {"mobile", json::TextAt(*handler, "mobile")}};
    }
    return out;
}

json::array BuildPeople(const MatterInput& input) {
    const reference::Division* city = CityOf(input);
    const auto rates = input.context.reference.RateOf(city == nullptr ? "" : city->code, input.context.today);
    // Nobody is employed before there is an employer (J21).
    const Date founded = input.licence == nullptr ? input.context.today : input.licence->established;
    json::array people;
    for (const json::value& row : EmployeesOf(input)) {
        // Dates as text compare like dates.
        const std::string from = std::max(json::TextAt(row, "contract_from"), FormatDate(founded));
        const std::int64_t wage = json::IntAt(row, "wage");
        json::object person{{"name", json::TextAt(row, "name")},
                            {"id_number", json::TextAt(row, "id_number")},
                            {"mobile", json::TextAt(row, "mobile")},
                            {"post", json::TextAt(row, "post")},
                            {"wage", wage},
                            {"contract", json::TextAt(row, "contract")},
                            {"contract_from", from},
                            {"household", json::TextAt(row, "household")},
                            {"insured_from", from.substr(0, 7)}};
        const std::string until = json::TextAt(row, "contract_until");
        if (!until.empty()) person["contract_until"] = until;
        if (rates && rates->base_lower_fen <= rates->base_upper_fen) {
            person["base"] = std::clamp(wage, rates->base_lower_fen, rates->base_upper_fen);
        }
        people.push_back(std::move(person));
    }
    return people;
}

/// 4–32 digits and letters; unit numbers have no common standard.
bool IsUnitNumber(std::string_view text) {
    return text.size() >= 4 && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
           });
}

Result<MatterResult> ReadResult(const MatterInput& input, const json::object& result) {
    OW_TRY(const auto read, json::Read<SocialInsuranceResult>(result));
    if (!IsUnitNumber(read.unit_number)) return Refuse(reasons::kUnitNumber, "unit_number");
    const auto sent = static_cast<std::int64_t>(EmployeesOf(input).size());
    if (read.insured_people != sent) {
        return Refuse(reasons::kInsuredPeople, "insured_people",
                      {{"sent", std::to_string(sent)}, {"insured", std::to_string(read.insured_people)}});
    }
    return MatterResult{.number = read.unit_number,
                        .shown = {{"insured_people", read.insured_people}},
                        .items = {}};
}

}  // namespace

exchange::Matter MakeMatter() {
    return {.id = "human_resources/social_insurance",
            .agency = "human_resources",
            .stage = 1,
            .starts_after = {"licence"},
            .limit = "human_resources/social_insurance",
            .licence_fields = {"uscc", "name", "type", "person", "address", "date", "certificate"},
            .fact_paths = {"social_insurance", "employees", "address.postcode", "address.phone", "scope.main",
                           "people.key", "people.name", "people.id_type", "people.id_number", "people.mobile"},
            .form = Form(),
            .applies = Applies,
            .may_close = MayClose,
            .build_facts = BuildFacts,
            .build_people = BuildPeople,
            .read_result = ReadResult,
            .reason_codes = {{"employee_identity", "社会保险法 58"},
                             {"employee_insured_elsewhere", "社会保险法 58"},
                             {"handler_unreachable", "社会保险法 57"}}};
}

}  // namespace onewindow::departments::human_resources::social_insurance
