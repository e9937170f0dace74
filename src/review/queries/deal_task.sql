-- The task is an officer's until the lock ends.
UPDATE review_task SET officer = $2, locked_until = $3 WHERE id = $1
