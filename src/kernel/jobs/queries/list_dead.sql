-- Jobs that were given up, the newest first.
SELECT id, kind, arguments, subject, attempt, fence, ordered_at, run_at, problem, ended_at
FROM job_queue WHERE state = 'dead'
ORDER BY ended_at DESC, id DESC LIMIT $1
