-- The task of a case that an officer holds.
SELECT * FROM review_task WHERE case_id = $1 AND officer = $2 AND state = 'open' AND locked_until > $3
