-- Given up; a human looks.
UPDATE job_queue SET state = 'dead', due_at = NULL, holder = '', problem = $4, ended_at = $3
WHERE id = $1 AND fence = $2 AND state = 'running'
