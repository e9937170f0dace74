-- The newest task of a case.
SELECT * FROM review_task WHERE case_id = $1 ORDER BY referred_at DESC, id DESC LIMIT 1
