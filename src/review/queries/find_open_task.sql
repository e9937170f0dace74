-- The open task of a case.
SELECT id FROM review_task WHERE case_id = $1 AND state = 'open' ORDER BY referred_at LIMIT 1
