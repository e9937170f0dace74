#include <set>

#include "forms/forms.hpp"
#include "forms/reasons.hpp"
#include "kernel/text/text.hpp"
#include "reference/codes/codes.hpp"
#include "reference/reasons.hpp"

namespace onewindow::forms {
namespace {

/// Longest text that any field takes; a field may set less.
constexpr std::int64_t kTextMax = 500;
constexpr std::int64_t kMoneyMax = 1'000'000'000'000'000;  // 10 trillion yuan in fen.
constexpr std::int64_t kRowsMax = 2000;
/// Nobody reads a thousand faults; a hostile form may not make a hundred thousand.
constexpr std::size_t kFaultsMax = 1000;

class Validator {
   public:
    Validator(const json::object& facts, const Lookups& lookups, bool complete)
        : root_(facts), lookups_(lookups), complete_(complete) {
        CollectPeople();
    }

    void Run(const Form& form) {
        ReportUnknownSections(form);
        for (const Section& section : form.sections) CheckSection(section);
        std::stable_sort(faults.begin(), faults.end(), [](const Fault& left, const Fault& right) {
            return std::tie(left.field, left.reason->code) < std::tie(right.field, right.reason->code);
        });
    }

    std::vector<Fault> faults;

   private:
    void Add(const Reason& reason, std::string field, std::map<std::string, std::string> arguments = {}) {
        if (faults.size() < kFaultsMax) faults.push_back({&reason, std::move(field), std::move(arguments)});
    }

    void CollectPeople() {
        const json::value* people = json::Find(root_, "people");
        if (people == nullptr || !people->is_array()) return;
        std::size_t index = 0;
        for (const json::value& row : people->get_array()) {
            const std::string key = json::TextAt(row, "key");
            if (!key.empty() && !people_.insert(key).second) {
                Add(reasons::kDuplicateKey, "people." + std::to_string(index) + ".key", {{"key", key}});
            }
            ++index;
        }
    }

    void ReportUnknownSections(const Form& form) {
        for (const auto& member : root_.get_object()) {
            const bool known = std::any_of(form.sections.begin(), form.sections.end(),
                                           [&](const Section& section) { return member.key() == section.id; });
            if (!known) Add(reasons::kUnknownSection, std::string(std::string_view(member.key())));
        }
    }

    void CheckSection(const Section& section) {
        const json::value* node = root_.get_object().if_contains(section.id);
        const bool asked = Holds(section.asked_when, root_, nullptr);
        if (!asked) {
            const bool empty = node == nullptr || (node->is_object() && node->get_object().empty()) ||
                               (node->is_array() && node->get_array().empty());
            if (!empty) Add(reasons::kNotAsked, section.id);
            return;
        }
        static const json::value kNothing = json::object{};
        static const json::value kNoRows = json::array{};
        if (node == nullptr) node = section.repeats ? &kNoRows : &kNothing;
        if (section.repeats) return CheckRows(section, *node);
        if (!node->is_object()) return Add(reasons::kWrongType, section.id);
        CheckRow(section, node->get_object(), *node, section.id);
    }

    void CheckRows(const Section& section, const json::value& node) {
        if (!node.is_array()) return Add(reasons::kWrongType, section.id);
        const auto count = static_cast<std::int64_t>(node.get_array().size());
        const std::int64_t most = section.rows_max > 0 ? section.rows_max : kRowsMax;
        if (complete_ && count < section.rows_min) {
            Add(reasons::kTooFewRows, section.id, {{"min", std::to_string(section.rows_min)}});
        }
        if (count > most) return Add(reasons::kTooManyRows, section.id, {{"max", std::to_string(most)}});
        std::size_t index = 0;
        for (const json::value& row : node.get_array()) {
            const std::string path = section.id + "." + std::to_string(index++);
            if (row.is_object()) CheckRow(section, row.get_object(), row, path);
            else Add(reasons::kWrongType, path);
        }
    }

