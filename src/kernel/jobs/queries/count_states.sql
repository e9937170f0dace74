-- Open jobs by kind.
SELECT kind,
       COUNT(CASE WHEN state = 'ready' AND due_at <= $1 THEN 1 END) AS ready,
       COUNT(CASE WHEN state = 'ready' AND due_at > $1 THEN 1 END) AS waiting,
       COUNT(CASE WHEN state = 'running' THEN 1 END) AS running,
       COUNT(CASE WHEN state = 'dead' THEN 1 END) AS dead,
       MIN(CASE WHEN state = 'ready' AND due_at <= $1 THEN due_at END) AS oldest_due
FROM job_queue WHERE state IN ('ready', 'running', 'dead')
GROUP BY kind ORDER BY kind
