// Measures the name index: memory, building, snapshots, questions, suggestions, delta; recall
// beside the times. One thread. naming_benchmark NAMES [QUESTIONS] [FOLDER]
#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "kernel/text/text.hpp"
#include "naming/check_structure.hpp"
#include "naming/engine/name_index.hpp"
#include "naming/generate_names.hpp"
#include "naming/index_examiner.hpp"
#include "naming/index_regions.hpp"
#include "naming/suggest_names.hpp"

namespace onewindow::naming {
namespace {

using Time = std::chrono::steady_clock;

double Since(Time::time_point start) {
    return std::chrono::duration<double>(Time::now() - start).count();
}

struct Asked {
    std::string name, scope, authority;
    NameParts parts;
};

void Print(const char* what, std::vector<double> micros) {
    std::sort(micros.begin(), micros.end());
    const auto at = [&](double share) {
        return micros[static_cast<std::size_t>(share * static_cast<double>(micros.size() - 1))];
    };
    fmt::print("{:<52} p50 {:>9.1f} us   p90 {:>9.1f}   p99 {:>9.1f}   max {:>9.1f}\n", what,
               at(0.5), at(0.9), at(0.99), at(1));
}

template <class F>
std::vector<double> Measure(const std::vector<Asked>& asked, int rounds, F&& ask) {
    std::vector<double> best(asked.size(), 1e18);
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < asked.size(); ++i) {
            const auto start = Time::now();
            ask(asked[i]);
            if (round == rounds - 1) best[i] = Since(start) * 1e6;
        }
    }
    return best;
}

class Benchmark {
 public:
    Benchmark(std::size_t names, std::size_t questions, std::string folder)
        : tables_(LoadNameTables(embedded::AllData()).value()),
          reference_(reference::SeedSnapshot()),
          regions_(IndexRegions(*reference_)),
          generator_(files_, *reference_, "370000", 42),
          index_(tables_),
          count_(names),
          questions_(questions),
          folder_(std::move(folder)) {}

    void Run() {
        Build();
        AskAll();
        Recall();
        Suggest();
        Snapshot();
        Delta();
    }

 private:
    void Build() {
        std::vector<GeneratedName> names;
        names.reserve(count_);
        auto start = Time::now();
        for (std::size_t i = 0; i < count_; ++i) names.push_back(generator_.Next());
        fmt::print("generated {} names in {:.1f} s\n", names.size(), Since(start));
        start = Time::now();
        double parsed = 0;
        OW_ASSERT(index_
                      .Load([&](engine::NameIndex::Bulk& bulk) -> Result<> {
                          for (const GeneratedName& name : names) {
                              bulk.Add(ParseName(name.name, tables_, *regions_), name.authority,
                                       engine::Row::kForever, 1, engine::HashOf(name.name));
                          }
                          parsed = Since(start);
                          return {};
                      })
                      .has_value());
        const double all = Since(start);
        const auto stats = index_.stats();
        fmt::print("parsed and added in {:.1f} s, index built in {:.1f} s\n", parsed, all - parsed);
        fmt::print(
            "{} names, {} distinct cores, {} layouts, {} wordings of industry, {} profiles\n",
            stats.names, stats.cores, stats.layouts, stats.industries, stats.profiles);
        const auto per_name = [&](std::size_t bytes) {
            return static_cast<double>(bytes) / static_cast<double>(stats.names);
        };
        fmt::print("memory: {:.1f} bytes a name for the relation, {:.1f} with everything\n",
                   per_name(stats.relation_bytes), per_name(stats.all_bytes));
        for (std::size_t i = 0; i < questions_; ++i) {
            const GeneratedName name = generator_.NextQuestion();
            NameParts parts = ParseName(name.name, tables_, *regions_);
            if (parts.core.empty()) continue;
            asked_.push_back({name.name, ScopeOf(parts, name.authority), name.authority, parts});
        }
    }

    engine::Answer Ask(const Asked& one, const std::string& scope, std::size_t limit,
                       bool only_law) {
        return index_.Find({.parts = one.parts,
                            .scope = scope,
                            .today = today_,
                            .own_id = 0,
                            .exempt = {},
                            .limit = limit,
                            .only_law = only_law});
    }

