#pragma once

#include "kernel/messages/messages.hpp"
#include "progress/events.hpp"

namespace onewindow::progress {

struct BothTexts {
    std::string zh, en;
};
BOOST_DESCRIBE_STRUCT(BothTexts, (), (zh, en))

/// One event as pages and the event stream show it, without the sealed part.
struct TimelineEvent {
    std::string id;
    std::int64_t sequence = 0;
    std::string kind, actor;
    Instant at;
    json::object data;
    BothTexts text;
};
BOOST_DESCRIBE_STRUCT(TimelineEvent, (), (id, sequence, kind, actor, at, data, text))

/// The sentence of an event ("event.<kind>"), filled in from its data. Members that end in `_at`
/// read as Beijing time,
/// `_ms` as begun minutes; texts are translated by "event_value.<member>.<value>" where there is
/// one, or for "kind:rest" by "event_value.<member>.kind" with {rest}. A matter reads as its title, a
/// step as its matter's text of it.
std::string EventText(const messages::Messages& messages, messages::Language language,
                      const Event& event);

TimelineEvent ViewOf(const messages::Messages& messages, const StoredEvent& stored);

}  // namespace onewindow::progress
