#pragma once

#include "progress/event_text.hpp"
#include "progress/published_times.hpp"

// What the guide asks and answers, as the API shows it.
namespace onewindow::guide {

using progress::BothTexts;

enum class QuestionKind { kChoice, kCounty, kScopeItems };
BOOST_DESCRIBE_ENUM(QuestionKind, kChoice, kCounty, kScopeItems)

/// Does a step belong to what was answered? kNotNeeded: the form asks again, should that change.
enum class Need { kRequired, kDeferred, kNotNeeded };
BOOST_DESCRIBE_ENUM(Need, kRequired, kDeferred, kNotNeeded)

struct Choice {
    std::string id;
    BothTexts text;
    bool served = true;  // Handled here; otherwise the answer says where to go.
};
BOOST_DESCRIBE_STRUCT(Choice, (), (id, text, served))

struct Question {
    std::string id;      // Name of the query parameter of GET /api/v1/guide/answers.
    QuestionKind kind{};
    bool required = false;
    BothTexts text, hint;
    std::vector<Choice> choices;  // Of a choice.
    std::string lookup;           // Where values are found, of the other kinds.
};
BOOST_DESCRIBE_STRUCT(Question, (), (id, kind, required, text, hint, choices, lookup))

struct QuestionList {
    std::vector<Question> questions;
};
BOOST_DESCRIBE_STRUCT(QuestionList, (), (questions))

/// Empty where nothing was answered.
struct Answers {
    std::string founder, liability, employees, place;
    std::vector<std::string> trade;  // Scope items.
};

struct KindView {
    std::string id;
    BothTexts name;
    std::string guide;  // Its printable guide.
};
BOOST_DESCRIBE_STRUCT(KindView, (), (id, name, guide))

struct AuthorityView {
    std::string code, name, phone, origin;
};
BOOST_DESCRIBE_STRUCT(AuthorityView, (), (code, name, phone, origin))

struct HallView {
    std::string id, name, address, phone, hours, origin;
    bool competent = false;  // Of the authority itself; a paper licence can be fetched at any.
};
BOOST_DESCRIBE_STRUCT(HallView, (), (id, name, address, phone, hours, origin, competent))

struct LimitView {
    std::string subject;
    std::int64_t amount = 0;
    std::string unit;                     // minute | half_day | workday | calendar_day | month
    std::optional<std::int64_t> minutes;  // Working minutes of the authority's hall today.
    BothTexts text;  // "0.5 working day (210 working minutes)"
    std::string citation, origin;
};
BOOST_DESCRIBE_STRUCT(LimitView, (), (subject, amount, unit, minutes, text, citation, origin))

struct GuideStep {
    std::string id;  // "sign", or of a matter: agency/matter
    BothTexts title, who;
    std::string phone;    // Of the office, if one does it.
    std::int64_t stage = 0;  // 1, 2; 0: beside the promise.
    Need need = Need::kRequired;
    std::optional<LimitView> limit;
};
BOOST_DESCRIBE_STRUCT(GuideStep, (), (id, title, who, phone, stage, need, limit))

struct AtHandField {
    std::string id;
    BothTexts label;
};
BOOST_DESCRIBE_STRUCT(AtHandField, (), (id, label))

struct AtHand {
    std::string section;
    BothTexts title;
    std::vector<AtHandField> fields;
};
BOOST_DESCRIBE_STRUCT(AtHand, (), (section, title, fields))

struct PaperView {
    std::string id, title;
};
BOOST_DESCRIBE_STRUCT(PaperView, (), (id, title))

struct PermitView {
    std::string item, text, permit, department;
    bool before = false;  // Needed before the registration; else before doing that business.
};
BOOST_DESCRIBE_STRUCT(PermitView, (), (item, text, permit, department, before))

struct ElsewhereView {
    std::string owner;
    BothTexts text;
    AuthorityView authority;
    std::string citation;
};
BOOST_DESCRIBE_STRUCT(ElsewhereView, (), (owner, text, authority, citation))

/// Where the answers lead.
struct GuidePlan {
    KindView kind = {};
    bool served = false;          // If not, only `go_there`, `authority` and `citation` are filled.
    bool exact = true;            // False where no kind fits both answers; then `kind` fits the founder.
    std::vector<KindView> also = {};   // Other kinds that fit.
    BothTexts go_there = {};
    AuthorityView authority = {};
    std::string citation = {};
    std::vector<HallView> halls = {};
    bool smart_approval = false;  // May be granted at once, without an officer.
    std::int64_t cost_fen = 0;
    std::vector<GuideStep> steps = {};
    std::vector<AtHand> at_hand = {};
    std::vector<PermitView> permits = {};
    std::vector<BothTexts> papers_to_bring = {};
    std::vector<PaperView> papers_made = {};  // Made from the form, signed on the phone.
    std::vector<LimitView> limits = {};
    std::vector<progress::PublishedSubject> published = {};  // The last 30 days at this authority.
    std::vector<ElsewhereView> elsewhere = {};  // Owners for whom another authority is responsible.
    std::string policy_version = {};
};
BOOST_DESCRIBE_STRUCT(GuidePlan, (), (kind, served, exact, also, go_there, authority, citation, halls,
                                 smart_approval, cost_fen, steps, at_hand, permits,
                                 papers_to_bring, papers_made, limits, published, elsewhere,
                                 policy_version))

}  // namespace onewindow::guide
