-- The seat of a track.
SELECT branch, day, slot, seat FROM appointment_slot WHERE track = $1
