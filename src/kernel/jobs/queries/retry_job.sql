-- An officer lets a job run now, with all its attempts before it.
UPDATE job_queue
SET state = 'ready', attempt = 0, run_at = $2, due_at = $2, problem = '', ended_at = NULL
WHERE id = $1 AND state IN ('ready', 'dead')
