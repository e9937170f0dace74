#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "application/sections.hpp"
#include "exchange/matter.hpp"
#include "reference/datasets/datasets.hpp"

namespace onewindow::embedded {
std::vector<application::EntityType> AllEntityTypes();
std::vector<exchange::Matter> AllMatters();
}  // namespace onewindow::embedded

// For *_test.cpp only: fills in a kind of business's form as the service does, without cases and
// tables.
namespace onewindow::application::testing {

inline const Date kToday{std::chrono::year{2026} / 11 / 23};

inline const reference::Snapshot& Seed() {
    static const reference::SnapshotPointer kSnapshot = reference::SeedSnapshot();
    return *kSnapshot;
}

inline Context SeedContext() { return {Seed(), At(kToday, std::chrono::hours{9}), kToday}; }

inline const EntityType& TypeOf(std::string_view id) {
    static const std::vector<EntityType> kTypes = embedded::AllEntityTypes();
    for (const EntityType& type : kTypes) {
        if (type.id == id) return type;
    }
    ADD_FAILURE() << "no entity type " << id;
    return kTypes.front();
}

inline const naming::NameTables& SeedNames() {
    static const naming::NameTables kTables = naming::LoadNameTables(embedded::AllData()).value();
    return kTables;
}

/// A sample of samples/: {"entity_type","county","persons","applicant","facts"}.
inline json::object LoadSample(const std::string& name) {
    std::ifstream file(std::string(ONEWINDOW_SOURCE_DIR) + "/samples/" + name + ".json");
    std::stringstream text;
    text << file.rdbuf();
    const auto sample = json::Parse(text.str());
    if (!sample) ADD_FAILURE() << name << ": " << sample.error().Describe();
    return sample.value().as_object();
}

/// The parts that matters add to this kind's form.
inline std::vector<FormPart> PartsOf(const EntityType& type) {
    std::vector<FormPart> parts;
    for (const exchange::Matter& matter : embedded::AllMatters()) {
        if (!matter.form.applies || matter.form.applies(type.id)) parts.push_back(matter.form);
    }
    return parts;
}

/// The whole form, own sections and those of the matters.
inline forms::Form FormOf(const EntityType& type) {
    forms::Form form{type.sections};
    for (const FormPart& part : PartsOf(type))
        form.sections.insert(form.sections.end(), part.sections.begin(), part.sections.end());
    return form;
}

/// Defaults, derived values, and the defaults that hang on them; as Application::Completed does.
inline json::object Completed(const EntityType& type, json::object facts) {
    const forms::Form form = FormOf(type);
    forms::FillDefaults(form, facts);
    type.derive(SeedContext(), facts);
    for (const FormPart& part : PartsOf(type)) {
        if (part.derive) part.derive(SeedContext(), facts);
    }
    forms::FillDefaults(form, facts);
    return facts;
}

/// "field code" of every fault of the completed facts: shape first, rules only where the shape is
/// right.
inline std::vector<std::string> FaultsOf(const EntityType& type, const json::object& facts) {
    const json::object completed = Completed(type, facts);
    const forms::Lookups lookups{
        [](std::string_view list, std::string_view code) { return Seed().Knows(list, code); },
        kToday};
    std::vector<Fault> faults = forms::Validate(FormOf(type), completed, lookups, true);
    if (faults.empty()) {
        type.check(SeedContext(), completed, faults);
        for (const FormPart& part : PartsOf(type)) {
            if (part.check) part.check(SeedContext(), completed, faults);
        }
    }
    std::vector<std::string> out;
    for (const Fault& fault : faults) out.push_back(fault.field + " " + std::string(fault.code()));
    std::sort(out.begin(), out.end());
    return out;
}

/// Codes of what stands against the form's name, blocking or for a person to look at.
inline std::vector<std::string> NameFindings(const EntityType& type, const json::object& facts,
                                             const std::string& county) {
    const std::string name = json::TextAt(facts, "name.full");
    if (name.empty() && !type.needs_name) return {};
    const auto index = naming::IndexRegions(Seed());
    const naming::RegionNames& regions = *index;
    const naming::StructureRequest request{.kind = type.org_kind,
                                           .seat = county,
                                           .parent_name = json::TextAt(facts, "parent.name"),
                                           .today = kToday};
    std::vector<std::string> out;
    for (const naming::Finding& finding : naming::CheckStructure(
             naming::ParseName(name, SeedNames(), regions), request, SeedNames(), regions)) {
        out.push_back(std::string(finding.fault.code()) +
                      (finding.level == naming::Level::kBlock ? " blocks" : " to be looked at"));
    }
    return out;
}

/// One fact replaced, or taken away where `text` is empty. `path` counts rows:
/// "investors.0.amount"; "investors.+" adds one.
struct Change {
    std::string path;
    std::string text;  // JSON
};

inline void Apply(json::object& facts, const Change& change) {
    json::value root = std::move(facts);
    json::value* node = &root;
    std::string_view rest = change.path;
    for (;;) {
        const std::size_t dot = rest.find('.');
        const std::string part(rest.substr(0, dot));
        const bool last = dot == std::string_view::npos;
        if (last && change.text.empty()) {
            if (node->is_array())
                node->get_array().erase(node->get_array().begin() + std::stol(part));
            else
                node->as_object().erase(part);
            break;
        }
        if (part == "+" && node->is_array())
            node = &node->get_array().emplace_back(json::object{});
        else if (node->is_array())
            node = &node->get_array().at(static_cast<std::size_t>(std::stoul(part)));
        else
            node = &node->as_object()[part];
        if (last) {
            *node = json::Parse(change.text).value();
            break;
        }
        if (!node->is_array() && !node->is_object()) {
            if (rest.substr(dot + 1).starts_with('+'))
                *node = json::array{};
            else
                *node = json::object{};
        }
        rest.remove_prefix(dot + 1);
    }
    facts = std::move(root.get_object());
}

/// A sample with some facts changed, and every fault that this gives.
struct RuleCase {
    std::string goal;
    std::vector<Change> changes;
    std::vector<std::string> faults;
};

inline void ExpectRules(const std::string& sample, const std::vector<RuleCase>& cases) {
    const json::object document = LoadSample(sample);
    for (const RuleCase& rule : cases) {
        json::object facts = document.at("facts").as_object();
        for (const Change& change : rule.changes) Apply(facts, change);
        EXPECT_EQ(FaultsOf(TypeOf(json::TextAt(document, "entity_type")), facts), rule.faults)
            << rule.goal;
    }
}

/// The completed facts of a sample, with some changed.
inline json::object Filled(const std::string& sample, const std::vector<Change>& changes = {}) {
    const json::object document = LoadSample(sample);
    json::object facts = document.at("facts").as_object();
    for (const Change& change : changes) Apply(facts, change);
    return Completed(TypeOf(json::TextAt(document, "entity_type")), std::move(facts));
}

/// "person capacity principal: papers", in order; verified-only ones in brackets.
inline std::vector<std::string> SignatureMatrix(const EntityType& type, const json::object& facts) {
    std::vector<std::string> out;
    for (const Signatory& one : type.signatories(facts)) {
        std::string line = one.person + " " + one.capacity +
                           (one.principal.empty() ? "" : " " + one.principal) + ":";
        for (const std::string& paper : one.papers) line += " " + paper;
        out.push_back(one.verified_only ? "(" + line + ")" : line);
    }
    return out;
}

/// All text of a paper.
inline std::string TextOfPaper(const EntityType& type, const json::object& facts,
                               std::string_view id) {
    std::string text;
    for (const PaperDraft& paper : type.papers(SeedContext(), facts)) {
        if (paper.id != id) continue;
        text += paper.title + "\n";
        for (const documents::Paragraph& paragraph : paper.paragraphs)
            text += paragraph.text + "\n";
    }
    return text;
}

}  // namespace onewindow::application::testing
