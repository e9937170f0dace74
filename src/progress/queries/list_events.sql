-- Events of a case after a number, in order.
SELECT id, case_id, sequence, kind, actor, at, data, sensitive FROM progress_event
WHERE case_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3;
