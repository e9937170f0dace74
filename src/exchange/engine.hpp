#pragma once

#include "exchange/track.hpp"

// What the engine's files share. Inside the room only.
namespace onewindow::exchange {

/// What a case looks like while one of its tracks moves.
struct Exchange::Ground {
    application::CaseView view;
    application::Application::Ground reference;
    std::optional<licence::LicenceFacts> licence;

    MatterInput Input(const json::object& notes) const {
        return {.view = view, .licence = licence ? &*licence : nullptr, .context = reference.context, .notes = notes};
    }
    const std::string& county() const { return view.the_case.county; }
};

inline json::value TextList(const std::vector<std::string>& texts) {
    json::array out;
    for (const std::string& text : texts) out.push_back(json::value(text));
    return out;
}

/// Everything that a move may change, so that applying the event needs nothing else.
json::object Moved(const Track& track);

/// [from, until) of the county codes that a region covers: "370100" -> "370100", "370200".
std::pair<std::string, std::string> PlacesOf(std::string_view region);

/// The part of the licence that a matter declared; everything else is empty.
licence::LicenceFacts OnlyDeclared(const Matter& matter, const licence::LicenceFacts& licence);
json::object LicenceJson(const Matter& matter, const licence::LicenceFacts& licence);

/// The canonical message of a track's version. Sees only what the matter declared.
std::string WriteEnvelope(const Matter& matter, const Track& track, const MatterInput& input, Instant sent_at,
                          const std::optional<Instant>& answer_by);

/// One difference between what we intended and what a register holds.
struct Finding {
    std::string kind;  // lie | loss | double | wrong | stranger | healed
    std::string case_number, matter;
    std::int64_t version = 0;
    std::string track = {};  // Empty for strangers.
};
BOOST_DESCRIBE_STRUCT(Finding, (), (kind, case_number, matter, version, track))

struct Intended {
    Track track;
    std::string payload_sm3;
};

/// Pure. Strangers are entries whose case and matter are in no intended row: the caller knows whether they are too old
/// to be compared.
std::vector<Finding> CompareRegister(const std::vector<Intended>& intended, const std::vector<RegisterEntry>& entries);

}  // namespace onewindow::exchange
