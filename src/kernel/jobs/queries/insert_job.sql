-- Stores a new job; one with the same key stays as it is.
INSERT INTO job_queue (id, kind, job_key, arguments, subject, state, attempt, fence, holder, problem,
                       ordered_at, run_at, due_at)
VALUES ($1, $2, $3, $4, $5, 'ready', 0, 0, '', '', $6, $7, $7)
ON CONFLICT (job_key) DO NOTHING
