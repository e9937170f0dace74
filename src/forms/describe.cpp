#include "forms/forms.hpp"
#include "kernel/json/described.hpp"
#include "kernel/sealing/sealing.hpp"
#include "kernel/text/text.hpp"

namespace onewindow::forms {
namespace {

using messages::Language;

json::object Texts(const messages::Messages& messages, const std::string& key) {
    return {{"zh", messages.Get(key, Language::kChinese)}, {"en", messages.Get(key, Language::kEnglish)}};
}

bool HasText(const messages::Messages& messages, const std::string& key) {
    return messages.Has(key, Language::kChinese);
}

std::string_view KindText(Condition::Kind kind) {
    switch (kind) {
        case Condition::Kind::kAlways: return "always";
        case Condition::Kind::kNever: return "never";
        case Condition::Kind::kEquals: return "equals";
        case Condition::Kind::kIn: return "in";
        case Condition::Kind::kPresent: return "present";
        case Condition::Kind::kAnd: return "and";
        case Condition::Kind::kOr: return "or";
        case Condition::Kind::kNot: return "not";
        case Condition::Kind::kCountAtLeast: return "count_at_least";
    }
    return "never";
}

json::value DescribeCondition(const Condition& condition) {
    json::object out{{"is", json::value(KindText(condition.kind))}};
    if (!condition.path.empty()) out["path"] = condition.path;
    if (condition.kind == Condition::Kind::kIn) {
        out["values"] = json::array(condition.values.begin(), condition.values.end());
    } else if (!condition.values.empty()) {
        out["value"] = condition.values.front();
    }
    if (!condition.parts.empty()) {
        json::array parts;
        for (const Condition& part : condition.parts) parts.push_back(DescribeCondition(part));
        out["parts"] = std::move(parts);
    }
    return out;
}

json::array List(const std::vector<std::string>& texts) {
    json::array out;
    for (const std::string& text : texts) out.push_back(json::value(text));
    return out;
}

json::object DescribeField(const Field& field, const std::string& section, const messages::Messages& messages) {
    const std::string key = "form." + section + "." + field.id;
    json::object out{{"id", field.id},
                     {"type", json::Write(field.type)},
                     {"label", Texts(messages, key + ".label")},
                     {"source", json::Write(field.source)},
                     {"privacy", json::Write(field.privacy)},
                     {"required_when", DescribeCondition(field.required_when)},
                     {"asked_when", DescribeCondition(field.asked_when)},
                     {"needed_by", List(field.needed_by)}};
    if (HasText(messages, key + ".hint")) out["hint"] = Texts(messages, key + ".hint");
    if (field.min != 0) out["min"] = field.min;
    if (field.max != 0) out["max"] = field.max;
    if (!field.lookup.empty()) out["lookup"] = field.lookup;
    if (!field.default_value.is_null()) out["default"] = field.default_value;
    if (!field.cite.empty()) out["cite"] = field.cite;
    if (!field.options.empty()) {
        json::array options;
        for (const std::string& option : field.options) {
            options.push_back(json::object{{"id", option}, {"label", Texts(messages, key + "." + option)}});
        }
        out["options"] = std::move(options);
    }
    return out;
}

/// Visits each asked field of each row that is there (rows that the form demands count even if absent).
template <class Visit>
void EachField(const Form& form, const json::object& facts, Visit visit) {
    const json::value root = facts;
    for (const Section& section : form.sections) {
        if (!Holds(section.asked_when, root, nullptr)) continue;
        const json::value* node = facts.if_contains(section.id);
        if (!section.repeats) {
            const json::value row = node != nullptr && node->is_object() ? *node : json::value(json::object{});
            for (const Field& field : section.fields) {
                if (Holds(field.asked_when, root, &row)) visit(section, field, root, row);
            }
        } else if (node != nullptr && node->is_array()) {
            for (const json::value& row : node->get_array()) {
                for (const Field& field : section.fields) {
                    if (row.is_object() && Holds(field.asked_when, root, &row)) visit(section, field, root, row);
                }
            }
        }
    }
}

json::value MaskedValue(const Field& field, const json::value& node) {
    if (field.privacy != Privacy::kPersonal && field.privacy != Privacy::kSensitive) return node;
    if (!node.is_string()) return nullptr;
    const std::string_view text = node.get_string();
    switch (field.type) {
        case FieldType::kMobile:
        case FieldType::kPhone: return json::value(sealing::MaskMobile(text));
        case FieldType::kIdNumber: return json::value(sealing::MaskIdNumber(text));
        case FieldType::kHanzi: return json::value(sealing::MaskName(text));
        default: return json::value(sealing::MaskAddress(text));
    }
}

void MaskRow(const Section& section, json::object& row) {
    for (const Field& field : section.fields) {
        if (json::value* node = row.if_contains(field.id); node != nullptr && !node->is_null()) {
            *node = MaskedValue(field, *node);
        }
    }
}

/// "people.1.id_number" -> "人员（2）：证件号码", "scope.items.0" -> "经营项目（1）"; the path itself where the form has no text.
std::string LabelOf(const messages::Messages& messages, Language language, const std::string& path) {
    const std::vector<std::string> parts = text::Split(path, '.');
    const auto entry = [](const std::string& index) { return index.size() < 6 ? std::to_string(std::stoi(index) + 1) : index; };
    std::string section = parts.front(), field, row, item;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (!text::IsDigits(parts[i])) field += (field.empty() ? "" : ".") + parts[i];
        else (field.empty() ? row : item) = entry(parts[i]);
    }
    const std::string title = "form." + section + ".title", key = "form." + section + "." + field + ".label";
    if (!messages.Has(title, language) || (!field.empty() && !messages.Has(key, language))) return path;
    std::string label = messages.Get(field.empty() ? title : key, language);
    if (field.empty() && !row.empty()) item = row;
    if (!item.empty()) label = messages.Get("forms.label_of_item", language, {{"label", label}, {"number", item}});
    if (field.empty() || row.empty()) return label;
    return messages.Get("forms.label_in_row", language, {{"section", messages.Get(title, language)}, {"number", row}, {"label", label}});
}

}  // namespace