    void CheckRow(const Section& section, const json::object& row, const json::value& row_value, const std::string& path) {
        for (const auto& member : row) {
            const bool known = std::any_of(section.fields.begin(), section.fields.end(),
                                           [&](const Field& field) { return member.key() == field.id; });
            if (!known) Add(reasons::kUnknownField, path + "." + std::string(std::string_view(member.key())));
        }
        for (const Field& field : section.fields) {
            const json::value* node = row.if_contains(field.id);
            const std::string field_path = path + "." + field.id;
            const bool given = node != nullptr && !node->is_null() &&
                               !(node->is_string() && node->get_string().empty());
            if (!Holds(field.asked_when, root_, &row_value)) {
                if (given) Add(reasons::kNotAsked, field_path);
            } else if (given) {
                CheckValue(field, *node, row_value, field_path);
            } else if (complete_ && Holds(field.required_when, root_, &row_value)) {
                Add(reasons::kMissing, field_path);
            }
        }
    }

    void CheckValue(const Field& field, const json::value& node, const json::value& row, const std::string& path) {
        switch (field.type) {
            case FieldType::kMoney:
            case FieldType::kInteger:
            case FieldType::kPercent: return CheckNumber(field, node, path);
            case FieldType::kBoolean:
                if (!node.is_bool()) Add(reasons::kWrongType, path);
                return;
            case FieldType::kScopeItems: return CheckList(field, node, path, "scope_item");
            case FieldType::kPersonRefs: return CheckList(field, node, path, "");
            default: break;
        }
        if (!node.is_string()) return Add(reasons::kWrongType, path);
        const std::string_view text = node.get_string();
        CheckText(field, text, path);
        CheckPattern(field, text, row, path);
    }

    void CheckNumber(const Field& field, const json::value& node, const std::string& path) {
        if (!node.is_int64()) return Add(reasons::kWrongType, path);
        const std::int64_t number = node.get_int64();
        std::int64_t most = field.max;
        if (most == 0) most = field.type == FieldType::kPercent ? 10'000 : kMoneyMax;
        if (number < field.min) Add(reasons::kTooSmall, path, {{"min", std::to_string(field.min)}});
        if (number > most) Add(reasons::kTooLarge, path, {{"max", std::to_string(most)}});
    }

    void CheckList(const Field& field, const json::value& node, const std::string& path, std::string_view list) {
        if (!node.is_array()) return Add(reasons::kWrongType, path);
        const auto count = static_cast<std::int64_t>(node.get_array().size());
        if (complete_ && count < field.min) Add(reasons::kTooFewRows, path, {{"min", std::to_string(field.min)}});
        const std::int64_t most = field.max > 0 ? field.max : 100;
        if (count > most) return Add(reasons::kTooManyRows, path, {{"max", std::to_string(most)}});
        std::set<std::string> seen;
        std::size_t index = 0;
        for (const json::value& item : node.get_array()) {
            const std::string item_path = path + "." + std::to_string(index++);
            if (!item.is_string()) {
                Add(reasons::kWrongType, item_path);
                continue;
            }
            const std::string code(std::string_view(item.get_string()));
            if (!seen.insert(code).second) Add(reasons::kDuplicateKey, item_path, {{"key", code}});
            CheckCode(list, code, item_path);
        }
    }

    void CheckCode(std::string_view list, const std::string& code, const std::string& path) {
        if (list.empty()) {
            if (!people_.contains(code)) Add(reasons::kUnknownPerson, path, {{"key", code}});
        } else if (!lookups_.known(list, code)) {
            Add(reasons::kUnknownCode, path, {{"code", code}});
        }
    }

    void CheckText(const Field& field, std::string_view text, const std::string& path) {
        const auto length = static_cast<std::int64_t>(text::Length(text));
        const std::int64_t most = field.max > 0 ? field.max : kTextMax;
        if (length > most) Add(reasons::kTooLong, path, {{"max", std::to_string(most)}});
        if (length < field.min) Add(reasons::kTooShort, path, {{"min", std::to_string(field.min)}});
        const std::u32string characters = text::ToCodePoints(text);
        if (!std::all_of(characters.begin(), characters.end(), text::IsVisible)) Add(reasons::kCharacters, path);
    }

