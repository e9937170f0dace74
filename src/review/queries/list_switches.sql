-- Switches that hold now.
SELECT scope, value, reason FROM review_switch WHERE from_at <= $1 AND (until_at IS NULL OR until_at > $1) ORDER BY scope, value, from_at
