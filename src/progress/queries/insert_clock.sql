-- A clock that has begun to run.
INSERT INTO progress_clock (case_id, subject, hall, limit_minutes, limit_workdays, state, started_at, phase, phase_since,
    span_number, used_ms, used_workdays, due_at, amber_at, colour, late, stopped_at)
VALUES ($1, $2, $3, $4, $5, 'running', $6, 1, $6, 1, 0, 0, $7, $8, 'green', 0, NULL);
