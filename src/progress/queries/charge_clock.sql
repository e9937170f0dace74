-- A clock after its open span was ended and another begun.
UPDATE progress_clock SET state = $3, phase = $4, phase_since = $5, span_number = span_number + 1, used_ms = $6,
    used_workdays = $7, due_at = $8, amber_at = $9, late = $10
WHERE case_id = $1 AND subject = $2;
