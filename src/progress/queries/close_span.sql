-- Ends the open span of a clock.
UPDATE progress_span SET until_at = $3, working_ms = $4
WHERE case_id = $1 AND subject = $2 AND until_at IS NULL;
