-- The service's yes.
UPDATE identity_verification SET state = 'verified', code = NULL, person = $2, method = $3, level = $4,
    evidence_sm3 = $5, service_at = $6, answered_at = $7
WHERE id = $1 AND state = 'pending'
