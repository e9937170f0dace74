-- The newest completed check of a person at or after a time.
SELECT * FROM identity_verification WHERE person = $1 AND state = 'verified' AND answered_at >= $2
ORDER BY answered_at DESC, id DESC LIMIT 1
