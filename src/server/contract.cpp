#include "server/contract.hpp"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "kernel/embedded.hpp"

namespace onewindow::server {
namespace {

Failure Wrong(const std::string& entry) {
    return Fail(Error(Fault{&reasons::kContract, entry}).WithDetail("contract.toml: " + entry));
}

json::value FromToml(const toml::node& node) {
    if (const toml::table* table = node.as_table()) {
        json::object out;
        for (const auto& [key, member] : *table) out[std::string(key.str())] = FromToml(member);
        return out;
    }
    if (const toml::array* list = node.as_array()) {
        json::array out;
        for (const toml::node& item : *list) out.push_back(FromToml(item));
        return out;
    }
    if (const auto text = node.value_exact<std::string>()) return json::value(*text);
    if (const auto number = node.value_exact<std::int64_t>()) return *number;
    if (const auto number = node.value_exact<double>()) return *number;
    if (const auto yes = node.value_exact<bool>()) return *yes;
    return nullptr;
}

/// Objects are merged, anything else is replaced.
void Merge(json::object& into, const json::object& from) {
    for (const auto& member : from) {
        json::value& target = into[member.key()];
        if (target.is_object() && member.value().is_object()) {
            Merge(target.get_object(), member.value().get_object());
        } else {
            target = member.value();
        }
    }
}

json::object* ObjectAt(json::value& root, std::initializer_list<std::string_view> keys) {
    json::value* node = &root;
    for (const std::string_view key : keys) {
        node = node->is_object() ? node->get_object().if_contains(key) : nullptr;
        if (node == nullptr) return nullptr;
    }
    return node->is_object() ? &node->get_object() : nullptr;
}

/// The one media type of a body.
json::object* MediaOf(json::object& body) {
    json::value* content = body.if_contains("content");
    if (content == nullptr || content->get_object().size() != 1) return nullptr;
    return &content->get_object().begin()->value().get_object();
}

json::object* FindOperation(json::object& document, std::string_view id) {
    for (auto& path : document.at("paths").get_object()) {
        for (auto& method : path.value().get_object()) {
            if (json::TextAt(method.value(), "operationId") == id)
                return &method.value().get_object();
        }
    }
    return nullptr;
}

json::object* ParameterOf(json::object& operation, std::string_view name) {
    json::value* parameters = operation.if_contains("parameters");
    if (parameters == nullptr) return nullptr;
    for (json::value& parameter : parameters->get_array()) {
        if (json::TextAt(parameter, "name") == name) return &parameter.get_object();
    }
    return nullptr;
}

/// `parameter.NAME` lays itself over every parameter of that name.
Result<> LayParameters(json::object& document, const json::object& texts) {
    for (const auto& text : texts) {
        bool found = false;
        for (auto& path : document.at("paths").get_object()) {
            for (auto& method : path.value().get_object()) {
                json::object* parameter = ParameterOf(method.value().get_object(), text.key());
                if (parameter == nullptr) continue;
                Merge(*parameter, text.value().as_object());
                found = true;
            }
        }
        if (!found) return Wrong("parameter." + std::string(text.key()));
    }
    return {};
}

Result<> LayOperation(json::object& operation, const std::string& entry, const json::object& text) {
    for (const auto& [key, said] : text) {
        const std::string what = entry + "." + std::string(key);
        if (key == "parameter") {
            for (const auto& [name, about] : said.as_object()) {
                json::object* parameter = ParameterOf(operation, name);
                if (parameter == nullptr) return Wrong(what + "." + std::string(name));
                Merge(*parameter, about.as_object());
            }
        } else if (key == "request") {
            json::value* body = operation.if_contains("requestBody");
            json::object* media = body == nullptr ? nullptr : MediaOf(body->get_object());
            if (media == nullptr) return Wrong(what);
            Merge(*media, said.as_object());
        } else if (key == "answer") {
            // The success is declared first.
            json::object& success =
                operation.at("responses").get_object().begin()->value().get_object();
            json::object* media = MediaOf(success);
            if (media == nullptr) return Wrong(what);
            Merge(*media, said.as_object());
        } else if (key == "headers") {
            json::object& success =
                operation.at("responses").get_object().begin()->value().get_object();
            Merge(success, json::object{{"headers", said}});
        } else if (key == "responses") {
            // Whole answers of their own: what is replaced leaves nothing behind.
            for (const auto& [status, response] : said.as_object())
                operation.at("responses").get_object()[status] = response;
        } else if (key == "description") {
            operation[key] = said;
        } else {
            return Wrong(what);
        }
    }
    return {};
}

Result<> LayType(json::object& schema, const std::string& entry, const json::object& text) {
    for (const auto& [key, said] : text) {
        if (key != "fields") {
            Merge(schema, json::object{{key, said}});
            continue;
        }
        for (const auto& [name, about] : said.as_object()) {
            json::value* field = schema.at("properties").get_object().if_contains(name);
            if (field == nullptr) return Wrong(entry + ".fields." + std::string(name));
            Merge(field->get_object(), about.as_object());
        }
    }
    return {};
}

Result<> LayEach(json::object& document, const std::string& kind, const json::object& texts) {
    json::value& components = document.at("components");
    for (const auto& [name, text] : texts) {
        const std::string entry = kind + "." + std::string(name);
        if (kind == "operation") {
            json::object* operation = FindOperation(document, name);
            if (operation == nullptr) return Wrong(entry);
            OW_CHECK(LayOperation(*operation, entry, text.as_object()));
        } else if (kind == "type") {
            json::object* schema = ObjectAt(components, {"schemas", name});
            if (schema == nullptr) return Wrong(entry);
            OW_CHECK(LayType(*schema, entry, text.as_object()));
        } else if (kind == "define") {
            json::object& schemas = components.at("schemas").get_object();
            if (schemas.contains(name)) return Wrong(entry);
            schemas[name] = text;
        } else if (kind == "security") {
            json::object* scheme = ObjectAt(components, {"securitySchemes", name});
            if (scheme == nullptr) return Wrong(entry);
            Merge(*scheme, text.as_object());
        } else {
            return Wrong(entry);
        }
    }
    return {};
}

Result<> LayTags(json::object& document, const json::object& texts) {
    for (const auto& [name, text] : texts) {
        bool found = false;
        for (json::value& tag : document.at("tags").get_array()) {
            if (json::TextAt(tag, "name") != std::string_view(name)) continue;
            tag.get_object()["description"] = text;
            found = true;
        }
        if (!found) return Wrong("tag." + std::string(name));
    }
    return {};
}

Result<> LayOne(json::object& document, const json::object& contract) {
    for (const auto& [kind, texts] : contract) {
        if (kind == "info") {
            Merge(document.at("info").get_object(), texts.as_object());
        } else if (kind == "tag") {
            OW_CHECK(LayTags(document, texts.as_object()));
        } else if (kind == "parameter") {
            OW_CHECK(LayParameters(document, texts.as_object()));
        } else {
            OW_CHECK(LayEach(document, kind, texts.as_object()));
        }
    }
    return {};
}

}  // namespace

Result<> LayContract(json::object& document, std::span<const std::string_view> texts) {
    for (const std::string_view text : texts) {
        const toml::parse_result parsed = toml::parse(text);
        if (!parsed) return Wrong(std::string(parsed.error().description()));
        const json::value contract = FromToml(parsed.table());
        OW_CHECK(LayOne(document, contract.get_object()));
    }
    return {};
}

Result<json::object> DescribeContract(const api::Router& router) {
    json::object document = router.OpenApi();
    OW_CHECK(LayContract(document, embedded::AllContracts()));
    return document;
}

}  // namespace onewindow::server
