-- Sending was given up; a person looks.
UPDATE exchange_track SET stuck = $2 WHERE id = $1
