#include "naming/name_tables.hpp"

#include <boost/json.hpp>

#include "kernel/text/text.hpp"
#include "naming/reasons.hpp"

namespace onewindow::naming {
namespace {

/// Calls `line(fields)` for each line that is no comment; takes "version X." from the first
/// comment.
template <class F>
void ForEachLine(std::string_view bytes, std::string& version, F&& line) {
    for (const std::string& raw : text::Split(bytes, '\n')) {
        if (raw.empty()) continue;
        if (raw.front() == '#') {
            constexpr std::string_view kMark = "# version ";
            if (raw.starts_with(kMark)) version = raw.substr(kMark.size(), 10);
            continue;
        }
        line(text::Split(raw, '\t'));
    }
}

bool ReadClasses(std::string_view field, std::vector<std::string>& out) {
    if (field.empty()) return true;
    out = text::Split(field, ',');
    std::sort(out.begin(), out.end());
    return std::all_of(out.begin(), out.end(), [](const std::string& code) {
        const bool letter = code.size() == 1 && code[0] >= 'A' && code[0] <= 'T';
        return letter || (code.size() >= 2 && code.size() <= 4 && text::IsDigits(code));
    });
}

class Loader {
 public:
    void Characters(std::string_view bytes) {
        const std::u32string characters = text::ToCodePoints(text::Trim(bytes));
        tables.characters.insert(characters.begin(), characters.end());
        if (tables.characters.size() != 8105) Bad("hanzi.txt", std::to_string(characters.size()));
        tables.versions["characters"] = "2013-06-05";  // 国发〔2013〕23号
    }

    void IndustryWords(std::string_view bytes) {
        ForEachLine(bytes, tables.versions["industry_words"], [&](const auto& fields) {
            IndustryWord word;
            if (fields.size() != 2) return Bad("industry_words.tsv", fields.front());
            if (fields[1] == "none") {
                word.is_generic = true;
            } else if (fields[1] == "mod") {
                word.is_modifier = true;
            } else if (fields[1].empty() || !ReadClasses(fields[1], word.classes)) {
                return Bad("industry_words.tsv", fields[0]);
            }
            const std::u32string phrase = text::ToCodePoints(fields[0]);
            tables.industry_trie.Insert(phrase,
                                        static_cast<std::int32_t>(tables.industry_list.size()));
            tables.industry_list.push_back(word);
            if (!tables.industry_words.emplace(phrase, word).second)
                Bad("industry_words.tsv", fields[0]);
        });
    }

    void Forms(std::string_view bytes) {
        static const std::map<std::string, FormKind, std::less<>> kKinds{
            {"none", FormKind::kNone},
            {"limited", FormKind::kLimitedCompany},
            {"firm", FormKind::kFirm},
            {"joint_stock", FormKind::kJointStockCompany},
            {"trade", FormKind::kTrade},
            {"partnership", FormKind::kPartnership},
            {"cooperative", FormKind::kCooperative}};
        ForEachLine(bytes, tables.versions["org_forms"], [&](const auto& fields) {
            if (fields.size() < 2 || !kKinds.contains(fields[1]))
                return Bad("org_forms.tsv", fields[0]);
            FormWord form{kKinds.at(fields[1]), {}};
            if (fields.size() > 2 && !ReadClasses(fields[2], form.classes)) {
                return Bad("org_forms.tsv", fields[0]);
            }
            const std::u32string word = text::ToCodePoints(fields[0]);
            tables.form_trie.Insert(std::u32string(word.rbegin(), word.rend()),
                                    static_cast<std::int32_t>(tables.form_list.size()));
            tables.form_list.push_back(form);
            if (!tables.forms.emplace(word, form).second) Bad("org_forms.tsv", fields[0]);
        });
    }

    void RuleWords(std::string_view bytes) {
        boost::system::error_code error;
        const boost::json::value document = boost::json::parse(bytes, error);
        if (error || !document.is_object()) return Bad("rule_words.json", "syntax");
        const auto& root = document.get_object();
        const auto* groups = root.if_contains("groups");
        if (groups == nullptr || !groups->is_array()) return Bad("rule_words.json", "groups");
        tables.versions["rule_words"] = TextAt(root, "version");
        for (const auto& group : groups->get_array()) {
            if (!group.is_object() || !ReadGroup(group.get_object()))
                Bad("rule_words.json", "group");
        }
    }

    void Switches(std::string_view bytes) {
        ForEachLine(bytes, tables.versions["switches"], [&](const auto& fields) {
            if (fields.size() != 5 || !ParseDate(fields[2]) ||
                (!fields[3].empty() && !ParseDate(fields[3]))) {
                return Bad("switches.tsv", fields[0]);
            }
            tables.switches.push_back({fields[0], fields[1], fields[2], fields[3], fields[4]});
        });
    }