    void CheckPattern(const Field& field, std::string_view text, const json::value& row, const std::string& path) {
        switch (field.type) {
            case FieldType::kHanzi:
                for (const char32_t character : text::ToCodePoints(text)) {
                    if (!text::IsHan(character) && character != U'·') return Add(reasons::kHanzi, path);
                }
                return;
            case FieldType::kIdNumber: return CheckIdNumber(text, row, path);
            case FieldType::kMobile:
                if (text.size() != 11 || !text::IsDigits(text) || text[0] != '1' || text[1] < '3') Add(reasons::kMobile, path);
                return;
            case FieldType::kPhone: return CheckPhone(text, path);
            case FieldType::kEmail: return CheckEmail(text, path);
            case FieldType::kPostcode:
                if (text.size() != 6 || !text::IsDigits(text)) Add(reasons::kPostcode, path);
                return;
            case FieldType::kDate:
                if (!ParseDate(text)) Add(reasons::kDate, path);
                return;
            case FieldType::kChoice:
                if (std::find(field.options.begin(), field.options.end(), text) == field.options.end()) {
                    Add(reasons::kChoice, path);
                }
                return;
            case FieldType::kRegion:
            case FieldType::kLookup: return CheckCode(field.lookup, std::string(text), path);
            case FieldType::kPersonRef: return CheckCode("", std::string(text), path);
            case FieldType::kUscc: {
                const auto report = reference::CheckUscc(text);
                AddCode(reasons::kUscc, report, text, path);
                return;
            }
            default: return;
        }
    }

    void CheckIdNumber(std::string_view text, const json::value& row, const std::string& path) {
        const std::string kind = json::TextAt(row, "id_type", "resident_id");
        if (kind != "resident_id") {
            // Passports and passes have no public check digit; their form is checked by the identity service.
            if (text.size() < 5 || text.size() > 20) Add(reasons::kIdNumber, path, {{"why", std::string(reference::reasons::kCodeLength.code)}});
            return;
        }
        const auto report = reference::CheckId(text, lookups_.today);
        AddCode(reasons::kIdNumber, report, text, path);
    }

    /// A code is kept as it was typed, so it has to be typed as it is written: no full-width figures, no blanks.
    void AddCode(const Reason& reason, const reference::CodeReport& report, std::string_view text, const std::string& path) {
        if (!report.valid) return Add(reason, path, {{"why", report.reason}});
        if (report.code != text) Add(reason, path, {{"why", std::string(reference::reasons::kCodeCharacter.code)}});
    }

    void CheckPhone(std::string_view text, const std::string& path) {
        std::string digits;
        for (const char character : text) {
            if (character != '-') digits += character;
        }
        const bool land = digits.size() >= 10 && digits.size() <= 12 && digits[0] == '0';
        const bool mobile = digits.size() == 11 && digits[0] == '1';
        if (!text::IsDigits(digits) || (!land && !mobile)) Add(reasons::kPhone, path);
    }

    void CheckEmail(std::string_view text, const std::string& path) {
        const std::size_t at = text.find('@');
        const bool shaped = at != std::string_view::npos && at > 0 && text.find('@', at + 1) == std::string_view::npos &&
                            text.find('.', at) != std::string_view::npos && text.back() != '.' &&
                            text.find_first_of(" \t\"<>()") == std::string_view::npos && text.size() <= 254;
        if (!shaped) Add(reasons::kEmail, path);
    }

    const json::value root_;
    const Lookups& lookups_;
    const bool complete_;
    std::set<std::string> people_;
};

}  // namespace

std::vector<Fault> Validate(const Form& form, const json::object& facts, const Lookups& lookups, bool complete) {
    Validator validator(facts, lookups, complete);
    validator.Run(form);
    return std::move(validator.faults);
}

}  // namespace onewindow::forms
