#include "naming/engine/name_index.hpp"

#include <algorithm>

#include "naming/engine/search.hpp"

namespace onewindow::naming::engine {
namespace {

// A segment this much larger than what is newer than it is left alone.
constexpr std::size_t kGrowth = 4;

}  // namespace

std::string_view NameOf(Rule rule) {
    constexpr std::array<std::string_view, kRules> kNames{"S1", "S2", "S3", "S4", "S5", "N2",
                                                          "L1", "L2", "N3", "N4", "N5", "L3"};
    return kNames[static_cast<std::size_t>(rule)];
}

std::int64_t Answer::count() const {
    std::int64_t sum = 0;
    for (const std::int64_t one : counts) sum += one;
    return sum;
}

NameIndex::NameIndex(const NameTables& tables)
    : tables_(tables), state_(EmptyState(std::make_shared<Registry>(tables)).release()) {
    thread_ = std::thread([this] { MergeLoop(); });
}

NameIndex::~NameIndex() {
    stop_ = true;
    wake_.notify_all();
    thread_.join();
    delete state_.load();
}

std::unique_ptr<NameIndex::State> NameIndex::EmptyState(std::shared_ptr<Registry> registry) {
    auto state = std::make_unique<State>();
    state->registry = std::move(registry);
    state->tails.push_back(std::make_shared<Tail>());
    return state;
}

void NameIndex::Publish(std::unique_ptr<State> state) {
    State* const old = state_.exchange(state.release(), std::memory_order_seq_cst);
    epochs_.Retire([old] { delete old; });
}

Answer NameIndex::Find(const Question& question) {
    if (question.parts.core.empty()) return {};
    const Epochs::Reader reader(epochs_);
    const State& state = *state_.load(std::memory_order_seq_cst);
    Search search(tables_, *state.registry, question);
    for (const auto& segment : state.segments) {
        if (!search.is_over()) search.Look(*segment);
    }
    for (const auto& tail : state.tails) {
        if (!search.is_over()) search.Look(*tail);
    }
    return search.Finish();
}

std::optional<NameIndex::Comparison> NameIndex::Compare(Question question) {
    question.limit = 1;
    const std::uint64_t before = changes_.load();
    const Epochs::Reader reader(epochs_);
    const State& state = *state_.load(std::memory_order_seq_cst);
    Comparison comparison;
    if (!question.parts.core.empty()) {
        Search search(tables_, *state.registry, question);
        for (const auto& segment : state.segments) search.LookAtAll(*segment);
        for (const auto& tail : state.tails) search.Look(*tail);
        comparison.compared = search.Finish().counts;
    }
    comparison.found = Find(question).counts;
    if (changes_.load() != before) return std::nullopt;
    return comparison;
}

bool NameIndex::ChangeKnown(const State& state, const Change& change) {
    if (change.id == 0) return false;
    for (const auto& segment : state.segments) {
        Segment::CoreId core = 0;
        if (!segment->FindCore(change.core, core)) continue;
        for (std::uint32_t row = segment->RowsFrom(core); row < segment->RowsFrom(core + 1);
             ++row) {
            if (segment->IdAt(row) != change.id) continue;
            segment->SetRow(row, segment->RowAt(row).WithUntil(change.until_day));
            segment->SetStatus(row, change.status);
            return true;
        }
    }
    for (const auto& tail : state.tails) {
        const std::size_t size = tail->size.load(std::memory_order_relaxed);
        for (std::size_t i = 0; i < size; ++i) {
            auto& item = tail->items[i];
            if (item.entry.id != change.id) continue;
            item.row.store(Row(item.row.load()).WithUntil(change.until_day).bits());
            item.status.store(change.status);
            return true;
        }
    }
    return false;
}

void NameIndex::Apply(const Update& update) {
    if (update.parts.core.empty()) return;
    const std::lock_guard lock(writer_);
    ++changes_;
    Entry entry = state_.load()->registry->EntryOf(update.parts, update.authority, update.until_day,
                                                   update.scope);
    entry.status = update.status;
    entry.id = update.id;
    const Change change{entry.core, entry.id, update.until_day, update.status};
    if (!ChangeKnown(*state_.load(), change)) return AddNew(std::move(entry));
    // A merge that runs copies rows: it repeats what changed meanwhile.
    if (merging_) while_merging_.push_back(change);
}

void NameIndex::AddNew(Entry entry) {
    State* const state = state_.load();
    std::shared_ptr<Tail> tail = state->tails.back();
    std::size_t size = tail->size.load(std::memory_order_relaxed);
    if (size == Tail::kSize) {
        auto next = std::make_unique<State>(*state);
        tail = std::make_shared<Tail>();
        next->tails.push_back(tail);
        size = 0;
        Publish(std::move(next));
        // Without the merger's mutex, which is held while it waits for the writer's: it looks again
        // after a while.
        due_ = true;
        wake_.notify_all();
    }
    auto& item = tail->items[size];
    item.row.store(entry.row.bits(), std::memory_order_relaxed);
    item.status.store(entry.status, std::memory_order_relaxed);
    item.entry = std::move(entry);
    tail->size.store(size + 1, std::memory_order_release);
}

void NameIndex::Bulk::Add(const NameParts& parts, std::string_view authority,
                          std::uint32_t until_day, std::uint8_t status, std::uint64_t id,
                          std::string_view scope) {
    if (parts.core.empty()) return;
    Entry entry = registry_.EntryOf(parts, authority, until_day, scope);
    entry.status = status;
    entry.id = id;
    builder_.Add(entry);
}

Result<> NameIndex::Load(const std::function<Result<>(Bulk&)>& fill) {
    auto registry = std::make_shared<Registry>(tables_);
    Bulk bulk(*registry, tables_.sounds);
    OW_CHECK(fill(bulk));
    ++changes_;
    auto state = EmptyState(std::move(registry));
    if (bulk.builder_.size() != 0) state->segments.push_back(bulk.builder_.Build());
    const std::lock_guard lock(writer_);
    Publish(std::move(state));
    return {};
}

void NameIndex::Collect(const Segment& segment, SegmentBuilder& builder) {
    std::u32string core;
    for (std::uint32_t id = 0; id < segment.core_count(); ++id) {
        segment.ReadCore(id, core);
        for (std::uint32_t row = segment.RowsFrom(id); row < segment.RowsFrom(id + 1); ++row) {
            Entry entry = segment.EntryAt(row);
            entry.core = core;
            builder.Add(entry);
        }
    }
}

bool NameIndex::MergeOnce(bool all) {
    std::vector<std::shared_ptr<Segment>> kept, merged;
    std::vector<std::shared_ptr<Tail>> tails;
    {
        const std::lock_guard lock(writer_);
        const State& state = *state_.load();
        tails.assign(state.tails.begin(), state.tails.end() - (all ? 0 : 1));
        kept = state.segments;
        std::size_t newer = tails.size() * Tail::kSize;
        while (!kept.empty() && (all || kept.back()->row_count() < newer * kGrowth)) {
            newer += kept.back()->row_count();
            merged.push_back(kept.back());
            kept.pop_back();
        }
        const bool nothing =
            tails.empty() || (all && merged.size() + state.segments.size() <= 2 &&
                              state.tails.size() == 1 && state.tails[0]->size.load() == 0);
        if (nothing) return false;
        merging_ = true;
        while_merging_.clear();
        if (all) {
            // What comes from here on goes to a tail of its own.
            auto next = std::make_unique<State>(state);
            next->tails.push_back(std::make_shared<Tail>());
            Publish(std::move(next));
        }
    }
    SegmentBuilder builder(tables_.sounds);
    for (auto at = merged.rbegin(); at != merged.rend(); ++at) Collect(**at, builder);
    for (const auto& tail : tails) {
        for (std::size_t i = 0; i < tail->size.load(); ++i) {
            Entry entry = tail->items[i].entry;
            entry.row = Row(tail->items[i].row.load());
            entry.status = tail->items[i].status.load();
            builder.Add(entry);
        }
    }
    State fresh;
    if (builder.size() != 0) fresh.segments.push_back(builder.Build());

    const std::lock_guard lock(writer_);
    for (const Change& change : while_merging_) ChangeKnown(fresh, change);
    merging_ = false;
    auto next = std::make_unique<State>();
    next->registry = state_.load()->registry;
    next->segments = kept;
    next->segments.insert(next->segments.end(), fresh.segments.begin(), fresh.segments.end());
    const State& now = *state_.load();
    next->tails.assign(now.tails.begin() + static_cast<std::ptrdiff_t>(tails.size()),
                       now.tails.end());
    Publish(std::move(next));
    return true;
}

void NameIndex::MergeLoop() {
    std::unique_lock lock(merger_);
    while (!stop_) {
        wake_.wait_for(lock, std::chrono::milliseconds(100), [this] { return stop_ || due_; });
        if (stop_) return;
        // The mutex stays locked: one merge at a time, whoever asks for it.
        while (due_.exchange(false) && MergeOnce(false)) due_ = true;
    }
}

void NameIndex::Merge() {
    const std::lock_guard lock(merger_);
    MergeOnce(true);
}

void NameIndex::WaitForMerges() {
    const std::lock_guard lock(merger_);
    while (MergeOnce(false)) {
    }
}

NameIndex::Stats NameIndex::stats() {
    const Epochs::Reader reader(epochs_);
    const State& state = *state_.load(std::memory_order_seq_cst);
    Stats stats;
    constexpr Part kRelation[] = {Part::kCoreStarts,   Part::kCoreText,      Part::kRowStarts,
                                  Part::kRows,         Part::kWindowBuckets, Part::kWindowTags,
                                  Part::kWindowStarts, Part::kPostings};
    for (const auto& segment : state.segments) {
        stats.names += segment->row_count();
        stats.cores += segment->core_count();
        stats.all_bytes += segment->TotalBytes();
        for (const Part part : kRelation) stats.relation_bytes += segment->BytesOf(part);
        if (segment != state.segments.front()) stats.in_delta += segment->row_count();
    }
    for (const auto& tail : state.tails) {
        stats.names += tail->size.load();
        stats.in_delta += tail->size.load();
    }
    stats.segments = state.segments.size();
    stats.layouts = state.registry->LayoutCount();
    stats.industries = state.registry->IndustryCount();
    stats.profiles = state.registry->ProfileCount();
    return stats;
}

}  // namespace onewindow::naming::engine
