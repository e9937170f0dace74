#include "naming/engine/search.hpp"

#include <algorithm>

#include "kernel/text/text.hpp"

namespace onewindow::naming::engine {
namespace {

/// Calls `each(window)` for every reading of the characters.
template <class F>
void EachReading(std::u32string_view text, const SoundTables& sounds, F&& each) {
    std::array<Sound, WindowKey::kWindowMax> window{};
    const auto read = [&](const auto& self, std::size_t at) -> void {
        if (at == text.size()) {
            each(std::span<const Sound>(window.data(), at));
            return;
        }
        for (const Sound sound : sounds.SoundsOf(text[at])) {
            window[at] = sound;
            self(self, at + 1);
        }
    };
    read(read, 0);
}

void MakeUnique(std::vector<std::uint32_t>& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

/// Relations that no article names.
bool IsOurs(Relation relation) {
    return relation == Relation::kLookalike || relation == Relation::kReordered ||
           relation == Relation::kEdited;
}

Rule RuleOf(Relation relation, bool is_named) {
    switch (relation) {
        case Relation::kHomophone:
            return is_named ? Rule::kN2 : Rule::kN5;
        case Relation::kContains:
            return is_named ? Rule::kN3 : Rule::kN5;
        case Relation::kSoundsInside:
            return is_named ? Rule::kN4 : Rule::kN5;
        case Relation::kLookalike:
            return Rule::kL1;
        case Relation::kReordered:
            return Rule::kL2;
        default:
            return Rule::kL3;
    }
}

}  // namespace

Search::Search(const NameTables& tables, const Registry& registry, const Question& question)
    : tables_(tables),
      registry_(registry),
      question_(question),
      core_(tables_.sounds.Simplify(text::ToCodePoints(question.parts.core))),
      day_(DayNumber(question.today)),
      industry_hash_(HashOf(question.parts.industry)),
      is_branch_(!question.parts.branch_suffix.empty()),
      own_has_no_industry_(question.parts.has_no_industry),
      look_at_rows_(question.own_id != 0 || !question.exempt.empty()) {
    registry_.FindCompatible(question.parts, compatible_);
    // A name compared province-wide meets every city's names, and every city's name meets it.
    const std::string province = ProvinceOf(question.scope);
    const bool province_wide = question.scope == province;
    scopes_.fill(0);
    for (std::uint32_t i = 0; i < registry_.ScopeCount(); ++i) {
        const std::string& code = registry_.ScopeCode(i);
        if (code == question.scope) own_scope_ = i;
        const bool meets = code == question.scope || code == province ||
                           (province_wide && code.compare(0, 2, province, 0, 2) == 0);
        scopes_[i] = meets ? 1 : 0;
    }
}

void Search::FindSounds(const Segment& segment, Cores& longer, Cores& others) {
    const std::size_t size = core_.size();
    const SoundTables& sounds = tables_.sounds;
    const std::u32string_view core = core_;
    const bool is_long = size > WindowKey::kWindowMax;
    std::size_t readings = 0;
    if (!is_long) {
        EachReading(core, sounds, [&](auto window) {
            ++readings;
            const auto list = segment.FindWindow(window, sounds);
            longer.insert(longer.end(), list.begin(), list.end());
        });
        // Two readings of a character may both be in one name.
        for (std::uint32_t& id : longer) id &= ~Segment::kWholeMark;
        if (readings > 1) MakeUnique(longer);
    }
    for (std::size_t start = 0; start + 2 <= size; ++start) {
        const std::size_t most =
            std::min({size - start, WindowKey::kWindowMax, is_long ? size : size - 1});
        for (std::size_t part = 2; part <= most; ++part) {
            const bool all = is_long && part == WindowKey::kWindowMax;
            EachReading(core.substr(start, part), sounds, [&](auto window) {
                for (const std::uint32_t id : segment.FindWindow(window, sounds)) {
                    if (!all && (id & Segment::kWholeMark) == 0) break;
                    others.push_back(id & ~Segment::kWholeMark);
                }
            });
        }
    }
    MakeUnique(others);
}

void Search::AskTexts(const Segment& segment, Cores& cores) {
    thread_local std::vector<std::uint64_t> keys;
    keys.clear();
    std::u32string text = core_;
    const auto ask = [&](TextKind kind) {
        keys.push_back(TextKey(text, kind));
        segment.PrefetchText(keys.back());
    };
    for (std::size_t i = 0; i < core_.size(); ++i) {
        for (const char32_t look : tables_.sounds.LookalikesOf(core_[i])) {
            text[i] = look;
            ask(TextKind::kWhole);
        }
        text[i] = core_[i];
    }
    if (core_.size() == 2) {
        std::swap(text[0], text[1]);
        ask(TextKind::kWhole);
    } else {
        ask(TextKind::kShortened);  // One character more than the wish.
        for (std::size_t i = 0; i < core_.size(); ++i) {
            text = core_;
            text.erase(i, 1);
            ask(TextKind::kShortened);
            if (core_.size() > 3) ask(TextKind::kWhole);
        }
        text = core_;
        std::sort(text.begin(), text.end());
        ask(TextKind::kSorted);
    }
    for (const std::uint64_t key : keys) {
        segment.EachText(key, [&](std::uint32_t core) { cores.push_back(core); });
    }
    MakeUnique(cores);
}

/// How the candidate in `scratch_` stands to the wish; kNone if that was not asked for.
Relation Search::RelationOfNext(Which which) const {
    if (which == Which::kByKey) {
        // Their sounds match, or they would not be here.
        if (scratch_.size() == core_.size())
            return scratch_ == core_ ? Relation::kSame : Relation::kHomophone;
        const std::u32string& longer = scratch_.size() > core_.size() ? scratch_ : core_;
        const std::u32string& shorter = scratch_.size() > core_.size() ? core_ : scratch_;
        return longer.find(shorter) != std::u32string::npos ? Relation::kContains
                                                            : Relation::kSoundsInside;
    }
    const Relation relation = RelationOf(core_, scratch_, tables_.sounds);
    const bool wanted = which == Which::kAll || IsOurs(relation) == (which == Which::kOurs);
    return wanted ? relation : Relation::kNone;
}

void Search::TakeCores(const Segment& segment, const Cores& cores, Which which) {
    constexpr std::size_t kFar = 12, kNear = 6;
    const std::uint32_t* const starts = segment.row_starts();
    const std::uint64_t* const rows = segment.rows();
    for (std::size_t i = 0; i < cores.size() && !is_over_; ++i) {
        if (i + kFar < cores.size()) __builtin_prefetch(starts + cores[i + kFar]);
        if (i + kNear < cores.size()) __builtin_prefetch(rows + starts[cores[i + kNear]]);
        Relation relation = Relation::kNone;
        bool known = false;
        for (std::uint32_t row = starts[cores[i]]; row < starts[cores[i] + 1]; ++row) {
            const Row value = segment.RowAt(row);
            // A branch is compared with the names of the same 字号 alone.
            if (!is_branch_ && !Concerns(value)) continue;
            if (!known) {
                segment.ReadCore(cores[i], scratch_);
                relation = RelationOfNext(which);
                known = true;
                if (relation == Relation::kNone) break;
            }
            TakeRow(relation, value, {&segment, nullptr, row, cores[i]});
        }
    }
}

void Search::Look(const Segment& segment) {
    thread_local Cores longer, others;
    longer.clear(), others.clear();
    if (core_.size() < 2 || is_branch_) {
        Segment::CoreId core = 0;
        if (segment.FindCore(core_, core)) TakeCores(segment, {core}, Which::kLaws);
        return;
    }
    FindSounds(segment, longer, others);
    // Longer ones are found by a part of them.
    const Which which = core_.size() > WindowKey::kWindowMax ? Which::kLaws : Which::kByKey;
    TakeCores(segment, longer, which);
    TakeCores(segment, others, which);
    if (question_.only_law || is_over_) return;
    others.clear();
    AskTexts(segment, others);
    TakeCores(segment, others, Which::kOurs);
}

void Search::LookAtAll(const Segment& segment) {
    Cores all(segment.core_count());
    for (std::uint32_t core = 0; core < segment.core_count(); ++core) all[core] = core;
    TakeCores(segment, all, question_.only_law ? Which::kLaws : Which::kAll);
}

void Search::Look(const NameIndex::Tail& tail) {
    const std::size_t size = tail.size.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < size; ++i) {
        const auto& item = tail.items[i];
        const Row row(item.row.load(std::memory_order_relaxed));
        if (!is_branch_ && !Concerns(row)) continue;
        const Relation relation = RelationOf(core_, item.entry.core, tables_.sounds);
        if (relation == Relation::kNone || (question_.only_law && IsOurs(relation))) continue;
        TakeRow(relation, row, {nullptr, &tail, i, 0});
    }
}

Entry Search::EntryOf(const Found& found) const {
    if (found.segment != nullptr) return found.segment->EntryAt(found.row);
    const auto& item = found.tail->items[found.row];
    Entry entry;
    entry.row = Row(item.row.load(std::memory_order_relaxed));
    entry.layout = item.entry.layout;
    entry.industry = item.entry.industry;
    entry.id = item.entry.id;
    entry.status = item.status.load(std::memory_order_relaxed);
    return entry;
}

Rule Search::RuleOfSame(const Entry& entry) const {
    const Layout& layout = registry_.LayoutOf(entry.layout);
    const Wording& industry = registry_.IndustryOf(entry.industry);
    const bool same_words = industry.hash == industry_hash_;
    if (same_words && registry_.NameOf(core_, entry) == question_.parts.name) return Rule::kS1;
    if (same_words && layout.region == question_.parts.region &&
        layout.form == question_.parts.form) {
        return Rule::kS2;
    }
    if (same_words && !question_.parts.industry.empty()) return Rule::kS3;
    const bool unnamed = own_has_no_industry_ || entry.row.profile() == Registry::kNone;
    return unnamed ? Rule::kS5 : Rule::kS4;
}

bool Search::IsExempt(const Entry& entry) const {
    if (entry.id != 0 && entry.id == question_.own_id) return true;
    if (question_.exempt.empty()) return false;
    const std::string name = registry_.NameOf(scratch_.empty() ? core_ : scratch_, entry);
    return std::find(question_.exempt.begin(), question_.exempt.end(), name) !=
           question_.exempt.end();
}

void Search::TakeRow(Relation relation, Row row, const Found& found) {
    if (look_at_rows_) {
        if (found.tail != nullptr) scratch_ = found.tail->items[found.row].entry.core;
        if (IsExempt(EntryOf(found))) return;
    }
    if (relation == Relation::kSame) {
        if (is_branch_) {
            // Its name repeats its parent's: only the very same name is the same.
            const Entry entry = EntryOf(found);
            const bool counts = row.BlocksOn(day_) && scopes_[row.scope()] != 0 &&
                                row.profile() == Registry::kBranch;
            if (counts && registry_.NameOf(core_, entry) == question_.parts.name)
                Keep(Rule::kS1, row, found);
            return;
        }
        Keep(RuleOfSame(EntryOf(found)), row, found);
        return;
    }
    if (is_branch_) return;
    bool is_named = !own_has_no_industry_ && row.profile() != Registry::kNone;
    // Two without industry, worded alike: their industry is the same.
    if (own_has_no_industry_ && row.profile() == Registry::kNone) {
        is_named = registry_.IndustryOf(EntryOf(found).industry).hash == industry_hash_;
    }
    Keep(RuleOf(relation, is_named), row, found);
}

void Search::Keep(Rule rule, Row row, const Found& found) {
    ++answer_.counts[static_cast<std::size_t>(rule)];
    is_over_ = question_.only_whether;
    auto& list = kept_[static_cast<std::size_t>(rule)][row.scope() == own_scope_ ? 0 : 1];
    if (question_.limit == 0 || list.size() < question_.limit) list.push_back(found);
}

Answer Search::Finish() {
    struct Shown {
        Rule rule;
        Found found;
        Entry entry = {};
    };
    std::vector<Shown> shown;
    for (std::size_t rule = 0; rule < kRules; ++rule) {
        for (const auto& list : kept_[rule]) {
            for (const Found& found : list) {
                if (question_.limit != 0 && shown.size() == question_.limit) break;
                shown.push_back({static_cast<Rule>(rule), found});
                if (found.segment != nullptr) found.segment->PrefetchDetail(found.row);
            }
        }
    }
    // In rounds, so that what lies far apart in memory is fetched for all at once.
    for (Shown& one : shown) {
        one.entry = EntryOf(one.found);
        registry_.PrefetchLayout(one.entry.layout);
    }
    answer_.hits.reserve(shown.size());
    for (const Shown& one : shown) {
        if (one.found.segment != nullptr) {
            one.found.segment->ReadCore(one.found.core, scratch_);
        } else {
            scratch_ = one.found.tail->items[one.found.row].entry.core;
        }
        answer_.hits.push_back({.name = registry_.NameOf(scratch_, one.entry),
                                .authority = registry_.AuthorityCode(one.entry.row.authority()),
                                .rule = one.rule,
                                .status = one.entry.status,
                                .until_day = one.entry.row.until_day(),
                                .id = one.entry.id});
    }
    return std::move(answer_);
}

}  // namespace onewindow::naming::engine
