#pragma once

#include "naming/engine/name_index.hpp"

namespace onewindow::naming::engine {

/// One question put to one state of the index.
class Search {
 public:
    Search(const NameTables& tables, const Registry& registry, const Question& question);

    void Look(const Segment& segment);
    /// Compares every 字号 of the segment, without its keys.
    void LookAtAll(const Segment& segment);
    void Look(const NameIndex::Tail& tail);
    Answer Finish();
    bool is_over() const { return is_over_; }

 private:
    struct Found {
        const Segment* segment;  // Or
        const NameIndex::Tail* tail;
        std::uint32_t row;
        std::uint32_t core;  // Of a segment.
    };
    using Cores = std::vector<std::uint32_t>;

    void FindSounds(const Segment& segment, Cores& longer, Cores& others);
    void FindLooks(const Segment& segment, Cores& cores);
    void AskTexts(const Segment& segment, Cores& cores);
    /// What is known of candidates: that they sound alike by their keys; nothing, but rules of law
    /// are asked for, our own or all.
    enum class Which { kByKey, kLaws, kOurs, kAll };
    void TakeCores(const Segment& segment, const Cores& cores, Which which);
    Relation RelationOfNext(Which which) const;
    void TakeRow(Relation relation, Row row, const Found& found);
    bool Concerns(Row row) const {
        return row.BlocksOn(day_) && scopes_[row.scope()] != 0 && compatible_.Has(row.profile());
    }
    Entry EntryOf(const Found& found) const;
    Rule RuleOfSame(const Entry& entry) const;
    bool IsExempt(const Entry& entry) const;
    void Keep(Rule rule, Row row, const Found& found);

    const NameTables& tables_;
    const Registry& registry_;
    const Question& question_;
    std::u32string core_;
    std::uint32_t day_;
    std::uint64_t industry_hash_;
    bool is_branch_, own_has_no_industry_;
    bool look_at_rows_;  // An own id or exempt names: rows are looked at closely.
    std::array<std::uint8_t, 1024> scopes_;
    std::uint32_t own_scope_ = 0xFFFF;
    Compatibility compatible_;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> exempt_;
    Answer answer_;
    bool is_over_ = false;  // Whether there is any was all that was asked.
    // By rule and by whether it is in another scope.
    std::array<std::array<std::vector<Found>, 2>, kRules> kept_;
    std::u32string scratch_;
};

}  // namespace onewindow::naming::engine
