-- The track of a matter by the case number that agencies know.
SELECT * FROM exchange_track WHERE case_number = $1 AND matter = $2
