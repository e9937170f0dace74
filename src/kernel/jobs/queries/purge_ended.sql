-- Jobs that ended long ago, some at a time.
DELETE FROM job_queue WHERE id IN (
    SELECT id FROM job_queue
    WHERE state IN ('done', 'cancelled') AND ended_at < $1 AND (job_key IS NULL OR ended_at < $2)
    LIMIT $3)
