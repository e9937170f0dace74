-- All switches, those that hold first, then the newest.
SELECT * FROM review_switch ORDER BY CASE WHEN until_at IS NULL OR until_at > $1 THEN 0 ELSE 1 END, from_at DESC, id DESC LIMIT 500
