-- Gives a track's seat back.
DELETE FROM appointment_slot WHERE track = $1
