#include <set>

#include "kernel/api/route.hpp"
#include "kernel/http/server.hpp"

namespace onewindow::api {
namespace {

using json::array;
using json::object;
using json::value;

object Ref(std::string_view component) {
    return {{"$ref", "#/components/schemas/" + std::string(component)}};
}

object Parameter(std::string_view name, std::string_view in, std::string_view meaning,
                 bool required, object schema) {
    object parameter{{"name", name}, {"in", in}, {"required", required}};
    if (!meaning.empty()) parameter["description"] = meaning;
    parameter["schema"] = std::move(schema);
    return parameter;
}

array Parameters(const Operation& operation, const std::vector<std::string>& segments,
                 bool needs_key) {
    const object text{{"type", "string"}};
    array parameters;
    for (const std::string& segment : segments) {
        if (!IsParameter(segment)) continue;
        parameters.push_back(
            Parameter(segment.substr(1, segment.size() - 2), "path", "", true, text));
    }
    for (const auto& [name, meaning] : operation.query) {
        parameters.push_back(Parameter(name, "query", meaning, false, text));
    }
    if (needs_key) {
        parameters.push_back(Parameter(
            "Idempotency-Key", "header",
            "Chosen by the client, new for each act. A repeat with the same key and body gets the "
            "first answer.",
            true,
            {{"type", "string"}, {"minLength", 8}, {"maxLength", 128}, {"pattern", "^[!-~]+$"}}));
    }
    if (operation.needs_if_match) {
        parameters.push_back(Parameter("If-Match", "header",
                                       "The ETag of the version that is to be changed.", true,
                                       {{"type", "string"}, {"pattern", "^\"[0-9]+\"$"}}));
    }
    const bool has_session =
        operation.access == Access::kLoggedIn || operation.access == Access::kRole;
    if (has_session && IsWrite(operation.method)) {
        parameters.push_back(Parameter("X-CSRF-Token", "header",
                                       "Needed with a cookie session; see `csrf` of the session.",
                                       false, text));
    }
    return parameters;
}

object Media(std::string_view type, object schema) {
    object media;
    if (!schema.empty()) media["schema"] = std::move(schema);
    return {{std::string(type), std::move(media)}};
}

object ProblemResponse(int status, const std::set<std::string_view>& codes) {
    array choices;
    for (const std::string_view code : codes) choices.push_back(value(code));
    const object narrowed{{"type", "object"}, {"properties", {{"reason", {{"enum", choices}}}}}};
    object response{{"description", "Problem document (RFC 9457)."}};
    if (status == 429 || status == 503) {
        response["headers"] = {
            {"Retry-After",
             {{"description", "Seconds after which to send the same request again."},
              {"schema", {{"type", "integer"}, {"minimum", 1}}}}}};
    }
    response["content"] =
        Media("application/problem+json", {{"allOf", array{Ref("ProblemDocument"), narrowed}}});
    return response;
}

/// Refusals by status. Where an operation adds nothing of its own to a status, its answer is the
/// shared one, so that the document stays readable.
using ByStatus = std::map<int, std::set<std::string_view>>;

void AddRefusals(object& responses, const Operation& operation,
                 const std::vector<const Reason*>& reasons, ByStatus& shared) {
    if (operation.refuses_by_rules) {
        responses["422"] = {{"description",
                             "Problem document (RFC 9457). Besides reasons of this operation, any "
                             "rule of law, of the entity type or of "
                             "a matter may refuse; `errors` has all faults at once."},
                            {"content", Media("application/problem+json", Ref("ProblemDocument"))}};
    }
    ByStatus all, own;
    for (const Reason* reason : reasons) all[http::StatusFor(*reason)].insert(reason->code);
    for (const Reason* reason : operation.reasons)
        own[http::StatusFor(*reason)].insert(reason->code);
    for (const auto& [status, codes] : all) {
        if (responses.contains(std::to_string(status))) continue;
        if (own.contains(status)) {
            responses[std::to_string(status)] = ProblemResponse(status, codes);
            continue;
        }
        shared[status].insert(codes.begin(), codes.end());
        responses[std::to_string(status)] = {
            {"$ref", "#/components/responses/Problem" + std::to_string(status)}};
    }
}

array Security(Access access) {
    switch (access) {
        case Access::kPublic:
            return {};
        case Access::kSigned:
            return {object{{"signature", array{}}}};
        case Access::kLoggedIn:
        case Access::kRole:
            return {object{{"bearer", array{}}}, object{{"cookie", array{}}}};
    }
    return {};
}

object SecuritySchemes() {
    return {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
            {"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "onewindow_session"}}},
            {"signature",
             {{"type", "apiKey"},
              {"in", "header"},
              {"name", "Signature"},
              {"description", "HTTP message signature (RFC 9421) of a registered agency."}}}};
}

std::string TagOf(const Operation& operation) {
    return operation.tag.empty() ? "general" : operation.tag;
}

}  // namespace

std::vector<const Reason*> Router::ReasonsOf(const Operation& operation) {
    std::vector<const Reason*> all = operation.reasons;
    const auto add = [&](std::initializer_list<const Reason*> more) {
        all.insert(all.end(), more);
    };
    add({&reasons::kBug, &db::reasons::kUnavailable, &http::reasons::kMalformed,
         &http::reasons::kHostMissing, &http::reasons::kTimeout, &http::reasons::kHeadersTooLarge,
         &http::reasons::kOverloaded, &http::reasons::kDraining, &http::reasons::kMisdirected,
         &http::reasons::kExpectation, &http::reasons::kTransferCoding});
    const bool write = IsWrite(operation.method);
    if (operation.path.starts_with("/api/"))
        add({&reasons::kQueryUnknown, &reasons::kQueryRepeated});
    if (write) {
        add({&http::reasons::kBodyTooLarge, &db::reasons::kOutcomeUnknown, &reasons::kMediaType,
             &json::reasons::kUnreadable, &json::reasons::kDuplicateKey,
             &json::reasons::kNul, &json::reasons::kUnknownField, &json::reasons::kMissingField,
             &json::reasons::kWrongType, &json::reasons::kNotInteger,
             &json::reasons::kUnknownChoice});
    }
    if (operation.access == Access::kLoggedIn || operation.access == Access::kRole) {
        add({&reasons::kLoginNeeded, &reasons::kSessionEnded});
    }
    // A public write with a live cookie session is guarded too.
    if (write && operation.access != Access::kSigned) add({&reasons::kCsrf});
    if (operation.access == Access::kRole) add({&reasons::kNotYours});
    if (write && operation.needs_key)
        add({&reasons::kKeyRequired, &reasons::kKeyMalformed, &reasons::kKeyReused});
    if (operation.needs_if_match) add({&reasons::kIfMatchMissing, &reasons::kIfMatchMalformed});
    if (operation.rate_per_minute > 0) add({&reasons::kTooMany});
    return all;
}

json::object Router::OpenApi() const {
    json::Components components = components_;
    json::Schema<ProblemDocument>(components);
    object paths;
    ByStatus shared;
    std::set<std::string> tags;
    for (const auto& route : routes_) {
        const Operation& operation = route->operation;
        object entry{{"operationId", operation.id},
                     {"summary", operation.summary},
                     {"tags", array{value(TagOf(operation))}},
                     {"security", Security(operation.access)},
                     {"x-access", json::Write(operation.access)}};
        if (!operation.roles.empty()) entry["x-roles"] = json::Write(operation.roles);
        array parameters = Parameters(operation, route->segments, route->NeedsKey());
        if (!parameters.empty()) entry["parameters"] = std::move(parameters);
        if (!route->request_schema.empty()) {
            entry["requestBody"] = {{"required", true},
                                    {"content", Media("application/json", route->request_schema)}};
        } else if (!operation.request_media_type.empty()) {
            entry["requestBody"] = {{"required", true},
                                    {"content", Media(operation.request_media_type, {})}};
        }
        object success{{"description", operation.summary}};
        if (operation.status != 204) {
            const bool text = operation.media_type.starts_with("text/");
            success["content"] =
                operation.media_type.empty()
                    ? Media("application/json", route->answer_schema)
                    : Media(operation.media_type, text ? object{{"type", "string"}} : object{});
        }
        object responses{{std::to_string(operation.status), std::move(success)}};
        AddRefusals(responses, operation, route->reasons, shared);
        entry["responses"] = std::move(responses);

        std::string method = operation.method;
        for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
        value& path = paths[operation.path];
        if (!path.is_object()) path = object{};
        path.get_object()[method] = std::move(entry);
        tags.insert(TagOf(operation));
    }
    object schemas;
    for (const auto& [name, schema] : components) schemas[name] = schema;
    object refusals;
    for (const auto& [status, codes] : shared)
        refusals["Problem" + std::to_string(status)] = ProblemResponse(status, codes);
    array tag_list;
    for (const std::string& tag : tags) tag_list.push_back(object{{"name", tag}});
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", "OneWindow"},
              {"version", "1"},
              {"description",
               "Every refusal is a problem document (RFC 9457) whose `reason` is stable."},
              {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
            {"servers", array{object{{"url", "/"}}}},
            {"tags", std::move(tag_list)},
            {"paths", std::move(paths)},
            {"components",
             {{"schemas", std::move(schemas)},
              {"responses", std::move(refusals)},
              {"securitySchemes", SecuritySchemes()}}}};
}

}  // namespace onewindow::api
