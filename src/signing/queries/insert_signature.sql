-- A signature as it was given.
INSERT INTO signing_signature (id, request, case_id, person, statement, signature, certificate_id, certificate,
    evidence_sm3, method, level, verified_at, signed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
