-- The first poll after a verified login takes the session, if it comes in time.
UPDATE identity_verification SET fetched_at = $2
WHERE id = $1 AND purpose = 'login' AND state = 'verified' AND fetched_at IS NULL AND answered_at >= $3
