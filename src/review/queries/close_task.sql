-- The task is done.
UPDATE review_task SET state = $2, closed_at = $3, locked_until = NULL WHERE id = $1
