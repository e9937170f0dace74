#include "exchange/matter.hpp"

#include "application/sections.hpp"
#include "departments/medical_insurance/enrolment/reasons.hpp"
#include "kernel/json/described.hpp"

namespace onewindow::departments::medical_insurance::enrolment {
namespace {

using exchange::Applicability;
using exchange::MatterInput;
using exchange::MatterResult;

struct EnrolmentResult {
    std::string unit_number;
    std::int64_t insured_people = 0;
};
BOOST_DESCRIBE_STRUCT(EnrolmentResult, (), (unit_number, insured_people))

bool HasEmployees(const MatterInput& input) {
    return !application::Rows(input.view.facts, "employees").empty();
}

/// Enterprises enrol with nobody employed yet (征缴条例 8); the others are units only as employers (社会保险法 58).
bool IsUnitOnlyAsEmployer(const MatterInput& input) {
    const std::string& type = input.view.the_case.entity_type;
    return type == "individual_business" || type == "cooperative";
}

forms::Section Section() {
    return {.id = "medical_insurance",
            .fields = {{.id = "handler",
                        .type = forms::FieldType::kPersonRef,
                        .source = forms::Source::kDerived,
                        .needed_by = {"medical_insurance"}}},
            .needed_by = {"medical_insurance"},
            .cite = "社会保险法 57"};
}

void Derive(const application::Context&, json::object& facts) {
    if (!json::TextAt(facts, "medical_insurance.handler").empty()) return;
    const std::string contact = json::TextAt(facts, "offices.contact");
    if (!contact.empty()) json::SetAt(facts, "medical_insurance.handler", json::value(contact));
}

json::object BuildFacts(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    const auto employees = static_cast<std::int64_t>(application::Rows(facts, "employees").size());
    json::object out{{"county", input.view.the_case.county},
                     {"phone", json::TextAt(facts, "address.phone")},
                     {"employees", employees}};
    const json::value* handler =
        application::FindPerson(facts, json::TextAt(facts, "medical_insurance.handler"));
    if (handler != nullptr) {
        json::object& person = out["handler"].emplace_object();
        for (const char* field : {"name", "id_type", "id_number", "mobile"}) {
            person[field] = json::TextAt(*handler, field);
        }
    }
    return out;
}

json::array BuildPeople(const MatterInput& input) {
    json::array people;
    for (const json::value& row : application::Rows(input.view.facts, "employees")) {
        json::object person;
        for (const char* field : {"name", "id_number", "mobile", "household", "contract_from"}) {
            const std::string text = json::TextAt(row, field);
            if (!text.empty()) person[field] = text;
        }
        person["wage"] = json::IntAt(row, "wage");
        people.push_back(std::move(person));
    }
    return people;
}

Result<MatterResult> ReadResult(const MatterInput& input, const json::object& result) {
    OW_TRY(const EnrolmentResult read, json::Read<EnrolmentResult>(result));
    const auto sent = static_cast<std::int64_t>(application::Rows(input.view.facts, "employees").size());
    std::vector<Fault> faults;
    if (read.unit_number.size() < 4 || read.unit_number.size() > 40) {
        faults.push_back({&reasons::kNumber, "unit_number", {}});
    }
    if (read.insured_people != sent) {
        faults.push_back({&reasons::kPeople,
                          "insured_people",
                          {{"sent", std::to_string(sent)}, {"insured", std::to_string(read.insured_people)}}});
    }
    if (!faults.empty()) return Refuse(std::move(faults));
    return MatterResult{.number = read.unit_number,
                        .shown = {{"insured_people", read.insured_people}},
                        .items = {}};
}

}  // namespace

exchange::Matter MakeMatter() {
    return {
        .id = "medical_insurance/enrolment",
        .agency = "medical_insurance",
        .stage = 1,
        .starts_after = {"licence"},
        .limit = "medical_insurance/enrolment",
        .licence_fields = {"uscc", "name", "type", "person", "address", "date"},
        .fact_paths = {"medical_insurance.handler", "address.phone", "people.key", "people.name",
                       "people.id_type", "people.id_number", "people.mobile", "employees.name",
                       "employees.id_number", "employees.mobile", "employees.household",
                       "employees.contract_from", "employees.wage"},
        .form = {.id = "medical_insurance/enrolment",
                 .sections = {Section()},
                 .applies = {},
                 .derive = Derive,
                 .check = {}},
        .applies =
            [](const MatterInput& input) {
                const bool required = HasEmployees(input) || !IsUnitOnlyAsEmployer(input);
                return required ? Applicability::kRequired : Applicability::kNotApplicable;
            },
        .may_close = [](const MatterInput& input) { return IsUnitOnlyAsEmployer(input) && !HasEmployees(input); },
        .build_facts = BuildFacts,
        .build_people = BuildPeople,
        .read_result = ReadResult,
        .reason_codes = {{"employee_insured_elsewhere", "社会保险法 58"},
                         {"identity_mismatch", "社会保险法 58"},
                         {"already_enrolled", "社会保险法 57"}},
    };
}

}  // namespace onewindow::departments::medical_insurance::enrolment
