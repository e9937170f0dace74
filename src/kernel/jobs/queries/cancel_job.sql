-- An officer ends a job; a holder's lease ends with it.
UPDATE job_queue
SET state = 'cancelled', fence = fence + 1, due_at = NULL, holder = '', ended_at = $2
WHERE id = $1 AND state IN ('ready', 'running', 'dead')
