#pragma once

#include "exchange/matter.hpp"
#include "guide/plan.hpp"

// The guide before login (材料指导): questions, answers, and the printable 办事指南.
namespace onewindow::guide {

/// What the room needs; made once at start.
struct Deps {
    const application::Application& application;
    std::vector<exchange::Matter> matters;
};

class Guide {
 public:
    explicit Guide(Deps deps) : deps_(std::move(deps)) {}

    /// The five questions with every answer that leads somewhere.
    QuestionList Questions(const reference::Snapshot& reference) const;
    /// Where the answers lead; all faults of the answers at once. Pure but for the reference data.
    Result<GuidePlan> PlanFor(const application::Application::Ground& ground,
                         const Answers& answers) const;
    /// The same for a kind of business in a county, with nothing else answered; the base of the
    /// printed guide. kKindUnknown, kPlaceUnknown.
    Result<GuidePlan> PlanOf(const application::Application::Ground& ground, const std::string& kind,
                        const std::string& county) const;

    /// GET /api/v1/guide/questions, /guide/answers, /guide/{entity_type}/{division}/guide.pdf.
    void AddRoutes(api::Router& router);

 private:
    struct Place;
    Result<GuidePlan> Fill(const application::Application::Ground& ground, const std::string& kind,
                      const Answers& answers) const;
    void FillServed(const application::Application::Ground& ground, const Place& place,
                    const application::EntityType& type, const Answers& answers, GuidePlan& plan) const;
    void AddMatters(const application::Application::Ground& ground, const Place& place,
                    const application::CaseView& view, GuidePlan& plan) const;
    void AddSteps(const application::Application::Ground& ground, const Place& place,
                  const application::CaseView& view, GuidePlan& plan) const;
    void AddElsewhere(const application::Application::Ground& ground, const Place& place,
                      GuidePlan& plan) const;
    KindView KindOf(const std::string& kind, const std::string& county) const;
    bool IsServedKind(std::string_view kind) const;
    const messages::Messages& texts() const { return deps_.application.deps().services.messages; }

    Deps deps_;
};

/// The plan as a document of A4 pages; the same plan gives the same document. `today` stands on it.
documents::Document Print(const GuidePlan& plan, const messages::Messages& texts,
                          messages::Language language, Date today);

}  // namespace onewindow::guide
