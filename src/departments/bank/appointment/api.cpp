#include "departments/bank/appointment/reasons.hpp"
#include "departments/bank/appointment/slots.hpp"

namespace onewindow::departments::bank::appointment {
namespace {

struct SlotsAnswer {
    std::string branch, name, origin;
    std::string date;
    std::vector<FreeSlot> slots;  // Empty where the branch has no appointments on that day.
};
BOOST_DESCRIBE_STRUCT(SlotsAnswer, (), (branch, name, origin, date, slots))

}  // namespace

void AddRoutes(api::Router& router, const application::Application& application) {
    router.Add<api::Empty, SlotsAnswer>(
        {.method = "GET", .path = "/api/v1/banks/{branch}/slots", .id = "listBankSlots",
         .summary = "Free appointments of a bank branch on a day; none is kept until the case is submitted",
         .access = api::Access::kPublic,
         .reasons = {&reasons::kBranchUnknown, &onewindow::reasons::kDateUnreadable},
         .tag = "bank", .rate_per_minute = 240,
         .query = {{"date", "day, YYYY-MM-DD; the next working day without"}}},
        [&application](api::Call& call, const api::Empty&) -> Result<SlotsAnswer> {
            return call.services.database.Read([&](db::Transaction& tx) -> Result<SlotsAnswer> {
                OW_TRY(const auto ground, application.GroundNow(tx));
                const reference::BankBranch* branch = ground.snapshot->FindBranch(call.Path("branch"));
                if (branch == nullptr) return Refuse(reasons::kBranchUnknown, "branch");
                Date day = NextWorkday(*ground.snapshot, ground.context.today);
                if (const auto text = call.request.QueryValue("date")) {
                    const auto given = ParseDate(*text);
                    if (!given) return Refuse(onewindow::reasons::kDateUnreadable, "date");
                    day = *given;
                }
                OW_TRY(std::vector<FreeSlot> slots, FindFree(tx, ground.context, *branch, day));
                return SlotsAnswer{.branch = branch->cnaps, .name = branch->name, .origin = branch->origin,
                                   .date = FormatDate(day), .slots = std::move(slots)};
            });
        });
}

}  // namespace onewindow::departments::bank::appointment
