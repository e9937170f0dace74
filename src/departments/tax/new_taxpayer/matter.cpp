#include "exchange/matter.hpp"

#include <algorithm>
#include <set>

#include "application/sections.hpp"
#include "departments/tax/new_taxpayer/reasons.hpp"
#include "kernel/json/described.hpp"

// 新办纳税人套餐: registration confirmed, tax types, accounting, invoices (domain.md D12, J22).
namespace onewindow::departments::tax::new_taxpayer {
namespace {

using exchange::Applicability;
using exchange::MatterInput;
using exchange::MatterResult;

struct NewTaxpayerResult {
    std::string taxpayer_number;
    std::vector<std::string> tax_types;
    std::string invoice_mode;
    std::int64_t invoice_grant = 0;  // Fen a month.
    std::optional<std::string> device_serial;
};
BOOST_DESCRIBE_STRUCT(NewTaxpayerResult, (),
                      (taxpayer_number, tax_types, invoice_mode, invoice_grant, device_serial))

const std::string kDigital = "digital";          // 数电发票
const std::string kTaxControl = "tax_control";   // 税控
const std::string kSealsMatter = "public_security/seals";

/// By city and day; kept from the opening on, so that prerequisites, message and answer agree.
std::string InvoiceModeOf(const MatterInput& input) {
    const std::string noted = json::TextAt(input.notes, "invoice_mode");
    if (!noted.empty()) return noted;
    const auto& reference = input.context.reference;
    const reference::Division* city = reference.CityOf(input.view.the_case.county);
    const auto rates = reference.RateOf(city == nullptr ? "" : city->code, input.context.today);
    return rates && rates->invoice_mode == reference::InvoiceMode::kTaxControl ? kTaxControl : kDigital;
}

/// Paper invoices need the imprint of the 发票专用章 (发票管理办法 15). Who refuses the free set brings a seal of its own.
std::vector<std::string> StartsAfterAlso(const MatterInput& input) {
    const bool sealed = json::BoolAt(input.view.facts, "seals.take", true);
    if (InvoiceModeOf(input) != kTaxControl || !sealed) return {};
    return {kSealsMatter + ":imprint_uploaded"};
}

application::FormPart Form() {
    using forms::FieldType;
    const std::vector<std::string> tax = {"tax"};
    return {.id = "tax/new_taxpayer",
            .sections = {{.id = "tax",
                          .fields = {{.id = "taxpayer", .type = FieldType::kChoice, .needed_by = tax,
                                      .options = {"small_scale", "general"}, .default_value = "small_scale",
                                      .cite = "增值税一般纳税人登记管理办法 2"},
                                     {.id = "accounting", .type = FieldType::kChoice, .needed_by = tax,
                                      .options = {"small_business", "enterprise", "other"},
                                      .default_value = "small_business", .cite = "税收征收管理法 20"},
                                     // A branch has said so among the facts of its parent.
                                     {.id = "method", .type = FieldType::kChoice,
                                      .required_when = forms::Not(forms::Present("parent.accounting")),
                                      .asked_when = forms::Not(forms::Present("parent.accounting")),
                                      .needed_by = tax, .options = {"independent", "dependent"},
                                      .default_value = "independent"}},
                          .needed_by = tax,
                          .cite = "税收征收管理法 15"}},
            .applies = nullptr,
            .derive = [](const application::Context&, json::object& facts) {
                // A default that was filled in before the parent's facts were there.
                json::value* section = facts.if_contains("tax");
                if (section == nullptr || !section->is_object()) return;
                if (json::Find(facts, "parent.accounting") != nullptr) section->get_object().erase("method");
            },
            .check = nullptr};
}

json::object PersonOf(const json::object& facts, const std::string& key, std::string_view role) {
    const json::value* person = application::FindPerson(facts, key);
    if (person == nullptr) return {};
    json::object out{{"role", json::value(role)},
                     {"name", json::TextAt(*person, "name")},
                     {"id_type", json::TextAt(*person, "id_type")},
                     {"id_number", json::TextAt(*person, "id_number")},
                     {"mobile", json::TextAt(*person, "mobile")}};
    const std::string email = json::TextAt(*person, "email");
    if (!email.empty()) out["email"] = email;
    return out;
}

json::object BuildFacts(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    const std::string of_branch = json::TextAt(facts, "parent.accounting");
    const reference::ScopeItem* main = input.context.reference.FindScopeItem(json::TextAt(facts, "scope.main"));
    return {{"taxpayer", json::TextAt(facts, "tax.taxpayer", "small_scale")},
            {"accounting", json::TextAt(facts, "tax.accounting", "small_business")},
            {"method", of_branch.empty() ? json::TextAt(facts, "tax.method", "independent") : of_branch},
            {"invoice_mode", InvoiceModeOf(input)},
            {"industry", main == nullptr ? "" : main->industry},
            {"postcode", json::TextAt(facts, "address.postcode")},
            {"phone", json::TextAt(facts, "address.phone")}};
}

json::array BuildPeople(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    json::array people;
    for (const auto& [key, role] : {std::pair{application::HeadOf(facts), "head"},
                                    std::pair{json::TextAt(facts, "offices.finance"), "finance"}}) {
        json::object person = PersonOf(facts, key, role);
        if (!person.empty()) people.push_back(std::move(person));
    }
    return people;
}

Result<> CheckDevice(const std::string& mode, const std::optional<std::string>& serial) {
    // Only 税控 needs a device, and then it is one of the things to hand over.
    const bool wanted = mode == kTaxControl;
    if (wanted != serial.has_value()) return Refuse(reasons::kDeviceSerial, "device_serial");
    if (serial && (serial->empty() || serial->size() > 40)) return Refuse(reasons::kDeviceSerial, "device_serial");
    return {};
}

Result<MatterResult> ReadResult(const MatterInput& input, const json::object& result) {
    OW_TRY(const auto read, json::Read<NewTaxpayerResult>(result));
    // 多证合一: the taxpayer number is the licence's code.
    if (input.licence == nullptr || read.taxpayer_number != input.licence->uscc) {
        return Refuse(reasons::kTaxpayerNumber, "taxpayer_number");
    }
    const std::set<std::string> types(read.tax_types.begin(), read.tax_types.end());
    if (types.empty() || types.contains("") || types.size() != read.tax_types.size()) {
        return Refuse(reasons::kTaxTypes, "tax_types");
    }
    const std::string mode = InvoiceModeOf(input);
    if (read.invoice_mode != mode) return Refuse(reasons::kInvoiceMode, "invoice_mode", {{"expected", mode}});
    if (read.invoice_grant < 0) return Refuse(reasons::kInvoiceGrant, "invoice_grant");
    OW_CHECK(CheckDevice(mode, read.device_serial));
    MatterResult out{.number = read.taxpayer_number,
                     .shown = {{"tax_types", json::Write(read.tax_types)},
                               {"invoice_mode", read.invoice_mode},
                               {"invoice_grant", read.invoice_grant}},
                     .items = {}};
    if (read.device_serial) {
        out.shown["device_serial"] = *read.device_serial;
        out.items = {{"invoices", ""}, {"tax_device", *read.device_serial}};
    }
    return out;
}

}  // namespace

exchange::Matter MakeMatter() {
    return {.id = "tax/new_taxpayer",
            .agency = "tax",
            .stage = 2,
            .starts_after = {"licence"},
            .starts_after_also = StartsAfterAlso,
            .limit = "tax/new_taxpayer",
            .licence_fields = {"uscc", "name", "type", "person", "capital", "address", "scope", "date", "certificate"},
            .fact_paths = {"tax", "parent.accounting", "scope.main", "address.postcode", "address.phone",
                           "offices.legal_representative", "offices.investor", "offices.operator", "offices.head",
                           "offices.finance", "investors.holder", "investors.executive", "investors.delegate",
                           "people.key", "people.name", "people.id_type", "people.id_number", "people.mobile",
                           "people.email"},
            .form = Form(),
            .applies = [](const MatterInput&) { return Applicability::kRequired; },
            .build_facts = BuildFacts,
            .build_people = BuildPeople,
            .read_result = ReadResult,
            .reason_codes = {{"finance_identity", "税收征收管理法 15"},
                             {"premises_unclear", "税收征收管理法 15"},
                             {"accounting_unsuitable", "税收征收管理法 20"}},
            .at_opening = [](const exchange::StepInput& step) -> Result<json::object> {
                return json::object{{"invoice_mode", InvoiceModeOf(step.matter)}};
            },
            .expected_items = [](const MatterInput& input) -> std::vector<std::string> {
                if (InvoiceModeOf(input) != kTaxControl) return {};
                return {"invoices", "tax_device"};
            }};
}

}  // namespace onewindow::departments::tax::new_taxpayer
