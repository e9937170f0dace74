#include "exchange/api_types.hpp"
#include "exchange/queries.gen.hpp"
#include "exchange/reasons.hpp"

// Routes of agencies and of the comparison; what the other route files share.
namespace onewindow::exchange {

using api::Access;
using api::Call;
using api::Empty;
using auth::Role;
using messages::Language;

BothTexts Texts(const messages::Messages& messages, const std::string& key) {
    return {messages.Get(key, Language::kChinese), messages.Get(key, Language::kEnglish)};
}

std::vector<StepView> StepsOf(const messages::Messages& messages, const Matter& matter, const Track& track) {
    std::vector<StepView> views;
    const auto add = [&](const std::vector<Step>& steps, std::int64_t done) {
        std::int64_t index = 0;
        for (const Step& step : steps) {
            views.push_back({step.id, Texts(messages, TextPrefix(matter) + ".step." + step.id), index++ < done});
        }
    };
    add(matter.steps, track.steps_done);
    add(matter.late_steps, track.late_steps_done);
    return views;
}

ReasonView ReasonOf(const messages::Messages& messages, const Matter& matter, const std::string& code) {
    ReasonView view{.code = code, .article = {}, .text = Texts(messages, TextPrefix(matter) + ".reason." + code)};
    for (const auto& [published, article] : matter.reason_codes) {
        if (published == code) view.article = article;
    }
    return view;
}

void Exchange::AddRoutes(api::Router& router) {
    router.AddRaw({.method = "POST", .path = "/exchange/v1/results", .id = "receiveResult",
                   .summary = "An agency's answer: received, accepted (with steps), done, needs_data, rejected; an equal repeat gets 200",
                   .access = Access::kSigned,
                   .reasons = {&http_signature::reasons::kMissing, &http_signature::reasons::kMalformed,
                               &http_signature::reasons::kMissingComponent, &http_signature::reasons::kExpired,
                               &http_signature::reasons::kTooEarly, &http_signature::reasons::kUnknownKey,
                               &http_signature::reasons::kAlgorithm, &http_signature::reasons::kDigest,
                               &http_signature::reasons::kBadSignature, &reasons::kReplayed, &reasons::kNotAsked,
                               &reasons::kNotYours, &reasons::kSchema, &reasons::kDelivery, &reasons::kVersion, &reasons::kDiffers,
                               &reasons::kState, &reasons::kStep, &reasons::kNotOpen, &reasons::kReasonUnpublished,
                               &reasons::kReasonMissing, &reasons::kResult, &reasons::kResultUnexpected,
                               &reasons::kReceiptMissing},
                   .media_type = "application/json", .tag = "exchange", .needs_key = false,
                   .request_media_type = "application/json"},
                  [this](Call& call) { return ReceiveResults(call); });
    AddApplicantRoutes(router);
    AddOfficerRoutes(router);
    AddReconciliationRoutes(router);
    for (const Matter& matter : deps_.matters) {
        if (matter.add_routes) matter.add_routes(router, deps_.application);
    }
}

void Exchange::AddReconciliationRoutes(api::Router& router) {
    router.Add<ReconciliationRequest, Ordered>(
        {.method = "POST", .path = "/api/v1/exchange/reconciliations", .id = "orderReconciliation",
         .summary = "Compares our tracks with an agency's register now, and repairs", .access = Access::kRole,
         .roles = {Role::kAgencyOfficer, Role::kSupervisor, Role::kAdministrator}, .reasons = {&reasons::kNoConnection},
         .status = 202, .tag = "exchange"},
        [this](Call& call, const ReconciliationRequest& request) -> Result<Ordered> {
            const bool may = call.principal.May(Role::kAgencyOfficer, request.region, request.agency) ||
                             call.principal.May(Role::kSupervisor, request.region) || call.principal.Has(Role::kAdministrator);
            std::vector<std::string> connections;
            for (const Connection& connection : deps_.connections) {
                const bool meant = connection.agency == request.agency && connection.region == request.region;
                if (meant && !connection.base_url.empty()) connections.push_back(connection.key_id);
            }
            if (!may || connections.empty()) return Refuse(reasons::kNoConnection);
            return call.Command<Ordered>([&](db::Transaction& tx) -> Result<Ordered> {
                for (const std::string& connection : connections) {
                    OW_CHECK(jobs::Enqueue(tx, call.services.clock, call.services.random,
                                           {.kind = "exchange.reconcile",
                                            .arguments = json::Canonical(json::object{{"connection", connection}}),
                                            .key = "",
                                            .subject = connection,
                                            .run_at = call.services.clock.Now()}));
                }
                return Ordered{};
            });
        });
    router.Add<Empty, ReconciliationList>(
        {.method = "GET", .path = "/api/v1/exchange/reconciliations/{agency}", .id = "listReconciliations",
         .summary = "Reports of the comparisons with an agency's registers, the newest first", .access = Access::kRole,
         .roles = {Role::kAgencyOfficer, Role::kSupervisor, Role::kAdministrator}, .tag = "exchange"},
        [](Call& call, const Empty&) -> Result<ReconciliationList> {
            const std::string& agency = call.Path("agency");
            return call.services.database.Read([&](db::Transaction& tx) -> Result<ReconciliationList> {
                ReconciliationList list;
                OW_TRY(const db::Rows rows, tx.Read(queries::kListReconciliations, agency));
                for (const db::Row& row : rows) {
                    const std::string region = row.Text("region");
                    const bool may = call.principal.May(Role::kAgencyOfficer, region, agency) ||
                                     call.principal.May(Role::kSupervisor, region) || call.principal.Has(Role::kAdministrator);
                    if (!may) continue;
                    OW_TRY(json::value findings, json::Parse(row.Text("findings")));
                    list.reconciliations.push_back({.id = row.Text("id"), .agency = agency, .region = region, .at = row.Time("at"),
                                                    .compared = row.Int("compared"), .lies = row.Int("lies"),
                                                    .losses = row.Int("losses"), .doubles = row.Int("doubles"),
                                                    .wrong = row.Int("wrong"), .strangers = row.Int("strangers"),
                                                    .findings = std::move(findings)});
                }
                return list;
            });
        });
}

}  // namespace onewindow::exchange
