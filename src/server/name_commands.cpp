#include "server/name_commands.hpp"

#include <chrono>
#include <fstream>
#include <iostream>

#include "kernel/text/text.hpp"
#include "naming/generate_names.hpp"
#include "naming/import_names.hpp"
#include "naming/index_examiner.hpp"
#include "naming/naming.hpp"
#include "server/offline.hpp"
#include "server/storage.hpp"

namespace onewindow::server {
namespace {

int ReportTo(const Error& error, std::ostream& err) {
    for (const Fault& fault : error.faults()) {
        err << fault.code() << ": "
            << Texts().Get(fault.code(), messages::Language::kEnglish, fault.arguments) << "\n";
    }
    if (!error.detail().empty()) err << "  " << error.detail() << "\n";
    return error.kind() == Kind::kMalformed || error.kind() == Kind::kRefused ? kUsage : kFault;
}

/// The names of one store, ready to be asked.
class Names {
 public:
    Result<> Open(const std::string& data, const std::string& url) {
        // A store that was never used is made, so that a name can be examined on a fresh machine.
        OW_TRY(storage_, OpenStorage(data, url, true));
        auto tables = naming::LoadNameTables(embedded::AllData());
        if (!tables) return Failure(tables.error());
        tables_ = *std::move(tables);
        OW_TRY(snapshot_, database().Read(
                              [&](db::Transaction& tx) { return store_.On(tx, clock().Today()); }));
        regions_ = naming::IndexRegions(*snapshot_);
        examiner_ = std::make_unique<naming::IndexExaminer>(tables_);
        path_ = NameSnapshotPath(data);
        return {};
    }
    Result<std::string> Start() { return examiner_->Start(database(), path_); }
    Result<> Save() { return examiner_->Save(path_); }

    db::Database& database() { return storage_->services().database; }
    const Clock& clock() { return storage_->services().clock; }
    Random& random() { return storage_->services().random; }
    naming::IndexExaminer& examiner() { return *examiner_; }
    const naming::NameTables& tables() const { return tables_; }
    naming::NamingContext Context() {
        return {.tables = tables_,
                .regions = *regions_,
                .examiner = *examiner_,
                .rules = {},
                .next_working_day = [this](Date day) {
                    return snapshot_->calendar().WorkdayOnOrAfter(day);
                }};
    }

 private:
    std::unique_ptr<Storage> storage_;
    naming::NameTables tables_;
    reference::Store store_;
    reference::SnapshotPointer snapshot_;
    std::shared_ptr<const naming::RegionNames> regions_;
    std::unique_ptr<naming::IndexExaminer> examiner_;
    std::string path_;
};

json::object Refusal(const Error& error) {
    json::array errors;
    for (const Fault& fault : error.faults()) {
        errors.push_back(
            json::object{{"field", fault.field}, {"reason", json::value(fault.code())}});
    }
    return {{"errors", errors}};
}

Result<json::object> Examine(Names& names, const NameArguments& arguments, const std::string& name,
                             const std::string& region) {
    naming::NameRequest request{
        .name = name, .authority_code = region, .s4 = arguments.s4, .limit = arguments.limit};
    if (!arguments.industry.empty()) request.industry = text::Split(arguments.industry, ',');
    const naming::NamingContext context = names.Context();
    const auto kind = naming::ParseOrgKind(arguments.entity_type);
    request.kind = kind ? *kind
                        : naming::KindOf(naming::ParseName(text::IsUtf8(name) ? name : "",
                                                           context.tables, context.regions));
    // A city's or the province's own authority registers businesses of all its counties.
    request.seat = region;
    OW_TRY(const naming::Examination examination, names.database().Read([&](db::Transaction& tx) {
        return naming::CheckName(tx, context, names.clock().Now(), request);
    }));
    return naming::ToJson(examination, [](const Fault& fault) {
        return Texts().Get(fault.code(), messages::Language::kChinese, fault.arguments);
    });
}

}  // namespace

std::string NameSnapshotPath(const std::string& data) { return data + "/names.snapshot"; }

int RunNameCheck(const NameArguments& arguments, std::ostream& out, std::ostream& err) {
    if (!arguments.entity_type.empty() && !naming::ParseOrgKind(arguments.entity_type)) {
        err << "unknown type: " << arguments.entity_type << "\n";
        return kUsage;
    }
    Names names;
    if (const auto opened = names.Open(arguments.data, arguments.database); !opened)
        return ReportTo(opened.error(), err);
    if (const auto started = names.Start(); !started) return ReportTo(started.error(), err);
    bool pass = true;
    const auto answer = [&](const std::string& name, const std::string& region) {
        const auto examined = Examine(names, arguments, name, region);
        out << json::Text(examined ? *examined : Refusal(examined.error())) << "\n";
        pass = pass && examined && json::TextAt(*examined, "verdict") == "pass";
    };
    if (arguments.batch.empty()) {
        answer(arguments.name, arguments.region);
        return pass ? kOk : kRefused;
    }
    std::ifstream opened(arguments.batch);
    std::istream& in = arguments.batch == "-" ? std::cin : opened;
    if (!in) {
        err << "cannot read " << arguments.batch << "\n";
        return kUsage;
    }
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        const auto fields = text::Split(line, '\t');
        answer(fields[0], fields.size() > 1 ? fields[1] : arguments.region);
    }
    return kOk;
}

