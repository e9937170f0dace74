-- Open tasks of a region or one authority that nobody holds, the oldest first; another officer's own only when they have waited.
SELECT * FROM review_task WHERE state = 'open' AND (locked_until IS NULL OR locked_until <= $1)
AND county >= $2 AND county < $3 AND ($4 = '' OR authority = $4) AND (preferred = '' OR preferred = $5 OR referred_at <= $6)
ORDER BY referred_at, id LIMIT 50
