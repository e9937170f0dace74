-- When it became complete, the last time.
UPDATE handover_kit SET completed_at = $2 WHERE case_id = $1
