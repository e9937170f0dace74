-- The kinds with a due job, in the order of their first ones.
SELECT k.kind AS kind
FROM job_kind k
JOIN job_queue q ON q.id = (SELECT h.id FROM job_queue h
                            WHERE h.kind = k.kind AND h.due_at <= $1
                            ORDER BY h.due_at, h.id LIMIT 1)
ORDER BY q.due_at, q.id