json::object Describe(const Form& form, const messages::Messages& messages) {
    json::array sections;
    for (const Section& section : form.sections) {
        const std::string key = "form." + section.id;
        json::object out{{"id", section.id},
                         {"title", Texts(messages, key + ".title")},
                         {"repeats", section.repeats},
                         {"needed_by", List(section.needed_by)},
                         {"asked_when", DescribeCondition(section.asked_when)}};
        if (HasText(messages, key + ".why")) out["why"] = Texts(messages, key + ".why");
        if (section.repeats) {
            out["rows_min"] = section.rows_min;
            if (section.rows_max > 0) out["rows_max"] = section.rows_max;
        }
        if (!section.cite.empty()) out["cite"] = section.cite;
        json::array fields;
        for (const Field& field : section.fields) fields.push_back(DescribeField(field, section.id, messages));
        out["fields"] = std::move(fields);
        sections.push_back(std::move(out));
    }
    return {{"sections", std::move(sections)}};
}

void FillDefaults(const Form& form, json::object& facts) {
    for (const Section& section : form.sections) {
        // Conditions look at what the sections before have become.
        const json::value root = facts;
        if (!Holds(section.asked_when, root, nullptr)) continue;
        const auto fill = [&](json::object& row) {
            for (const Field& field : section.fields) {
                if (field.default_value.is_null()) continue;
                const json::value row_value = row;
                if (Holds(field.asked_when, root, &row_value) && !row.contains(field.id)) {
                    row[field.id] = field.default_value;
                }
            }
        };
        json::value* node = facts.if_contains(section.id);
        if (section.repeats) {
            if (node == nullptr || !node->is_array()) continue;
            for (json::value& row : node->get_array()) {
                if (row.is_object()) fill(row.get_object());
            }
        } else {
            if (node == nullptr) node = &(facts[section.id] = json::object{});
            if (node->is_object()) fill(node->get_object());
        }
    }
}

int CountTypedFields(const Form& form, const json::object& facts) {
    int count = 0;
    EachField(form, facts, [&](const Section&, const Field& field, const json::value& root, const json::value& row) {
        const bool typed = field.source == Source::kTyped && field.default_value.is_null();
        if (typed && Holds(field.required_when, root, &row)) ++count;
    });
    return count;
}

json::object Masked(const Form& form, const json::object& facts) {
    json::object out = facts;
    for (const Section& section : form.sections) {
        json::value* node = out.if_contains(section.id);
        if (node == nullptr) continue;
        if (node->is_object()) {
            MaskRow(section, node->get_object());
        } else if (node->is_array()) {
            for (json::value& row : node->get_array()) {
                if (row.is_object()) MaskRow(section, row.get_object());
            }
        }
    }
    return out;
}

json::object Pick(const json::object& facts, const std::vector<std::string>& paths) {
    json::object out;
    for (const std::string& path : paths) {
        const std::size_t dot = path.find('.');
        const std::string section = path.substr(0, dot);
        const json::value* node = facts.if_contains(section);
        if (node == nullptr) continue;
        if (dot == std::string::npos) {
            out[section] = *node;
            continue;
        }
        const std::string field = path.substr(dot + 1);
        if (node->is_object()) {
            if (const json::value* found = node->get_object().if_contains(field)) {
                json::value& target = out[section];
                if (!target.is_object()) target = json::object{};
                target.get_object()[field] = *found;
            }
        } else if (node->is_array()) {
            json::value& target = out[section];
            if (!target.is_array()) target = json::array(node->get_array().size(), json::value(json::object{}));
            for (std::size_t i = 0; i < node->get_array().size(); ++i) {
                const json::value& row = node->get_array()[i];
                const json::value* found = row.is_object() ? row.get_object().if_contains(field) : nullptr;
                if (found != nullptr) target.get_array()[i].get_object()[field] = *found;
            }
        }
    }
    return out;
}

std::map<std::string, std::string> ArgumentsOf(const messages::Messages& messages, Language language, const Fault& fault) {
    std::map<std::string, std::string> arguments = fault.arguments;
    arguments.emplace("field", LabelOf(messages, language, fault.field));
    const auto why = arguments.find("why");
    if (why != arguments.end() && messages.Has(why->second, language)) why->second = messages.Get(why->second, language, arguments);
    return arguments;
}

}  // namespace onewindow::forms
