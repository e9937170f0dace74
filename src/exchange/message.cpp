#include <algorithm>

#include "exchange/engine.hpp"

// The message to an agency. It is built from what the matter declared and from nothing else (promise I23).
namespace onewindow::exchange {

licence::LicenceFacts OnlyDeclared(const Matter& matter, const licence::LicenceFacts& licence) {
    const auto has = [&](std::string_view field) {
        return std::find(matter.licence_fields.begin(), matter.licence_fields.end(), field) != matter.licence_fields.end();
    };
    licence::LicenceFacts out;
    out.case_id = licence.case_id;
    out.state = licence.state;
    out.version = licence.version;
    if (has("uscc")) out.uscc = licence.uscc;
    if (has("name")) out.name = licence.name;
    if (has("type")) {
        out.type_text = licence.type_text;
        out.type_code = licence.type_code;
    }
    if (has("person")) {
        out.person_label = licence.person_label;
        out.person = licence.person;
    }
    if (has("capital")) {
        out.capital_label = licence.capital_label;
        out.capital_text = licence.capital_text;
        out.capital_fen = licence.capital_fen;
    }
    if (has("address")) {
        out.place_label = licence.place_label;
        out.place = licence.place;
    }
    if (has("scope")) out.scope = licence.scope;
    if (has("date")) {
        out.established = licence.established;
        out.issued_at = licence.issued_at;
    }
    if (has("certificate")) out.id = licence.id;
    return out;
}

json::object LicenceJson(const Matter& matter, const licence::LicenceFacts& licence) {
    json::object out;
    for (const std::string& field : matter.licence_fields) {
        if (field == "uscc") out[field] = licence.uscc;
        else if (field == "name") out[field] = licence.name;
        else if (field == "type") out[field] = json::object{{"code", licence.type_code}, {"text", licence.type_text}};
        else if (field == "person") out[field] = licence.person;
        else if (field == "capital") out[field] = licence.capital_fen;
        else if (field == "address") out[field] = licence.place;
        else if (field == "scope") out[field] = licence.scope;
        else if (field == "date") out[field] = FormatDate(licence.established);
        else if (field == "certificate") out[field] = licence.id;
        else OW_ASSERT(false && "unknown licence field");
    }
    return out;
}

std::string WriteEnvelope(const Matter& matter, const Track& track, const MatterInput& input, Instant sent_at,
                          const std::optional<Instant>& answer_by) {
    // The matter is shown a case that holds nothing but what it declared.
    application::CaseView shown{input.view.the_case, forms::Pick(input.view.facts, matter.fact_paths)};
    shown.the_case.account.clear();
    shown.the_case.person.clear();
    const auto licence = input.licence == nullptr ? std::optional<licence::LicenceFacts>{}
                                                  : std::optional(OnlyDeclared(matter, *input.licence));
    const MatterInput declared{.view = shown,
                               .licence = licence ? &*licence : nullptr,
                               .context = input.context,
                               .notes = input.notes};
    json::object message{{"schema", json::value(kMatterSchema)},
                         {"delivery", track.delivery},
                         {"case_number", track.case_number},
                         {"matter", track.matter},
                         {"version", track.version},
                         {"authority", shown.the_case.authority},
                         {"sent_at", FormatInstant(sent_at)},
                         {"policy_version", shown.the_case.policy_version},
                         {"facts", matter.build_facts(declared)},
                         {"people", matter.build_people(declared)},
                         {"documents", json::array{}}};
    if (licence) message["licence"] = LicenceJson(matter, *licence);
    if (answer_by) message["answer_by"] = FormatInstant(*answer_by);
    return json::Canonical(message);
}

}  // namespace onewindow::exchange
