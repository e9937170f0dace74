#include "report.hpp"

#include <fmt/core.h>

#include <filesystem>

#include "kernel/files/files.hpp"
#include "openings.hpp"
#include "replay.hpp"
#include "server/commands.hpp"
#include "start_up.hpp"

namespace onewindow::bench {
namespace {

/// A line of the table; `peer` and `ratio` are empty where something is measured against a limit alone.
struct Line {
    std::string what, ours, peer, ratio, goal;
    bool has_goal = true, reached = false;
};

std::string Ms(double ns) { return fmt::format("{:.2f} ms", ns / 1e6); }
std::string Us(double ns) { return fmt::format("{:.1f} µs", ns / 1e3); }

/// What the window's openings cost, part by part; nanoseconds an opening.
struct Parts {
    double server, storage, bare_sql, rendering, bare_rendering, sm2, bare_sm2, seals, calls, hello;
    double Bare() const { return bare_sm2 + bare_rendering + bare_sql + hello; }
};

Parts PartsOf(const Openings& run, const Replayed& sql, const BareSm2& sm2) {
    const auto each = [&](double ns) { return ns / run.applications; };
    const auto of = [&](Count count) { return static_cast<double>(run.Of(count)); };
    return {.server = each(static_cast<double>(run.server_ns)),
            .storage = each(static_cast<double>(run.writer_ns) + of(Count::kWritesNs) + of(Count::kReadsNs) - of(Count::kCryptoInClosures)),
            .bare_sql = each(static_cast<double>(sql.cpu_ns)),
            .rendering = each(of(Count::kRenderingsNs)),
            .bare_rendering = each(of(Count::kRenderedAgainNs)),
            .sm2 = each(of(Count::kSignsNs) + of(Count::kVerifiesNs)),
            .bare_sm2 = each(of(Count::kSigns) * sm2.sign_ns + of(Count::kVerifies) * sm2.verify_ns),
            .seals = each(of(Count::kSealsNs)),
            .calls = each(of(Count::kCallsNs)),
            .hello = each(of(Count::kRequests) * run.hello.EachNs())};
}

/// Both sides did the same work, or there is nothing to compare.
Result<> CheckSame(const Openings& run, const Replayed& sql, std::int64_t& rows) {
    OW_TRY(const auto ours, CountRows(run.store_after));
    OW_TRY(const auto theirs, CountRows(run.store_before));
    const auto differ = [](const std::string& what) {
        return Fail(Error(Fault{&db::reasons::kUnavailable}).WithDetail("the replay differs: " + what));
    };
    if (ours.size() != theirs.size()) return differ("tables");
    for (const auto& [table, count] : ours) {
        rows += count;
        if (!theirs.contains(table) || theirs.at(table) != count) return differ(table);
    }
    if (sql.changes_that_differ != 0) return differ(fmt::format("{} changes", sql.changes_that_differ));
    if (run.Of(Count::kRenderedAgain) != run.Of(Count::kRenderings)) return differ("documents");
    return {};
}

void Print(std::ostream& out, const std::vector<Line>& lines) {
    out << fmt::format("\n{:<58} {:>14} {:>14} {:>7} {:>10}  {}\n", "measure", "ours", "peer", "ratio", "goal", "reached");
    for (const Line& line : lines) {
        out << fmt::format("{:<58} {:>14} {:>14} {:>7} {:>10}  {}\n", line.what, line.ours, line.peer, line.ratio, line.goal,
                           !line.has_goal ? "" : line.reached ? "yes" : "NO");
    }
}

void PrintParts(std::ostream& out, const Parts& parts, const Openings& run, const Replayed& sql) {
    const auto line = [&](const char* what, double ns, std::int64_t count) {
        out << fmt::format("  {:<44} {:>10} {:>6.1f} %  {:>8.1f}\n", what, Ms(ns), 100 * ns / parts.server, static_cast<double>(count) / run.applications);
    };
    out << fmt::format("\nwhere an opening's {} of server CPU go{:<12} times an opening\n", Ms(parts.server), "");
    line("rendering", parts.rendering, run.Of(Count::kRenderings));
    line("storage: closures, layers, engine, commits", parts.storage, run.Of(Count::kWrites) + run.Of(Count::kReads));
    line("  of which the bare engine, replayed alone", parts.bare_sql, sql.statements);
    line("calls to agencies, CA, identity, SMS (libcurl)", parts.calls, run.Of(Count::kCalls));
    line("SM2 signatures and verifications", parts.sm2, run.Of(Count::kSigns) + run.Of(Count::kVerifies));
    line("sealing, opening, digests", parts.seals, run.Of(Count::kSeals));
    line("HTTP at its barest (hello x requests)", parts.hello, run.Of(Count::kRequests));
    line("all else: JSON, forms, rules, routing, jobs",
         parts.server - parts.rendering - parts.storage - parts.calls - parts.sm2 - parts.seals - parts.hello, 0);
}

std::vector<Line> LinesOf(const Parts& parts, const Openings& run, const Replayed& sql, const std::pair<double, double>& licence, const StartUp& start) {
    const double storage = parts.bare_sql / parts.storage, opening = parts.server / parts.Bare();
    const double status = run.hello.EachNs() / run.status_reads.EachNs();
    const double start_s = static_cast<double>(start.wall_ns) / 1e9, idle_mb = static_cast<double>(start.idle_rss_kib) / 1024;
    const auto ratio = [](double value) { return fmt::format("{:.2f}", value); };
    return {
        {"1 storage path of an opening, CPU, against bare SQL", Ms(parts.storage), Ms(parts.bare_sql), ratio(storage), ">= 0.5", true, storage >= 0.5},
        {"2 complete opening over HTTP, server CPU, against parts", Ms(parts.server), Ms(parts.Bare()), ratio(opening), "<= 1.7", true, opening <= 1.7},
        {"  SM2 operations", "", Ms(parts.bare_sm2), "", "", false},
        {"  rendering", "", Ms(parts.bare_rendering), "", "", false},
        {"  SQL", "", Ms(parts.bare_sql), "", "", false},
        {"  HTTP hello x requests", "", Ms(parts.hello), "", "", false},
        {"3 status reads against hello, server CPU each", Us(run.status_reads.EachNs()), Us(run.hello.EachNs()), ratio(status), ">= 0.6", true, status >= 0.6},
        {"4 licence PDFs per second of one core", fmt::format("{:.0f}/s", 2e9 / (licence.first + licence.second)), "", "", "", false},
        {fmt::format("5 start with {} cases to the first answer", start.cases), fmt::format("{:.2f} s", start_s), "", "", "<= 2 s", true, start_s <= 2},
        {"6 memory, idle, after that start", fmt::format("{:.0f} MB", idle_mb), "", "", "<= 100 MB", true, idle_mb <= 100},
        {"  fsyncs an opening (group commits)", fmt::format("{:.1f}", static_cast<double>(sql.commits) / run.applications), "", "", "", false},
    };
}

json::object Figures(const Parts& parts, const Openings& run, const Replayed& sql, const std::pair<double, double>& licence, const StartUp& start,
                     const std::vector<Line>& lines, std::int64_t rows) {
    json::array table;
    for (const Line& line : lines) {
        if (!line.has_goal) continue;
        table.push_back(json::object{{"measure", line.what}, {"ours", line.ours}, {"peer", line.peer}, {"ratio", line.ratio}, {"goal", line.goal},
                                     {"reached", line.reached}});
    }
    const auto n = [&](Count count) { return run.Of(count); };
    return {{"applications", run.applications},
            {"table", table},
            {"ns_an_opening", json::object{{"server", parts.server}, {"storage", parts.storage}, {"bare_sql", parts.bare_sql}, {"rendering", parts.rendering},
                                           {"bare_rendering", parts.bare_rendering}, {"sm2", parts.sm2}, {"bare_sm2", parts.bare_sm2},
                                           {"seals", parts.seals}, {"calls", parts.calls}, {"hello", parts.hello}}},
            {"counts", json::object{{"requests", n(Count::kRequests)}, {"calls", n(Count::kCalls)}, {"signatures", n(Count::kSigns)},
                                    {"verifications", n(Count::kVerifies)}, {"seals", n(Count::kSeals)}, {"documents", n(Count::kRenderings)},
                                    {"writes", n(Count::kWrites)}, {"reads", n(Count::kReads)}}},
            {"replay", json::object{{"statements", sql.statements}, {"commits", sql.commits}, {"rows_read", sql.rows_read},
                                    {"rows_changed", sql.rows_changed}, {"outcomes_that_differ", sql.differences}, {"rows_in_store", rows},
                                    {"cpu_ns", sql.cpu_ns}, {"wall_ns", sql.wall_ns}}},
            {"licence_ns", json::object{{"original", licence.first}, {"duplicate", licence.second}}},
            {"start_up", json::object{{"cases", start.cases}, {"rows", start.rows}, {"bytes", start.file_bytes}, {"wall_ns", start.wall_ns},
                                      {"cpu_ns", start.cpu_ns}, {"idle_rss_kib", start.idle_rss_kib}, {"idle_anonymous_kib", start.idle_anonymous_kib},
                                      {"idle_cpu_percent", start.idle_cpu_percent}}}};
}

}  // namespace

Result<> MeasureAndReport(const Plan& plan, std::ostream& out) {
    out << fmt::format("{} openings over HTTP, agencies and client in processes of their own ...\n", plan.applications) << std::flush;
    OW_TRY(const Openings run, RunOpenings(plan.folder, plan.applications));
    out << "the same SQL bare ...\n" << std::flush;
    OW_TRY(const Recording recording, ReadRecording(run.recording));
    OW_TRY(const Replayed sql, ReplayBare(recording, run.store_before));
    std::int64_t rows = 0;
    OW_CHECK(CheckSame(run, sql, rows));
    out << fmt::format("  {} rows in both stores, table by table; {} statements, {} rows read, {} changed; {} reads saw a commit more or less\n",
                       rows, sql.statements, sql.rows_read, sql.rows_changed, sql.differences);
    const BareSm2 sm2 = MeasureSm2();
    OW_TRY(const auto licence, MeasureLicenceNs());
    out << fmt::format("a store of {} cases ...\n", plan.cases) << std::flush;
    OW_TRY(const StartUp start, MeasureStartUp(plan.folder, plan.cases));
    const Parts parts = PartsOf(run, sql, sm2);
    const std::vector<Line> lines = LinesOf(parts, run, sql, licence, start);
    Print(out, lines);
    PrintParts(out, parts, run, sql);
    return files::WriteFile(plan.json, server::Pretty(Figures(parts, run, sql, licence, start, lines, rows)) + "\n");
}

}  // namespace onewindow::bench
