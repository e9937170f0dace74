-- A new request.
INSERT INTO signing_request (id, case_id, ordinal, person_key, document_hash, capacity, principal, verified_only,
    papers, state, opened_at, changed_at, sequence)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $10, $11)
