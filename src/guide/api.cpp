#include "guide/guide.hpp"
#include "guide/reasons.hpp"
#include "kernel/text/text.hpp"

// Routes of the guide: anybody may ask, nothing is kept.
namespace onewindow::guide {
namespace {

using api::Access;
using api::Call;
using api::Empty;
using application::Application;

constexpr int kDaysPublished = 30;
constexpr int kPlansPerMinute = 240;
/// Drawing a document takes tens of milliseconds.
constexpr int kPrintsPerMinute = 60;
constexpr std::size_t kTradesMax = 100;

Answers ReadAnswers(const http::Request& request) {
    const auto value = [&](std::string_view name) {
        return std::string(request.QueryValue(name).value_or(""));
    };
    Answers answers{.founder = value("founder"),
                    .liability = value("liability"),
                    .employees = value("employees"),
                    .place = value("place"),
                    .trade = {}};
    for (std::string& id : text::Split(value("trade"), ',')) {
        if (!id.empty() && answers.trade.size() < kTradesMax) answers.trade.push_back(std::move(id));
    }
    return answers;
}

Result<Application::Ground> GroundNow(Call& call, const Application& application) {
    return call.services.database.Read(
        [&](db::Transaction& tx) { return application.GroundNow(tx); });
}

}  // namespace

void Guide::AddRoutes(api::Router& router) {
    const Application& application = deps_.application;
    router.Add<Empty, QuestionList>(
        {.method = "GET",
         .path = "/api/v1/guide/questions",
         .id = "listGuideQuestions",
         .summary = "Five plain questions that lead to the kind of business; no login",
         .access = Access::kPublic,
         .tag = "guide"},
        [this, &application](Call& call, const Empty&) -> Result<QuestionList> {
            OW_TRY(const Application::Ground ground, GroundNow(call, application));
            return Questions(*ground.snapshot);
        });
    router.Add<Empty, GuidePlan>(
        {.method = "GET",
         .path = "/api/v1/guide/answers",
         .id = "readGuide",
         .summary = "Where the answers lead: kind of business or where to go, steps with who acts, "
                    "what to have at hand, permits, cost, limits and published times",
         .access = Access::kPublic,
         .reasons = {&reasons::kAnswerMissing, &reasons::kAnswerUnknown, &reasons::kPlaceUnknown,
                     &reference::reasons::kScopeItemUnknown},
         .tag = "guide",
         .rate_per_minute = kPlansPerMinute,
         .query = {{"founder", "who starts it: a choice of the question"},
                   {"liability", "what answers for debts: a choice of the question"},
                   {"employees", "yes or no"},
                   {"place", "county of the premises, such as 370102"},
                   {"trade", "scope items, parted by commas"}}},
        [this, &application](Call& call, const Empty&) -> Result<GuidePlan> {
            OW_TRY(const Application::Ground ground, GroundNow(call, application));
            OW_TRY(GuidePlan plan, PlanFor(ground, ReadAnswers(call.request)));
            if (!plan.served) return plan;
            const Date today = ground.context.today;
            const progress::Period period{.from = AddDays(today, 1 - kDaysPublished),
                                          .until = today,
                                          .authority = progress::AuthorityPrefix(plan.authority.code)};
            OW_TRY(plan.published, call.services.database.Read([&](db::Transaction& tx) {
                return progress::ReadPublished(tx, application.deps().reference, period,
                                               ground.context.now);
            }));
            return plan;
        });
    router.AddRaw(
        {.method = "GET",
         .path = "/api/v1/guide/{entity_type}/{division}/guide.pdf",
         .id = "printGuide",
         .summary = "The printable guide (办事指南) of a kind of business in a county, in the "
                    "language of Accept-Language",
         .access = Access::kPublic,
         .reasons = {&reasons::kKindUnknown, &reasons::kPlaceUnknown},
         .media_type = "application/pdf",
         .tag = "guide",
         .rate_per_minute = kPrintsPerMinute},
        [this, &application](Call& call) -> Result<http::Response> {
            OW_TRY(const Application::Ground ground, GroundNow(call, application));
            OW_TRY(const GuidePlan plan,
                   PlanOf(ground, call.Path("entity_type"), call.Path("division")));
            OW_TRY(std::string pdf, documents::RenderPdf(Print(plan, texts(), call.language,
                                                               ground.context.today)));
            http::Response response;
            response.headers.Set("Content-Type", "application/pdf");
            response.headers.Set("Content-Disposition", "inline; filename=\"guide.pdf\"");
            response.headers.Set("Vary", "Accept-Language");
            response.body = std::move(pdf);
            return response;
        });
}

}  // namespace onewindow::guide
