-- Takes the row's lock of a case's task that an officer holds.
UPDATE review_task SET state = state WHERE case_id = $1 AND officer = $2 AND state = 'open' AND locked_until > $3 RETURNING *
