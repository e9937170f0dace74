#include "kernel/db/tables.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include "kernel/db/engine.hpp"

namespace onewindow::db {
namespace {

std::vector<std::string> WordsOf(const std::string& statement) {
    std::istringstream in(statement);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word.substr(0, word.find('(')));
    return words;
}

/// What one statement of a migration does to the set of tables.
void Follow(const std::vector<std::string>& words, std::set<std::string>& tables) {
    if (words.size() < 3 || words[1] != "TABLE") return;
    const bool renames = words[0] == "ALTER" && words.size() >= 6 && words[3] == "RENAME" && words[4] == "TO";
    if (words[0] == "DROP" || renames) tables.erase(words[2]);
    if (words[0] == "CREATE") tables.insert(words[2]);
    if (renames) tables.insert(words[5]);
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
        for (const std::string& statement : SplitStatements(migration.sql, "BLOB")) Follow(WordsOf(statement), tables);
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
