-- Open tasks of a case that were overtaken.
UPDATE review_task SET state = 'void', closed_at = $2, locked_until = NULL WHERE case_id = $1 AND state = 'open'
