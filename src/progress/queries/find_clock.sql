-- One clock with its open span.
SELECT c.case_id, c.subject, c.hall, c.limit_minutes, c.limit_workdays, c.state, c.started_at, c.phase, c.phase_since,
    c.span_number, c.used_ms, c.used_workdays, c.due_at, c.amber_at, c.colour, c.late, c.stopped_at,
    s.holder, s.counts, s.reason, s.from_at
FROM progress_clock c
JOIN progress_span s ON s.case_id = c.case_id AND s.subject = c.subject AND s.number = c.span_number
WHERE c.case_id = $1 AND c.subject = $2;
