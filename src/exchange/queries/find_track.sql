-- One track.
SELECT * FROM exchange_track WHERE id = $1
