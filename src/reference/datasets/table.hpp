#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/clock/clock.hpp"
#include "kernel/result/result.hpp"

// Tab-separated tables: a header line, one row a line, lines that begin with # are remarks.
namespace onewindow::reference {

struct TableRow {
    int line = 0;  // Counted from 1, as an editor shows it.
    std::vector<std::string_view> cells;
};

/// Views into the text that was parsed; it must outlive the table.
struct Table {
    std::vector<std::string_view> header;
    std::vector<TableRow> rows;
};

/// Reads a table whose header has exactly `columns`, in any order. Adds to `faults` and reads on:
/// every fault is found at once, with its line.
Table ParseTable(std::string_view text, const std::vector<std::string_view>& columns,
                 std::vector<Fault>& faults);

/// Reads the cells of one row by column; what does not fit becomes a fault and a neutral value.
class RowReader {
 public:
    RowReader(const Table& table, const TableRow& row, std::vector<Fault>& faults)
        : table_(table), row_(row), faults_(faults) {}

    int line() const { return row_.line; }
    std::string Optional(std::string_view column) const;
    std::string Text(std::string_view column);
    std::string OneOf(std::string_view column, const std::vector<std::string_view>& allowed);
    std::int64_t Int(std::string_view column, std::int64_t min, std::int64_t max);
    Date Day(std::string_view column);
    std::optional<Date> DayIfAny(std::string_view column);
    /// "a|b" -> {a, b}; "*" -> {}: everything.
    std::vector<std::string> List(std::string_view column);
    std::string Digits(std::string_view column, std::size_t length);
    void Bad(std::string_view column, const Reason& reason);

 private:
    std::string_view Cell(std::string_view column) const;

    const Table& table_;
    const TableRow& row_;
    std::vector<Fault>& faults_;
};

/// A fault at a line: field "12.hours".
Fault LineFault(const Reason& reason, int line, std::string_view column,
                std::string_view value = {});

}  // namespace onewindow::reference
