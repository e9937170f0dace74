-- The state of a job and its lease.
SELECT state, fence FROM job_queue WHERE id = $1
