#include "kernel/db/engine.hpp"

#include <cctype>

namespace onewindow::db {
namespace {

thread_local bool inside_closure = false;

class ClosureScope {
 public:
    ClosureScope() { inside_closure = true; }
    ~ClosureScope() { inside_closure = false; }
    ClosureScope(const ClosureScope&) = delete;
    ClosureScope& operator=(const ClosureScope&) = delete;
};

bool IsWordCharacter(char character) {
    return std::isalnum(static_cast<unsigned char>(character)) || character == '_';
}

std::string Upper(std::string_view text) {
    std::string upper(text);
    for (char& character : upper) {
        character = static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
    }
    return upper;
}

/// The next piece of SQL from `at`: a word, a quoted text, a comment, or one character.
std::string_view NextPiece(std::string_view sql, std::size_t at) {
    const auto upto = [&](std::size_t end, std::size_t length) {
        return sql.substr(at, end == std::string_view::npos ? end : end + length - at);
    };
    if (sql.substr(at, 2) == "--") return upto(sql.find('\n', at), 0);
    if (sql.substr(at, 2) == "/*") return upto(sql.find("*/", at + 2), 2);
    if (sql[at] == '\'' || sql[at] == '"') return upto(sql.find(sql[at], at + 1), 1);
    std::size_t end = at;
    while (end < sql.size() && IsWordCharacter(sql[end])) ++end;
    return sql.substr(at, std::max<std::size_t>(end - at, 1));
}

bool IsComment(std::string_view piece) {
    return piece.starts_with("--") || piece.starts_with("/*");
}

bool IsBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

bool InsideClosure() { return inside_closure; }

Result<Answer> BaseTransaction::DoOnce(const Query& query, const std::vector<Value>& parameters) {
    if (failure_) return Failure(*failure_);
    auto answer = [&]() -> Result<Answer> {
        for (const Value& value : parameters) {
            const auto* text = std::get_if<std::string>(&value);
            // PostgreSQL cannot store it, SQLite can: neither may.
            if (text && text->find('\0') != std::string::npos) {
                return Fail(Error(Fault{&reasons::kStatement})
                                .WithDetail(std::string(query.name) + ": a text with a NUL"));
            }
        }
        return Do(query, parameters);
    }();
    if (!answer) failure_ = answer.error();
    return answer;
}

Result<Rows> BaseTransaction::Run(const Query& query, std::vector<Value> parameters) {
    OW_TRY(Answer answer, DoOnce(query, parameters));
    return std::move(answer.rows);
}

Result<std::int64_t> BaseTransaction::Change(const Query& query, std::vector<Value> parameters) {
    OW_TRY(const Answer answer, DoOnce(query, parameters));
    return answer.changed;
}

Result<> BaseTransaction::Complete(const std::function<Result<>(Transaction&)>& closure) {
    const ClosureScope scope;
    OW_CHECK(closure(*this));
    if (failure_) return Failure(*failure_);
    return {};
}

std::string StatementTable(std::string_view sql) {
    std::string before;  // The last word that was not the start of a name.
    for (std::size_t at = 0; at < sql.size();) {
        const std::string_view piece = NextPiece(sql, at);
        at += piece.size();
        if (IsComment(piece) || !(IsWordCharacter(piece.front()) || piece.front() == '"')) continue;
        const std::string word = Upper(piece);
        // "ON CONFLICT DO UPDATE SET" and "FOR UPDATE" are not the start of a statement.
        const bool starts = before == "INTO" || before == "DELETE FROM" || before == "UPDATE";
        if (starts && word != "SET" && word != "SKIP") {
            return piece.front() == '"' ? std::string(piece.substr(1, piece.size() - 2))
                                        : std::string(piece);
        }
        before = before == "DELETE" && word == "FROM" ? "DELETE FROM" : word;
    }
    return {};
}

std::vector<std::string> SplitStatements(std::string_view sql, std::string_view blob_word) {
    std::vector<std::string> statements;
    std::string current;
    const auto finish = [&] {
        if (!IsBlank(current)) statements.push_back(current);
        current.clear();
    };
    for (std::size_t at = 0; at < sql.size();) {
        const std::string_view piece = NextPiece(sql, at);
        at += piece.size();
        if (IsComment(piece)) {
            current += ' ';
        } else if (piece == ";") {
            finish();
        } else {
            current += piece == "BLOB" ? blob_word : piece;  // A column may be named blob.
        }
    }
    finish();
    return statements;
}

}  // namespace onewindow::db