    void AskAll() {
        std::vector<double> hits_province, hits_city;
        for (const Asked& one : asked_) {
            hits_province.push_back(static_cast<double>(Ask(one, "370000", 50, true).count()));
            hits_city.push_back(static_cast<double>(Ask(one, one.scope, 50, true).count()));
        }
        const auto mean = [](const std::vector<double>& all) {
            double sum = 0;
            for (const double one : all) sum += one;
            return sum / static_cast<double>(all.size());
        };
        fmt::print("hits of the law's relation: mean {:.0f} in the province, {:.0f} in the scope\n",
                   mean(hits_province), mean(hits_city));
        Print("relation, province, count + top 50",
              Measure(asked_, 4, [&](const Asked& one) { Ask(one, "370000", 50, true); }));
        Print("relation, own scope, count + top 50",
              Measure(asked_, 4, [&](const Asked& one) { Ask(one, one.scope, 50, true); }));
        Print("with look-alikes, order, edits, own scope",
              Measure(asked_, 4, [&](const Asked& one) { Ask(one, one.scope, 50, false); }));
        Print("parsing alone", Measure(asked_, 4, [&](const Asked& one) {
                  ParseName(one.name, tables_, *regions_);
              }));
        Print("whole check: parse, structure, words, all relations",
              Measure(asked_, 4, [&](const Asked& one) { Whole(one); }));
    }

    void Whole(const Asked& one) {
        Asked parsed{one.name, {}, one.authority, ParseName(one.name, tables_, *regions_)};
        const auto findings = CheckStructure(parsed.parts,
                                             {.kind = KindOf(parsed.parts),
                                              .seat = {},
                                              .parent_name = {},
                                              .approvals = {},
                                              .today = today_},
                                             tables_, *regions_);
        const auto answer = Ask(parsed, ScopeOf(parsed.parts, one.authority), 50, false);
        blocked_ += findings.empty() ? 0 : 1;
        blocked_ += answer.hits.empty() ? 0 : 1;
    }

    /// Every name compared with each question by RelationOf, without any index.
    void Recall() {
        const std::size_t questions = std::min<std::size_t>(asked_.size(), 200);
        NameGenerator again(files_, *reference_, "370000", 42);
        std::vector<std::vector<std::int64_t>> expected(questions, std::vector<std::int64_t>(8));
        std::vector<std::u32string> wishes;
        for (std::size_t q = 0; q < questions; ++q)
            wishes.push_back(tables_.sounds.Simplify(text::ToCodePoints(asked_[q].parts.core)));
        const auto start = Time::now();
        std::unordered_map<std::string, std::int64_t> cores;
        for (std::size_t i = 0; i < count_; ++i) {
            const NameParts parts = ParseName(again.Next().name, tables_, *regions_);
            if (!parts.core.empty() && parts.branch_suffix.empty()) ++cores[parts.core];
        }
        for (const auto& [core, times] : cores) {
            const std::u32string wide = tables_.sounds.Simplify(text::ToCodePoints(core));
            for (std::size_t q = 0; q < questions; ++q) {
                expected[q][static_cast<std::size_t>(
                    engine::RelationOf(wishes[q], wide, tables_.sounds))] += times;
            }
        }
        std::int64_t wrong = 0, hits = 0;
        for (std::size_t q = 0; q < questions; ++q) {
            Asked any = asked_[q];
            any.parts.has_no_industry =
                true;  // Compatible with every industry: all names of the relation.
            any.parts.classes.clear();
            any.parts.branch_suffix.clear();
            const engine::Answer answer = Ask(any, "370000", 1, false);
            std::int64_t sum = 0;
            for (std::size_t relation = 0; relation < 7; ++relation) sum += expected[q][relation];
            hits += sum;
            if (sum != answer.count()) ++wrong;
        }
        fmt::print(
            "recall: {} of {} questions counted as {} names compared one by one ({} hits, {:.0f} "
            "s)\n",
            questions - static_cast<std::size_t>(wrong), questions, count_, hits, Since(start));
    }

