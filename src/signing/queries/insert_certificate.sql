-- An order to the certification authority.
INSERT INTO signing_certificate (id, request, document_hash, public_key, binding, evidence_sm3, state, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7)
