-- The queue of a region or one authority.
SELECT * FROM review_task WHERE state = 'open' AND county >= $1 AND county < $2 AND ($3 = '' OR authority = $3)
ORDER BY referred_at, id LIMIT 200
