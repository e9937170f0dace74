#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "kernel/clock/clock.hpp"
#include "kernel/json/json.hpp"
#include "kernel/messages/messages.hpp"
#include "kernel/result/result.hpp"

// The form, described once as typed data; served to clients, checked by the same table-driven code everywhere.
namespace onewindow::forms {

enum class FieldType {
    kText,        // Any characters, length limits.
    kHanzi,       // Han characters, · allowed.
    kIdNumber,    // Checked by the document type in the sibling field `id_type`.
    kMobile,
    kPhone,
    kEmail,
    kPostcode,
    kMoney,       // Fen, integer.
    kInteger,
    kDate,        // "2026-11-22"
    kPercent,     // Basis points, integer.
    kChoice,      // One of `options`.
    kBoolean,
    kRegion,      // Division code; `lookup` says the level: county, street.
    kScopeItems,  // List of scope item ids.
    kPersonRef,   // `key` of one of people[].
    kPersonRefs,
    kLookup,      // Code of a reference list named by `lookup` (hall, bank_branch, seal_maker, industry, country).
    kUscc,
    kName,        // A full enterprise name.
};
BOOST_DESCRIBE_ENUM(FieldType, kText, kHanzi, kIdNumber, kMobile, kPhone, kEmail, kPostcode, kMoney, kInteger, kDate,
                    kPercent, kChoice, kBoolean, kRegion, kScopeItems, kPersonRef, kPersonRefs, kLookup, kUscc, kName)

/// Who fills it: a person, a rule from other facts, or what is already known (login, registry).
enum class Source { kTyped, kDerived, kPrefilled };
BOOST_DESCRIBE_ENUM(Source, kTyped, kDerived, kPrefilled)

enum class Privacy { kPublic, kInternal, kPersonal, kSensitive };
BOOST_DESCRIBE_ENUM(Privacy, kPublic, kInternal, kPersonal, kSensitive)

/// The closed set of conditions of model.md section 6; paths are dotted from the form's root, or with a leading "."
/// from the row that the field stands in.
struct Condition {
    enum class Kind { kAlways, kNever, kEquals, kIn, kPresent, kAnd, kOr, kNot, kCountAtLeast };
    Kind kind = Kind::kAlways;
    std::string path;
    std::vector<json::value> values;
    std::vector<Condition> parts;
};
Condition Always();
Condition Never();
Condition Equals(std::string path, json::value value);
Condition In(std::string path, std::vector<json::value> values);
Condition Present(std::string path);
Condition And(std::vector<Condition> parts);
Condition Or(std::vector<Condition> parts);
Condition Not(Condition part);
Condition CountAtLeast(std::string path, std::int64_t count);
/// `row` may be nullptr.
bool Holds(const Condition& condition, const json::value& root, const json::value* row);

struct Field {
    std::string id;
    FieldType type = FieldType::kText;
    Condition required_when = Always();
    Condition asked_when = Always();  // A value where it is not asked is refused.
    Source source = Source::kTyped;
    Privacy privacy = Privacy::kPublic;
    std::vector<std::string> needed_by = {};  // Agencies: "registration", "tax", …
    std::int64_t min = 0;                     // Length, value or count, by type; max 0: the type's own limit.
    std::int64_t max = 0;
    std::vector<std::string> options = {};
    std::string lookup = {};
    json::value default_value = nullptr;      // Filled in where nothing was given; then the field counts as not typed.
    std::string cite = {};
};

/// Label, hint and why come from messages: "form.<section>.<field>.label", ".hint"; "form.<section>.title", ".why";
/// options: "form.<section>.<field>.<option>".
struct Section {
    std::string id;
    std::vector<Field> fields;
    bool repeats = false;  // The section is a list of rows: {"people": [{…}, …]}.
    std::int64_t rows_min = 0, rows_max = 0;
    std::vector<std::string> needed_by = {};
    Condition asked_when = Always();
    std::string cite = {};
};

struct Form {
    std::vector<Section> sections;
};

/// What reference checks need from outside; each answers whether the code exists.
struct Lookups {
    std::function<bool(std::string_view list, std::string_view code)> known;  // Lists: county, street, scope_item, hall, …
    Date today;
};

/// The description of model.md section 6, with texts of both languages.
json::object Describe(const Form& form, const messages::Messages& messages);

/// Puts default values where a field is asked and absent. Not for derived fields: rooms derive those.
void FillDefaults(const Form& form, json::object& facts);

/// Every fault of shape and value at once, sorted by field: unknown sections and fields, missing, malformed, outside
/// limits, unknown codes, values where nothing is asked. Cross-field rules are the rooms' own.
/// `complete` = false (a draft): missing fields are no faults.
std::vector<Fault> Validate(const Form& form, const json::object& facts, const Lookups& lookups, bool complete);

/// Required typed fields without default that have to be filled in for these facts; for the promise of ≤ 25.
int CountTypedFields(const Form& form, const json::object& facts);

/// The facts with personal and sensitive values masked by type.
json::object Masked(const Form& form, const json::object& facts);

/// Only the listed sections and fields ("people.name"); for what an agency may receive.
json::object Pick(const json::object& facts, const std::vector<std::string>& paths);

/// What the sentence of a fault is filled with: its own arguments, `field` as people call it ("人员（2）：证件号码"), and
/// `why`, a reason's code, as that reason's sentence.
std::map<std::string, std::string> ArgumentsOf(const messages::Messages& messages, messages::Language language, const Fault& fault);

}  // namespace onewindow::forms
