-- Gives a seat to a track.
INSERT INTO appointment_slot (track, case_id, branch, day, slot, seat) VALUES ($1, $2, $3, $4, $5, $6)
