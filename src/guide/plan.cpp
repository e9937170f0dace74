#include "guide/plan.hpp"

#include <algorithm>

#include "guide/guide.hpp"
#include "guide/reasons.hpp"
#include "guide/texts.hpp"

// Where answers lead: everything comes from the declarations of kinds, matters and reference data.
namespace onewindow::guide {
namespace {

using application::Application;
using application::EntityType;
using reference::Snapshot;

AuthorityView ViewOf(const reference::Authority& authority) {
    return {authority.code, authority.name, authority.phone, authority.origin};
}

/// "09:00–12:00 13:00–17:00"
std::string HoursText(const std::vector<reference::OpenHours>& hours) {
    std::string text;
    for (const reference::OpenHours& open : hours) {
        const auto clock = [](std::chrono::minutes at) {
            return fmt::format("{:02}:{:02}", at.count() / 60, at.count() % 60);
        };
        text += (text.empty() ? "" : " ") + clock(open.from) + "–" + clock(open.until);
    }
    return text;
}

std::string_view UnitId(reference::LimitUnit unit) {
    switch (unit) {
        case reference::LimitUnit::kMinute: return "minute";
        case reference::LimitUnit::kHalfDay: return "half_day";
        case reference::LimitUnit::kWorkday: return "workday";
        case reference::LimitUnit::kCalendarDay: return "calendar_day";
        case reference::LimitUnit::kMonth: return "month";
    }
    return "";
}

/// "0.5", "1"
std::string HalfDays(int amount) {
    return std::to_string(amount / 2) + (amount % 2 == 0 ? "" : ".5");
}

bool Asks(const forms::Field& field, const json::value& root, const json::value& row) {
    return field.source == forms::Source::kTyped && field.default_value.is_null() &&
           forms::Holds(field.asked_when, root, &row) &&
           forms::Holds(field.required_when, root, &row);
}

/// What a person types into the form for these facts, by section.
std::vector<AtHand> AtHandOf(const forms::Form& form, const json::object& facts,
                             const messages::Messages& texts) {
    const json::value root = facts;
    std::vector<AtHand> all;
    for (const forms::Section& section : form.sections) {
        if (!forms::Holds(section.asked_when, root, nullptr)) continue;
        const json::value* node = facts.if_contains(section.id);
        const bool rows = node != nullptr && node->is_array() && !node->get_array().empty();
        if (section.repeats && !rows && section.rows_min == 0) continue;
        json::value row = json::object{};
        if (rows) row = node->get_array().front();
        if (!section.repeats && node != nullptr && node->is_object()) row = *node;
        AtHand part{section.id, Both(texts, "form." + section.id + ".title"), {}};
        for (const forms::Field& field : section.fields) {
            if (!Asks(field, root, row)) continue;
            const std::string key = "form." + section.id + "." + field.id + ".label";
            part.fields.push_back({field.id, Both(texts, key)});
        }
        if (!part.fields.empty()) all.push_back(std::move(part));
    }
    return all;
}

}  // namespace

struct Guide::Place {
    const Snapshot& reference;
    const reference::Division& county;
    const reference::Authority& authority;
    const reference::Hall* hall;
    std::string city;
    Date today;
    const messages::Messages& texts;

