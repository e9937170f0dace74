-- All tracks of a case.
SELECT * FROM exchange_track WHERE case_id = $1 ORDER BY stage, matter
