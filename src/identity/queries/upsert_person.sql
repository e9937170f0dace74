-- The same document is the same human: name and mobile follow what the state holds today.
INSERT INTO identity_person (id, document_hash, id_type, name, id_number, mobile, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
ON CONFLICT (document_hash) DO UPDATE SET name = excluded.name, mobile = excluded.mobile, updated_at = excluded.updated_at
RETURNING id
