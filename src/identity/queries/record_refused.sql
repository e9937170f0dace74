-- A no, by the service or by us.
UPDATE identity_verification SET state = 'refused', code = NULL, reason = $2, answered_at = $3
WHERE id = $1 AND state = 'pending'
