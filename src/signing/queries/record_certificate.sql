-- The authority's answer.
UPDATE signing_certificate SET state = $2, certificate = $3, answered_at = $4 WHERE id = $1 AND state = 'pending'