int RunNameImport(const NameImportArguments& arguments, std::ostream& out, std::ostream& err) {
    std::ifstream opened(arguments.file);
    std::istream& in = arguments.file == "-" ? std::cin : opened;
    if (!in) {
        err << "cannot read " << arguments.file << "\n";
        return kUsage;
    }
    Names names;
    if (const auto ready = names.Open(arguments.data, arguments.database); !ready)
        return ReportTo(ready.error(), err);
    const auto began = std::chrono::steady_clock::now();
    const auto report =
        naming::ImportNames(names.database(), names.Context(), names.clock(), names.random(), in);
    if (!report) return ReportTo(report.error(), err);
    const auto imported = std::chrono::steady_clock::now();
    if (const auto started = names.Start(); !started) return ReportTo(started.error(), err);
    if (const auto saved = names.Save(); !saved) return ReportTo(saved.error(), err);
    const auto since = [](auto from, auto to) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
    };
    json::array refused;
    for (const auto& line : report->first_refused) {
        refused.push_back(json::object{{"line", line.line}, {"reason", line.reason}});
    }
    out << json::Text(json::object{{"lines", report->lines},
                                   {"recorded", report->recorded},
                                   {"changed", report->changed},
                                   {"without_core", report->without_core},
                                   {"refused", report->refused},
                                   {"first_refused", refused},
                                   {"import_ms", since(began, imported)},
                                   {"index_ms", since(imported, std::chrono::steady_clock::now())}})
        << "\n";
    return report->refused == 0 ? kOk : kRefused;
}

int RunNameStats(const NameImportArguments& arguments, std::ostream& out, std::ostream& err) {
    Names names;
    if (const auto opened = names.Open(arguments.data, arguments.database); !opened)
        return ReportTo(opened.error(), err);
    const auto began = std::chrono::steady_clock::now();
    const auto from = names.Start();
    if (!from) return ReportTo(from.error(), err);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - began);
    const auto stats = names.examiner().index().stats();
    json::object versions;
    for (const auto& [table, version] : names.tables().versions) versions[table] = version;
    out << json::Text(json::object{{"names", stats.names},
                                   {"cores", stats.cores},
                                   {"layouts", stats.layouts},
                                   {"industry_wordings", stats.industries},
                                   {"industry_profiles", stats.profiles},
                                   {"relation_bytes", stats.relation_bytes},
                                   {"all_bytes", stats.all_bytes},
                                   {"in_delta", stats.in_delta},
                                   {"loaded_from", *from},
                                   {"loaded_us", took.count()},
                                   {"versions", versions}})
        << "\n";
    return kOk;
}

int RunNameGenerate(const NameGenerateArguments& arguments, std::ostream& out, std::ostream& err) {
    const reference::SnapshotPointer snapshot = reference::SeedSnapshot();
    if (snapshot->FindDivision(arguments.province) == nullptr) {
        err << "unknown province: " << arguments.province << "\n";
        return kUsage;
    }
    const auto files = embedded::AllData();
    naming::NameGenerator generator(files, *snapshot, arguments.province, arguments.seed);
    for (std::uint64_t i = 0; i < arguments.count; ++i) {
        const naming::GeneratedName name = generator.Next();
        out << name.name << '\t' << name.authority << '\n';
    }
    return kOk;
}

}  // namespace onewindow::server
