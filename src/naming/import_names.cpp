#include "naming/import_names.hpp"

#include <map>

#include "kernel/text/text.hpp"
#include "naming/end_name.hpp"
#include "naming/queries.gen.hpp"
#include "naming/reasons.hpp"

namespace onewindow::naming {
namespace {

constexpr std::size_t kBatch = 5000;
constexpr std::size_t kRefusedShown = 100;

struct Line {
    NameParts parts;
    std::string authority, scope, id, status;
    std::optional<Instant> until;
};

/// What one line says; or why it cannot be read.
Result<Line> ReadLine(const std::string& text, const NamingContext& context) {
    if (!text::IsUtf8(text)) return Refuse(reasons::kNotUtf8, "name");
    const auto fields = text::Split(text, '\t');
    const auto field = [&](std::size_t i) { return i < fields.size() ? fields[i] : std::string(); };
    Line line{.parts = ParseName(field(0), context.tables, context.regions),
              .authority = field(1),
              .scope = {},
              .id = field(4),
              .status = field(2).empty() ? std::string(NameOf(NameStatus::kRegistered)) : field(2),
              .until = {}};
    line.scope = ScopeOf(line.parts, line.authority);
    if (line.scope.empty()) return Refuse(reasons::kAuthorityUnknown, "authority");
    static const std::set<std::string> kStatuses{"registered", "held", "cancelled", "renamed",
                                                 "revoked"};
    if (!kStatuses.contains(line.status)) return Refuse(reasons::kStatusUnknown, "status");
    if (!field(3).empty()) {
        const auto day = ParseDate(field(3));
        if (!day) return Refuse(reasons::kUntilUnreadable, "until");
        line.until = EndOf(*day);
    }
    if (line.status != "registered" && !line.until)
        return Refuse(reasons::kUntilUnreadable, "until");
    return line;
}

class Importer {
 public:
    Importer(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

    /// Writes a batch. Sequence numbers are taken once for each scope, not for each row.
    Result<> Write(db::Transaction& tx, const std::vector<Line>& lines, ImportReport& report) {
        const Instant now = clock_.Now();
        std::map<std::string, std::vector<std::pair<NameId, const Line*>>> by_scope;
        for (const Line& line : lines) {
            std::optional<StoredName> known;
            if (!line.id.empty()) {
                OW_TRY(known, FindName(tx, NameId(line.id)));
            }
            const NameId id = line.id.empty() ? NewId<NameTag>(clock_, random_) : NameId(line.id);
            if (known) {
                OW_TRY(const std::int64_t moved, tx.Execute(queries::kSetStatus, id, line.status,
                                                            line.until, known->version));
                if (moved != 1) return Refuse(reasons::kMoved, "name");
                ++report.changed;
                by_scope[known->scope_code].emplace_back(id, &line);
                continue;
            }
            const NameParts& parts = line.parts;
            OW_CHECK(
                tx.Execute(queries::kInsertName, id, parts.name, parts.core, "", parts.industry,
                           text::Join(parts.classes, ","), parts.has_no_industry, parts.region,
                           RegionCodeOf(parts, line.authority), parts.form, parts.branch_suffix,
                           line.authority, line.scope, line.status, line.until, "", now));
            ++report.recorded;
            by_scope[line.scope].emplace_back(id, &line);
        }
        for (const auto& [scope, names] : by_scope) {
            const auto count = static_cast<std::int64_t>(names.size());
            OW_TRY(const auto feed, tx.FindOne(queries::kAdvanceFeed, scope, count));
            std::int64_t sequence = feed->Int("last_sequence") - count;
            for (const auto& [id, line] : names) {
                OW_CHECK(tx.Execute(queries::kInsertChange, scope, ++sequence, line->status, id,
                                    text::Join(line->parts.classes, ","), now));
            }
        }
        return {};
    }

 private:
    const Clock& clock_;
    Random& random_;
};

}  // namespace

Result<ImportReport> ImportNames(db::Database& database, const NamingContext& context,
                                 const Clock& clock, Random& random, std::istream& in) {
    ImportReport report;
    Importer importer(clock, random);
    std::vector<Line> batch;
    const auto flush = [&]() -> Result<> {
        ImportReport written;
        OW_CHECK(database.Write([&](db::Transaction& tx) -> Result<> {
            written = {};
            return importer.Write(tx, batch, written);
        }));
        report.recorded += written.recorded;
        report.changed += written.changed;
        batch.clear();
        return {};
    };
    for (std::string text; std::getline(in, text);) {
        ++report.lines;
        if (!text.empty() && text.back() == '\r') text.pop_back();
        auto line = ReadLine(text, context);
        if (!line) {
            ++report.refused;
            if (report.first_refused.size() < kRefusedShown) {
                report.first_refused.push_back(
                    {report.lines, std::string(line.error().faults().front().code())});
            }
        } else if (line->parts.core.empty()) {
            ++report.without_core;
        } else {
            batch.push_back(*std::move(line));
            if (batch.size() == kBatch) OW_CHECK(flush());
        }
    }
    if (!batch.empty()) OW_CHECK(flush());
    return report;
}

}  // namespace onewindow::naming
