#include <fmt/format.h>

#include "application/reasons.hpp"
#include "licence/licence.hpp"
#include "licence/queries.gen.hpp"
#include "licence/reasons.hpp"
#include "licence/rows.hpp"
#include "licence/token.hpp"

// Routes: facts and PDFs for the case's people and offices; the public page behind the QR code;
// verification of a file.
namespace onewindow::licence {

using api::Access;
using api::Call;
using api::Empty;

struct LicenceAnswer {
    std::string id, uscc, name, type_text, type_code, person_label, person, capital_label,
        capital_text, place_label, place, scope;
    std::int64_t capital_fen = 0;
    std::string authority, authority_name, established;
    Instant issued_at;
    std::string state;
    int version = 1;
};
BOOST_DESCRIBE_STRUCT(LicenceAnswer, (),
                      (id, uscc, name, type_text, type_code, person_label, person, capital_label,
                       capital_text, place_label, place, scope, capital_fen, authority,
                       authority_name, established, issued_at, state, version))

struct PublicAnswer {
    bool found = false;
    std::string token;  // valid | absent | invalid
    std::optional<LicenceAnswer> licence;
};
BOOST_DESCRIBE_STRUCT(PublicAnswer, (), (found, token, licence))

namespace {

LicenceAnswer ToAnswer(const LicenceFacts& facts) {
    return {
        facts.id,           facts.uscc,         facts.name,           facts.type_text,
        facts.type_code,    facts.person_label, facts.person,         facts.capital_label,
        facts.capital_text, facts.place_label,  facts.place,          facts.scope,
        facts.capital_fen,  facts.authority,    facts.authority_name, FormatDate(facts.established),
        facts.issued_at,    facts.state,        facts.version};
}

constexpr std::string_view kStyle =
    "body{font:1.05rem/1.6 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 "
    "1rem;color:#1b1b1b;background:#fff}"
    "h1{font-size:1.4rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.4rem "
    "1.2rem}dt{color:#505050}dd{margin:0}"
    "p.state{padding:.6rem 1rem;border-left:.4rem solid "
    "#00703c;background:#f0f7f3}p.bad{border-color:#c1121f;background:#fdf0f0}";

std::string Escape(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

bool WantsJson(std::string_view accept) {
    const auto json_at = accept.find("application/json");
    const auto html_at = accept.find("text/html");
    return json_at != std::string_view::npos &&
           (html_at == std::string_view::npos || json_at < html_at);
}

std::string Sentence(const Call& call, std::string_view key) {
    return Escape(call.services.messages.Get(key, call.language));
}

std::string Entry(const Call& call, std::string_view key, std::string_view value) {
    return value.empty()
               ? ""
               : fmt::format("<dt>{}</dt><dd>{}</dd>", Sentence(call, key), Escape(value));
}

std::string HtmlOf(const Call& call, const std::optional<LicenceFacts>& facts,
                   std::string_view token_state) {
    std::string body = fmt::format("<h1>{}</h1>", Sentence(call, "licence.page.title"));
    if (!facts) {
        body += fmt::format("<p class=\"state bad\">{}</p>", Sentence(call, "licence.no_licence"));
    } else {
        const bool good =
            token_state != "invalid" && (facts->state == "valid" || facts->state == "restored");
        body += fmt::format("<p class=\"state{}\">{} {}</p><dl>", good ? "" : " bad",
                            Sentence(call, "licence.state." + facts->state),
                            Sentence(call, "licence.token." + std::string(token_state)));
        body += Entry(call, "licence.page.uscc", facts->uscc) +
                Entry(call, "licence.page.name", facts->name) +
                Entry(call, "licence.page.type", facts->type_text) +
                fmt::format("<dt>{}</dt><dd>{}</dd>", Escape(facts->person_label),
                            Escape(facts->person));
        if (!facts->capital_label.empty())
            body += fmt::format("<dt>{}</dt><dd>{}</dd>", Escape(facts->capital_label),
                                Escape(facts->capital_text));
        body += Entry(call, "licence.page.established", FormatDate(facts->established)) +
                fmt::format("<dt>{}</dt><dd>{}</dd>", Escape(facts->place_label),
                            Escape(facts->place)) +
                Entry(call, "licence.page.scope", facts->scope) +
                Entry(call, "licence.page.authority", facts->authority_name) +
                Entry(call, "licence.page.id", facts->id) + "</dl>";
    }
    return fmt::format(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>{}</title><style>{}</style></"
        "head><body><main>{}</main></body></html>",
        call.language == messages::Language::kChinese ? "zh-CN" : "en",
        Sentence(call, "licence.page.title"), kStyle, body);
}

http::Response Pdf(std::string bytes, const LicenceFacts& facts, std::string_view kind) {
    http::Response response;
    response.headers.Set("Content-Type", "application/pdf");
    response.headers.Set("Content-Disposition",
                         fmt::format("inline; filename=\"{}-{}.pdf\"", facts.uscc, kind));
    response.body = std::move(bytes);
    return response;
}

}  // namespace

http::Response Licences::PublicPage(Call& call, const std::optional<LicenceFacts>& facts,
                                    std::string_view token_state) const {
    http::Response response;
    if (WantsJson(call.request.headers.Get("Accept"))) {
        PublicAnswer answer{
            .found = facts.has_value(), .token = std::string(token_state), .licence = {}};
        if (facts) answer.licence = ToAnswer(*facts);
        response = call.Render(answer);
    } else {
        response.headers.Set("Content-Type", "text/html; charset=utf-8");
        // The one style of this page is named by its digest; nothing else may run or load.
        response.headers.Set("Content-Security-Policy",
                             "default-src 'none'; style-src 'sha256-" +
                                 crypto::Base64(crypto::Sha256(kStyle)) +
                                 "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
        response.body = HtmlOf(call, facts, token_state);
    }
    response.headers.Set("Vary", "Accept, Accept-Language");
    response.status = facts ? 200 : 404;
    return response;
}

Result<VerifyReport> Licences::VerifyStored(const std::string& bytes,
                                            std::optional<LicenceFacts>& facts) const {
    VerifyReport report{.file = "", .kind = "unknown", .valid = false, .steps = {}};
    report.steps.push_back({"format", bytes.starts_with("%PDF-"), "PDF"});
    const std::string digest = crypto::Hex(crypto::Sm3(bytes));
    OW_TRY(const auto file, deps_.application.deps().services.database.Read(
                                [&](db::Transaction& tx) -> Result<std::optional<LicenceFile>> {
                                    OW_TRY(const auto row,
                                           tx.FindOne(queries::kFindFileByDigest, digest));
                                    if (!row) return std::optional<LicenceFile>{};
                                    OW_TRY(facts, OfCase(tx, CaseId(row->Text("case_id"))));
                                    return std::optional<LicenceFile>{ReadFileRow(*row)};
                                }));
    report.steps.push_back({"issued_here", file.has_value(), "SM3 " + digest});
    if (file && facts) {
        report.kind = "licence_" + file->kind;
        AddSteps(report, bytes,
                 {.schema = "",
                  .kind = "",
                  .sm3 = file->sm3,
                  .key_id = file->key_id,
                  .signature = file->signature},
                 {{deps_.key_id, deps_.key.PublicKey()}});
        const auto token = ReadToken(file->token, deps_.key_id, deps_.key.PublicKey());
        report.steps.push_back(
            {"token", token && token->id == facts->id && token->uscc == facts->uscc, facts->id});
        report.steps.push_back(
            {"state", facts->state == "valid" || facts->state == "restored", facts->state});
    }
    Conclude(report);
    return report;
}

void Licences::AddCaseRoutes(api::Router& router) {
    const auto read = [this](Call& call, const CaseId& id) {
        return call.services.database.Read([&](db::Transaction& tx) -> Result<LicenceFacts> {
            OW_TRY(const application::Case the_case, deps_.application.Find(tx, id));
            OW_CHECK(deps_.application.MaySee(tx, call.principal, the_case));
            OW_TRY(const auto facts, OfCase(tx, id));
            if (!facts) return Refuse(reasons::kNoLicence);
            return *facts;
        });
    };
    router.Add<Empty, LicenceAnswer>(
        {.method = "GET",
         .path = "/api/v1/cases/{case}/licence",
         .id = "readLicence",
         .summary = "The issued licence's facts",
         .reasons = {&reasons::kNoLicence, &application::reasons::kNoCase},
         .tag = "licence"},
        [read](Call& call, const Empty&) -> Result<LicenceAnswer> {
            OW_TRY(const LicenceFacts facts, read(call, CaseId(call.Path("case"))));
            return ToAnswer(facts);
        });
    for (const std::string kind : {"original", "duplicate"}) {
        const bool original = kind == "original";
        router.AddRaw({.method = "GET",
                       .path = "/api/v1/cases/{case}/licence/" + kind,
                       .id = original ? "readLicenceOriginal" : "readLicenceDuplicate",
                       .summary = original ? "正本 as PDF" : "副本 as PDF",
                       .reasons = {&reasons::kNoLicence, &application::reasons::kNoCase},
                       .media_type = "application/pdf",
                       .tag = "licence"},
                      [this, read, kind](Call& call) -> Result<http::Response> {
                          OW_TRY(const LicenceFacts facts, read(call, CaseId(call.Path("case"))));
                          OW_TRY(const auto file,
                                 call.services.database.Read([&](db::Transaction& tx) {
                                     return FileOf(tx, facts.case_id, kind);
                                 }));
                          if (!file) return Refuse(reasons::kNoLicence);
                          OW_TRY(std::string bytes, deps_.blobs.Get(file->blob));
                          return Pdf(std::move(bytes), facts, kind);
                      });
        router.Add<Empty, Sidecar>(
            {.method = "GET",
             .path = "/api/v1/cases/{case}/licence/" + kind + "/signature",
             .id = original ? "readLicenceOriginalSignature" : "readLicenceDuplicateSignature",
             .summary = "The detached signature that travels beside the PDF as FILE.sig.json",
             .reasons = {&reasons::kNoLicence, &application::reasons::kNoCase},
             .tag = "licence"},
            [this, read, kind](Call& call, const Empty&) -> Result<Sidecar> {
                OW_TRY(const LicenceFacts facts, read(call, CaseId(call.Path("case"))));
                OW_TRY(const auto file, call.services.database.Read([&](db::Transaction& tx) {
                    return FileOf(tx, facts.case_id, kind);
                }));
                if (!file) return Refuse(reasons::kNoLicence);
                return Sidecar{.schema = std::string(kSidecarSchema),
                               .kind = "licence_" + kind,
                               .sm3 = file->sm3,
                               .key_id = file->key_id,
                               .signature = file->signature};
            });
    }
}

void Licences::AddPublicRoutes(api::Router& router) {
    router.AddRaw(
        {.method = "GET",
         .path = "/v/{id}",
         .id = "showLicence",
         .summary =
             "What the QR code of a licence leads to: state and public facts, as a page or as JSON",
         .access = Access::kPublic,
         .media_type = "text/html",
         .tag = "licence",
         .rate_per_minute = 600,
         .query = {{"t", "The signed token of the QR code"}}},
        [this](Call& call) -> Result<http::Response> {
            const std::string id = call.Path("id");
            OW_TRY(const auto facts,
                   call.services.database.Read(
                       [&](db::Transaction& tx) -> Result<std::optional<LicenceFacts>> {
                           OW_TRY(const auto row, tx.FindOne(queries::kFindLicenceById, id));
                           if (!row) return std::optional<LicenceFacts>{};
                           return std::optional<LicenceFacts>{ReadFacts(*row)};
                       }));
            const auto sent = call.request.QueryValue("t");
            std::string state = sent ? "invalid" : "absent";
            if (sent && facts) {
                const auto token = ReadToken(*sent, deps_.key_id, deps_.key.PublicKey());
                const TokenFacts expected{facts->id, facts->uscc,
                                          crypto::Hex(crypto::Sm3(facts->name)),
                                          FormatDate(facts->established)};
                if (token && *token == expected) state = "valid";
            }
            return PublicPage(call, facts, state);
        });
    router.AddRaw(
        {.method = "POST",
         .path = "/api/v1/licences/verification",
         .id = "verifyLicence",
         .summary = "Verifies the bytes of a licence PDF: found by digest, checked by signature",
         .access = Access::kPublic,
         .tag = "licence",
         .needs_key = false,
         .rate_per_minute = 120,
         .request_media_type = "application/pdf"},
        [this](Call& call) -> Result<http::Response> {
            std::optional<LicenceFacts> facts;
            OW_TRY(const VerifyReport report, VerifyStored(call.request.body, facts));
            return call.Render(report);
        });
}

void Licences::AddRoutes(api::Router& router) {
    AddCaseRoutes(router);
    AddPublicRoutes(router);
}

}  // namespace onewindow::licence
