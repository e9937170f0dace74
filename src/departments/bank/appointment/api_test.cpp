// Goal: anybody may see which appointments of a branch are free.

#include "server/testing/house.hpp"

namespace onewindow::departments::bank::appointment {
namespace {

class BankSlots : public server::House {};

TEST_P(BankSlots, ListsADaysSlots) {
    const auto slots = [&](const std::string& query) {
        return Anybody().Get("/api/v1/banks/102451090015/slots" + query);
    };
    const auto next = slots("");  // The next working day.
    ASSERT_EQ(next.status, 200) << next.text;
    EXPECT_EQ(json::TextAt(next.body, "date"), "2026-11-24");
    EXPECT_EQ(json::TextAt(next.body, "origin"), "demo");
    std::int64_t seats = 0;
    for (const json::value& slot : next.body.at("slots").as_array()) {
        EXPECT_EQ(json::IntAt(slot, "free"), json::IntAt(slot, "seats"));
        seats += json::IntAt(slot, "seats");
    }
    EXPECT_EQ(seats, reference::SeedSnapshot()->FindBranch("102451090015")->slots);
    EXPECT_TRUE(slots("?date=2026-11-28").body.at("slots").as_array().empty());
    EXPECT_EQ(slots("?date=tomorrow").status, 400);
    EXPECT_EQ(Anybody().Get("/api/v1/banks/1/slots").Reason(), "bank.branch_unknown");
}

OW_BOTH_ENGINES(BankSlots);

}  // namespace
}  // namespace onewindow::departments::bank::appointment
