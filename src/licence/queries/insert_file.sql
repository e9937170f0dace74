-- A rendered and signed copy.
INSERT INTO licence_file (case_id, kind, version, blob, sm3, key_id, signature, token) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
