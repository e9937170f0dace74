#pragma once

#include "exchange/matter.hpp"

// Appointments at a branch: which slots there are, and booking them without ever giving a seat twice.
namespace onewindow::departments::bank::appointment {

/// "09:00" … "15:30", in order.
const std::vector<std::string>& Slots();
/// How many may come at that slot; all slots together are the branch's appointments of a day. Pure.
std::int64_t SeatsOf(std::int64_t appointments_a_day, std::size_t slot);
/// The first working day after `day`.
Date NextWorkday(const reference::Snapshot& reference, Date day);

struct Booking {
    std::string branch, slot;
    Date day;
    std::int64_t seat = 0;
    bool operator==(const Booking&) const = default;
};

/// The booking of a track, if it has one.
Result<std::optional<Booking>> FindBooking(db::Transaction& tx, std::string_view track);

/// One slot of a branch's day: how many may come, and how many still can.
struct FreeSlot {
    std::string slot;
    std::int64_t seats = 0, free = 0;
};
BOOST_DESCRIBE_STRUCT(FreeSlot, (), (slot, seats, free))
/// From the same seats that Book gives out; nothing for days without appointments (before the next working day, holidays).
Result<std::vector<FreeSlot>> FindFree(db::Transaction& tx, const application::Context& context, const reference::BankBranch& branch, Date day);
/// GET /api/v1/banks/{branch}/slots
void AddRoutes(api::Router& router, const application::Application& application);

/// Books the wished slot, or the next free one on that day or a later working day; gives back what the track held
/// before. Nothing where the branch is full for weeks: a bank never stops a submission. Orders callers by a row lock
/// for each slot, so that two of them never see the same seat free.
Result<std::optional<Booking>> Book(const exchange::StepInput& step, const reference::BankBranch& branch, Date day,
                                    std::string_view slot);
/// Gives the seat back; nothing happens without a booking.
Result<> Release(const exchange::StepInput& step);

/// "appointment.booked", "appointment.released".
void RegisterEvents(progress::EventKinds& kinds);

}  // namespace onewindow::departments::bank::appointment
