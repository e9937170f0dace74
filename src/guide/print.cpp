#include "guide/guide.hpp"

// The printable 办事指南: the plan in one language, on A4.
namespace onewindow::guide {
namespace {

using documents::Paragraph;
using messages::Language;

class Page {
 public:
    Page(const messages::Messages& texts, Language language) : texts_(texts), language_(language) {}

    const std::string& Of(const BothTexts& text) const {
        return language_ == Language::kChinese ? text.zh : text.en;
    }
    std::string Text(const std::string& key,
                     const std::map<std::string, std::string>& arguments = {}) const {
        return texts_.Get("guide.print." + key, language_, arguments);
    }
    void Heading(const std::string& key) {
        paragraphs.push_back({.text = Text(key), .heading = 2});
    }
    void Line(std::string text) { paragraphs.push_back({.text = std::move(text)}); }

    std::vector<Paragraph> paragraphs;

 private:
    const messages::Messages& texts_;
    Language language_;
};

void AddPlace(const GuidePlan& plan, Page& page) {
    page.Heading("authority");
    page.Line(page.Text("authority.line",
                        {{"name", plan.authority.name}, {"phone", plan.authority.phone}}));
    for (const HallView& hall : plan.halls) {
        if (!hall.competent) continue;
        page.Line(page.Text("hall.line", {{"name", hall.name},
                                          {"address", hall.address},
                                          {"hours", hall.hours},
                                          {"phone", hall.phone}}));
    }
    if (!plan.halls.empty()) page.Line(page.Text("hall.any"));
    if (plan.authority.origin == "demo") page.Line(page.Text("demo"));
}

void AddSteps(const GuidePlan& plan, Page& page) {
    page.Heading("steps");
    int number = 0;
    for (const GuideStep& step : plan.steps) {
        std::string line = page.Text("step.line", {{"number", std::to_string(++number)},
                                                   {"title", page.Of(step.title)},
                                                   {"who", page.Of(step.who)}});
        if (step.limit) line += page.Text("step.limit", {{"limit", page.Of(step.limit->text)}});
        if (step.need == Need::kDeferred) line += page.Text("step.deferred");
        if (step.need == Need::kNotNeeded) line += page.Text("step.not_needed");
        page.Line(std::move(line));
    }
}

void AddAtHand(const GuidePlan& plan, Page& page) {
    page.Heading("at_hand");
    const std::string comma = page.Text("comma");
    for (const AtHand& part : plan.at_hand) {
        std::string fields;
        for (const AtHandField& field : part.fields)
            fields += (fields.empty() ? "" : comma) + page.Of(field.label);
        page.Line(page.Text("at_hand.line", {{"title", page.Of(part.title)}, {"fields", fields}}));
    }
    page.Heading("papers");
    page.Line(page.Text("papers.none"));
    for (const BothTexts& paper : plan.papers_to_bring) page.Line(page.Of(paper));
    std::string made;
    for (const PaperView& paper : plan.papers_made)
        made += (made.empty() ? "" : comma) + paper.title;
    page.Line(page.Text("papers.made", {{"papers", made}}));
}

void AddTime(const GuidePlan& plan, Page& page) {
    page.Heading("time");
    for (const LimitView& limit : plan.limits) {
        page.Line(page.Text("time." + limit.subject,
                            {{"limit", page.Of(limit.text)}, {"citation", limit.citation}}));
    }
    page.Heading("cost");
    page.Line(page.Text("cost.none"));
    if (plan.elsewhere.empty()) return;
    page.Heading("elsewhere");
    for (const ElsewhereView& other : plan.elsewhere) {
        page.Line(page.Text("elsewhere.line", {{"text", page.Of(other.text)},
                                               {"name", other.authority.name},
                                               {"phone", other.authority.phone}}));
    }
}

}  // namespace

documents::Document Print(const GuidePlan& plan, const messages::Messages& texts, Language language,
                          Date today) {
    Page page(texts, language);
    const std::string title = page.Text("title", {{"kind", page.Of(plan.kind.name)}});
    page.paragraphs.push_back({.text = title, .heading = 1});
    if (!plan.served) {
        page.Line(page.Of(plan.go_there));
        AddPlace(plan, page);
    } else {
        AddPlace(plan, page);
        AddSteps(plan, page);
        AddAtHand(plan, page);
        AddTime(plan, page);
    }
    page.Line(page.Text("source", {{"citation", plan.citation}}));
    const std::string footer = page.Text(
        "footer", {{"date", FormatDate(today)}, {"policy_version", plan.policy_version}});
    documents::Document document = documents::FlowOnA4(
        title, FormatInstant(At(today, std::chrono::hours{0})), page.paragraphs, footer);
    document.language = language == Language::kChinese ? "zh-CN" : "en";
    return document;
}

}  // namespace onewindow::guide
