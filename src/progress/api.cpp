#include "progress/api.hpp"

#include "kernel/text/text.hpp"
#include "progress/event_text.hpp"
#include "progress/pause_reasons.hpp"
#include "progress/published_times.hpp"
#include "progress/reasons.hpp"

namespace onewindow::progress {
namespace {

constexpr std::int64_t kEventsMax = 200;
constexpr std::int64_t kRowsMax = 200;

struct Timeline {
    std::vector<TimelineEvent> events;
    bool more = false;  // Ask again with after = the last sequence.
};
BOOST_DESCRIBE_STRUCT(Timeline, (), (events, more))

struct ClockSpan {
    std::string holder, reason;
    Instant from;
    std::optional<Instant> until;
    bool counts = false;
    std::int64_t working_ms = 0;
};
BOOST_DESCRIBE_STRUCT(ClockSpan, (), (holder, reason, from, until, counts, working_ms))

struct CaseClock {
    std::string subject, holder, hall, state, colour;
    bool late = false;
    std::int64_t limit_minutes = 0, limit_workdays = 0, used_ms = 0;
    Instant from;
    std::optional<Instant> due, stopped;
    std::vector<ClockSpan> spans;
};
BOOST_DESCRIBE_STRUCT(CaseClock, (),
                      (subject, holder, hall, state, colour, late, limit_minutes, limit_workdays,
                       used_ms, from, due, stopped, spans))

struct CaseClocks {
    Instant now;
    std::vector<CaseClock> clocks;
};
BOOST_DESCRIBE_STRUCT(CaseClocks, (), (now, clocks))

struct PublishedTimes {
    std::string from, until, authority;
    Instant computed_at;
    std::vector<PublishedSubject> subjects;
};
BOOST_DESCRIBE_STRUCT(PublishedTimes, (), (from, until, authority, computed_at, subjects))

struct PublishedRows {
    std::vector<PublishedRow> rows;
    bool more = false;  // Ask again with after = the last case id.
};
BOOST_DESCRIBE_STRUCT(PublishedRows, (), (rows, more))

struct PauseReasonView {
    std::string code, citation;
    BothTexts text;
};
BOOST_DESCRIBE_STRUCT(PauseReasonView, (), (code, citation, text))

struct PauseReasonList {
    std::vector<PauseReasonView> reasons;
};
BOOST_DESCRIBE_STRUCT(PauseReasonList, (), (reasons))

/// A sequence number as a client sends it; empty: from the beginning.
Result<std::int64_t> ReadSequence(std::string_view text, std::string_view field) {
    if (text.empty()) return 0;
    if (!text::IsDigits(text) || text.size() > 15) {
        return Refuse(reasons::kSequenceMalformed, std::string(field));
    }
    return std::stoll(std::string(text));
}

Result<std::int64_t> ReadLimit(const http::Request& request, std::int64_t most) {
    const auto text = request.QueryValue("limit");
    if (!text) return most;
    const bool fits = text::IsDigits(*text) && text->size() <= 4;
    const std::int64_t limit = fits ? std::stoll(*text) : 0;
    if (limit < 1 || limit > most) {
        return Refuse(reasons::kLimitMalformed, "limit", {{"most", std::to_string(most)}});
    }
    return limit;
}

/// One more than asked for was read, to know whether there is more.
template <class T>
bool CutTo(std::vector<T>& items, std::int64_t limit) {
    const auto wanted = static_cast<std::size_t>(limit);
    if (items.size() <= wanted) return false;
    items.erase(items.begin() + limit, items.end());
    return true;
}

Result<Timeline> GetTimeline(const RouteDeps& deps, api::Call& call) {
    const CaseId case_id(call.Path("case"));
    OW_TRY(const std::int64_t after,
           ReadSequence(call.request.QueryValue("after").value_or(""), "after"));
    OW_TRY(const std::int64_t limit, ReadLimit(call.request, kEventsMax));
    OW_TRY(auto events, deps.services.database.Read(
                            [&](db::Transaction& tx) -> Result<std::vector<StoredEvent>> {
                                OW_CHECK(deps.may_see(tx, call.principal, case_id));
                                return ReadTimeline(tx, case_id, after, limit + 1);
                            }));
    Timeline timeline{.events = {}, .more = CutTo(events, limit)};
    for (const StoredEvent& stored : events) {
        timeline.events.push_back(ViewOf(deps.services.messages, stored));
    }
    return timeline;
}

Result<CaseClocks> GetClocks(const RouteDeps& deps, api::Call& call) {
    const CaseId case_id(call.Path("case"));
    return deps.services.database.Read([&](db::Transaction& tx) -> Result<CaseClocks> {
        OW_CHECK(deps.may_see(tx, call.principal, case_id));
        OW_TRY(const auto states, deps.clocks.Read(tx, case_id));
        OW_TRY(const auto spans, deps.clocks.ReadSpans(tx, case_id));
        CaseClocks answer{.now = deps.services.clock.Now(), .clocks = {}};
        for (const ClockState& state : states) {
            CaseClock clock{.subject = state.subject,
                            .holder = state.holder,
                            .hall = state.hall,
                            .state = state.state,
                            .colour = state.colour,
                            .late = state.late,
                            .limit_minutes = state.limit_minutes,
                            .limit_workdays = state.limit_workdays,
                            .used_ms = state.used_ms,
                            .from = state.from,
                            .due = state.due,
                            .stopped = state.stopped,
                            .spans = {}};
            for (const Span& span : spans) {
                if (span.subject != state.subject) continue;
                clock.spans.push_back({span.holder, span.reason, span.from, span.until, span.counts,
                                       span.working_ms});
            }
            answer.clocks.push_back(std::move(clock));
        }
        return answer;
    });
}

Result<http::Response> StreamEvents(const RouteDeps& deps, api::Call& call) {
    const CaseId case_id(call.Path("case"));
    // A browser that reconnects sends the header; a page that opens anew says where its timeline
    // ends.
    const std::string_view last = call.request.headers.Get("Last-Event-ID");
    OW_TRY(const std::int64_t after,
           last.empty() ? ReadSequence(call.request.QueryValue("after").value_or(""), "after")
                        : ReadSequence(last, "Last-Event-ID"));
    OW_CHECK(deps.services.database.Read([&](db::Transaction& tx) -> Result<> {
        return deps.may_see(tx, call.principal, case_id);
    }));
    http::Response response;
    response.headers.Set("Content-Type", "text/event-stream");
    response.headers.Set("X-Accel-Buffering", "no");  // Proxies must not wait for more.
    response.stream = [&feed = deps.feed, case_id, after](std::shared_ptr<http::Stream> stream) {
        feed.Subscribe(case_id, after, stream);
    };
    return response;
}

Result<PublishedTimes> GetPublishedTimes(const RouteDeps& deps, api::Call& call) {
    const Instant now = deps.services.clock.Now();
    OW_TRY(const Period period, ReadPeriod(call.request, DateOf(now)));
    OW_TRY(auto subjects, deps.services.database.Read([&](db::Transaction& tx) {
        return ReadPublished(tx, deps.reference, period, now);
    }));
    return PublishedTimes{.from = FormatDate(period.from),
                          .until = FormatDate(period.until),
                          .authority = period.authority,
                          .computed_at = now,
                          .subjects = std::move(subjects)};
}

Result<PublishedRows> GetPublishedRows(const RouteDeps& deps, api::Call& call) {
    const Instant now = deps.services.clock.Now();
    OW_TRY(const Period period, ReadPeriod(call.request, DateOf(now)));
    OW_TRY(const std::int64_t limit, ReadLimit(call.request, kRowsMax));
    const std::string subject = call.request.QueryValue("subject").value_or("");
    const std::string after = call.request.QueryValue("after").value_or("");
    if (subject.empty()) return Refuse(reasons::kSubjectMissing, "subject");
    if (period.authority.empty()) return Refuse(reasons::kAuthorityMalformed, "authority");
    // A supervisor sees the rows of its own region only: "3701" stands for the place 370100.
    std::string place = period.authority;
    if (place.size() < 6) place.resize(6, '0');
    if (!call.principal.May(auth::Role::kSupervisor, place)) {
        return Refuse(api::reasons::kNotYours, "authority");
    }
    OW_TRY(auto rows, deps.services.database.Read([&](db::Transaction& tx) {
        return ReadPublishedRows(tx, deps.reference, period, subject, after, limit + 1, now);
    }));
    const bool more = CutTo(rows, limit);
    return PublishedRows{.rows = std::move(rows), .more = more};
}

Result<PauseReasonList> GetPauseReasons(const RouteDeps& deps) {
    PauseReasonList list;
    const messages::Messages& messages = deps.services.messages;
    for (const PauseReason& reason : PauseReasons()) {
        const std::string key = "pause_reason." + std::string(reason.code);
        list.reasons.push_back({std::string(reason.code),
                                std::string(reason.citation),
                                {messages.Get(key, messages::Language::kChinese),
                                 messages.Get(key, messages::Language::kEnglish)}});
    }
    return list;
}

void AddCaseRoutes(api::Router& router, const RouteDeps& deps) {
    std::vector<const Reason*> refusals = deps.may_see_refuses;
    refusals.push_back(&reasons::kSequenceMalformed);
    std::vector<const Reason*> paged = refusals;
    paged.push_back(&reasons::kLimitMalformed);
    router.Add<api::Empty, Timeline>(
        {.method = "GET",
         .path = "/api/v1/cases/{case}/timeline",
         .id = "getTimeline",
         .summary = "What happened in a case, in order",
         .reasons = paged,
         .tag = "progress",
         .query = {{"after", "Sequence of the last event already known"},
                   {"limit", "Events at most, up to 200"}}},
        [deps](api::Call& call, const api::Empty&) { return GetTimeline(deps, call); });
    router.Add<api::Empty, CaseClocks>(
        {.method = "GET",
         .path = "/api/v1/cases/{case}/clocks",
         .id = "getClocks",
         .summary = "Time limits of a case: who holds it, what is used, when it is due",
         .reasons = refusals,
         .tag = "progress"},
        [deps](api::Call& call, const api::Empty&) { return GetClocks(deps, call); });
    router.AddRaw({.method = "GET",
                   .path = "/api/v1/cases/{case}/events",
                   .id = "streamEvents",
                   .summary = "Events as they happen (SSE); resumable by Last-Event-ID",
                   .reasons = refusals,
                   .media_type = "text/event-stream",
                   .tag = "progress",
                   .query = {{"after", "Sequence of the last event already known"}}},
                  [deps](api::Call& call) { return StreamEvents(deps, call); });
}

void AddPublishedRoutes(api::Router& router, const RouteDeps& deps) {
    const std::vector<std::pair<std::string, std::string>> period = {
        {"from", "First day on which the clock began, YYYY-MM-DD"},
        {"until", "Last day, included"},
        {"authority", "Code of a registration authority or region; 00 stands for all of them"}};
    const std::vector<const Reason*> refusals = {&reasons::kPeriod, &reasons::kAuthorityMalformed,
                                                 &onewindow::reasons::kDateUnreadable};
    router.Add<api::Empty, PublishedTimes>(
        {.method = "GET",
         .path = "/api/v1/published-times",
         .id = "getPublishedTimes",
         .summary = "Working time used by all cases of a period, open ones included",
         .access = api::Access::kPublic,
         .reasons = refusals,
         .tag = "progress",
         .rate_per_minute = 120,
         .query = period},
        [deps](api::Call& call, const api::Empty&) { return GetPublishedTimes(deps, call); });
    auto row_query = period;
    row_query.insert(row_query.end(), {{"subject", "stage:1, stage:2, case, track:…"},
                                       {"after", "Last case id already known"},
                                       {"limit", "Rows at most, up to 200"}});
    auto row_reasons = refusals;
    row_reasons.insert(row_reasons.end(), {&reasons::kLimitMalformed, &reasons::kSubjectMissing});
    router.Add<api::Empty, PublishedRows>(
        {.method = "GET",
         .path = "/api/v1/published-times/rows",
         .id = "getPublishedRows",
         .summary = "The clocks behind one published figure",
         .access = api::Access::kRole,
         .roles = {auth::Role::kSupervisor},
         .reasons = row_reasons,
         .tag = "progress",
         .query = row_query},
        [deps](api::Call& call, const api::Empty&) { return GetPublishedRows(deps, call); });
    router.Add<api::Empty, PauseReasonList>(
        {.method = "GET",
         .path = "/api/v1/pause-reasons",
         .id = "getPauseReasons",
         .summary = "The only reasons for which a time limit may pause",
         .access = api::Access::kPublic,
         .tag = "progress"},
        [deps](api::Call&, const api::Empty&) { return GetPauseReasons(deps); });
}

}  // namespace

void AddRoutes(api::Router& router, const RouteDeps& deps) {
    OW_ASSERT(deps.may_see != nullptr);
    AddCaseRoutes(router, deps);
    AddPublishedRoutes(router, deps);
}

}  // namespace onewindow::progress
