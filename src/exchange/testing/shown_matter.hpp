#pragma once

#include "application/testing/filled_form.hpp"
#include "exchange/matter.hpp"

// For *_test.cpp only.
namespace onewindow::exchange::testing {

/// A sample's case as the engine shows it, with the part of one matter in the form filled in.
struct ShownMatter {
    Matter matter;
    application::Context context = application::testing::SeedContext();
    application::CaseView view;
    licence::LicenceFacts licence;
    json::object notes;

    ShownMatter(Matter shown, const std::string& sample,
                const std::vector<application::testing::Change>& changes)
        : matter(std::move(shown)) {
        const json::object document = application::testing::LoadSample(sample);
        view.the_case.entity_type = json::TextAt(document, "entity_type");
        view.the_case.county = json::TextAt(document, "county");
        view.the_case.authority = view.the_case.county;
        view.facts = application::testing::Filled(sample, changes);
        const forms::Form form{matter.form.sections};
        forms::FillDefaults(form, view.facts);
        if (matter.form.derive) matter.form.derive(context, view.facts);
        forms::FillDefaults(form, view.facts);
        licence.established = context.today;
    }
    MatterInput Input() const {
        return {.view = view, .licence = &licence, .context = context, .notes = notes};
    }
    /// As the message is built: only what is declared.
    ShownMatter Declared() const {
        ShownMatter out = *this;
        out.view.facts = forms::Pick(view.facts, matter.fact_paths);
        return out;
    }
    /// "field code" of every fault of this matter's part of the form.
    std::vector<std::string> Faults() const {
        json::object part;
        for (const auto& section : matter.form.sections)
            part[section.id] = view.facts.at(section.id);
        part["people"] = view.facts.at("people");
        const auto known = [](std::string_view list, std::string_view code) {
            return application::testing::Seed().Knows(list, code);
        };
        forms::Form form{matter.form.sections};
        form.sections.push_back({.id = "people", .fields = {}, .repeats = true, .rows_max = 50});
        std::vector<Fault> faults = forms::Validate(form, part, {known, context.today}, true);
        // The rows of people are the application's to check; they are here for the references to
        // them.
        std::erase_if(faults, [](const Fault& fault) { return fault.field.starts_with("people"); });
        if (faults.empty() && matter.form.check) matter.form.check(context, view.facts, faults);
        std::vector<std::string> out;
        for (const Fault& fault : faults)
            out.push_back(fault.field + " " + std::string(fault.code()));
        return out;
    }
};

inline json::object Json(std::string_view text) { return json::Parse(text).value().as_object(); }

}  // namespace onewindow::exchange::testing