    void Suggest() {
        class None final : public Examiner {
            Result<Hits> Find(db::Transaction&, const Candidate&) override { return Hits{}; }
        };
        None none;
        const NamingContext context{.tables = tables_,
                                    .regions = *regions_,
                                    .examiner = none,
                                    .rules = {},
                                    .next_working_day = {}};
        std::size_t fewest = 1000, asked = 0;
        std::vector<Asked> some;
        for (const Asked& one : asked_) {
            if (some.size() == 100) break;
            if (one.parts.form_kind != FormKind::kLimitedCompany || one.parts.has_no_industry)
                continue;
            // A wish whose structure is refused needs another structure, not another 字号.
            const StructureRequest structure{.kind = OrgKind::kLimitedCompany,
                                             .seat = one.authority,
                                             .parent_name = {},
                                             .approvals = {},
                                             .today = today_};
            if (CheckStructure(one.parts, structure, tables_, *regions_).empty())
                some.push_back(one);
        }
        const auto times = Measure(some, 1, [&](const Asked& one) {
            const auto found = SuggestNames(index_, context, today_,
                                            {.name = one.name,
                                             .declared_core = {},
                                             .kind = OrgKind::kLimitedCompany,
                                             .authority_code = one.authority},
                                            20);
            fewest = std::min(fewest, found.size());
            asked += found.size();
        });
        Print("20 suggestions", times);
        fmt::print("  wishes: {}, fewest for one: {}, mean {:.1f}\n", some.size(), fewest,
                   static_cast<double>(asked) / static_cast<double>(some.size()));
    }

    void Snapshot() {
        const std::string path = folder_ + "/names.snapshot";
        auto start = Time::now();
        OW_ASSERT(index_.SaveSnapshot(path, "bench").has_value());
        fmt::print("snapshot: {:.0f} MB written in {:.1f} s\n",
                   static_cast<double>(std::filesystem::file_size(path)) / 1e6, Since(start));
        engine::NameIndex opened(tables_);
        start = Time::now();
        OW_ASSERT(opened.OpenSnapshot(path, false).has_value());
        fmt::print("opened by mmap in {:.1f} ms", Since(start) * 1e3);
        start = Time::now();
        OW_ASSERT(opened.OpenSnapshot(path, true).has_value());
        fmt::print(", with every byte verified in {:.0f} ms\n", Since(start) * 1e3);
        std::filesystem::remove(path);
    }

    void Delta() {
        const std::size_t more = std::min<std::size_t>(150000, count_ / 4);
        std::vector<engine::Update> updates;
        for (std::size_t i = 0; i < more; ++i) {
            const GeneratedName name = generator_.Next();
            updates.push_back({ParseName(name.name, tables_, *regions_), name.authority,
                               engine::Row::kForever, 1, engine::HashOf(name.name + "#")});
        }
        const auto start = Time::now();
        for (engine::Update& update : updates) index_.Apply(update);
        fmt::print("{} names applied one by one in {:.1f} s\n", more, Since(start));
        index_.WaitForMerges();
        const auto stats = index_.stats();
        fmt::print("delta: {} names in {} segments and a tail\n", stats.in_delta,
                   stats.segments - 1);
        Print("with the delta: relation, own scope",
              Measure(asked_, 4, [&](const Asked& one) { Ask(one, one.scope, 50, true); }));
    }

    std::vector<embedded::DataFile> files_ = embedded::AllData();
    NameTables tables_;
    reference::SnapshotPointer reference_;
    std::shared_ptr<const RegionNames> regions_;
    NameGenerator generator_;
    engine::NameIndex index_;
    std::size_t count_, questions_;
    std::string folder_;
    const Date today_{std::chrono::year{2026} / 11 / 23};
    std::vector<Asked> asked_;
    std::size_t blocked_ = 0;
};

}  // namespace
}  // namespace onewindow::naming

int main(int argc, char** argv) {
    const std::size_t names = argc > 1 ? std::stoul(argv[1]) : 1000000;
    const std::size_t questions = argc > 2 ? std::stoul(argv[2]) : 1000;
    onewindow::naming::Benchmark(names, questions, argc > 3 ? argv[3] : "/tmp").Run();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("largest resident size: {:.1f} GB\n", static_cast<double>(usage.ru_maxrss) / 1e6);
    return 0;
}
