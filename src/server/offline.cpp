#include "server/offline.hpp"

#include <charconv>
#include <fstream>
#include <optional>

#include "kernel/text/text.hpp"
#include "reference/reference.hpp"

namespace onewindow::server {
namespace {

/// Calls `each` with every line of the file ("-" is standard input), without its line end; the last may lack one.
int EachLine(const std::string& file, std::ostream& err, const std::function<void(const std::string&)>& each) {
    std::ifstream opened;
    if (file != "-") {
        opened.open(file);
        if (!opened) {
            err << "cannot read " << file << "\n";
            return kUsage;
        }
    }
    std::istream& in = file == "-" ? std::cin : opened;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        each(line);
    }
    return kOk;
}

json::object ErrorObject(const Error& error) {
    json::array errors;
    for (const Fault& fault : error.faults()) {
        errors.push_back(json::object{{"field", fault.field}, {"reason", json::value(fault.code())}});
    }
    return {{"errors", errors}};
}

}  // namespace

int RunCheck(const CheckArguments& arguments, std::ostream& out, std::ostream& err) {
    const Date today = SystemClock().Today();
    const auto check = [&](const std::string& code) {
        const auto report = reference::CheckCode(arguments.kind, code, today);
        if (!report) return json::Text(ErrorObject(report.error()));
        return json::Text(reference::ToJson(*report));
    };
    if (!reference::CheckCode(arguments.kind, "", today)) {
        err << "unknown kind: " << arguments.kind << " (uscc, id, regno, bank, seal, cert, case)\n";
        return kUsage;
    }
    if (!arguments.batch.empty()) {
        return EachLine(arguments.batch, err, [&](const std::string& line) { out << check(line) << "\n"; });
    }
    const auto report = reference::CheckCode(arguments.kind, arguments.code, today);
    out << check(arguments.code) << "\n";
    return report->valid ? kOk : kRefused;
}

int RunDeadline(const DeadlineArguments& arguments, std::ostream& out, std::ostream& err) {
    const reference::SnapshotPointer snapshot = reference::SeedSnapshot();
    const auto answer = [&](std::string_view from, std::optional<std::int64_t> working_minutes, std::optional<std::int64_t> workdays) {
        return reference::FindDeadline(*snapshot, {.from = from, .minutes = working_minutes, .workdays = workdays, .hall = arguments.hall});
    };
    if (!arguments.batch.empty()) {
        return EachLine(arguments.batch, err, [&](const std::string& line) {
            const std::size_t tab = line.find('\t');
            const std::string from = line.substr(0, tab);
            std::int64_t count = -1;
            if (tab != std::string::npos) {
                const char* const begin = line.data() + tab + 1;
                const char* const end = line.data() + line.size();
                const auto read = std::from_chars(begin, end, count);
                if (read.ptr != end || read.ec != std::errc{}) count = -1;
            }
            const auto due = arguments.workdays ? answer(from, {}, count) : answer(from, count, {});
            out << json::Text(due ? json::value(reference::ToJson(*due)) : json::value(ErrorObject(due.error()))) << "\n";
        });
    }
    const auto due = answer(arguments.from, arguments.minutes, arguments.workdays);
    out << json::Text(due ? json::value(reference::ToJson(*due)) : json::value(ErrorObject(due.error()))) << "\n";
    return due ? kOk : kRefused;
}

}  // namespace onewindow::server
