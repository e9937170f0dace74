#include "kernel/db/tables.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include "kernel/db/engine.hpp"

namespace onewindow::db {
namespace {

/// The name after these two words; empty where the statement begins with others.
std::string NameAfter(const std::string& statement, std::string_view verb, std::string_view noun) {
    std::istringstream words(statement);
    std::string first, second, name;
    words >> first >> second >> name;
    return first == verb && second == noun ? name.substr(0, name.find('(')) : "";
}

std::string TextOf(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&value)) return "'" + *text + "'";
    if (const auto* blob = std::get_if<Bytes>(&value)) {
        std::string hex = "x";
        for (const char byte : blob->bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
        return hex;
    }
    return "NULL";
}

}  // namespace

std::vector<std::string> TablesOf(std::span<const Migration> migrations) {
    std::set<std::string> tables;
    for (const Migration& migration : migrations) {
        for (const std::string& statement : SplitStatements(migration.sql, "BLOB")) {
            if (std::string made = NameAfter(statement, "CREATE", "TABLE"); !made.empty()) tables.insert(std::move(made));
            if (const std::string gone = NameAfter(statement, "DROP", "TABLE"); !gone.empty()) tables.erase(gone);
        }
    }
    return {tables.begin(), tables.end()};
}

Result<std::vector<std::string>> DumpTable(Transaction& tx, const std::string& table) {
    OW_TRY(const Rows rows, tx.Run(Query{"", "SELECT * FROM " + table}, {}));
    std::vector<std::string> lines;
    lines.reserve(rows.size());
    for (const Row& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.values().size(); ++i) line += row.columns()[i] + "=" + TextOf(row.values()[i]) + " ";
        lines.push_back(std::move(line));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

}  // namespace onewindow::db
