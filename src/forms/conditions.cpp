#include "forms/forms.hpp"

namespace onewindow::forms {
namespace {

Condition Make(Condition::Kind kind, std::string path, std::vector<json::value> values,
               std::vector<Condition> parts) {
    Condition condition;
    condition.kind = kind;
    condition.path = std::move(path);
    condition.values = std::move(values);
    condition.parts = std::move(parts);
    return condition;
}

const json::value* Look(const Condition& condition, const json::value& root, const json::value* row) {
    const std::string_view path = condition.path;
    if (path.starts_with('.')) return row == nullptr ? nullptr : json::Find(*row, path.substr(1));
    return json::Find(root, path);
}

bool IsAnswered(const json::value* node) {
    if (node == nullptr || node->is_null()) return false;
    if (node->is_string()) return !node->get_string().empty();
    if (node->is_array()) return !node->get_array().empty();
    return true;
}

}  // namespace

Condition Always() { return {}; }
Condition Never() { return Make(Condition::Kind::kNever, "", {}, {}); }
Condition Equals(std::string path, json::value value) {
    return Make(Condition::Kind::kEquals, std::move(path), {std::move(value)}, {});
}
Condition In(std::string path, std::vector<json::value> values) {
    return Make(Condition::Kind::kIn, std::move(path), std::move(values), {});
}
Condition Present(std::string path) { return Make(Condition::Kind::kPresent, std::move(path), {}, {}); }
Condition And(std::vector<Condition> parts) { return Make(Condition::Kind::kAnd, "", {}, std::move(parts)); }
Condition Or(std::vector<Condition> parts) { return Make(Condition::Kind::kOr, "", {}, std::move(parts)); }
Condition Not(Condition part) { return Make(Condition::Kind::kNot, "", {}, {std::move(part)}); }
Condition CountAtLeast(std::string path, std::int64_t count) {
    return Make(Condition::Kind::kCountAtLeast, std::move(path), {count}, {});
}

bool Holds(const Condition& condition, const json::value& root, const json::value* row) {
    switch (condition.kind) {
        case Condition::Kind::kAlways: return true;
        case Condition::Kind::kNever: return false;
        case Condition::Kind::kEquals:
        case Condition::Kind::kIn: {
            const json::value* node = Look(condition, root, row);
            return node != nullptr && std::find(condition.values.begin(), condition.values.end(), *node) !=
                                          condition.values.end();
        }
        case Condition::Kind::kPresent: return IsAnswered(Look(condition, root, row));
        case Condition::Kind::kAnd:
            return std::all_of(condition.parts.begin(), condition.parts.end(),
                               [&](const Condition& part) { return Holds(part, root, row); });
        case Condition::Kind::kOr:
            return std::any_of(condition.parts.begin(), condition.parts.end(),
                               [&](const Condition& part) { return Holds(part, root, row); });
        case Condition::Kind::kNot: return !Holds(condition.parts.front(), root, row);
        case Condition::Kind::kCountAtLeast: {
            const json::value* node = Look(condition, root, row);
            return node != nullptr && node->is_array() &&
                   static_cast<std::int64_t>(node->get_array().size()) >= condition.values.front().get_int64();
        }
    }
    return false;
}

}  // namespace onewindow::forms
