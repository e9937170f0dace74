#include "server/replay.hpp"

#include <algorithm>

#include "kernel/db/tables.hpp"
#include "kernel/embedded.hpp"

namespace onewindow::server {
namespace {

constexpr std::size_t kExamplesMax = 3;

/// "column=value" of the first column.
std::string KeyOf(const std::string& line) { return line.substr(0, line.find(' ')); }

ReplayedTable Compare(const std::string& name, const std::vector<std::string>& live, const std::vector<std::string>& told) {
    ReplayedTable table{.name = name, .rows = live.size(), .examples = {}};
    std::vector<std::string> missing, added;
    std::set_difference(live.begin(), live.end(), told.begin(), told.end(), std::back_inserter(missing));
    std::set_difference(told.begin(), told.end(), live.begin(), live.end(), std::back_inserter(added));
    table.missing = missing.size();
    table.added = added.size();
    for (std::size_t i = 0; i < std::min(missing.size(), kExamplesMax); ++i) table.examples.push_back("-" + KeyOf(missing[i]));
    for (std::size_t i = 0; i < std::min(added.size(), kExamplesMax); ++i) table.examples.push_back("+" + KeyOf(added[i]));
    return table;
}

bool IsReplayed(const std::string& table) {
    const std::vector<NotReplayed> exempt = TablesNotReplayed();
    return std::none_of(exempt.begin(), exempt.end(), [&](const NotReplayed& one) { return table.starts_with(one.prefix); });
}

}  // namespace

bool ReplayReport::IsEqual() const {
    return std::all_of(tables.begin(), tables.end(), [](const ReplayedTable& table) { return table.missing + table.added == 0; });
}

std::vector<NotReplayed> TablesNotReplayed() {
    return {
        {"api_", "answers to requests, not of a case"},
        {"auth_", "accounts and sessions, not of a case"},
        {"job_", "work to do; what it did is in events"},
        {"ledger_", "commitments to the events; verified by themselves"},
        {"reference_", "published data with versions of their own"},
        {"identity_", "people, not of a case; the evidence that a case rests on is in its events"},
        {"naming_", "names have a change feed of their own (docs/decisions/0001)"},
        {"licence_pool", "numbers are never given back, whatever a timeline says (docs/decisions/0001)"},
        {"review_list", "lists of the authority, not of a case"},
        {"review_officer", "who works where, not of a case"},
        {"appointment_lock", "the lock of a slot"},
        {"notice_", "letters to people: work to do, like jobs"},
        {"handover_blank", "the hall's stock; the blank that a licence is printed on is its item's number"},
        {"handover_stock", "the lock of that stock"},
        {"signing_certificate", "orders in hand; the certificate that was used is kept with its signature"},
        {"exchange_message", "what was sent, as evidence; its digest is in exchange.pushed"},
        {"exchange_delivery", "attempts, as evidence"},
        {"exchange_nonce", "signatures seen, so that none is taken twice"},
        {"exchange_early", "answers that wait for what they follow"},
        {"exchange_reconciliation", "comparisons with registers, as evidence"},
    };
}

Result<ReplayReport> ReplayAndCompare(api::Services& services, const progress::EventKinds& kinds, const std::string& folder) {
    OW_TRY(const auto into, db::Open("sqlite:" + folder + "/replayed.db"));
    const std::vector<db::Migration> migrations = embedded::AllMigrations();
    OW_CHECK(db::Migrate(*into, migrations));
    ReplayReport report;
    OW_TRY(report.events, progress::Replay(services.database, *into, services, kinds));
    for (const std::string& table : db::TablesOf(migrations)) {
        if (!IsReplayed(table)) continue;
        const auto dump = [&](db::Transaction& tx) { return db::DumpTable(tx, table); };
        OW_TRY(const std::vector<std::string> live, services.database.Read(dump));
        OW_TRY(const std::vector<std::string> told, into->Read(dump));
        report.tables.push_back(Compare(table, live, told));
    }
    return report;
}

}  // namespace onewindow::server
