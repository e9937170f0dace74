#include "departments/bank/appointment/slots.hpp"

#include <algorithm>
#include <map>

#include "departments/bank/appointment/queries.gen.hpp"
#include "departments/bank/appointment/reasons.hpp"

namespace onewindow::departments::bank::appointment {
namespace {

constexpr int kDaysSearched = 20;

/// Locks the slot until the transaction ends, then looks for a seat.
Result<std::int64_t> FindSeat(db::Transaction& tx, const reference::BankBranch& branch, Date day, std::size_t slot) {
    const std::int64_t seats = SeatsOf(branch.slots, slot);
    if (seats == 0) return 0;
    const std::string& text = Slots()[slot];
    OW_CHECK(tx.Execute(queries::kLockSlot, branch.cnaps, day, text));
    OW_TRY(const db::Rows taken, tx.Read(queries::kListSeats, branch.cnaps, day, text));
    std::int64_t free = 1;
    for (const db::Row& row : taken) {
        if (row.Int("seat") != free) break;
        ++free;
    }
    return free <= seats ? free : 0;
}

Result<> Record(const exchange::StepInput& step, std::string kind, const Booking& booking) {
    OW_CHECK(step.recorder.Record(step.tx, step.matter.view.the_case.id,
                                  {.kind = std::move(kind),
                                   .actor = "system",
                                   .data = {{"track", step.track},
                                            {"branch", booking.branch},
                                            {"day", FormatDate(booking.day)},
                                            {"slot", booking.slot},
                                            {"seat", booking.seat}},
                                   .sensitive = {}}));
    return {};
}

Result<> ApplyBooked(db::Transaction& tx, const progress::StoredEvent& stored) {
    const json::object& data = stored.event.data;
    const auto made = tx.Execute(queries::kInsertSlot, json::TextAt(data, "track"), stored.case_id,
                                 json::TextAt(data, "branch"), json::TextAt(data, "day"),
                                 json::TextAt(data, "slot"), json::IntAt(data, "seat"));
    if (made) return {};
    return Fail(db::MapConstraint(made.error(), "appointment_slot(branch, day, slot, seat)", reasons::kSeatTaken, "slot"));
}

Result<> ApplyReleased(db::Transaction& tx, const progress::StoredEvent& stored) {
    OW_CHECK(tx.Execute(queries::kDeleteSlot, json::TextAt(stored.event.data, "track")));
    return {};
}

}  // namespace

const std::vector<std::string>& Slots() {
    static const std::vector<std::string> kSlots = {"09:00", "10:00", "11:00", "13:30", "14:30", "15:30"};
    return kSlots;
}

std::int64_t SeatsOf(std::int64_t appointments_a_day, std::size_t slot) {
    const auto slots = static_cast<std::int64_t>(Slots().size());
    return appointments_a_day / slots + (static_cast<std::int64_t>(slot) < appointments_a_day % slots ? 1 : 0);
}

Date NextWorkday(const reference::Snapshot& reference, Date day) {
    return reference.calendar().WorkdayOnOrAfter(AddDays(day, 1));
}

Result<std::optional<Booking>> FindBooking(db::Transaction& tx, std::string_view track) {
    OW_TRY(const auto row, tx.FindOne(queries::kFindSlot, track));
    if (!row) return std::optional<Booking>{};
    return std::optional(Booking{row->Text("branch"), row->Text("slot"), row->Day("day"), row->Int("seat")});
}

Result<std::optional<Booking>> Book(const exchange::StepInput& step, const reference::BankBranch& branch, Date day,
                                    std::string_view slot) {
    OW_TRY(const auto held, FindBooking(step.tx, step.track));
    if (held && held->branch == branch.cnaps && held->day == day && held->slot == slot) return held;
    OW_CHECK(Release(step));
    const auto wished = std::find(Slots().begin(), Slots().end(), slot);
    std::size_t from = wished == Slots().end() ? 0 : static_cast<std::size_t>(wished - Slots().begin());
    // Slots are tried, and so locked, in the order of time: two searches cannot wait for each other.
    for (int searched = 0; searched < kDaysSearched; ++searched) {
        for (std::size_t index = from; index < Slots().size(); ++index) {
            OW_TRY(const std::int64_t seat, FindSeat(step.tx, branch, day, index));
            if (seat == 0) continue;
            const Booking booking{branch.cnaps, Slots()[index], day, seat};
            OW_CHECK(Record(step, "appointment.booked", booking));
            return std::optional(booking);
        }
        from = 0;
        day = NextWorkday(step.matter.context.reference, day);
    }
    return std::optional<Booking>{};
}

Result<std::vector<FreeSlot>> FindFree(db::Transaction& tx, const application::Context& context, const reference::BankBranch& branch, Date day) {
    std::vector<FreeSlot> slots;
    const bool bookable = day >= NextWorkday(context.reference, context.today) && context.reference.calendar().IsWorkday(day);
    if (!bookable) return slots;
    OW_TRY(const db::Rows rows, tx.Read(queries::kCountSeats, branch.cnaps, day));
    std::map<std::string, std::int64_t> taken;
    for (const db::Row& row : rows) taken[row.Text("slot")] = row.Int("seats");
    for (std::size_t index = 0; index < Slots().size(); ++index) {
        const std::int64_t seats = SeatsOf(branch.slots, index);
        // Reference data may have taken seats away from a slot that was full.
        slots.push_back({Slots()[index], seats, std::max<std::int64_t>(0, seats - taken[Slots()[index]])});
    }
    return slots;
}

Result<> Release(const exchange::StepInput& step) {
    OW_TRY(const auto held, FindBooking(step.tx, step.track));
    return held ? Record(step, "appointment.released", *held) : Result<>{};
}

void RegisterEvents(progress::EventKinds& kinds) {
    kinds.Register("appointment.booked", ApplyBooked);
    kinds.Register("appointment.released", ApplyReleased);
}

}  // namespace onewindow::departments::bank::appointment
