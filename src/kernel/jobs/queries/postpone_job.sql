-- Back to the queue until $3; $4 is 1 where the run counts as an attempt, else 0.
UPDATE job_queue
SET state = 'ready', run_at = $3, due_at = $3, holder = '', problem = $5,
    attempt = attempt - 1 + CAST($4 AS BIGINT)
WHERE id = $1 AND fence = $2 AND state = 'running'