    std::optional<LimitView> LimitOf(const std::string& subject, const std::string& id) const {
        const reference::Limit* limit = reference.LimitOf(id, city);
        if (limit == nullptr) return std::nullopt;
        LimitView view{.subject = subject,
                       .amount = limit->amount,
                       .unit = std::string(UnitId(limit->unit)),
                       .minutes = {},
                       .text = {},
                       .citation = limit->citation,
                       .origin = limit->origin};
        view.minutes = reference.LimitMinutes(id, city, hall == nullptr ? "" : hall->id, today);
        const std::string days = limit->unit == reference::LimitUnit::kHalfDay
                                     ? HalfDays(limit->amount)
                                     : std::to_string(limit->amount);
        view.text = Both(texts, "guide.limit." + view.unit,
                         {{"amount", days},
                          {"minutes", std::to_string(view.minutes.value_or(0))}});
        return view;
    }
};

Result<GuidePlan> Guide::PlanFor(const Application::Ground& ground, const Answers& answers) const {
    const QuestionList questions = Questions(*ground.snapshot);
    std::vector<Fault> faults;
    const auto check = [&](std::size_t question, const std::string& given) {
        const Question& asked = questions.questions[question];
        if (given.empty()) {
            if (asked.required) faults.push_back({&reasons::kAnswerMissing, asked.id, {}});
            return;
        }
        const bool known =
            std::any_of(asked.choices.begin(), asked.choices.end(),
                        [&](const Choice& choice) { return choice.id == given; });
        if (!known) faults.push_back({&reasons::kAnswerUnknown, asked.id, {{"answer", given}}});
    };
    check(0, answers.founder);
    check(1, answers.liability);
    check(2, answers.employees);
    if (answers.place.empty()) faults.push_back({&reasons::kAnswerMissing, "place", {}});
    const reference::Division* county = ground.snapshot->FindDivision(answers.place);
    if (!answers.place.empty() && (county == nullptr || county->level != "county"))
        faults.push_back({&reasons::kPlaceUnknown, "place", {{"place", answers.place}}});
    for (std::size_t i = 0; i < answers.trade.size(); ++i) {
        if (ground.snapshot->FindScopeItem(answers.trade[i]) == nullptr)
            faults.push_back({&reference::reasons::kScopeItemUnknown, "trade." + std::to_string(i),
                              {{"id", answers.trade[i]}}});
    }
    if (!faults.empty()) return Refuse(std::move(faults));

    std::vector<std::string> fitting, of_founder;
    for (const EntityType& type : deps_.application.entity_types()) {
        const auto fits = [&](bool both) {
            return std::any_of(type.fits.begin(), type.fits.end(), [&](const auto& fit) {
                const bool pays = answers.liability.empty() || fit.liability.empty() ||
                                  fit.liability == answers.liability;
                return fit.founder == answers.founder && (pays || !both);
            });
        };
        if (fits(true)) fitting.push_back(type.id);
        if (fits(false)) of_founder.push_back(type.id);
    }
    // A founder who is no kind's is a kind that is registered elsewhere.
    if (of_founder.empty()) return Fill(ground, answers.founder, answers);
    const std::vector<std::string>& kinds = fitting.empty() ? of_founder : fitting;
    // Where liability was left open, the kind that risks least is told first.
    const auto limited = std::find_if(kinds.begin(), kinds.end(), [&](const std::string& id) {
        const auto& fits = deps_.application.FindEntityType(id)->fits;
        return std::any_of(fits.begin(), fits.end(),
                           [](const auto& fit) { return fit.liability == "limited"; });
    });
    const std::string& first = limited == kinds.end() ? kinds.front() : *limited;
    OW_TRY(GuidePlan plan, Fill(ground, first, answers));
    plan.exact = !fitting.empty();
    for (const std::string& id : kinds) {
        if (id != first) plan.also.push_back(KindOf(id, answers.place));
    }
    return plan;
}

KindView Guide::KindOf(const std::string& kind, const std::string& county) const {
    const std::string key = IsServedKind(kind) ? "entity_type." + kind : "guide.founder." + kind;
    return {kind, Both(texts(), key), "/api/v1/guide/" + kind + "/" + county + "/guide.pdf"};
}

Result<GuidePlan> Guide::PlanOf(const Application::Ground& ground, const std::string& kind,
                           const std::string& county) const {
    const auto& routes = ground.snapshot->records().routes;
    const bool known = std::any_of(routes.begin(), routes.end(),
                                   [&](const auto& route) { return route.entity_type == kind; });
    if (!known) return Refuse(reasons::kKindUnknown, "entity_type", {{"kind", kind}});
    Answers answers;
    answers.place = county;
    return Fill(ground, kind, answers);
}

Result<GuidePlan> Guide::Fill(const Application::Ground& ground, const std::string& kind,
                         const Answers& answers) const {
    const Snapshot& reference = *ground.snapshot;
    const reference::Division* county = reference.FindDivision(answers.place);
    if (county == nullptr || county->level != "county")
        return Refuse(reasons::kPlaceUnknown, "division", {{"place", answers.place}});
    const auto route = reference.AuthorityFor({.entity_type = kind, .division = county->code});
    // Outside the province, or no row for this kind: nobody here can say who is responsible.
    if (!route) return Refuse(reasons::kPlaceUnknown, "division", {{"place", answers.place}});
    const reference::Division* city = reference.CityOf(county->code);
    const Place place{.reference = reference,
                      .county = *county,
                      .authority = *route->authority,
                      .hall = reference.HallOf(route->authority->code),
                      .city = city == nullptr ? "" : city->code,
                      .today = ground.context.today,
                      .texts = texts()};
    GuidePlan plan{.kind = KindOf(kind, county->code),
              .served = route->served,
              .go_there = {route->text_zh, route->text_en},
              .authority = ViewOf(*route->authority),
              .citation = route->citation,
              .policy_version = reference.policy_version()};
    const EntityType* type = deps_.application.FindEntityType(kind);
    if (type == nullptr || !route->served) {
        plan.served = false;
        return plan;
    }
    FillServed(ground, place, *type, answers, plan);
    return plan;
}

void Guide::FillServed(const Application::Ground& ground, const Place& place,
                       const EntityType& type, const Answers& answers, GuidePlan& plan) const {
    application::CaseView view;
    view.the_case.entity_type = type.id;
    view.the_case.county = place.county.code;
    view.the_case.authority = place.authority.code;
    json::object facts;
    json::array items;
    for (const std::string& id : answers.trade) items.push_back(json::value(id));
    if (!items.empty()) facts["scope"] = json::object{{"items", items}};
    // One blank row stands for the founder, and one for whoever will be employed.
    facts["people"] = json::array{json::object{}};
    if (answers.employees == "yes") facts["employees"] = json::array{json::object{}};
    view.facts = deps_.application.Completed(ground, view.the_case, std::move(facts));

    plan.smart_approval = type.smart_approval;
    for (const reference::Hall* hall : place.reference.HallsOf(place.city)) {
        const reference::HallHours* hours = place.reference.FindHours(hall->id);
        plan.halls.push_back({.id = hall->id,
                              .name = hall->name,
                              .address = hall->address,
                              .phone = hall->phone,
                              .hours = hours == nullptr ? "" : HoursText(hours->HoursOn(place.today)),
                              .origin = hall->origin,
                              .competent = hall == place.hall});
    }
    std::stable_partition(plan.halls.begin(), plan.halls.end(),
                          [](const HallView& hall) { return hall.competent; });
    AddSteps(ground, place, view, plan);
    plan.at_hand = AtHandOf(deps_.application.FormOf(type), view.facts, texts());
    for (const std::string& id : answers.trade) {
        const reference::ScopeItem& item = *place.reference.FindScopeItem(id);
        if (item.permit.empty()) continue;
        const bool before = item.stage == "before";
        plan.permits.push_back({item.id, item.text, item.permit, item.department, before});
        if (before) {
            plan.papers_to_bring.push_back(
                Both(texts(), "guide.bring.permit",
                     {{"permit", item.permit}, {"department", item.department}}));
        }
    }
    for (const application::PaperDraft& paper : type.papers(ground.context, view.facts))
        plan.papers_made.push_back({paper.id, paper.title});
    for (const char* subject : {"case", "stage:1", "stage:2"}) {
        if (auto limit = place.LimitOf(subject, subject)) plan.limits.push_back(*std::move(limit));
    }
    AddElsewhere(ground, place, plan);
}

void Guide::AddSteps(const Application::Ground& ground, const Place& place,
                     const application::CaseView& view, GuidePlan& plan) const {
    const auto own = [&](const std::string& id, std::int64_t stage, BothTexts who,
                         const std::string& phone, std::optional<LimitView> limit) {
        plan.steps.push_back({.id = id,
                              .title = Both(texts(), "guide.step." + id),
                              .who = std::move(who),
                              .phone = phone,
                              .stage = stage,
                              .need = Need::kRequired,
                              .limit = std::move(limit)});
    };
    const BothTexts you = Both(texts(), "guide.who.applicant");
    const BothTexts authority = plan.smart_approval
                                    ? Both(texts(), "guide.who.machine",
                                           {{"authority", place.authority.name}})
                                    : Name(place.authority.name);
    own("form", 0, you, "", {});
    own("name", 0, Both(texts(), "guide.who.system"), "", {});
    own("identity", 0, Both(texts(), "guide.who.everybody"), "", {});
    own("sign", 0, Both(texts(), "guide.who.everybody"), "", {});
    own("licence", 1, authority, place.authority.phone,
        place.LimitOf("registration/licence", "registration/licence"));
    AddMatters(ground, place, view, plan);
    own("collect", 0, place.hall == nullptr ? you : Name(place.hall->name),
        place.hall == nullptr ? "" : place.hall->phone, {});
}

void Guide::AddMatters(const Application::Ground& ground, const Place& place,
                       const application::CaseView& view, GuidePlan& plan) const {
    const json::object no_notes;
    std::vector<GuideStep> steps;
    for (const exchange::Matter& matter : deps_.matters) {
        const bool in_form =
            !matter.form.applies || matter.form.applies(view.the_case.entity_type);
        const exchange::Applicability applies = matter.applies(
            {.view = view, .licence = nullptr, .context = ground.context, .notes = no_notes});
        GuideStep step{.id = matter.id,
                      .title = Both(texts(), exchange::TextPrefix(matter) + ".title"),
                      .who = {},
                      .phone = {},
                      .stage = matter.stage,
                      .need = Need::kRequired,
                      .limit = {}};
        if (applies == exchange::Applicability::kDeferred) step.need = Need::kDeferred;
        if (applies == exchange::Applicability::kNotApplicable) {
            // What the form has no part for cannot become needed by anything that it asks.
            if (!in_form || matter.form.sections.empty()) continue;
            step.need = Need::kNotNeeded;
        }
        const std::string who = exchange::TextPrefix(matter) + ".who";
        const reference::Office* office = place.reference.FindOffice(matter.agency, place.city);
        if (office != nullptr) {
            step.who = Name(office->name);
            step.phone = office->phone;
        } else {
            step.who = Both(texts(), who);
        }
        if (!matter.limit.empty()) step.limit = place.LimitOf("track:" + matter.id, matter.limit);
        steps.push_back(std::move(step));
    }
    const auto rank = [](const GuideStep& step) { return step.stage == 0 ? 3 : step.stage; };
    std::stable_sort(steps.begin(), steps.end(), [&](const GuideStep& left, const GuideStep& right) {
        return rank(left) < rank(right);
    });
    plan.steps.insert(plan.steps.end(), steps.begin(), steps.end());
}

void Guide::AddElsewhere(const Application::Ground&, const Place& place, GuidePlan& plan) const {
    for (const reference::RouteRow& row : place.reference.records().routes) {
        if (row.entity_type != plan.kind.id || row.owner == "any" || row.served) continue;
        const auto route = place.reference.AuthorityFor(
            {.entity_type = row.entity_type, .division = place.county.code, .owner = row.owner});
        if (!route) continue;
        plan.elsewhere.push_back({.owner = row.owner,
                                  .text = {row.text_zh, row.text_en},
                                  .authority = ViewOf(*route->authority),
                                  .citation = row.citation});
    }
}

}  // namespace onewindow::guide
