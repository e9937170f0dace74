-- Done, if this lease is still the job's last.
UPDATE job_queue SET state = 'done', due_at = NULL, holder = '', problem = '', ended_at = $3
WHERE id = $1 AND fence = $2 AND state = 'running'
