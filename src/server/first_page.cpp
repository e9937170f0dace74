#include "server/first_page.hpp"

#include <mutex>

#include "application/application.hpp"
#include "server/contract.hpp"
#include "server/queries.gen.hpp"

namespace onewindow::server {
namespace {

using api::Access;
using api::Call;

http::Response Html(std::string body) {
    http::Response response;
    response.headers.Set("Content-Type", "text/html; charset=utf-8");
    response.headers.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'");
    response.body = std::move(body);
    return response;
}

http::Response Plain(int status, std::string body) {
    http::Response response;
    response.status = status;
    response.headers.Set("Content-Type", "text/plain; charset=utf-8");
    response.body = std::move(body);
    return response;
}

constexpr std::string_view kStyle =
    "body{font:1.125rem/1.6 system-ui,'Noto Sans CJK SC',sans-serif;margin:0 auto;padding:1.5rem;max-width:42rem;color:#1b1b1b;"
    "background:#fff}h1{font-size:1.6rem;margin:.2em 0}dl{display:grid;grid-template-columns:auto 1fr;gap:.3rem 1rem}dt{color:#555}"
    "dd{margin:0}a{color:#0b57d0}.note{border-left:.3rem solid #b3261e;padding:.3rem .8rem;background:#fdf3f2}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#151515}dt{color:#aaa}a{color:#8ab4f8}.note{background:#2b1a19}}";

Result<http::Response> FirstPage(Call& call, bool demo) {
    OW_TRY(const application::CaseCounts counts, call.services.database.Read(application::CountCases));
    const messages::Messages& texts = call.services.messages;
    const auto text = [&](const char* key) { return texts.Get(key, call.language); };
    std::string page = "<!doctype html><html lang=\"" + std::string(call.language == messages::Language::kChinese ? "zh-CN" : "en") +
                       "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>" +
                       text("server.title") + "</title><link rel=\"stylesheet\" href=\"/first_page.css\"></head><body><main><h1>" + text("server.title") +
                       "</h1><p>" + text("server.what") + "</p>";
    if (demo) page += "<p class=\"note\">" + text("server.demo") + "</p>";
    page += "<dl><dt>" + text("server.time") + "</dt><dd>" + FormatInstant(call.services.clock.Now()) + "</dd><dt>" + text("server.cases") +
            "</dt><dd>" + std::to_string(counts.cases) + "</dd><dt>" + text("server.licensed") + "</dt><dd>" +
            std::to_string(counts.licensed) + "</dd><dt>" + text("server.complete") + "</dt><dd>" + std::to_string(counts.complete) +
            "</dd></dl><ul><li><a href=\"/api/v1/openapi.json\">" + text("server.api") + "</a></li><li><a href=\"/api/v1/entity-types\">" +
            text("server.types") + "</a></li><li><a href=\"/api/v1/published-times\">" + text("server.times") + "</a></li></ul></main></body></html>";
    return Html(std::move(page));
}

}  // namespace

void AddFirstPage(api::Router& router, api::Services& services, bool demo) {
    router.AddRaw({.method = "GET", .path = "/", .id = "firstPage", .summary = "State of the service, for people", .access = Access::kPublic,
                   .media_type = "text/html", .tag = "service"},
                  [demo](Call& call) { return FirstPage(call, demo); });
    router.AddRaw({.method = "GET", .path = "/first_page.css", .id = "firstPageStyle", .summary = "Its style sheet", .access = Access::kPublic,
                   .media_type = "text/css", .tag = "service"},
                  [](Call&) -> Result<http::Response> {
                      http::Response response;
                      response.headers.Set("Content-Type", "text/css; charset=utf-8");
                      response.body = kStyle;
                      return response;
                  });
    router.AddRaw({.method = "GET", .path = "/healthz", .id = "isAlive", .summary = "The process answers", .access = Access::kPublic,
                   .media_type = "text/plain", .tag = "service"},
                  [](Call&) -> Result<http::Response> { return Plain(200, "ok\n"); });
    router.AddRaw({.method = "GET", .path = "/readyz", .id = "isReady", .summary = "The database answers", .access = Access::kPublic,
                   .reasons = {&db::reasons::kUnavailable}, .media_type = "text/plain", .tag = "service"},
                  [](Call& call) -> Result<http::Response> {
                      if (call.services.database.broken()) return Refuse(db::reasons::kUnavailable);
                      OW_CHECK(call.services.database.Read([](db::Transaction& tx) { return tx.Read(queries::kAnswerPing); }));
                      return Plain(200, "ready\n");
                  });
    router.AddRaw({.method = "GET", .path = "/metrics", .id = "readMetrics", .summary = "Prometheus metrics", .access = Access::kPublic,
                   .media_type = "text/plain", .tag = "service"},
                  [&services](Call&) -> Result<http::Response> { return Plain(200, services.metrics.Text()); });
    // The document does not change while the process lives.
    const auto document = std::make_shared<std::pair<std::once_flag, Result<std::string>>>();
    router.AddRaw({.method = "GET", .path = "/api/v1/openapi.json", .id = "describeApi", .summary = "This document", .access = Access::kPublic,
                   .media_type = "application/json", .tag = "service"},
                  [&router, document](Call&) -> Result<http::Response> {
                      std::call_once(document->first, [&] {
                          const auto described = DescribeContract(router);
                          document->second = described ? Result<std::string>(json::Text(*described)) : Failure(described.error());
                      });
                      OW_TRY(std::string text, document->second);
                      http::Response response;
                      response.headers.Set("Content-Type", "application/json");
                      response.body = std::move(text);
                      return response;
                  });
}

void SetGauges(metrics::Metrics& metrics, db::Database& database, http::Server& server, jobs::Runner& runner) {
    const auto http = server.counts();
    metrics.Set("onewindow_http_connections", {}, static_cast<double>(http.connections));
    metrics.Set("onewindow_http_streams", {}, static_cast<double>(http.streams));
    metrics.Set("onewindow_http_rejected", {}, static_cast<double>(http.rejected));
    const auto commits = database.counts();
    metrics.Set("onewindow_db_commits", {}, static_cast<double>(commits.commits));
    metrics.Set("onewindow_db_group_commits", {}, static_cast<double>(commits.group_commits));
    metrics.Set("onewindow_db_unknown_outcomes", {}, static_cast<double>(commits.unknown));
    const auto kinds = runner.States();
    if (!kinds) return;
    for (const jobs::KindState& kind : *kinds) {
        metrics.Set("onewindow_jobs", {{"kind", kind.kind}, {"state", "ready"}}, static_cast<double>(kind.ready));
        metrics.Set("onewindow_jobs", {{"kind", kind.kind}, {"state", "running"}}, static_cast<double>(kind.running));
        metrics.Set("onewindow_jobs", {{"kind", kind.kind}, {"state", "waiting"}}, static_cast<double>(kind.waiting));
        metrics.Set("onewindow_jobs", {{"kind", kind.kind}, {"state", "dead"}}, static_cast<double>(kind.dead));
    }
}

}  // namespace onewindow::server
