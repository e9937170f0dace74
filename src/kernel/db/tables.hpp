#pragma once

#include <span>
#include <string>
#include <vector>

#include "kernel/db/db.hpp"

namespace onewindow::db {

/// Names of the tables that are there once these migrations have been applied, sorted.
std::vector<std::string> TablesOf(std::span<const Migration> migrations);

/// All rows of a table, each as one line of text, sorted: for comparing two stores, of the same engine or not.
Result<std::vector<std::string>> DumpTable(Transaction& tx, const std::string& table);

}  // namespace onewindow::db
