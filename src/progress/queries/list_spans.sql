-- Spans of all clocks of a case, in order.
SELECT s.subject, s.number, s.holder, s.counts, s.reason, s.from_at, s.until_at, s.working_ms, c.hall
FROM progress_span s JOIN progress_clock c ON c.case_id = s.case_id AND c.subject = s.subject
WHERE s.case_id = $1 ORDER BY s.subject, s.number;
