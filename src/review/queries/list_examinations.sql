-- Examinations of a case, the newest first.
SELECT * FROM review_examination WHERE case_id = $1 ORDER BY sequence DESC LIMIT 50
