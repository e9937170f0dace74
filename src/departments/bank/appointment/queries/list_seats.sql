-- Seats that are taken at one slot of a branch.
SELECT seat FROM appointment_slot WHERE branch = $1 AND day = $2 AND slot = $3 ORDER BY seat
