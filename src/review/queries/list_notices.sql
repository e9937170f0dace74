-- Notices of a case.
SELECT * FROM review_notice WHERE case_id = $1 ORDER BY number
