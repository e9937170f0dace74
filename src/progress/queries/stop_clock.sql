-- A clock that will not run again.
UPDATE progress_clock SET state = 'stopped', stopped_at = $3, used_ms = $4, late = $5
WHERE case_id = $1 AND subject = $2;
