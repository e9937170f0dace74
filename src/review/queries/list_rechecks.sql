-- Automatic grants drawn for a second look in a time, the newest first.
SELECT * FROM review_task WHERE kind = 'recheck' AND referred_at >= $1 AND referred_at < $2 ORDER BY referred_at DESC, id DESC
