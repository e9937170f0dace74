-- The clocks behind one published figure, page by page in order of case.
SELECT c.case_id, c.subject, c.hall, c.limit_minutes, c.limit_workdays, c.state, c.started_at, c.phase, c.phase_since,
    c.span_number, c.used_ms, c.used_workdays, c.due_at, c.amber_at, c.colour, c.late, c.stopped_at,
    s.holder, s.counts, s.reason, s.from_at, t.authority
FROM progress_clock c
JOIN progress_timeline t ON t.case_id = c.case_id
JOIN progress_span s ON s.case_id = c.case_id AND s.subject = c.subject AND s.number = c.span_number
WHERE c.subject = $1 AND c.started_at >= $2 AND c.started_at < $3
    AND SUBSTR(t.authority, 1, LENGTH(CAST($4 AS TEXT))) = $4 AND c.case_id > $5
ORDER BY c.case_id LIMIT $6;
