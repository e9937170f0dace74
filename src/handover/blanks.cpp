#include <fmt/format.h>

#include "handover/api_types.hpp"
#include "handover/kit.hpp"
#include "handover/queries.gen.hpp"
#include "handover/reasons.hpp"

// Numbered blanks and paper licences: a hall prints for any authority of the province, and every
// blank is accounted for.
namespace onewindow::handover {
namespace {

constexpr std::int64_t kBlockMax = 1'000;
constexpr std::int64_t kNumbers = 100'000'000;  // 8 digits.

bool IsPrefix(std::string_view prefix) {
    return !prefix.empty() && prefix.size() <= 8 &&
           std::all_of(prefix.begin(), prefix.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

/// The next blank of the hall, under the lock of its stock.
Result<std::string> NextBlank(db::Transaction& tx, const std::string& hall) {
    OW_TRY(const auto locked, tx.Execute(queries::kLockStock, hall));
    if (locked == 0) return Refuse(reasons::kNoBlank);
    OW_TRY(const auto row, tx.FindOne(queries::kFindFreeBlank, hall));
    if (!row) return Refuse(reasons::kNoBlank);
    return row->Text("number");
}

}  // namespace

Result<> Handover::AddBlanks(db::Transaction& tx, const BlankBlock& block,
                             std::string_view by) const {
    const bool fits = block.count >= 1 && block.count <= kBlockMax && block.from >= 0 &&
                      block.from <= kNumbers - block.count;
    if (!fits || !IsPrefix(block.prefix))
        return Refuse(reasons::kBlankBlock, "", {{"most", std::to_string(kBlockMax)}});
    OW_CHECK(tx.Execute(queries::kOpenStock, block.hall));
    const Instant now = services().clock.Now();
    for (std::int64_t i = 0; i < block.count; ++i) {
        const std::string number = fmt::format("{}{:08}", block.prefix, block.from + i);
        const auto added = tx.Execute(queries::kInsertBlank, number, block.hall, by, now);
        if (!added) {
            return Fail(db::MapConstraint(added.error(), "handover_blank(number)",
                                          reasons::kBlankKnown, "from"));
        }
    }
    return {};
}

Result<PrintAnswer> Handover::Print(db::Transaction& tx, const Window& window,
                                    std::string_view case_number,
                                    const std::optional<std::string>& copy) const {
    OW_TRY(const Kit kit, LockKitByNumber(tx, case_number, true));
    std::vector<Kit::Item> here, to_print;
    for (const Kit::Item& item : kit.items) {
        if (!IsLicence(item.kind) || item.hall != window.hall) continue;
        here.push_back(item);
        if (copy && item.kind != *copy) continue;
        if (item.state == "expected" || item.state == "lost" || item.state == "returned")
            to_print.push_back(item);
    }
    if (here.empty()) return Refuse(reasons::kNoKit, "case_number");
    if (to_print.empty()) return Refuse(reasons::kPrinted, copy ? "copy" : "case_number");
    if (!licence_of) return Refuse(reasons::kNoLicence, "case_number");
    OW_TRY(const auto licence, licence_of(tx, kit.case_id));
    if (!licence) return Refuse(reasons::kNoLicence, "case_number");

    PrintAnswer answer{.case_number = kit.case_number,
                       .uscc = licence->uscc,
                       .name = licence->name,
                       .authority = kit.authority,
                       .copies = {}};
    for (const Kit::Item& item : to_print) {
        OW_TRY(const std::string blank, NextBlank(tx, window.hall));
        json::object data{{"kind", item.kind},
                          {"number", blank},
                          {"blank", true},
                          {"hall", window.hall},
                          {"authority", kit.authority},
                          {"place", window.Place()},
                          {"holder", window.Place()}};
        if (item.state == "returned") data["voided_blank"] = item.number;
        OW_CHECK(Record(
            tx, kit.case_id,
            {.kind = "handover.item_made", .actor = window.Actor(), .data = std::move(data)}));
        answer.copies.push_back(
            {item.kind, blank, "/api/v1/halls/" + window.hall + "/prints/" + blank});
    }
    return answer;
}

void Handover::AddBlankRoutes(api::Router& router) {
    using api::Access;
    using api::Call;
    const std::vector<auth::Role> clerk{auth::Role::kWindowClerk};
    router.Add<ReceiveBlanksRequest, BlankAccount>(
        {.method = "POST",
         .path = "/api/v1/halls/{hall}/blanks",
         .id = "receiveBlanks",
         .summary = "Numbered blanks for paper licences arrive at a hall",
         .access = Access::kRole,
         .roles = clerk,
         .reasons = {&reasons::kNoHall, &reasons::kNotYourHall, &reasons::kBlankBlock,
                     &reasons::kBlankKnown},
         .status = 201,
         .tag = "handover"},
        [this](Call& call, const ReceiveBlanksRequest& request) -> Result<BlankAccount> {
            return call.Command<BlankAccount>([&](db::Transaction& tx) -> Result<BlankAccount> {
                OW_TRY(const Window window, OwnWindow(tx, call));
                OW_CHECK(AddBlanks(tx, {window.hall, request.prefix, request.from, request.count},
                                   window.Actor()));
                return BlankAccount{.received = request.count,
                                    .free = request.count,
                                    .used = 0,
                                    .voided = 0,
                                    .blanks = {},
                                    .more = false};
            });
        });
    router.Add<api::Empty, BlankAccount>(
        {.method = "GET",
         .path = "/api/v1/halls/{hall}/blanks",
         .id = "accountBlanks",
         .summary = "What became of each blank of a hall",
         .access = Access::kRole,
         .roles = clerk,
         .reasons = {&reasons::kNoHall, &reasons::kNotYourHall},
         .tag = "handover",
         .query = {{"after", "number of the last blank on the page before"}}},
        [this](Call& call, const api::Empty&) -> Result<BlankAccount> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<BlankAccount> {
                constexpr std::int64_t kPage = 200;
                OW_TRY(const Window window, OwnWindow(tx, call));
                BlankAccount account;
                OW_TRY(const db::Rows counts, tx.Read(queries::kCountBlanks, window.hall));
                for (const db::Row& row : counts) {
                    const std::string& state = row.Text("state");
                    (state == "free"   ? account.free
                     : state == "used" ? account.used
                                       : account.voided) = row.Int("blanks");
                    account.received += row.Int("blanks");
                }
                const std::string after =
                    std::string(call.request.QueryValue("after").value_or(""));
                OW_TRY(const db::Rows rows,
                       tx.Read(queries::kListBlanks, window.hall, after, kPage + 1));
                account.more = rows.size() > kPage;
                for (const db::Row& row : rows) {
                    if (account.blanks.size() == kPage) break;
                    account.blanks.push_back({row.Text("number"), row.Text("state"),
                                              row.Text("authority"), row.Text("case_number"),
                                              row.Text("kind"), row.Text("void_reason"),
                                              row.Time("changed_at")});
                }
                return account;
            });
        });
    router.Add<VoidBlankRequest, BlankEntry>(
        {.method = "POST",
         .path = "/api/v1/halls/{hall}/voided-blanks",
         .id = "voidBlank",
         .summary = "A blank was spoiled before anything was printed on it",
         .access = Access::kRole,
         .roles = clerk,
         .reasons = {&reasons::kNoHall, &reasons::kNotYourHall, &reasons::kUnknownBlank,
                     &reasons::kBlankUsed},
         .status = 201,
         .tag = "handover"},
        [this](Call& call, const VoidBlankRequest& request) -> Result<BlankEntry> {
            return call.Command<BlankEntry>([&](db::Transaction& tx) -> Result<BlankEntry> {
                OW_TRY(const Window window, OwnWindow(tx, call));
                OW_CHECK(tx.Execute(queries::kLockStock, window.hall));
                OW_TRY(const auto row,
                       tx.FindOne(queries::kFindBlank, reference::NormaliseCode(request.number)));
                if (!row || row->Text("hall") != window.hall)
                    return Refuse(reasons::kUnknownBlank, "number");
                if (row->Text("state") != "free") return Refuse(reasons::kBlankUsed, "number");
                const Instant now = call.services.clock.Now();
                OW_CHECK(tx.Execute(queries::kVoidBlank, row->Text("number"), request.reason, now));
                return BlankEntry{row->Text("number"), "voided", "", "", "", request.reason, now};
            });
        });
    router.AddRaw({.method = "GET",
                   .path = "/api/v1/halls/{hall}/prints/{blank}",
                   .id = "readPrint",
                   .summary = "The rendering for a blank that a licence was assigned to, as PDF",
                   .access = Access::kRole,
                   .roles = clerk,
                   .reasons = {&reasons::kNoHall, &reasons::kNotYourHall, &reasons::kUnknownBlank,
                               &reasons::kNoLicence},
                   .media_type = "application/pdf",
                   .tag = "handover"},
                  [this](Call& call) -> Result<http::Response> {
                      OW_TRY(
                          const auto row,
                          call.services.database.Read([&](db::Transaction& tx) -> Result<db::Row> {
                              OW_TRY(const Window window, OwnWindow(tx, call));
                              OW_TRY(const auto found,
                                     tx.FindOne(queries::kFindBlank, call.Path("blank")));
                              const bool used_here = found && found->Text("hall") == window.hall &&
                                                     found->Text("state") == "used";
                              if (!used_here) return Refuse(reasons::kUnknownBlank);
                              return *found;
                          }));
                      if (!licence_pdf) return Refuse(reasons::kNoLicence);
                      const std::string copy =
                          row.Text("kind") == "licence_original" ? "original" : "duplicate";
                      OW_TRY(std::string pdf, licence_pdf(CaseId(row.Text("used_for")), copy));
                      http::Response response;
                      response.headers.Set("Content-Type", "application/pdf");
                      response.headers.Set("Content-Disposition",
                                           "inline; filename=\"" + row.Text("number") + ".pdf\"");
                      response.body = std::move(pdf);
                      return response;
                  });
}

}  // namespace onewindow::handover
