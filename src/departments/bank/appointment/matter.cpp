#include "exchange/matter.hpp"

#include <algorithm>

#include "application/sections.hpp"
#include "departments/bank/appointment/reasons.hpp"
#include "departments/bank/appointment/slots.hpp"
#include "kernel/json/described.hpp"

namespace onewindow::departments::bank::appointment {
namespace {

using application::Context;
using exchange::Applicability;
using exchange::MatterInput;
using exchange::MatterResult;
using exchange::StepInput;
using forms::FieldType;

struct AppointmentResult {
    std::string appointment_number, branch, day, slot;
};
BOOST_DESCRIBE_STRUCT(AppointmentResult, (), (appointment_number, branch, day, slot))

struct AccountResult {
    std::string account_number, approval_number;
};
BOOST_DESCRIBE_STRUCT(AccountResult, (), (account_number, approval_number))

forms::Section Section() {
    const auto wanted = forms::Equals("bank.wanted", true);
    const auto field = [&](std::string id, FieldType type, std::vector<std::string> options = {}) {
        return forms::Field{.id = std::move(id),
                            .type = type,
                            .required_when = wanted,
                            .asked_when = wanted,
                            .needed_by = {"bank"},
                            .options = std::move(options),
                            .lookup = type == FieldType::kLookup ? "bank_branch" : ""};
    };
    forms::Field consent = field("consent", FieldType::kBoolean);
    consent.cite = "个人信息保护法 23";
    return {.id = "bank",
            .fields = {{.id = "wanted",
                        .type = FieldType::kBoolean,
                        .needed_by = {"bank"},
                        .default_value = false},
                       field("branch", FieldType::kLookup), field("day", FieldType::kDate),
                       field("slot", FieldType::kChoice, Slots()), std::move(consent)},
            .needed_by = {"bank"}};
}

void Check(const Context& context, const json::object& facts, std::vector<Fault>& faults) {
    if (!json::BoolAt(facts, "bank.wanted")) return;
    if (!json::BoolAt(facts, "bank.consent")) faults.push_back({&reasons::kConsent, "bank.consent", {}});
    const auto day = ParseDate(json::TextAt(facts, "bank.day"));
    const Date first = NextWorkday(context.reference, context.today);
    if (!day || *day < first || !context.reference.calendar().IsWorkday(*day)) {
        faults.push_back({&reasons::kDay, "bank.day", {{"first", FormatDate(first)}}});
    }
    const auto* branch = context.reference.FindBranch(json::TextAt(facts, "bank.branch"));
    const auto* city = context.reference.CityOf(json::TextAt(facts, "address.street"));
    if (branch == nullptr || city == nullptr || branch->city != city->code) {
        faults.push_back({&reasons::kBranchElsewhere, "bank.branch", {}});
    }
}

bool IsWanted(const json::object& facts) {
    return json::BoolAt(facts, "bank.wanted") && json::BoolAt(facts, "bank.consent");
}

/// What the track remembers of a booking; empty texts where the branch had nothing free.
json::object NotesOf(const std::string& branch, const std::optional<Booking>& booking, bool as_wished) {
    return {{"branch", branch},
            {"day", booking ? FormatDate(booking->day) : ""},
            {"slot", booking ? booking->slot : ""},
            {"as_wished", booking && as_wished}};
}

Result<json::object> BookAtOpening(const StepInput& step) {
    const json::object& facts = step.matter.view.facts;
    const Context& context = step.matter.context;
    const std::string code = json::TextAt(facts, "bank.branch"), slot = json::TextAt(facts, "bank.slot");
    const auto* branch = context.reference.FindBranch(code);
    const auto day = ParseDate(json::TextAt(facts, "bank.day"));
    if (branch == nullptr || !day) return NotesOf(code, {}, false);
    OW_TRY(const auto booking, Book(step, *branch, *day, slot));
    return NotesOf(code, booking, booking && booking->day == *day && booking->slot == slot);
}

/// The first day at the bank is the working day after the licence: a booking that this overtook moves on (J24).
Result<json::object> MoveIfLate(const StepInput& step) {
    const json::object& facts = step.matter.view.facts;
    const Context& context = step.matter.context;
    const std::string code = json::TextAt(facts, "bank.branch"), slot = json::TextAt(facts, "bank.slot");
    const auto* branch = context.reference.FindBranch(code);
    if (branch == nullptr) return json::object{};
    OW_TRY(const auto held, FindBooking(step.tx, step.track));
    const Date first = NextWorkday(context.reference, context.today);
    if (held && held->branch == code && held->day >= first) return json::object{};
    OW_TRY(const auto booking, Book(step, *branch, first, slot));
    return NotesOf(code, booking, false);
}

json::object BuildFacts(const MatterInput& input) {
    json::object out{{"branch", json::TextAt(input.view.facts, "bank.branch")},
                     {"day", json::TextAt(input.notes, "day")},
                     {"slot", json::TextAt(input.notes, "slot")},
                     {"account_type", "basic"},
                     {"consent", json::BoolAt(input.view.facts, "bank.consent")}};
    const auto* branch = input.context.reference.FindBranch(json::TextAt(input.view.facts, "bank.branch"));
    if (branch != nullptr) out["branch_name"] = branch->name;
    return out;
}

json::array BuildPeople(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    const json::value* contact = application::FindPerson(facts, json::TextAt(facts, "offices.contact"));
    json::array people;
    if (contact != nullptr) {
        people.push_back(json::object{{"name", json::TextAt(*contact, "name")},
                                      {"mobile", json::TextAt(*contact, "mobile")}});
    }
    return people;
}

bool IsNumber(std::string_view text) {
    const auto plain = [](char character) {
        return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z');
    };
    return text.size() >= 4 && text.size() <= 40 && std::all_of(text.begin(), text.end(), plain);
}

Result<MatterResult> ReadResult(const MatterInput& input, const json::object& result) {
    OW_TRY(const AppointmentResult read, json::Read<AppointmentResult>(result));
    std::vector<Fault> faults;
    if (!IsNumber(read.appointment_number)) faults.push_back({&reasons::kNumber, "appointment_number", {}});
    const bool known = std::find(Slots().begin(), Slots().end(), read.slot) != Slots().end();
    const std::string day = json::TextAt(input.notes, "day"), slot = json::TextAt(input.notes, "slot");
    if (read.branch != json::TextAt(input.notes, "branch")) faults.push_back({&reasons::kOtherBooking, "branch", {}});
    if (!ParseDate(read.day) || (!day.empty() && read.day != day)) {
        faults.push_back({&reasons::kOtherBooking, "day", {}});
    }
    if (!known || (!slot.empty() && read.slot != slot)) faults.push_back({&reasons::kOtherBooking, "slot", {}});
    if (!faults.empty()) return Refuse(std::move(faults));
    return MatterResult{.number = read.appointment_number,
                        .shown = {{"branch", read.branch}, {"day", read.day}, {"slot", read.slot}},
                        .items = {}};
}

Result<json::object> ReadStep(const MatterInput&, const std::string&, const json::object& result) {
    OW_TRY(const AccountResult read, json::Read<AccountResult>(result));
    std::vector<Fault> faults;
    if (!IsNumber(read.account_number)) faults.push_back({&reasons::kNumber, "account_number", {}});
    if (!IsNumber(read.approval_number)) faults.push_back({&reasons::kNumber, "approval_number", {}});
    if (!faults.empty()) return Refuse(std::move(faults));
    return json::object{{"account_number", read.account_number}, {"approval_number", read.approval_number}};
}

}  // namespace

exchange::Matter MakeMatter() {
    return {
        .id = "bank/appointment",
        .agency = "bank",
        .stage = 0,
        .starts_after = {"licence"},
        .limit = "",
        .licence_fields = {"uscc", "name", "type", "person", "address", "scope", "date"},
        .fact_paths = {"bank.branch", "bank.consent", "offices.contact", "people.key", "people.name", "people.mobile"},
        .form = {.id = "bank/appointment", .sections = {Section()}, .applies = {}, .derive = {}, .check = Check},
        .applies =
            [](const MatterInput& input) {
                return IsWanted(input.view.facts) ? Applicability::kRequired : Applicability::kNotApplicable;
            },
        .may_close = [](const MatterInput&) { return true; },
        .build_facts = BuildFacts,
        .build_people = BuildPeople,
        .read_result = ReadResult,
        .late_steps = {{.id = "account_opened"}},
        .read_step = ReadStep,
        .reason_codes = {{"branch_closed", "人民币银行结算账户管理办法 28"},
                         {"identity_to_be_checked", "反洗钱法 29"}},
        .at_opening = BookAtOpening,
        .at_due = MoveIfLate,
        .at_end = [](const StepInput& step, bool done) -> Result<> { return done ? Result<>{} : Release(step); },
        .register_events = RegisterEvents,
        .add_routes = AddRoutes,
    };
}

}  // namespace onewindow::departments::bank::appointment
