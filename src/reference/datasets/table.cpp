#include "reference/datasets/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "kernel/text/text.hpp"
#include "reference/reasons.hpp"

namespace onewindow::reference {
namespace {

std::vector<std::string_view> Cells(std::string_view line) {
    std::vector<std::string_view> cells;
    for (;;) {
        const auto tab = line.find('\t');
        cells.push_back(line.substr(0, tab));
        if (tab == std::string_view::npos) return cells;
        line.remove_prefix(tab + 1);
    }
}

bool CheckHeader(const Table& table, int line, const std::vector<std::string_view>& columns,
                 std::vector<Fault>& faults) {
    const std::size_t before = faults.size();
    for (const std::string_view column : columns) {
        const auto count = std::count(table.header.begin(), table.header.end(), column);
        if (count != 1) faults.push_back(LineFault(reasons::kDatasetColumns, line, column));
    }
    for (const std::string_view column : table.header) {
        if (std::find(columns.begin(), columns.end(), column) == columns.end()) {
            faults.push_back(LineFault(reasons::kDatasetColumns, line, column));
        }
    }
    return faults.size() == before;
}

}  // namespace

Fault LineFault(const Reason& reason, int line, std::string_view column, std::string_view value) {
    return {&reason,
            fmt::format("{}.{}", line, column),
            {{"line", std::to_string(line)},
             {"column", std::string(column)},
             {"value", std::string(value)}}};
}

Table ParseTable(std::string_view text, const std::vector<std::string_view>& columns,
                 std::vector<Fault>& faults) {
    Table table;
    if (!text::IsUtf8(text)) {
        faults.push_back({&reasons::kDatasetEncoding, "content"});
        return table;
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (int line = 1; !text.empty(); ++line) {
        const auto end = text.find('\n');
        std::string_view one = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (one.ends_with('\r')) one.remove_suffix(1);
        if (one.empty() || one.starts_with('#')) continue;
        if (table.header.empty()) {
            table.header = Cells(one);
            if (!CheckHeader(table, line, columns, faults)) return table;
            continue;
        }
        TableRow row{line, Cells(one)};
        if (row.cells.size() != table.header.size()) {
            faults.push_back(
                LineFault(reasons::kDatasetCells, line, "cells", std::to_string(row.cells.size())));
            continue;
        }
        table.rows.push_back(std::move(row));
    }
    if (table.header.empty()) faults.push_back({&reasons::kDatasetEmpty, "content"});
    return table;
}

std::string_view RowReader::Cell(std::string_view column) const {
    const auto found = std::find(table_.header.begin(), table_.header.end(), column);
    OW_ASSERT(found != table_.header.end());
    return row_.cells[static_cast<std::size_t>(found - table_.header.begin())];
}

void RowReader::Bad(std::string_view column, const Reason& reason) {
    faults_.push_back(LineFault(reason, row_.line, column, Cell(column)));
}

std::string RowReader::Optional(std::string_view column) const { return std::string(Cell(column)); }

std::string RowReader::Text(std::string_view column) {
    if (Cell(column).empty()) Bad(column, reasons::kDatasetValue);
    return std::string(Cell(column));
}

std::string RowReader::OneOf(std::string_view column,
                             const std::vector<std::string_view>& allowed) {
    if (std::find(allowed.begin(), allowed.end(), Cell(column)) == allowed.end()) {
        Bad(column, reasons::kDatasetValue);
    }
    return std::string(Cell(column));
}

std::int64_t RowReader::Int(std::string_view column, std::int64_t min, std::int64_t max) {
    const std::string_view cell = Cell(column);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || end != cell.data() + cell.size() || value < min || value > max) {
        Bad(column, reasons::kDatasetValue);
        return min;
    }
    return value;
}

Date RowReader::Day(std::string_view column) {
    const auto date = ParseDate(Cell(column));
    if (date) return *date;
    Bad(column, reasons::kDatasetValue);
    return Date{std::chrono::year{2000} / 1 / 1};
}

std::optional<Date> RowReader::DayIfAny(std::string_view column) {
    if (Cell(column).empty()) return std::nullopt;
    return Day(column);
}

std::vector<std::string> RowReader::List(std::string_view column) {
    if (Cell(column) == "*") return {};
    std::vector<std::string> list = text::Split(Cell(column), '|');
    for (const std::string& entry : list) {
        if (entry.empty() || entry == "*") {
            Bad(column, reasons::kDatasetValue);
            break;
        }
    }
    if (list.empty()) Bad(column, reasons::kDatasetValue);
    return list;
}

std::string RowReader::Digits(std::string_view column, std::size_t length) {
    const std::string_view cell = Cell(column);
    if (cell.size() != length || !text::IsDigits(cell)) Bad(column, reasons::kDatasetValue);
    return std::string(cell);
}

}  // namespace onewindow::reference
