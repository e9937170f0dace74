#pragma once

#include <cstdint>
#include <ostream>
#include <string>

// The commands about names. They stand on a store's names without running the service.
namespace onewindow::server {

struct NameArguments {
    std::string name, region, entity_type, industry, s4, batch, data = "var", database;
    std::size_t limit = 100;
};
/// Verdict, reasons and conflicts as JSON, one line an answer.
int RunNameCheck(const NameArguments& arguments, std::ostream& out, std::ostream& err);

struct NameImportArguments {
    std::string file, data = "var", database;
};
/// Records a register's names and writes the index's snapshot anew.
int RunNameImport(const NameImportArguments& arguments, std::ostream& out, std::ostream& err);
int RunNameStats(const NameImportArguments& arguments, std::ostream& out, std::ostream& err);

struct NameGenerateArguments {
    std::uint64_t count = 0, seed = 1;
    std::string province = "370000";
};
/// Invented names as lines that the import reads.
int RunNameGenerate(const NameGenerateArguments& arguments, std::ostream& out, std::ostream& err);

/// DIR/names.snapshot
std::string NameSnapshotPath(const std::string& data);

}  // namespace onewindow::server
