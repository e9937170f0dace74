-- The task that an officer holds already.
SELECT * FROM review_task WHERE officer = $1 AND state = 'open' AND locked_until > $2 ORDER BY referred_at, id LIMIT 1