    /// A table of sounds or shapes: `read` takes a line's fields and says whether it could.
    template <class F>
    void Sounds(const embedded::DataFile& file, const char* table, F&& read) {
        ForEachLine(file.bytes, tables.versions[table], [&](const auto& fields) {
            if (!read(fields)) Bad(file.name, fields.front());
        });
    }

    void Bad(std::string_view file, std::string_view what) {
        faults.push_back({&reasons::kTable, std::string(file), {{"line", std::string(what)}}});
    }

    NameTables tables;
    SoundTablesLoader sounds;
    std::vector<Fault> faults;

 private:
    static std::string TextAt(const boost::json::object& object, std::string_view key) {
        const auto* member = object.if_contains(key);
        return member != nullptr && member->is_string() ? std::string(member->get_string()) : "";
    }

    static std::vector<std::u32string> Words(const boost::json::object& object,
                                             std::string_view key) {
        std::vector<std::u32string> words;
        const auto* member = object.if_contains(key);
        if (member == nullptr || !member->is_array()) return words;
        for (const auto& word : member->get_array()) {
            if (word.is_string())
                words.push_back(text::ToCodePoints(std::string(word.get_string())));
        }
        return words;
    }

    bool ReadGroup(const boost::json::object& object) {
        using Weight = RuleGroup::Weight;
        static const std::map<std::string, Weight, std::less<>> kWeights{
            {"forbid", Weight::kForbid},
            {"approval", Weight::kApproval},
            {"review", Weight::kReview}};
        static const std::map<std::string, WordPlace, std::less<>> kPlaces{
            {"anywhere", WordPlace::kAnywhere}, {"prefix", WordPlace::kPrefix},
            {"inside", WordPlace::kInside},     {"core", WordPlace::kCore},
            {"country", WordPlace::kCountry},   {"prefix_of_body", WordPlace::kBeforeCore}};
        const std::string level = TextAt(object, "level"), where = TextAt(object, "where");
        RuleGroup group{.id = TextAt(object, "group"),
                        .citation = TextAt(object, "citation"),
                        .from = TextAt(object, "from"),
                        .until = TextAt(object, "until"),
                        .words = Words(object, "words"),
                        .exceptions = {}};
        for (const std::u32string& exception : Words(object, "except")) {
            const auto colon = exception.find(U':');
            if (colon == std::u32string::npos) {
                group.exceptions.push_back({U"", exception});
            } else {
                group.exceptions.push_back(
                    {exception.substr(0, colon), exception.substr(colon + 1)});
            }
        }
        if (!kWeights.contains(level) || !kPlaces.contains(where) || group.id.empty() ||
            group.citation.empty() || !ParseDate(group.from) || group.words.empty()) {
            return false;
        }
        group.weight = kWeights.at(level);
        group.place = kPlaces.at(where);
        for (const std::u32string& word : group.words) tables.rule_trie.Insert(word, 0);
        tables.rule_groups.push_back(std::move(group));
        return true;
    }
};

}  // namespace

Result<NameTables> LoadNameTables(std::span<const embedded::DataFile> files) {
    Loader loader;
    int found = 0;
    for (const auto& file : files) {
        if (file.name == "naming/hanzi.txt") loader.Characters(file.bytes), ++found;
        if (file.name == "naming/industry_words.tsv") loader.IndustryWords(file.bytes), ++found;
        if (file.name == "naming/org_forms.tsv") loader.Forms(file.bytes), ++found;
        if (file.name == "naming/rule_words.json") loader.RuleWords(file.bytes), ++found;
        if (file.name == "naming/switches.tsv") loader.Switches(file.bytes), ++found;
        if (file.name == "naming/pinyin.tsv") {
            loader.Sounds(file, "pinyin",
                          [&](const auto& line) { return loader.sounds.Reading(line); }),
                ++found;
        }
        if (file.name == "naming/simplified.tsv") {
            loader.Sounds(file, "simplified",
                          [&](const auto& line) { return loader.sounds.Simplified(line); }),
                ++found;
        }
        if (file.name == "naming/lookalikes.tsv") {
            loader.Sounds(file, "lookalikes",
                          [&](const auto& line) { return loader.sounds.Lookalike(line); }),
                ++found;
        }
    }
    loader.tables.sounds = loader.sounds.Finish();
    if (found != 8) loader.Bad("naming/", "a table is missing");
    if (!loader.faults.empty()) return Refuse(std::move(loader.faults));
    return std::move(loader.tables);
}

std::string_view SwitchOn(const NameTables& tables, std::string_view name, Date day) {
    const std::string date = FormatDate(day);
    for (const DatedSwitch& one : tables.switches) {
        if (one.name == name && date >= one.from && (one.until.empty() || date < one.until))
            return one.value;
    }
    return {};
}

}  // namespace onewindow::naming
