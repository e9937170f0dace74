-- A question that a job will put to the identity service.
INSERT INTO identity_verification (id, purpose, state, asked_by, cookie, code, asked_at)
VALUES ($1, $2, 'pending', $3, $4, $5, $6)
