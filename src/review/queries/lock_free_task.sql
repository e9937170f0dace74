-- Takes the row's lock if nobody holds the task now.
UPDATE review_task SET state = state WHERE id = $1 AND state = 'open' AND (locked_until IS NULL OR locked_until <= $2) RETURNING *
