-- A span that has begun.
INSERT INTO progress_span (case_id, subject, number, holder, counts, reason, from_at, until_at, working_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0);
