#include "exchange/matter.hpp"

#include <algorithm>
#include <set>

#include "application/sections.hpp"
#include "departments/public_security/seals/dispatch.hpp"
#include "departments/public_security/seals/reasons.hpp"
#include "kernel/json/described.hpp"

// 印章刻制与备案: the police allot numbers, a maker engraves and uploads the imprints, the police file (domain.md D11, J23).
namespace onewindow::departments::public_security::seals {
namespace {

using exchange::Applicability;
using exchange::MatterInput;
using exchange::MatterResult;

struct AllottedSeal {
    std::string kind, number;
};
BOOST_DESCRIBE_STRUCT(AllottedSeal, (), (kind, number))
struct AllottedSeals {
    std::vector<AllottedSeal> seals;
};
BOOST_DESCRIBE_STRUCT(AllottedSeals, (), (seals))

struct SealImprint {
    std::string number, imprint_sm3;
};
BOOST_DESCRIBE_STRUCT(SealImprint, (), (number, imprint_sm3))
struct SealImprints {
    std::vector<SealImprint> seals;
};
BOOST_DESCRIBE_STRUCT(SealImprints, (), (seals))

struct SealFiling {
    std::string filing_number;
};
BOOST_DESCRIBE_STRUCT(SealFiling, (), (filing_number))

struct MadeSeal {
    std::string kind, number, imprint_sm3;
};
BOOST_DESCRIBE_STRUCT(MadeSeal, (), (kind, number, imprint_sm3))
struct SealsResult {
    std::string maker;
    std::vector<MadeSeal> seals;
    std::string filing_number;
};
BOOST_DESCRIBE_STRUCT(SealsResult, (), (maker, seals, filing_number))

/// 公章, 财务专用章, 发票专用章 and the name seal of whoever stands for the business (J23), the same for every type.
const std::vector<std::string> kRecipe = {"company", "finance", "invoice", "person"};

bool Takes(const MatterInput& input) { return json::BoolAt(input.view.facts, "seals.take", true); }

application::FormPart Form() {
    using forms::FieldType;
    const std::vector<std::string> police = {"public_security"};
    const auto taken = forms::Not(forms::Equals("seals.take", false));
    const auto chosen = forms::And({taken, forms::Equals("seals.dispatch", "chosen")});
    return {.id = "public_security/seals",
            .sections = {{.id = "seals",
                          .fields = {{.id = "take", .type = FieldType::kBoolean, .needed_by = police,
                                      .default_value = true, .cite = "domain J4"},
                                     {.id = "dispatch", .type = FieldType::kChoice, .required_when = taken,
                                      .asked_when = taken, .needed_by = police, .options = {"system", "chosen"},
                                      .default_value = "system"},
                                     {.id = "maker", .type = FieldType::kLookup, .required_when = chosen,
                                      .asked_when = chosen, .needed_by = police, .lookup = "seal_maker"}},
                          .needed_by = police,
                          .cite = "国发〔1999〕25号"}},
            .applies = nullptr,
            .derive = nullptr,
            .check = nullptr};
}

/// What the seal says: the licence's name, and on the name seal the person's.
json::object BuildFacts(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    const std::string person = application::PersonName(facts, application::HeadOf(facts));
    const std::string business = input.licence == nullptr ? "" : input.licence->name;
    json::array seals;
    for (const std::string& kind : kRecipe) {
        seals.push_back(json::object{{"kind", kind}, {"text", kind == "person" ? person : business}});
    }
    return {{"seals", seals},
            {"division", input.view.the_case.county},
            {"dispatch", json::TextAt(facts, "seals.dispatch", "system")},
            {"maker", json::TextAt(input.notes, "maker")},
            {"maker_name", json::TextAt(input.notes, "maker_name")}};
}

json::array BuildPeople(const MatterInput& input) {
    const json::object& facts = input.view.facts;
    const json::value* head = application::FindPerson(facts, application::HeadOf(facts));
    if (head == nullptr) return {};
    json::array people;
    people.push_back(json::object{{"role", "head"},
                                  {"name", json::TextAt(*head, "name")},
                                  {"id_type", json::TextAt(*head, "id_type")},
                                  {"id_number", json::TextAt(*head, "id_number")},
                                  {"mobile", json::TextAt(*head, "mobile")}});
    return people;
}

template <class Seal>
Result<> CheckNumbers(const std::vector<Seal>& seals) {
    std::set<std::string> numbers;
    for (std::size_t i = 0; i < seals.size(); ++i) {
        const std::string field = "seals." + std::to_string(i) + ".number";
        const auto report = reference::CheckSeal(seals[i].number);
        if (!report.valid) return Refuse(*report.fault, field);
        // Folded or trimmed forms are for people; a machine sends the number itself.
        if (report.code != seals[i].number) return Refuse(reference::reasons::kCodeCharacter, field);
        if (!numbers.insert(report.code).second) return Refuse(reasons::kNumberTwice, field);
    }
    return {};
}

template <class Seal>
Result<> CheckKinds(const std::vector<Seal>& seals) {
    std::multiset<std::string> kinds;
    for (const Seal& seal : seals) kinds.insert(seal.kind);
    if (kinds != std::multiset<std::string>(kRecipe.begin(), kRecipe.end())) return Refuse(reasons::kKinds, "seals");
    return {};
}

template <class Seal>
Result<> CheckImprints(const std::vector<Seal>& seals) {
    for (std::size_t i = 0; i < seals.size(); ++i) {
        const std::string& digest = seals[i].imprint_sm3;
        const bool hex = std::all_of(digest.begin(), digest.end(),
                                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
        if (digest.size() != 64 || !hex) {
            return Refuse(reasons::kImprint, "seals." + std::to_string(i) + ".imprint_sm3");
        }
    }
    return {};
}

Result<> CheckFiling(const std::string& number) {
    const bool plain = std::all_of(number.begin(), number.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-';
    });
    if (number.size() < 4 || number.size() > 40 || !plain) return Refuse(reasons::kFilingNumber, "filing_number");
    return {};
}

Result<json::object> ReadStep(const MatterInput&, const std::string& step, const json::object& result) {
    if (step == "numbers_allotted") {
        OW_TRY(const auto read, json::Read<AllottedSeals>(result));
        OW_CHECK(CheckKinds(read.seals));
        OW_CHECK(CheckNumbers(read.seals));
        return json::object{{"seals", json::Write(read.seals)}};
    }
    if (step == "engraved") {
        if (!result.empty()) return Refuse(reasons::kStepResult, "result");
        return json::object{};
    }
    if (step == "imprint_uploaded") {
        OW_TRY(const auto read, json::Read<SealImprints>(result));
        if (read.seals.size() != kRecipe.size()) return Refuse(reasons::kImprintCount, "seals");
        OW_CHECK(CheckNumbers(read.seals));
        OW_CHECK(CheckImprints(read.seals));
        return json::object{{"imprints", json::Write(read.seals)}};
    }
    if (step == "filed") {
        OW_TRY(const auto read, json::Read<SealFiling>(result));
        OW_CHECK(CheckFiling(read.filing_number));
        return json::object{{"filing_number", read.filing_number}};
    }
    return Refuse(reasons::kStepUnknown, "step");
}

Result<MatterResult> ReadResult(const MatterInput& input, const json::object& result) {
    OW_TRY(const auto read, json::Read<SealsResult>(result));
    OW_CHECK(CheckKinds(read.seals));
    OW_CHECK(CheckNumbers(read.seals));
    OW_CHECK(CheckImprints(read.seals));
    OW_CHECK(CheckFiling(read.filing_number));
    const std::string ordered = json::TextAt(input.notes, "maker");
    const bool right = ordered.empty() ? input.context.reference.FindMaker(read.maker) != nullptr : read.maker == ordered;
    if (!right) return Refuse(reasons::kMaker, "maker", {{"maker", ordered}});
    MatterResult out{.number = read.filing_number,
                     .shown = {{"maker", read.maker},
                               {"seals", json::Write(read.seals)},
                               {"filing_number", read.filing_number}},
                     .items = {}};
    for (const MadeSeal& seal : read.seals) out.items.push_back({"seal_" + seal.kind, seal.number});
    return out;
}

std::vector<std::string> ExpectedItems(const MatterInput& input) {
    std::vector<std::string> kinds;
    if (!Takes(input)) return kinds;
    for (const std::string& kind : kRecipe) kinds.push_back("seal_" + kind);
    return kinds;
}

}  // namespace

exchange::Matter MakeMatter() {
    return {.id = "public_security/seals",
            .agency = "public_security",
            .stage = 2,
            .starts_after = {"licence"},
            .limit = "public_security/seals",
            .licence_fields = {"uscc", "name", "type", "person", "address", "date", "certificate"},
            .fact_paths = {"seals", "offices.legal_representative", "offices.investor", "offices.operator",
                           "offices.head", "investors.holder", "investors.executive", "investors.delegate",
                           "people.key", "people.name", "people.id_type", "people.id_number", "people.mobile"},
            .form = Form(),
            // The free set is an offer; whoever refused it may ask for it later (J23).
            .applies = [](const MatterInput& input) {
                return Takes(input) ? Applicability::kRequired : Applicability::kDeferred;
            },
            .may_close = [](const MatterInput&) { return true; },
            .build_facts = BuildFacts,
            .build_people = BuildPeople,
            .read_result = ReadResult,
            .steps = {{.id = "numbers_allotted", .holder_after = "performer"},
                      {.id = "engraved", .holder_after = "performer", .by_performer = true},
                      {.id = "imprint_uploaded", .by_performer = true},
                      {.id = "filed"}},
            .read_step = ReadStep,
            .reason_codes = {{"name_not_engravable", "国发〔1999〕25号 17"},
                             {"head_identity", "国发〔1999〕25号 22"}},
            .at_due = OrderSeals,
            .at_end = [](const exchange::StepInput& step, bool done) {
                return EndOrder(step, done ? "done" : "withdrawn");
            },
            .silence = {.minutes = 60, .step = "engraved", .act = OrderAgain},
            .register_events = RegisterEvents,
            .add_routes = AddRoutes,
            .expected_items = ExpectedItems};
}

}  // namespace onewindow::departments::public_security::seals
