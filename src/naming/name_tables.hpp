#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/clock/clock.hpp"
#include "kernel/files/embedded_data.hpp"
#include "kernel/result/result.hpp"
#include "naming/phrase_trie.hpp"
#include "naming/sound_tables.hpp"

namespace onewindow::naming {

/// What a phrase of trade says about the industry.
struct IndustryWord {
    std::vector<std::string> classes =
        {};                    // Codes of GB/T 4754-2017, sorted; empty if generic or modifier.
    bool is_generic = false;   // 实业, 发展: counts as no industry (comparison rules 4(5)).
    bool is_modifier = false;  // 国际: only qualifies the phrase after it.
};

enum class FormKind {
    kNone,  // Nothing found, or a word that is no form by itself ("公司").
    kLimitedCompany,
    kJointStockCompany,
    kPartnership,  // 合伙企业
    kFirm,         // 事务所
    kTrade,        // 店, 厂, 中心 …: sole proprietorships, partnerships, individuals.
    kCooperative,
};

struct FormWord {
    FormKind kind = FormKind::kNone;
    std::vector<std::string> classes = {};  // Where the word itself names the industry: 超市, 药房.
};

/// How strongly something stands against a name.
enum class Level {
    kBlock,   // Cannot be held as it is.
    kReview,  // A person looks at it.
};

enum class WordPlace { kAnywhere, kPrefix, kInside, kCore, kCountry, kBeforeCore };

/// One group of words that a name must not or not freely contain; holds from `from` until before
/// `until`.
struct RuleGroup {
    enum class Weight { kForbid, kApproval, kReview };

    std::string id = {};
    Weight weight = Weight::kForbid;
    WordPlace place = WordPlace::kAnywhere;
    std::string citation = {};
    std::string from = {}, until = {};  // "2021-03-01"; `until` may be empty.
    std::vector<std::u32string> words = {};
    /// Longer texts that contain a word by chance: 大麻花 is no 大麻, the 国家 in 中国家具 no 国家.
    struct Exception {
        std::u32string word;  // Empty: any of the group's.
        std::u32string text;
    };
    std::vector<Exception> exceptions = {};
};

/// A rule that was another one before or after: `value` holds from a day until before another,
/// which may be empty.
struct DatedSwitch {
    std::string name = {}, value = {}, from = {}, until = {}, citation = {};
};

/// The tables that an examination rests on, with their versions; immutable after loading.
struct NameTables {
    std::set<char32_t> characters;  // 通用规范汉字表, 8,105 characters.
    std::map<std::u32string, IndustryWord> industry_words;
    std::map<std::u32string, FormWord> forms;
    std::vector<RuleGroup> rule_groups;
    std::map<std::string, std::string> versions;  // By table.
    std::vector<DatedSwitch> switches;
    SoundTables sounds;
    std::vector<IndustryWord> industry_list;  // The words again, by number.
    PhraseTrie industry_trie;                 // To that number.
    std::vector<FormWord> form_list;
    PhraseTrie form_trie;  // Forms written backwards.
    PhraseTrie rule_trie;  // Every word of every group: whether a look at the groups is worth it.
};

/// Reads naming/hanzi.txt, industry_words.tsv, org_forms.tsv, rule_words.json, switches.tsv,
/// pinyin.tsv, simplified.tsv and lookalikes.tsv. Refused with reasons::kTable (a fault for each
/// line that cannot be read).
Result<NameTables> LoadNameTables(std::span<const embedded::DataFile> files);

/// The value of a switch on a day, or "".
std::string_view SwitchOn(const NameTables& tables, std::string_view name, Date day);

}  // namespace onewindow::naming
