-- The same; jobs that another node is just claiming are passed over.
UPDATE job_queue
SET state = 'running', attempt = attempt + 1, fence = fence + 1, due_at = $3, holder = $4
WHERE id = (SELECT q.id FROM job_queue q WHERE q.kind = $1 AND q.due_at <= $2
            ORDER BY q.due_at, q.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, arguments, subject, attempt, fence, ordered_at, run_at
